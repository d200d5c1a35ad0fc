#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "kernel/console/status_line.hpp"
#include "kernel/console/terminal_renderer.hpp"
#include "kernel/drivers/framebuffer.hpp"
#include "lib/text/terminal.hpp"

namespace nacre::console {

struct ConsoleError {
  enum class Kind : u8 {
    ScreenTooSmall,  // for one character
    BadFont,         // the built-in fonts cannot be read: a mistake in the build
    OutOfMemory,
  };
  Kind kind;

  constexpr ConsoleError(Kind error) : kind(error) {}
  constexpr ConsoleError(base::OutOfMemory) : kind(Kind::OutOfMemory) {}
  friend constexpr bool operator==(ConsoleError, ConsoleError) = default;
};

/// A terminal on a screen, with a line below it that tells how things are. It works without tasks,
/// from boot until a panic; after `create` nothing allocates but what says so. Several consoles may
/// share a screen: one of them is in front.
class Console {
 public:
  /// The framebuffer must outlive the console.
  static std::expected<Console, ConsoleError> create(drivers::Framebuffer& screen,
                                                     const text::Theme& theme = text::nacre_theme);
  /// As `create`, but behind another console.
  static std::expected<Console, ConsoleError> create_behind(drivers::Framebuffer& screen,
                                                            const text::Theme& theme);

  /// Takes what a terminal takes; it is seen after the next `flush`.
  void write(std::string_view bytes) { terminal_.write(bytes); }
  /// Draws what changed. While the screen belongs to somebody else it does nothing; and it waits,
  /// but not for ever, while a program says that what it writes is not whole yet.
  void flush();
  /// Draws everything, whatever is on the screen now.
  void redraw();

  /// In front or behind another console.
  void bring_to_front() {
    in_front_ = true;
    redraw();
  }
  void send_behind() { in_front_ = false; }
  bool is_in_front() const { return in_front_; }
  /// The screen, for another console to be on it as well.
  drivers::Framebuffer& screen() { return *screen_; }

  /// Lends the screen: writing goes on, drawing stops.
  drivers::Framebuffer& lend_screen() {
    lent_ = true;
    return *screen_;
  }
  void take_screen_back() {
    lent_ = false;
    redraw();
  }
  bool is_lent() const { return lent_; }

  /// Gives the last row to the status line, or to the terminal again. Errors: OutOfMemory; nothing
  /// changed then, and neither does it on a screen of one row.
  std::expected<void, base::OutOfMemory> show_status_line(bool shown);
  bool has_status_line() const { return !status_.empty(); }
  /// What is selected of the terminal's text. It is over once that changes.
  text::Selection& selection() { return selection_; }
  const text::Selection& selection() const { return selection_; }
  /// Where the mouse points; seen from the next `flush` on, until it is hidden.
  void show_pointer(text::CellPlace place) { pointer_ = place; }
  void hide_pointer() { pointer_.reset(); }
  bool shows_pointer() const { return pointer_.has_value(); }

  /// Whether something that is seen now blinks.
  bool blinks();
  /// What blinks appears or disappears with the next `flush`.
  void blink() { is_dark_ = !std::exchange(stays_lit_, false) && !is_dark_; }
  /// What will blink is seen at first.
  void end_blinking() { is_dark_ = stays_lit_ = false; }
  /// What blinks is seen, until after the next `blink`: somebody is at work there.
  void keep_lit() {
    is_dark_ = false;
    stays_lit_ = true;
  }

  /// What the status line tells from the next `flush` on.
  void set_status(const StatusText& status);

  const text::Font& font() const { return renderer_.font(); }
  text::Terminal& terminal() { return terminal_; }
  const text::Terminal& terminal() const { return terminal_; }

 private:
  Console(text::Terminal terminal, TerminalRenderer renderer, drivers::Framebuffer& screen)
      : terminal_(std::move(terminal)), renderer_(std::move(renderer)), screen_(&screen) {}

  bool is_seen() const { return in_front_ && !lent_; }
  TerminalMarks marks() const {
    return {.selection = selection_, .pointer = pointer_, .is_dark = is_dark_};
  }

  text::Terminal terminal_;
  TerminalRenderer renderer_;
  drivers::Framebuffer* screen_;
  text::Selection selection_;
  std::optional<text::CellPlace> pointer_;
  base::Vector<text::Cell> status_;  // the status line as it is to be seen, if there is one
  bool status_is_stale_ = false;
  bool is_dark_ = false;
  bool stays_lit_ = false;
  bool in_front_ = true;
  bool lent_ = false;
  base::u8 held_back_ = 0;  // how many times nothing was drawn because a program wanted that
};

}  // namespace nacre::console
