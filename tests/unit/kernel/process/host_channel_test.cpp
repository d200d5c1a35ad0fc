#include "kernel/process/host_channel.hpp"

#include <gmock/gmock.h>
#include <random>
#include <string>
#include <vector>

#include "kernel/process/host_folder.hpp"
#include "kernel/process/job.hpp"
#include "tests/support/bytes_of.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/unit/kernel/process/fakes.hpp"

namespace nacre::process {
namespace {

using nacre::test::bytes_of;
using testing::ElementsAre;

/// A line whose other end the test holds: bytes move when it says so.
class FakeLine final : public BytePort {
 public:
  explicit FakeLine(u32 seed) : random_(seed) {}

  exec::Task<std::expected<usize, base::OutOfMemory>> read(std::span<u8> buffer) override {
    while (to_guest.empty()) co_await arrived_.wait();
    usize const count = std::min({buffer.size(), to_guest.size(), piece()});
    to_guest.copy(std::bit_cast<char*>(buffer.data()), count);
    to_guest.erase(0, count);
    co_return count;
  }
  exec::Task<std::expected<void, base::OutOfMemory>> write(std::span<const u8> bytes) override {
    while (!bytes.empty()) {
      while (room == 0) co_await drained_.wait();
      usize const count = std::min({bytes.size(), room, piece()});
      from_guest.append(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
      bytes = bytes.subspan(count);
      room -= count;
    }
    co_return std::expected<void, base::OutOfMemory>{};
  }
  void flush() override { ++flushes; }

  void send(const hostlink::HostMessage& message) {
    std::array<u8, hostlink::max_frame> buffer;
    auto const frame = *hostlink::encode(message, buffer);
    to_guest.append(frame.begin(), frame.end());
    arrived_.wake_all();
  }
  void send_bytes(std::string_view bytes) {
    to_guest += bytes;
    arrived_.wake_all();
  }
  void make_room(usize bytes) {
    room += bytes;
    drained_.wake_all();
  }

  std::string to_guest;
  std::string from_guest;
  usize room = SIZE_MAX;
  int flushes = 0;

 private:
  usize piece() { return 1 + random_() % 200; }

  std::mt19937 random_;
  exec::WaitList arrived_;
  exec::WaitList drained_;
};

/// What a host makes of the guest's bytes.
struct Heard {
  bool greeted = false;
  std::string output;
  std::string error;
  std::string both;  // in the order of arrival
  u64 credit = 0;
  std::vector<int> exits;
  int frames = 0;

  explicit Heard(std::string_view line) {
    hostlink::GuestMessageDecoder decoder;
    auto rest = bytes_of(line);
    while (!rest.empty()) {
      auto const message = decoder.next(rest);
      EXPECT_TRUE(message);
      if (!message || !*message) continue;
      ++frames;
      EXPECT_TRUE(exits.empty()) << "a frame behind Exit";
      if (auto const* const out = std::get_if<hostlink::Stdout>(&**message)) {
        output.append(out->bytes.begin(), out->bytes.end());
        both.append(out->bytes.begin(), out->bytes.end());
      } else if (auto const* const err = std::get_if<hostlink::Stderr>(&**message)) {
        error.append(err->bytes.begin(), err->bytes.end());
        both.append(err->bytes.begin(), err->bytes.end());
      } else if (auto const* const more = std::get_if<hostlink::Credit>(&**message)) {
        credit += more->bytes;
      } else if (auto const* const exit = std::get_if<hostlink::Exit>(&**message)) {
        exits.push_back(exit->code);
      } else if (std::get_if<hostlink::Hello>(&**message) != nullptr) {
        EXPECT_EQ(frames, 1);
        greeted = true;
      }
    }
  }
};

class HostChannelTest : public testing::Test {
 protected:
  HostChannelTest() {
    EXPECT_TRUE(machine.executor.spawn_detached("send", channel.send()));
    EXPECT_TRUE(machine.executor.spawn_detached("receive", channel.receive()));
  }
  ~HostChannelTest() override { EXPECT_EQ(channel.errors(), expected_errors); }

  exec::Task<RunResult> write_then_end(std::string_view out, std::string_view err) {
    auto const first = co_await fs::write_all(channel.standard_output(), bytes_of(out));
    auto const second = co_await fs::write_all(channel.standard_error(), bytes_of(err));
    co_return ExitStatus{static_cast<u8>(first && second ? 3 : 1)};
  }
  std::optional<RunResult> serve(exec::Task<RunResult> work) {
    return machine.finish(serve_job(machine.executor, channel, std::move(work)));
  }
  Heard heard() { return Heard(line.from_guest); }
  void send_input(std::string_view text) { line.send(hostlink::Stdin{bytes_of(text)}); }

  FakeLine line{1};
  HostChannel channel{line};
  u64 expected_errors = 0;
  test::Machine machine;
};

std::string noise(usize size) {
  std::mt19937 random(7);
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

TEST_F(HostChannelTest, GreetsAndAsksForNothing) {
  machine.executor.run_until_idle();
  EXPECT_EQ(line.from_guest, std::string("\x05\x01\x00\x02", 4));
}

TEST_F(HostChannelTest, OutputArrivesUnchangedAndTheStatusLast) {
  std::string const out = noise(100'000);
  std::string const err = noise(5'000);
  auto const status = serve(write_then_end(out, err));
  EXPECT_EQ(status, RunResult(ExitStatus{3}));
  Heard const all = heard();
  EXPECT_TRUE(all.greeted);
  EXPECT_EQ(all.output, out);
  EXPECT_EQ(all.error, err);
  EXPECT_EQ(all.both, out + err);
  EXPECT_THAT(all.exits, ElementsAre(3));
  EXPECT_EQ(line.flushes, 1);
}

TEST_F(HostChannelTest, ASlowLineMakesWritersWait) {
  std::string const out = noise(100'000);
  line.room = 0;
  auto task = machine.executor.spawn(
      "job", serve_job(machine.executor, channel, write_then_end(out, "end")));
  machine.executor.run_until_idle();
  EXPECT_FALSE(task->is_finished());
  for (int i = 0; i < 2000 && !task->is_finished(); ++i) {
    line.make_room(100);
    machine.executor.run_until_idle();
  }
  EXPECT_TRUE(task->is_finished());
  EXPECT_EQ(heard().both, out + "end");
  EXPECT_LT(heard().frames, 300);
}

TEST_F(HostChannelTest, TellsWhetherAStreamWouldWait) {
  using fs::Direction;
  fs::Stream& input = channel.standard_input();
  EXPECT_FALSE(input.readiness(Direction::Read).ready);
  ASSERT_NE(input.readiness_changed(Direction::Read), nullptr);
  machine.executor.run_until_idle();
  EXPECT_EQ(heard().credit, HostChannel::queue_size) << "who waits for input wants some";
  send_input("abc");
  machine.executor.run_until_idle();
  EXPECT_TRUE(input.readiness(Direction::Read).ready);
  EXPECT_EQ(input.readiness(Direction::Read).bytes, 3u);
  EXPECT_FALSE(input.readiness(Direction::Read).hung_up);
  line.send(hostlink::StdinEnd{});
  machine.executor.run_until_idle();
  EXPECT_TRUE(input.readiness(Direction::Read).hung_up);

  fs::Stream& output = channel.standard_output();
  EXPECT_TRUE(output.readiness(Direction::Write).ready);
  line.room = 0;
  std::string const much = noise(HostChannel::queue_size * 2);
  auto writer =
      machine.executor.spawn("job", serve_job(machine.executor, channel, write_then_end(much, "")));
  machine.executor.run_until_idle();
  EXPECT_FALSE(output.readiness(Direction::Write).ready);
  EXPECT_FALSE(output.readiness_changed(Direction::Write)->empty()) << "where the writer waits";
}

TEST_F(HostChannelTest, InputIsAskedForAtTheFirstReadAndThenInHalves) {
  auto const read_all = [](fs::Stream& in, std::string& into) -> exec::Task<RunResult> {
    std::array<u8, 777> buffer;
    for (;;) {
      auto const count = co_await in.read(buffer);
      if (!count || *count == 0) break;
      into.append(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*count));
    }
    co_return ExitStatus{};
  };
  std::string received;
  auto task = machine.executor.spawn("reader", read_all(channel.standard_input(), received));
  std::string const input = noise(300'000);
  usize sent = 0;
  while (sent < input.size()) {
    machine.executor.run_until_idle();
    u64 const credit = heard().credit;
    ASSERT_GT(credit, sent) << "the host waits, and so does the guest";
    ASSERT_LE(credit - sent, HostChannel::queue_size);
    usize const count = std::min({credit - sent, hostlink::max_payload, input.size() - sent});
    send_input(std::string_view(input).substr(sent, count));
    sent += count;
  }
  line.send(hostlink::StdinEnd{});
  machine.executor.run_until_idle();
  EXPECT_TRUE(task->is_finished());
  EXPECT_EQ(received, input);
}

TEST_F(HostChannelTest, InputWithoutCreditIsDroppedAndCounted) {
  expected_errors = 1;
  send_input("too early");
  machine.executor.run_until_idle();
  line.send(hostlink::StdinEnd{});
  std::array<u8, 10> buffer;
  auto const got = machine.finish(channel.standard_input().read(buffer));
  ASSERT_TRUE(got);
  EXPECT_EQ(*got, fs::Result<usize>(0));
}

TEST_F(HostChannelTest, FramesWithoutSenseAreSkipped) {
  expected_errors = 2;
  line.send_bytes(std::string("\x42\x01\x00x", 4));
  line.send_bytes(std::string("\x84\x01\x00x", 4));
  line.send(hostlink::WindowSize{100, 40});
  machine.executor.run_until_idle();
  ASSERT_TRUE(channel.window_size());
  EXPECT_EQ(channel.window_size()->columns, 100);
  EXPECT_EQ(channel.window_size()->rows, 40);
  EXPECT_TRUE(channel.standard_output().is_terminal());
  EXPECT_FALSE(channel.standard_input().is_terminal());
}

exec::Task<RunResult> wait_for_ever(HostChannel& channel) {
  std::array<u8, 1> buffer;
  static_cast<void>(co_await channel.standard_input().read(buffer));
  co_return ExitStatus{};
}

TEST_F(HostChannelTest, AnInterruptEndsTheJob) {
  auto task =
      machine.executor.spawn("job", serve_job(machine.executor, channel, wait_for_ever(channel)));
  machine.executor.run_until_idle();
  EXPECT_FALSE(task->is_finished());
  line.send(hostlink::Interrupt{});
  machine.executor.run_until_idle();
  EXPECT_TRUE(task->is_finished());
  EXPECT_THAT(heard().exits, ElementsAre(130));
}

TEST_F(HostChannelTest, AnInterruptBeforeTheJobEndsItToo) {
  line.send(hostlink::Interrupt{});
  machine.executor.run_until_idle();
  EXPECT_EQ(serve(wait_for_ever(channel)), RunResult(status::interrupted));
}

TEST_F(HostChannelTest, AWriterThatIsStoppedLeavesNoTornFrame) {
  line.room = 10;
  std::string const out = noise(500'000);
  auto task =
      machine.executor.spawn("job", serve_job(machine.executor, channel, write_then_end(out, "")));
  machine.executor.run_until_idle();
  line.send(hostlink::Interrupt{});
  machine.executor.run_until_idle();
  line.make_room(SIZE_MAX / 2);
  machine.executor.run_until_idle();
  EXPECT_TRUE(task->is_finished());
  Heard const all = heard();
  EXPECT_THAT(all.exits, ElementsAre(130));
  EXPECT_EQ(all.output, out.substr(0, all.output.size()));
}

TEST_F(HostChannelTest, ChangesComeBeforeTheSyncThatWaitsForThem) {
  HostFolder folder(channel, 7);
  ASSERT_TRUE(*machine.finish(folder.room()));
  folder.put({.kind = fs::MirrorChange::Kind::Write,
              .path = "d/f",
              .offset = 5,
              .bytes = bytes_of("text")});
  ASSERT_TRUE(*machine.finish(folder.room()));
  folder.put({.kind = fs::MirrorChange::Kind::SetTimes,
              .path = "d/f",
              .accessed_ns = -1,
              .modified_ns = 2});
  auto first = machine.executor.spawn("first", folder.sync(true));
  auto second = machine.executor.spawn("second", folder.sync(false));
  auto stopped = machine.executor.spawn("stopped", folder.sync(false));
  machine.executor.run_until_idle();
  stopped->cancel();

  hostlink::GuestMessageDecoder decoder;
  auto rest = bytes_of(line.from_guest);
  std::vector<hostlink::Change> changes;
  std::vector<hostlink::Sync> syncs;
  while (!rest.empty()) {
    auto const message = decoder.next(rest);
    ASSERT_TRUE(message && *message);
    if (auto const* const changed = std::get_if<hostlink::Changed>(&**message)) {
      EXPECT_TRUE(syncs.empty());
      changes.push_back(*hostlink::decode_change(changed->bytes));
    }
    if (auto const* const sync = std::get_if<hostlink::Sync>(&**message)) syncs.push_back(*sync);
  }
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].kind, hostlink::Change::Kind::Write);
  EXPECT_EQ(changes[0].folder, 7);
  EXPECT_EQ(changes[0].path, "d/f");
  EXPECT_EQ(changes[0].first, 5u);
  EXPECT_EQ(changes[0].bytes.size(), 4u);
  EXPECT_EQ(changes[1].kind, hostlink::Change::Kind::SetTimes);
  EXPECT_EQ(changes[1].first, UINT64_MAX);
  EXPECT_EQ(changes[1].second, 2u);
  ASSERT_EQ(syncs.size(), 3u);
  EXPECT_TRUE(syncs[0].durable);
  EXPECT_FALSE(syncs[1].durable);

  using Outcome = hostlink::Synced::Outcome;
  line.send(hostlink::Synced{99, Outcome::Failed});
  line.send(hostlink::Synced{syncs[2].number, Outcome::Failed});
  machine.executor.run_until_idle();
  EXPECT_FALSE(first->is_finished());
  line.send(hostlink::Synced{syncs[0].number, Outcome::NoSpace});
  machine.executor.run_until_idle();
  EXPECT_TRUE(first->is_finished());
  EXPECT_FALSE(second->is_finished());
  line.send(hostlink::Synced{syncs[1].number, Outcome::Done});
  machine.executor.run_until_idle();
  EXPECT_TRUE(second->is_finished());
}

TEST_F(HostChannelTest, WhatTheHostCouldNotDoIsAnError) {
  using Outcome = hostlink::Synced::Outcome;
  u32 number = 0;
  for (auto const& [outcome, kind] : {std::pair(Outcome::NoSpace, fs::ErrorKind::NoSpace),
                                      std::pair(Outcome::Denied, fs::ErrorKind::ReadOnly),
                                      std::pair(Outcome::Failed, fs::ErrorKind::DeviceFailed)}) {
    line.send(hostlink::Synced{++number, outcome});
    auto const answer = [](FakeLine& to, u32 which, Outcome what) -> exec::Task<void> {
      co_await exec::yield();
      to.send(hostlink::Synced{which, what});
    };
    auto const answering = machine.executor.spawn("host", answer(line, number, outcome));
    auto const result = machine.finish(channel.sync(true));
    ASSERT_TRUE(result.has_value());
    ASSERT_FALSE(*result);
    EXPECT_EQ(result->error().kind, kind);
  }
}

TEST_F(HostChannelTest, AFarewellComesAfterTheJobAndBeforeItsStatus) {
  auto const farewell = [](HostChannel& to) -> exec::Task<std::expected<void, base::OutOfMemory>> {
    EXPECT_TRUE(co_await fs::write_all(to.standard_output(), bytes_of("bye")));
    co_return std::expected<void, base::OutOfMemory>{};
  };
  EXPECT_EQ(machine.finish(serve_job(machine.executor, channel, write_then_end("work ", ""),
                                     farewell(channel))),
            RunResult(ExitStatus{3}));
  EXPECT_EQ(heard().output, "work bye");

  line.from_guest = std::string("\x05\x01\x00\x02", 4);
  auto task = machine.executor.spawn(
      "job", serve_job(machine.executor, channel, wait_for_ever(channel), farewell(channel)));
  machine.executor.run_until_idle();
  line.send(hostlink::Interrupt{});
  machine.executor.run_until_idle();
  EXPECT_EQ(heard().output, "bye");
  EXPECT_THAT(heard().exits, ElementsAre(130));
}

TEST_F(HostChannelTest, StreamsHaveOneDirection) {
  std::array<u8, 1> byte{};
  auto const read = machine.finish(channel.standard_output().read(byte));
  EXPECT_EQ(read->error().kind, fs::ErrorKind::NotOpenForReading);
  auto const written = machine.finish(channel.standard_input().write(byte));
  EXPECT_EQ(written->error().kind, fs::ErrorKind::NotOpenForWriting);
}

TEST_F(HostChannelTest, WithoutMemoryTheLineStaysWhole) {
  std::string const out = noise(3'000);
  machine.executor.run_until_idle();
  nacre::test::fail_each_allocation([&] {
    line.from_guest.clear();
    auto const status = serve(write_then_end(out, "end"));
    if (status && *status && (*status)->code == 3) EXPECT_EQ(heard().both, out + "end");
    machine.executor.run_until_idle();
    static_cast<void>(heard());  // which checks the frames
  });
  EXPECT_EQ(heard().both, out + "end");
}

// In a machine without an executor's tasks: nothing here waits.
TEST(ByteQueueTest, KeepsTheOrderAroundItsEnd) {
  ByteQueue<10> queue;
  std::array<u8, 10> out{};
  u8 next_in = 0;
  u8 next_out = 0;
  for (int round = 0; round < 50; ++round) {
    std::array<u8, 7> in{};
    usize const count = std::min<usize>(queue.room(), 1 + static_cast<usize>(round % 7));
    for (usize i = 0; i < count; ++i) in[i] = next_in++;
    queue.push(std::span(in).first(count));
    usize const popped = queue.pop(std::span(out).first(static_cast<usize>(round % 5)));
    for (usize i = 0; i < popped; ++i) EXPECT_EQ(out[i], next_out++);
  }
  EXPECT_EQ(queue.size() + queue.room(), 10u);
}

}  // namespace
}  // namespace nacre::process
