#pragma once

#include <atomic>
#include <expected>
#include <span>

#include "lib/base/function_ref.hpp"
#include "lib/wasm/runtime/store.hpp"
#include "lib/wasm/runtime/tier.hpp"

namespace nacre::wasm {

/// A call could not begin.
enum class BeginError : u8 { WrongArguments, OutOfMemory };
std::string_view text_of(BeginError error);

/// A program in execution, run until it exits as a virtual processor is:
///
///     TRY(guest.begin(function, arguments));
///     for (;;) {
///       Exit const exit = guest.run(fuel);
///       // a host call: answer it, with co_await if need be, and go on
///       // the end of the slice: let others run, and go on
///       // finished or trapped: done
///     }
///
/// After a trap or the end another call can begin.
class Guest {
 public:
  static std::expected<Guest, base::OutOfMemory> create(Store& store,
                                                        const GuestLimits& limits = {});
  Guest(Guest&& other) noexcept
      : store_(other.store_),
        execution_(std::move(other.execution_)),
        fuel_left_(other.fuel_left_) {}

  /// Makes a call ready; `run` executes it. Errors: the arguments do not fit the function's type,
  /// or the stack could not get memory.
  std::expected<void, BeginError> begin(FunctionInstance& function,
                                        std::span<const Value> arguments);
  /// Executes at most `slice` units of fuel. See `exit`.
  Exit run(u64 slice);
  /// Answers the host call that `run` returned; the results fit its type.
  void finish_host_call(std::span<const Slot> results = {});
  template <SlotValue T>
  void finish_host_call(T result) {
    Slot const slot = to_slot(result);
    finish_host_call(std::span(&slot, 1));
  }
  /// Answers it with a trap.
  void fail_host_call(Trap trap);
  /// Makes the current or next `run` return `EndOfSlice` soon. May be called in an interrupt.
  void request_stop() { stop_requested_.store(true, std::memory_order_relaxed); }

  u64 fuel_left() const { return fuel_left_; }
  /// The active calls, innermost first.
  usize active_calls() const { return execution_->active_calls(); }
  ActiveCall active_call(usize index) const { return execution_->active_call(index); }
  /// One line for each active call, innermost first: `  #0 name (function 12) at byte 0x1f3`. Of
  /// very many, those in the middle are only counted.
  void write_backtrace(base::Sink& sink) const;

 private:
  Guest(Store& store, base::Box<Execution> execution, u64 fuel)
      : store_(&store), execution_(std::move(execution)), fuel_left_(fuel) {}

  Store* store_;
  base::Box<Execution> execution_;
  u64 fuel_left_;
  std::atomic<bool> stop_requested_ = false;
};

}  // namespace nacre::wasm
