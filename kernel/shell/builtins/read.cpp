#include <array>

#include "kernel/shell/builtins/builtins.hpp"
#include "lib/base/try.hpp"
#include "lib/shell/characters.hpp"

namespace nacre::shell::builtin {
namespace {

/// A line as `read` takes it: which of its characters stood behind a backslash is known.
struct InputLine {
  base::String text;
  base::Vector<bool> is_escaped;
  bool is_whole = false;
};

/// One byte at a time: what follows the line is for the next reader.
exec::Task<fs::Result<InputLine>> read_line(Invocation& call, bool raw) {
  fs::Stream& from = *call.streams.in;
  InputLine line;
  bool after_backslash = false;
  for (;;) {
    co_await call.pace();
    std::array<u8, 1> byte;
    auto const now = from.read_now(byte);
    CO_TRY(usize const count, now ? *now : co_await from.read(byte));
    if (count == 0) co_return line;
    char const c = static_cast<char>(byte[0]);
    if (c == '\0') continue;
    if (c == '\n' && !after_backslash) {
      line.is_whole = true;
      co_return line;
    }
    if (c == '\\' && !raw && !after_backslash) {
      after_backslash = true;
      continue;
    }
    bool const goes_on = c == '\n';
    if (!goes_on) {
      CO_TRY(line.text.append(c));
      CO_TRY(line.is_escaped.try_push_back(after_backslash));
    }
    after_backslash = false;
  }
}

/// Takes fields off the front of a line. [posix/xcu: "read"]
class FieldReader {
 public:
  FieldReader(const InputLine& line, std::string_view separators)
      : line_(line), separators_(separators) {
    skip_blanks();
  }

  std::string_view next() {
    usize const start = at_;
    while (at_ < size() && !is_separator(at_)) ++at_;
    std::string_view const field = line_.text.view().substr(start, at_ - start);
    skip_blanks();
    if (at_ < size() && is_separator(at_) && !is_blank(at_)) {
      ++at_;
      skip_blanks();
    }
    return field;
  }
  /// All that is left; without its last separator, if nothing but one field is left.
  std::string_view rest() {
    usize const start = at_;
    usize end = size();
    while (end > start && is_blank(end - 1)) --end;
    usize only = start;
    while (only < end && !is_separator(only)) ++only;
    usize last = only;
    while (last < end && is_blank(last)) ++last;
    if (last + 1 == end && is_separator(last)) end = only;
    return line_.text.view().substr(start, end - start);
  }

 private:
  usize size() const { return line_.text.size(); }
  bool is_separator(usize index) const {
    return !line_.is_escaped[index] && separators_.contains(line_.text[index]);
  }
  bool is_blank(usize index) const {
    char const c = line_.text[index];
    return is_separator(index) && (c == ' ' || c == '\t' || c == '\n');
  }
  void skip_blanks() {
    while (at_ < size() && is_blank(at_)) ++at_;
  }

  const InputLine& line_;
  std::string_view separators_;
  usize at_ = 0;
};

}  // namespace

exec::Task<fs::Result<int>> read(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  std::span<const base::String> const names = options->operands();
  for (const base::String& name : names) {
    if (is_name(name)) continue;
    CO_TRY(base::String const shown, printable(name));
    CO_TRY(co_await complain(call, "{}: not a name", shown.view()));
    co_return status::usage;
  }
  if (options->value('p') && call.streams.in->is_terminal()) {
    CO_TRY(co_await print(*call.streams.err, "{}", *options->value('p')));
  }
  CO_TRY(InputLine const line, co_await read_line(call, options->has('r')));
  Variables& variables = call.state.parameters.variables;
  CO_TRY(base::String const separators, base::String::create(variables.value_or("IFS", " \t\n")));
  FieldReader fields(line, separators);
  for (usize i = 0; i < std::max<usize>(names.size(), 1); ++i) {
    std::string_view const name = names.empty() ? "REPLY" : names[i].view();
    bool const is_last = i + 1 >= names.size();
    auto const set = variables.set(name, is_last ? fields.rest() : fields.next());
    if (set) continue;
    if (set.error().kind == VariableError::Kind::OutOfMemory)
      co_return fs::fail(fs::ErrorKind::OutOfMemory);
    CO_TRY(co_await complain(call, "{}: is read only", name));
    co_return status::usage;
  }
  co_return line.is_whole ? status::success : status::failure;
}

}  // namespace nacre::shell::builtin
