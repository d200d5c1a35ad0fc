#include "kernel/process/game_keys.hpp"

#include <utility>

namespace nacre::process {

void GameKeys::receive(console::ScreenLease& lease) {
  while (auto const event = lease.try_next_key()) {
    events_.push(*event);
    auto const key = static_cast<base::u8>(event->key);
    if (!event->pressed)
      released_later_.set(key);
    else if (!event->repeated)
      pressed_later_.set(key);
  }
}

void GameKeys::begin_frame(console::ScreenLease& lease) {
  receive(lease);
  pressed_ = std::exchange(pressed_later_, {});
  released_ = std::exchange(released_later_, {});
  for (base::usize key = 0; key < held_.size(); ++key)
    held_[key] = lease.is_down(static_cast<text::Key>(key));
}

GameKeys::u32 GameKeys::state(u32 key) const {
  if (key >= held_.size()) return 0;
  return (held_[key] ? held : 0) | (pressed_[key] ? pressed : 0) | (released_[key] ? released : 0);
}

std::optional<text::KeyEvent> GameKeys::next_event(console::ScreenLease& lease) {
  receive(lease);
  return events_.pop();
}

}  // namespace nacre::process
