#include "kernel/console/mouse.hpp"

#include <utility>

namespace nacre::console {
namespace {

using text::MouseButton;
using text::MouseEvent;

/// How far a step of the wheel looks back, and how many keys it is for a program that has the
/// alternate screen.
constexpr int rows_of_wheel = 3;

}  // namespace

void Mouse::receive_byte(u8 byte, text::Modifiers modifiers, base::Instant now, Console& console,
                         Tty& tty) {
  auto const movement = decoder_.feed(byte);
  if (!movement) return;
  text::CellGrid const grid{.columns = console.terminal().columns(),
                            .rows = console.terminal().rows(),
                            .cell_width = static_cast<u16>(console.font().width()),
                            .cell_height = static_cast<u16>(console.font().height())};
  pointer_.feed(*movement, grid, modifiers, [&](const MouseEvent& event) {
    if (!console.is_lent()) handle(event, now, console, tty);
  });
  if (console.is_lent()) return;
  console.show_pointer(pointer_.place());
  tty.display_changed();
}

void Mouse::handle(const MouseEvent& event, base::Instant now, Console& console, Tty& tty) {
  const text::TerminalModes& modes = console.terminal().modes();
  if (modes.mouse != text::MouseReports::None && !event.modifiers.shift && !is_selecting_) {
    tty.send(text::encode_mouse(modes, event).view());
    return;
  }
  text::CellPlace const place{event.row, event.column};
  switch (event.kind) {
    case MouseEvent::Kind::Pressed:
      if (event.button >= MouseButton::WheelUp) turn_wheel(event, console, tty);
      if (event.button == MouseButton::Left) press_left(event, now, console);
      if (event.button == MouseButton::Middle) paste(tty);
      break;
    case MouseEvent::Kind::Moved:
      if (is_selecting_) console.selection().extend(console.terminal(), place);
      break;
    case MouseEvent::Kind::Released:
      if (event.button == MouseButton::Left && std::exchange(is_selecting_, false)) copy(console);
      break;
  }
}

void Mouse::turn_wheel(const MouseEvent& event, Console& console, Tty& tty) {
  bool const is_up = event.button == MouseButton::WheelUp;
  if (!console.terminal().is_alternate()) {
    console.terminal().scroll_view(is_up ? rows_of_wheel : -rows_of_wheel);
    return;
  }
  bool const is_application = console.terminal().modes().application_cursor;
  for (int key = 0; key < rows_of_wheel; ++key)
    tty.send(is_application ? (is_up ? "\x1bOA" : "\x1bOB") : (is_up ? "\x1b[A" : "\x1b[B"));
}

/// Begins a selection: of characters, by words after a double click, by lines after a triple click.
/// With Shift the one that is there becomes larger or smaller.
void Mouse::press_left(const MouseEvent& event, base::Instant now, Console& console) {
  text::CellPlace const place{event.row, event.column};
  is_selecting_ = true;
  text::Selection& selection = console.selection();
  selection.forget_if_changed(console.terminal());
  unsigned const clicks = clicks_.count(place, now);
  if (event.modifiers.shift && selection.has_begun()) {
    selection.extend(console.terminal(), place);
    return;
  }
  selection.start(console.terminal(), place,
                  clicks == 3   ? text::SelectionUnit::Line
                  : clicks == 2 ? text::SelectionUnit::Word
                                : text::SelectionUnit::Character);
}

/// What was copied before stays if nothing is selected, or without memory.
void Mouse::copy(const Console& console) {
  text::Selection selected = console.selection();
  selected.forget_if_changed(console.terminal());
  if (selected.empty()) return;
  if (auto copied = selected.copy(console.terminal())) clipboard_ = std::move(*copied);
}

}  // namespace nacre::console
