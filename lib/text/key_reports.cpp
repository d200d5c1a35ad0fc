#include "lib/text/key_reports.hpp"

#include "lib/base/format.hpp"

namespace nacre::text {
namespace {

using enum Key;
using base::u32;

/// A key by its number, and by how the sequence that tells of it ends.
struct NamedKey {
  u32 number = 0;
  char final = 'u';
};

/// Keys that write nothing. [kitty/keyboard: "Functional key definitions"]
constexpr std::array<NamedKey, 256> named_keys = [] {
  std::array<NamedKey, 256> table{};
  auto const set = [&table](Key key, u32 number, char final = 'u') {
    table[static_cast<u8>(key)] = {number, final};
  };
  auto const set_from = [&](Key first, u32 number, unsigned count, char final = 'u') {
    for (unsigned i = 0; i < count; ++i)
      set(static_cast<Key>(static_cast<unsigned>(first) + i), number + i, final);
  };
  set(Escape, 27);
  set(Enter, 13);
  set(Tab, 9);
  set(Backspace, 127);
  set(Insert, 2, '~');
  set(Delete, 3, '~');
  set(Left, 1, 'D');
  set(Right, 1, 'C');
  set(Up, 1, 'A');
  set(Down, 1, 'B');
  set(PageUp, 5, '~');
  set(PageDown, 6, '~');
  set(Home, 1, 'H');
  set(End, 1, 'F');
  set(CapsLock, 57358);
  set(ScrollLock, 57359);
  set(NumLock, 57360);
  set(PrintScreen, 57361);
  set(Pause, 57362);
  set(Menu, 57363);
  set(F1, 1, 'P');
  set(F2, 1, 'Q');
  set(F3, 13, '~');
  set(F4, 1, 'S');
  set(F5, 15, '~');
  set_from(F6, 17, 5, '~');
  set(F11, 23, '~');
  set(F12, 24, '~');
  set(Keypad0, 57399);
  set_from(Keypad1, 57400, 9);
  set(KeypadPeriod, 57409);
  set(KeypadSlash, 57410);
  set(KeypadStar, 57411);
  set(KeypadMinus, 57412);
  set(KeypadPlus, 57413);
  set(KeypadEnter, 57414);
  set(LeftShift, 57441);
  set(LeftControl, 57442);
  set(LeftAlt, 57443);
  set(LeftSuper, 57444);
  set(RightShift, 57447);
  set(RightControl, 57448);
  set(RightAlt, 57449);
  set(RightSuper, 57450);
  return table;
}();

/// What keys of the keypad are without num lock, from `Keypad1` to `KeypadPeriod`.
constexpr std::array<NamedKey, 11> keypad_without_lock{{{57424},
                                                        {57420},
                                                        {57422},
                                                        {57417},
                                                        {1, 'E'},
                                                        {57418},
                                                        {57423},
                                                        {57419},
                                                        {57421},
                                                        {57425},
                                                        {57426}}};

bool is_modifier(Key key) {
  return key >= LeftControl || key == CapsLock || key == NumLock || key == ScrollLock;
}
bool is_keypad_number(Key key) { return key >= Keypad1 && key <= KeypadPeriod; }
bool is_keypad_sign(Key key) { return key >= KeypadSlash && key <= KeypadPlus; }

NamedKey name_of(const Layout& layout, const KeyEvent& event) {
  bool const is_number = event.modifiers.num_lock != event.modifiers.shift;
  if (is_keypad_number(event.key) && !is_number)
    return keypad_without_lock[static_cast<usize>(event.key) - static_cast<usize>(Keypad1)];
  NamedKey const named = named_keys[static_cast<u8>(event.key)];
  if (named.number != 0) return named;
  // The character that it writes alone, whatever is held.
  return {typed_character(layout, {.key = event.key, .pressed = true})};
}

}  // namespace

std::optional<KeyBytes> report_key(const Layout& layout, const KeyEvent& event, u8 reports) {
  if (reports == 0) return std::nullopt;
  bool const tells_types = (reports & KeyReports::event_types) != 0;
  bool const tells_all = (reports & KeyReports::all_keys) != 0;
  if (!event.pressed && !tells_types) return KeyBytes{};
  if (is_modifier(event.key) && !tells_all) return KeyBytes{};

  Modifiers const held = event.modifiers;
  KeyEvent as_pressed = event;
  as_pressed.pressed = true;
  bool const is_number = held.num_lock != held.shift;
  bool const is_text = typed_character(layout, as_pressed) != 0 || is_keypad_sign(event.key) ||
                       (is_keypad_number(event.key) && is_number);
  // The right Alt is one like the left where it chooses no other character.
  bool const chooses =
      held.alt_gr && typed_character(layout, as_pressed) != typed_character(layout, [&] {
                       KeyEvent without = as_pressed;
                       without.modifiers.alt_gr = false;
                       return without;
                     }());
  bool const alt = held.alt || (held.alt_gr && !chooses);
  bool const is_command = held.control || alt || held.super;
  bool const is_plain = !is_command && !held.shift;
  if (!tells_all) {
    bool const is_edit = event.key == Enter || event.key == Tab || event.key == Backspace;
    // It composes what is written.
    if (event.key == Menu) return event.pressed ? std::nullopt : std::optional(KeyBytes{});
    // So that who sits at it can still work when the program has left it like that.
    if (is_edit && !event.pressed) return KeyBytes{};
    bool const stays = (is_text && !is_command) || (is_edit && is_plain) ||
                       ((reports & KeyReports::disambiguate) == 0 && !event.repeated);
    if (event.pressed && stays) return std::nullopt;
  }

  auto const [number, final] = name_of(layout, event);
  if (number == 0) return KeyBytes{};
  bool const tells_locks = tells_all || !is_text;
  unsigned const modifiers = 1u + (held.shift ? 1u : 0u) + (alt ? 2u : 0u) +
                             (held.control ? 4u : 0u) + (held.super ? 8u : 0u) +
                             (tells_locks && held.caps_lock ? 64u : 0u) +
                             (tells_locks && held.num_lock ? 128u : 0u);
  unsigned const type = !tells_types || (event.pressed && !event.repeated) ? 1u
                        : event.pressed                                    ? 2u
                                                                           : 3u;
  KeyBytes bytes;
  bytes.append("\x1b[");
  bool const has_more = modifiers != 1 || type != 1;
  if (number != 1 || has_more) bytes.append(base::FixedText<8>("{}", number));
  if (has_more) bytes.append(base::FixedText<8>(";{}", modifiers));
  if (type != 1) bytes.append(base::FixedText<8>(":{}", type));
  bytes.append({&final, 1});
  return bytes;
}

}  // namespace nacre::text
