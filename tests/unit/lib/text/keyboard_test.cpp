#include "lib/text/keyboard.hpp"

#include <gtest/gtest.h>
#include <initializer_list>
#include <vector>

#include "lib/text/keymap.hpp"

namespace nacre::text {
namespace {

std::vector<KeyEvent> feed(ScanCodeDecoder& decoder, std::initializer_list<int> bytes) {
  std::vector<KeyEvent> events;
  for (int const byte : bytes)
    if (auto const event = decoder.feed(static_cast<u8>(byte))) events.push_back(*event);
  return events;
}

TEST(ScanCodes, MakeRepeatAndBreak) {
  ScanCodeDecoder decoder;
  auto const events = feed(decoder, {0x1e, 0x1e, 0x9e});
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0], (KeyEvent{Key::A, true, false, {}}));
  EXPECT_EQ(events[1], (KeyEvent{Key::A, true, true, {}}));
  EXPECT_EQ(events[2], (KeyEvent{Key::A, false, false, {}}));
}

TEST(ScanCodes, ExtendedKeys) {
  ScanCodeDecoder decoder;
  auto const events = feed(decoder, {0xe0, 0x48, 0xe0, 0xc8, 0x48, 0xe0, 0x1d});
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(events[0].key, Key::Up);
  EXPECT_FALSE(events[1].pressed);
  EXPECT_EQ(events[2].key, Key::Keypad8);
  EXPECT_EQ(events[3].key, Key::RightControl);
  EXPECT_TRUE(events[3].modifiers.control);
}

TEST(ScanCodes, FeignedShiftsAndPause) {
  ScanCodeDecoder decoder;
  auto const print_screen = feed(decoder, {0xe0, 0x2a, 0xe0, 0x37, 0xe0, 0xb7, 0xe0, 0xaa});
  ASSERT_EQ(print_screen.size(), 2u);
  EXPECT_EQ(print_screen[0], (KeyEvent{Key::PrintScreen, true, false, {}}));
  auto const pause = feed(decoder, {0xe1, 0x1d, 0x45, 0xe1, 0x9d, 0xc5});
  ASSERT_EQ(pause.size(), 2u);
  EXPECT_EQ(pause[0].key, Key::Pause);
  EXPECT_TRUE(pause[0].pressed);
  EXPECT_FALSE(pause[1].pressed);
  EXPECT_FALSE(decoder.modifiers().control);
}

TEST(ScanCodes, LocksToggleOncePerPress) {
  ScanCodeDecoder decoder;
  feed(decoder, {0x3a, 0x3a, 0x3a, 0xba});
  EXPECT_TRUE(decoder.modifiers().caps_lock);
  feed(decoder, {0x3a, 0xba});
  EXPECT_FALSE(decoder.modifiers().caps_lock);
}

TEST(ScanCodes, OneShiftOfTwoStaysDown) {
  ScanCodeDecoder decoder;
  feed(decoder, {0x2a, 0x36, 0xaa});
  EXPECT_TRUE(decoder.modifiers().shift);
  feed(decoder, {0xb6});
  EXPECT_FALSE(decoder.modifiers().shift);
}

TEST(ScanCodes, AnOverrunReleasesAll) {
  ScanCodeDecoder decoder;
  feed(decoder, {0x2a, 0x1e, 0xff});
  EXPECT_FALSE(decoder.is_down(Key::A));
  EXPECT_FALSE(decoder.modifiers().shift);
}

TEST(ScanCodes, AnyBytesAreFine) {
  ScanCodeDecoder decoder;
  for (int first = 0; first < 256; ++first)
    for (int second = 0; second < 256; ++second) feed(decoder, {first, second});
}

std::string press(Key key, Modifiers modifiers = {}, KeyModes modes = {}) {
  return std::string(encode_key(us_layout, {key, true, false, modifiers}, modes).view());
}

TEST(Keymap, Characters) {
  EXPECT_EQ(press(Key::A), "a");
  EXPECT_EQ(press(Key::A, {.shift = true}), "A");
  EXPECT_EQ(press(Key::A, {.caps_lock = true}), "A");
  EXPECT_EQ(press(Key::A, {.shift = true, .caps_lock = true}), "a");
  EXPECT_EQ(press(Key::Digit2, {.caps_lock = true}), "2");
  EXPECT_EQ(press(Key::Digit2, {.shift = true}), "@");
  EXPECT_EQ(press(Key::Slash, {.shift = true}), "?");
  EXPECT_EQ(press(Key::Apostrophe, {.shift = true}), "\"");
}

TEST(Keymap, EveryPrintableAsciiCharacterCanBeTyped) {
  std::string typed;
  for (const LayoutKey& key : us_layout.keys()) {
    typed += press(key.key);
    typed += press(key.key, {.shift = true});
  }
  for (char c = 0x20; c < 0x7f; ++c) EXPECT_NE(typed.find(c), std::string::npos) << c;
}

TEST(Keymap, ControlAndAlt) {
  EXPECT_EQ(press(Key::C, {.control = true}), "\x03");
  EXPECT_EQ(press(Key::C, {.shift = true, .control = true}), "\x03");
  EXPECT_EQ(press(Key::Space, {.control = true}), std::string(1, '\0'));
  EXPECT_EQ(press(Key::LeftBracket, {.control = true}), "\x1b");
  EXPECT_EQ(press(Key::Comma, {.control = true}), "");
  EXPECT_EQ(press(Key::B, {.alt = true}),
            "\x1b"
            "b");
  EXPECT_EQ(press(Key::C, {.control = true, .alt = true}), "\x1b\x03");
}

TEST(Keymap, ControlSequences) {
  EXPECT_EQ(press(Key::Enter), "\r");
  EXPECT_EQ(press(Key::Backspace), "\x7f");
  EXPECT_EQ(press(Key::Tab, {.shift = true}), "\x1b[Z");
  EXPECT_EQ(press(Key::Up), "\x1b[A");
  EXPECT_EQ(press(Key::Up, {}, {.application_cursor = true}), "\x1bOA");
  EXPECT_EQ(press(Key::Left, {.control = true}, {.application_cursor = true}), "\x1b[1;5D");
  EXPECT_EQ(press(Key::Delete), "\x1b[3~");
  EXPECT_EQ(press(Key::Delete, {.shift = true}), "\x1b[3;2~");
  EXPECT_EQ(press(Key::F1), "\x1bOP");
  EXPECT_EQ(press(Key::F5), "\x1b[15~");
  EXPECT_EQ(press(Key::F12, {.alt = true}), "\x1b[24;3~");
}

TEST(Keymap, Keypad) {
  EXPECT_EQ(press(Key::Keypad7), "\x1b[H");
  EXPECT_EQ(press(Key::Keypad7, {.num_lock = true}), "7");
  EXPECT_EQ(press(Key::KeypadPlus), "+");
  EXPECT_EQ(press(Key::KeypadEnter), "\r");
  KeyModes const application{.application_keypad = true};
  EXPECT_EQ(press(Key::Keypad7, {}, application), "\x1bOw");
  EXPECT_EQ(press(Key::Keypad0, {}, application), "\x1bOp");
  EXPECT_EQ(press(Key::KeypadEnter, {}, application), "\x1bOM");
  EXPECT_EQ(press(Key::Keypad7, {.num_lock = true}, application), "7");
}

TEST(Keymap, ReleasesAndModifiersSendNothing) {
  EXPECT_TRUE(encode_key(us_layout, {Key::A, false, false, {}}).empty());
  EXPECT_TRUE(press(Key::LeftShift, {.shift = true}).empty());
  EXPECT_TRUE(press(Key::None).empty());
}

}  // namespace
}  // namespace nacre::text
