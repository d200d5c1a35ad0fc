#include "kernel/console/console.hpp"

#include <utility>

#include "kernel/console/builtin_fonts.hpp"
#include "lib/base/try.hpp"

namespace nacre::console {
namespace {

/// A program that does not end what it began is shown all the same.
constexpr base::u8 most_held_back = 25;

ConsoleError console_error(text::FontError error) {
  return error.kind == text::FontError::Kind::OutOfMemory ? ConsoleError::Kind::OutOfMemory
                                                          : ConsoleError::Kind::BadFont;
}
ConsoleError console_error(text::TerminalError error) {
  return error == text::TerminalError::Kind::OutOfMemory ? ConsoleError::Kind::OutOfMemory
                                                         : ConsoleError::Kind::ScreenTooSmall;
}

}  // namespace

std::expected<Console, ConsoleError> Console::create(drivers::Framebuffer& screen,
                                                     const text::Theme& theme) {
  TRY(auto console, create_behind(screen, theme));
  console.bring_to_front();
  return std::move(console);
}

std::expected<Console, ConsoleError> Console::create_behind(drivers::Framebuffer& screen,
                                                            const text::Theme& theme) {
  auto const convert = [](auto error) { return console_error(error); };
  TRY(auto regular, text::Font::parse(builtin_font()).transform_error(convert));
  TRY(auto bold, text::Font::parse(builtin_bold_font()).transform_error(convert));
  TRY(auto renderer, TerminalRenderer::create(std::move(regular), std::move(bold), screen));
  TRY(auto terminal,
      text::Terminal::create(renderer.columns(), renderer.rows(), theme).transform_error(convert));
  terminal.set_cell_pixels(static_cast<u16>(renderer.font().width()),
                           static_cast<u16>(renderer.font().height()));
  Console console(std::move(terminal), std::move(renderer), screen);
  console.in_front_ = false;
  return console;
}

void Console::flush() {
  if (!is_seen()) return;
  if (terminal_.modes().synchronized && held_back_ < most_held_back) {
    ++held_back_;
    return;
  }
  held_back_ = 0;
  selection_.forget_if_changed(terminal_);
  bool const is_all_new = renderer_.update(terminal_, marks());
  bool const is_stale = std::exchange(status_is_stale_, false);
  if (has_status_line() && (is_all_new || is_stale)) renderer_.draw_below(terminal_, status_);
}

void Console::redraw() {
  if (!is_seen()) return;
  selection_.forget_if_changed(terminal_);
  renderer_.redraw(terminal_, marks());
  if (has_status_line()) renderer_.draw_below(terminal_, status_);
  status_is_stale_ = false;
}

bool Console::blinks() {
  if (!is_seen()) return false;
  text::CursorState const cursor = terminal_.cursor();
  if (cursor.visible && cursor.blinks) return true;
  if (!terminal_.may_blink()) return false;
  for (u16 row = 0; row < terminal_.rows(); ++row)
    for (const text::Cell& cell : terminal_.visible_row(row))
      if (cell.attributes.has(text::Attribute::Blink)) return true;
  terminal_.nothing_blinks();
  return false;
}

std::expected<void, base::OutOfMemory> Console::show_status_line(bool shown) {
  if (shown == has_status_line() || renderer_.rows() < 2) return {};
  base::Vector<text::Cell> cells;
  TRY(cells.try_resize(shown ? renderer_.columns() : 0u));
  auto const rows = static_cast<u16>(renderer_.rows() - (shown ? 1 : 0));
  if (!terminal_.resize(renderer_.columns(), rows)) return std::unexpected(base::OutOfMemory{});
  status_ = std::move(cells);
  redraw();
  return {};
}

void Console::set_status(const StatusText& status) {
  if (!has_status_line()) return;
  lay_out_status(status_, status, terminal_.palette());
  status_is_stale_ = true;
}

}  // namespace nacre::console
