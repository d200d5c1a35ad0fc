#include "lib/text/composer.hpp"

#include <algorithm>

#include "lib/text/composition.hpp"

namespace nacre::text {
namespace {

/// A mark that combines, as a character of its own and as it is written behind the compose key.
struct Accent {
  char32_t mark;
  char32_t alone;
  char32_t sign;
};
constexpr std::array accents = std::to_array<Accent>({
    {0x300, U'`', U'`'},
    {0x301, U'´', U'\''},
    {0x302, U'^', U'^'},
    {0x303, U'~', U'~'},
    {0x304, U'¯', U'_'},
    {0x306, U'˘', U'u'},
    {0x307, U'˙', U'.'},
    {0x308, U'¨', U'"'},
    {0x30a, U'˚', U'o'},
    {0x30b, U'˝', U'='},
    {0x30c, U'ˇ', U'<'},
    {0x327, U'¸', U','},
    {0x328, U'˛', U';'},
});

struct Pair {
  char32_t first;
  char32_t second;
  char32_t joined;
};
constexpr std::array pairs = std::to_array<Pair>({
    {U'a', U'e', U'æ'}, {U'A', U'E', U'Æ'}, {U'o', U'e', U'œ'}, {U'O', U'E', U'Œ'},
    {U's', U's', U'ß'}, {U'/', U'o', U'ø'}, {U'/', U'O', U'Ø'}, {U'd', U'h', U'ð'},
    {U'D', U'H', U'Ð'}, {U't', U'h', U'þ'}, {U'T', U'H', U'Þ'}, {U'/', U'l', U'ł'},
    {U'/', U'L', U'Ł'}, {U'<', U'<', U'«'}, {U'>', U'>', U'»'}, {U'!', U'!', U'¡'},
    {U'?', U'?', U'¿'}, {U'=', U'e', U'€'}, {U'=', U'E', U'€'}, {U'-', U'l', U'£'},
    {U'-', U'L', U'£'}, {U'=', U'y', U'¥'}, {U'=', U'Y', U'¥'}, {U'/', U'c', U'¢'},
    {U'o', U'c', U'©'}, {U'o', U'r', U'®'}, {U't', U'm', U'™'}, {U'o', U'o', U'°'},
    {U'+', U'-', U'±'}, {U'x', U'x', U'×'}, {U':', U'-', U'÷'}, {U'^', U'2', U'²'},
    {U'^', U'3', U'³'}, {U'1', U'2', U'½'}, {U'1', U'4', U'¼'}, {U'3', U'4', U'¾'},
    {U'-', U'>', U'→'}, {U'<', U'-', U'←'}, {U'.', U'.', U'…'}, {U'.', U'=', U'•'},
    {U's', U'o', U'§'}, {U'm', U'u', U'µ'}, {U'/', U'=', U'≠'}, {U'<', U'=', U'≤'},
    {U'>', U'=', U'≥'}, {U'-', U'-', U'–'},
});

KeyBytes bytes_of(char32_t first, char32_t second = 0) {
  KeyBytes bytes;
  bytes.append(encode_utf8(first).view());
  if (second != 0) bytes.append(encode_utf8(second).view());
  return bytes;
}

char32_t alone(char32_t mark) {
  auto const found = std::ranges::find(accents, mark, &Accent::mark);
  return found == accents.end() ? mark : found->alone;
}

bool is_mark(char32_t character) {
  return std::ranges::contains(accents, character, &Accent::mark);
}

bool is_modifier(Key key) {
  return (key >= Key::LeftControl && key <= Key::RightSuper) || key == Key::CapsLock ||
         key == Key::NumLock;
}

}  // namespace

char32_t composed_pair(char32_t first, char32_t second) {
  auto const found = std::ranges::find_if(
      pairs, [&](const Pair& pair) { return pair.first == first && pair.second == second; });
  if (found != pairs.end()) return found->joined;
  auto const accent = std::ranges::find(accents, first, &Accent::sign);
  if (accent == accents.end()) return 0;
  if (second == U' ') return accent->alone;
  return compose(second, accent->mark).value_or(U'\0');
}

KeyBytes Composer::feed(const Layout& layout, const KeyEvent& event, KeyModes modes) {
  if (!event.pressed || is_modifier(event.key)) return encode_key(layout, event, modes);
  if (event.key == Key::Menu) {
    state_ = State::Compose;
    return {};
  }
  char32_t const character = typed_character(layout, event);
  bool const is_command = event.modifiers.control || event.modifiers.alt || event.modifiers.super;
  if (character == 0 || is_command) {
    // What is no character ends it. Backspace takes back what waits.
    bool const is_taken_back = is_waiting() && event.key == Key::Backspace;
    reset();
    return is_taken_back ? KeyBytes{} : encode_key(layout, event, modes);
  }
  switch (state_) {
    case State::None:
      if (!is_mark(character)) return encode_key(layout, event, modes);
      state_ = State::Dead;
      first_ = character;
      return {};
    case State::Dead: return join_mark(character);
    case State::Compose:
      state_ = State::ComposeSecond;
      first_ = is_mark(character) ? alone(character) : character;
      return {};
    case State::ComposeSecond: {
      char32_t const second = is_mark(character) ? alone(character) : character;
      char32_t const joined = composed_pair(first_, second);
      char32_t const first = first_;
      reset();
      return joined != 0 ? bytes_of(joined) : bytes_of(first, second);
    }
  }
  return {};
}

/// A mark and a blank, or the mark again, is the mark alone.
KeyBytes Composer::join_mark(char32_t character) {
  char32_t const mark = first_;
  reset();
  if (character == U' ' || character == mark) return bytes_of(alone(mark));
  if (auto const joined = compose(character, mark)) return bytes_of(*joined);
  return bytes_of(alone(mark), is_mark(character) ? alone(character) : character);
}

}  // namespace nacre::text
