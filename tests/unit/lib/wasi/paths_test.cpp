#include <gmock/gmock.h>

#include "tests/unit/lib/wasi/fakes.hpp"

namespace nacre::wasi {
namespace {

using testing::ElementsAre;

class Paths : public test::WasiTest {
 protected:
  static constexpr u32 result = 200;
  static constexpr Rights read_write = rights::descriptor_read | rights::descriptor_write;

  Errno open(u32 flags, Rights base, Rights inheriting = 0, u32 descriptor_flags = 0,
             u32 lookup = 1) {
    return call("path_open", 0, lookup, path, put_path("a/b"), flags, base, inheriting,
                descriptor_flags, result);
  }
};

TEST_F(Paths, OpeningTellsTheDirectoryWhatIsWanted) {
  test::FakeDirectory& directory = add_directory();
  directory.next_opened = std::make_unique<test::FakeFile>();
  EXPECT_EQ(
      open(open_flags::create | open_flags::truncate, read_write, 0, u32{descriptor_flags::append}),
      Errno::Success);
  EXPECT_EQ(at<u32>(result), 1u);
  EXPECT_THAT(log_, ElementsAre("open a/b"));
  OpenRequest const& request = directory.request;
  EXPECT_TRUE(request.read && request.write && request.create && request.truncate);
  EXPECT_TRUE(request.follow && !request.exclusive && !request.directory);
  EXPECT_EQ(request.flags, descriptor_flags::append);
  EXPECT_EQ(call("fd_fdstat_get", 1, 8), Errno::Success);
  EXPECT_EQ(at<DescriptorStat>(8).flags, descriptor_flags::append);
  EXPECT_EQ(at<DescriptorStat>(8).rights, read_write);
  EXPECT_EQ(at<DescriptorStat>(8).inheriting_rights, 0u);

  directory.next_opened = std::make_unique<test::FakeFile>();
  EXPECT_EQ(open(open_flags::directory | open_flags::exclusive, 0, 0, 0, 0), Errno::Success);
  EXPECT_TRUE(request.directory && request.exclusive);
  EXPECT_FALSE(request.follow || request.read || request.write);
}

TEST_F(Paths, AnOpenFileHasTheRightsThatApplyToIt) {
  test::FakeDirectory& directory = add_directory();
  directory.next_opened = std::make_unique<test::FakeFile>();
  EXPECT_EQ(open(0, UINT64_MAX, UINT64_MAX), Errno::Success);
  EXPECT_EQ(call("fd_fdstat_get", 1, 8), Errno::Success);
  EXPECT_EQ(at<DescriptorStat>(8).rights, rights::of_files);
  EXPECT_EQ(at<DescriptorStat>(8).inheriting_rights, 0u);

  directory.next_opened = std::make_unique<test::FakeDirectory>(log_);
  EXPECT_EQ(open(0, rights::all, rights::descriptor_read), Errno::Success);
  EXPECT_EQ(call("fd_fdstat_get", 2, 8), Errno::Success);
  EXPECT_EQ(at<DescriptorStat>(8).rights, rights::of_directories);
  EXPECT_EQ(at<DescriptorStat>(8).inheriting_rights, rights::descriptor_read);

  auto terminal = std::make_unique<test::FakeFile>();
  terminal->terminal = true;
  terminal->seekable = false;
  directory.next_opened = std::move(terminal);
  EXPECT_EQ(open(0, rights::all), Errno::Success);
  EXPECT_EQ(call("fd_fdstat_get", 3, 8), Errno::Success);
  EXPECT_EQ(at<DescriptorStat>(8).rights, rights::of_streams) << "so that it is a terminal";
}

TEST_F(Paths, WhatADirectoryDoesNotPassOnCannotBeHad) {
  add_directory(rights::path_open, rights::descriptor_read);
  EXPECT_EQ(open(0, read_write), Errno::NotCapable);
  EXPECT_EQ(open(0, rights::descriptor_read, rights::descriptor_write), Errno::NotCapable);
  EXPECT_EQ(open(open_flags::create, rights::descriptor_read), Errno::NotCapable);
  EXPECT_EQ(open(open_flags::truncate, rights::descriptor_read), Errno::NotCapable);
  EXPECT_EQ(open(0, rights::descriptor_read, 0, u32{descriptor_flags::sync}), Errno::NotCapable);
  EXPECT_EQ(open(0, rights::descriptor_read, 0, u32{descriptor_flags::data_sync}),
            Errno::NotCapable);
  EXPECT_EQ(call("fd_fdstat_set_rights", 0, 0, 0), Errno::Success);
  EXPECT_EQ(open(0, 0), Errno::NotCapable);
  EXPECT_THAT(log_, ElementsAre());
}

TEST_F(Paths, FlagsThatThereAreNotAreInvalid) {
  add_directory();
  EXPECT_EQ(open(16, 0), Errno::Invalid);
  EXPECT_EQ(open(0, 0, 0, 32), Errno::Invalid);
  EXPECT_EQ(open(0, 0, 0, 0x10000), Errno::Invalid);
  EXPECT_EQ(open(0, 0, 0, 0, 2), Errno::Invalid);
  u32 const size = put_path("a");
  EXPECT_EQ(call("path_filestat_get", 0, 2, path, size, 8), Errno::Invalid);
  EXPECT_EQ(call("path_filestat_set_times", 0, 2, path, size, 0, 0, 0), Errno::Invalid);
  EXPECT_EQ(call("path_link", 0, 2, path, size, 0, path, size), Errno::Invalid);
  EXPECT_THAT(log_, ElementsAre());
}

TEST_F(Paths, NothingIsOpenedWhereThereIsNoRoomForIt) {
  add_directory();
  for (int i = 1; i < 64; ++i) add_file();
  EXPECT_EQ(open(open_flags::create, 0), Errno::TooManyDescriptors);
  EXPECT_THAT(log_, ElementsAre());
}

TEST_F(Paths, PathsBeginInDirectories) {
  add_file(rights::all);
  u32 const size = put_path("a");
  EXPECT_EQ(open(0, 0), Errno::NotADirectory);
  EXPECT_EQ(call("path_create_directory", 0, path, size), Errno::NotADirectory);
  EXPECT_EQ(call("path_unlink_file", 7, path, size), Errno::BadDescriptor);
}

TEST_F(Paths, CallsReachTheDirectory) {
  add_directory();
  add_directory();
  u32 const size = put_path("ab");
  u32 const other = path + 1;  // "b"
  EXPECT_EQ(call("path_create_directory", 0, path, size), Errno::Success);
  EXPECT_EQ(call("path_remove_directory", 0, path, size), Errno::Success);
  EXPECT_EQ(call("path_unlink_file", 0, path, size), Errno::Success);
  EXPECT_EQ(call("path_symlink", path, size, 0, other, 1), Errno::Success);
  EXPECT_EQ(call("path_link", 0, 0, path, size, 0, other, 1), Errno::Success);
  EXPECT_EQ(call("path_link", 0, 1, path, size, 1, other, 1), Errno::Success);
  EXPECT_EQ(call("path_rename", 0, path, size, 1, other, 1), Errno::Success);
  EXPECT_EQ(call("path_filestat_set_times", 0, 1, path, size, 3, 4, time_flags::accessed),
            Errno::Success);
  EXPECT_EQ(call("path_filestat_get", 0, 0, path, size, 8), Errno::Success);
  EXPECT_EQ(at<u64>(16), 5u);
  EXPECT_EQ(at<u64>(40), 9u);
  EXPECT_THAT(log_, ElementsAre("create_directory ab", "remove_directory ab", "remove_file ab",
                                "symlink ab at b", "link ab here as b", "link ab follow there as b",
                                "rename ab there as b", "times ab follow 3 -", "stat ab"));
}

TEST_F(Paths, NoLinkLeadsToTheRoot) {
  add_directory();
  u32 const size = put_path("/etc");
  EXPECT_EQ(call("path_symlink", path, size, 0, path + 1, 3), Errno::NotCapable);
  EXPECT_THAT(log_, ElementsAre());
}

TEST_F(Paths, LinksAreReadAsFarAsThereIsRoom) {
  add_directory();
  u32 const size = put_path("l");
  EXPECT_EQ(call("path_readlink", 0, path, size, 1000, 100, result), Errno::Success);
  EXPECT_EQ(at<u32>(result), 6u);
  EXPECT_EQ(text_at(1000), "target");
  EXPECT_EQ(call("path_readlink", 0, path, size, 2000, 3, result), Errno::Success);
  EXPECT_EQ(at<u32>(result), 3u);
  EXPECT_EQ(text_at(2000), "tar");
  EXPECT_EQ(call("path_readlink", 0, path, size, 3000, 0, result), Errno::Success);
  EXPECT_EQ(at<u32>(result), 0u);
}

TEST_F(Paths, EachCallNeedsItsRight) {
  struct Needs {
    Rights right;
    std::function<Errno()> call;
  };
  u32 const size = put_path("a");
  Needs const all[] = {
      {rights::path_create_directory, [&] { return call("path_create_directory", 0, path, size); }},
      {rights::path_remove_directory, [&] { return call("path_remove_directory", 0, path, size); }},
      {rights::path_unlink_file, [&] { return call("path_unlink_file", 0, path, size); }},
      {rights::path_symlink, [&] { return call("path_symlink", path, size, 0, path, size); }},
      {rights::path_read_link, [&] { return call("path_readlink", 0, path, size, 8, 8, result); }},
      {rights::path_stat, [&] { return call("path_filestat_get", 0, 0, path, size, 8); }},
      {rights::path_set_times,
       [&] { return call("path_filestat_set_times", 0, 0, path, size, 0, 0, 0); }},
      {rights::path_link_source | rights::path_link_target,
       [&] { return call("path_link", 0, 0, path, size, 0, path, size); }},
      {rights::path_rename_source | rights::path_rename_target,
       [&] { return call("path_rename", 0, path, size, 0, path, size); }},
      {rights::descriptor_read_directory,
       [&] { return call("fd_readdir", 0, 1000, 100, 0, result); }},
      {rights::descriptor_stat, [&] { return call("fd_filestat_get", 0, 8); }},
  };
  for (Needs const& needs : all) {
    add_directory(needs.right);
    EXPECT_EQ(needs.call(), Errno::Success) << needs.right;
    ASSERT_EQ(call("fd_close", 0), Errno::Success);
    // Of two rights, either alone does not do.
    for (Rights one = 1; one <= rights::all; one <<= 1) {
      if ((needs.right & one) == 0) continue;
      add_directory(rights::of_directories & ~one);
      EXPECT_EQ(needs.call(), Errno::NotCapable) << one;
      ASSERT_EQ(call("fd_close", 0), Errno::Success);
    }
  }
}

class ReadDirectory : public Paths {
 protected:
  static constexpr u32 buffer = 1000;
  struct Seen {
    std::string name;
    u64 inode;
    FileType type;
    friend bool operator==(const Seen&, const Seen&) = default;
  };

  /// The whole entries of the buffer; where reading goes on behind them.
  std::pair<std::vector<Seen>, u64> entries(u64 cookie) {
    std::vector<Seen> seen;
    u32 const used = at<u32>(result);
    for (u32 offset = 0; offset + sizeof(DirectoryEntryHeader) <= used;) {
      auto const header = at<DirectoryEntryHeader>(buffer + offset);
      offset += sizeof(DirectoryEntryHeader);
      if (offset + header.name_size > used) break;
      seen.push_back({text_at(buffer + offset, header.name_size), header.inode, header.type});
      offset += header.name_size;
      cookie = header.next;
    }
    return {seen, cookie};
  }
};

TEST_F(ReadDirectory, GivesItselfItsParentAndItsEntries) {
  test::FakeDirectory& directory = add_directory();
  directory.entries = {{"b", FileType::RegularFile, 11, 70}, {"a", FileType::Directory, 12, 40}};
  EXPECT_EQ(call("fd_readdir", 0, buffer, 500, 0, result), Errno::Success);
  EXPECT_EQ(at<u32>(result), 4 * 24u + 1 + 2 + 1 + 1) << "less than there is room for: the end";
  auto const [seen, next] = entries(0);
  EXPECT_THAT(
      seen, ElementsAre(Seen{".", 2, FileType::Directory}, Seen{"..", 1, FileType::Directory},
                        Seen{"b", 11, FileType::RegularFile}, Seen{"a", 12, FileType::Directory}));
  EXPECT_EQ(call("fd_readdir", 0, buffer, 500, next, result), Errno::Success);
  EXPECT_EQ(at<u32>(result), 0u);
}

TEST_F(ReadDirectory, DoesNotTellWhereAGivenDirectoryLies) {
  ASSERT_TRUE(system_.add_preopened(std::make_unique<test::FakeDirectory>(log_), "/"));
  EXPECT_EQ(call("fd_readdir", 3, buffer, 500, 0, result), Errno::Success);
  EXPECT_THAT(entries(0).first,
              ElementsAre(Seen{".", 2, FileType::Directory}, Seen{"..", 2, FileType::Directory}));
}

/// However small the buffer is, the last entry is cut off where it ends, and all come in the end.
TEST_F(ReadDirectory, CutsTheLastEntryOff) {
  test::FakeDirectory& directory = add_directory();
  std::vector<std::string> all{".", ".."};
  for (u32 i = 0; i < 100; ++i) {
    directory.entries.push_back({"name" + std::to_string(i), FileType::RegularFile, i, i + 1000});
    all.push_back(directory.entries.back().name);
  }
  for (u32 const size : {31u, 32u, 100u, 1000u, 60'000u}) {
    std::vector<std::string> seen;
    u64 cookie = 0;
    for (int rounds = 0; rounds < 1000; ++rounds) {
      ASSERT_EQ(call("fd_readdir", 0, buffer, size, cookie, result), Errno::Success);
      auto const [part, next] = entries(cookie);
      for (Seen const& entry : part) seen.push_back(entry.name);
      cookie = next;
      if (at<u32>(result) < size) break;
    }
    EXPECT_EQ(seen, all) << size;
  }
  EXPECT_EQ(call("fd_readdir", 0, buffer, 10, 0, result), Errno::Success);
  EXPECT_EQ(at<u32>(result), 10u);
  EXPECT_EQ(call("fd_readdir", 0, buffer, 0, 0, result), Errno::Success);
  EXPECT_EQ(at<u32>(result), 0u);
}

TEST_F(ReadDirectory, IsForDirectories) {
  add_file(rights::all);
  EXPECT_EQ(call("fd_readdir", 0, buffer, 100, 0, result), Errno::NotADirectory);
  add_directory().error = Errno::Io;
  EXPECT_EQ(call("fd_readdir", 1, buffer, 100, 0, result), Errno::Io);
}

}  // namespace
}  // namespace nacre::wasi
