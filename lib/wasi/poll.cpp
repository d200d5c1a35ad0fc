#include <algorithm>

#include "lib/base/vector.hpp"
#include "lib/wasi/calls.hpp"

namespace nacre::wasi::calls {
namespace {

/// More would keep the others waiting while they are looked at.
constexpr u32 max_subscriptions = 4096;
/// A wall clock may be set while a program waits for it, so that is looked at from time to time.
constexpr u64 longest_wait_ns = 60'000'000'000;
constexpr usize clocks = 4;

/// One `poll_oneoff`.
class Poll {
 public:
  Poll(Call call, u32 subscriptions, u32 events, u32 count)
      : call_(call), subscriptions_(subscriptions), events_(events), count_(count) {
    for (u32 clock = 0; clock < clocks; ++clock)
      start_[clock] = call.host().clock_time(ClockId{clock}).value_or(0);
  }

  /// Tells the program what has happened by now: how many events there are.
  Result<u32> write_events() {
    u32 written = 0;
    for (u32 i = 0; i < count_; ++i) {
      TRY(auto const wanted, load_subscription(call_.version, call_.memory, subscriptions_, i));
      auto const event = event_of(wanted);
      if (!event) continue;
      TRY(store(call_.memory, events_ + written * u32{sizeof(Event)}, *event));
      ++written;
    }
    return written;
  }

  /// Collects what to wait for while nothing has happened; how long at most, in nanoseconds.
  Result<u64> collect(base::Vector<Host::Interest>& interests) {
    u64 least = UINT64_MAX;
    for (u32 i = 0; i < count_; ++i) {
      TRY(auto const wanted, load_subscription(call_.version, call_.memory, subscriptions_, i));
      if (wanted.type == EventType::Clock) {
        u64 const left = time_left(wanted).value_or(0);
        bool const may_be_set = wanted.clock == static_cast<u32>(ClockId::Realtime);
        least = std::min({least, left, may_be_set ? longest_wait_ns : UINT64_MAX});
      } else if (auto const found = find(wanted)) {
        TRY(interests.try_push_back({(*found)->file.get(), direction_of(wanted)}));
      }
    }
    return least;
  }

 private:
  static Direction direction_of(const Subscription& wanted) {
    return wanted.type == EventType::DescriptorRead ? Direction::Read : Direction::Write;
  }

  Result<Descriptor*> find(const Subscription& wanted) {
    Rights const moves = wanted.type == EventType::DescriptorRead ? rights::descriptor_read
                                                                  : rights::descriptor_write;
    return call_.descriptors().find(wanted.clock, rights::poll | moves);
  }

  /// Nothing when it has not happened yet.
  std::optional<Event> event_of(const Subscription& wanted) {
    Event event{.user_data = wanted.user_data, .type = wanted.type};
    switch (wanted.type) {
      case EventType::Clock: {
        auto const left = time_left(wanted);
        if (left && *left != 0) return std::nullopt;
        event.error = left ? Errno::Success : left.error().number;
        return event;
      }
      case EventType::DescriptorRead:
      case EventType::DescriptorWrite: {
        auto const found = find(wanted);
        if (!found) {
          event.error = found.error().number;
          return event;
        }
        Readiness const state = (*found)->file->readiness(direction_of(wanted));
        if (!state.ready) return std::nullopt;
        event.bytes = state.bytes;
        event.flags = state.hung_up ? Event::hung_up : u16{0};
        return event;
      }
    }
    event.error = Errno::Invalid;
    return event;
  }

  /// Until a clock has come to its time, in nanoseconds. Errors: NotSupported, Invalid.
  Result<u64> time_left(const Subscription& wanted) {
    // A clock that stands still while the program waits would never come to any time.
    bool const goes_on = wanted.clock == static_cast<u32>(ClockId::Realtime) ||
                         wanted.clock == static_cast<u32>(ClockId::Monotonic);
    if (!goes_on) return fail(wanted.clock < clocks ? Errno::NotSupported : Errno::Invalid);
    if ((wanted.flags & ~Subscription::absolute) != 0) return fail(Errno::Invalid);
    TRY(u64 const now, call_.host().clock_time(ClockId{wanted.clock}));
    bool const absolute = (wanted.flags & Subscription::absolute) != 0;
    u64 const passed = now - std::min(now, start_[wanted.clock]);
    u64 const reached = absolute ? now : passed;
    return wanted.timeout - std::min(wanted.timeout, reached);
  }

  Call call_;
  u32 subscriptions_;
  u32 events_;
  u32 count_;
  /// When the call came, on each clock: relative times count from there.
  std::array<u64, clocks> start_{};
};

}  // namespace

Answer poll_oneoff(Call call, u32 subscriptions, u32 events, u32 count, u32 result) {
  if (count == 0 || count > max_subscriptions) co_return fail(Errno::Invalid);
  CO_TRY(call.memory.array(subscriptions, count, size_of_subscription(call.version)));
  CO_TRY(call.memory.array(events, count, sizeof(Event)));
  CO_TRY(call.check(result, sizeof(u32)));
  Poll poll(call, subscriptions, events, count);
  base::Vector<Host::Interest> interests;
  for (;;) {
    CO_TRY(u32 const written, poll.write_events());
    if (written != 0) co_return store(call.memory, result, written);
    interests.clear();
    CO_TRY(u64 const timeout, poll.collect(interests));
    CO_TRY(co_await call.host().wait({interests.data(), interests.size()}, timeout));
  }
}

}  // namespace nacre::wasi::calls
