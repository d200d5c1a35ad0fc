#include "kernel/process/run.hpp"

#include <array>

#include "kernel/process/file_bytes.hpp"
#include "kernel/process/messages.hpp"
#include "kernel/process/program.hpp"
#include "lib/base/try.hpp"
#include "lib/text/printable.hpp"
#include "lib/wasi/functions.hpp"
#include "lib/wasm/binary/names.hpp"

namespace nacre::process {
namespace {

/// How much fuel a guest gets between two looks at the clock: far less than a turn's worth.
constexpr u64 slice = 4096;
/// How many calls a trap's backtrace shows at the innermost end, and at the outermost.
constexpr usize innermost_calls = 24;
constexpr usize outermost_calls = 8;

/// How many writes in a row that nobody reads are answered with an errno. Elsewhere a signal ends
/// the program at the first; one that heeds errnos is to have the chance to end by itself.
constexpr u32 most_unread_writes = 16;

/// How many code points of a name are shown.
constexpr usize longest_name = 200;
/// How long a line on the error stream can be, in bytes: the names of all that is missing.
constexpr usize longest_line = 5000;

text::Printable shown_name(const Process& process) { return {process.name(), longest_name}; }

using Told = std::expected<void, base::OutOfMemory>;
/// Nothing while it runs.
using Ended = std::optional<ExitStatus>;

std::string_view describe(console::ScreenError error) {
  switch (error) {
    case console::ScreenError::NoScreen: return "there is no screen";
    case console::ScreenError::Taken: return "another program has the screen";
  }
  return "no screen";
}

/// One process while it runs.
class Runner {
 public:
  Runner(Services& services, Process& process)
      : services_(services),
        process_(process),
        turn_(services.executor),
        wasi_(services, process, turn_),
        game_(services, turn_),
        memory_(services.platform, process.limits().memory),
        program_(services, memory_, process.limits()) {
    process.control().set_on_stop(give_screen_back_);
  }
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;
  ~Runner() { process_.control().set_on_stop(std::nullopt); }

  exec::Task<RunResult> run(std::span<const u8> module) {
    CO_TRY(wasi_.open_descriptors());
    process_.tell_started();
    if (process_.is_traced()) {
      CO_TRY(tracer_, base::try_make<Tracer>());
      program_.set_tracer(*tracer_);
    }
    auto const loaded = co_await program_.load(module, wasi_, game_, turn_);
    if (!loaded) {
      if (is_over_limit()) co_return co_await tell_limit();
      CO_TRY(co_await tell_line("{}: {}", shown_name(process_), loaded.error()));
      co_return loaded.error().status();
    }
    if (auto* const start = program_.start_function()) {
      CO_TRY(Ended const ended, co_await call(*start));
      if (ended) co_return *ended;
    }
    CO_TRY(Ended const ended, co_await call(program_.entry()));
    if (ended) co_return *ended;
    co_return co_await status_of(returned_);
  }

 private:
  /// Runs one function to its end. A status if the program is to end there.
  exec::Task<std::expected<Ended, RunError>> call(wasm::FunctionInstance& function) {
    if (auto const begun = program_.guest().begin(function, {}); !begun)
      co_return std::unexpected(base::OutOfMemory{});
    for (;;) {
      do {
        if (must_not_draw()) process_.control().stop();
        co_await process_.control().pace(turn_);
      } while (process_.control().is_stopped());
      wasm::Exit const exit = run_slice();
      if (is_over_limit()) {
        CO_TRY(auto const status, co_await tell_limit());
        co_return status;
      }
      auto const* const host_call = std::get_if<wasm::exit::HostCall>(&exit);
      if (tracer_ != nullptr) {
        if (host_call != nullptr) tracer_->begin(*host_call);
        CO_TRY(co_await tell_trace());
      }
      if (host_call != nullptr) {
        if (!answer_now(*host_call) && !co_await answer(*host_call))
          program_.guest().fail_host_call(wasm::Trap::OutOfMemory);
        if (auto const code = wasi_.exit_code()) co_return co_await leave(*code);
        if (unread_writes_ == most_unread_writes) co_return status::unread;
      } else if (auto const* const trapped = std::get_if<wasm::exit::Trapped>(&exit)) {
        CO_TRY(auto const status, co_await report(trapped->trap));
        co_return status;
      } else if (auto const* const finished = std::get_if<wasm::exit::Finished>(&exit)) {
        // What `main` returns is the status; `_start` returns nothing.
        returned_ = finished->results.empty() ? 0 : static_cast<u32>(finished->results[0]);
        co_return std::nullopt;
      }
    }
  }

  /// The end that the program asked for.
  exec::Task<std::expected<Ended, RunError>> leave(u32 code) {
    if (tracer_ != nullptr) {
      CO_TRY(co_await tell(process_.messages(), "\n"));
    }
    CO_TRY(ExitStatus const status, co_await status_of(code));
    co_return status;
  }

  exec::Task<Told> tell_trace() {
    CO_TRY(co_await tell(process_.messages(), tracer_->text()));
    tracer_->clear();
    co_return Told{};
  }

  wasm::Exit run_slice() {
    base::Instant const before = services_.executor.now();
    process_.activity = Activity::Running;
    wasm::Exit exit = program_.guest().run(slice);
    process_.activity = Activity::Waiting;
    base::Duration const spent = services_.executor.now() - before;
    process_.cpu_time = process_.cpu_time + spent;
    if (Group* const group = process_.control().group()) group->cpu_time = group->cpu_time + spent;
    process_.memory_size = program_.instance().memory().size();
    return exit;
  }

  /// Whether it had the screen, was stopped, and was continued in the background.
  bool must_not_draw() const {
    const Group* const group = process_.control().group();
    return game_.is_suspended() && group != nullptr && !group->is_foreground();
  }

  /// Whether it has used more than it may.
  bool is_over_limit() const {
    const Limits& limits = process_.limits();
    return memory_.exceeded() || process_.file_space.taken() > limits.file_space ||
           (limits.cpu_time && process_.cpu_time > *limits.cpu_time);
  }

  /// Says of what it has used too much, and gives the status that it ends with for that.
  exec::Task<RunResult> tell_limit() {
    const Limits& limits = process_.limits();
    if (memory_.exceeded()) {
      CO_TRY(co_await tell_line("{}: over its limit of {} KiB of memory", shown_name(process_),
                                limits.memory >> 10));
      co_return status::out_of_memory;
    }
    if (process_.file_space.taken() > limits.file_space) {
      CO_TRY(co_await tell_line("{}: over its limit of {} KiB of file space", shown_name(process_),
                                limits.file_space >> 10));
      co_return status::out_of_file_space;
    }
    CO_TRY(co_await tell_line("{}: over its limit of {} s of processor time", shown_name(process_),
                              limits.cpu_time->ns / 1'000'000'000));
    co_return status::out_of_time;
  }

  /// Answers a call that takes no waiting. False when it is another; then `answer` goes on.
  bool answer_now(const wasm::exit::HostCall& host_call) {
    if (draw(host_call)) return true;
    auto const* const function = wasi::called(host_call.id).function;
    if (function == nullptr) return false;
    auto begun = wasi_.begin(host_call);
    if (auto* const task = std::get_if<wasi::Answer>(&begun)) {
      begun_ = std::move(*task);
      return false;
    }
    finish(host_call, *function, std::get<wasi::Result<void>>(begun));
    return true;
  }

  /// Answers a call that draws. False when it is another.
  bool draw(const wasm::exit::HostCall& host_call) {
    auto const call = GameHost::call_of(host_call.id);
    if (!call || *call == GameHost::Call::NextFrame) return false;
    auto const drawn = game_.draw(*call, host_call);
    if (tracer_ != nullptr) tracer_->end(host_call, std::nullopt);
    if (drawn)
      program_.guest().finish_host_call();
    else
      program_.guest().fail_host_call(drawn.error());
    return true;
  }

  /// Answers any other call, waiting.
  exec::Task<Told> answer(const wasm::exit::HostCall& host_call) {
    wasm::Guest& guest = program_.guest();
    if (host_call.id == GameHost::id_of(GameHost::Call::NextFrame)) {
      auto const frame = co_await game_.next_frame();
      if (tracer_ != nullptr) tracer_->end(host_call, frame ? std::optional(*frame) : std::nullopt);
      if (frame)
        guest.finish_host_call(*frame);
      else
        guest.fail_host_call(frame.error().trap);
    } else if (auto const* const function = wasi::called(host_call.id).function) {
      finish(host_call, *function, co_await std::move(begun_));
    }
    co_return Told{};
  }

  void finish(const wasm::exit::HostCall& host_call, const wasi::Function& function,
              const wasi::Result<void>& answer) {
    if (wasi_.exit_code()) return;
    u32 const number = wasi::number_of(answer);
    if (tracer_ != nullptr) tracer_->end(host_call, number);
    count_unread(function, number);
    program_.guest().finish_host_call(number);
  }

  void count_unread(const wasi::Function& function, u32 answered) {
    bool const is_unread =
        function.name == "fd_write" && answered == static_cast<u32>(wasi::Errno::BrokenPipe);
    unread_writes_ = is_unread ? unread_writes_ + 1 : 0;
  }

  /// Codes have 8 bits, with a sign or without. One that has not is told, and is a failure.
  exec::Task<RunResult> status_of(u32 code) {
    auto const number = static_cast<i32>(code);
    if (number >= INT8_MIN && number <= i32{UINT8_MAX})
      co_return ExitStatus{static_cast<u8>(number)};
    CO_TRY(co_await tell_line("{}: exit status {} is out of range", shown_name(process_), number));
    co_return status::out_of_range;
  }

  exec::Task<std::expected<ExitStatus, RunError>> report(wasm::Trap trap) {
    if (auto const refusal = game_.refusal(); refusal && trap == wasm::Trap::HostRefused) {
      CO_TRY(co_await tell_line("{}: {}", shown_name(process_), describe(*refusal)));
      co_return status::failed;
    }
    std::string_view const complaint = game_.complaint();
    CO_TRY(co_await tell_line("{}: trap: {}{}{}", shown_name(process_), trap,
                              complaint.empty() ? "" : ": ", complaint));
    CO_TRY(co_await tell_backtrace());
    switch (trap) {
      case wasm::Trap::OutOfMemory: co_return status::out_of_memory;
      case wasm::Trap::OutOfFuel: co_return status::out_of_time;
      default: co_return status::trapped;
    }
  }

  exec::Task<Told> tell_backtrace() {
    wasm::Guest& guest = program_.guest();
    usize const count = guest.active_calls();
    for (usize i = 0; i < count; ++i) {
      if (i == innermost_calls && count > innermost_calls + outermost_calls) {
        usize const left_out = count - innermost_calls - outermost_calls;
        CO_TRY(co_await tell_line("  ... {} more", left_out));
        i += left_out;
      }
      auto const [function, offset] = guest.active_call(i);
      auto const name = wasm::name_of_function(function->instance->module(), function->index);
      text::Printable const shown{name.value_or("?"), longest_name};
      CO_TRY(co_await tell_line("  #{} {} (function {}) at byte {:#x}", i, shown, function->index,
                                offset));
      co_await turn_.pause_if_over();
    }
    co_return Told{};
  }

  template <class... Arguments>
  [[clang::coro_wrapper]] exec::Task<Told> tell_line(
      base::FormatString<std::type_identity_t<Arguments>...> format,
      const Arguments&... arguments) {
    base::BufferSink sink(std::span(line_).first(longest_line));
    base::format_to(sink, format, arguments...);
    std::string_view const end = sink.truncated() ? "...\n" : "\n";
    end.copy(line_.data() + sink.view().size(), end.size());
    // All of it at once, so that the lines of several programs do not mix.
    return tell(process_.messages(), {line_.data(), sink.view().size() + end.size()});
  }

  Services& services_;
  Process& process_;
  Turn turn_;
  WasiHost wasi_;
  GameHost game_;
  struct GiveScreenBack {
    GameHost& game;
    void operator()() const { game.suspend(); }
  } give_screen_back_{game_};
  LimitedPlatform memory_;
  base::Box<Tracer> tracer_;  // null for most
  Program program_;
  wasi::Answer begun_;  // of the call that is being answered
  u32 returned_ = 0;
  u32 unread_writes_ = 0;  // in a row
  /// What is being told. No memory is needed to tell that there is none.
  std::array<char, longest_line + 4> line_;
};

exec::Task<RunResult> work(Services& services, Process& process, std::span<const u8> module) {
  Runner runner(services, process);
  co_return co_await runner.run(module);
}

exec::Task<RunResult> work_on_file(Services& services, Process& process, fs::Vfs& vfs,
                                   fs::Location start, base::String path) {
  auto const file = co_await FileBytes::read(vfs, start, path);
  if (!file) {
    fs::ErrorKind const kind = file.error().kind;
    base::FixedText<4 * longest_name + 100> const text("{}: {}\n", shown_name(process),
                                                       fs::describe(kind));
    CO_TRY(co_await tell(process.messages(), text));
    if (kind == fs::ErrorKind::OutOfMemory) co_return status::out_of_memory;
    co_return kind == fs::ErrorKind::NotFound ? status::not_found : status::not_executable;
  }
  Runner runner(services, process);
  co_return co_await runner.run(file->bytes());
}

/// The process in a task of its own, which others can end.
exec::Task<RunResult> see_through(Services& services, base::Box<Process> process,
                                  exec::Task<RunResult> work) {
  CO_TRY(auto task, services.executor.spawn(process->name(), std::move(work)));
  auto const cancel = [&] { task.cancel(); };
  process->set_ender(cancel);
  auto const ended = co_await task.join();
  if (ended) co_return *ended;
  co_return process->ended_with().value_or(status::interrupted);
}

}  // namespace

exec::Task<RunResult> run(Services& services, std::span<const u8> module,
                          const ProcessRequest& request) {
  auto process = Process::create(services.processes, services.executor.now(), request);
  if (!process) return {};
  Process& started = **process;
  return see_through(services, std::move(*process), work(services, started, module));
}

exec::Task<RunResult> run_file(Services& services, fs::Vfs& vfs, fs::Location start,
                               std::string_view path, const ProcessRequest& request) {
  auto process = Process::create(services.processes, services.executor.now(), request);
  auto path_copy = base::String::create(path);
  if (!process || !path_copy) return {};
  Process& started = **process;
  return see_through(services, std::move(*process),
                     work_on_file(services, started, vfs, start, std::move(*path_copy)));
}

}  // namespace nacre::process
