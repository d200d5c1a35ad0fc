#include "lib/text/keymap.hpp"

#include <algorithm>
#include <optional>

#include "lib/text/utf8.hpp"

namespace nacre::text {
namespace {

using enum Key;

constexpr LayoutKey letter(Key key) {
  auto const offset = static_cast<char32_t>(static_cast<u8>(key) - static_cast<u8>(A));
  return {key, U'a' + offset, U'A' + offset, 0, 0, true};
}

constexpr bool is_dead(char32_t character) { return character >= 0x300 && character < 0x370; }

constexpr std::array us_keys = std::to_array<LayoutKey>({
    // clang-format off
    letter(A), letter(B), letter(C), letter(D), letter(E), letter(F), letter(G), letter(H), letter(I),
    letter(J), letter(K), letter(L), letter(M), letter(N), letter(O), letter(P), letter(Q), letter(R),
    letter(S), letter(T), letter(U), letter(V), letter(W), letter(X), letter(Y), letter(Z),
    {Digit1, U'1', U'!'}, {Digit2, U'2', U'@'}, {Digit3, U'3', U'#'}, {Digit4, U'4', U'$'},
    {Digit5, U'5', U'%'}, {Digit6, U'6', U'^'}, {Digit7, U'7', U'&'}, {Digit8, U'8', U'*'},
    {Digit9, U'9', U'('}, {Digit0, U'0', U')'}, {Space, U' ', U' '}, {Minus, U'-', U'_'},
    {Equal, U'=', U'+'}, {LeftBracket, U'[', U'{'}, {RightBracket, U']', U'}'},
    {Backslash, U'\\', U'|'}, {Semicolon, U';', U':'}, {Apostrophe, U'\'', U'"'},
    {Grave, U'`', U'~'}, {Comma, U',', U'<'}, {Period, U'.', U'>'}, {Slash, U'/', U'?'},
    {NonUsBackslash, U'\\', U'|'},
    // clang-format on
});

/// Keys that send CSI `number` ~ or, where `number` is 1, CSI `final`.
struct FunctionKey {
  Key key;
  u8 number;
  char final;
  bool is_cursor_key = false;
};
constexpr std::array function_keys = std::to_array<FunctionKey>({
    {Up, 1, 'A', true},   {Down, 1, 'B', true}, {Right, 1, 'C', true}, {Left, 1, 'D', true},
    {Home, 1, 'H', true}, {End, 1, 'F', true},  {Insert, 2, '~'},      {Delete, 3, '~'},
    {PageUp, 5, '~'},     {PageDown, 6, '~'},   {F1, 1, 'P'},          {F2, 1, 'Q'},
    {F3, 1, 'R'},         {F4, 1, 'S'},         {F5, 15, '~'},         {F6, 17, '~'},
    {F7, 18, '~'},        {F8, 19, '~'},        {F9, 20, '~'},         {F10, 21, '~'},
    {F11, 23, '~'},       {F12, 24, '~'},
});

/// A key of the keypad is a digit with num lock and another key without.
struct KeypadKey {
  Key key;
  char character;
  Key other = None;
};
constexpr std::array keypad_keys = std::to_array<KeypadKey>({
    {KeypadSlash, '/'},
    {KeypadStar, '*'},
    {KeypadMinus, '-'},
    {KeypadPlus, '+'},
    {KeypadPeriod, '.', Delete},
    {Keypad0, '0', Insert},
    {Keypad1, '1', End},
    {Keypad2, '2', Down},
    {Keypad3, '3', PageDown},
    {Keypad4, '4', Left},
    {Keypad5, '5', None},
    {Keypad6, '6', Right},
    {Keypad7, '7', Home},
    {Keypad8, '8', Up},
    {Keypad9, '9', PageUp},
});

template <class Table>
constexpr const auto* find_key(const Table& table, Key key) {
  auto const found =
      std::ranges::find_if(table, [key](const auto& entry) { return entry.key == key; });
  return found == std::ranges::end(table) ? nullptr : &*found;
}

/// The control character that Control makes of a character, if it makes one.
constexpr std::optional<char32_t> control_character(char32_t character) {
  if (character >= U'a' && character <= U'z') return character - U'a' + 1;
  if (character >= U'@' && character <= U'_') return character - U'@';
  switch (character) {
    case U' ':
    case U'2': return 0x00;
    case U'6': return 0x1e;
    case U'-':
    case U'/': return 0x1f;
    case U'?': return 0x7f;
    default: return std::nullopt;
  }
}
static_assert(control_character(U'c') == 3u && control_character(U'[') == 0x1bu);

KeyBytes with_alt(bool alt, std::string_view text) {
  KeyBytes bytes;
  if (alt) bytes.append("\x1b");
  bytes.append(text);
  return bytes;
}

/// What a key writes in a layout, and whether Alt was held besides.
struct Written {
  char32_t character = 0;
  bool alt = false;
};
Written written(const Layout& layout, const KeyEvent& event) {
  Modifiers const modifiers = event.modifiers;
  const LayoutKey* const entry = find_key(layout.keys(), event.key);
  if (entry == nullptr) return {};
  bool const shifted = modifiers.shift != (modifiers.caps_lock && entry->is_letter);
  char32_t const plain = shifted ? entry->shifted : entry->plain;
  if (!modifiers.alt_gr) return {plain, modifiers.alt};
  char32_t const third = shifted ? entry->shifted_alt_gr : entry->alt_gr;
  // A key without a third level: the right Alt is one like the left.
  return third != 0 ? Written{third, modifiers.alt} : Written{plain, true};
}

/// With the keypad switched to its own sequences. [dec/vt100: "DECKPAM"]
constexpr char application_final(Key key) {
  constexpr std::string_view digits = "qrstuvwxyp";
  if (key >= Keypad1 && key <= Keypad0)
    return digits[static_cast<usize>(key) - static_cast<usize>(Keypad1)];
  switch (key) {
    case KeypadStar: return 'j';
    case KeypadPlus: return 'k';
    case KeypadEnter: return 'M';
    case KeypadMinus: return 'm';
    case KeypadPeriod: return 'n';
    case KeypadSlash: return 'o';
    default: return '\0';
  }
}

KeyBytes encode_function_key(const FunctionKey& key, Modifiers modifiers, KeyModes modes) {
  unsigned const modifier =
      1u + (modifiers.shift ? 1u : 0u) + (modifiers.alt ? 2u : 0u) + (modifiers.control ? 4u : 0u);
  KeyBytes bytes;
  if (key.number == 1 && modifier == 1) {
    bool const is_ss3 = key.is_cursor_key ? modes.application_cursor : true;
    bytes.append(is_ss3 ? "\x1bO" : "\x1b[");
  } else {
    bytes.append("\x1b[");
    if (key.number >= 10) {
      char const tens = static_cast<char>('0' + key.number / 10);
      bytes.append({&tens, 1});
    }
    char const ones = static_cast<char>('0' + key.number % 10);
    bytes.append({&ones, 1});
    if (modifier != 1) {
      char const digit = static_cast<char>('0' + modifier);
      bytes.append(";");
      bytes.append({&digit, 1});
    }
  }
  bytes.append({&key.final, 1});
  return bytes;
}

}  // namespace

constinit const Layout us_layout = [] {
  Layout layout{.name_bytes = {'u', 's'}, .name_size = 2, .key_count = us_keys.size()};
  std::ranges::copy(us_keys, layout.key_table.begin());
  return layout;
}();

char32_t typed_character(const Layout& layout, const KeyEvent& event) {
  return event.pressed ? written(layout, event).character : char32_t{0};
}

KeyBytes encode_key(const Layout& layout, const KeyEvent& event, KeyModes modes) {
  if (!event.pressed) return {};
  Modifiers const modifiers = event.modifiers;
  Key key = event.key;
  if (char const final = application_final(key);
      final != 0 && modes.application_keypad && !modifiers.num_lock) {
    char const sequence[] = {'\x1b', 'O', final};
    return with_alt(modifiers.alt, {sequence, sizeof sequence});
  }
  if (const KeypadKey* const keypad = find_key(keypad_keys, key)) {
    if (keypad->other == None || modifiers.num_lock != modifiers.shift)
      return with_alt(modifiers.alt, {&keypad->character, 1});
    key = keypad->other;
  }
  switch (key) {
    case Enter:
    case KeypadEnter: return with_alt(modifiers.alt, "\r");
    case Escape: return with_alt(modifiers.alt, "\x1b");
    case Backspace: return with_alt(modifiers.alt, modifiers.control ? "\x08" : "\x7f");
    case Tab: return with_alt(modifiers.alt, modifiers.shift ? "\x1b[Z" : "\t");
    default: break;
  }
  if (const FunctionKey* const function = find_key(function_keys, key))
    return encode_function_key(*function, modifiers, modes);

  auto const [character, alt] = written(layout, event);
  if (character == 0 || is_dead(character) || modifiers.super) return {};
  if (modifiers.control) {
    auto const control = control_character(character);
    if (!control) return {};
    char const byte = static_cast<char>(*control);
    return with_alt(alt, {&byte, 1});
  }
  return with_alt(alt, encode_utf8(character).view());
}

}  // namespace nacre::text
