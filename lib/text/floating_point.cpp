#include "lib/text/floating_point.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

namespace nacre::text {
namespace {

using base::i64;
using base::u32;
using base::u64;
using base::u8;
using base::usize;

constexpr int mantissa_bits = 52;
constexpr int exponent_bias = 1075;  // of the mantissa as a whole number
/// More digits than these decide nothing: one behind them says that there was something.
constexpr usize max_digits = 800;

/// A natural number of a size that fits all that comes here: 10^1200 and 2^1100 times 10^800.
class Natural {
 public:
  explicit Natural(u64 value = 0) {
    words_[0] = static_cast<u32>(value);
    words_[1] = static_cast<u32>(value >> 32);
    size_ = 2;
    trim();
  }
  bool is_zero() const { return size_ == 0; }
  usize bits() const {
    return size_ == 0 ? 0 : size_ * 32 - static_cast<usize>(std::countl_zero(words_[size_ - 1]));
  }
  void multiply_add(u32 factor, u32 addend) {
    u64 carry = addend;
    for (usize i = 0; i < size_; ++i) {
      carry += u64{words_[i]} * factor;
      words_[i] = static_cast<u32>(carry);
      carry >>= 32;
    }
    if (carry != 0) words_[size_++] = static_cast<u32>(carry);
  }
  void multiply_by_power_of_ten(usize power) {
    for (; power >= 9; power -= 9) multiply_add(1'000'000'000, 0);
    for (; power > 0; --power) multiply_add(10, 0);
  }
  /// Gives the remainder.
  u32 divide(u32 divisor) {
    u64 rest = 0;
    for (usize i = size_; i-- > 0;) {
      rest = rest << 32 | words_[i];
      words_[i] = static_cast<u32>(rest / divisor);
      rest %= divisor;
    }
    trim();
    return static_cast<u32>(rest);
  }
  void shift_left(usize count) {
    usize const whole = count / 32;
    usize const part = count % 32;
    if (is_zero()) return;
    for (usize i = size_ + 1; i-- > 0;) {
      u64 const high = i < size_ ? words_[i] : 0;
      u64 const low = i > 0 ? words_[i - 1] : 0;
      words_[i + whole] = static_cast<u32>((high << 32 | low) << part >> 32);
    }
    std::fill_n(words_.begin(), whole, 0);
    size_ += whole + 1;
    trim();
  }
  bool is_less_than(const Natural& other) const {
    if (size_ != other.size_) return size_ < other.size_;
    for (usize i = size_; i-- > 0;)
      if (words_[i] != other.words_[i]) return words_[i] < other.words_[i];
    return false;
  }
  /// `other` is not larger.
  void subtract(const Natural& other) {
    i64 carry = 0;
    for (usize i = 0; i < size_; ++i) {
      carry += i64{words_[i]} - (i < other.size_ ? i64{other.words_[i]} : 0);
      words_[i] = static_cast<u32>(carry);
      carry >>= 32;
    }
    trim();
  }

 private:
  void trim() {
    while (size_ > 0 && words_[size_ - 1] == 0) --size_;
  }

  std::array<u32, 256> words_{};
  usize size_ = 0;
};

/// The double nearest to numerator / denominator, neither of them 0; with `is_more`, of a numerator
/// that is a little larger.
double quotient(Natural numerator, Natural denominator, bool is_more) {
  // So that the quotient has 64 or 65 bits.
  auto shift = static_cast<i64>(denominator.bits()) - static_cast<i64>(numerator.bits()) + 64;
  if (shift > 0)
    numerator.shift_left(static_cast<usize>(shift));
  else
    denominator.shift_left(static_cast<usize>(-shift));
  u64 bits = 0;
  i64 exponent = -shift;
  Natural divisor = denominator;
  divisor.shift_left(64);
  bool is_long = false;
  if (!numerator.is_less_than(divisor)) {
    is_long = true;
    numerator.subtract(divisor);
  }
  for (int i = 0; i < 64; ++i) {
    numerator.shift_left(1);
    bool const is_set = !numerator.is_less_than(divisor);
    if (is_set) numerator.subtract(divisor);
    bits = bits << 1 | (is_set ? 1 : 0);
  }
  bool rest = is_more || !numerator.is_zero();
  if (is_long) {
    rest = rest || (bits & 1) != 0;
    bits = bits >> 1 | u64{1} << 63;
    ++exponent;
  }
  int const zeros = std::countl_zero(bits);
  bits <<= zeros;
  exponent -= zeros;
  // The value is bits * 2^exponent, with the highest bit set.
  i64 biased = exponent + 63 - mantissa_bits + exponent_bias;
  int drop = 63 - mantissa_bits;
  if (biased <= 0) {
    if (drop + 1 - biased > 64) return 0;
    drop += static_cast<int>(1 - biased);
    biased = 0;
  }
  u64 const kept = drop == 64 ? 0 : bits >> drop;
  u64 const half = u64{1} << (drop - 1);
  u64 const dropped = drop == 64 ? bits : bits & ((half << 1) - 1);
  bool const rounds_up = dropped > half || (dropped == half && (rest || (kept & 1) != 0));
  // A mantissa that is full goes over into the exponent as it should.
  u64 const fraction = kept & ((u64{1} << mantissa_bits) - 1);
  u64 encoded = static_cast<u64>(biased) << mantissa_bits | fraction;
  if (rounds_up) ++encoded;
  constexpr u64 infinity = u64{0x7ff} << mantissa_bits;
  return std::bit_cast<double>(std::min(encoded, infinity));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool begins_with(std::string_view text, std::string_view word) {
  return text.size() >= word.size() &&
         std::ranges::equal(text.substr(0, word.size()), word, {}, lower);
}

/// All digits of a number: of 2^-1074 there are 751 that are not 0, behind 323 zeros.
class Decimal {
 public:
  explicit Decimal(double value) {
    u64 const bits = std::bit_cast<u64>(value);
    u64 mantissa = bits & ((u64{1} << mantissa_bits) - 1);
    int exponent = static_cast<int>(bits >> mantissa_bits & 0x7ff);
    if (exponent != 0)
      mantissa |= u64{1} << mantissa_bits;
    else
      exponent = 1;
    exponent -= exponent_bias;
    Natural number(mantissa);
    // m * 2^-k is m * 5^k / 10^k.
    if (exponent >= 0) number.shift_left(static_cast<usize>(exponent));
    for (int i = exponent; i < 0; ++i) number.multiply_add(5, 0);
    while (!number.is_zero()) digits_[size_++] = static_cast<u8>(number.divide(10));
    std::reverse(digits_.begin(), digits_.begin() + static_cast<std::ptrdiff_t>(size_));
    point_ = static_cast<i64>(size_) + std::min(exponent, 0);
  }

  bool is_zero() const { return size_ == 0; }
  /// Where the point stands, from the first digit, which is not 0.
  i64 point() const { return is_zero() ? 1 : point_; }
  /// The digit at a place left of the point for places from 0 up, right of it for others.
  char at(i64 index) const {
    bool const is_there = index >= 0 && index < static_cast<i64>(size_);
    return static_cast<char>('0' + (is_there ? digits_[static_cast<usize>(index)] : 0));
  }
  /// Keeps so many digits; the half goes to the even one. There may be one more before the first
  /// then.
  void round_to(i64 count) {
    if (count >= static_cast<i64>(size_)) return;
    if (count < 0) {
      size_ = 0;
      return;
    }
    auto const kept = static_cast<usize>(count);
    bool const is_odd = kept > 0 && digits_[kept - 1] % 2 != 0;
    bool const is_more = std::any_of(digits_.begin() + count + 1,
                                     digits_.begin() + static_cast<std::ptrdiff_t>(size_),
                                     [](u8 digit) { return digit != 0; });
    bool const goes_up = digits_[kept] > 5 || (digits_[kept] == 5 && (is_more || is_odd));
    size_ = kept;
    if (!goes_up) return;
    usize at = kept;
    while (at > 0 && digits_[at - 1] == 9) digits_[--at] = 0;
    if (at > 0) {
      ++digits_[at - 1];
      return;
    }
    std::copy_backward(digits_.begin(), digits_.begin() + count, digits_.begin() + count + 1);
    digits_[0] = 1;
    ++size_;
    ++point_;
  }

 private:
  std::array<u8, 1200> digits_{};
  usize size_ = 0;
  i64 point_ = 0;
};

void write_char(base::Sink& sink, char c) { sink.write(std::string_view(&c, 1)); }

/// `precision` digits behind the point, but none that are 0 at the end with `strips`.
void write_fixed(base::Sink& sink, const Decimal& number, usize precision, bool strips,
                 bool keeps_point) {
  i64 const point = number.is_zero() ? 1 : number.point();
  for (i64 i = std::min<i64>(point - 1, 0); i < point; ++i) write_char(sink, number.at(i));
  usize count = precision;
  while (strips && count > 0 && number.at(point + static_cast<i64>(count) - 1) == '0') --count;
  if (count > 0 || keeps_point) write_char(sink, '.');
  for (usize i = 0; i < count; ++i) write_char(sink, number.at(point + static_cast<i64>(i)));
}

void write_scientific(base::Sink& sink, const Decimal& number, usize precision, bool strips,
                      const FloatFormat& format) {
  write_char(sink, number.at(0));
  usize count = precision;
  while (strips && count > 0 && number.at(static_cast<i64>(count)) == '0') --count;
  if (count > 0 || format.is_alternative) write_char(sink, '.');
  for (usize i = 1; i <= count; ++i) write_char(sink, number.at(static_cast<i64>(i)));
  i64 const exponent = number.point() - 1;
  base::format_to(sink, "{}{}{:02}", format.is_upper ? "E" : "e", exponent < 0 ? "-" : "+",
                  exponent < 0 ? -exponent : exponent);
}

}  // namespace

ParsedNumber parse_floating_point(std::string_view text) {
  usize at = 0;
  bool const is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) ++at;
  auto const result = [&](double value) { return ParsedNumber{is_negative ? -value : value, at}; };
  for (std::string_view const word : {"infinity", "inf", "nan"}) {
    if (!begins_with(text.substr(at), word)) continue;
    at += word.size();
    return result(word == "nan" ? std::numeric_limits<double>::quiet_NaN()
                                : std::numeric_limits<double>::infinity());
  }
  Natural digits;
  usize count = 0;
  i64 exponent = 0;
  bool is_more = false;
  bool has_digits = false;
  for (bool after_point = false; at < text.size(); ++at) {
    char const c = text[at];
    if (c == '.' && !after_point) {
      after_point = true;
      continue;
    }
    if (!is_digit(c)) break;
    has_digits = true;
    if (after_point) --exponent;
    if (count >= max_digits) {
      is_more = is_more || c != '0';
      ++exponent;
      continue;
    }
    if (digits.is_zero())
      digits = Natural(static_cast<u64>(c - '0'));
    else
      digits.multiply_add(10, static_cast<u32>(c - '0'));
    if (!digits.is_zero()) ++count;
  }
  if (!has_digits) return {};
  if (at < text.size() && lower(text[at]) == 'e') {
    usize end = at + 1;
    bool const is_below = end < text.size() && text[end] == '-';
    if (end < text.size() && (text[end] == '-' || text[end] == '+')) ++end;
    if (end < text.size() && is_digit(text[end])) {
      i64 value = 0;
      for (; end < text.size() && is_digit(text[end]); ++end)
        value = std::min<i64>(value * 10 + (text[end] - '0'), 1'000'000'000);
      exponent += is_below ? -value : value;
      at = end;
    }
  }
  i64 const magnitude = static_cast<i64>(count) + exponent;
  if (digits.is_zero() || magnitude < -330) return result(0);
  if (magnitude > 310) return result(std::numeric_limits<double>::infinity());
  Natural divisor(1);
  if (exponent >= 0)
    digits.multiply_by_power_of_ten(static_cast<usize>(exponent));
  else
    divisor.multiply_by_power_of_ten(static_cast<usize>(-exponent));
  return result(quotient(digits, divisor, is_more));
}

void write_floating_point(base::Sink& sink, double value, const FloatFormat& format) {
  u64 const bits = std::bit_cast<u64>(value) & ~(u64{1} << 63);
  value = std::bit_cast<double>(bits);
  constexpr u64 infinity = u64{0x7ff} << mantissa_bits;
  if (bits >= infinity) {
    bool const is_number = bits == infinity;
    sink.write(format.is_upper ? (is_number ? "INF" : "NAN") : (is_number ? "inf" : "nan"));
    return;
  }
  Decimal number(value);
  switch (format.style) {
    case FloatStyle::Fixed:
      number.round_to(number.point() + static_cast<i64>(format.precision));
      write_fixed(sink, number, format.precision, false, format.is_alternative);
      return;
    case FloatStyle::Scientific:
      number.round_to(static_cast<i64>(format.precision) + 1);
      write_scientific(sink, number, format.precision, false, format);
      return;
    case FloatStyle::Shortest: {
      usize const digits = std::max<usize>(format.precision, 1);
      number.round_to(static_cast<i64>(digits));
      i64 const exponent = number.point() - 1;
      bool const strips = !format.is_alternative;
      if (exponent < -4 || exponent >= static_cast<i64>(digits))
        write_scientific(sink, number, digits - 1, strips, format);
      else
        write_fixed(sink, number, static_cast<usize>(static_cast<i64>(digits) - 1 - exponent),
                    strips, format.is_alternative);
      return;
    }
  }
}

}  // namespace nacre::text
