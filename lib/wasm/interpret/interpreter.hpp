#pragma once

#include "lib/wasm/runtime/tier.hpp"

namespace nacre::wasm {

/// The tier that is the truth: translates a function into a compact code when it is first called,
/// and interprets that. Its frames are its own, so it can stop at any call, jump back or host call.
/// It has no state besides that of its executions and instances, so one serves any number of
/// stores.
class Interpreter final : public Tier {
 public:
  std::expected<base::Box<Execution>, base::OutOfMemory> create_execution(
      Platform& platform, const GuestLimits& limits) override;
  void prepare(FunctionInstance& function) override;
  void release(Instance& instance) override;
};

}  // namespace nacre::wasm
