#pragma once

#include <algorithm>
#include <array>
#include <optional>

#include "lib/text/keymap.hpp"

/// The kitty keyboard protocol: how programs ask for keys that cannot be mistaken for others, and
/// for their release.
namespace nacre::text {

/// How many of its enhancements there are here; others that a program asks for stay off.
/// [kitty/keyboard: "Progressive enhancement"]
struct KeyReports {
  static constexpr u8 disambiguate = 1;
  static constexpr u8 event_types = 2;
  static constexpr u8 all_keys = 8;
  static constexpr u8 known = disambiguate | event_types | all_keys;
};

/// What programs asked for one after the other, the last of which counts. There is room for a few;
/// the oldest make room.
class KeyReportStack {
 public:
  u8 current() const { return flags_[top_]; }
  void push(u16 flags) {
    if (top_ + 1u == flags_.size()) {
      std::shift_left(flags_.begin(), flags_.end(), 1);
    } else {
      ++top_;
    }
    flags_[top_] = known(flags);
  }
  /// What was there before the last `count`; nothing if there were not so many.
  void pop(u16 count) {
    if (count > top_) {
      *this = {};
    } else {
      top_ = static_cast<u8>(top_ - count);
    }
  }
  /// Sets all of them, or those that are named on (2) or off (3).
  void change(u16 flags, u16 how) {
    u8& now = flags_[top_];
    if (how == 1) now = known(flags);
    if (how == 2) now = static_cast<u8>(now | known(flags));
    if (how == 3) now = static_cast<u8>(now & ~flags);
  }

 private:
  static u8 known(u16 flags) { return static_cast<u8>(flags & KeyReports::known); }

  std::array<u8, 8> flags_{};
  u8 top_ = 0;
};

/// What a key sends with these enhancements, a set of `KeyReports`; nothing if it sends what it
/// sends without them. [kitty/keyboard: "The key event"]
std::optional<KeyBytes> report_key(const Layout& layout, const KeyEvent& event, u8 reports);

}  // namespace nacre::text
