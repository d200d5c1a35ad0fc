#include "kernel/console/consoles.hpp"

#include "lib/base/time.hpp"
#include "lib/base/try.hpp"

namespace nacre::console {
namespace {

using namespace base::literals;

/// What a console keeps of what left its screen.
constexpr usize scroll_back_cells = usize{32} * 1024;
constexpr usize scroll_back_lines = 1000;

/// The number of the console that a key asks for; 0 if it asks for none.
usize wanted_console(const text::KeyEvent& event) {
  if (!event.pressed || !event.modifiers.alt || event.modifiers.control) return 0;
  auto const key = static_cast<usize>(event.key);
  auto const first = static_cast<usize>(text::Key::F1);
  return key >= first && key < first + Consoles::most ? key - first + 1 : 0;
}

bool is_modifier(text::Key key) { return key >= text::Key::LeftControl; }

/// Shift with Insert.
bool wants_paste(const text::KeyEvent& event) {
  return event.key == text::Key::Insert && event.modifiers.shift && !event.modifiers.control &&
         !event.modifiers.alt;
}

}  // namespace

Consoles::Consoles(Console* console, Tty& tty, ConsoleStarter& starter, KeyboardLights& lights)
    : starter_(starter), lights_(lights) {
  entries_[0] = {.console = console, .tty = &tty, .made = nullptr};
  tty.set_consoles(this);
  tty.set_layout(layout_);
  // Without memory for it there is none.
  if (console != nullptr)
    static_cast<void>(console->terminal().keep_scroll_back(scroll_back_cells, scroll_back_lines));
}

Consoles::~Consoles() {
  entries_[0].tty->set_consoles(nullptr);
  entries_[0].tty->set_layout(text::us_layout);
}

void Consoles::receive_scan_code(u8 code) {
  auto const before = keyboard_.modifiers();
  auto const event = keyboard_.feed(code);
  if (!event) return;
  auto const after = event->modifiers;
  if (after.caps_lock != before.caps_lock || after.num_lock != before.num_lock)
    lights_.show(after.caps_lock, after.num_lock);
  if (usize const number = wanted_console(*event); number != 0 && entries_[0].console != nullptr) {
    switch_to(number);
    return;
  }
  Console* const console = entries_[front_].console;
  if (console != nullptr && !console->is_lent()) {
    if (event->pressed && !is_modifier(event->key) && console->shows_pointer()) {
      console->hide_pointer();
      front_tty().display_changed();
    }
    if (wants_paste(*event)) {
      if (event->pressed) mouse_.paste(front_tty());
      return;
    }
  }
  front_tty().receive_key(*event);
}

void Consoles::receive_mouse_byte(u8 byte, base::Instant now) {
  Entry& front = entries_[front_];
  if (front.console != nullptr)
    mouse_.receive_byte(byte, keyboard_.modifiers(), now, *front.console, *front.tty);
}

bool Consoles::switch_to(usize number) {
  usize const index = number - 1;
  Entry& current = entries_[front_];
  if (index >= most || current.console == nullptr || current.console->is_lent()) return false;
  if (index == front_) return true;
  if (entries_[index].tty == nullptr && !make(index)) return false;
  mouse_.let_go();
  current.console->hide_pointer();
  current.console->send_behind();
  current.tty->set_focus(false);
  front_ = index;
  update_status();
  entries_[front_].console->bring_to_front();
  entries_[front_].tty->display_changed();
  entries_[front_].tty->set_focus(true);
  return true;
}

bool Consoles::make(usize index) {
  auto console = Console::create_behind(entries_[0].console->screen(), theme_);
  if (!console) return false;
  static_cast<void>(console->terminal().keep_scroll_back(scroll_back_cells, scroll_back_lines));
  if (has_status_line_ && !console->show_status_line(true)) return false;
  auto made = base::try_make<Made>(std::move(*console));
  if (!made) return false;
  Made& fresh = **made;
  fresh.tty.set_layout(layout_);
  fresh.tty.set_consoles(this);
  if (!starter_.start(fresh.console, fresh.tty, index + 1)) return false;
  entries_[index] = {.console = &fresh.console, .tty = &fresh.tty, .made = std::move(*made)};
  return true;
}

void Consoles::set_theme(const text::Theme& theme) {
  theme_ = theme;
  for (Entry& entry : entries_) {
    if (entry.console == nullptr) continue;
    entry.console->terminal().set_theme(theme);
    entry.tty->display_changed();
  }
  update_status();
}

/// All ttys look at this one; what waits for a character in the old layout does not any more.
void Consoles::set_layout(const text::Layout& layout) {
  layout_ = layout;
  for (Entry& entry : entries_)
    if (entry.tty != nullptr) entry.tty->set_layout(layout_);
}

std::expected<void, base::OutOfMemory> Consoles::show_status_line(bool shown) {
  has_status_line_ = shown && entries_[0].console != nullptr;
  for (Entry& entry : entries_) {
    if (entry.console == nullptr) continue;
    TRY(entry.console->show_status_line(shown));
  }
  status_is_wanted_.wake_all();
  return {};
}

exec::Task<void> Consoles::run_status_line(StatusSource& source) {
  for (;;) {
    while (!has_status_line_) co_await status_is_wanted_.wait();
    base::BufferSink sink(machine_);
    source.describe(sink);
    machine_size_ = sink.view().size();
    update_status();
    co_await exec::sleep_for(1_s);
  }
}

void Consoles::update_status() {
  if (!has_status_line_) return;
  std::array<char, most> numbers;
  usize count = 0;
  for (usize i = 0; i < most; ++i)
    if (entries_[i].tty != nullptr) numbers[count++] = static_cast<char>('1' + i);
  Entry& front = entries_[front_];
  front.console->set_status({.consoles = {numbers.data(), count},
                             .current = static_cast<char>('1' + front_),
                             .title = front.console->terminal().title(),
                             .machine = {machine_.data(), machine_size_}});
  front.tty->display_changed();
}

}  // namespace nacre::console
