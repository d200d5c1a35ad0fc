#include "kernel/process/wasi_files.hpp"

#include <gmock/gmock.h>

#include "kernel/fs/tmp_file_system.hpp"
#include "kernel/process/start_directories.hpp"
#include "tests/unit/kernel/process/fakes.hpp"

namespace nacre::process {
namespace {

using testing::ElementsAre;
using wasi::Errno;

/// A tree of which a program gets the directory `/jail`.
class WasiFilesTest : public testing::Test {
 protected:
  WasiFilesTest() {
    directory("/jail");
    directory("/jail/inner");
    directory("/secret");
    file("/secret/key", "secret");
    file("/jail/inner/file", "inside");
    jail.emplace(vfs, *finish(vfs.open_directory(vfs.root(), "/jail")), turn, meter);
  }

  template <class T>
  fs::Result<T> finish(exec::Task<fs::Result<T>> task) {
    return *machine.finish(std::move(task));
  }
  template <class T>
  wasi::Result<T> finish(exec::Task<wasi::Result<T>> task) {
    return *machine.finish(std::move(task));
  }
  void directory(std::string_view path) {
    ASSERT_TRUE(finish(vfs.create_directory(vfs.root(), path)));
  }
  void file(std::string_view path, std::string_view text) {
    auto made = finish(vfs.open(vfs.root(), path, {.access = {.write = true}, .create = true}));
    ASSERT_TRUE(made);
    std::span const bytes(std::bit_cast<const u8*>(text.data()), text.size());
    ASSERT_TRUE(finish(fs::write_all(*made, bytes)));
  }
  void link(std::string_view text, std::string_view path) {
    ASSERT_TRUE(finish(vfs.create_symlink(text, vfs.root(), path)));
  }
  Errno open(std::string_view path, wasi::OpenRequest request = {.read = true, .follow = true}) {
    auto const opened = finish(jail->open(path, request));
    return opened ? Errno::Success : opened.error().number;
  }
  Errno number_of(const wasi::Result<void>& result) {
    return result ? Errno::Success : result.error().number;
  }

  test::Machine machine;
  Turn turn{machine.executor};
  fs::SpaceMeter meter;
  fs::Vfs vfs = *fs::Vfs::create(*fs::TmpFileSystem::create({}));
  std::optional<NodeDirectory> jail;
};

TEST_F(WasiFilesTest, NoPathLeavesTheDirectory) {
  link("/secret/key", "/jail/absolute");
  link("../secret/key", "/jail/up");
  link("..", "/jail/parent");
  link("inner/../../secret", "/jail/roundabout");
  link("up", "/jail/twice");
  EXPECT_EQ(open("inner/file"), Errno::Success);
  EXPECT_EQ(open("inner/../inner/./file"), Errno::Success);
  for (std::string_view const path :
       {"..", "../secret/key", "inner/../../secret/key", "/secret/key", "/", "/jail/inner/file",
        "absolute", "up", "parent", "parent/secret/key", "roundabout/key", "twice", "./..",
        "inner/../..", "../jail/inner/file"}) {
    EXPECT_EQ(open(path), Errno::NotCapable) << path;
    EXPECT_EQ(open(path, {.write = true, .create = true, .truncate = true, .follow = true}),
              Errno::NotCapable)
        << path;
    auto const stat = finish(jail->stat_at(path, true));
    ASSERT_FALSE(stat) << path;
    EXPECT_EQ(stat.error(), Errno::NotCapable) << path;
  }
  for (std::string_view const path : {"../x", "/x", "parent/x", "inner/../../x"}) {
    EXPECT_EQ(number_of(finish(jail->create_directory(path))), Errno::NotCapable) << path;
    EXPECT_EQ(number_of(finish(jail->create_symlink("y", path))), Errno::NotCapable) << path;
    EXPECT_EQ(number_of(finish(jail->rename("inner/file", *jail, path))), Errno::NotCapable)
        << path;
    EXPECT_EQ(number_of(finish(jail->link("inner/file", true, *jail, path))), Errno::NotCapable)
        << path;
    EXPECT_EQ(open(path, {.write = true, .create = true, .exclusive = true}), Errno::NotCapable);
  }
  for (std::string_view const path : {"../secret/key", "/secret/key", "parent/secret/key"}) {
    EXPECT_EQ(number_of(finish(jail->remove_file(path))), Errno::NotCapable) << path;
    EXPECT_EQ(number_of(finish(jail->rename(path, *jail, "mine"))), Errno::NotCapable) << path;
    EXPECT_EQ(number_of(finish(jail->link(path, true, *jail, "mine"))), Errno::NotCapable) << path;
  }
  EXPECT_EQ(number_of(finish(jail->link("up", true, *jail, "mine"))), Errno::NotCapable);
  EXPECT_TRUE(finish(vfs.stat(vfs.root(), "/secret/key")));
}

TEST_F(WasiFilesTest, ADirectoryThatIsMovedAwayIsStillItsOwnRoot) {
  auto inner = finish(jail->open("inner", {.read = true}));
  ASSERT_TRUE(inner);
  wasi::Directory& moved = *(*inner)->as_directory();
  ASSERT_TRUE(finish(vfs.rename(vfs.root(), "/jail/inner", vfs.root(), "/secret/inner")));
  auto const escaped = finish(moved.open("../key", {.read = true, .follow = true}));
  ASSERT_FALSE(escaped);
  EXPECT_EQ(escaped.error(), Errno::NotCapable);
  EXPECT_TRUE(finish(moved.open("file", {.read = true, .follow = true})));
}

TEST_F(WasiFilesTest, FilesAreReadAndWrittenAndToldAbout) {
  auto opened =
      finish(jail->open("new", {.read = true, .write = true, .create = true, .follow = true}));
  ASSERT_TRUE(opened);
  wasi::File& made = **opened;
  std::array<u8, 3> bytes{'a', 'b', 'c'};
  EXPECT_EQ(*finish(made.write(bytes)), 3u);
  EXPECT_EQ(*made.seek(-1, wasi::Whence::End), 2u);
  EXPECT_EQ(*finish(made.read(bytes)), 1u);
  EXPECT_EQ(bytes[0], 'c');
  EXPECT_EQ(made.readiness(wasi::Direction::Read).bytes, 0u);
  EXPECT_TRUE(finish(made.set_times(5'000'000'007, std::nullopt)));
  auto const stat = *finish(made.stat());
  EXPECT_EQ(stat.type, wasi::FileType::RegularFile);
  EXPECT_EQ(stat.size, 3u);
  EXPECT_EQ(stat.links, 1u);
  EXPECT_EQ(stat.accessed, 5'000'000'007u);
  EXPECT_EQ(finish(jail->stat_at("new", true))->inode, stat.inode);
}

TEST_F(WasiFilesTest, WhatAProgramTakesInFilesIsCounted) {
  ASSERT_TRUE(vfs.mount("/jail/mounted", *fs::TmpFileSystem::create({})));
  for (std::string_view const path : {"new", "mounted/new"}) {
    SCOPED_TRACE(path);
    u64 const before = meter.taken();
    auto opened =
        finish(jail->open(path, {.read = true, .write = true, .create = true, .follow = true}));
    ASSERT_TRUE(opened);
    u64 const empty = meter.taken();
    EXPECT_GT(empty, before) << "a name and a node";
    wasi::File& made = **opened;
    std::array<u8, 1000> const bytes{};
    EXPECT_EQ(**made.write_now(bytes), 1000u);
    EXPECT_GE(meter.taken(), empty + 1000);
    EXPECT_EQ(*finish(made.write_at(1'000'000, bytes)), 1000u);
    EXPECT_GE(meter.taken(), empty + 2000);
    EXPECT_LT(meter.taken(), empty + 200'000) << "a hole takes nothing";
    made.set_flags(wasi::descriptor_flags::sync);
    u64 const large = meter.taken();
    EXPECT_EQ(*finish(made.write_at(0, bytes)), 1000u);
    EXPECT_EQ(meter.taken(), large) << "what is there already";
    ASSERT_TRUE(finish(made.set_size(0)));
    EXPECT_EQ(meter.taken(), empty);
    ASSERT_TRUE(finish(made.allocate(0, 100'000)));
    EXPECT_GE(meter.taken(), empty + 100'000);
    ASSERT_TRUE(finish(jail->remove_file(path)));
    EXPECT_GE(meter.taken(), before + 100'000) << "open still";
    opened->reset();
    EXPECT_EQ(meter.taken(), before);
  }
  ASSERT_TRUE(finish(jail->create_directory("d")));
  ASSERT_TRUE(finish(jail->create_symlink("somewhere", "l")));
  ASSERT_TRUE(finish(jail->link("l", false, *jail, "l2")));
  EXPECT_GT(meter.taken(), 100u);
  // What others made and this one removes is nothing that it is owed.
  ASSERT_TRUE(finish(jail->remove_file("inner/file")));
  ASSERT_TRUE(finish(jail->remove_file("l2")));
  ASSERT_TRUE(finish(jail->remove_file("l")));
  ASSERT_TRUE(finish(jail->remove_directory("d")));
  EXPECT_EQ(meter.taken(), 0u);
}

TEST_F(WasiFilesTest, BytesInMemoryAreMovedAtOnceUntilOthersHaveTheirTurn) {
  auto opened =
      finish(jail->open("new", {.read = true, .write = true, .create = true, .follow = true}));
  ASSERT_TRUE(opened);
  wasi::File& made = **opened;
  std::array<u8, 3> bytes{'a', 'b', 'c'};
  EXPECT_EQ(**made.write_now(bytes), 3u);
  EXPECT_EQ(**made.write_now_at(3, bytes), 3u);
  EXPECT_EQ(**made.read_now_at(2, bytes), 3u);
  EXPECT_THAT(bytes, ElementsAre('c', 'a', 'b'));
  test::fake_now = test::fake_now + Turn::length;
  EXPECT_FALSE(made.read_now(bytes));
  EXPECT_FALSE(made.write_now(bytes));
  EXPECT_EQ(*finish(made.read(bytes)), 3u) << "after the others";
  EXPECT_EQ(**made.read_now(bytes), 0u) << "the end";
}

TEST_F(WasiFilesTest, EntriesComeOneByOneWithWhereToGoOn) {
  file("/jail/a", "");
  link("a", "/jail/l");
  std::vector<std::string> names;
  std::array<wasi::DirectoryEntry, 1> entry;
  for (u64 cookie = 0; *finish(jail->read_entries(cookie, entry)) == 1; cookie = entry[0].next)
    names.emplace_back(entry[0].name);
  EXPECT_THAT(names, testing::UnorderedElementsAre("inner", "a", "l"));
}

TEST_F(WasiFilesTest, APersonsProgramGetsTheRootAndWhereThePersonIs) {
  directory("/jail/secret");
  file("/plain", "");
  auto const names = [&](fs::Location working) {
    auto const directories = *finish(StartDirectories::create(vfs, working));
    std::vector<std::string> all;
    for (Preopened const& directory : directories.all()) all.emplace_back(directory.name);
    return all;
  };
  EXPECT_THAT(names(vfs.root()), ElementsAre("/"));
  auto const inner = *finish(vfs.locate(vfs.root(), "/jail/inner"));
  auto const all = names(inner);
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all.front(), "/");
  EXPECT_EQ(all.back(), ".") << "the last counts where prefixes are the same";
  EXPECT_THAT(all, testing::UnorderedElementsAre("/", "/jail", "/secret", "."));
  auto const own = *finish(vfs.locate(vfs.root(), "/jail"));
  EXPECT_THAT(names(own), ElementsAre("/", "/jail", ".")) << "it has a `secret` of its own";
}

}  // namespace
}  // namespace nacre::process
