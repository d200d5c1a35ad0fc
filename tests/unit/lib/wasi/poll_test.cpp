#include <gmock/gmock.h>

#include "tests/unit/lib/wasi/fakes.hpp"

namespace nacre::wasi {
namespace {

using testing::ElementsAre;

class Poll : public test::WasiTest {
 protected:
  static constexpr u32 events = 8192;
  static constexpr u32 result = 8000;

  void subscribe(u32 index, Subscription subscription) {
    put(index * u32{sizeof(Subscription)}, subscription);
  }
  Errno poll(u32 count) { return call("poll_oneoff", 0, events, count, result); }
  Event event(u32 index) { return at<Event>(events + index * u32{sizeof(Event)}); }
  std::vector<std::pair<u64, Errno>> seen() {
    std::vector<std::pair<u64, Errno>> all;
    for (u32 i = 0; i < at<u32>(result); ++i) all.emplace_back(event(i).user_data, event(i).error);
    return all;
  }
};

TEST_F(Poll, WaitsForTheFirstClock) {
  subscribe(0, {.user_data = 11, .clock = 1, .timeout = 500});
  subscribe(1, {.user_data = 22, .clock = 1, .timeout = 300});
  EXPECT_EQ(poll(2), pending);
  EXPECT_EQ(waited_ns_, 300u);
  test::fake_now.ns += 299;
  EXPECT_EQ(later(), pending);
  test::fake_now.ns += 1;
  EXPECT_EQ(later(), Errno::Success);
  EXPECT_THAT(seen(), ElementsAre(std::pair(22u, Errno::Success)));
}

TEST_F(Poll, KnowsTimesOfAClock) {
  subscribe(0, {.clock = 0, .timeout = 5000, .flags = Subscription::absolute});
  EXPECT_EQ(poll(1), pending);
  EXPECT_EQ(waited_ns_, 4000u);
  subscribe(0, {.clock = 0, .timeout = 10, .flags = Subscription::absolute});
  EXPECT_EQ(poll(1), Errno::Success);
  subscribe(0, {.clock = 1, .timeout = UINT64_MAX});
  EXPECT_EQ(poll(1), pending);
  EXPECT_EQ(waited_ns_, UINT64_MAX);
  subscribe(0, {.clock = 0, .timeout = UINT64_MAX});
  EXPECT_EQ(poll(1), pending);
  EXPECT_EQ(waited_ns_, 60'000'000'000u) << "a wall clock may be set";
}

TEST_F(Poll, ClocksAndDescriptorsMix) {
  test::FakeFile& input = add_stream();
  input.data = "abc";
  input.ready = false;
  subscribe(0, {.user_data = 1, .clock = 1, .timeout = 1000});
  subscribe(1, {.user_data = 2, .type = EventType::DescriptorRead, .clock = 0});
  EXPECT_EQ(poll(2), pending);
  input.changed.wake_all();
  EXPECT_EQ(later(), pending) << "a wake-up is a hint";
  input.ready = true;
  input.hung_up = true;
  input.changed.wake_all();
  EXPECT_EQ(later(), Errno::Success);
  EXPECT_THAT(seen(), ElementsAre(std::pair(2u, Errno::Success)));
  EXPECT_EQ(event(0).type, EventType::DescriptorRead);
  EXPECT_EQ(event(0).bytes, 3u);
  EXPECT_EQ(event(0).flags, Event::hung_up);

  input.ready = false;
  EXPECT_EQ(poll(2), pending);
  test::fake_now.ns += 1000;
  EXPECT_EQ(later(), Errno::Success);
  EXPECT_THAT(seen(), ElementsAre(std::pair(1u, Errno::Success)));
  EXPECT_EQ(event(0).type, EventType::Clock);
}

TEST_F(Poll, TellsEverythingThatHasHappened) {
  add_stream();
  add_file();
  subscribe(0, {.user_data = 1, .clock = 1, .timeout = 0});
  subscribe(1, {.user_data = 2, .type = EventType::DescriptorRead, .clock = 1});
  subscribe(2, {.user_data = 3, .type = EventType::DescriptorWrite, .clock = 0});
  subscribe(3, {.user_data = 4, .clock = 1, .timeout = 10});
  EXPECT_EQ(poll(4), Errno::Success);
  EXPECT_THAT(seen(), ElementsAre(std::pair(1u, Errno::Success), std::pair(2u, Errno::Success),
                                  std::pair(3u, Errno::Success)));
}

TEST_F(Poll, ErrorsAreEvents) {
  add_stream(rights::poll | rights::descriptor_read);
  add_stream(rights::descriptor_read);
  subscribe(0, {.user_data = 1, .type = EventType::DescriptorWrite, .clock = 0});
  subscribe(1, {.user_data = 2, .type = EventType::DescriptorRead, .clock = 1});
  subscribe(2, {.user_data = 3, .type = EventType::DescriptorWrite, .clock = 77});
  subscribe(3, {.user_data = 4, .clock = 2});
  subscribe(4, {.user_data = 5, .clock = 9});
  subscribe(5, {.user_data = 6, .type = EventType{200}});
  subscribe(6, {.user_data = 7, .clock = 1, .flags = 2});
  EXPECT_EQ(poll(7), Errno::Success);
  EXPECT_THAT(seen(),
              ElementsAre(std::pair(1u, Errno::NotCapable), std::pair(2u, Errno::NotCapable),
                          std::pair(3u, Errno::BadDescriptor), std::pair(4u, Errno::NotSupported),
                          std::pair(5u, Errno::Invalid), std::pair(6u, Errno::Invalid),
                          std::pair(7u, Errno::Invalid)));
}

TEST_F(Poll, NothingOrTooMuchIsInvalid) {
  EXPECT_EQ(poll(0), Errno::Invalid);
  EXPECT_EQ(poll(4097), Errno::Invalid);
  EXPECT_EQ(poll(UINT32_MAX), Errno::Invalid);
}

TEST_F(Poll, EventsOverSubscriptionsStayInside) {
  for (u32 i = 0; i < 8; ++i) subscribe(i, {.user_data = i, .clock = 1});
  EXPECT_EQ(call("poll_oneoff", 0, 0, 8, result), Errno::Success);
}

}  // namespace
}  // namespace nacre::wasi
