#include "kernel/shell/builtins/tar.hpp"

#include <algorithm>

#include "kernel/fs/path.hpp"
#include "kernel/shell/builtins/builtins.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell::builtin {
namespace {

enum class Parsed : u8 { Fine, Refused };

/// Takes the words of a call.
class Words {
 public:
  explicit Words(TarCall& tar) : tar_(tar), rest_(tar.call.arguments.subspan(1)) {}

  exec::Task<fs::Result<Parsed>> take() {
    bool is_first = true;
    for (; !rest_.empty(); is_first = false) {
      std::string_view const word = rest_[0];
      constexpr std::string_view exclude = "--exclude=";
      bool const has_dash = word.size() > 1 && word[0] == '-';
      if (!has_dash && !is_first) break;
      rest_ = rest_.subspan(1);
      if (word == "--") break;
      if (word.starts_with(exclude)) {
        CO_TRY(add_pattern(word.substr(exclude.size())));
        continue;
      }
      for (std::string_view letters = word.substr(has_dash ? 1 : 0); !letters.empty();) {
        char const letter = letters[0];
        letters.remove_prefix(1);
        if (take_flag(letter)) continue;
        if (letter != 'f' && letter != 'C' && letter != 'X')
          co_return co_await give_up({.argument = word});
        std::string_view value;
        // Without a dash, values come behind all letters.
        if (has_dash && !letters.empty()) {
          value = std::exchange(letters, {});
        } else {
          if (rest_.empty()) co_return co_await give_up({.argument = word, .needs_value = true});
          value = rest_[0];
          rest_ = rest_.subspan(1);
        }
        if (letter == 'f') tar_.archive = value;
        if (letter == 'C') tar_.directory_name = value;
        if (letter == 'X') {
          CO_TRY(add_pattern(value));
        }
      }
    }
    tar_.names = rest_;
    if (tar_.mode == TarCall::Mode::None || has_two_modes_) {
      CO_TRY(co_await complain(tar_.call, "one of -c, -t and -x is wanted; see tar --help"));
      co_return Parsed::Refused;
    }
    if (tar_.mode == TarCall::Mode::Make && tar_.names.empty()) {
      CO_TRY(co_await complain(tar_.call, "an archive of nothing is not made; see tar --help"));
      co_return Parsed::Refused;
    }
    co_return Parsed::Fine;
  }

 private:
  bool take_flag(char letter) {
    auto const set_mode = [&](TarCall::Mode mode) {
      has_two_modes_ |= tar_.mode != TarCall::Mode::None && tar_.mode != mode;
      tar_.mode = mode;
    };
    switch (letter) {
      case 'c': set_mode(TarCall::Mode::Make); return true;
      case 't': set_mode(TarCall::Mode::List); return true;
      case 'x': set_mode(TarCall::Mode::Unpack); return true;
      case 'v': tar_.is_verbose = true; return true;
      case 'z': tar_.is_compressed = true; return true;
      default: return false;
    }
  }
  std::expected<void, base::OutOfMemory> add_pattern(std::string_view text) {
    TRY(auto pattern, Pattern::create(text));
    return tar_.excluded.try_push_back(std::move(pattern));
  }
  exec::Task<fs::Result<Parsed>> give_up(OptionError error) {
    CO_TRY(co_await refuse(tar_.call, error));
    co_return Parsed::Refused;
  }

  TarCall& tar_;
  std::span<const base::String> rest_;
  bool has_two_modes_ = false;
};

}  // namespace

bool TarCall::excludes(std::string_view path) {
  return std::ranges::any_of(excluded, [&](Pattern& pattern) {
    return pattern.matches(path) || pattern.matches(fs::last_name(path));
  });
}

exec::Task<fs::Result<void>> TarCall::leave_out(std::string_view name, std::string_view why) {
  status = status::failure;
  CO_TRY(base::String const shown, printable(name));
  co_return co_await complain(call, "{}: {}", shown.view(), why);
}

exec::Task<fs::Result<void>> TarCall::leave_out(std::string_view name, fs::ErrorKind why) {
  if (why == fs::ErrorKind::OutOfMemory) co_return fs::fail(why);
  co_return co_await leave_out(name, fs::describe(why));
}

exec::Task<fs::Result<void>> TarCall::name_member(std::string_view name) {
  if (!is_verbose) co_return fs::Result<void>{};
  // The archive itself may be what is written to the output.
  bool const has_output = mode != Mode::Make || has_file();
  fs::Stream& out = has_output ? *call.streams.out : *call.streams.err;
  if (!out.is_terminal()) co_return co_await print(out, "{}\n", name);
  CO_TRY(base::String const shown, printable(name));
  co_return co_await print(out, "{}\n", shown.view());
}

exec::Task<fs::Result<int>> tar(Invocation& call) {
  TarCall tar{.call = call};
  CO_TRY(Parsed const parsed, co_await Words(tar).take());
  if (parsed == Parsed::Refused) co_return status::usage;
  {
    auto const directory =
        co_await call.services.files.open_directory(call.directory(), tar.directory_name);
    if (!directory) {
      CO_TRY(co_await complain_about(call, tar.directory_name, directory.error()));
      co_return status::failure;
    }
    tar.directory.emplace(directory->location());
  }
  switch (tar.mode) {
    case TarCall::Mode::None: break;
    case TarCall::Mode::Make: {
      CO_TRY(co_await make_tar(tar));
      break;
    }
    case TarCall::Mode::List: {
      CO_TRY(co_await list_tar(tar));
      break;
    }
    case TarCall::Mode::Unpack: {
      CO_TRY(co_await unpack_tar(tar));
      break;
    }
  }
  co_return tar.status;
}

}  // namespace nacre::shell::builtin
