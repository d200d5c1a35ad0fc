#include "lib/text/key_reports.hpp"

#include <gtest/gtest.h>
#include <string>

#include "lib/text/layout_file.hpp"
#include "lib/text/terminal.hpp"

namespace nacre::text {
namespace {

constexpr u8 disambiguate = KeyReports::disambiguate;
constexpr u8 types = KeyReports::event_types;
constexpr u8 all = KeyReports::all_keys;

/// What is sent, `-` for what is sent without enhancements, too.
std::string sent(u8 reports, Key key, Modifiers modifiers = {}, std::string_view what = "press",
                 const Layout& layout = us_layout) {
  auto const bytes = report_key(layout,
                                {.key = key,
                                 .pressed = what != "release",
                                 .repeated = what == "repeat",
                                 .modifiers = modifiers},
                                reports);
  return bytes ? std::string(bytes->view()) : "-";
}

TEST(KeyReports, WithoutEnhancementsAllIsAsAlways) {
  EXPECT_EQ(sent(0, Key::A, {.control = true}), "-");
  EXPECT_EQ(sent(0, Key::A, {}, "release"), "-");
}

TEST(KeyReports, WhatCouldBeMistakenIsTold) {
  EXPECT_EQ(sent(disambiguate, Key::Escape), "\x1b[27u");
  EXPECT_EQ(sent(disambiguate, Key::I, {.control = true}), "\x1b[105;5u");
  EXPECT_EQ(sent(disambiguate, Key::I, {.shift = true, .control = true}), "\x1b[105;6u");
  EXPECT_EQ(sent(disambiguate, Key::Digit2, {.alt = true}), "\x1b[50;3u");
  EXPECT_EQ(sent(disambiguate, Key::Tab, {.shift = true}), "\x1b[9;2u");
  EXPECT_EQ(sent(disambiguate, Key::Enter, {.control = true}), "\x1b[13;5u");
  EXPECT_EQ(sent(disambiguate, Key::KeypadEnter), "\x1b[57414u");
  EXPECT_EQ(sent(disambiguate, Key::A, {.super = true}), "\x1b[97;9u");
  EXPECT_EQ(sent(disambiguate, Key::A, {.alt_gr = true}), "\x1b[97;3u") << "the right Alt";
}

TEST(KeyReports, WhatWritesStillWrites) {
  for (Key const key : {Key::A, Key::Digit2, Key::Space, Key::Enter, Key::Tab, Key::Backspace})
    EXPECT_EQ(sent(disambiguate | types, key), "-");
  EXPECT_EQ(sent(disambiguate, Key::A, {.shift = true}), "-");
  EXPECT_EQ(sent(disambiguate, Key::Keypad7, {.num_lock = true}), "-");
  EXPECT_EQ(sent(disambiguate, Key::Q, {.alt_gr = true}, "press", *find_layout("de")), "-") << "@";
  EXPECT_EQ(sent(disambiguate, Key::Equal, {}, "press", *find_layout("de")), "-") << "a dead key";
  EXPECT_EQ(sent(disambiguate | types, Key::Menu), "-") << "the compose key";
  EXPECT_EQ(sent(disambiguate | types, Key::Menu, {}, "release"), "");
  EXPECT_EQ(sent(all, Key::Menu), "\x1b[57363u");
}

TEST(KeyReports, KeysHaveTheNamesOfTheLayout) {
  EXPECT_EQ(sent(disambiguate, Key::Z, {.control = true}, "press", *find_layout("de")),
            "\x1b[121;5u");
  EXPECT_EQ(sent(all, Key::Semicolon, {.shift = true}, "press", *find_layout("de")), "\x1b[246;2u");
}

TEST(KeyReports, FunctionKeys) {
  EXPECT_EQ(sent(disambiguate, Key::Up), "\x1b[A");
  EXPECT_EQ(sent(disambiguate, Key::Up, {.control = true}), "\x1b[1;5A");
  EXPECT_EQ(sent(disambiguate, Key::F3), "\x1b[13~");
  EXPECT_EQ(sent(disambiguate, Key::F10, {.shift = true}), "\x1b[21;2~");
  EXPECT_EQ(sent(disambiguate, Key::Keypad4), "\x1b[57417u");
  EXPECT_EQ(sent(disambiguate, Key::Keypad5), "\x1b[E");
  EXPECT_EQ(sent(disambiguate, Key::Keypad5, {.control = true}), "\x1b[1;5E");
  EXPECT_EQ(sent(disambiguate, Key::Keypad4, {.shift = true, .num_lock = true}), "\x1b[57417;130u");
  EXPECT_EQ(sent(disambiguate, Key::Delete, {.caps_lock = true}), "\x1b[3;65~");
}

TEST(KeyReports, PressRepeatAndRelease) {
  EXPECT_EQ(sent(disambiguate, Key::Up, {}, "release"), "");
  EXPECT_EQ(sent(disambiguate, Key::Up, {}, "repeat"), "\x1b[A");
  EXPECT_EQ(sent(disambiguate | types, Key::Up, {}, "repeat"), "\x1b[1;1:2A");
  EXPECT_EQ(sent(disambiguate | types, Key::Up, {}, "release"), "\x1b[1;1:3A");
  EXPECT_EQ(sent(types, Key::Delete, {}, "release"), "\x1b[3;1:3~");
  EXPECT_EQ(sent(types, Key::A, {}, "release"), "\x1b[97;1:3u");
  EXPECT_EQ(sent(types, Key::A, {}, "repeat"), "-");
  EXPECT_EQ(sent(types, Key::Enter, {}, "release"), "") << "unless all keys are told";
}

TEST(KeyReports, AllKeys) {
  EXPECT_EQ(sent(all, Key::A), "\x1b[97u");
  EXPECT_EQ(sent(all, Key::A, {.shift = true}), "\x1b[97;2u");
  EXPECT_EQ(sent(all, Key::A, {.caps_lock = true}), "\x1b[97;65u");
  EXPECT_EQ(sent(all, Key::Enter), "\x1b[13u");
  EXPECT_EQ(sent(all, Key::LeftShift, {.shift = true}), "\x1b[57441;2u");
  EXPECT_EQ(sent(all | types, Key::RightControl, {}, "release"), "\x1b[57448;1:3u");
  EXPECT_EQ(sent(all | types, Key::Enter, {}, "release"), "\x1b[13;1:3u");
  EXPECT_EQ(sent(all, Key::Keypad7, {.num_lock = true}), "\x1b[57406;129u");
  EXPECT_EQ(sent(disambiguate | types, Key::LeftShift, {.shift = true}), "");
}

class KeyReportRequests : public testing::Test {
 protected:
  int reports() const { return terminal_.key_modes().reports; }
  Terminal terminal_ = *Terminal::create(10, 4);
};

TEST_F(KeyReportRequests, ArePushedChangedAndPopped) {
  terminal_.write("\x1b[>1u\x1b[>31u\x1b[?u");
  EXPECT_EQ(terminal_.answers(), "\x1b[?11u") << "those that there are";
  terminal_.write("\x1b[=2;3u");
  EXPECT_EQ(reports(), 9);
  terminal_.write("\x1b[=2;2u");
  EXPECT_EQ(reports(), 11);
  terminal_.write("\x1b[=8u");
  EXPECT_EQ(reports(), 8);
  terminal_.write("\x1b[<u");
  EXPECT_EQ(reports(), 1);
  terminal_.write("\x1b[<9u");
  EXPECT_EQ(reports(), 0);
  for (int i = 0; i < 100; ++i) terminal_.write("\x1b[>2u");
  terminal_.write("\x1b[<7u");
  EXPECT_EQ(reports(), 2) << "the oldest made room";
  terminal_.write("\x1b[!p");
  EXPECT_EQ(reports(), 0);
}

TEST_F(KeyReportRequests, EachScreenHasItsOwn) {
  terminal_.write("\x1b[>1u\x1b[?1049h");
  EXPECT_EQ(reports(), 0);
  terminal_.write("\x1b[>8u\x1b[?1049l");
  EXPECT_EQ(reports(), 1);
}

TEST_F(KeyReportRequests, AreTheProgramsOwn) {
  terminal_.write("\x1b[>1u\x1b[?1003h\x1b[?1006h\x1b[?2004h\x1b[?1004h\x1b[?1h");
  InputRequests const mine = terminal_.input_requests();
  terminal_.set_input_requests({});
  EXPECT_EQ(reports(), 0);
  EXPECT_EQ(terminal_.modes().mouse, MouseReports::None);
  EXPECT_FALSE(terminal_.bracketed_paste() || terminal_.modes().focus_reports);
  EXPECT_TRUE(terminal_.modes().application_cursor);
  terminal_.set_input_requests(mine);
  EXPECT_EQ(reports(), 1);
  EXPECT_EQ(terminal_.modes().mouse, MouseReports::Motion);
  EXPECT_TRUE(terminal_.modes().numbered_mouse && terminal_.bracketed_paste());
}

}  // namespace
}  // namespace nacre::text
