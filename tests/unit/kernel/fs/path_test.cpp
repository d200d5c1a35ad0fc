#include "kernel/fs/path.hpp"

#include <gtest/gtest.h>
#include <string>

#include "tests/support/failing_allocator.hpp"

namespace nacre::fs {
namespace {

std::string normalised(std::string_view directory, std::string_view path) {
  auto const result = normalise(directory, path);
  if (!result) return std::string(describe(result.error().kind));
  return std::string(result->view());
}

TEST(Path, IsNormalisedByItsText) {
  EXPECT_EQ(normalised("/", "a"), "/a");
  EXPECT_EQ(normalised("/home/me", "x/y"), "/home/me/x/y");
  EXPECT_EQ(normalised("/home/me", "/x"), "/x");
  EXPECT_EQ(normalised("/home/me", ".."), "/home");
  EXPECT_EQ(normalised("/home", "../../../.."), "/");
  EXPECT_EQ(normalised("/a", "./b//../c/."), "/a/c");
  EXPECT_EQ(normalised("/a/b", ""), "/a/b");
  EXPECT_EQ(normalised("/", "..."), "/...");
}

TEST(Path, RefusesWhatNoPathMayBe) {
  EXPECT_EQ(normalised("/", std::string_view("a\0b", 3)), "invalid path");
  EXPECT_EQ(normalised("/", std::string(256, 'x')), "name too long");
  std::string deep;
  for (int i = 0; i < 2100; ++i) deep += "/x";
  EXPECT_EQ(normalised("/", deep), "name too long");
  EXPECT_EQ(normalised("/", std::string(255, 'x')).size(), 256u);
}

TEST(Path, NormalisingReportsThatMemoryRanOut) {
  usize failures = 0;
  EXPECT_GT(nacre::test::fail_each_allocation([&] {
              auto const result = normalise("/some/where", "else/../that/is/long/enough/to/grow");
              if (!result) {
                EXPECT_EQ(result.error().kind, ErrorKind::OutOfMemory);
                ++failures;
              }
            }),
            0u);
  EXPECT_GT(failures, 0u);
}

TEST(Error, ShowsThePartOfThePathThatFailed) {
  EXPECT_EQ(Error(ErrorKind::NotADirectory, 3).part_of("a/b/c"), "a/b");
  EXPECT_EQ(Error(ErrorKind::ReadOnly).part_of("a/b/c"), "a/b/c");
  EXPECT_EQ(describe(ErrorKind::NotFound), "no such file or directory");
}

}  // namespace
}  // namespace nacre::fs
