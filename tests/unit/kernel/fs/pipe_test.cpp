#include "kernel/fs/pipe.hpp"

#include <array>
#include <bit>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <vector>

#include "lib/exec/executor.hpp"
#include "lib/exec/wait.hpp"
#include "tests/support/bytes_of.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/support/random.hpp"
#include "tests/unit/kernel/fs/run_task.hpp"

namespace nacre::fs {
namespace {

using nacre::test::bytes_of;
using Counted = std::optional<Result<usize>>;

exec::Task<void> keep(exec::Task<Result<usize>> inner, Counted& out) {
  out.emplace(co_await std::move(inner));
}

class PipeTest : public testing::Test {
 protected:
  PipeTest() {
    auto ends = *PipeEnds::create();
    reader_.emplace(std::move(ends.reader));
    writer_.emplace(std::move(ends.writer));
  }

  /// Starts an operation, which may have to wait; its result appears in `out`.
  exec::JoinHandle<void> start(exec::Task<Result<usize>> operation, Counted& out) {
    auto handle = *executor_.spawn("operation", keep(std::move(operation), out));
    executor_.run_until_idle();
    return handle;
  }
  /// Does what does not have to wait.
  Result<usize> now(exec::Task<Result<usize>> operation) {
    Counted out;
    auto const handle = start(std::move(operation), out);
    EXPECT_TRUE(out.has_value());
    return out.value_or(Result<usize>(fail(ErrorKind::Interrupted)));
  }
  std::string read(usize count) {
    std::string text(count, '\0');
    auto const got = now(reader_->read({std::bit_cast<u8*>(text.data()), text.size()}));
    text.resize(got.value_or(0));
    return text;
  }
  void fill() {
    std::vector<u8> const full(PipeEnds::capacity);
    EXPECT_EQ(now(writer_->write(full)), PipeEnds::capacity);
  }

  exec::Executor executor_{[] { return base::Instant{}; }};
  std::optional<PipeReader> reader_;
  std::optional<PipeWriter> writer_;
};

TEST_F(PipeTest, GivesWhatIsThere) {
  EXPECT_EQ(now(writer_->write(bytes_of("hello "))), 6u);
  EXPECT_EQ(now(writer_->write(bytes_of("world"))), 5u);
  EXPECT_EQ(read(4), "hell");
  EXPECT_EQ(read(100), "o world");
  EXPECT_EQ(now(reader_->read({})), 0u);
  EXPECT_EQ(now(writer_->write({})), 0u);
}

TEST_F(PipeTest, EndsCanBeClosedAndDuplicated) {
  auto more = *writer_->duplicate();
  EXPECT_EQ(now(more->write(bytes_of("one"))), 3u);
  more.reset();
  EXPECT_EQ(now(writer_->write(bytes_of("two"))), 3u);
  std::array<u8, 10> buffer;
  writer_->close();
  EXPECT_EQ(now(writer_->write(bytes_of("three"))).error().kind, ErrorKind::Closed);
  EXPECT_TRUE(writer_->readiness(Direction::Write).hung_up);
  EXPECT_EQ(writer_->readiness_changed(Direction::Write), nullptr);
  EXPECT_EQ(now(reader_->read(buffer)), 6u);
  EXPECT_EQ(now(reader_->read(buffer)), 0u);
  auto const other = *reader_->duplicate();
  reader_->close();
  EXPECT_EQ(now(reader_->read(buffer)), 0u);
  EXPECT_TRUE(reader_->readiness(Direction::Read).hung_up);
  EXPECT_EQ(reader_->readiness_changed(Direction::Read), nullptr);
  EXPECT_EQ(now(other->read(buffer)), 0u);
}

TEST_F(PipeTest, NoMemoryForAnotherEndIsAnError) {
  nacre::test::fail_each_allocation(
      [&] { return reader_->duplicate().has_value() && writer_->duplicate().has_value(); });
  EXPECT_EQ(now(writer_->write(bytes_of("one"))), 3u);
  EXPECT_EQ(read(100), "one");
}

TEST_F(PipeTest, EachEndGoesOneWay) {
  u8 byte = 0;
  EXPECT_EQ(now(writer_->read({&byte, 1})).error().kind, ErrorKind::NotOpenForReading);
  EXPECT_EQ(now(reader_->write({&byte, 1})).error().kind, ErrorKind::NotOpenForWriting);
  EXPECT_FALSE(reader_->is_terminal() || writer_->is_terminal());
}

TEST_F(PipeTest, AReaderWaitsForBytes) {
  std::vector<u8> buffer(10);
  Counted count;
  auto const handle = start(reader_->read(buffer), count);
  EXPECT_FALSE(count);
  EXPECT_EQ(now(writer_->write(bytes_of("ab"))), 2u);
  ASSERT_TRUE(count);
  EXPECT_EQ(*count, 2u);
  EXPECT_EQ(buffer[1], 'b');
}

TEST_F(PipeTest, AWriterWaitsForRoom) {
  fill();
  Counted count;
  auto const handle = start(writer_->write(bytes_of("xyz")), count);
  EXPECT_FALSE(count);
  EXPECT_EQ(read(2).size(), 2u);
  EXPECT_FALSE(count) << "a short text is not torn";
  EXPECT_EQ(read(1).size(), 1u);
  EXPECT_EQ(count, Result<usize>(3u));
  EXPECT_TRUE(read(PipeEnds::capacity).ends_with("xyz"));
}

TEST_F(PipeTest, MuchIsTakenInParts) {
  std::vector<u8> const much(PipeEnds::capacity + 10);
  EXPECT_EQ(now(writer_->write(much)), PipeEnds::capacity);
  EXPECT_EQ(read(7).size(), 7u);
  EXPECT_EQ(now(writer_->write(much)), 7u);
}

TEST_F(PipeTest, TheEndComesAfterTheLastByteOfTheLastWriter) {
  std::optional<PipeWriter> other(writer_->another());
  EXPECT_EQ(now(other->write(bytes_of("last"))), 4u);
  other.reset();
  EXPECT_EQ(read(2), "la");
  writer_.reset();
  EXPECT_EQ(read(10), "st");
  EXPECT_EQ(read(10), "");
  EXPECT_EQ(read(10), "") << "and lasts";
}

TEST_F(PipeTest, AWaitingReaderHearsOfTheEnd) {
  std::vector<u8> buffer(10);
  Counted count;
  auto const handle = start(reader_->read(buffer), count);
  auto other = std::make_optional(writer_->another());
  writer_.reset();
  executor_.run_until_idle();
  EXPECT_FALSE(count);
  other.reset();
  executor_.run_until_idle();
  EXPECT_EQ(count, Result<usize>(0u));
}

TEST_F(PipeTest, NobodyWritesToWhatNobodyReads) {
  fill();
  Counted count;
  auto const handle = start(writer_->write(bytes_of("x")), count);
  auto other = std::make_optional(reader_->another());
  reader_.reset();
  executor_.run_until_idle();
  EXPECT_FALSE(count);
  other.reset();
  executor_.run_until_idle();
  ASSERT_TRUE(count);
  EXPECT_EQ(count->error().kind, ErrorKind::Closed);
  EXPECT_EQ(now(writer_->write(bytes_of("x"))).error().kind, ErrorKind::Closed);
}

TEST_F(PipeTest, TellsWhetherItWouldWait) {
  EXPECT_FALSE(reader_->readiness(Direction::Read).ready);
  EXPECT_TRUE(reader_->readiness(Direction::Write).ready) << "it fails at once";
  EXPECT_TRUE(writer_->readiness(Direction::Write).ready);
  EXPECT_EQ(writer_->readiness(Direction::Write).bytes, PipeEnds::capacity);
  EXPECT_EQ(reader_->readiness_changed(Direction::Write), nullptr);
  EXPECT_EQ(writer_->readiness_changed(Direction::Read), nullptr);
  fill();
  EXPECT_TRUE(reader_->readiness(Direction::Read).ready);
  EXPECT_EQ(reader_->readiness(Direction::Read).bytes, PipeEnds::capacity);
  EXPECT_FALSE(writer_->readiness(Direction::Write).ready);
  read(PipeWriter::atomic_size - 1);
  EXPECT_FALSE(writer_->readiness(Direction::Write).ready);
  read(1);
  EXPECT_TRUE(writer_->readiness(Direction::Write).ready);
}

exec::Task<void> wait_at(exec::WaitList& list, int& woken) {
  co_await list.wait();
  ++woken;
}

TEST_F(PipeTest, WakesWhoWaitsForReadiness) {
  int woken = 0;
  auto const wait_for = [&](Stream& end, Direction direction) {
    auto handle = *executor_.spawn("wait", wait_at(*end.readiness_changed(direction), woken));
    executor_.run_until_idle();
    return handle;
  };
  auto const bytes = wait_for(*reader_, Direction::Read);
  EXPECT_EQ(woken, 0);
  fill();
  EXPECT_EQ(woken, 1);
  auto const room = wait_for(*writer_, Direction::Write);
  read(10);
  EXPECT_EQ(woken, 2);
  auto const end = wait_for(*reader_, Direction::Read);
  writer_.reset();
  executor_.run_until_idle();
  EXPECT_EQ(woken, 3);
  EXPECT_TRUE(reader_->readiness(Direction::Read).hung_up);
}

TEST_F(PipeTest, AWriterHearsThatNobodyReads) {
  int woken = 0;
  fill();
  auto const waiting =
      *executor_.spawn("wait", wait_at(*writer_->readiness_changed(Direction::Write), woken));
  executor_.run_until_idle();
  reader_.reset();
  executor_.run_until_idle();
  EXPECT_EQ(woken, 1);
  EXPECT_TRUE(writer_->readiness(Direction::Write).ready);
  EXPECT_TRUE(writer_->readiness(Direction::Write).hung_up);
}

TEST_F(PipeTest, WhoIsCancelledTakesAndGivesNothing) {
  std::vector<u8> buffer(10);
  Counted count;
  start(reader_->read(buffer), count).cancel();
  fill();
  EXPECT_FALSE(count);
  start(writer_->write(bytes_of("x")), count).cancel();
  EXPECT_EQ(read(PipeEnds::capacity), std::string(PipeEnds::capacity, '\0'));
  executor_.run_until_idle();
  EXPECT_FALSE(count);
  EXPECT_EQ(now(writer_->write(bytes_of("y"))), 1u);
  EXPECT_EQ(read(10), "y");
}

/// The numbers from 0 on, in pieces of all sizes.
exec::Task<void> send(PipeWriter end, usize count, u64 seed) {
  PipeWriter writer = std::move(end);  // parameters live as long as the task
  nacre::test::Random random(seed);
  std::vector<u8> piece;
  for (usize at = 0; at < count;) {
    piece.resize(std::min<usize>(1 + random.below(100'000), count - at));
    for (usize i = 0; i < piece.size(); ++i) piece[i] = static_cast<u8>((at + i) * 31 >> 3);
    auto const sent = co_await write_all(writer, piece);
    EXPECT_TRUE(sent.has_value());
    at += piece.size();
    if (random.below(3) == 0) co_await exec::yield();
  }
}

exec::Task<void> receive(PipeReader reader, usize& total, u64 seed) {
  nacre::test::Random random(seed);
  std::vector<u8> piece;
  for (;;) {
    piece.resize(1 + random.below(100'000));
    auto const count = co_await reader.read(piece);
    EXPECT_TRUE(count.has_value());
    if (count.value_or(0) == 0) co_return;
    for (usize i = 0; i < *count; ++i)
      EXPECT_EQ(piece[i], static_cast<u8>((total + i) * 31 >> 3)) << total + i;
    total += *count;
    if (random.below(3) == 0) co_await exec::yield();
  }
}

TEST_F(PipeTest, ALongStreamArrivesAsItWasSent) {
  constexpr usize count = 1'000'000;
  usize total = 0;
  auto const sender = executor_.spawn("send", send(std::move(*writer_), count, 1));
  auto const receiver = executor_.spawn("receive", receive(std::move(*reader_), total, 2));
  executor_.run_until_idle();
  EXPECT_TRUE(sender->is_finished() && receiver->is_finished());
  EXPECT_EQ(total, count);
}

TEST(Pipe, NoMemoryIsAnError) {
  auto const failures = nacre::test::fail_each_allocation([] {
    auto ends = PipeEnds::create();
    if (!ends) return;
    auto const written = test::run(ends->writer.write(bytes_of("a")));
    if (!written) EXPECT_EQ(written.error().kind, ErrorKind::OutOfMemory);
    // An error means that nothing has happened.
    std::optional<PipeWriter> writer(std::move(ends->writer));
    writer.reset();
    std::array<u8, 4> buffer;
    auto const count = test::run(ends->reader.read(buffer));
    if (count) EXPECT_EQ(*count, written.value_or(0));
  });
  EXPECT_GT(failures, 4u);
}

}  // namespace
}  // namespace nacre::fs
