#pragma once

#include <expected>
#include <optional>
#include <string_view>

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

/// A terminal on a screen. It works without tasks, from boot until a panic; after `create` nothing
/// allocates.
class Console {
 public:
  /// The framebuffer must outlive the console.
  static std::expected<Console, ConsoleError> create(drivers::Framebuffer& screen,
                                                     const text::Theme& theme = text::nacre_theme);

  /// Takes what a terminal takes; it is seen after the next `flush`.
  void write(std::string_view bytes) { terminal_.write(bytes); }
  /// Draws what changed. While the screen belongs to somebody else it does nothing.
  void flush() {
    if (!lent_) renderer_.update(terminal_);
  }
  /// Draws everything, whatever is on the screen now.
  void redraw() {
    if (!lent_) renderer_.redraw(terminal_);
  }

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

  const text::Font& font() const { return renderer_.font(); }
  text::Terminal& terminal() { return terminal_; }
  const text::Terminal& terminal() const { return terminal_; }

 private:
  Console(text::Terminal terminal, TerminalRenderer renderer, drivers::Framebuffer& screen)
      : terminal_(std::move(terminal)), renderer_(std::move(renderer)), screen_(&screen) {}

  text::Terminal terminal_;
  TerminalRenderer renderer_;
  drivers::Framebuffer* screen_;
  bool lent_ = false;
};

}  // namespace nacre::console
