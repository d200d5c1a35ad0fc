#pragma once

#include <utility>

#if defined(__clang__)
#define NACRE_THREAD_ANNOTATION(...) __attribute__((__VA_ARGS__))
#else
#define NACRE_THREAD_ANNOTATION(...)
#endif

#define NACRE_CAPABILITY(name) NACRE_THREAD_ANNOTATION(capability(name))
#define NACRE_ACQUIRE(...) NACRE_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define NACRE_RELEASE(...) NACRE_THREAD_ANNOTATION(release_capability(__VA_ARGS__))
#define NACRE_REQUIRES(...) NACRE_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define NACRE_GUARDED_BY(...) NACRE_THREAD_ANNOTATION(guarded_by(__VA_ARGS__))

namespace nacre::base {

/// A value that can only be reached while its lock is held. No `with` across a `co_await`.
template <class T, class Lock>
class Guarded {
 public:
  template <class... Arguments>
  constexpr explicit Guarded(Arguments&&... arguments)
      : value_(std::forward<Arguments>(arguments)...) {}
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;

  /// Calls `use` with the value, the lock held. Its result must not refer to the value.
  template <class Use>
  decltype(auto) with(Use&& use) {
    Holder const holder(lock_);
    return std::forward<Use>(use)(value_);
  }

 private:
  struct NACRE_THREAD_ANNOTATION(scoped_lockable) Holder {
    explicit Holder(Lock& lock) NACRE_ACQUIRE(lock) : held(lock) { held.lock(); }
    ~Holder() NACRE_RELEASE() { held.unlock(); }
    Holder(const Holder&) = delete;
    Holder& operator=(const Holder&) = delete;
    Lock& held;
  };

  Lock lock_;
  T value_ NACRE_GUARDED_BY(lock_);
};

}  // namespace nacre::base
