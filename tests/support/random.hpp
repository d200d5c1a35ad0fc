#pragma once

#include <span>

#include "lib/base/types.hpp"

namespace nacre::test {

/// Numbers that look random and are the same for the same seed.
class Random {
 public:
  explicit Random(base::u64 seed) : state_(seed) {}

  base::u64 next() {
    state_ += 0x9e37'79b9'7f4a'7c15;
    base::u64 mixed = state_;
    mixed = (mixed ^ mixed >> 30) * 0xbf58'476d'1ce4'e5b9;
    mixed = (mixed ^ mixed >> 27) * 0x94d0'49bb'1331'11eb;
    return mixed ^ mixed >> 31;
  }
  /// Less than `end`, or 0.
  base::usize below(base::usize end) { return end == 0 ? 0 : next() % end; }
  bool one_in(base::usize count) { return below(count) == 0; }
  /// One of what is there.
  template <class List>
  auto& pick(List& list) {
    return list[below(list.size())];
  }

 private:
  base::u64 state_;
};

}  // namespace nacre::test
