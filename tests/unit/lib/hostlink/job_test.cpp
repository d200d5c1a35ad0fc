#include "lib/hostlink/job.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "tests/support/failing_allocator.hpp"

namespace nacre::hostlink {
namespace {

using namespace std::string_view_literals;
using testing::ElementsAre;
using testing::IsEmpty;

std::string message_of(std::string_view file) {
  auto const job = parse_job(file);
  EXPECT_FALSE(job) << file;
  if (job) return "";
  return std::string(std::string_view(*base::format("{}", job.error())));
}

TEST(Job, ReadsAProgram) {
  auto const job = parse_job(
      "program=/run/app.wasm\0arg=app.wasm\0arg=\0arg=a=b\0env=HOME=/\0env=EMPTY=\0cwd=/data\0"sv);
  ASSERT_TRUE(job);
  EXPECT_EQ(job->program, "/run/app.wasm");
  EXPECT_FALSE(job->shell);
  EXPECT_THAT(job->arguments, ElementsAre("app.wasm", "", "a=b"));
  EXPECT_THAT(job->environment, ElementsAre("HOME=/", "EMPTY="));
  EXPECT_EQ(job->working_directory, "/data");
}

TEST(Job, ReadsTheDirectoriesOfAProgram) {
  auto const job = parse_job("program=/a\0dir=/b\0dir=/run/c\0as=/\0as=/d e\0dir=/f\0"sv);
  ASSERT_TRUE(job);
  std::vector<std::pair<std::string_view, std::string_view>> seen;
  for (auto const& [path, name] : job->directories) seen.emplace_back(path, name);
  EXPECT_THAT(
      seen, ElementsAre(std::pair("/b", "/b"), std::pair("/run/c", "/d e"), std::pair("/f", "/f")));
}

TEST(Job, ReadsALineForTheShell) {
  // The last record needs no NUL.
  auto const job = parse_job("shell=echo a=b; ls"sv);
  ASSERT_TRUE(job);
  EXPECT_EQ(job->shell, "echo a=b; ls");
  EXPECT_FALSE(job->program);
  EXPECT_THAT(job->arguments, IsEmpty());
  EXPECT_EQ(job->working_directory, "/");
}

TEST(Job, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(message_of(""), "neither a program nor a line for the shell");
  EXPECT_EQ(message_of("program=/a\0shell=b\0"sv), "both a program and a line for the shell");
  EXPECT_EQ(message_of("program=/a\0colour=red\0"sv), "byte 11: unknown key 'colour'");
  EXPECT_EQ(message_of("=x\0"sv), "byte 0: unknown key ''");
  EXPECT_EQ(message_of("shell\0"sv), "byte 0: 'shell' has no =");
  EXPECT_EQ(message_of("shell=a\0shell=b\0"sv), "byte 8: a second 'shell'");
  EXPECT_EQ(message_of("program=/a\0program=/a\0"sv), "byte 11: a second 'program'");
  EXPECT_EQ(message_of("shell=a\0cwd=/\0cwd=/\0"sv), "byte 14: a second 'cwd'");
  EXPECT_EQ(message_of("shell=a\0env=A\0"sv), "byte 8: 'A' is no NAME=VALUE");
  EXPECT_EQ(message_of("shell=a\0env==A\0"sv), "byte 8: '=A' is no NAME=VALUE");
  EXPECT_EQ(message_of("program=/a\0as=/b\0"sv), "byte 11: no directory is there for 'as=/b'");
  EXPECT_EQ(message_of("program=/a\0dir=b\0"sv), "byte 11: 'b' does not begin with /");
  EXPECT_EQ(message_of("program=a\0"sv), "byte 0: 'a' does not begin with /");
  EXPECT_EQ(message_of("cwd=\x1b[1m\0shell=a\0"sv), "byte 0: '\\x1b[1m' does not begin with /");
}

TEST(Job, ReportsThatMemoryRanOut) {
  usize failures = 0;
  EXPECT_GT(test::fail_each_allocation([&] {
              auto const job = parse_job("program=/a\0arg=a\0env=A=b\0"sv);
              if (!job && job.error().kind == JobError::Kind::OutOfMemory) ++failures;
            }),
            1u);
  EXPECT_GT(failures, 1u);
}

}  // namespace
}  // namespace nacre::hostlink
