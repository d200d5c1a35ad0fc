#pragma once

#include <array>
#include <string_view>

#include "kernel/console/console.hpp"
#include "kernel/console/mouse.hpp"
#include "kernel/console/tty.hpp"
#include "lib/base/function_ref.hpp"

namespace nacre::console {

/// What the machine tells at the end of the status line.
class StatusSource {
 public:
  /// Free memory, the time, in a few words. Written to `sink`.
  virtual void describe(base::Sink& sink) = 0;

 protected:
  ~StatusSource() = default;
};

/// Who works at a console when it is used for the first time.
class ConsoleStarter {
 public:
  /// Starts the tasks of a console that was just made; `number` counts from 1. False if there is no
  /// memory for them.
  virtual bool start(Console& console, Tty& tty, usize number) = 0;

 protected:
  ~ConsoleStarter() = default;
};

/// What is locked, as the keyboard shows it.
class KeyboardLights {
 public:
  virtual void show(bool caps_lock, bool num_lock) = 0;

 protected:
  ~KeyboardLights() = default;
};

/// Up to six consoles on one screen and keyboard, each with a terminal and a tty of its own; Alt-F1
/// to Alt-F6 bring them to the front. All but the first are made when they are first asked for, and
/// stay. Task context.
class Consoles {
 public:
  static constexpr usize most = 6;

  /// The first console, which is in front, and its tty; `console` is null where there is no screen.
  /// All outlive this.
  Consoles(Console* console, Tty& tty, ConsoleStarter& starter, KeyboardLights& lights);
  Consoles(const Consoles&) = delete;
  Consoles& operator=(const Consoles&) = delete;
  ~Consoles();

  /// What the keyboard sent: a change of console, a wish to paste, else it is for the console in
  /// front.
  void receive_scan_code(u8 code);
  /// What the mouse sent.
  void receive_mouse_byte(u8 byte, base::Instant now);
  Mouse& mouse() { return mouse_; }
  [[clang::coro_wrapper]] exec::Task<std::expected<void, base::OutOfMemory>> flush_echo() {
    return front_tty().flush_echo();
  }

  /// Brings a console to the front, counted from 1. False if it cannot be: a program has the
  /// screen, or there is no memory for another console.
  bool switch_to(usize number);
  /// Which one is in front.
  usize front() const { return front_ + 1; }
  Tty& front_tty() { return *entries_[front_].tty; }

  /// For all consoles, those to come as well.
  void set_theme(const text::Theme& theme);
  const text::Theme& theme() const { return theme_; }
  void set_layout(const text::Layout& layout);
  const text::Layout& layout() const { return layout_; }
  /// Errors: OutOfMemory; then some consoles may have it and others not.
  std::expected<void, base::OutOfMemory> show_status_line(bool shown);
  bool has_status_line() const { return has_status_line_; }

  /// Keeps the status line true, for ever. Spawn it where there is a screen; `source` outlives it.
  exec::Task<void> run_status_line(StatusSource& source);

 private:
  struct Made {
    Console console;
    Tty tty;
    explicit Made(Console made) : console(std::move(made)), tty(&console, nullptr) {}
  };
  struct Entry {
    Console* console = nullptr;
    Tty* tty = nullptr;
    base::Box<Made> made;  // of those that were made here
  };

  bool make(usize index);
  void update_status();

  ConsoleStarter& starter_;
  KeyboardLights& lights_;
  text::ScanCodeDecoder keyboard_;
  Mouse mouse_;
  std::array<Entry, most> entries_;
  usize front_ = 0;
  text::Theme theme_ = text::nacre_theme;
  text::Layout layout_ = text::us_layout;
  bool has_status_line_ = false;
  std::array<char, 64> machine_{};  // what the source told last
  usize machine_size_ = 0;
  exec::WaitList status_is_wanted_;
};

/// Brings what the mouse sends from an `exec::InterruptStream` into `consoles`, for ever.
template <class Stream>
exec::Task<void> pump_mouse(Consoles& consoles, Stream& stream, exec::Executor& executor) {
  for (;;) {
    while (auto const byte = stream.try_next()) consoles.receive_mouse_byte(*byte, executor.now());
    static_cast<void>(co_await consoles.flush_echo());  // Of what was pasted.
    co_await stream.changed();
  }
}

}  // namespace nacre::console
