#include "lib/text/mouse.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace nacre::text {
namespace {

std::vector<MouseMovement> decoded(bool has_wheel, std::initializer_list<int> bytes) {
  MouseDecoder decoder(has_wheel);
  std::vector<MouseMovement> movements;
  for (int const byte : bytes)
    if (auto const movement = decoder.feed(static_cast<u8>(byte))) movements.push_back(*movement);
  return movements;
}

TEST(MouseDecoder, MovementsAndButtons) {
  auto const found = decoded(false, {0x08, 5, 3, 0x39, 0xfe, 0xff, 0x0e, 0, 0});
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0], (MouseMovement{.right = 5, .down = -3}));
  EXPECT_EQ(found[1], (MouseMovement{.right = -2, .down = 1, .left_button = true}));
  EXPECT_EQ(found[2], (MouseMovement{.middle_button = true, .right_button = true}));
}

TEST(MouseDecoder, AWheelMakesPacketsLonger) {
  auto const found = decoded(true, {0x08, 0, 0, 0xff, 0x08, 1, 0, 0x01});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].wheel_up, 1);
  EXPECT_EQ(found[1].wheel_up, -1);
  EXPECT_EQ(found[1].right, 1);
}

TEST(MouseDecoder, FindsTheNextPacketAndKnowsNoDistanceAfterAnOverflow) {
  auto const found = decoded(false, {0x00, 0x07, 0x08, 1, 1, 0x49, 9, 9});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].right, 1);
  EXPECT_EQ(found[1], (MouseMovement{.left_button = true}));
}

TEST(MouseDecoder, FindsThePacketsAgainWhenBytesAreLost) {
  MouseDecoder decoder(true);
  int wrong = 0;
  int since_loss = 0;
  for (int packet = 0; packet < 1000; ++packet) {
    // Any one of the four bytes is lost now and then.
    int const lost = packet % 50 == 7 ? packet / 50 % 4 : -1;
    int const bytes[] = {0x08, 2, 1, 0};
    for (int i = 0; i < 4; ++i) {
      if (i == lost) continue;
      auto const movement = decoder.feed(static_cast<u8>(bytes[i]));
      if (movement && *movement != MouseMovement{.right = 2, .down = -1}) ++wrong;
    }
    since_loss = lost >= 0 ? 0 : since_loss + 1;
    if (since_loss == 2) {
      EXPECT_FALSE(decoder.is_in_packet()) << packet;
    }
  }
  EXPECT_LE(wrong, 20) << "one for each loss";
}

TEST(MouseDecoder, AWheelThatWasTurnedFastTellsOfAllSteps) {
  EXPECT_EQ(decoded(true, {0x08, 0, 0, 12})[0].wheel_up, -12);
  EXPECT_EQ(decoded(true, {0x08, 0, 0, 0x80})[0].wheel_up, 128);
}

std::string sent(const TerminalModes& modes, const MouseEvent& event) {
  return std::string(encode_mouse(modes, event).view());
}

TEST(MouseReporting, OnlyWhatIsWanted) {
  MouseEvent const pressed{.button = MouseButton::Left, .row = 1, .column = 2};
  MouseEvent const dragged{.kind = MouseEvent::Kind::Moved, .button = MouseButton::Left};
  MouseEvent const moved{.kind = MouseEvent::Kind::Moved};
  TerminalModes modes;
  EXPECT_EQ(sent(modes, pressed), "");
  modes.mouse = MouseReports::Buttons;
  EXPECT_EQ(sent(modes, pressed), "\x1b[M #\"");
  EXPECT_EQ(sent(modes, dragged), "");
  modes.mouse = MouseReports::Drags;
  EXPECT_EQ(sent(modes, dragged), "\x1b[M@!!");
  EXPECT_EQ(sent(modes, moved), "");
  modes.mouse = MouseReports::Motion;
  EXPECT_EQ(sent(modes, moved), "\x1b[MC!!");
}

TEST(MouseReporting, InNumbers) {
  TerminalModes const modes{.numbered_mouse = true, .mouse = MouseReports::Motion};
  EXPECT_EQ(sent(modes, {.button = MouseButton::Right, .row = 299, .column = 999}),
            "\x1b[<2;1000;300M");
  EXPECT_EQ(sent(modes, {.kind = MouseEvent::Kind::Released, .button = MouseButton::Right}),
            "\x1b[<2;1;1m");
  EXPECT_EQ(sent(modes, {.button = MouseButton::WheelDown, .modifiers = {.control = true}}),
            "\x1b[<81;1;1M");
  EXPECT_EQ(sent(modes, {.kind = MouseEvent::Kind::Moved, .row = 999, .column = 999}),
            "\x1b[<35;1000;1000M");
}

TEST(MouseReporting, WithoutNumbersThereIsALastColumn) {
  TerminalModes const modes{.mouse = MouseReports::Buttons};
  EXPECT_EQ(sent(modes, {.button = MouseButton::Left, .row = 0, .column = 222}), "\x1b[M \xff!");
  EXPECT_EQ(sent(modes, {.button = MouseButton::Left, .row = 0, .column = 223}), "");
  EXPECT_EQ(sent(modes, {.kind = MouseEvent::Kind::Released, .button = MouseButton::Left}),
            "\x1b[M#!!");
  EXPECT_EQ(sent(modes, {.kind = MouseEvent::Kind::Released, .button = MouseButton::WheelUp}), "");
}

}  // namespace
}  // namespace nacre::text
