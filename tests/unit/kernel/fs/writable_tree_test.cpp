#include "kernel/fs/writable_tree.hpp"

#include <gtest/gtest.h>
#include <string>

#include "kernel/fs/vfs.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/support/tar_builder.hpp"
#include "tests/unit/kernel/fs/run_task.hpp"

namespace nacre::fs {
namespace {

using nacre::test::TarBuilder;
using test::run;

base::Box<TarFileSystem> read(const TarBuilder& builder) {
  auto const ignore = [](const archive::Problem&) {};
  return std::move(*TarFileSystem::create(builder.bytes(), ignore));
}

TarBuilder sample() {
  TarBuilder builder;
  builder.directory("bin").file("bin/tool", "the tool").symlink("link", "bin/tool");
  builder.hard_link("bin/same", "bin/tool").file("deep/er/file", std::string(100'000, 'x'));
  builder.member({.name = "private", .type = '5', .mode = "0000700"});
  builder.file("private/f", "f").end();
  return builder;
}

class WritableTreeTest : public testing::Test {
 protected:
  WritableTreeTest() {
    auto tree = make_writable(*read(archive_), {.limits = {.bytes = 1 << 20, .nodes = 10}});
    tree_ = tree->get();
    vfs_.emplace(std::move(*Vfs::create(std::move(*tree))));
  }
  Stat stat(std::string_view path) {
    return *run(vfs_->stat(vfs_->root(), path, {.follow_last = false}));
  }
  std::string cat(std::string_view path) {
    auto file = run(vfs_->open(vfs_->root(), path));
    if (!file) return std::string(describe(file.error().kind));
    std::string text(file->stat().size, '?');
    auto const count = run(file->read({reinterpret_cast<u8*>(text.data()), text.size()}));
    return count && *count == text.size() ? text : "failed";
  }

  TarBuilder archive_ = sample();
  TmpFileSystem* tree_ = nullptr;
  std::optional<Vfs> vfs_;
};

TEST_F(WritableTreeTest, HasWhatTheArchiveHas) {
  EXPECT_EQ(cat("bin/tool"), "the tool");
  EXPECT_EQ(cat("link"), "the tool");
  EXPECT_EQ(cat("deep/er/file"), std::string(100'000, 'x'));
  EXPECT_EQ(stat("bin/tool").inode, stat("bin/same").inode);
  EXPECT_EQ(stat("bin/tool").links, 2u);
  EXPECT_EQ(stat("bin/tool").mode, 0644u);
  EXPECT_EQ(stat("bin/tool").user_id, 1000u);
  EXPECT_EQ(stat("bin/tool").modified.seconds, 1'700'000'000);
  EXPECT_EQ(stat("private").mode, 0700u);
  EXPECT_EQ(stat("private").modified.seconds, 1'700'000'000);
  EXPECT_EQ(stat("link").type, NodeType::Symlink);
}

TEST_F(WritableTreeTest, CopiesNoData) {
  EXPECT_GT(tree_->space().total_bytes, 1u << 20);
  EXPECT_EQ(tree_->space().free_bytes, 1u << 20);
  EXPECT_EQ(tree_->space().free_nodes, 10u);
  auto const file = run(vfs_->open(vfs_->root(), "deep/er/file"));
  auto const bytes = archive_.bytes();
  EXPECT_GE(file->contents()->data(), bytes.data());
  EXPECT_LT(file->contents()->data(), bytes.data() + bytes.size());
}

TEST_F(WritableTreeTest, ChangesLeaveTheArchiveAlone) {
  std::string const before(archive_.bytes().begin(), archive_.bytes().end());
  auto file = run(vfs_->open(vfs_->root(), "bin/tool", {.access = {.write = true}}));
  auto const contents = file->contents();
  std::array<u8, 3> const text{'T', 'H', 'E'};
  ASSERT_TRUE(run(file->write(text)));
  EXPECT_EQ(cat("bin/same"), "THE tool");
  EXPECT_EQ((*contents)[0], 't') << "who runs it where it lies sees no change";
  ASSERT_TRUE(run(vfs_->remove_file(vfs_->root(), "deep/er/file")));
  ASSERT_TRUE(run(vfs_->rename(vfs_->root(), "bin", vfs_->root(), "deep/bin")));
  EXPECT_EQ(cat("deep/bin/tool"), "THE tool");
  EXPECT_EQ(std::string(archive_.bytes().begin(), archive_.bytes().end()), before);
}

TEST(WritableTree, HolesOfSparseFilesAreZeros) {
  TarBuilder archive;
  archive.pax({{"GNU.sparse.size", "10"}, {"GNU.sparse.map", "4,2"}}).file("sparse", "xy").end();
  auto const tree = std::move(*make_writable(*read(archive), {}));
  NodeId const file = **tree->lookup(tree->root(), "sparse");
  std::array<u8, 16> buffer{};
  auto const show = [&] {
    usize const count = **tree->read_now(file, 0, buffer);
    return std::string(buffer.begin(), buffer.begin() + count);
  };
  EXPECT_EQ(show(), std::string("\0\0\0\0xy\0\0\0\0", 10));
  EXPECT_FALSE(tree->contents(file));
  ASSERT_TRUE(tree->resize(file, 5));
  ASSERT_TRUE(tree->resize(file, 8));
  EXPECT_EQ(show(), std::string("\0\0\0\0x\0\0\0", 8)) << "read through the map";
  ASSERT_TRUE(*tree->write_now(file, 6, std::array<u8, 1>{'z'}));
  EXPECT_EQ(show(), std::string("\0\0\0\0x\0z\0", 8)) << "copied";
}

TEST(WritableTree, ReportsThatMemoryRanOut) {
  TarBuilder const archive = sample();
  auto const tar = read(archive);
  usize failures = 0;
  nacre::test::fail_each_allocation([&] {
    if (!make_writable(*tar, {})) ++failures;
  });
  EXPECT_GT(failures, 20u);
}

}  // namespace
}  // namespace nacre::fs
