#include "lib/text/pointer.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace nacre::text {
namespace {

constexpr CellGrid grid{.columns = 10, .rows = 4, .cell_width = 8, .cell_height = 16};

std::vector<MouseEvent> told(Pointer& pointer, const MouseMovement& movement) {
  std::vector<MouseEvent> events;
  pointer.feed(movement, grid, {}, [&](const MouseEvent& event) { events.push_back(event); });
  return events;
}

TEST(Pointer, TellsOfOtherCellsAndStopsAtTheEdges) {
  Pointer pointer;
  EXPECT_TRUE(told(pointer, {.right = 7, .down = 15}).empty()) << "within the first cell";
  auto events = told(pointer, {.right = 1});
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].kind, MouseEvent::Kind::Moved);
  EXPECT_EQ(events[0].column, 1);
  EXPECT_EQ(events[0].row, 0);
  told(pointer, {.right = 1000, .down = 1000});
  EXPECT_EQ(pointer.place(), (CellPlace{3, 9}));
  told(pointer, {.right = -8});
  EXPECT_EQ(pointer.place(), (CellPlace{3, 8}));
  told(pointer, {.right = -1000, .down = -1000});
  EXPECT_EQ(pointer.place(), (CellPlace{0, 0}));
}

TEST(Pointer, ButtonsAndWheelComeAfterTheMovement) {
  Pointer pointer;
  auto const events =
      told(pointer, {.right = 8, .wheel_up = -2, .left_button = true, .right_button = true});
  ASSERT_EQ(events.size(), 5u);
  EXPECT_EQ(events[0].kind, MouseEvent::Kind::Moved);
  EXPECT_EQ(events[0].button, MouseButton::None);
  EXPECT_EQ(events[1].button, MouseButton::Left);
  EXPECT_EQ(events[1].column, 1);
  EXPECT_EQ(events[2].button, MouseButton::Right);
  EXPECT_EQ(events[3].button, MouseButton::WheelDown);
  EXPECT_EQ(events[4].button, MouseButton::WheelDown);
  auto const dragged = told(pointer, {.right = 8, .left_button = true});
  ASSERT_EQ(dragged.size(), 2u);
  EXPECT_EQ(dragged[0].button, MouseButton::Left) << "the one that is held";
  EXPECT_EQ(dragged[1].kind, MouseEvent::Kind::Released);
  EXPECT_EQ(dragged[1].button, MouseButton::Right);
}

TEST(Pointer, AGridThatBecomesSmallerHoldsIt) {
  Pointer pointer;
  told(pointer, {.right = 1000, .down = 1000});
  pointer.feed({}, {.columns = 3, .rows = 2, .cell_width = 8, .cell_height = 16}, {},
               [](const MouseEvent& event) { EXPECT_EQ(event.kind, MouseEvent::Kind::Moved); });
  EXPECT_EQ(pointer.place(), (CellPlace{1, 2}));
}

TEST(ClickCounter, CountsWhatComesSoonAtOnePlace) {
  ClickCounter clicks;
  base::Instant const now{};
  EXPECT_EQ(clicks.count({1, 1}, now), 1u);
  EXPECT_EQ(clicks.count({1, 1}, now), 2u);
  EXPECT_EQ(clicks.count({1, 1}, now), 3u);
  EXPECT_EQ(clicks.count({1, 1}, now), 1u);
  EXPECT_EQ(clicks.count({1, 2}, now), 1u);
  base::Instant const later = now + ClickCounter::longest_pause;
  EXPECT_EQ(clicks.count({1, 2}, later), 2u);
  EXPECT_EQ(clicks.count({1, 2}, later + ClickCounter::longest_pause + base::Duration{1}), 1u);
}

}  // namespace
}  // namespace nacre::text
