#include "kernel/fs/device_file_system.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "kernel/fs/tmp_file_system.hpp"
#include "kernel/fs/vfs.hpp"
#include "tests/unit/kernel/fs/run_task.hpp"

namespace nacre::fs {
namespace {

using test::run;
using testing::Each;

/// A terminal that has something to read only when it was given something.
class FakeTerminal final : public Stream {
 public:
  std::string input;
  std::string output;
  exec::WaitList changed;

  exec::Task<Result<usize>> read(std::span<u8> buffer) override {
    usize const count = std::min(buffer.size(), input.size());
    std::copy_n(input.begin(), count, buffer.begin());
    input.erase(0, count);
    co_return count;
  }
  exec::Task<Result<usize>> write(std::span<const u8> bytes) override {
    output.append(bytes.begin(), bytes.end());
    co_return bytes.size();
  }
  Readiness readiness(Direction direction) const override {
    return {.ready = direction == Direction::Write || !input.empty(), .bytes = input.size()};
  }
  exec::WaitList* readiness_changed(Direction) override { return &changed; }
  bool is_terminal() const override { return true; }
};

class DeviceFileSystemTest : public testing::Test {
 protected:
  DeviceFileSystemTest() {
    auto devices = DeviceFileSystem::create(random_, {77, 0});
    devices_ = devices->get();
    EXPECT_TRUE(vfs_.mount("/dev", std::move(*devices)));
  }
  Result<OpenFile> open(std::string_view path, OpenOptions options = {.access = {.write = true}}) {
    return run(vfs_.open(vfs_.root(), path, options));
  }

  base::SecureRandom random_{base::SecureRandom::Seed{1}};
  Vfs vfs_ = std::move(*Vfs::create(std::move(*TmpFileSystem::create({}))));
  DeviceFileSystem* devices_ = nullptr;
  std::array<u8, 100'000> buffer_{};
};

TEST_F(DeviceFileSystemTest, NothingComesOutOfNull) {
  auto file = open("dev/null", {.access = {.write = true}, .create = true, .truncate = true});
  ASSERT_TRUE(file);
  EXPECT_EQ(*run(file->read(buffer_)), 0u);
  EXPECT_EQ(*run(file->write(buffer_)), buffer_.size());
  EXPECT_EQ(file->stat().type, NodeType::CharacterDevice);
  EXPECT_EQ(file->stat().modified.seconds, 77);
  EXPECT_FALSE(file->is_terminal());
  EXPECT_NE(file->device(), nullptr);
  EXPECT_TRUE(file->readiness(Direction::Read).ready);
}

TEST_F(DeviceFileSystemTest, ZerosComeWithoutEnd) {
  for (std::string_view const path : {"dev/zero", "dev/full"}) {
    auto file = open(path);
    ASSERT_TRUE(file);
    buffer_.fill(1);
    usize const count = *run(file->read(buffer_));
    EXPECT_EQ(count, 65536u) << "no more at once";
    EXPECT_THAT(std::span(buffer_).first(count), Each(u8{0}));
    EXPECT_EQ(buffer_[count], 1);
    EXPECT_EQ(*run(file->read_at(u64{1} << 60, buffer_)), count);
  }
  EXPECT_EQ(*run(open("dev/zero")->write(buffer_)), buffer_.size());
}

TEST_F(DeviceFileSystemTest, FullHasNoRoom) {
  EXPECT_EQ(run(open("dev/full")->write(buffer_)).error().kind, ErrorKind::NoSpace);
  EXPECT_EQ(*run(open("dev/full")->write({})), 0u);
}

TEST_F(DeviceFileSystemTest, RandomBytesAreTheSources) {
  base::SecureRandom same{base::SecureRandom::Seed{1}};
  std::array<u8, 1000> expected{};
  for (std::string_view const path : {"dev/random", "dev/urandom"}) {
    auto file = open(path);
    auto const some = std::span(buffer_).first(expected.size());
    ASSERT_EQ(*run(file->read(some)), some.size());
    same.fill(expected);
    EXPECT_TRUE(std::ranges::equal(some, expected)) << path;
    EXPECT_EQ(*run(file->write(buffer_)), buffer_.size());
  }
}

TEST_F(DeviceFileSystemTest, TheTerminalIsWhatItWasSetTo) {
  EXPECT_EQ(open("dev/tty").error().kind, ErrorKind::NoDevice);
  FakeTerminal terminal;
  devices_->set_terminal(&terminal);
  auto file = open("dev/tty");
  ASSERT_TRUE(file);
  EXPECT_TRUE(file->is_terminal());
  EXPECT_EQ(file->seek(0, OpenFile::Whence::Start).error().kind, ErrorKind::NotSeekable);
  terminal.input = "typed";
  EXPECT_EQ(*run(file->read(buffer_)), 5u);
  EXPECT_EQ(*run(file->write(std::span(buffer_).first(5))), 5u);
  EXPECT_EQ(terminal.output, "typed");
  file->set_flags({.nonblock = true});
  EXPECT_EQ(run(file->read(buffer_)).error().kind, ErrorKind::WouldBlock);
  EXPECT_FALSE(file->readiness(Direction::Read).ready);
  EXPECT_EQ(file->readiness_changed(Direction::Read), &terminal.changed);
  terminal.input = "more";
  EXPECT_EQ(*run(file->read(buffer_)), 4u);
  EXPECT_EQ(*run(file->write(std::span(buffer_).first(1))), 1u);
  devices_->set_terminal(nullptr);
  EXPECT_EQ(run(file->read(buffer_)).error().kind, ErrorKind::NoDevice);
}

TEST_F(DeviceFileSystemTest, CannotBeChanged) {
  EXPECT_EQ(run(vfs_.open(vfs_.root(), "dev/new", {.create = true})).error().kind,
            ErrorKind::ReadOnly);
  EXPECT_EQ(run(vfs_.remove_file(vfs_.root(), "dev/null")).error().kind, ErrorKind::ReadOnly);
  EXPECT_EQ(run(vfs_.remove_directory(vfs_.root(), "dev")).error().kind, ErrorKind::Busy);
}

TEST_F(DeviceFileSystemTest, IsListed) {
  auto directory = run(vfs_.open_directory(vfs_.root(), "dev"));
  std::array<DirectoryEntry, 4> some;
  std::string names;
  while (usize const count = *directory->read(some))
    for (const DirectoryEntry& entry : std::span(some).first(count))
      names += std::string(entry.name) + " ";
  EXPECT_EQ(names, "null zero full random urandom tty ");
  EXPECT_EQ(directory->stat().size, 6u);
}

/// Who may only go below another directory finds no way to the devices.
TEST_F(DeviceFileSystemTest, IsOutOfReachFromBelowADirectory) {
  ASSERT_TRUE(run(vfs_.create_directory(vfs_.root(), "home")));
  ASSERT_TRUE(run(vfs_.create_symlink("../dev/null", vfs_.root(), "home/link")));
  Location const home = *run(vfs_.locate(vfs_.root(), "home"));
  for (std::string_view const path : {"../dev/null", "/dev/null", "link"})
    EXPECT_EQ(run(vfs_.open(home, path, {.walk = {.beneath = true}})).error().kind,
              ErrorKind::OutsideDirectory)
        << path;
  EXPECT_EQ(run(vfs_.open(home, "dev/null", {.walk = {.beneath = true}})).error().kind,
            ErrorKind::NotFound);
}

}  // namespace
}  // namespace nacre::fs
