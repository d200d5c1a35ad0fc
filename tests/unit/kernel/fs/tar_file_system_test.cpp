#include "kernel/fs/tar_file_system.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "kernel/fs/walk.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/support/tar_builder.hpp"
#include "tests/unit/kernel/fs/run_task.hpp"

namespace nacre::fs {
namespace {

using archive::ProblemKind;
using nacre::test::TarBuilder;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> names_in(TarFileSystem& fs, NodeId directory) {
  std::vector<std::string> names;
  std::array<DirectoryEntry, 3> some;
  u64 cookie = 0;
  while (true) {
    auto const count = fs.read_directory(directory, cookie, some);
    if (!count || *count == 0) return names;
    for (const DirectoryEntry& entry : std::span(some).first(*count))
      names.emplace_back(entry.name);
    cookie = some[*count - 1].next;
  }
}

struct Mounted {
  TarBuilder archive;
  std::vector<ProblemKind> problems;
  base::Box<TarFileSystem> fs;

  explicit Mounted(const TarBuilder& builder) : archive(builder) {
    auto const listener = [&](const archive::Problem& problem) {
      problems.push_back(problem.kind);
    };
    auto made = TarFileSystem::create(archive.bytes(), listener);
    EXPECT_TRUE(made);
    if (made) fs = std::move(*made);
  }

  std::optional<NodeId> find(std::string_view path) const {
    NodeId at = fs->root();
    for (auto component = take_component(path); !component.empty();
         component = take_component(path)) {
      auto const next = fs->lookup(at, component);
      if (!next || !*next) return std::nullopt;
      at = **next;
    }
    return at;
  }
  std::vector<std::string> list(std::string_view path = "") { return names_in(*fs, *find(path)); }
  /// A file's bytes, a link's text, or what else it is.
  std::string show(std::string_view path) const {
    auto const node = find(path);
    if (!node) return "(nothing)";
    if (fs->type(*node) == NodeType::Directory) return "(directory)";
    if (fs->type(*node) == NodeType::Symlink) return "-> " + std::string(fs->link_text(*node));
    auto const bytes = fs->contents(*node);
    return std::string(bytes->begin(), bytes->end());
  }
};

TEST(TarFileSystem, AnEmptyArchiveIsAnEmptyRoot) {
  Mounted tar{TarBuilder()};
  EXPECT_THAT(tar.list(), IsEmpty());
  EXPECT_EQ(tar.fs->type(tar.fs->root()), NodeType::Directory);
  EXPECT_EQ(tar.fs->parent(tar.fs->root()), tar.fs->root());
}

TEST(TarFileSystem, HasFilesDirectoriesAndLinks) {
  TarBuilder builder;
  builder.directory("dir/").file("dir/a.txt", "hello").symlink("link", "dir/a.txt");
  builder.file("no/such/dirs/here.txt", "deep").end();
  Mounted tar(builder);
  EXPECT_THAT(tar.problems, IsEmpty());
  EXPECT_THAT(tar.list(), ElementsAre("dir", "link", "no"));
  EXPECT_THAT(tar.list("no/such"), ElementsAre("dirs"));
  EXPECT_EQ(tar.show("dir/a.txt"), "hello");
  EXPECT_EQ(tar.show("link"), "-> dir/a.txt");
  EXPECT_EQ(tar.show("no/such/dirs/here.txt"), "deep");
  EXPECT_EQ(tar.show("nowhere"), "(nothing)");
  EXPECT_FALSE(tar.fs->contents(*tar.find("dir")));

  Stat const file = tar.fs->stat(*tar.find("dir/a.txt"));
  EXPECT_EQ(file.type, NodeType::File);
  EXPECT_EQ(file.size, 5u);
  EXPECT_EQ(file.mode, 0644u);
  EXPECT_EQ(file.user_id, 1000u);
  EXPECT_EQ(file.modified.seconds, 1'700'000'000);
  EXPECT_EQ(tar.fs->stat(*tar.find("dir")).size, 1u);
  EXPECT_EQ(tar.fs->stat(*tar.find("link")).size, 9u);
  NodeId const dirs = *tar.find("no/such/dirs");
  EXPECT_EQ(tar.fs->name(dirs), "dirs");
  EXPECT_EQ(tar.fs->parent(dirs), *tar.find("no/such"));
  EXPECT_EQ(tar.fs->stat(dirs).modified.seconds, 1'700'000'000);
}

TEST(TarFileSystem, ReadsWithoutCopyingTheFile) {
  Mounted tar(TarBuilder().file("f", "0123456789"));
  NodeId const file = *tar.find("f");
  EXPECT_EQ(tar.fs->contents(file)->data(), tar.archive.bytes().data() + 512);
  std::array<u8, 4> buffer{};
  EXPECT_EQ(*test::run(tar.fs->read(file, 8, buffer)), 2u);
  EXPECT_EQ(buffer[1], '9');
  EXPECT_EQ(*test::run(tar.fs->read(file, 2, buffer)), 4u);
  EXPECT_EQ(buffer[0], '2');
  EXPECT_EQ(*test::run(tar.fs->read(file, 10, buffer)), 0u);
  EXPECT_EQ(*test::run(tar.fs->read(file, UINT64_MAX, buffer)), 0u);
  EXPECT_EQ(test::run(tar.fs->read(tar.fs->root(), 0, buffer)).error().kind,
            ErrorKind::IsADirectory);
}

TEST(TarFileSystem, ListsByBytes) {
  TarBuilder builder;
  for (const char* name : {"b", "a", "\xff", "B", "ab", "a-", "\x01"}) builder.file(name, "");
  Mounted tar(builder);
  EXPECT_THAT(tar.list(), ElementsAre("\x01", "B", "a", "a-", "ab", "b", "\xff"));
  EXPECT_THAT(tar.list(), ElementsAre("\x01", "B", "a", "a-", "ab", "b", "\xff")) << "again";
}

TEST(TarFileSystem, NamesThatNoPathCanHaveAreLeftOut) {
  std::string const longest(max_name, 'a');
  TarBuilder builder;
  builder.gnu_long('L', longest + "b").file("f", "x").gnu_long('L', longest).file("g", "y").end();
  Mounted tar(builder);
  EXPECT_THAT(tar.list(), ElementsAre(longest));
  EXPECT_THAT(tar.problems, ElementsAre(ProblemKind::NameTooLong));
}

TEST(TarFileSystem, CountsTheNamesOfAFile) {
  TarBuilder builder;
  builder.file("a", "x").hard_link("b", "a").hard_link("c", "b").hard_link("d", "a");
  builder.file("d", "another").end();
  Mounted tar(builder);
  EXPECT_EQ(tar.fs->stat(*tar.find("a")).links, 3u);
  EXPECT_EQ(tar.fs->stat(*tar.find("c")).links, 3u);
  EXPECT_EQ(tar.fs->stat(*tar.find("d")).links, 1u);
  EXPECT_EQ(tar.fs->stat(tar.fs->root()).links, 1u);
}

TEST(TarFileSystem, LaterMembersReplaceEarlierOnes) {
  TarBuilder builder;
  builder.file("f", "old").file("f", "new");
  builder.file("to-dir", "x").directory("to-dir").file("to-dir/y", "inside");
  builder.directory("to-file").file("to-file", "now a file");
  builder.directory("full").file("full/x", "kept").file("full", "refused");
  builder.file("to-link", "x").symlink("to-link", "f");
  builder.member({.name = "full", .type = '5', .mode = "0000700"}).end();
  Mounted tar(builder);
  EXPECT_EQ(tar.show("f"), "new");
  EXPECT_EQ(tar.show("to-dir/y"), "inside");
  EXPECT_EQ(tar.show("to-file"), "now a file");
  EXPECT_EQ(tar.show("full/x"), "kept");
  EXPECT_EQ(tar.show("to-link"), "-> f");
  EXPECT_EQ(tar.fs->stat(*tar.find("full")).mode, 0700u);
  EXPECT_THAT(tar.list(), ElementsAre("f", "full", "to-dir", "to-file", "to-link"));
  EXPECT_THAT(tar.problems, ElementsAre(ProblemKind::DirectoryInTheWay));
}

TEST(TarFileSystem, MembersBelowAFileAreLeftOut) {
  Mounted tar(TarBuilder().file("f", "x").file("f/below", "y").file("after", "z"));
  EXPECT_EQ(tar.show("f"), "x");
  EXPECT_EQ(tar.show("after"), "z");
  EXPECT_THAT(tar.problems, ElementsAre(ProblemKind::NotADirectory));
}

TEST(TarFileSystem, MembersGoThroughLinksWithinTheRoot) {
  TarBuilder builder;
  builder.directory("usr/bin").symlink("bin", "usr/bin").file("bin/sh", "shell");
  builder.symlink("up", "../../..").file("up/top", "in the root");
  builder.symlink("etc", "/tmp").file("etc/pwned", "x").symlink("loop", "loop");
  builder.file("loop/x", "y").end();
  Mounted tar(builder);
  EXPECT_EQ(tar.show("usr/bin/sh"), "shell");
  EXPECT_EQ(tar.show("top"), "in the root");
  EXPECT_EQ(tar.show("etc"), "-> /tmp");
  EXPECT_EQ(tar.show("tmp"), "(nothing)");
  EXPECT_THAT(tar.problems, ElementsAre(ProblemKind::SymlinkOutsideRoot, ProblemKind::NotADirectory,
                                        ProblemKind::NotADirectory));
}

TEST(TarFileSystem, HardLinksAreTheirTargets) {
  TarBuilder builder;
  builder.file("dir/a", "data").hard_link("b", "dir/a").hard_link("c", "/b").symlink("s", "x");
  builder.hard_link("s2", "s").hard_link("early", "late").hard_link("earlier", "early");
  builder.file("late", "came later").file("dir/a", "replaced").end();
  Mounted tar(builder);
  EXPECT_THAT(tar.problems, IsEmpty());
  EXPECT_EQ(tar.show("b"), "data");
  EXPECT_EQ(tar.show("c"), "data");
  EXPECT_EQ(tar.show("dir/a"), "replaced") << "a new file of that name";
  EXPECT_EQ(tar.show("s2"), "-> x");
  EXPECT_EQ(tar.show("early"), "came later");
  EXPECT_EQ(tar.show("earlier"), "came later");
  auto const inode = [&](std::string_view path) { return tar.fs->stat(*tar.find(path)).inode; };
  EXPECT_EQ(inode("b"), inode("c"));
  EXPECT_NE(inode("b"), inode("dir/a"));
  EXPECT_EQ(inode("early"), inode("late"));
}

TEST(TarFileSystem, HardLinksThatCannotBeAreReported) {
  TarBuilder builder;
  builder.hard_link("self", "self").hard_link("x", "y").hard_link("y", "x").directory("d");
  builder.hard_link("to-dir", "d").hard_link("gone", "nowhere").file("f", "1").hard_link("f", "f");
  Mounted tar(builder.end());
  EXPECT_THAT(tar.list(), ElementsAre("d", "f"));
  EXPECT_EQ(tar.show("f"), "1");
  EXPECT_THAT(tar.problems,
              ElementsAre(ProblemKind::LinkToDirectory, ProblemKind::MissingLinkTarget,
                          ProblemKind::MissingLinkTarget, ProblemKind::MissingLinkTarget,
                          ProblemKind::MissingLinkTarget));
}

TEST(TarFileSystem, WhatComesAfterALateHardLinkStays) {
  TarBuilder builder;
  builder.file("was", "0").hard_link("was", "late").hard_link("new", "late").file("new", "mine");
  builder.file("late", "target");
  Mounted tar(builder.end());
  EXPECT_EQ(tar.show("was"), "target");
  EXPECT_EQ(tar.show("new"), "mine");
}

TEST(TarFileSystem, ChainsOfLateHardLinksEnd) {
  TarBuilder builder;
  for (int i = 0; i < 200; ++i)
    builder.hard_link("l" + std::to_string(i), "l" + std::to_string(i + 1));
  builder.file("l200", "end");
  Mounted tar(builder.end());
  EXPECT_EQ(tar.show("l199"), "end");
  EXPECT_EQ(tar.show("l0"), "(nothing)");
  EXPECT_EQ(tar.problems, std::vector(200 - max_links, ProblemKind::MissingLinkTarget));
}

TEST(TarFileSystem, DevicesAreLeftOutAndTruncatedFilesAreNot) {
  TarBuilder builder;
  builder.member({.name = "null", .type = '3'}).file("cut", std::string(600, 'x')).cut(600);
  Mounted tar(builder);
  EXPECT_THAT(tar.list(), ElementsAre("cut"));
  EXPECT_EQ(tar.show("cut"), std::string(424, 'x'));
  EXPECT_THAT(tar.problems, ElementsAre(ProblemKind::DeviceMember, ProblemKind::PastEnd));
}

TEST(TarFileSystem, ReadsSparseFilesWithTheirHoles) {
  TarBuilder builder;
  builder.pax({{"GNU.sparse.size", "10"}, {"GNU.sparse.map", "4,2"}}).file("sparse", "xy");
  builder.hard_link("same", "sparse").file("sparse2", "z").pax({{"GNU.sparse.size", "3"}});
  builder.file("sparse2", "");
  Mounted tar(builder.end());
  EXPECT_THAT(tar.problems, IsEmpty());
  for (std::string_view const name : {"sparse", "same"}) {
    NodeId const file = *tar.find(name);
    EXPECT_EQ(tar.fs->stat(file).size, 10u);
    EXPECT_FALSE(tar.fs->contents(file)) << "they do not lie in memory as a whole";
    std::array<u8, 7> buffer{};
    EXPECT_EQ(*test::run(tar.fs->read(file, 3, buffer)), 7u);
    EXPECT_THAT(buffer, ElementsAre(0, 'x', 'y', 0, 0, 0, 0));
  }
  EXPECT_EQ(tar.fs->stat(*tar.find("sparse2")).size, 3u);
}

TEST(TarFileSystem, CannotBeChanged) {
  Mounted tar(TarBuilder().file("f", "x"));
  FileSystem& fs = *tar.fs;
  NodeId const file = *tar.find("f");
  std::array<u8, 1> byte{};
  auto const read_only = [](auto const& result) {
    return !result && result.error().kind == ErrorKind::ReadOnly;
  };
  EXPECT_TRUE(fs.is_read_only());
  EXPECT_TRUE(read_only(test::run(fs.write(file, 0, byte))));
  EXPECT_TRUE(read_only(fs.resize(file, 0)));
  EXPECT_TRUE(read_only(fs.create(fs.root(), "g", NodeType::File)));
  EXPECT_TRUE(read_only(fs.create_symlink(fs.root(), "g", "f")));
  EXPECT_TRUE(read_only(fs.link(fs.root(), "g", file)));
  EXPECT_TRUE(read_only(fs.remove(fs.root(), "f", NodeType::File)));
  EXPECT_TRUE(read_only(fs.rename(fs.root(), "f", fs.root(), "g")));
  EXPECT_TRUE(read_only(fs.set_times(file, {}, {})));
}

TEST(TarFileSystem, LargeDirectoriesAreFoundInAndSorted) {
  TarBuilder builder;
  constexpr int count = 20'000;
  for (int i = 0; i < count; ++i) builder.file("d/" + std::to_string(i * 7919 % count), "");
  Mounted tar(builder);
  EXPECT_EQ(tar.fs->node_count(), count + 2u);
  for (int i = 0; i < count; i += 37) EXPECT_TRUE(tar.find("d/" + std::to_string(i)));
  EXPECT_FALSE(tar.find("d/20000"));
  auto const names = tar.list("d");
  EXPECT_EQ(names.size(), static_cast<usize>(count));
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
}

TEST(NameIndex, StaysFlatHoweverManyNames) {
  // The longest way to a name, counted in names that are looked at.
  auto const most_looks = [](u32 names) {
    NameIndex index;
    for (u32 i = 0; i < names; ++i)
      EXPECT_TRUE(*index.try_add(NameIndex::hash(1, "file-" + std::to_string(i) + ".txt")));
    usize looks = 0;
    for (u32 i = 0; i < names; ++i) {
      u32 const found = index.find(NameIndex::hash(1, "file-" + std::to_string(i) + ".txt"),
                                   [&](u32 candidate) { return ++looks, candidate == i; });
      EXPECT_EQ(found, i);
    }
    return static_cast<double>(looks) / names;
  };
  EXPECT_LT(most_looks(100), 1.1);
  EXPECT_LT(most_looks(100'000), 1.1);
}

TEST(NameIndex, RefusesNamesThatWereChosenToCollide) {
  NameIndex index;
  for (usize i = 0; i < NameIndex::max_chain; ++i) EXPECT_TRUE(*index.try_add(42));
  EXPECT_FALSE(*index.try_add(42));
  EXPECT_TRUE(*index.try_add(43));
  EXPECT_EQ(index.size(), NameIndex::max_chain + 1);
}

TEST(TarFileSystem, MountingReportsThatMemoryRanOut) {
  TarBuilder builder;
  for (int i = 0; i < 300; ++i)
    builder.file("d" + std::to_string(i % 7) + "/" + std::to_string(i), "");
  builder.hard_link("early", "late").file("late", "").end();
  usize failures = 0;
  usize mounted = 0;
  auto const ignore = [](const archive::Problem&) {};
  nacre::test::fail_each_allocation([&] {
    auto const fs = TarFileSystem::create(builder.bytes(), ignore);
    fs ? ++mounted : ++failures;
    if (fs) EXPECT_EQ((*fs)->node_count(), 1u + 7 + 300 + 2);
  });
  EXPECT_EQ(mounted, 1u);
  EXPECT_GT(failures, 10u);
}

TEST(TarFileSystem, ReadingWithoutMemoryForTheTaskFails) {
  Mounted tar(TarBuilder().file("f", "x"));
  std::array<u8, 1> byte{};
  nacre::test::FailingAllocations const failing(0);
  EXPECT_EQ(test::run(tar.fs->read(*tar.find("f"), 0, byte)).error().kind, ErrorKind::OutOfMemory);
}

TEST(TarFileSystem, MountsEverySharedArchive) {
  auto const folder = nacre::test::shared_data("tar");
  if (!folder) GTEST_SKIP() << "no archives: set NACRE_SHARED to the folder that has `tar`";
  usize nodes = 0;
  for (auto const& file : std::filesystem::recursive_directory_iterator(*folder)) {
    if (!file.is_regular_file()) continue;
    auto const bytes = nacre::test::read_file(file.path());
    auto const ignore = [](const archive::Problem&) {};
    auto const fs = TarFileSystem::create(bytes, ignore);
    ASSERT_TRUE(fs) << file.path();
    for (usize i = 0; i < (*fs)->node_count(); ++i) {
      NodeId const node{i};
      ++nodes;
      if ((*fs)->type(node) != NodeType::Directory) continue;
      for (const std::string& name : names_in(**fs, node)) {
        auto const child = (*fs)->lookup(node, name);
        ASSERT_TRUE(child && *child) << file.path() << " " << name;
        if ((*fs)->type(**child) == NodeType::Directory) EXPECT_EQ((*fs)->parent(**child), node);
      }
    }
  }
  EXPECT_GT(nodes, 20'000u);
}

}  // namespace
}  // namespace nacre::fs
