#include <algorithm>
#include <array>

#include "kernel/shell/builtins/builtins.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell::builtin {
namespace {

/// Behind the point of a number.
constexpr usize max_decimals = 9;

i64 power_of_ten(usize exponent) {
  i64 power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

/// A number with digits behind its point: `value` divided by ten to the power of `decimals`.
struct Decimal {
  i64 value = 0;
  usize decimals = 0;

  /// All of `text`, as `-1.25`; nothing if it is no such number, or has no room.
  static std::optional<Decimal> parse(std::string_view text) {
    bool const is_negative = text.starts_with('-');
    if (is_negative || text.starts_with('+')) text.remove_prefix(1);
    Decimal made;
    bool has_point = false;
    bool has_digit = false;
    for (char const c : text) {
      if (c == '.' && !has_point) {
        has_point = true;
        continue;
      }
      if (c < '0' || c > '9' || made.decimals == max_decimals) return std::nullopt;
      has_digit = true;
      made.decimals += has_point ? 1 : 0;
      i64 const digit = is_negative ? '0' - c : c - '0';
      if (__builtin_mul_overflow(made.value, 10, &made.value) ||
          __builtin_add_overflow(made.value, digit, &made.value))
        return std::nullopt;
    }
    return has_digit ? std::optional(made) : std::nullopt;
  }
  /// The same with more digits, if there is room.
  std::optional<Decimal> with(usize wanted) const {
    Decimal made{value, wanted};
    if (__builtin_mul_overflow(value, power_of_ten(wanted - decimals), &made.value))
      return std::nullopt;
    return made;
  }
  u64 magnitude() const {
    return value < 0 ? u64{} - static_cast<u64>(value) : static_cast<u64>(value);
  }
  u64 unit() const { return static_cast<u64>(power_of_ten(decimals)); }
  /// How many characters it has with so many of its decimals.
  usize size(usize shown) const {
    usize const whole = base::FixedText<24>("{}", magnitude() / unit()).view().size();
    return (value < 0 ? 1 : 0) + whole + (shown == 0 ? 0 : shown + 1);
  }
  /// With zeros in front, so that it has at least `width` characters.
  void write(base::Sink& sink, usize shown, usize width) const {
    if (value < 0) sink.write("-");
    for (usize i = size(shown); i < width; ++i) sink.write("0");
    base::format_to(sink, "{}", magnitude() / unit());
    if (shown == 0) return;
    auto const more = static_cast<u64>(power_of_ten(max_decimals - decimals));
    base::FixedText<24> const fraction("{:09}", magnitude() % unit() * more);
    base::format_to(sink, ".{}", fraction.view().substr(0, shown));
  }
};

/// Where it begins, how far it goes on each time, and where it ends: with as many decimals.
struct Series {
  Decimal first{1, 0};
  Decimal step{1, 0};
  Decimal last{};
  usize shown = 0;  // decimals

  static std::optional<Series> parse(std::span<const base::String> words) {
    if (words.empty() || words.size() > 3) return std::nullopt;
    Series series;
    std::array<Decimal*, 3> const numbers{&series.first, &series.step, &series.last};
    usize decimals = 0;
    for (usize i = 0; i < words.size(); ++i) {
      auto const number = Decimal::parse(words[i]);
      if (!number) return std::nullopt;
      *numbers[i + 1 == words.size() ? 2 : i] = *number;
      decimals = std::max(decimals, number->decimals);
    }
    series.shown = std::max(series.first.decimals, series.step.decimals);
    for (Decimal* const number : numbers) {
      auto const scaled = number->with(decimals);
      if (!scaled) return std::nullopt;
      *number = *scaled;
    }
    if (series.step.value == 0) return std::nullopt;
    return series;
  }
  bool is_over(const Decimal& number) const {
    return step.value > 0 ? number.value > last.value : number.value < last.value;
  }
  usize width() const { return std::max(first.size(shown), last.size(shown)); }
};

}  // namespace

exec::Task<fs::Result<int>> seq(Invocation& call) {
  // A number may begin as options do.
  std::span<const base::String> words = call.arguments.subspan(1);
  bool is_padded = false;
  std::string_view separator = "\n";
  while (!words.empty()) {
    std::string_view const word = words[0];
    if (word.size() < 2 || word[0] != '-' || word[1] == '.' || (word[1] >= '0' && word[1] <= '9'))
      break;
    words = words.subspan(1);
    if (word == "--") break;
    usize const letters = std::min(word.find_first_not_of('w', 1), word.size());
    is_padded = is_padded || letters > 1;
    if (letters == word.size()) continue;
    if (word[letters] != 's') co_return co_await refuse(call, {word});
    separator = word.substr(letters + 1);
    if (!separator.empty()) continue;
    if (words.empty()) co_return co_await refuse(call, {word, true});
    separator = words[0];
    words = words.subspan(1);
  }
  auto const series = Series::parse(words);
  if (!series) {
    CO_TRY(
        co_await complain(call, "one to three numbers are wanted, as 2 or 0.25; see seq --help"));
    co_return status::usage;
  }
  usize const width = is_padded ? series->width() : 0;
  bool is_first = true;
  for (Decimal number = series->first; !series->is_over(number);) {
    co_await call.pace();
    base::String text;
    base::StringSink sink(text);
    if (!std::exchange(is_first, false)) sink.write(separator);
    number.write(sink, series->shown, width);
    CO_TRY(sink.result());
    CO_TRY(co_await write_text(*call.streams.out, std::move(text)));
    if (__builtin_add_overflow(number.value, series->step.value, &number.value)) break;
  }
  if (!is_first) {
    CO_TRY(co_await print(*call.streams.out, "\n"));
  }
  co_return status::success;
}

}  // namespace nacre::shell::builtin
