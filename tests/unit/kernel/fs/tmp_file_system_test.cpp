#include "kernel/fs/tmp_file_system.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "tests/support/bytes_of.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/unit/kernel/fs/run_task.hpp"
#include "tests/unit/kernel/fs/ticking_clock.hpp"

namespace nacre::fs {
namespace {

using nacre::test::bytes_of;
using test::run;
using test::seconds;
using test::tick;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// A clock that goes on by a second each time it is looked at.
class TmpFileSystemTest : public testing::Test {
 protected:
  TmpFileSystemTest() { make({}); }
  void make(TmpFileSystem::Limits limits) {
    seconds = 0;
    fs_ = std::move(*TmpFileSystem::create({.limits = limits, .now = tick, .key = {1, 2}}));
    root_ = fs_->root();
  }

  NodeId file(std::string_view name) { return *fs_->create(root_, name, NodeType::File); }
  NodeId directory(std::string_view name) { return *fs_->create(root_, name, NodeType::Directory); }
  std::string why(const auto& result) {
    return std::string(result ? "ok" : describe(result.error().kind));
  }
  std::string write(NodeId node, u64 offset, std::string_view text) {
    while (!text.empty()) {
      auto const count = run(fs_->write(node, offset, bytes_of(text)));
      if (!count) return why(count);
      offset += *count;
      text.remove_prefix(*count);
    }
    return "ok";
  }
  std::string read(NodeId node, u64 offset = 0, usize most = SIZE_MAX) {
    std::string text(std::min<u64>(most, fs_->stat(node).size - offset), '?');
    auto const buffer = std::span(reinterpret_cast<u8*>(text.data()), text.size());
    for (usize done = 0; done < text.size();) {
      auto const count = run(fs_->read(node, offset + done, buffer.subspan(done)));
      if (!count || *count == 0) return "failed";
      done += *count;
    }
    return text;
  }
  std::vector<std::string> list(NodeId node) {
    std::vector<std::string> names;
    std::array<DirectoryEntry, 3> some;
    for (u64 cookie = 0;;) {
      usize const count = *fs_->read_directory(node, cookie, some);
      if (count == 0) return names;
      for (const DirectoryEntry& entry : std::span(some).first(count))
        names.emplace_back(entry.name);
      cookie = some[count - 1].next;
    }
  }
  u64 used() const { return UINT64_MAX - fs_->space().free_bytes; }

  base::Box<TmpFileSystem> fs_;
  NodeId root_;
};

// ---- Data

TEST_F(TmpFileSystemTest, KeepsWhatIsWritten) {
  NodeId const f = file("f");
  EXPECT_EQ(write(f, 0, "hello"), "ok");
  EXPECT_EQ(write(f, 5, " world"), "ok");
  EXPECT_EQ(write(f, 0, "J"), "ok");
  EXPECT_EQ(read(f), "Jello world");
  std::array<u8, 4> buffer{};
  EXPECT_EQ(*run(fs_->read(f, 11, buffer)), 0u);
  EXPECT_EQ(*run(fs_->read(f, UINT64_MAX, buffer)), 0u);
  EXPECT_EQ(*run(fs_->write(f, 4, {})), 0u);
  EXPECT_EQ(why(run(fs_->read(root_, 0, buffer))), "is a directory");
  EXPECT_EQ(why(run(fs_->write(root_, 0, buffer))), "is a directory");
  EXPECT_EQ(why(fs_->resize(root_, 0)), "is a directory");
  EXPECT_EQ(why(run(fs_->allocate(root_, 0, 1))), "is a directory");
}

/// Sizes and offsets around the borders of chunks and of the tables that lead to them.
TEST_F(TmpFileSystemTest, ReadsBackAcrossChunks) {
  u64 const chunk = FileData::chunk_size;
  for (u64 const at : {u64{0}, chunk - 3, chunk, 31 * chunk + 5, 32 * chunk - 1, 1024 * chunk - 2,
                       32768 * chunk + 7, FileData::max_size - 200'000}) {
    NodeId const f = file("f");
    std::string text;
    for (int i = 0; i < 150'000; ++i) text.push_back(static_cast<char>(i * 7 + i / 251));
    EXPECT_EQ(write(f, at, text), "ok") << at;
    EXPECT_EQ(fs_->stat(f).size, at + text.size());
    EXPECT_EQ(read(f, at), text) << at;
    if (at >= 100) EXPECT_EQ(read(f, at - 100, 100), std::string(100, '\0'));
    ASSERT_TRUE(fs_->remove(root_, "f", NodeType::File));
  }
  EXPECT_LT(used(), 300u) << "only the root is left";
}

TEST_F(TmpFileSystemTest, HolesTakeNoMemory) {
  NodeId const f = file("f");
  u64 const before = used();
  EXPECT_TRUE(fs_->resize(f, u64{1} << 40));
  EXPECT_EQ(used(), before);
  EXPECT_EQ(read(f, (u64{1} << 40) - 10), std::string(10, '\0'));
  EXPECT_EQ(write(f, u64{1} << 39, "x"), "ok");
  EXPECT_LT(used(), before + 8192);
  EXPECT_EQ(read(f, (u64{1} << 39) - 2, 5), std::string("\0\0x\0\0", 5));
}

TEST_F(TmpFileSystemTest, SmallFilesAreSmall) {
  u64 const before = used();
  EXPECT_EQ(write(file("f"), 0, "x"), "ok");
  EXPECT_LT(used() - before, 400u);
}

TEST_F(TmpFileSystemTest, WhatIsCutOffIsZero) {
  NodeId const f = file("f");
  std::string const text(200'000, 'x');
  ASSERT_EQ(write(f, 0, text), "ok");
  u64 const full = used();
  ASSERT_TRUE(fs_->resize(f, 70'000));
  EXPECT_LT(used(), full - 100'000);
  ASSERT_TRUE(fs_->resize(f, 10));
  EXPECT_LT(used(), full - 190'000);
  ASSERT_TRUE(fs_->resize(f, 200'000));
  EXPECT_EQ(read(f), std::string(10, 'x') + std::string(199'990, '\0'));
  ASSERT_TRUE(fs_->resize(f, 0));
  EXPECT_EQ(fs_->stat(f).size, 0u);
}

TEST_F(TmpFileSystemTest, FilesDoNotGrowWithoutEnd) {
  NodeId const f = file("f");
  EXPECT_EQ(write(f, FileData::max_size, "x"), "file too large");
  EXPECT_EQ(write(f, UINT64_MAX, "x"), "file too large");
  EXPECT_EQ(why(fs_->resize(f, FileData::max_size + 1)), "file too large");
  EXPECT_EQ(why(run(fs_->allocate(f, FileData::max_size, 1))), "file too large");
  EXPECT_TRUE(fs_->resize(f, FileData::max_size));
  EXPECT_EQ(write(f, FileData::max_size - 1, "x"), "ok");
}

TEST_F(TmpFileSystemTest, ASingleCallMovesABoundedPart) {
  NodeId const f = file("f");
  std::string const text(3 << 20, 'x');
  EXPECT_EQ(*run(fs_->write(f, 0, bytes_of(text))), TmpFileSystem::max_transfer);
  EXPECT_EQ(write(f, 0, text), "ok");
  EXPECT_EQ(read(f), text);
}

TEST_F(TmpFileSystemTest, AllocatesSpace) {
  make({.bytes = 1 << 20});
  NodeId const f = file("f");
  ASSERT_EQ(write(f, 0, "abc"), "ok");
  ASSERT_TRUE(run(fs_->allocate(f, 1, 99'999)));
  EXPECT_EQ(fs_->stat(f).size, 100'000u);
  u64 const free = fs_->space().free_bytes;
  EXPECT_LT(free, (1u << 20) - 100'000);
  EXPECT_EQ(write(f, 50'000, std::string(50'000, 'x')), "ok");
  EXPECT_EQ(fs_->space().free_bytes, free) << "there was room";
  ASSERT_TRUE(run(fs_->allocate(f, 0, 10)));
  EXPECT_EQ(fs_->stat(f).size, 100'000u) << "it does not shrink";
  EXPECT_EQ(why(run(fs_->allocate(f, 0, 2 << 20))), "no space left");
  EXPECT_EQ(fs_->stat(f).size, 100'000u);
  EXPECT_EQ(fs_->space().free_bytes, free);
  EXPECT_EQ(read(f, 0, 5), std::string("abc\0\0", 5));
}

TEST_F(TmpFileSystemTest, WritesToBorrowedBytesAreCopies) {
  std::string archive;
  for (int i = 0; i < 200'000; ++i) archive.push_back(static_cast<char>(i * 11 + i / 253));
  std::string const original = archive;
  NodeId const f = *fs_->create_borrowing(
      root_, "f", {.bytes = bytes_of(archive), .size = archive.size(), .map = {}});
  EXPECT_LT(used(), 1000u);
  EXPECT_EQ(fs_->contents(f)->data(), bytes_of(archive).data());
  EXPECT_EQ(read(f), archive);
  std::string expected = archive;
  auto const check_write = [&](usize at, std::string_view text) {
    expected.resize(std::max(expected.size(), at + text.size()));
    expected.replace(at, text.size(), text);
    EXPECT_EQ(write(f, at, text), "ok");
    EXPECT_EQ(read(f), expected) << at;
    EXPECT_FALSE(fs_->contents(f));
  };
  check_write(100'000, "new");
  EXPECT_LT(used(), 70'000u) << "one chunk was copied";
  check_write(65'530, "across chunks");
  check_write(199'998, "longer");
  check_write(400'000, "behind a hole");
  ASSERT_TRUE(fs_->resize(f, 10'000));
  ASSERT_TRUE(fs_->resize(f, 150'000));
  expected = expected.substr(0, 10'000) + std::string(140'000, '\0');
  EXPECT_EQ(read(f), expected);
  check_write(120'000, "not the old bytes");
  EXPECT_EQ(archive, original) << "what was borrowed is as it was";
}

// ---- Names

TEST_F(TmpFileSystemTest, NamesAreCreatedFoundAndRemoved) {
  NodeId const f = file("f");
  NodeId const d = directory("d");
  NodeId const s = *fs_->create_symlink(root_, "s", "target");
  EXPECT_EQ(fs_->type(f), NodeType::File);
  EXPECT_EQ(fs_->link_text(s), "target");
  EXPECT_EQ(fs_->link_text(f), "");
  EXPECT_EQ(fs_->stat(s).size, 6u);
  EXPECT_EQ(fs_->stat(root_).size, 3u);
  EXPECT_EQ(fs_->name(d), "d");
  EXPECT_EQ(fs_->parent(d), root_);
  EXPECT_EQ(**fs_->lookup(root_, "d"), d);
  EXPECT_FALSE(*fs_->lookup(root_, "D"));
  EXPECT_EQ(why(fs_->create(root_, "f", NodeType::Directory)), "already exists");
  EXPECT_EQ(why(fs_->create_symlink(root_, "f", "x")), "already exists");
  EXPECT_EQ(why(fs_->remove(root_, "f", NodeType::Directory)), "not a directory");
  EXPECT_EQ(why(fs_->remove(root_, "d", NodeType::File)), "is a directory");
  EXPECT_EQ(why(fs_->remove(root_, "x", NodeType::File)), "no such file or directory");
  ASSERT_TRUE(fs_->create(d, "inside", NodeType::File));
  EXPECT_EQ(why(fs_->remove(root_, "d", NodeType::Directory)), "directory not empty");
  ASSERT_TRUE(fs_->remove(d, "inside", NodeType::File));
  ASSERT_TRUE(fs_->remove(root_, "d", NodeType::Directory));
  ASSERT_TRUE(fs_->remove(root_, "s", NodeType::File));
  EXPECT_THAT(list(root_), ElementsAre("f"));
}

TEST_F(TmpFileSystemTest, InodesAreNeverTheSame) {
  u64 const first = fs_->stat(file("f")).inode;
  ASSERT_TRUE(fs_->remove(root_, "f", NodeType::File));
  EXPECT_NE(fs_->stat(file("f")).inode, first);
}

TEST_F(TmpFileSystemTest, RemovedNodesLiveWhileTheyAreHeld) {
  NodeId const f = file("f");
  ASSERT_EQ(write(f, 0, std::string(100'000, 'x')), "ok");
  fs_->hold(f);
  fs_->hold(f);
  ASSERT_TRUE(fs_->remove(root_, "f", NodeType::File));
  EXPECT_EQ(fs_->stat(f).links, 0u);
  EXPECT_EQ(why(fs_->link(root_, "g", f)), "no such file or directory");
  fs_->release(f);
  EXPECT_EQ(write(f, 100'000, "y"), "ok");
  EXPECT_EQ(read(f, 99'999), "xy");
  EXPECT_GT(used(), 100'000u);
  fs_->release(f);
  EXPECT_LT(used(), 300u);

  NodeId const d = directory("d");
  fs_->hold(d);
  ASSERT_TRUE(fs_->remove(root_, "d", NodeType::Directory));
  EXPECT_EQ(why(fs_->create(d, "x", NodeType::File)), "no such file or directory");
  EXPECT_EQ(fs_->name(d), "");
  EXPECT_EQ(fs_->parent(d), d);
  EXPECT_THAT(list(d), IsEmpty());
  EXPECT_EQ(why(fs_->link(d, "x", file("g"))), "no such file or directory");
  EXPECT_EQ(why(fs_->rename(root_, "g", d, "g")), "no such file or directory");
  fs_->release(d);
}

TEST_F(TmpFileSystemTest, FilesHaveSeveralNames) {
  NodeId const f = file("f");
  ASSERT_TRUE(fs_->link(root_, "g", f));
  EXPECT_EQ(fs_->stat(f).links, 2u);
  EXPECT_EQ(why(fs_->link(root_, "g", f)), "already exists");
  EXPECT_EQ(why(fs_->link(root_, "h", directory("d"))), "not permitted");
  ASSERT_TRUE(fs_->remove(root_, "f", NodeType::File));
  EXPECT_EQ(**fs_->lookup(root_, "g"), f);
  NodeId const s = *fs_->create_symlink(root_, "s", "x");
  ASSERT_TRUE(fs_->link(root_, "s2", s));
  EXPECT_EQ(fs_->link_text(**fs_->lookup(root_, "s2")), "x");
}

TEST_F(TmpFileSystemTest, NamesOfAFileAreLimited) {
  NodeId const f = file("f");
  for (u32 i = 1; i < TmpFileSystem::max_names; ++i)
    ASSERT_TRUE(fs_->link(root_, std::to_string(i), f));
  EXPECT_EQ(why(fs_->link(root_, "more", f)), "has too many names");
}

TEST_F(TmpFileSystemTest, RenamesOverWhatIsThere) {
  NodeId const f = file("f");
  NodeId const g = file("g");
  NodeId const d = directory("d");
  NodeId const e = directory("e");
  ASSERT_EQ(write(g, 0, std::string(100'000, 'x')), "ok");
  EXPECT_EQ(why(fs_->rename(root_, "none", root_, "x")), "no such file or directory");
  EXPECT_EQ(why(fs_->rename(root_, "f", root_, "d")), "is a directory");
  EXPECT_EQ(why(fs_->rename(root_, "d", root_, "f")), "not a directory");
  ASSERT_TRUE(fs_->rename(root_, "f", root_, "g"));
  EXPECT_EQ(**fs_->lookup(root_, "g"), f);
  EXPECT_LT(used(), 2000u) << "what was there is gone";
  ASSERT_TRUE(fs_->rename(root_, "g", d, "moved"));
  EXPECT_EQ(why(fs_->rename(root_, "e", root_, "d")), "directory not empty");
  ASSERT_TRUE(fs_->rename(root_, "d", e, "below"));
  EXPECT_EQ(fs_->parent(d), e);
  EXPECT_EQ(fs_->name(d), "below");
  NodeId const empty = *fs_->create(e, "empty", NodeType::Directory);
  static_cast<void>(empty);
  ASSERT_TRUE(fs_->rename(e, "below", e, "empty"));
  EXPECT_EQ(fs_->name(d), "empty");
  EXPECT_THAT(list(e), ElementsAre("empty"));
  EXPECT_THAT(list(d), ElementsAre("moved"));
  ASSERT_TRUE(fs_->rename(e, "empty", e, "empty")) << "onto itself";
  EXPECT_THAT(list(e), ElementsAre("empty"));
}

TEST_F(TmpFileSystemTest, RenamingToAnotherNameOfTheSameFileDoesNothing) {
  NodeId const f = file("f");
  ASSERT_TRUE(fs_->link(root_, "g", f));
  base::UnixTime const before = fs_->stat(f).changed;
  ASSERT_TRUE(fs_->rename(root_, "f", root_, "g"));
  EXPECT_THAT(list(root_), UnorderedElementsAre("f", "g"));
  EXPECT_EQ(fs_->stat(f).changed, before);
}

TEST_F(TmpFileSystemTest, KeepsTimes) {
  NodeId const f = file("f");
  Stat stat = fs_->stat(f);
  EXPECT_EQ(stat.accessed, stat.modified);
  EXPECT_EQ(fs_->stat(root_).modified, stat.modified) << "a name was added";
  ASSERT_EQ(write(f, 0, "abc"), "ok");
  EXPECT_GT(fs_->stat(f).modified, stat.modified);
  EXPECT_EQ(fs_->stat(f).accessed, stat.accessed);
  stat = fs_->stat(f);
  read(f);
  EXPECT_GT(fs_->stat(f).accessed, stat.modified);
  EXPECT_EQ(fs_->stat(f).modified, stat.modified);
  ASSERT_TRUE(fs_->resize(f, 1));
  EXPECT_GT(fs_->stat(f).modified, stat.modified);
  ASSERT_TRUE(fs_->set_mode(f, 0107654));
  EXPECT_EQ(fs_->stat(f).mode, 07654u);
  ASSERT_TRUE(fs_->set_times(f, base::UnixTime{-5, 7}, std::nullopt));
  EXPECT_EQ(fs_->stat(f).accessed, (base::UnixTime{-5, 7}));
  stat = fs_->stat(f);
  ASSERT_TRUE(fs_->set_times(f, std::nullopt, base::UnixTime{99, 1}));
  EXPECT_EQ(fs_->stat(f).accessed, stat.accessed);
  EXPECT_EQ(fs_->stat(f).modified, (base::UnixTime{99, 1}));
  EXPECT_GT(fs_->stat(f).changed, stat.changed);
  stat = fs_->stat(f);
  ASSERT_TRUE(fs_->link(root_, "g", f));
  EXPECT_GT(fs_->stat(f).changed, stat.changed);
  stat = fs_->stat(f);
  ASSERT_TRUE(fs_->remove(root_, "g", NodeType::File));
  EXPECT_GT(fs_->stat(f).changed, stat.changed);
  EXPECT_EQ(fs_->stat(root_).modified, fs_->stat(f).changed);
}

// ---- Large directories and their listing

TEST_F(TmpFileSystemTest, HasManyNames) {
  constexpr int count = 20'000;
  u64 const before = used();
  for (int i = 0; i < count; ++i) file(std::to_string(i));
  for (int i = 0; i < count; i += 3) {
    auto const found = fs_->lookup(root_, std::to_string(i));
    ASSERT_TRUE(found && *found) << i;
  }
  EXPECT_EQ(list(root_).size(), usize{count});
  for (int i = 0; i < count; ++i)
    ASSERT_TRUE(fs_->remove(root_, std::to_string(i * 7919 % count), NodeType::File));
  EXPECT_THAT(list(root_), IsEmpty());
  EXPECT_EQ(used(), before);
}

/// A listing is read on while names come and go.
TEST_F(TmpFileSystemTest, CookiesSurviveChanges) {
  for (int i = 0; i < 1000; ++i) file(std::to_string(i));
  std::vector<std::string> seen;
  std::array<DirectoryEntry, 10> some;
  int removed = 0;
  for (u64 cookie = 0;;) {
    usize const count = *fs_->read_directory(root_, cookie, some);
    if (count == 0) break;
    for (const DirectoryEntry& entry : std::span(some).first(count)) seen.emplace_back(entry.name);
    cookie = some[count - 1].next;
    EXPECT_NE(cookie, 0u);
    EXPECT_LT(cookie, cookie_end);
    // Those that are not multiples of three go, from both ends: seen ones and unseen ones.
    for (int i = 0; i < 15 && removed < 1000; ++i, ++removed) {
      int const victim = removed % 2 == 0 ? removed / 2 : 999 - removed / 2;
      if (victim % 3 == 0) continue;
      ASSERT_TRUE(fs_->remove(root_, std::to_string(victim), NodeType::File));
      file("new" + std::to_string(victim));
      if (victim % 2 == 0)
        ASSERT_TRUE(fs_->remove(root_, "new" + std::to_string(victim), NodeType::File));
    }
    file("replacing");
    ASSERT_TRUE(fs_->rename(root_, "replacing", root_, "501")) << "stays in its place";
  }
  for (int i = 0; i < 1000; i += 3) EXPECT_EQ(std::ranges::count(seen, std::to_string(i)), 1) << i;
  std::ranges::sort(seen);
  EXPECT_EQ(std::ranges::adjacent_find(seen), seen.end()) << "each only once";
}

TEST_F(TmpFileSystemTest, RemovingWhileListingFindsEverything) {
  for (int i = 0; i < 5000; ++i) file(std::to_string(i));
  std::array<DirectoryEntry, 7> some;
  for (u64 cookie = 0;;) {
    usize const count = *fs_->read_directory(root_, cookie, some);
    if (count == 0) break;
    cookie = some[count - 1].next;
    std::vector<std::string> names;
    for (const DirectoryEntry& entry : std::span(some).first(count)) names.emplace_back(entry.name);
    for (const std::string& name : names) ASSERT_TRUE(fs_->remove(root_, name, NodeType::File));
  }
  EXPECT_THAT(list(root_), IsEmpty());
  EXPECT_LT(used(), 300u);
}

// ---- Limits

TEST_F(TmpFileSystemTest, AFullFileSystemTearsNothing) {
  make({.bytes = 300'000});
  NodeId const f = file("f");
  std::string const text(1 << 20, 'x');
  usize const written = *run(fs_->write(f, 0, bytes_of(text)));
  EXPECT_GT(written, 150'000u);
  EXPECT_LT(written, 300'000u);
  EXPECT_EQ(fs_->stat(f).size, written);
  EXPECT_EQ(write(f, written, text), "no space left");
  EXPECT_EQ(fs_->stat(f).size, written);
  EXPECT_EQ(read(f), text.substr(0, written));
  EXPECT_EQ(write(f, 0, "over what is there"), "ok");
  // Small things still find room, until there is none at all.
  int made = 0;
  while (fs_->create_symlink(root_, std::to_string(made), std::string(1000, 's'))) ++made;
  EXPECT_GT(made, 5);
  EXPECT_EQ(why(fs_->create_symlink(root_, "more", std::string(1000, 's'))), "no space left");
  EXPECT_FALSE(*fs_->lookup(root_, "more"));
  while (fs_->create(root_, "n" + std::to_string(made), NodeType::File)) ++made;
  EXPECT_EQ(why(fs_->link(root_, std::string(250, 'l'), f)), "no space left");
  EXPECT_EQ(why(fs_->rename(root_, "f", root_, std::string(250, 'l'))), "no space left");
  EXPECT_EQ(**fs_->lookup(root_, "f"), f);
  ASSERT_TRUE(fs_->remove(root_, "f", NodeType::File));
  EXPECT_GT(fs_->space().free_bytes, written);
  EXPECT_EQ(write(file("g"), 0, "fits"), "ok");
}

TEST_F(TmpFileSystemTest, NodesAreLimited) {
  make({.nodes = 4});
  file("a");
  directory("b");
  EXPECT_EQ(fs_->space().free_nodes, 1u);
  file("c");
  EXPECT_EQ(why(fs_->create(root_, "d", NodeType::File)), "no space left");
  EXPECT_EQ(why(fs_->create_symlink(root_, "d", "x")), "no space left");
  ASSERT_TRUE(fs_->remove(root_, "a", NodeType::File));
  file("d");
  EXPECT_EQ(fs_->space().total_nodes, 4u);
}

/// Each operation, with each of its allocations failing: it says so, and nothing has changed.
TEST_F(TmpFileSystemTest, AFailedAllocationLeavesAllAsItWas) {
  NodeId const f = file("f");
  NodeId const d = directory("d");
  ASSERT_EQ(write(f, 0, std::string(10, 'x')), "ok");
  std::string const large(200'000, 'y');
  auto const fails = [&](auto&& operation, auto&& undo) {
    usize failures = 0;
    nacre::test::fail_each_allocation([&] {
      u64 const before = used();
      auto const names = fs_->stat(root_).size + fs_->stat(d).size;
      auto const size = fs_->stat(f).size;
      auto const result = operation();
      if (result) return undo();
      EXPECT_EQ(result.error().kind, ErrorKind::OutOfMemory);
      EXPECT_EQ(used(), before);
      EXPECT_EQ(fs_->stat(root_).size + fs_->stat(d).size, names);
      EXPECT_EQ(fs_->stat(f).size, size);
      ++failures;
    });
    return failures;
  };
  auto const remove = [&](NodeId from, std::string_view name, NodeType type) {
    return [this, from, name, type] { EXPECT_TRUE(fs_->remove(from, name, type)); };
  };
  EXPECT_GE(
      fails([&] { return fs_->create(d, "x", NodeType::File); }, remove(d, "x", NodeType::File)),
      2u);
  EXPECT_GE(fails([&] { return fs_->create(d, "x", NodeType::Directory); },
                  remove(d, "x", NodeType::Directory)),
            2u);
  EXPECT_GE(
      fails([&] { return fs_->create_symlink(d, "x", "text"); }, remove(d, "x", NodeType::File)),
      3u);
  EXPECT_GE(fails([&] { return fs_->link(d, "x", f); }, remove(d, "x", NodeType::File)), 2u);
  EXPECT_GE(fails([&] { return fs_->rename(root_, "f", d, "g"); },
                  [&] {
                    while (!fs_->rename(d, "g", root_, "f")) {
                    }
                  }),
            2u);
  auto const cut = [&] { EXPECT_TRUE(fs_->resize(f, 10)); };
  EXPECT_GE(fails([&] { return *fs_->write_now(f, 10, bytes_of("z")); }, cut), 0u);
  EXPECT_GE(fails([&] { return *fs_->write_now(f, u64{1} << 50, bytes_of("z")); }, cut), 5u);
  EXPECT_GE(fails([&] { return run(fs_->allocate(f, 0, 200'000)); }, cut), 5u);
  EXPECT_EQ(read(f), std::string(10, 'x'));
  // A write that finds no memory midway says how far it came.
  nacre::test::fail_each_allocation([&] {
    cut();
    auto const written = *fs_->write_now(f, 10, bytes_of(large));
    if (written) EXPECT_EQ(fs_->stat(f).size, 10 + *written);
  });
  EXPECT_EQ(fs_->stat(f).size, 10 + large.size());
}

TEST(TmpFileSystem, MakingOneReportsThatMemoryRanOut) {
  usize failures = 0;
  nacre::test::fail_each_allocation([&] {
    if (!TmpFileSystem::create({})) ++failures;
  });
  EXPECT_GE(failures, 3u);
}

}  // namespace
}  // namespace nacre::fs
