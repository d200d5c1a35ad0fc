#pragma once

namespace arcade {

/// A short text, put together from pieces: `Text("Score ") << 42`. What does not fit is cut off.
class Text {
 public:
  constexpr Text() = default;
  constexpr Text(const char* text) { *this << text; }

  constexpr Text& operator<<(const char* text) {
    while (*text != '\0') add(*text++);
    return *this;
  }
  constexpr Text& operator<<(int number) {
    if (number < 0) add('-');
    unsigned const magnitude = number < 0 ? 0u - static_cast<unsigned>(number) : number;
    return add_digits(magnitude, 1);
  }
  /// At least so many digits, with zeros in front.
  constexpr Text& add_digits(unsigned number, int at_least) {
    char digits[10];
    int count = 0;
    for (; number != 0 || count < at_least; number /= 10) digits[count++] = '0' + number % 10;
    while (count > 0) add(digits[--count]);
    return *this;
  }

  constexpr const char* data() const { return characters_; }
  constexpr int size() const { return size_; }
  /// How many cells it takes: bytes that begin a code point.
  constexpr int columns() const {
    int count = 0;
    for (int i = 0; i < size_; ++i) count += (characters_[i] & 0xc0) != 0x80;
    return count;
  }

 private:
  static constexpr int capacity = 64;
  constexpr void add(char character) {
    if (size_ < capacity) characters_[size_++] = character;
  }

  char characters_[capacity]{};
  int size_ = 0;
};
static_assert((Text("a") << -120 << "é").size() == 7 && (Text("aé")).columns() == 2);
static_assert(Text().add_digits(7, 3).size() == 3 && (Text() << 0).size() == 1);

/// Minutes and seconds: 3:07.
constexpr Text clock_text(int seconds) {
  Text text;
  text << seconds / 60 << ":";
  return text.add_digits(static_cast<unsigned>(seconds % 60), 2);
}

}  // namespace arcade
