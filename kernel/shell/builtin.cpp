#include "kernel/shell/builtin.hpp"

#include "lib/base/try.hpp"
#include "lib/text/printable.hpp"

namespace nacre::shell {
namespace {

std::span<const u8> as_bytes(std::string_view text) {
  return {static_cast<const u8*>(static_cast<const void*>(text.data())), text.size()};
}

}  // namespace

exec::Task<fs::Result<void>> write_text(fs::Stream& stream,
                                        std::expected<base::String, base::OutOfMemory> text) {
  CO_TRY(base::String const owned, std::move(text));
  CO_TRY(co_await fs::write_all(stream, as_bytes(owned)));
  co_return fs::Result<void>{};
}

exec::Task<fs::Result<void>> complain_with(const Invocation& call,
                                           std::expected<base::String, base::OutOfMemory> text) {
  CO_TRY(base::String const owned, std::move(text));
  CO_TRY(base::String const line, base::format("{}: {}\n", call.name(), owned.view()));
  CO_TRY(co_await fs::write_all(*call.streams.err, as_bytes(line)));
  co_return fs::Result<void>{};
}

exec::Task<fs::Result<void>> complain_about(const Invocation& call, std::string_view path,
                                            fs::Error error) {
  CO_TRY(base::String const shown, printable(error.part_of(path)));
  CO_TRY(co_await complain(call, "{}: {}", shown.view(), fs::describe(error.kind)));
  co_return fs::Result<void>{};
}

std::expected<Options, OptionError> Options::parse(std::span<const base::String> arguments,
                                                   std::string_view letters, char valued) {
  Options options;
  usize at = 1;
  for (; at < arguments.size(); ++at) {
    std::string_view const argument = arguments[at];
    if (argument.size() < 2 || argument[0] != '-') break;
    if (argument == "--") {
      ++at;
      break;
    }
    for (usize i = 1; i < argument.size(); ++i) {
      char const letter = argument[i];
      if (valued != 0 && letter == valued) {
        std::string_view value = argument.substr(i + 1);
        if (value.empty()) {
          if (++at == arguments.size()) return std::unexpected(OptionError{argument, true});
          value = arguments[at];
        }
        options.value_ = value;
        break;
      }
      if (!letters.contains(letter)) return std::unexpected(OptionError{argument});
      options.given_ |= bit(letter);
    }
  }
  options.operands_ = arguments.subspan(at);
  return options;
}

exec::Task<fs::Result<int>> refuse(const Invocation& call, OptionError error) {
  CO_TRY(base::String const argument, printable(error.argument));
  if (error.needs_value) {
    CO_TRY(co_await complain(call, "{}: a value is missing", argument.view()));
  } else {
    CO_TRY(
        co_await complain(call, "{}: no such option; see {} --help", argument.view(), call.name()));
  }
  co_return status::usage;
}

std::optional<u64> parse_number(std::string_view text) {
  if (text.empty()) return std::nullopt;
  u64 value = 0;
  for (char const c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    auto const digit = static_cast<u64>(c - '0');
    if (value > (UINT64_MAX - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

std::expected<base::String, base::OutOfMemory> printable(std::string_view name) {
  return base::format("{}", text::Printable{name});
}

}  // namespace nacre::shell
