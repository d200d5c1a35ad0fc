#pragma once

#include <array>
#include <expected>
#include <optional>
#include <span>
#include <string_view>

#include "kernel/console/tty.hpp"
#include "kernel/fs/vfs.hpp"
#include "kernel/process/process.hpp"
#include "kernel/shell/shell_state.hpp"
#include "kernel/shell/system.hpp"
#include "lib/base/format.hpp"
#include "lib/base/string.hpp"
#include "lib/exec/executor.hpp"
#include "lib/text/history.hpp"

namespace nacre::shell {

class Interpreter;
class Jobs;

/// What the shell works with. All of it outlives the shell; `tty` is null where nobody sits.
struct Services {
  exec::Executor& executor;
  fs::Vfs& files;
  System& system;
  process::ProcessTable& processes;
  console::Tty* tty = nullptr;
  /// The lines that a person has entered; null where nobody sits.
  text::History* history = nullptr;
};

/// Exit statuses with a meaning of their own. [posix/xcu: "Exit Status for Commands"]
namespace status {
inline constexpr int success = 0;
inline constexpr int failure = 1;
inline constexpr int usage = 2;
inline constexpr int cannot_execute = 126;
inline constexpr int not_found = 127;
inline constexpr int interrupted = 130;
inline constexpr int stopped = 148;
/// It wrote to a pipe that nobody read any more.
inline constexpr int unread = 141;
}  // namespace status

/// A call of a builtin. It lives until the builtin is done.
struct Invocation {
  const Services& services;
  ShellState& state;
  std::span<const base::String> arguments;  // the first is the builtin's name
  Streams streams;
  Jobs& jobs;
  process::Group& group;
  process::RunControl& control;
  process::Turn& turn;
  /// Where it stands: for those that run commands.
  Interpreter& interpreter;
  /// Whether programs that it runs tell of their calls.
  bool traced = false;
  /// Called once a program that it runs has ends of its own of the pipes in `streams`.
  std::optional<base::FunctionRef<void()>> on_program_started{};

  std::string_view name() const { return arguments[0]; }
  fs::Location directory() const { return state.directory.location(); }
  /// `co_await call.pace()` between two pieces of what may go on for long: waits while the job is
  /// stopped, and lets others run now and then.
  auto pace() { return control.pace(turn); }
};

/// A command that is part of the shell. Its result is its exit status, or why it could not go on,
/// which the shell then tells.
struct Builtin {
  using Function = exec::Task<fs::Result<int>> (*)(Invocation& call);

  std::string_view name;
  std::string_view summary;  // for `help`: "Lists directories"
  std::string_view usage;    // behind the name: "[-al] [PATH...]"
  std::string_view details;  // whole lines on options; may be empty
  Function function;
  /// One that POSIX calls special: assignments before it stay, and what is wrong with it ends a
  /// script. [posix/xcu: "Special Built-In Utilities"]
  bool is_special = false;
};

/// Where programs are if `PATH` does not say so.
inline constexpr std::string_view default_path = "/bin";

/// All of them, by name.
std::span<const Builtin> builtins();
const Builtin* find_builtin(std::string_view name);

/// The path of the program that `name` means: itself if it is a path, else one in a directory of
/// `PATH`. Errors: NotFound.
exec::Task<fs::Result<base::String>> find_program(const Invocation& call, std::string_view name);
/// Runs the program that the first argument names: in a directory of `PATH`, or by its path.
exec::Task<fs::Result<int>> run_by_name(const Invocation& call,
                                        std::span<const base::String> arguments);
/// Runs the program at `path`; `arguments` begins with its name. What keeps it from running is told
/// on the error stream.
exec::Task<fs::Result<int>> run_program(const Invocation& call, std::string_view path,
                                        std::span<const base::String> arguments);

/// Writes a text that may not have been made for lack of memory.
exec::Task<fs::Result<void>> write_text(fs::Stream& stream,
                                        std::expected<base::String, base::OutOfMemory> text);

/// Writes formatted text: `CO_TRY(co_await print(*call.streams.out, "{}\n", n));`
template <class... Arguments>
[[clang::coro_wrapper]] exec::Task<fs::Result<void>> print(
    fs::Stream& stream, base::FormatString<std::type_identity_t<Arguments>...> format,
    const Arguments&... arguments) {
  return write_text(stream, base::format(format, arguments...));
}

/// One line on the error stream, behind the name of the builtin.
exec::Task<fs::Result<void>> complain_with(const Invocation& call,
                                           std::expected<base::String, base::OutOfMemory> text);
template <class... Arguments>
[[clang::coro_wrapper]] exec::Task<fs::Result<void>> complain(
    const Invocation& call, base::FormatString<std::type_identity_t<Arguments>...> format,
    const Arguments&... arguments) {
  return complain_with(call, base::format(format, arguments...));
}
/// The line about an operation on `path` that failed.
exec::Task<fs::Result<void>> complain_about(const Invocation& call, std::string_view path,
                                            fs::Error error);

/// An argument that is no option of the builtin, one without its value, or one too many.
struct OptionError {
  std::string_view argument;
  bool needs_value = false;
  bool is_too_many = false;
};

/// The options of a call: letters behind a dash, together or apart, until `--` or an operand. Which
/// there are, the help of the builtin says: a line `  -x  ...` is one that stands alone, a line
/// `  -x VALUE  ...` one with a value. A line `  -COUNT  ...` says that digits alone are the value
/// of `-n`. [posix/xbd: "Utility Syntax Guidelines"]
class Options {
 public:
  /// `call` outlives them.
  static std::expected<Options, OptionError> parse(const Invocation& call);
  bool has(char letter) const { return given_[index(letter)]; }
  /// What was given last behind that letter.
  std::optional<std::string_view> value(char letter) const;
  /// All that was given behind that letter, in order.
  void for_each_value(char letter, base::FunctionRef<void(std::string_view)> visit) const;
  std::span<const base::String> operands() const { return operands_; }

 private:
  static constexpr usize max_values = 16;
  struct Value {
    char letter = 0;
    std::string_view text;
  };

  static constexpr usize index(char letter) { return static_cast<u8>(letter) % 128; }

  /// False if there are too many.
  bool add(char letter, std::string_view value);

  std::array<bool, 128> given_{};
  std::array<Value, max_values> values_{};
  usize value_count_ = 0;
  std::span<const base::String> operands_;
};
/// The line about a wrong option; gives `status::usage`.
exec::Task<fs::Result<int>> refuse(const Invocation& call, OptionError error);

/// The options of a call that takes nothing else; nothing where it was refused.
exec::Task<fs::Result<std::optional<Options>>> options_alone(const Invocation& call);

/// A number in decimal, all of `text`.
std::optional<u64> parse_number(std::string_view text);
/// Seconds with a fraction, as `1.5`, or with `s`, `m`, `h` or `d` behind them.
std::optional<base::Duration> parse_duration(std::string_view text);

/// Text that a shell takes as one word and as it is.
void write_quoted(base::Sink& sink, std::string_view text);

/// A name as it may be shown. See text::Printable.
std::expected<base::String, base::OutOfMemory> printable(std::string_view name);

}  // namespace nacre::shell
