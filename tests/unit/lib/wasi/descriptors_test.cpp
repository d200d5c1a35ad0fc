#include <gmock/gmock.h>

#include "tests/unit/lib/wasi/fakes.hpp"

namespace nacre::wasi {
namespace {

using testing::ElementsAre;

using Descriptors = test::WasiTest;

TEST_F(Descriptors, NumbersAreGivenLowestFirst) {
  DescriptorTable table(3);
  auto const add = [&](u32 least = 0) {
    return table.add({.file = std::make_unique<test::FakeFile>()}, least);
  };
  EXPECT_EQ(*add(), 0u);
  EXPECT_EQ(*add(3), 3u) << "numbers in between stay free";
  EXPECT_EQ(table.find(1).error(), Errno::BadDescriptor);
  EXPECT_EQ(*add(), 1u);
  EXPECT_EQ(add().error(), Errno::TooManyDescriptors);
  EXPECT_EQ(table.size(), 3u);
  EXPECT_TRUE(table.close(0));
  EXPECT_EQ(table.close(0).error(), Errno::BadDescriptor);
  EXPECT_EQ(table.close(UINT32_MAX).error(), Errno::BadDescriptor);
  EXPECT_EQ(*add(), 0u);
}

TEST_F(Descriptors, AreClosedAndRenumbered) {
  add_file().data = "zero";
  add_file().data = "one";
  EXPECT_EQ(call("fd_renumber", 1, 7), Errno::BadDescriptor);
  EXPECT_EQ(call("fd_renumber", 7, 1), Errno::BadDescriptor);
  EXPECT_EQ(call("fd_renumber", 1, 1), Errno::Success);
  EXPECT_EQ(call("fd_renumber", 1, 0), Errno::Success);
  EXPECT_EQ(call("fd_close", 1), Errno::BadDescriptor);
  EXPECT_EQ(static_cast<test::FakeFile&>(*(*system_.descriptors.find(0))->file).data, "one");
  EXPECT_EQ(call("fd_close", 0), Errno::Success);
  EXPECT_EQ(call("fd_fdstat_get", 0, 8), Errno::BadDescriptor);
}

TEST_F(Descriptors, StandardStreamsHaveTheirNumbersAndRights) {
  auto terminal = std::make_unique<test::FakeFile>();
  terminal->terminal = true;
  terminal->seekable = false;
  ASSERT_TRUE(system_.add_stream(1, std::move(terminal), Direction::Write));
  ASSERT_TRUE(system_.add_stream(2, std::make_unique<test::FakeFile>(), Direction::Write));
  ASSERT_TRUE(system_.add_preopened(std::make_unique<test::FakeDirectory>(log_), "/dir"));
  EXPECT_EQ(call("fd_fdstat_get", 0, 8), Errno::BadDescriptor);

  // A terminal, as C libraries know it: a character device that can neither seek nor tell.
  EXPECT_EQ(call("fd_fdstat_get", 1, 8), Errno::Success);
  EXPECT_EQ(at<DescriptorStat>(8).type, FileType::CharacterDevice);
  EXPECT_EQ(at<DescriptorStat>(8).rights & (rights::descriptor_seek | rights::descriptor_tell), 0u);
  EXPECT_NE(at<DescriptorStat>(8).rights & rights::descriptor_write, 0u);
  EXPECT_EQ(at<DescriptorStat>(8).rights & rights::descriptor_read, 0u);

  EXPECT_EQ(call("fd_fdstat_get", 2, 8), Errno::Success);
  EXPECT_EQ(at<DescriptorStat>(8).type, FileType::RegularFile);
  EXPECT_NE(at<DescriptorStat>(8).rights & rights::descriptor_seek, 0u);

  EXPECT_EQ(call("fd_fdstat_get", 3, 8), Errno::Success);
  EXPECT_EQ(at<u8>(8), 3u);
  EXPECT_EQ(at<u64>(24), rights::all);
}

TEST_F(Descriptors, TheGivenDirectoriesAreTold) {
  ASSERT_TRUE(system_.add_preopened(std::make_unique<test::FakeDirectory>(log_), "/dir"));
  EXPECT_EQ(call("fd_prestat_get", 3, 8), Errno::Success);
  EXPECT_EQ(at<u8>(8), 0u);
  EXPECT_EQ(at<u32>(12), 4u);
  EXPECT_EQ(call("fd_prestat_dir_name", 3, 100, 4), Errno::Success);
  EXPECT_EQ(text_at(100), "/dir");
  EXPECT_EQ(call("fd_prestat_dir_name", 3, 100, 3), Errno::NameTooLong);
  EXPECT_EQ(call("fd_prestat_get", 4, 8), Errno::BadDescriptor);
  add_file();
  EXPECT_EQ(call("fd_prestat_get", 0, 8), Errno::BadDescriptor) << "open, but given to nobody";
  EXPECT_EQ(call("fd_prestat_dir_name", 0, 8, 8), Errno::BadDescriptor);
}

TEST_F(Descriptors, RightsCanOnlyBeGivenUp) {
  add_file(rights::descriptor_read | rights::descriptor_seek | rights::descriptor_tell);
  EXPECT_EQ(call("fd_fdstat_set_rights", 0, rights::descriptor_write, 0), Errno::NotCapable);
  EXPECT_EQ(call("fd_fdstat_set_rights", 0, 0, rights::descriptor_read), Errno::NotCapable);
  EXPECT_EQ(call("fd_seek", 0, 1, 0, 8), Errno::Success);
  EXPECT_EQ(call("fd_fdstat_set_rights", 0, rights::descriptor_tell, 0), Errno::Success);
  EXPECT_EQ(call("fd_seek", 0, 1, 0, 8), Errno::NotCapable);
  EXPECT_EQ(call("fd_seek", 0, 0, 1, 8), Errno::Success) << "where it stands, it may be told";
  EXPECT_EQ(call("fd_tell", 0, 8), Errno::Success);
  EXPECT_EQ(at<u64>(8), 1u);
  EXPECT_EQ(call("fd_fdstat_set_rights", 0, rights::descriptor_read, 0), Errno::NotCapable);
  EXPECT_EQ(call("fd_fdstat_set_rights", 0, 0, 0), Errno::Success);
  EXPECT_EQ(call("fd_tell", 0, 8), Errno::NotCapable);
  EXPECT_EQ(call("fd_fdstat_set_rights", 9, 0, 0), Errno::BadDescriptor);
}

TEST_F(Descriptors, FlagsAreSetAndTold) {
  test::FakeFile& file = add_file();
  u32 const flags = descriptor_flags::append | descriptor_flags::non_blocking;
  EXPECT_EQ(call("fd_fdstat_set_flags", 0, flags), Errno::Success);
  EXPECT_EQ(file.flags, flags);
  EXPECT_EQ(call("fd_fdstat_get", 0, 8), Errno::Success);
  EXPECT_EQ(at<u16>(10), flags);
  EXPECT_EQ(call("fd_fdstat_set_flags", 0, 32), Errno::Invalid);
  EXPECT_EQ(call("fd_fdstat_set_flags", 0, 0x10000), Errno::Invalid);
  add_file(rights::descriptor_read);
  EXPECT_EQ(call("fd_fdstat_set_flags", 1, 0), Errno::NotCapable);
  EXPECT_EQ(call("fd_fdstat_set_flags", 2, 0), Errno::BadDescriptor);
}

TEST_F(Descriptors, PositionsMove) {
  add_file().data = "0123456789";
  EXPECT_EQ(call("fd_seek", 0, 4, 0, 8), Errno::Success);
  EXPECT_EQ(call("fd_seek", 0, 3, 1, 8), Errno::Success);
  EXPECT_EQ(at<u64>(8), 7u);
  EXPECT_EQ(call("fd_seek", 0, -1, 2, 8), Errno::Success);
  EXPECT_EQ(at<u64>(8), 9u);
  EXPECT_EQ(call("fd_seek", 0, 100, 2, 8), Errno::Success) << "past the end";
  EXPECT_EQ(at<u64>(8), 110u);
  EXPECT_EQ(call("fd_seek", 0, -1, 0, 8), Errno::Invalid);
  EXPECT_EQ(call("fd_seek", 0, 0, 3, 8), Errno::Invalid);
  add_stream();
  EXPECT_EQ(call("fd_seek", 1, 0, 0, 8), Errno::NotSeekable);
  EXPECT_EQ(call("fd_tell", 1, 8), Errno::NotSeekable);
  add_directory();
  EXPECT_EQ(call("fd_seek", 2, 0, 0, 8), Errno::BadDescriptor);
}

TEST_F(Descriptors, AdviceIsCheckedAndNotTaken) {
  add_file();
  for (u32 advice = 0; advice < 6; ++advice)
    EXPECT_EQ(call("fd_advise", 0, 0, 10, advice), Errno::Success);
  EXPECT_EQ(call("fd_advise", 0, 0, 10, 6), Errno::Invalid);
  EXPECT_EQ(call("fd_advise", 0, UINT64_MAX, 10, 0), Errno::Invalid);
  add_stream();
  EXPECT_EQ(call("fd_advise", 1, 0, 10, 0), Errno::NotSeekable);
  add_file(rights::descriptor_read);
  EXPECT_EQ(call("fd_advise", 2, 0, 10, 0), Errno::NotCapable);
}

TEST_F(Descriptors, NothingIsASocket) {
  add_stream();
  EXPECT_EQ(call("sock_shutdown", 0, 0), Errno::NotASocket);
  EXPECT_EQ(call("sock_shutdown", 9, 0), Errno::BadDescriptor);
  EXPECT_EQ(call("sock_accept", 0, 0, 8), Errno::NotASocket);
  EXPECT_EQ(call("sock_accept", 9, 0, 8), Errno::BadDescriptor);
  EXPECT_EQ(call("sock_recv", 0, 0, 0, 0, 8, 12), Errno::NotASocket);
  EXPECT_EQ(call("sock_recv", 9, 0, 0, 0, 8, 12), Errno::BadDescriptor);
  EXPECT_EQ(call("sock_send", 0, 0, 0, 0, 8), Errno::NotASocket);
  EXPECT_EQ(call("sock_send", 9, 0, 0, 0, 8), Errno::BadDescriptor);
}

TEST_F(Descriptors, ArgumentsAndVariablesAreGiven) {
  EXPECT_EQ(call("args_sizes_get", 8, 12), Errno::Success);
  EXPECT_EQ(at<u32>(8), 3u);
  EXPECT_EQ(at<u32>(12), 5u + 1 + 10);
  EXPECT_EQ(call("args_get", 16, 100), Errno::Success);
  EXPECT_EQ(text_at(at<u32>(16)), "prog");
  EXPECT_EQ(text_at(at<u32>(20)), "");
  EXPECT_EQ(text_at(at<u32>(24)), "two words");

  EXPECT_EQ(call("environ_sizes_get", 8, 12), Errno::Success);
  EXPECT_EQ(at<u32>(8), 1u);
  EXPECT_EQ(at<u32>(12), 4u);
  EXPECT_EQ(call("environ_get", 16, memory_size - 4), Errno::Success);
  EXPECT_EQ(at<u32>(16), memory_size - 4);
  EXPECT_EQ(at<u8>(memory_size - 1), 0);
  EXPECT_EQ(call("environ_get", 16, memory_size - 3), Errno::Fault);
}

TEST_F(Descriptors, ClocksAreRead) {
  EXPECT_EQ(call("clock_time_get", 1, 0, 8), Errno::Success);
  EXPECT_EQ(at<u64>(8), 1'001'000u);
  EXPECT_EQ(call("clock_res_get", 0, 8), Errno::Success);
  EXPECT_EQ(at<u64>(8), 7u);
  EXPECT_EQ(call("clock_time_get", 4, 0, 8), Errno::Invalid);
  EXPECT_EQ(call("clock_time_get", UINT32_MAX, 0, 8), Errno::Invalid);
}

TEST_F(Descriptors, AProgramEnds) {
  call("proc_exit", 7);
  EXPECT_EQ(system_.exit_code, 7u);
}

TEST_F(Descriptors, ASignalDoesWhatItDoesWhereNobodyCatchesIt) {
  for (Signal const ignored : {Signal::None, Signal::Pipe, Signal::Child, Signal::Continue,
                               Signal::Urgent, Signal::Window}) {
    EXPECT_EQ(call("proc_raise", static_cast<u32>(ignored)), Errno::Success);
    EXPECT_FALSE(system_.exit_code);
  }
  for (Signal const stops : {Signal::Stop, Signal::TerminalStop, Signal::TerminalInput})
    EXPECT_EQ(call("proc_raise", static_cast<u32>(stops)), Errno::NotSupported);
  EXPECT_EQ(call("proc_raise", 31), Errno::Invalid);
  EXPECT_EQ(call("proc_raise", UINT32_MAX), Errno::Invalid);
  EXPECT_FALSE(system_.exit_code);
  EXPECT_EQ(call("proc_raise", static_cast<u32>(Signal::Abort)), Errno::Success);
  EXPECT_EQ(system_.exit_code, 128u + 6);
}

TEST_F(Descriptors, RandomBytesFillWhatIsAskedFor) {
  EXPECT_EQ(call("random_get", 8, 4), Errno::Success);
  EXPECT_EQ(at<u32>(8), 0xaaaaaaaau);
  EXPECT_EQ(at<u8>(12), 0u);
  EXPECT_EQ(call("random_get", 8, 0), Errno::Success);
  EXPECT_EQ(call("random_get", 0, memory_size), Errno::Success);
  EXPECT_EQ(call("random_get", 0, memory_size + 1), Errno::Fault);
}

TEST_F(Descriptors, GivingWayIsTheHosts) {
  EXPECT_EQ(call("sched_yield"), Errno::Success);
  EXPECT_THAT(log_, ElementsAre("yield"));
}

}  // namespace
}  // namespace nacre::wasi
