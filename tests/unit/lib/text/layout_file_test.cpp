#include "lib/text/layout_file.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "lib/text/composer.hpp"

namespace nacre::text {
namespace {

/// What keys send one after the other.
class Typist {
 public:
  explicit Typist(std::string_view name) : layout_(*find_layout(name)) {}
  Typist& press(Key key, Modifiers modifiers = {}) {
    typed_ += composer_.feed(layout_, {key, true, false, modifiers}).view();
    typed_ += composer_.feed(layout_, {key, false, false, modifiers}).view();
    return *this;
  }
  std::string typed() { return std::exchange(typed_, {}); }

 private:
  Layout layout_;
  Composer composer_;
  std::string typed_;
};

constexpr Modifiers shift{.shift = true};
constexpr Modifiers alt_gr{.alt_gr = true};

TEST(Layouts, AllCanBeReadAndAreNamedAsTheyAre) {
  EXPECT_EQ(layout_files().size(), 6u);
  for (const LayoutFile& file : layout_files()) {
    auto const layout = parse_layout(file.text);
    ASSERT_TRUE(layout) << file.name << ": line " << layout.error().line << ": "
                        << describe(layout.error().kind);
    EXPECT_EQ(layout->name(), file.name);
  }
  EXPECT_FALSE(find_layout("klingon"));
}

TEST(Layouts, EveryAsciiCharacterCanBeTypedInEach) {
  for (const LayoutFile& file : layout_files()) {
    auto const layout = *find_layout(file.name);
    std::string typed;
    for (const LayoutKey& key : layout.keys()) {
      for (auto const modifiers : {Modifiers{}, shift, alt_gr}) {
        Composer composer;
        typed += composer.feed(layout, {key.key, true, false, modifiers}).view();
        // Dead keys give their sign with a blank.
        if (composer.is_waiting())
          typed += composer.feed(layout, {Key::Space, true, false, {}}).view();
      }
    }
    for (char c = 0x20; c < 0x7f; ++c)
      EXPECT_NE(typed.find(c), std::string::npos) << file.name << " " << c;
  }
}

TEST(Layouts, KeysOfEach) {
  EXPECT_EQ(Typist("uk").press(Key::Digit3, shift).press(Key::Apostrophe, shift).typed(), "£@");
  EXPECT_EQ(Typist("de").press(Key::Y).press(Key::Semicolon).press(Key::Q, alt_gr).typed(), "zö@");
  EXPECT_EQ(Typist("fr").press(Key::Q).press(Key::Digit2).press(Key::Digit2, shift).typed(), "aé2");
  EXPECT_EQ(Typist("es").press(Key::Semicolon).press(Key::Digit3, alt_gr).typed(), "ñ#");
  EXPECT_EQ(Typist("dvorak").press(Key::S).press(Key::K).press(Key::Slash, shift).typed(), "otZ");
  EXPECT_EQ(Typist("us").press(Key::Q).typed(), "q");
}

TEST(Layouts, CapsLockIsForLetters) {
  Modifiers const caps{.caps_lock = true};
  EXPECT_EQ(Typist("de").press(Key::Semicolon, caps).press(Key::Minus, caps).typed(), "Öß");
  EXPECT_EQ(Typist("fr").press(Key::Digit2, caps).press(Key::Semicolon, caps).typed(), "éM");
}

TEST(Layouts, ShortcutsFollowTheLayout) {
  EXPECT_EQ(Typist("dvorak").press(Key::I, {.control = true}).typed(), "\x03");
  EXPECT_EQ(Typist("de").press(Key::Y, {.control = true}).typed(), "\x1a");
}

TEST(DeadKeys, JoinWithTheLetterBehind) {
  Typist german("de");
  EXPECT_EQ(german.press(Key::Equal).typed(), "");
  EXPECT_EQ(german.press(Key::E).typed(), "é");
  EXPECT_EQ(german.press(Key::Equal, shift).press(Key::A, shift).typed(), "À");
  EXPECT_EQ(german.press(Key::Grave).press(Key::O).press(Key::O).typed(), "ôo");
}

TEST(DeadKeys, StandAloneWithABlankOrTwice) {
  Typist german("de");
  EXPECT_EQ(german.press(Key::Grave).press(Key::Space).typed(), "^");
  EXPECT_EQ(german.press(Key::Grave).press(Key::Grave).press(Key::A).typed(), "^a");
}

TEST(DeadKeys, WhatDoesNotJoinIsBoth) {
  Typist german("de");
  EXPECT_EQ(german.press(Key::Equal).press(Key::Q).typed(), "´q");
  EXPECT_EQ(german.press(Key::Equal).press(Key::Grave).typed(), "´^");
}

TEST(DeadKeys, AreTakenBackByBackspaceAndForgottenByCommands) {
  Typist german("de");
  EXPECT_EQ(german.press(Key::Equal).press(Key::Backspace).press(Key::E).typed(), "e");
  EXPECT_EQ(german.press(Key::Equal).press(Key::C, {.control = true}).press(Key::E).typed(),
            "\x03"
            "e");
  EXPECT_EQ(german.press(Key::Equal).press(Key::LeftShift, shift).press(Key::E, shift).typed(),
            "É");
}

TEST(Compose, JoinsTwoCharacters) {
  Typist us("us");
  auto const composed = [&](Key first, Modifiers first_held, Key second,
                            Modifiers second_held = {}) {
    return us.press(Key::Menu).press(first, first_held).press(second, second_held).typed();
  };
  EXPECT_EQ(composed(Key::Apostrophe, {}, Key::E), "é");
  EXPECT_EQ(composed(Key::Apostrophe, shift, Key::U), "ü");
  EXPECT_EQ(composed(Key::S, {}, Key::S), "ß");
  EXPECT_EQ(composed(Key::Equal, {}, Key::E), "€");
  EXPECT_EQ(composed(Key::Minus, {}, Key::Period, shift), "→");
  EXPECT_EQ(composed(Key::Q, {}, Key::Q), "qq");
  EXPECT_EQ(us.press(Key::A).typed(), "a");
}

TEST(LayoutFiles, ErrorsNameTheirLine) {
  auto const error = [](std::string_view text) { return parse_layout(text).error(); };
  EXPECT_EQ(error(""), (LayoutError{LayoutError::Kind::NoName, 0}));
  EXPECT_EQ(error("# only this\n\n"), (LayoutError{LayoutError::Kind::NoName, 2}));
  EXPECT_EQ(error("A a A\n"), (LayoutError{LayoutError::Kind::NoName, 1}));
  EXPECT_EQ(error("layout\n"), (LayoutError{LayoutError::Kind::BadName, 1}));
  EXPECT_EQ(error("layout a/b\n"), (LayoutError{LayoutError::Kind::BadName, 1}));
  EXPECT_EQ(error("layout a b\n"), (LayoutError{LayoutError::Kind::BadName, 1}));
  EXPECT_EQ(error("layout abcdefghijklmnopq\n"), (LayoutError{LayoutError::Kind::BadName, 1}));
  EXPECT_EQ(error("layout x\n\nEnter a\n"), (LayoutError{LayoutError::Kind::UnknownKey, 3}));
  EXPECT_EQ(error("layout x\nAA a\n"), (LayoutError{LayoutError::Kind::UnknownKey, 2}));
  EXPECT_EQ(error("layout x\nA ab\n"), (LayoutError{LayoutError::Kind::UnknownWord, 2}));
  EXPECT_EQ(error("layout x\nA dead:cat\n"), (LayoutError{LayoutError::Kind::UnknownWord, 2}));
  EXPECT_EQ(error("layout x\nA U+110000\n"), (LayoutError{LayoutError::Kind::UnknownWord, 2}));
  EXPECT_EQ(error("layout x\nA U+d800\n"), (LayoutError{LayoutError::Kind::UnknownWord, 2}));
  EXPECT_EQ(error("layout x\nA \xff\n"), (LayoutError{LayoutError::Kind::UnknownWord, 2}));
  EXPECT_EQ(error("layout x\nA \x01\n"), (LayoutError{LayoutError::Kind::UnknownWord, 2}));
  EXPECT_EQ(error("layout x\nA a b c d e\n"), (LayoutError{LayoutError::Kind::TooManyWords, 2}));
}

TEST(LayoutFiles, ReadWhatTheyMay) {
  auto const layout =
      *parse_layout("# a comment\r\nlayout my-own_1\r\n  A\tU+00e4  none # U+41 \nA x");
  EXPECT_EQ(layout.name(), "my-own_1");
  EXPECT_EQ(typed_character(layout, {Key::A, true, false, {}}), U'x');
  EXPECT_EQ(typed_character(layout, {Key::A, true, false, shift}), U'\0');
  EXPECT_EQ(typed_character(layout, {Key::B, true, false, {}}), U'b');
}

}  // namespace
}  // namespace nacre::text
