#include <gmock/gmock.h>

#include "lib/wasi/buffers.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/unit/lib/wasi/fakes.hpp"

namespace nacre::wasi {
namespace {

using testing::ElementsAre;

class Files : public test::WasiTest {
 protected:
  void put_buffers(std::initializer_list<Iovec> buffers) {
    for (u32 i = 0; Iovec const& buffer : buffers) put(8 * i++, buffer);
  }
  static constexpr u32 result = 200;
};

TEST_F(Files, BytesGoIntoAllBuffersInOrder) {
  test::FakeFile& file = add_file();
  file.data = "hello world";
  file.most_at_once = SIZE_MAX;
  put_buffers({{1000, 5}, {0, 0}, {2000, 20}});
  EXPECT_EQ(call("fd_read", 0, 0, 3, result), Errno::Success);
  EXPECT_EQ(at<u32>(result), 11u);
  EXPECT_EQ(text_at(1000, 6), std::string("hello\0", 6));
  EXPECT_EQ(text_at(2000), " world");
  EXPECT_EQ(call("fd_read", 0, 0, 3, result), Errno::Success);
  EXPECT_EQ(at<u32>(result), 0u) << "the end";
}

TEST_F(Files, AllBytesAreWrittenHoweverFewAreTakenAtOnce) {
  test::FakeFile& file = add_stream();
  file.most_at_once = 3;
  put_path("hello world");
  put_buffers({{path, 6}, {path + 6, 5}});
  EXPECT_EQ(call("fd_write", 0, 0, 2, result), Errno::Success);
  EXPECT_EQ(at<u32>(result), 11u);
  EXPECT_EQ(file.data, "hello world");
}

TEST_F(Files, WhatTakesNoWaitingIsAnsweredAtOnce) {
  test::FakeFile& file = add_file();
  put_path("hello world");
  put_buffers({{path, 6}, {path + 6, 5}});
  call("fd_write", 0, 0, 2, result);
  EXPECT_FALSE(is_answered_at_once()) << "unless the file says so";
  file.data = "";
  file.position = 0;
  put<u32>(result, 0);
  file.parts_now = 2;
  EXPECT_TRUE(is_answered_at_once());
  EXPECT_EQ(file.data, "hello world");
  EXPECT_EQ(at<u32>(result), 11u);

  file.error = Errno::NoSpace;
  file.parts_now = 1;
  EXPECT_TRUE(is_answered_at_once());
  EXPECT_EQ(file.parts_now, 0u);
  EXPECT_EQ(call("fd_write", 7, 0, 2, result), Errno::BadDescriptor);
  EXPECT_TRUE(is_answered_at_once());
}

TEST_F(Files, WhatHasToWaitGoesOnWhereItDidNot) {
  test::FakeFile& file = add_file();
  put_path("hello world");
  put_buffers({{path, 6}, {path + 6, 5}});
  file.parts_now = 1;
  EXPECT_EQ(call("fd_write", 0, 0, 2, result), Errno::Success);
  EXPECT_EQ(file.data, "hello world");
  EXPECT_EQ(at<u32>(result), 11u);
  file.parts_now = 1;
  put_buffers({{1000, 3}, {2000, 4}});
  EXPECT_EQ(call("fd_pread", 0, 0, 2, 2, result), Errno::Success);
  EXPECT_EQ(text_at(1000, 3) + text_at(2000, 4), "llo wor");
  EXPECT_EQ(at<u32>(result), 7u);
}

TEST_F(Files, WithoutMemoryToWaitWhatWasMovedCounts) {
  test::FakeFile& file = add_file();
  put_path("hello world");
  put_buffers({{path, 6}, {path + 6, 5}});
  call("fd_write", 0, 0, 2, result);
  file.data = "";
  file.position = 0;
  file.parts_now = 1;
  nacre::test::FailingAllocations const no_memory(0);
  EXPECT_TRUE(is_answered_at_once());
  EXPECT_EQ(at<u32>(result), 6u);
  EXPECT_EQ(file.data, "hello ");
}

TEST_F(Files, OfAStreamOneTakesWhatThereIs) {
  test::FakeFile& file = add_stream();
  file.data = "abcdef";
  file.most_at_once = 2;
  put_buffers({{1000, 2}, {2000, 2}});
  EXPECT_EQ(call("fd_read", 0, 0, 2, result), Errno::Success);
  EXPECT_EQ(at<u32>(result), 2u) << "the rest might have to be waited for";
}

TEST_F(Files, AnErrorCountsOnlyIfNothingWasMoved) {
  test::FakeFile& file = add_file();
  file.error = Errno::NoSpace;
  put_buffers({{path, 4}});
  EXPECT_EQ(call("fd_write", 0, 0, 1, result), Errno::NoSpace);
  EXPECT_EQ(call("fd_read", 0, 0, 1, result), Errno::NoSpace);
}

TEST_F(Files, PositionsOfTheirOwnLeaveTheFilesAlone) {
  test::FakeFile& file = add_file();
  file.data = "0123456789";
  file.position = 2;
  put_buffers({{1000, 2}, {2000, 2}});
  EXPECT_EQ(call("fd_pread", 0, 0, 2, 5, result), Errno::Success);
  EXPECT_EQ(text_at(1000) + text_at(2000), "5678");
  EXPECT_EQ(call("fd_pwrite", 0, 0, 2, 0, result), Errno::Success);
  EXPECT_EQ(file.data, "5678456789");
  EXPECT_EQ(file.position, 2u);
  EXPECT_EQ(call("fd_pread", 0, 0, 2, UINT64_MAX, result), Errno::Invalid);
  EXPECT_EQ(call("fd_pwrite", 0, 0, 2, u64{1} << 63, result), Errno::Invalid);
  add_stream();
  EXPECT_EQ(call("fd_pread", 1, 0, 2, 0, result), Errno::NotSeekable);
  EXPECT_EQ(call("fd_pwrite", 1, 0, 2, 0, result), Errno::NotSeekable);
}

TEST_F(Files, RightsAreNeededToMoveBytes) {
  add_file(rights::descriptor_read);
  add_file(rights::descriptor_write);
  add_directory();
  EXPECT_EQ(call("fd_read", 1, 0, 0, result), Errno::NotCapable);
  EXPECT_EQ(call("fd_write", 0, 0, 0, result), Errno::NotCapable);
  EXPECT_EQ(call("fd_pread", 0, 0, 0, 0, result), Errno::NotCapable) << "without the right to seek";
  EXPECT_EQ(call("fd_pwrite", 1, 0, 0, 0, result), Errno::NotCapable);
  EXPECT_EQ(call("fd_read", 2, 0, 0, result), Errno::IsDirectory);
  EXPECT_EQ(call("fd_write", 2, 0, 0, result), Errno::BadDescriptor);
  EXPECT_EQ(call("fd_read", 3, 0, 0, result), Errno::BadDescriptor);
}

TEST_F(Files, WhoMustNotWaitIsToldToTryAgain) {
  test::FakeFile& file = add_stream();
  ASSERT_EQ(call("fd_fdstat_set_flags", 0, u32{descriptor_flags::non_blocking}), Errno::Success);
  file.data = "abc";
  put_buffers({{1000, 8}});
  file.ready = false;
  EXPECT_EQ(call("fd_read", 0, 0, 1, result), Errno::Again);
  EXPECT_EQ(call("fd_write", 0, 0, 1, result), Errno::Again);
  file.ready = true;
  EXPECT_EQ(call("fd_read", 0, 0, 1, result), Errno::Success);
  EXPECT_EQ(at<u32>(result), 3u);
}

TEST_F(Files, BuffersAreCheckedOneByOne) {
  add_stream();
  put_buffers({{1000, 10}, {0, 0}, {memory_size - 5, 5}});
  EXPECT_EQ(call("fd_write", 0, 0, 3, result), Errno::Success);
  for (Iovec const bad :
       {Iovec{memory_size - 5, 6}, Iovec{memory_size, 1}, Iovec{UINT32_MAX, 1},
        Iovec{UINT32_MAX, UINT32_MAX}, Iovec{1, UINT32_MAX}, Iovec{memory_size + 1, 0}}) {
    put(16, bad);
    EXPECT_EQ(call("fd_write", 0, 0, 3, result), Errno::Fault) << bad.address << " " << bad.size;
  }
  EXPECT_EQ(call("fd_write", 0, 0, Buffers::max_count + 1, result), Errno::Invalid);
  EXPECT_EQ(call("fd_write", 0, 0, UINT32_MAX, result), Errno::Invalid);
}

/// A guest reads into its own list of buffers: what is written there is checked like the rest.
TEST_F(Files, AListThatChangesMeanwhileGivesNothingOutside) {
  add_file().data = std::string(100, '\xff');
  put_buffers({{8, 8}, {1000, 8}});
  EXPECT_EQ(call("fd_read", 0, 0, 2, result), Errno::Success);
  EXPECT_EQ(at<u32>(result), 8u);
}

TEST_F(Files, BuffersMayNotAddUpToMoreThanASizeCanCount) {
  instance_->memories[0] = *store_.add_memory({{1024, 1024}});
  for (u32 i = 0; i < 65; ++i) put(i * 8, Iovec{0, 64u << 20});
  EXPECT_TRUE(Buffers::create(memory(), 0, 63));
  EXPECT_EQ(Buffers::create(memory(), 0, 65).error(), Errno::Invalid);
}

TEST_F(Files, SizesAreSet) {
  test::FakeFile& file = add_file();
  EXPECT_EQ(call("fd_filestat_set_size", 0, 5), Errno::Success);
  EXPECT_EQ(file.data.size(), 5u);
  EXPECT_EQ(call("fd_allocate", 0, 3, 10), Errno::Success);
  EXPECT_EQ(file.data.size(), 13u);
  EXPECT_EQ(call("fd_allocate", 0, 0, 4), Errno::Success);
  EXPECT_EQ(file.data.size(), 13u) << "it does not become smaller";
  EXPECT_EQ(call("fd_allocate", 0, 0, 0), Errno::Invalid);
  EXPECT_EQ(call("fd_allocate", 0, UINT64_MAX, 1), Errno::FileTooBig);
  EXPECT_EQ(call("fd_allocate", 0, 1, u64{INT64_MAX}), Errno::FileTooBig);
  EXPECT_EQ(call("fd_filestat_set_size", 0, UINT64_MAX), Errno::FileTooBig);
  add_stream(rights::all);
  EXPECT_EQ(call("fd_filestat_set_size", 1, 5), Errno::Invalid);
  EXPECT_EQ(call("fd_allocate", 1, 0, 5), Errno::Invalid);
  add_directory(rights::all);
  EXPECT_EQ(call("fd_filestat_set_size", 2, 5), Errno::BadDescriptor);
  add_file(rights::descriptor_read);
  EXPECT_EQ(call("fd_filestat_set_size", 3, 5), Errno::NotCapable);
  EXPECT_EQ(call("fd_allocate", 3, 0, 5), Errno::NotCapable);
}

TEST_F(Files, AFileIsToldAsProgramsKnowIt) {
  add_file().data = "12345";
  EXPECT_EQ(call("fd_filestat_get", 0, 8), Errno::Success);
  EXPECT_EQ(at<u64>(8), 3u);
  EXPECT_EQ(at<u64>(16), 77u);
  EXPECT_EQ(at<u64>(24), 4u) << "a regular file, and nothing but zeros behind it";
  EXPECT_EQ(at<u64>(32), 1u);
  EXPECT_EQ(at<u64>(40), 5u);
  EXPECT_EQ(at<u64>(48), 10u);
  EXPECT_EQ(at<u64>(56), 20u);
  EXPECT_EQ(at<u64>(64), 30u);
  EXPECT_EQ(at<u8>(72), 0u);
  add_file(rights::descriptor_read);
  EXPECT_EQ(call("fd_filestat_get", 1, 8), Errno::NotCapable);
}

TEST_F(Files, TimesAreSetOrLeftOrNow) {
  test::FakeFile& file = add_file();
  EXPECT_EQ(call("fd_filestat_set_times", 0, 5, 6, time_flags::accessed | time_flags::modified),
            Errno::Success);
  EXPECT_EQ(call("fd_filestat_set_times", 0, 5, 6, time_flags::modified), Errno::Success);
  EXPECT_EQ(call("fd_filestat_set_times", 0, 5, 6, time_flags::accessed_now | time_flags::modified),
            Errno::Success);
  EXPECT_EQ(call("fd_filestat_set_times", 0, 5, 6, 0), Errno::Success);
  EXPECT_THAT(file.log, ElementsAre("times 5 6", "times - 6", "times 1000 6", "times - -"));
  for (u32 const bad : {time_flags::accessed | time_flags::accessed_now,
                        time_flags::modified | time_flags::modified_now, 16u, UINT32_MAX})
    EXPECT_EQ(call("fd_filestat_set_times", 0, 5, 6, bad), Errno::Invalid) << bad;
  add_file(rights::descriptor_read);
  EXPECT_EQ(call("fd_filestat_set_times", 1, 5, 6, 0), Errno::NotCapable);
}

TEST_F(Files, DataAndEverythingAreMadeSafe) {
  test::FakeFile& file = add_file();
  EXPECT_EQ(call("fd_datasync", 0), Errno::Success);
  EXPECT_EQ(call("fd_sync", 0), Errno::Success);
  EXPECT_THAT(file.log, ElementsAre("datasync", "sync"));
  add_file(rights::descriptor_read);
  EXPECT_EQ(call("fd_sync", 1), Errno::NotCapable);
  EXPECT_EQ(call("fd_datasync", 1), Errno::NotCapable);
}

TEST_F(Files, WithoutMemoryACallFails) {
  add_file().data = "hello";
  put_buffers({{1000, 5}});
  host_call_ = {id_of(Version::Preview1, "fd_read"), slots_, instance_};
  slots_ = {0, 0, 1, result, 0};
  host_call_.arguments = slots_;
  auto const tried = nacre::test::fail_each_allocation([&] {
    answered_.reset();
    auto handle = executor_.spawn("call", keep());
    if (!handle) return;
    executor_.run_until_idle();
    EXPECT_TRUE(answered_ == Errno::Success || answered_ == Errno::NoMemory);
  });
  EXPECT_GE(tried, 4u);
}

}  // namespace
}  // namespace nacre::wasi
