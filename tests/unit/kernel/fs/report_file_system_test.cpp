#include "kernel/fs/report_file_system.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "kernel/fs/tmp_file_system.hpp"
#include "kernel/fs/vfs.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/unit/kernel/fs/run_task.hpp"

namespace nacre::fs {
namespace {

using test::run;

class ReportFileSystemTest : public testing::Test {
 protected:
  ReportFileSystemTest() {
    auto const count_up = [this](base::Sink& sink) { base::format_to(sink, "{}\n", counter_); };
    auto const none = [](base::Sink&) {};
    auto const reports = std::to_array<Report>({{"count", keep_ = count_up}, {"empty", none}});
    EXPECT_TRUE(vfs_.mount("/proc", std::move(*ReportFileSystem::create(reports, {77, 0}))));
  }
  std::string read(OpenFile& file, usize most) {
    std::string text(most, '\0');
    auto const count = run(file.read({std::bit_cast<u8*>(text.data()), text.size()}));
    EXPECT_TRUE(count);
    text.resize(count.value_or(0));
    return text;
  }

  int counter_ = 1234;
  std::function<void(base::Sink&)> keep_;
  Vfs vfs_ = std::move(*Vfs::create(std::move(*TmpFileSystem::create({}))));
};

TEST_F(ReportFileSystemTest, ATextIsMadeWhenItIsReadFromTheStart) {
  auto file = run(vfs_.open(vfs_.root(), "proc/count"));
  ASSERT_TRUE(file);
  EXPECT_EQ(read(*file, 2), "12");
  counter_ = 5;
  EXPECT_EQ(read(*file, 10), "34\n") << "the text that was begun";
  EXPECT_EQ(read(*file, 10), "");
  EXPECT_EQ(file->stat().size, 2u) << "as long as it would be now";
  EXPECT_EQ(*file->seek(0, OpenFile::Whence::Start), 0u);
  EXPECT_EQ(read(*file, 10), "5\n");
  auto empty = run(vfs_.open(vfs_.root(), "proc/empty"));
  ASSERT_TRUE(empty);
  EXPECT_EQ(read(*empty, 10), "");
}

TEST_F(ReportFileSystemTest, IsADirectoryOfFilesThatNobodyChanges) {
  auto directory = run(vfs_.open_directory(vfs_.root(), "/proc"));
  ASSERT_TRUE(directory);
  std::array<DirectoryEntry, 1> entry;
  std::vector<std::string> names;
  while (*directory->read(entry) == 1) {
    names.emplace_back(entry[0].name);
    auto const stat = run(vfs_.stat(directory->location(), entry[0].name));
    ASSERT_TRUE(stat);
    EXPECT_EQ(stat->inode, entry[0].inode);
    EXPECT_EQ(stat->type, NodeType::File);
    EXPECT_EQ(stat->modified, (base::UnixTime{77, 0}));
  }
  EXPECT_THAT(names, testing::ElementsAre("count", "empty"));
  EXPECT_EQ(run(vfs_.stat(vfs_.root(), "proc/none")).error().kind, ErrorKind::NotFound);
  EXPECT_EQ(run(vfs_.open(vfs_.root(), "proc/new", {.access = {.write = true}, .create = true}))
                .error()
                .kind,
            ErrorKind::ReadOnly);
  EXPECT_EQ(run(vfs_.remove_file(vfs_.root(), "proc/count")).error().kind, ErrorKind::ReadOnly);
  std::array<u8, 4> bytes;
  EXPECT_EQ(run(directory->location().file_system->read({0}, 0, bytes)).error().kind,
            ErrorKind::IsADirectory);
}

TEST_F(ReportFileSystemTest, NoMemoryIsAnErrorAndNotHalfAText) {
  FileSystem& reports = *run(vfs_.locate(vfs_.root(), "/proc"))->file_system;
  std::array<u8, 10> bytes;
  EXPECT_GT(::nacre::test::fail_each_allocation([&] {
              auto const count = *reports.read_now({1}, 0, bytes);
              if (!count) EXPECT_EQ(count.error().kind, ErrorKind::OutOfMemory);
              return count.has_value();
            }),
            0u);
}

}  // namespace
}  // namespace nacre::fs
