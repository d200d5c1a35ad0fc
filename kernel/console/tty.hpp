#pragma once

#include <array>
#include <bitset>
#include <expected>
#include <optional>
#include <span>
#include <string_view>

#include "kernel/console/console.hpp"
#include "lib/base/function_ref.hpp"
#include "lib/base/recent_queue.hpp"
#include "lib/base/string.hpp"
#include "lib/exec/task.hpp"
#include "lib/exec/wait.hpp"
#include "lib/text/composer.hpp"
#include "lib/text/keymap.hpp"
#include "lib/text/line_discipline.hpp"

namespace nacre::console {

/// Where a tty writes to besides the screen: the terminal at the other end of a serial line.
class SerialOutput {
 public:
  /// `bytes` lives until the task is done.
  virtual exec::Task<std::expected<void, base::OutOfMemory>> write(std::span<const u8> bytes) = 0;

 protected:
  ~SerialOutput() = default;
};

/// A `drivers::SerialPort`, or what has the same `write`, as one.
template <class Port>
class PortOutput final : public SerialOutput {
 public:
  explicit PortOutput(Port& port) : port_(port) {}
  [[clang::coro_wrapper]] exec::Task<std::expected<void, base::OutOfMemory>> write(
      std::span<const u8> bytes) override {
    return port_.write(bytes);
  }

 private:
  Port& port_;
};

struct TerminalSize {
  u16 columns = 80;
  u16 rows = 24;
  friend constexpr bool operator==(TerminalSize, TerminalSize) = default;
};

enum class InputMode : u8 {
  Raw,     // bytes are read as they come: the reader edits and echoes
  Cooked,  // lines are read, edited and echoed here; Ctrl-D is the end of file
};

/// What a key means to the owner of the input, rather than a byte to be read.
enum class TerminalSignal : u8 {
  Interrupt,  // Ctrl-C
  Suspend,    // Ctrl-Z
};

enum class ScreenError : u8 {
  NoScreen,
  Taken,  // by another lease, or another console is in front
};

class Consoles;
class Foreground;
class ScreenLease;

/// A terminal as tasks see it: what is typed on the keyboard and what comes
/// over the serial line is one input; what is written goes to the screen and the serial line. Task
/// context; the pumps below bring in what interrupts deliver.
class Tty {
 public:
  /// Either may be missing, and outlives the tty.
  Tty(Console* console, SerialOutput* serial) : console_(console), serial_(serial) {}
  Tty(const Tty&) = delete;
  Tty& operator=(const Tty&) = delete;
  ~Tty() { NACRE_ASSERT(foreground_ == nullptr && lease_ == nullptr); }

  /// Writes text; a line feed also returns to the start of the row. `text` lives until it is done.
  /// Errors: OutOfMemory, and then a part may have been written.
  exec::Task<std::expected<void, base::OutOfMemory>> write(std::string_view text);
  /// Waits for input and takes what there is, up to the end of a line in cooked mode. 0 is the end
  /// of file, which only cooked mode has.
  exec::Task<std::expected<usize, base::OutOfMemory>> read(std::span<u8> buffer);

  /// The same without waiting: nothing where `read` would wait.
  std::optional<usize> try_read(std::span<u8> buffer);
  /// A byte of input without waiting for it.
  std::optional<u8> try_read_byte();
  /// Waits for input. A hint.
  auto input_changed() { return input_changed_.wait(); }
  exec::WaitList& input_list() { return input_changed_; }
  /// How many bytes could be read at once, in cooked mode of lines that are complete.
  usize readable() const { return queued(); }
  /// Whether `read` would not wait: there is something, or the end of file was typed.
  bool has_input() const { return queued() != 0 || end_of_file_ == head_; }
  /// Wakes those who wait for input: there is something else to see to.
  void wake_readers() { input_changed_.wake_all(); }
  /// Whether nothing was written to the cursor's row before the cursor, as far as can be told.
  bool is_at_row_start() const;

  bool has_screen() const { return console_ != nullptr; }
  /// The screen, whoever draws on it at the moment, to look at; null where there is none.
  const drivers::Framebuffer* screen() const {
    return console_ == nullptr ? nullptr : &console_->screen();
  }
  /// Draws what was written at once. Nothing is drawn while somebody else has the screen.
  void draw() {
    if (console_ != nullptr) console_->flush();
  }
  /// Of the display in front of the one who types.
  TerminalSize size() const;
  /// The serial terminal cannot be seen from here; somebody has to say.
  void set_serial_size(TerminalSize size) { serial_size_ = size; }
  /// `layout` outlives this, or what is set next.
  void set_layout(const text::Layout& layout) {
    layout_ = &layout;
    composer_.reset();
  }
  /// The consoles that this tty is one of; null where it is the only one.
  Consoles* consoles() { return consoles_; }
  void set_consoles(Consoles* consoles) { consoles_ = consoles; }

  /// What the owner of the input asked for besides; nothing where there is no screen.
  text::InputRequests input_requests() const;
  void set_input_requests(const text::InputRequests& requests);

  /// The screen for one program alone, with key events in place of their characters.
  std::expected<ScreenLease, ScreenError> take_screen();

  /// What the keyboard sent.
  void receive_scan_code(u8 code);
  /// A key, where somebody else has decoded what the keyboard sent.
  void receive_key(const text::KeyEvent& event);
  /// Whether keys reach this tty from now on. Programs that asked for it are told.
  void set_focus(bool has_focus);
  /// Keys of somebody who is no keyboard: the mouse. Lost where there is no room.
  void send(std::string_view bytes);
  /// Text as if it had been typed, marked as pasted if the program asked for that. What there is no
  /// room for waits until somebody reads, and so do keys that are pressed meanwhile. Lost whole
  /// without memory for it, and while a program has the screen.
  void paste(std::string_view text);
  /// What came over the serial line. False if there is no room; then nothing happened.
  bool receive_serial(u8 byte);
  bool has_room() const { return pasted_.empty() && queued() < queue_size; }
  /// Waits for room. A hint.
  auto room_changed() { return room_changed_.wait(); }
  /// Writes what was echoed since the last time.
  exec::Task<std::expected<void, base::OutOfMemory>> flush_echo();

  /// Draws what was written, at most every few milliseconds. Runs for ever; spawn it where there is
  /// a screen.
  exec::Task<void> run_display();
  /// Makes blink what blinks, for ever; spawn it where there is a screen. While nothing does, it
  /// waits without a timer.
  exec::Task<void> run_blinking();
  /// There is something to draw.
  void display_changed();

  /// Characters that were typed with nobody reading for so long that there was no room.
  base::u64 dropped() const { return dropped_; }

 private:
  friend class Foreground;
  friend class ScreenLease;

  static constexpr usize queue_size = 4096;
  static constexpr usize key_queue_size = 64;
  /// What is pasted beyond that while nobody reads is lost.
  static constexpr usize most_pasted = usize{512} * 1024;

  /// What is to be echoed, until a pump writes it.
  class Echo final : public base::Sink {
   public:
    void write(std::string_view text) override {
      usize const count = text.copy(bytes_.data() + size_, bytes_.size() - size_);
      size_ += count;
    }
    /// Whether there is room for what a byte of text may add.
    bool has_room() const { return bytes_.size() - size_ >= 4; }
    std::array<char, 1024> bytes_{};
    usize size_ = 0;
  };

  usize queued() const { return static_cast<usize>(tail_ - head_); }
  InputMode mode() const;
  bool receive(u8 byte);
  bool enqueue(std::string_view bytes);
  bool receive_all(std::string_view bytes);
  void go_on_pasting();
  usize take(std::span<u8> buffer);
  bool signal(TerminalSignal signal);
  void mode_changed();
  void cook_queue();
  void cook(u8 byte);
  void take_answers();
  bool scroll_view(const text::KeyEvent& event);

  Console* console_;
  SerialOutput* serial_;
  const text::Layout* layout_ = &text::us_layout;
  text::ScanCodeDecoder keyboard_;
  text::Composer composer_;
  std::bitset<256> down_;  // the keys that are held
  Consoles* consoles_ = nullptr;
  bool typed_on_keyboard_ = true;
  TerminalSize serial_size_;

  // What can be read: bytes `head_` up to `tail_`, counted from the beginning of time.
  std::array<u8, queue_size> queue_{};
  base::u64 head_ = 0;
  base::u64 tail_ = 0;
  base::u64 cooked_end_ = 0;              // bytes before this one are lines already
  std::optional<base::u64> end_of_file_;  // before this byte
  base::u64 dropped_ = 0;
  // What is pasted and not in the queue yet, from `pasted_end_` on.
  base::String pasted_;
  usize pasted_end_ = 0;
  text::LineDiscipline discipline_;
  Echo echo_;
  exec::WaitList input_changed_;
  exec::WaitList room_changed_;

  char last_written_ = '\0';
  bool display_is_stale_ = false;
  exec::WaitList display_stale_;
  exec::WaitList display_drawn_;

  Foreground* foreground_ = nullptr;
  ScreenLease* lease_ = nullptr;
  base::RecentQueue<text::KeyEvent, key_queue_size> keys_;
  exec::WaitList keys_changed_;
};

/// Makes somebody the owner of the tty's input for as long as it lives: the mode that they want,
/// what they ask of the terminal, and what Ctrl-C and Ctrl-Z do. Owners nest; the innermost counts,
/// and ends first.
class Foreground {
 public:
  using OnSignal = base::FunctionRef<void(TerminalSignal)>;

  /// `on_signal` is called in a pump's task; it may cancel the owner's task. It is borrowed.
  Foreground(Tty& tty, InputMode mode, OnSignal on_signal);
  Foreground(const Foreground&) = delete;
  Foreground& operator=(const Foreground&) = delete;
  ~Foreground();

  /// Another mode from now on; without `has_signals`, Ctrl-C and Ctrl-Z are bytes to be read.
  void set_mode(InputMode mode, bool has_signals = true);

 private:
  friend class Tty;
  Tty& tty_;
  Foreground* outer_;
  text::InputRequests outer_requests_;
  InputMode mode_;
  bool has_signals_ = true;
  OnSignal on_signal_;
};

/// The screen and the keyboard as one program's own. Giving it back shows the terminal again.
class [[nodiscard]] ScreenLease {
 public:
  ScreenLease(ScreenLease&& other) noexcept;
  ScreenLease& operator=(ScreenLease&&) = delete;
  ~ScreenLease();

  drivers::Framebuffer& framebuffer() { return *framebuffer_; }
  /// What the terminal writes with.
  const text::Font& font() const { return tty_->console_->font(); }
  /// The oldest key event that was not taken yet. Of a program that takes none for long, only the
  /// newest are kept.
  std::optional<text::KeyEvent> try_next_key();
  /// Waits for key events, or for this to be given back. A hint: take them in a loop.
  auto keys_changed() { return tty_->keys_changed_.wait(); }
  /// The character that an event types in the keyboard's layout; 0 if it types none that prints.
  char32_t character_of(const text::KeyEvent& event) const;
  bool is_down(text::Key key) const { return tty_->down_[static_cast<u8>(key)]; }

 private:
  friend class Tty;
  ScreenLease(Tty& tty, drivers::Framebuffer& framebuffer);

  Tty* tty_;
  drivers::Framebuffer* framebuffer_;
};

/// Brings scan codes from an `exec::InterruptStream` into a tty, or into `Consoles`, for ever.
template <class Target, class Stream>
exec::Task<void> pump_keyboard(Target& target, Stream& stream) {
  for (;;) {
    while (auto const code = stream.try_next()) target.receive_scan_code(*code);
    static_cast<void>(co_await target.flush_echo());  // Without memory there is no echo.
    co_await stream.changed();
  }
}

/// Brings bytes from a `drivers::SerialPort` into the tty, for ever. When nobody reads, it stops
/// taking bytes, so that the port tells the other side to wait.
template <class Port>
exec::Task<void> pump_serial(Tty& tty, Port& port) {
  std::array<u8, 64> bytes;
  for (;;) {
    while (usize const count = port.try_read(bytes)) {
      for (usize i = 0; i < count; ++i)
        while (!tty.receive_serial(bytes[i])) co_await tty.room_changed();
      static_cast<void>(co_await tty.flush_echo());
    }
    co_await port.readable();
  }
}

}  // namespace nacre::console
