#pragma once

#include "lib/base/types.hpp"

namespace nacre::test {

/// While it lives, allocation number `fail_at` (counted from 0) made through the non-throwing
/// `operator new` on this thread fails. Everything in `lib/` and `kernel/` allocates through it.
class FailingAllocations {
 public:
  explicit FailingAllocations(base::u64 fail_at);
  FailingAllocations(const FailingAllocations&) = delete;
  FailingAllocations& operator=(const FailingAllocations&) = delete;
  ~FailingAllocations();

  /// Whether the chosen allocation was reached, and so failed.
  bool triggered() const;
  /// How many allocations were made so far, up to the one that failed.
  base::u64 made() const;

 private:
  base::u64 fail_at_;
};

/// The bytes that are allocated at the moment, in whatever way.
base::u64 live_bytes();
/// With more than so many bytes allocated, further allocations that may fail do.
void limit_live_bytes(base::u64 limit);

/// Counts something as an allocation that is made in another way; true where it has to fail.
bool allocation_fails_now();

/// Calls `attempt` with the first, then the second, then every further allocation failing, until a
/// call makes fewer allocations than that. Returns how many failures were tried.
template <class Attempt>
base::u64 fail_each_allocation(Attempt&& attempt) {
  for (base::u64 fail_at = 0;; ++fail_at) {
    bool triggered = false;
    {
      FailingAllocations const failing(fail_at);
      attempt();
      triggered = failing.triggered();
    }
    if (!triggered) return fail_at;
  }
}

}  // namespace nacre::test
