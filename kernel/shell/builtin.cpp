#include "kernel/shell/builtin.hpp"

#include <algorithm>
#include <array>

#include "lib/base/try.hpp"
#include "lib/shell/characters.hpp"
#include "lib/text/printable.hpp"

namespace nacre::shell {
namespace {

std::span<const u8> as_bytes(std::string_view text) {
  return {static_cast<const u8*>(static_cast<const void*>(text.data())), text.size()};
}

enum class OptionKind : u8 { None, Alone, WithValue };

/// What the help says of a letter.
OptionKind kind_of(std::string_view details, char letter) {
  for (std::string_view rest = details; !rest.empty();) {
    std::string_view const line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.size() < 5 || !line.starts_with("  -") || line[3] != letter || line[4] != ' ')
      continue;
    bool const has_value = line.size() > 5 && line[5] >= 'A' && line[5] <= 'Z';
    return has_value ? OptionKind::WithValue : OptionKind::Alone;
  }
  return OptionKind::None;
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

std::optional<std::string_view> Options::value(char letter) const {
  for (usize i = value_count_; i-- > 0;)
    if (values_[i].letter == letter) return values_[i].text;
  return std::nullopt;
}

void Options::for_each_value(char letter, base::FunctionRef<void(std::string_view)> visit) const {
  for (const Value& value : std::span(values_).first(value_count_))
    if (value.letter == letter) visit(value.text);
}

bool Options::add(char letter, std::string_view value) {
  if (value_count_ == max_values) return false;
  given_[index(letter)] = true;
  values_[value_count_++] = {letter, value};
  return true;
}

std::expected<Options, OptionError> Options::parse(const Invocation& call) {
  const Builtin* const builtin = find_builtin(call.name());
  std::string_view const details = builtin == nullptr ? "" : builtin->details;
  std::span<const base::String> const arguments = call.arguments;
  bool const takes_count = details.contains("  -COUNT ");
  Options options;
  usize at = 1;
  for (; at < arguments.size(); ++at) {
    std::string_view const argument = arguments[at];
    if (argument.size() < 2 || argument[0] != '-') break;
    if (argument == "--") {
      ++at;
      break;
    }
    if (takes_count && parse_number(argument.substr(1))) {
      if (!options.add('n', argument.substr(1)))
        return std::unexpected(OptionError{argument, false, true});
      continue;
    }
    for (usize i = 1; i < argument.size(); ++i) {
      char const letter = argument[i];
      OptionKind const kind = kind_of(details, letter);
      if (kind == OptionKind::None) return std::unexpected(OptionError{argument});
      if (kind == OptionKind::Alone) {
        options.given_[index(letter)] = true;
        continue;
      }
      std::string_view value = argument.substr(i + 1);
      if (value.empty()) {
        if (++at == arguments.size()) return std::unexpected(OptionError{argument, true});
        value = arguments[at];
      }
      if (!options.add(letter, value)) return std::unexpected(OptionError{argument, false, true});
      break;
    }
  }
  options.operands_ = arguments.subspan(at);
  return options;
}

exec::Task<fs::Result<int>> refuse(const Invocation& call, OptionError error) {
  CO_TRY(base::String const argument, printable(error.argument));
  if (error.is_too_many) {
    CO_TRY(co_await complain(call, "{}: too many options with values", argument.view()));
  } else if (error.needs_value) {
    CO_TRY(co_await complain(call, "{}: a value is missing", argument.view()));
  } else {
    CO_TRY(
        co_await complain(call, "{}: no such option; see {} --help", argument.view(), call.name()));
  }
  co_return status::usage;
}

exec::Task<fs::Result<std::optional<Options>>> options_alone(const Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) {
    CO_TRY(co_await refuse(call, options.error()));
    co_return std::nullopt;
  }
  if (!options->operands().empty()) {
    CO_TRY(co_await complain(call, "too many arguments"));
    co_return std::nullopt;
  }
  co_return *options;
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

std::optional<base::Duration> parse_duration(std::string_view text) {
  u64 unit = 1'000'000'000;
  constexpr std::string_view letters = "smhd";
  constexpr std::array<u64, 4> factors{1, 60, 3'600, 86'400};
  if (!text.empty() && letters.contains(text.back())) {
    unit *= factors[letters.find(text.back())];
    text.remove_suffix(1);
  }
  usize const dot = std::min(text.find('.'), text.size());
  auto const whole = parse_number(dot == 0 && text.size() > 1 ? "0" : text.substr(0, dot));
  if (!whole || *whole > static_cast<u64>(INT64_MAX) / unit - 1) return std::nullopt;
  u64 ns = *whole * unit;
  for (u64 part = unit / 10; char const c : text.substr(std::min(dot + 1, text.size()))) {
    if (!is_digit(c)) return std::nullopt;
    ns += static_cast<u64>(c - '0') * part;
    part /= 10;
  }
  return base::Duration{static_cast<base::i64>(ns)};
}

void write_quoted(base::Sink& sink, std::string_view text) {
  sink.write("'");
  for (char const c : text)
    sink.write(c == '\'' ? std::string_view("'\\''") : std::string_view(&c, 1));
  sink.write("'");
}

std::expected<base::String, base::OutOfMemory> printable(std::string_view name) {
  return base::format("{}", text::Printable{name});
}

}  // namespace nacre::shell
