#include "kernel/console/tty.hpp"

#include <algorithm>

#include "lib/base/time.hpp"
#include "lib/base/try.hpp"
#include "lib/text/paste.hpp"
#include "lib/text/utf8.hpp"

namespace nacre::console {
namespace {

using namespace base::literals;

/// What a byte from a keyboard asks for, if it is not to be read.
constexpr std::optional<TerminalSignal> signal_of(u8 byte) {
  switch (byte) {
    case 'C' & 0x1f: return TerminalSignal::Interrupt;
    case 'Z' & 0x1f: return TerminalSignal::Suspend;
    default: return std::nullopt;
  }
}
/// How long the display waits after it was drawn: no monitor shows more.
constexpr base::Duration display_interval = 8_ms;

/// How long what blinks is seen, and how long it is not.
constexpr base::Duration blink_interval = 530_ms;

std::span<const u8> as_bytes(std::string_view text) {
  return {static_cast<const u8*>(static_cast<const void*>(text.data())), text.size()};
}

}  // namespace

exec::Task<std::expected<void, base::OutOfMemory>> Tty::write(std::string_view text) {
  std::array<char, 512> chunk;
  while (!text.empty()) {
    usize size = 0;
    while (!text.empty() && size + 2 <= chunk.size()) {
      char const character = text.front();
      text.remove_prefix(1);
      if (character == '\n' && last_written_ != '\r') chunk[size++] = '\r';
      chunk[size++] = last_written_ = character;
    }
    std::string_view const ready(chunk.data(), size);
    if (console_ != nullptr) {
      console_->write(ready);
      take_answers();
      display_changed();
    }
    if (serial_ != nullptr) {
      CO_TRY(co_await serial_->write(as_bytes(ready)));
    } else if (!text.empty()) {
      co_await exec::yield();  // The serial line is what else gives others a turn.
    }
  }
  co_return std::expected<void, base::OutOfMemory>{};
}

exec::Task<std::expected<usize, base::OutOfMemory>> Tty::read(std::span<u8> buffer) {
  for (;;) {
    if (auto const count = try_read(buffer)) co_return *count;
    // What was typed ahead is echoed when it is wanted.
    if (echo_.size_ != 0) {
      CO_TRY(co_await flush_echo());
      continue;
    }
    co_await input_changed_.wait();
  }
}

std::optional<usize> Tty::try_read(std::span<u8> buffer) {
  if (buffer.empty()) return usize{0};
  if (usize const count = take(buffer); count != 0) {
    go_on_pasting();
    room_changed_.wake_all();
    return count;
  }
  if (end_of_file_ != head_) return std::nullopt;
  end_of_file_.reset();
  return usize{0};
}

std::optional<u8> Tty::try_read_byte() {
  u8 byte = 0;
  if (take({&byte, 1}) == 0) return std::nullopt;
  go_on_pasting();
  room_changed_.wake_all();
  return byte;
}

bool Tty::is_at_row_start() const {
  if (console_ != nullptr) return console_->terminal().cursor().column == 0;
  return last_written_ == '\0' || last_written_ == '\r' || last_written_ == '\n';
}

TerminalSize Tty::size() const {
  if (console_ != nullptr && (typed_on_keyboard_ || serial_ == nullptr))
    return {console_->terminal().columns(), console_->terminal().rows()};
  return serial_size_;
}

std::expected<ScreenLease, ScreenError> Tty::take_screen() {
  if (console_ == nullptr) return std::unexpected(ScreenError::NoScreen);
  if (console_->is_lent() || !console_->is_in_front()) return std::unexpected(ScreenError::Taken);
  return ScreenLease(*this, console_->lend_screen());
}

void Tty::receive_scan_code(u8 code) {
  if (auto const event = keyboard_.feed(code)) receive_key(*event);
}

void Tty::receive_key(const text::KeyEvent& event) {
  down_[static_cast<u8>(event.key)] = event.pressed;
  typed_on_keyboard_ = true;
  if (lease_ == nullptr && scroll_view(event)) return;
  text::KeyModes const modes =
      console_ != nullptr ? console_->terminal().key_modes() : text::KeyModes{};
  if (lease_ != nullptr) {
    keys_.push(event);
    keys_changed_.wake_all();
  }
  // Whatever else is to be told of keys, these two mean what they mean.
  text::KeyBytes const plain =
      event.modifiers.control ? text::encode_key(*layout_, event) : text::KeyBytes{};
  if (plain.view().size() == 1)
    if (auto const wanted = signal_of(static_cast<u8>(plain.view()[0]));
        wanted && signal(*wanted)) {
      composer_.reset();
      return;
    }
  if (lease_ != nullptr) return;
  // Lines are edited here: there is nobody to be told.
  std::optional<text::KeyBytes> const report =
      mode() == InputMode::Raw ? text::report_key(*layout_, event, modes.reports) : std::nullopt;
  text::KeyBytes const bytes = report ? *report : composer_.feed(*layout_, event, modes);
  if (bytes.empty()) return;
  if (console_ != nullptr) console_->keep_lit();
  // Who types wants to see it.
  if (console_ != nullptr && console_->terminal().view_offset() != 0) {
    console_->terminal().leave_scroll_back();
    display_changed();
  }
  if (!receive_all(bytes.view())) ++dropped_;
}

/// What a key sends, all of it or nothing; behind what is being pasted. False if there is no room.
bool Tty::receive_all(std::string_view bytes) {
  if (!pasted_.empty())
    return pasted_.size() + bytes.size() <= most_pasted && pasted_.append(bytes).has_value();
  if (bytes.size() > queue_size - queued()) return false;
  return std::ranges::all_of(bytes, [this](char byte) { return receive(static_cast<u8>(byte)); });
}

void Tty::send(std::string_view bytes) {
  if (lease_ != nullptr || bytes.empty()) return;
  typed_on_keyboard_ = true;
  if (!receive_all(bytes)) ++dropped_;
}

void Tty::paste(std::string_view text) {
  if (lease_ != nullptr || text.empty()) return;
  typed_on_keyboard_ = true;
  // Lines are edited here: there is nobody to read the marks.
  bool const is_bracketed =
      console_ != nullptr && console_->terminal().bracketed_paste() && mode() == InputMode::Raw;
  auto bytes = text::pasted_bytes(text, is_bracketed);
  if (!bytes || pasted_.size() + bytes->size() > most_pasted) return;
  if (pasted_.empty()) {
    pasted_ = std::move(*bytes);
  } else if (!pasted_.append(*bytes)) {
    return;
  }
  if (console_ != nullptr) console_->terminal().leave_scroll_back();
  display_changed();
  go_on_pasting();
}

/// Takes from what is being pasted as much as there is room for.
void Tty::go_on_pasting() {
  while (!pasted_.empty() && echo_.has_room()) {
    if (!receive(static_cast<u8>(pasted_[pasted_end_]))) return;
    // A signal among it has ended it.
    if (pasted_.empty() || ++pasted_end_ < pasted_.size()) continue;
    pasted_ = {};
    pasted_end_ = 0;
  }
}

/// Shift with Page Up and Page Down looks back at what left the screen, half a screen at a time.
bool Tty::scroll_view(const text::KeyEvent& event) {
  bool const is_up = event.key == text::Key::PageUp;
  if (console_ == nullptr || !event.modifiers.shift || (!is_up && event.key != text::Key::PageDown))
    return false;
  text::Terminal& terminal = console_->terminal();
  if (event.pressed) {
    int const lines = (terminal.rows() + 1) / 2;
    terminal.scroll_view(is_up ? lines : -lines);
    display_changed();
  }
  return true;
}

void Tty::set_focus(bool has_focus) {
  down_.reset();
  composer_.reset();
  if (console_ == nullptr || !console_->terminal().modes().focus_reports) return;
  if (!enqueue(has_focus ? "\x1b[I" : "\x1b[O")) ++dropped_;
}

bool Tty::receive_serial(u8 byte) {
  if (!signal_of(byte) && !has_room()) return false;
  if (!receive(byte)) return false;
  typed_on_keyboard_ = false;
  return true;
}

text::InputRequests Tty::input_requests() const {
  return console_ != nullptr ? console_->terminal().input_requests() : text::InputRequests{};
}

void Tty::set_input_requests(const text::InputRequests& requests) {
  if (console_ != nullptr) console_->terminal().set_input_requests(requests);
}

InputMode Tty::mode() const { return foreground_ != nullptr ? foreground_->mode_ : InputMode::Raw; }

/// False if there is no room; then nothing happened.
bool Tty::receive(u8 byte) {
  if (auto const wanted = signal_of(byte); wanted && signal(*wanted)) return true;
  if (mode() == InputMode::Raw) {
    char const character = static_cast<char>(byte);
    return enqueue({&character, 1});
  }
  // What a byte completes fits when the whole line does.
  if (discipline_.text().size() + 1 > queue_size - queued()) return false;
  cook(byte);
  return true;
}

bool Tty::enqueue(std::string_view bytes) {
  if (bytes.size() > queue_size - queued()) return false;
  for (char const byte : bytes) queue_[tail_++ % queue_size] = static_cast<u8>(byte);
  input_changed_.wake_all();
  return true;
}

usize Tty::take(std::span<u8> buffer) {
  usize count = 0;
  while (count < buffer.size() && head_ != tail_ && end_of_file_ != head_) {
    u8 const byte = queue_[head_++ % queue_size];
    buffer[count++] = byte;
    if (byte == '\n' && mode() == InputMode::Cooked) break;
  }
  return count;
}

/// False if such a key means nothing to the tty now.
bool Tty::signal(TerminalSignal signal) {
  if (foreground_ == nullptr || !foreground_->has_signals_) return false;
  // What was typed before it was meant for who is stopped.
  head_ = tail_;
  end_of_file_.reset();
  discipline_.clear();
  pasted_ = {};
  pasted_end_ = 0;
  room_changed_.wake_all();
  if (mode() == InputMode::Cooked)
    echo_.write(signal == TerminalSignal::Interrupt ? "^C\r\n" : "^Z\r\n");
  foreground_->on_signal_(signal);
  return true;
}

/// Whoever reads next gets what was typed ahead in the way that they want.
void Tty::mode_changed() {
  input_changed_.wake_all();
  if (mode() == InputMode::Cooked) {
    cook_queue();
  } else {
    end_of_file_.reset();
    enqueue(discipline_.text());
    discipline_.clear();
  }
  go_on_pasting();
}

/// Makes lines of bytes that were queued raw, in place: lines are no longer than what they are made
/// of.
void Tty::cook_queue() {
  base::u64 const raw_begin = std::max(head_, cooked_end_);
  base::u64 const raw_end = std::exchange(tail_, raw_begin);
  for (base::u64 at = raw_begin; at != raw_end; ++at) cook(queue_[at % queue_size]);
}

/// Takes a byte into the line that is being typed.
void Tty::cook(u8 byte) {
  switch (discipline_.feed(byte, echo_)) {
    case text::LineDiscipline::Delivery::None: break;
    case text::LineDiscipline::Delivery::Text:
      enqueue(discipline_.text());
      discipline_.clear();
      cooked_end_ = tail_;
      break;
    case text::LineDiscipline::Delivery::EndOfFile:
      end_of_file_ = tail_;
      input_changed_.wake_all();
      break;
  }
}

/// The terminal on the screen answers if its user is the one who types; else the terminal at the
/// other end of the serial line, which got the same request, does.
void Tty::take_answers() {
  text::Terminal& terminal = console_->terminal();
  if (terminal.answers().empty()) return;
  if (typed_on_keyboard_ && !enqueue(terminal.answers())) ++dropped_;
  terminal.clear_answers();
}

exec::Task<std::expected<void, base::OutOfMemory>> Tty::flush_echo() {
  while (echo_.size_ != 0) {
    std::array<char, sizeof(echo_.bytes_)> const bytes = echo_.bytes_;
    std::string_view const text(bytes.data(), std::exchange(echo_.size_, 0));
    CO_TRY(co_await write(text));
    go_on_pasting();
  }
  co_return std::expected<void, base::OutOfMemory>{};
}

void Tty::display_changed() {
  display_is_stale_ = true;
  display_stale_.wake_all();
}

exec::Task<void> Tty::run_display() {
  if (console_ == nullptr) co_return;
  for (;;) {
    while (!display_is_stale_) co_await display_stale_.wait();
    display_is_stale_ = false;
    console_->flush();
    display_drawn_.wake_all();
    co_await exec::sleep_for(display_interval);
  }
}

exec::Task<void> Tty::run_blinking() {
  if (console_ == nullptr) co_return;
  for (;;) {
    if (!console_->blinks()) {
      console_->end_blinking();
      co_await display_drawn_.wait();
      continue;
    }
    co_await exec::sleep_for(blink_interval);
    console_->blink();
    display_changed();
  }
}

Foreground::Foreground(Tty& tty, InputMode mode, OnSignal on_signal)
    : tty_(tty),
      outer_(tty.foreground_),
      outer_requests_(tty.input_requests()),
      mode_(mode),
      on_signal_(on_signal) {
  tty.foreground_ = this;
  tty.set_input_requests({});
  tty.mode_changed();
}

Foreground::~Foreground() {
  NACRE_ASSERT(tty_.foreground_ == this);
  tty_.foreground_ = outer_;
  tty_.set_input_requests(outer_requests_);
  tty_.mode_changed();
}

void Foreground::set_mode(InputMode mode, bool has_signals) {
  has_signals_ = has_signals;
  if (std::exchange(mode_, mode) != mode && tty_.foreground_ == this) tty_.mode_changed();
}

ScreenLease::ScreenLease(Tty& tty, drivers::Framebuffer& framebuffer)
    : tty_(&tty), framebuffer_(&framebuffer) {
  tty_->lease_ = this;
  tty_->keys_.clear();
}

ScreenLease::ScreenLease(ScreenLease&& other) noexcept
    : tty_(std::exchange(other.tty_, nullptr)), framebuffer_(other.framebuffer_) {
  tty_->lease_ = this;
}

ScreenLease::~ScreenLease() {
  if (tty_ == nullptr) return;
  tty_->lease_ = nullptr;
  tty_->console_->take_screen_back();
  tty_->display_changed();
  tty_->keys_changed_.wake_all();
}

std::optional<text::KeyEvent> ScreenLease::try_next_key() { return tty_->keys_.pop(); }

char32_t ScreenLease::character_of(const text::KeyEvent& event) const {
  char32_t character = 0;
  usize count = 0;
  text::for_each_codepoint(text::encode_key(*tty_->layout_, event).view(), [&](char32_t next) {
    character = next;
    ++count;
  });
  // What is longer is an escape sequence.
  bool const prints = count == 1 && character >= U' ' && character != 0x7f;
  return prints ? character : 0;
}

}  // namespace nacre::console
