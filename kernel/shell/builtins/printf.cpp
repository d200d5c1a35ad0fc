#include <algorithm>
#include <bit>

#include "kernel/shell/builtins/builtins.hpp"
#include "lib/base/try.hpp"
#include "lib/shell/characters.hpp"
#include "lib/text/floating_point.hpp"
#include "lib/text/utf8.hpp"

namespace nacre::shell::builtin {
namespace {

/// Wider fields are cut to this.
constexpr usize max_width = 4096;
/// Digits behind the point where none are asked for.
constexpr usize usual_precision = 6;

/// The code point that `text` begins with, or its first byte where that is no UTF-8; 0 of nothing.
u32 value_of_character(std::string_view text) {
  std::optional<char32_t> first;
  text::for_each_codepoint(text, [&](char32_t codepoint) { first = first.value_or(codepoint); });
  if (!first) return 0;
  return *first == text::replacement_character ? static_cast<u8>(text[0]) : *first;
}

/// Takes what follows a backslash off the front of `rest` and appends what it means. False: it was
/// `\c`, which ends all output. [posix/xbd: "File Format Notation"]
std::expected<bool, base::OutOfMemory> append_escape(base::String& out, std::string_view& rest,
                                                     bool in_argument) {
  if (rest.empty()) {
    TRY(out.append('\\'));
    return true;
  }
  char const c = rest[0];
  constexpr std::string_view letters = "abfnrtv\\";
  constexpr std::string_view meanings = "\a\b\f\n\r\t\v\\";
  if (usize const at = letters.find(c); at != letters.npos) {
    rest.remove_prefix(1);
    TRY(out.append(meanings[at]));
    return true;
  }
  if (c == 'c' && in_argument) return false;
  if (!is_octal(c)) {
    TRY(out.append('\\'));
    return true;
  }
  // In an argument a zero stands before the digits.
  if (in_argument && c == '0') rest.remove_prefix(1);
  unsigned value = 0;
  for (usize digits = 0; digits < 3 && !rest.empty() && is_octal(rest[0]); ++digits) {
    value = value * 8 + static_cast<unsigned>(rest[0] - '0');
    rest.remove_prefix(1);
  }
  TRY(out.append(static_cast<char>(value & 0xff)));
  return true;
}

/// An integer at the start of a text, as C writes them; 0 where there is none.
struct Integer {
  u64 magnitude = 0;  // as large as can be where it is larger
  bool is_negative = false;
  /// It fits, and nothing is behind it.
  bool is_whole = false;

  static Integer read(std::string_view text) {
    Integer integer;
    text.remove_prefix(std::min(text.find_first_not_of(" \t\n\v\f\r"), text.size()));
    integer.is_negative = text.starts_with('-');
    if (integer.is_negative || text.starts_with('+')) text.remove_prefix(1);
    u64 base = text.starts_with('0') ? 8 : 10;
    if (text.size() > 2 && text[0] == '0' && (text[1] | 0x20) == 'x' && digit(text[2]) < 16) {
      base = 16;
      text.remove_prefix(2);
    }
    bool fits = !text.empty() && digit(text[0]) < base;
    for (; !text.empty() && digit(text[0]) < base; text.remove_prefix(1)) {
      u64 const next = digit(text[0]);
      fits = fits && integer.magnitude <= (UINT64_MAX - next) / base;
      integer.magnitude = fits ? integer.magnitude * base + next : UINT64_MAX;
    }
    integer.is_whole = fits && text.empty();
    return integer;
  }
  /// As one with a sign; the nearest where it has no room.
  i64 as_signed() const {
    u64 const most = u64{INT64_MAX} + (is_negative ? 1 : 0);
    u64 const value = std::min(magnitude, most);
    return static_cast<i64>(is_negative ? u64{} - value : value);
  }
  bool fits_signed() const { return magnitude <= u64{INT64_MAX} + (is_negative ? 1 : 0); }

 private:
  static u64 digit(char c) {
    if (is_digit(c)) return static_cast<u64>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<u64>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<u64>(c - 'A' + 10);
    return 99;
  }
};

/// `%-5.3d` and the like.
struct Conversion {
  bool left = false;
  bool plus = false;
  bool space = false;
  bool zero = false;
  bool alternative = false;
  usize width = 0;
  std::optional<usize> precision;
  char type = 's';
};

/// One call of `printf`.
class Printer {
 public:
  explicit Printer(std::span<const base::String> arguments) : arguments_(arguments) {}

  /// What was wrong with an argument; the first that was.
  std::optional<std::string_view> wrong_argument() const { return wrong_; }
  /// A conversion that there is not.
  std::optional<char> wrong_conversion() const { return wrong_conversion_; }
  std::string_view output() const { return out_; }
  base::String take_output() { return std::move(out_); }

  /// The format as often as it takes to use all arguments.
  std::expected<void, base::OutOfMemory> run(std::string_view format) {
    for (;;) {
      usize const before = used_;
      TRY(bool const goes_on, run_once(format));
      if (!goes_on || used_ >= arguments_.size() || used_ == before) return {};
    }
  }

 private:
  std::expected<bool, base::OutOfMemory> run_once(std::string_view rest) {
    while (!rest.empty()) {
      char const c = rest[0];
      rest.remove_prefix(1);
      if (c == '\\') {
        TRY(append_escape(out_, rest, false));
      } else if (c != '%') {
        TRY(out_.append(c));
      } else if (rest.starts_with('%')) {
        rest.remove_prefix(1);
        TRY(out_.append('%'));
      } else {
        Conversion const conversion = take_conversion(rest);
        TRY(bool const goes_on, convert(conversion));
        if (!goes_on) return false;
      }
    }
    return true;
  }

  Conversion take_conversion(std::string_view& rest) {
    Conversion conversion;
    auto const take = [&](char c) {
      if (!rest.starts_with(c)) return false;
      rest.remove_prefix(1);
      return true;
    };
    for (;;) {
      if (take('-'))
        conversion.left = true;
      else if (take('+'))
        conversion.plus = true;
      else if (take(' '))
        conversion.space = true;
      else if (take('0'))
        conversion.zero = true;
      else if (take('#'))
        conversion.alternative = true;
      else
        break;
    }
    auto const number = [&]() -> i64 {
      if (take('*')) return std::clamp<i64>(next_signed(), -i64{max_width}, max_width);
      i64 value = 0;
      while (!rest.empty() && rest[0] >= '0' && rest[0] <= '9') {
        value = std::min<i64>(value * 10 + (rest[0] - '0'), max_width);
        rest.remove_prefix(1);
      }
      return value;
    };
    i64 const width = number();
    conversion.left = conversion.left || width < 0;
    conversion.width = static_cast<usize>(width < 0 ? -width : width);
    if (take('.')) {
      i64 const precision = number();
      if (precision >= 0) conversion.precision = static_cast<usize>(precision);
    }
    conversion.type = rest.empty() ? '\0' : rest[0];
    if (!rest.empty()) rest.remove_prefix(1);
    return conversion;
  }

  std::string_view next_text() {
    return used_ < arguments_.size() ? arguments_[used_++].view() : (++used_, std::string_view());
  }

  /// The next argument where it is to be a number: what it is at once, which an empty one or none
  /// is 0, and a quote before a character its value; else the text.
  struct NumberText {
    std::string_view text{};
    u32 known = 0;
  };
  NumberText next_number() {
    std::string_view const text = next_text();
    if (text.starts_with('\'') || text.starts_with('"'))
      return {.known = value_of_character(text.substr(1))};
    return {.text = text};
  }
  void mind(bool is_right, std::string_view text) {
    if (!is_right && !wrong_) wrong_ = text;
  }
  i64 next_signed() {
    auto const [text, known] = next_number();
    if (text.empty()) return known;
    Integer const integer = Integer::read(text);
    mind(integer.is_whole && integer.fits_signed(), text);
    return integer.as_signed();
  }
  /// What is below zero wraps around.
  u64 next_unsigned() {
    auto const [text, known] = next_number();
    if (text.empty()) return known;
    Integer const integer = Integer::read(text);
    mind(integer.is_whole, text);
    return integer.is_negative ? u64{} - integer.magnitude : integer.magnitude;
  }

  std::expected<bool, base::OutOfMemory> convert(const Conversion& conversion) {
    switch (conversion.type) {
      case 'd':
      case 'i':
      case 'o':
      case 'u':
      case 'x':
      case 'X': {
        TRY(integer(conversion));
        return true;
      }
      case 'c': {
        std::string_view const text = next_text();
        TRY(padded(conversion, text.empty() ? std::string_view("", 1) : text.substr(0, 1)));
        return true;
      }
      case 's': {
        std::string_view const text = next_text();
        TRY(padded(conversion, text.substr(0, conversion.precision.value_or(text.size()))));
        return true;
      }
      case 'b': return escaped(conversion);
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G': {
        TRY(fraction(conversion));
        return true;
      }
      default: wrong_conversion_ = conversion.type; return false;
    }
  }

  double next_fraction() {
    auto const [text, known] = next_number();
    if (text.empty()) return known;
    Integer const integer = Integer::read(text);
    if (integer.is_whole && text.find_first_of("xX") != text.npos) {
      auto const magnitude = static_cast<double>(integer.magnitude);
      return integer.is_negative ? -magnitude : magnitude;
    }
    usize const blanks = std::min(text.find_first_not_of(" \t\n"), text.size());
    text::ParsedNumber const number = text::parse_floating_point(text.substr(blanks));
    bool const is_whole = number.size != 0 && blanks + number.size == text.size();
    // Infinite by its name, or because there is no room for it.
    bool const fits = !__builtin_isinf(number.value) || std::ranges::none_of(text, is_digit);
    mind(is_whole && fits, text);
    return number.value;
  }

  std::expected<void, base::OutOfMemory> fraction(Conversion conversion) {
    double const value = next_fraction();
    char const letter = conversion.type;
    bool const is_upper = letter <= 'Z';
    auto const style = letter == 'f' || letter == 'F'   ? text::FloatStyle::Fixed
                       : letter == 'e' || letter == 'E' ? text::FloatStyle::Scientific
                                                        : text::FloatStyle::Shortest;
    base::String digits;
    base::StringSink sink(digits);
    text::write_floating_point(sink, value,
                               {.style = style,
                                .precision = conversion.precision.value_or(usual_precision),
                                .is_upper = is_upper,
                                .is_alternative = conversion.alternative});
    TRY(sink.result());
    std::string_view const prefix = std::bit_cast<base::i64>(value) < 0 ? "-"
                                    : conversion.plus                   ? "+"
                                    : conversion.space                  ? " "
                                                                        : "";
    base::String text;
    TRY(text.append(prefix));
    bool const is_number = digits.view()[0] >= '0' && digits.view()[0] <= '9';
    usize const size = prefix.size() + digits.size();
    bool const fills = conversion.zero && !conversion.left && is_number;
    for (usize i = size; fills && i < conversion.width; ++i) {
      TRY(text.append('0'));
    }
    TRY(text.append(digits));
    return padded(conversion, text);
  }

  std::expected<bool, base::OutOfMemory> escaped(const Conversion& conversion) {
    base::String text;
    bool goes_on = true;
    for (std::string_view rest = next_text(); goes_on && !rest.empty();) {
      char const c = rest[0];
      rest.remove_prefix(1);
      if (c == '\\') {
        TRY(goes_on, append_escape(text, rest, true));
      } else {
        TRY(text.append(c));
      }
    }
    TRY(padded(conversion, text.view().substr(0, conversion.precision.value_or(text.size()))));
    return goes_on;
  }

  std::expected<void, base::OutOfMemory> integer(const Conversion& conversion) {
    bool const is_signed = conversion.type == 'd' || conversion.type == 'i';
    i64 const value = is_signed ? next_signed() : 0;
    u64 const magnitude = !is_signed  ? next_unsigned()
                          : value < 0 ? u64{} - static_cast<u64>(value)
                                      : static_cast<u64>(value);
    base::String digits;
    base::StringSink sink(digits);
    switch (conversion.type) {
      case 'o': base::format_to(sink, "{:o}", magnitude); break;
      case 'x': base::format_to(sink, "{:x}", magnitude); break;
      case 'X': base::format_to(sink, "{:X}", magnitude); break;
      default: base::format_to(sink, "{}", magnitude); break;
    }
    TRY(sink.result());
    // No digits are asked for, and none are needed.
    if (magnitude == 0 && conversion.precision == usize{0}) digits.clear();
    std::string_view prefix;
    if (is_signed)
      prefix = value < 0 ? "-" : conversion.plus ? "+" : conversion.space ? " " : "";
    else if (conversion.alternative && magnitude != 0)
      prefix = conversion.type == 'x' ? "0x" : conversion.type == 'X' ? "0X" : "";
    usize least = conversion.precision.value_or(1);
    // An octal number begins with a zero then.
    bool const begins_with_zero =
        conversion.alternative && conversion.type == 'o' && !digits.view().starts_with('0');
    if (begins_with_zero) least = std::max(least, digits.size() + 1);
    usize zeros = least > digits.size() ? least - digits.size() : 0;
    usize const size = prefix.size() + zeros + digits.size();
    bool const fills = conversion.zero && !conversion.left && !conversion.precision;
    if (fills && conversion.width > size) zeros += conversion.width - size;
    base::String text;
    TRY(text.append(prefix));
    for (usize i = 0; i < zeros; ++i) {
      TRY(text.append('0'));
    }
    TRY(text.append(digits));
    return padded(conversion, text);
  }

  std::expected<void, base::OutOfMemory> padded(const Conversion& conversion,
                                                std::string_view text) {
    usize const fill = conversion.width > text.size() ? conversion.width - text.size() : 0;
    if (conversion.left) {
      TRY(out_.append(text));
    }
    for (usize i = 0; i < fill; ++i) {
      TRY(out_.append(' '));
    }
    if (!conversion.left) {
      TRY(out_.append(text));
    }
    return {};
  }

  std::span<const base::String> arguments_;
  usize used_ = 0;
  base::String out_;
  std::optional<std::string_view> wrong_;
  std::optional<char> wrong_conversion_;
};

}  // namespace

exec::Task<fs::Result<int>> printf(Invocation& call) {
  std::span<const base::String> words = call.arguments.subspan(1);
  if (!words.empty() && words[0] == "--") words = words.subspan(1);
  if (words.empty()) {
    CO_TRY(co_await complain(call, "a format is missing; see printf --help"));
    co_return status::usage;
  }
  Printer printer(words.subspan(1));
  CO_TRY(printer.run(words[0]));
  CO_TRY(co_await write_text(*call.streams.out, printer.take_output()));
  if (auto const letter = printer.wrong_conversion()) {
    CO_TRY(base::String const shown, printable({&*letter, *letter == '\0' ? usize{0} : usize{1}}));
    CO_TRY(co_await complain(call, "%{}: no such conversion", shown.view()));
    co_return status::usage;
  }
  if (auto const argument = printer.wrong_argument()) {
    CO_TRY(base::String const shown, printable(*argument));
    CO_TRY(co_await complain(call, "{}: not a number", shown.view()));
    co_return status::failure;
  }
  co_return status::success;
}

}  // namespace nacre::shell::builtin
