#pragma once

#include <algorithm>

#include "lib/base/time.hpp"
#include "lib/text/mouse.hpp"

namespace nacre::text {

/// A cell of what is seen, zero-based.
struct CellPlace {
  u16 row = 0;
  u16 column = 0;
  friend constexpr bool operator==(CellPlace, CellPlace) = default;
};

/// How many cells there are to point at, and how large each is. None of it is 0.
struct CellGrid {
  u16 columns = 1;
  u16 rows = 1;
  u16 cell_width = 1;
  u16 cell_height = 1;
  friend constexpr bool operator==(const CellGrid&, const CellGrid&) = default;
};

/// Where a mouse points in a grid of cells: turns what it tells into events at cells. A count of
/// the mouse is a pixel, and it stops at the edges.
class Pointer {
 public:
  CellPlace place() const {
    return {static_cast<u16>(y_ / grid_.cell_height), static_cast<u16>(x_ / grid_.cell_width)};
  }

  /// Calls `emit(const MouseEvent&)` for what happened in `grid`: first the movement, if it led to
  /// another cell, then the buttons, then each step of the wheel.
  template <class Emit>
  void feed(const MouseMovement& movement, const CellGrid& grid, Modifiers modifiers, Emit&& emit) {
    CellPlace const before = place();
    grid_ = grid;
    x_ = std::clamp(x_ + movement.right, 0, grid.columns * grid.cell_width - 1);
    y_ = std::clamp(y_ + movement.down, 0, grid.rows * grid.cell_height - 1);
    auto const tell = [&](MouseEvent::Kind kind, MouseButton button) {
      emit(MouseEvent{kind, button, place().row, place().column, modifiers});
    };
    using enum MouseEvent::Kind;
    if (place() != before) tell(Moved, held());
    auto const change = [&](bool& was_down, bool is_down, MouseButton button) {
      if (was_down == is_down) return;
      was_down = is_down;
      tell(is_down ? Pressed : Released, button);
    };
    change(left_, movement.left_button, MouseButton::Left);
    change(middle_, movement.middle_button, MouseButton::Middle);
    change(right_, movement.right_button, MouseButton::Right);
    for (int step = 0; step < movement.wheel_up; ++step) tell(Pressed, MouseButton::WheelUp);
    for (int step = 0; step < -movement.wheel_up; ++step) tell(Pressed, MouseButton::WheelDown);
  }

 private:
  MouseButton held() const {
    return left_     ? MouseButton::Left
           : middle_ ? MouseButton::Middle
           : right_  ? MouseButton::Right
                     : MouseButton::None;
  }

  CellGrid grid_;
  int x_ = 0;
  int y_ = 0;
  bool left_ = false;
  bool middle_ = false;
  bool right_ = false;
};

/// Tells single, double and triple clicks apart: presses of a button at one cell, one soon after
/// the other.
class ClickCounter {
 public:
  static constexpr base::Duration longest_pause{500'000'000};

  /// 1, 2 or 3; after that it begins anew.
  unsigned count(CellPlace place, base::Instant now) {
    bool const goes_on = count_ != 0 && place == place_ && now - last_ <= longest_pause;
    count_ = goes_on && count_ < 3 ? count_ + 1 : 1;
    place_ = place;
    last_ = now;
    return count_;
  }

 private:
  unsigned count_ = 0;
  CellPlace place_;
  base::Instant last_;
};

}  // namespace nacre::text
