#pragma once

#include <expected>
#include <span>
#include <variant>

#include "lib/base/function_ref.hpp"
#include "lib/base/intrusive_list.hpp"
#include "lib/base/memory.hpp"
#include "lib/wasm/runtime/instance.hpp"

namespace nacre::wasm {

/// Why a guest stopped.
namespace exit {

/// It called a function that its owner answers: `Guest::finish_host_call`, then run again. The
/// arguments are valid until then.
struct HostCall {
  HostCallId id;
  std::span<const Slot> arguments;
  /// The caller; null where the host itself began the call.
  Instance* instance;

  /// An argument by its slot; a mistake in the number is a bug of ours.
  template <SlotValue T>
  T argument(usize index) const {
    NACRE_ASSERT(index < arguments.size());
    return from_slot<T>(arguments[index]);
  }
  GuestMemory memory() const { return Caller(instance).memory(); }
};
/// It cannot go on. Its frames are left as they were for a backtrace.
struct Trapped {
  Trap trap;
};
/// Its fuel for this run is used up, or it was asked to stop. Running it again goes on.
struct EndOfSlice {};
/// The function returned. The results are valid until the next call begins.
struct Finished {
  std::span<const Slot> results;
};

}  // namespace exit

using Exit = std::variant<exit::HostCall, exit::Trapped, exit::EndOfSlice, exit::Finished>;

/// What one guest may use.
struct GuestLimits {
  /// Bytes of locals and operands of all active calls.
  usize stack_size = usize{8} << 20;
  /// How many calls may be active.
  u32 call_depth = 16'384;
  /// Fuel in all; a unit is one call, one jump back, 4096 bytes of what works on many, or some
  /// hundred instructions on end, so that a unit's time is bounded.
  u64 fuel = UINT64_MAX;
};

/// One active call, for a backtrace.
struct ActiveCall {
  const FunctionInstance* function;
  /// Of the instruction that is being executed, from the start of the module; 0 if not known.
  usize offset;
};

/// One guest's state in the tier that runs it: its stacks and where it stands. It stands in its
/// store's list.
class Execution : public base::ListNode<Execution> {
 public:
  virtual ~Execution() = default;
  /// Makes a call ready to run; what was there before is dropped. The arguments fit the function.
  virtual std::expected<void, base::OutOfMemory> begin(FunctionInstance& function,
                                                       std::span<const Slot> arguments) = 0;
  /// Runs for at most `fuel` and takes what was used off it.
  virtual Exit run(u64& fuel) = 0;
  virtual void finish_host_call(std::span<const Slot> results) = 0;
  virtual void fail_host_call(Trap trap) = 0;
  virtual usize active_calls() const = 0;
  /// The innermost call is 0.
  virtual ActiveCall active_call(usize index) const = 0;
  /// Shows everything that may be a reference of this execution, besides much that is none.
  virtual void visit_slots(base::FunctionRef<void(std::span<const Slot>)> visit) const = 0;
};

/// What runs functions: the interpreter, or compiled code.
class Tier {
 public:
  virtual std::expected<base::Box<Execution>, base::OutOfMemory> create_execution(
      Platform& platform, const GuestLimits& limits) = 0;
  /// Makes a fresh function of a module ready to be called; nothing of it needs to be made yet.
  virtual void prepare(FunctionInstance& function) = 0;
  /// Frees whatever the tier made for the functions of this instance, which dies.
  virtual void release(Instance& instance) = 0;

 protected:
  ~Tier() = default;
};

}  // namespace nacre::wasm
