#include "kernel/shell/interpreter.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell {

using Status = Interpreter::Status;

exec::Task<std::expected<void, base::OutOfMemory>> Interpreter::take_signals() {
  std::expected<void, base::OutOfMemory> const done;
  while (!state_.is_leaving()) {
    auto const number = state_.pending_signal();
    if (!number) break;
    state_.signals->remove(*number);
    const Signal& signal = *find_signal(*number);
    if (const base::String* const action = state_.traps.find(signal.name)) {
      CO_TRY(base::String const text, action->try_copy());
      int const before = state_.parameters.last_status;
      auto const outer = std::exchange(state_.status_before_trap, before);
      CO_TRY(co_await run_text(text));
      state_.status_before_trap = outer;
      if (!state_.is_leaving()) state_.parameters.last_status = before;
      continue;
    }
    if (signal.effect != Signal::Effect::End) continue;
    state_.parameters.last_status = signal_base + signal.number;
    if (state_.is_interactive && signal.number != kill_number) {
      // A person goes on all the same. [posix/xcu: "sh"]
      if (signal.number == interrupt_number) state_.leaving = Leaving::Line;
      continue;
    }
    // Who is ended so does nothing more.
    state_.traps.remove("EXIT");
    state_.leave_shell(signal_base + signal.number);
  }
  co_return done;
}

exec::Task<Status> Interpreter::run_exit_trap(int status) {
  const base::String* const trap = state_.traps.find("EXIT");
  if (trap == nullptr || trap->empty()) co_return status;
  CO_TRY(base::String const text, trap->try_copy());
  state_.traps.remove("EXIT");
  state_.leaving = Leaving::Nothing;
  state_.exit_status.reset();
  state_.parameters.last_status = status;
  state_.status_before_trap = status;
  CO_TRY(co_await run_text(text));
  state_.status_before_trap.reset();
  co_return state_.exit_status.value_or(status);
}

}  // namespace nacre::shell
