#include "lib/wasi/calls.hpp"

namespace nacre::wasi::calls {
namespace {

/// What a signal does to a program, none of which can catch it. [wasi/preview1: "signal"]
enum class Action : u8 { Ignore, End, Stop };
Action action_of(Signal signal) {
  switch (signal) {
    case Signal::None:
    case Signal::Pipe:
    case Signal::Child:
    case Signal::Continue:
    case Signal::Urgent:
    case Signal::Window: return Action::Ignore;
    case Signal::Stop:
    case Signal::TerminalStop:
    case Signal::TerminalInput:
    case Signal::TerminalOutput: return Action::Stop;
    default: return Action::End;
  }
}

/// What POSIX shells add to the number of the signal that ended a program.
constexpr u32 ended_by_signal = 128;

}  // namespace

/// Nothing is answered, so that nobody needs memory to end.
[[clang::coro_wrapper]] Answer proc_exit(Call call, u32 code) {
  call.system.exit_code = code;
  return {};
}

Answer proc_raise(Call call, u32 number) {
  if (number > static_cast<u32>(Signal::System)) co_return fail(Errno::Invalid);
  switch (action_of(static_cast<Signal>(number))) {
    case Action::Ignore: break;
    case Action::End: call.system.exit_code = ended_by_signal + number; break;
    case Action::Stop: co_return fail(Errno::NotSupported);
  }
  co_return Result<void>();
}

Answer random_get(Call call, u32 buffer, u32 size) {
  CO_TRY(auto const bytes, call.memory.span(buffer, size));
  co_return co_await call.host().random(bytes);
}

Answer sched_yield(Call call) { co_return co_await call.host().yield(); }

}  // namespace nacre::wasi::calls
