#pragma once

#include <nacre.h>

namespace arcade {

/// The key of a small letter.
constexpr int letter(char c) { return NACRE_KEY_A + (c - 'a'); }

inline bool is_pressed(int key) { return (key_state(key) & NACRE_PRESSED) != 0; }
/// A tap that was over before the frame began counts, too.
inline bool is_down(int key) { return (key_state(key) & (NACRE_HELD | NACRE_PRESSED)) != 0; }

/// A key that acts when it is pressed and, after a while, again and again.
class RepeatingKey {
 public:
  constexpr RepeatingKey(int key, int first_delay, int delay)
      : key_(key), first_delay_(first_delay), delay_(delay) {}

  /// Whether it acts in this frame. To be asked in every frame.
  bool acts() {
    int const state = key_state(key_);
    if ((state & NACRE_PRESSED) != 0) {
      wait_ = first_delay_;
      return true;
    }
    if ((state & NACRE_HELD) == 0 || --wait_ > 0) return false;
    wait_ = delay_;
    return true;
  }

 private:
  int key_;
  int first_delay_;
  int delay_;
  int wait_ = 0;
};

}  // namespace arcade
