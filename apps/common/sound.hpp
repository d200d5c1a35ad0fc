#pragma once

#include <nacre.h>

namespace arcade {

/// A tone for some frames; 0 Hz is a rest.
struct Note {
  short hz;
  short frames;
};

/// Plays one short melody at a time, note by note.
class Sound {
 public:
  /// In place of what is being played. `melody` stays where it is.
  template <int Count>
  void play(const Note (&melody)[Count]) {
    next_ = melody;
    end_ = melody + Count;
    wait_ = 0;
  }
  /// Once in every frame.
  void step() {
    if (wait_ > 0) --wait_;
    if (wait_ > 0 || next_ == end_) return;
    wait_ = next_->frames;
    if (!muted_) beep(next_->hz, wait_ * 1000 / 60);
    ++next_;
  }
  bool muted() const { return muted_; }
  void toggle() {
    muted_ = !muted_;
    if (muted_) beep(0, 0);
  }

 private:
  const Note* next_ = nullptr;
  const Note* end_ = nullptr;
  int wait_ = 0;
  bool muted_ = false;
};
inline constinit Sound sound;

}  // namespace arcade
