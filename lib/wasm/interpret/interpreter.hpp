#pragma once

#include "lib/wasm/runtime/tier.hpp"

namespace nacre::wasm {

/// Watches programs instruction by instruction.
class Observer {
 public:
  /// Called before `function`, `depth` calls deep (the outermost is 1), executes the instruction at
  /// `offset` of its module. `parameters` is what they are by now. Context: within `Guest::run`.
  virtual void before_instruction(const FunctionInstance& function, usize offset, usize depth,
                                  std::span<const Slot> parameters) = 0;

 protected:
  ~Observer() = default;
};

/// The tier that is the truth: translates a function into a compact code when it is first called,
/// and interprets that. Its frames are its own, so it can stop at any call, jump back or host call.
/// It has no state besides that of its executions and instances, so one serves any number of
/// stores.
class Interpreter final : public Tier {
 public:
  Interpreter() = default;
  /// What it runs is watched, and slower for it; the observer is borrowed.
  explicit Interpreter(Observer& observer) : observer_(&observer) {}
  std::expected<base::Box<Execution>, base::OutOfMemory> create_execution(
      Platform& platform, const GuestLimits& limits) override;
  void prepare(FunctionInstance& function) override;
  void release(Instance& instance) override;

 private:
  Observer* observer_ = nullptr;
};

}  // namespace nacre::wasm
