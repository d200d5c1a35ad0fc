#include "lib/text/line_discipline.hpp"

#include "lib/text/width.hpp"

namespace nacre::text {
namespace {

constexpr u8 control(char letter) { return static_cast<u8>(letter & 0x1f); }

bool is_control(char character) {
  auto const byte = static_cast<u8>(character);
  return byte < 0x20 || byte == 0x7f;
}

}  // namespace

LineDiscipline::Delivery LineDiscipline::feed(u8 byte, base::Sink& echo) {
  if (std::exchange(delivered_, false)) size_ = 0;
  bool const after_return = std::exchange(after_return_, byte == '\r');
  switch (byte) {
    case '\n':
      if (after_return) return Delivery::None;  // CR LF is one end of line.
      [[fallthrough]];
    case '\r':
      echo.write("\r\n");
      line_[size_++] = '\n';
      return deliver();
    case control('D'): return size_ == 0 ? Delivery::EndOfFile : deliver();
    case '\b':
    case 0x7f:
      if (size_ > 0) erase_character(echo);
      return Delivery::None;
    case control('U'):
      while (size_ > 0) erase_character(echo);
      return Delivery::None;
    case control('W'):
      while (size_ > 0 && line_[size_ - 1] == ' ') erase_character(echo);
      while (size_ > 0 && line_[size_ - 1] != ' ') erase_character(echo);
      return Delivery::None;
    default: break;
  }
  if (size_ == max_size) {
    echo.write("\a");
    return Delivery::None;
  }
  char const character = static_cast<char>(byte);
  line_[size_++] = character;
  if (is_control(character) && character != '\t') {
    char const caret[] = {'^', static_cast<char>(character ^ 0x40)};
    echo.write({caret, 2});
  } else {
    echo.write({&character, 1});
  }
  return Delivery::None;
}

void LineDiscipline::erase_character(base::Sink& echo) {
  usize const end = size_;
  do {
    --size_;
  } while (size_ > 0 && is_utf8_continuation(line_[size_]));
  unsigned width = 0;
  if (is_control(line_[size_])) {
    width = line_[size_] == '\t' ? 1 : 2;  // Where a tab began is not known.
  } else {
    for_each_codepoint(std::string_view(line_.data() + size_, end - size_),
                       [&](char32_t codepoint) { width += codepoint_width(codepoint); });
  }
  for (unsigned i = 0; i < width; ++i) echo.write("\b \b");
}

}  // namespace nacre::text
