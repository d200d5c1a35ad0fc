#include "kernel/shell/terminal.hpp"

#include <algorithm>

#include "lib/base/string.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell {
namespace {

/// What is written at a time: others are to be heard in between.
constexpr base::usize chunk_size = 2048;

}  // namespace

/// `ESC [ ? 6010 h` asks for keys, 6011 for all of them, and `l` in place of `h` for lines.
void InputModeWatcher::watch(std::string_view text) {
  constexpr std::string_view start = "\x1b[?601";
  for (char const c : text) {
    if (matched_ < start.size()) {
      matched_ = c == start[matched_] ? matched_ + 1 : c == start[0] ? 1 : 0;
    } else if (matched_ == start.size() && (c == '0' || c == '1')) {
      which_ = c;
      ++matched_;
    } else {
      bool const is_whole = matched_ == start.size() + 1;
      if (is_whole && c == 'h') mode_ = which_ == '0' ? Mode::Keys : Mode::Raw;
      if (is_whole && c == 'l') mode_ = Mode::Lines;
      matched_ = c == start[0] ? 1 : 0;
    }
  }
}

exec::Task<std::expected<SharedTerminal::Hold, base::OutOfMemory>> SharedTerminal::hold() {
  while (held_) co_await released_.wait();
  co_return Hold(*this);
}

exec::Task<std::expected<void, base::OutOfMemory>> SharedTerminal::write(std::string_view text) {
  CO_TRY(Hold const held, co_await hold());
  if (line_ != nullptr && !line_is_hidden_) {
    base::String hiding;
    base::StringSink sink(hiding);
    line_->hide(sink);
    CO_TRY(sink.result());
    line_is_hidden_ = true;
    tty_.wake_readers();
    CO_TRY(co_await tty_.write(hiding));
  }
  co_return co_await tty_.write(text);
}

exec::Task<fs::Result<base::usize>> JobTerminal::read(std::span<base::u8> buffer) {
  console::Tty& tty = terminal_.tty();
  for (;;) {
    while (!may_read()) {
      if (!group_->is_stopped()) group_->stop();
      co_await group_->changed();
    }
    // What was typed ahead is echoed when it is wanted.
    CO_TRY(co_await tty.flush_echo());
    if (!may_read()) continue;
    if (auto const count = tty.try_read(buffer)) co_return *count;
    co_await tty.input_changed();
  }
}

exec::Task<fs::Result<base::usize>> JobTerminal::write(std::span<const base::u8> bytes) {
  std::string_view const text(static_cast<const char*>(static_cast<const void*>(bytes.data())),
                              std::min(bytes.size(), chunk_size));
  CO_TRY(co_await terminal_.write(text));
  auto const before = mode_.mode();
  mode_.watch(text);
  if (mode_.mode() != before) apply_mode();
  co_return text.size();
}

void JobTerminal::set_foreground(console::Foreground* foreground) {
  // Who is stopped and continued has what it asked for.
  if (foreground_ != nullptr) requests_ = terminal_.tty().input_requests();
  foreground_ = foreground;
  if (foreground_ != nullptr) terminal_.tty().set_input_requests(requests_);
  apply_mode();
}

void JobTerminal::reset_mode() {
  mode_.reset();
  if (foreground_ != nullptr) terminal_.tty().set_input_requests({});
  apply_mode();
}

void JobTerminal::apply_mode() {
  if (foreground_ == nullptr) return;
  using Mode = InputModeWatcher::Mode;
  foreground_->set_mode(
      mode_.mode() == Mode::Lines ? console::InputMode::Cooked : console::InputMode::Raw,
      mode_.mode() != Mode::Raw);
}

/// The screen takes everything, and a slow serial line takes it in the end.
fs::Readiness JobTerminal::readiness(fs::Direction direction) const {
  if (direction == fs::Direction::Write) return {};
  console::Tty& tty = terminal_.tty();
  return {.ready = may_read() && tty.has_input(), .bytes = tty.readable()};
}

exec::WaitList* JobTerminal::readiness_changed(fs::Direction direction) {
  return direction == fs::Direction::Read ? &terminal_.tty().input_list() : nullptr;
}

}  // namespace nacre::shell
