#include <algorithm>

#include "kernel/shell/builtins/builtins.hpp"
#include "lib/base/try.hpp"

/// What changes which command comes next.
namespace nacre::shell::builtin {
namespace {

/// The one number that a call may have; nothing if it was refused.
exec::Task<fs::Result<std::optional<u64>>> number_of(Invocation& call, u64 otherwise, u64 least,
                                                     u64 most) {
  std::span<const base::String> operands = call.arguments.subspan(1);
  if (!operands.empty() && operands[0] == "--") operands = operands.subspan(1);
  if (operands.empty()) co_return otherwise;
  if (operands.size() > 1) {
    CO_TRY(co_await complain(call, "too many arguments"));
    co_return std::nullopt;
  }
  auto const number = parse_number(operands[0]);
  if (number && *number >= least && *number <= most) co_return *number;
  CO_TRY(base::String const shown, printable(operands[0]));
  if (most == UINT64_MAX) {
    CO_TRY(co_await complain(call, "{}: not a number from {} on", shown.view(), least));
  } else {
    CO_TRY(co_await complain(call, "{}: not a number from {} to {}", shown.view(), least, most));
  }
  co_return std::nullopt;
}

exec::Task<fs::Result<int>> leave_loops(Invocation& call, Leaving leaving) {
  CO_TRY(auto const levels, co_await number_of(call, 1, 1, UINT64_MAX));
  if (!levels) {
    call.state.give_up(status::usage);
    co_return status::usage;
  }
  if (call.state.loops == 0) co_return status::success;
  call.state.leaving = leaving;
  call.state.levels = static_cast<usize>(std::min<u64>(*levels, call.state.loops));
  co_return status::success;
}

}  // namespace

[[clang::coro_wrapper]] exec::Task<fs::Result<int>> break_(Invocation& call) {
  return leave_loops(call, Leaving::Loop);
}
[[clang::coro_wrapper]] exec::Task<fs::Result<int>> continue_(Invocation& call) {
  return leave_loops(call, Leaving::Iteration);
}

exec::Task<fs::Result<int>> colon(Invocation&) { co_return status::success; }
exec::Task<fs::Result<int>> false_(Invocation&) { co_return status::failure; }
exec::Task<fs::Result<int>> true_(Invocation&) { co_return status::success; }

exec::Task<fs::Result<int>> exit(Invocation& call) {
  // In the action of a trap it is what was before that. [posix/xcu: "exit"]
  auto const last =
      static_cast<u64>(call.state.status_before_trap.value_or(call.state.parameters.last_status));
  CO_TRY(auto const number, co_await number_of(call, last, 0, 255));
  if (!number) {
    call.state.give_up(status::usage);
    co_return status::usage;
  }
  call.state.leave_shell(static_cast<int>(*number));
  co_return static_cast<int>(*number);
}

exec::Task<fs::Result<int>> return_(Invocation& call) {
  auto const last = static_cast<u64>(call.state.parameters.last_status);
  CO_TRY(auto const number, co_await number_of(call, last, 0, 255));
  if (!number) {
    call.state.give_up(status::usage);
    co_return status::usage;
  }
  int const status = static_cast<int>(*number);
  call.state.parameters.last_status = status;
  // Outside of functions and files it ends the shell. [posix/xcu: "return"]
  if (call.state.functions_entered == 0)
    call.state.leave_shell(status);
  else
    call.state.leaving = Leaving::Function;
  co_return status;
}

}  // namespace nacre::shell::builtin
