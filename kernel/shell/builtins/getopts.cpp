#include "kernel/shell/builtins/builtins.hpp"
#include "lib/base/try.hpp"
#include "lib/shell/characters.hpp"

namespace nacre::shell::builtin {
namespace {

/// What a call of `getopts` has found.
struct Found {
  char letter = '?';
  /// Of the option; or the letter that was wrong, where nothing is told.
  std::optional<std::string_view> value{};
  bool at_end = false;
  /// `OPTIND`, and where to go on in that argument.
  u64 index = 1;
  usize offset = 0;
};

/// The next option of `arguments`, from `index`, counted from 1, on.
/// [posix/xcu: "getopts"]
Found next_option(std::span<const base::String> arguments, std::string_view letters, u64 index,
                  usize offset) {
  Found found{.index = index, .offset = offset};
  auto const argument = [&](u64 number) -> std::string_view {
    return arguments[static_cast<usize>(number) - 1];
  };
  if (offset == 0) {
    bool const is_option =
        index <= arguments.size() && argument(index).size() > 1 && argument(index)[0] == '-';
    if (!is_option || argument(index) == "--") {
      found.index += is_option ? 1 : 0;
      found.at_end = true;
      return found;
    }
    offset = 1;
  }
  std::string_view const text = argument(index);
  char const letter = text[offset++];
  bool const ends = offset == text.size();
  found.index = ends ? index + 1 : index;
  found.offset = ends ? 0 : offset;
  usize const known = letter == ':' ? letters.npos : letters.find(letter);
  bool const is_quiet = letters.starts_with(':');
  if (known == letters.npos) {
    found.value = text.substr(offset - 1, 1);
    return found;
  }
  bool const has_value = known + 1 < letters.size() && letters[known + 1] == ':';
  found.letter = letter;
  if (!has_value) return found;
  found.offset = 0;
  if (!ends) {
    found.value = text.substr(offset);
    found.index = index + 1;
  } else if (index + 1 <= arguments.size()) {
    found.value = argument(index + 1);
    found.index = index + 2;
  } else {
    found.letter = is_quiet ? ':' : '?';
    found.value = text.substr(offset - 1, 1);
  }
  return found;
}

}  // namespace

exec::Task<fs::Result<int>> getopts(Invocation& call) {
  if (call.arguments.size() < 3 || !is_name(call.arguments[2])) {
    CO_TRY(co_await complain(call, "letters and a name are missing; see getopts --help"));
    co_return status::usage;
  }
  ShellState& state = call.state;
  Variables& variables = state.parameters.variables;
  std::string_view const letters = call.arguments[1];
  std::span<const base::String> const own(state.parameters.arguments.data(),
                                          state.parameters.arguments.size());
  std::span<const base::String> const arguments =
      call.arguments.size() > 3 ? call.arguments.subspan(3) : own;
  u64 const index = std::max<u64>(parse_number(variables.value_or("OPTIND", "1")).value_or(1), 1);
  // Whoever sets OPTIND begins anew.
  bool const goes_on = state.option_index == index && index <= arguments.size() &&
                       state.option_offset < arguments[static_cast<usize>(index) - 1].size();
  Found const found =
      next_option(arguments, letters, index, goes_on ? state.option_offset : usize{0});
  state.option_index = found.index;
  state.option_offset = found.offset;
  bool const is_quiet = letters.starts_with(':');
  bool const is_wrong = !found.at_end && (found.letter == '?' || found.letter == ':');
  auto const fits = [&]() -> Variables::Done {
    TRY(variables.set("OPTIND", base::FixedText<24>("{}", found.index)));
    TRY(variables.set(call.arguments[2], std::string_view(&found.letter, 1)));
    bool const keeps_value = found.value && (!is_wrong || is_quiet);
    if (keeps_value) return variables.set("OPTARG", *found.value);
    return variables.unset("OPTARG");
  }();
  if (!fits) {
    if (fits.error().kind == VariableError::Kind::OutOfMemory)
      co_return fs::fail(fs::ErrorKind::OutOfMemory);
    CO_TRY(co_await complain(call, "a variable is read only"));
    co_return status::usage;
  }
  if (is_wrong && !is_quiet) {
    char const letter = (*found.value)[0];
    bool const is_known = letter != ':' && letters.contains(letter);
    CO_TRY(co_await print(*call.streams.err, "{}: -{}: {}\n", state.parameters.shell_name.view(),
                          *found.value, is_known ? "a value is missing" : "no such option"));
  }
  co_return found.at_end ? status::failure : status::success;
}

}  // namespace nacre::shell::builtin
