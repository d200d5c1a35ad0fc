#include "kernel/fs/copy_tree.hpp"

#include <gtest/gtest.h>

#include "tests/support/bytes_of.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/unit/kernel/fs/run_task.hpp"
#include "tests/unit/kernel/fs/ticking_clock.hpp"

namespace nacre::fs {
namespace {

using nacre::test::bytes_of;
using test::run;
using test::tick;

struct CopyTree : testing::Test {
  CopyTree() {
    from = *make();
    top = *from->create(from->root(), "top", NodeType::Directory);
    inner = *from->create(top, "inner", NodeType::Directory);
    borrowed = *from->create_borrowing(top, "borrowed", {bytes_of("where it lies"), 13, {}});
    written = *from->create(inner, "written", NodeType::File);
    EXPECT_TRUE(run(from->write(written, 3000, bytes_of("end"))));
    EXPECT_TRUE(from->create_symlink(top, "link", "../else"));
    EXPECT_TRUE(from->create(from->root(), "outside", NodeType::File));
    EXPECT_TRUE(from->set_times(written, base::UnixTime{5, 6}, base::UnixTime{7, 8}));
    EXPECT_TRUE(from->set_times(inner, base::UnixTime{15, 6}, base::UnixTime{17, 8}));
    EXPECT_TRUE(from->set_times(top, base::UnixTime{25, 6}, base::UnixTime{27, 8}));
  }
  static std::expected<base::Box<TmpFileSystem>, base::OutOfMemory> make() {
    return TmpFileSystem::create({.limits = {}, .now = tick, .key = {1, 2}});
  }

  base::Box<TmpFileSystem> from;
  NodeId top, inner, borrowed, written;
};

TEST_F(CopyTree, TakesEverythingBelow) {
  auto const to = *make();
  ASSERT_TRUE(run(copy_tree(*from, top, *to)));
  auto const find = [&](NodeId directory, std::string_view name) {
    auto const found = *to->lookup(directory, name);
    EXPECT_TRUE(found) << name;
    return found.value_or(to->root());
  };
  NodeId const root = to->root();
  EXPECT_EQ(to->stat(root).size, 3u);
  EXPECT_EQ(to->link_text(find(root, "link")), "../else");
  EXPECT_EQ(to->contents(find(root, "borrowed"))->data(), from->contents(borrowed)->data());
  NodeId const file = find(find(root, "inner"), "written");
  EXPECT_EQ(to->stat(file).size, 3003u);
  EXPECT_EQ(to->stat(file).modified, (base::UnixTime{7, 8}));
  EXPECT_EQ(to->stat(find(root, "inner")).modified, (base::UnixTime{17, 8}));
  EXPECT_EQ(to->stat(root).modified, (base::UnixTime{27, 8}));
  std::array<u8, 6> bytes{};
  EXPECT_EQ(*run(to->read(file, 2997, bytes)), 6u);
  EXPECT_EQ(bytes, (std::array<u8, 6>{0, 0, 0, 'e', 'n', 'd'}));

  // What is written to the copy is the copy's alone.
  EXPECT_TRUE(run(to->write(find(root, "borrowed"), 0, bytes_of("W"))));
  EXPECT_EQ((*from->contents(borrowed))[0], 'w');
}

TEST_F(CopyTree, NamesOfOneFileAreNamesOfOneFile) {
  ASSERT_TRUE(from->link(inner, "again", borrowed));
  ASSERT_TRUE(from->link(from->root(), "elsewhere", written));
  auto const to = *make();
  ASSERT_TRUE(run(copy_tree(*from, top, *to)));
  NodeId const one = **to->lookup(to->root(), "borrowed");
  NodeId const folder = **to->lookup(to->root(), "inner");
  EXPECT_EQ(**to->lookup(folder, "again"), one);
  EXPECT_EQ(to->stat(one).links, 2u);
  EXPECT_EQ(to->stat(one).modified, from->stat(borrowed).modified);
  NodeId const alone = **to->lookup(folder, "written");
  EXPECT_EQ(to->stat(alone).links, 1u) << "its other name is outside";
}

TEST_F(CopyTree, EveryAllocationMayFail) {
  ASSERT_TRUE(from->link(inner, "again", borrowed));
  EXPECT_GT(::nacre::test::fail_each_allocation([&] {
              auto const to = make();
              return to && run(copy_tree(*from, top, **to)).has_value();
            }),
            10u);
}

TEST_F(CopyTree, AFullFileSystemIsAnError) {
  auto const to =
      *TmpFileSystem::create({.limits = {.bytes = UINT64_MAX, .nodes = 3}, .now = tick});
  auto const copied = run(copy_tree(*from, top, *to));
  ASSERT_FALSE(copied);
  EXPECT_EQ(copied.error().kind, ErrorKind::NoSpace);
}

}  // namespace
}  // namespace nacre::fs
