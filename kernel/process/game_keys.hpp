#pragma once

#include <bitset>
#include <optional>

#include "kernel/console/tty.hpp"
#include "lib/base/recent_queue.hpp"

namespace nacre::process {

/// The keyboard as a game sees it: what each key does from one frame to the next, and every event
/// by itself, in order.
class GameKeys {
 public:
  using u32 = base::u32;

  /// What `state` answers, as in nacre.h.
  static constexpr u32 held = 1;
  static constexpr u32 pressed = 2;
  static constexpr u32 released = 4;

  /// What happened up to now is what `state` tells until the next frame.
  void begin_frame(console::ScreenLease& lease);
  /// A combination of `held`, `pressed` and `released`; 0 for a key that does not exist.
  u32 state(u32 key) const;
  /// The oldest event that was not taken yet. Of a game that takes none, only the newest are kept.
  std::optional<text::KeyEvent> next_event(console::ScreenLease& lease);

 private:
  using Keys = std::bitset<256>;
  static constexpr base::usize most_events = 128;

  /// Takes in what happened since the last time.
  void receive(console::ScreenLease& lease);

  Keys held_;
  Keys pressed_;
  Keys released_;
  /// Since the frame began.
  Keys pressed_later_;
  Keys released_later_;
  base::RecentQueue<text::KeyEvent, most_events> events_;
};

}  // namespace nacre::process
