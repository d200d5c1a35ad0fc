#include <algorithm>
#include <bit>

#include "kernel/shell/builtins/builtins.hpp"
#include "lib/base/try.hpp"
#include "lib/shell/arithmetic.hpp"
#include "lib/text/floating_point.hpp"

namespace nacre::shell::builtin {
namespace {

/// Wider fields are cut to this.
constexpr usize max_width = 4096;
/// Digits behind the point where none are asked for.
constexpr usize usual_precision = 6;

bool is_octal(char c) { return c >= '0' && c <= '7'; }

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
      if (take('*')) return next_integer();
      i64 value = 0;
      while (!rest.empty() && rest[0] >= '0' && rest[0] <= '9') {
        value = std::min<i64>(value * 10 + (rest[0] - '0'), max_width);
        rest.remove_prefix(1);
      }
      return value;
    };
    i64 const width = number();
    conversion.left = conversion.left || width < 0;
    conversion.width =
        static_cast<usize>(std::clamp<i64>(width < 0 ? -width : width, 0, max_width));
    if (take('.')) {
      i64 const precision = number();
      if (precision >= 0)
        conversion.precision = static_cast<usize>(std::min<i64>(precision, max_width));
    }
    conversion.type = rest.empty() ? '\0' : rest[0];
    if (!rest.empty()) rest.remove_prefix(1);
    return conversion;
  }

  std::string_view next_text() {
    return used_ < arguments_.size() ? arguments_[used_++].view() : (++used_, std::string_view());
  }

  /// An empty argument is 0; a quote before a character is its value.
  i64 next_integer() {
    if (used_ >= arguments_.size()) {
      ++used_;
      return 0;
    }
    std::string_view const text = next_text();
    if (text.size() > 1 && (text[0] == '\'' || text[0] == '"')) return static_cast<u8>(text[1]);
    if (text.empty()) return 0;
    auto const value = parse_integer(text);
    if (value) return *value;
    if (!wrong_) wrong_ = text;
    // What it begins with counts all the same, and what is too large is as large as can be.
    usize size = text.starts_with('-') ? 1 : 0;
    while (size < text.size() && text[size] >= '0' && text[size] <= '9') ++size;
    if (size == text.size() && size > 18) return text[0] == '-' ? INT64_MIN : INT64_MAX;
    return parse_integer(text.substr(0, size)).value_or(0);
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
        TRY(padded(conversion, next_text().substr(0, 1)));
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
    if (used_ >= arguments_.size()) {
      ++used_;
      return 0;
    }
    std::string_view const text = next_text();
    if (text.size() > 1 && (text[0] == '\'' || text[0] == '"')) return static_cast<u8>(text[1]);
    if (text.empty()) return 0;
    if (auto const whole = parse_integer(text); whole && text.contains('x'))
      return static_cast<double>(*whole);
    usize const blanks = std::min(text.find_first_not_of(" \t\n"), text.size());
    text::ParsedNumber const number = text::parse_floating_point(text.substr(blanks));
    if ((number.size == 0 || blanks + number.size != text.size()) && !wrong_) wrong_ = text;
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
    i64 const value = next_integer();
    bool const is_signed = conversion.type == 'd' || conversion.type == 'i';
    u64 const magnitude =
        is_signed && value < 0 ? u64{} - static_cast<u64>(value) : static_cast<u64>(value);
    base::String digits;
    base::StringSink sink(digits);
    switch (conversion.type) {
      case 'o': base::format_to(sink, "{:o}", magnitude); break;
      case 'x': base::format_to(sink, "{:x}", magnitude); break;
      case 'X': base::format_to(sink, "{:X}", magnitude); break;
      default: base::format_to(sink, "{}", magnitude); break;
    }
    TRY(sink.result());
    std::string_view prefix;
    if (is_signed)
      prefix = value < 0 ? "-" : conversion.plus ? "+" : conversion.space ? " " : "";
    else if (conversion.alternative && magnitude != 0)
      prefix = conversion.type == 'x' ? "0x" : conversion.type == 'X' ? "0X" : "0";
    usize const least = conversion.precision.value_or(1);
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
    CO_TRY(co_await complain(call, "%{}: no such conversion", *letter == '\0' ? ' ' : *letter));
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
