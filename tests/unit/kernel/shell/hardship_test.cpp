#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "tests/unit/kernel/shell/fakes.hpp"
#include "tests/unit/kernel/shell/scripted.hpp"

/// What scripts and files can do to a shell: one message, a status, and all goes on.
namespace nacre::shell {
namespace {

using testing::HasSubstr;

class HardshipTest : public test::Scripted {};

TEST_F(HardshipTest, AMillionCharacters) {
  std::string const text(1'000'000, 'x');
  EXPECT_EQ(output("echo " + text), text + "\n");
  EXPECT_EQ(output("x=" + text + "; echo ${#x} ${x%%x*}."), "1000000 .\n");
  std::string words = "set --";
  for (int i = 0; i < 40'000; ++i) words += " a bcdefghijklmnopqrstuvw";
  EXPECT_EQ(output(words + "; echo $#; set --"), "80000\n");
}

TEST_F(HardshipTest, CommandsInCommands) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "( ";
  expect_failure(deep, 2, "nacre: column 81: too many commands in commands\n");
  EXPECT_EQ(run("f() { f; }; f; echo never").status, 2);
  EXPECT_EQ(machine_.out.output, "");
  EXPECT_THAT(machine_.err.output, HasSubstr("stand in each other more than"));
  EXPECT_EQ(run("x='eval \"$x\"'; eval \"$x\"").status, 2);
  EXPECT_EQ(output("echo fine"), "fine\n");
}

TEST_F(HardshipTest, Recursion) {
  EXPECT_EQ(output("f() { [ $1 -eq 0 ] || f $(($1 - 1)); }; f 990; echo $?"), "0\n");
  EXPECT_EQ(output("s() { if [ $1 = 0 ]; then echo 0; else echo $(($1 + $(s $(($1 - 1))))); fi; }\n"
                   "s 300"),
            "45150\n");
  EXPECT_EQ(output("p() { [ $1 -eq 0 ] && echo end || p $(($1 - 1)) | cat; }; p 50"), "end\n");
  test::Outcome const outcome = run("p() { echo $1; p $(($1 + 1)) | cat; }; p 0; echo after");
  EXPECT_EQ(outcome.out.substr(0, 6), "0\n1\n2\n");
  EXPECT_THAT(outcome.err, HasSubstr("pipelines stand in each other more than 64 deep"));
  EXPECT_EQ(output("echo fine"), "fine\n");
}

TEST_F(HardshipTest, NamesOfAllKinds) {
  EXPECT_EQ(
      output(
          "cd /tmp; >\"a\nb\"; >'c d'; >\"$(printf '\\377')\"; for f in *; do echo \"[$f]\"; done"),
      "[a\nb]\n[c d]\n[\xff]\n");
  EXPECT_EQ(output("for f in ?; do echo \"[$f]\"; done; rm *; ls"), "[\xff]\n");
}

TEST_F(HardshipTest, AFullFileSystem) {
  auto const limits = machine_.temporary->space();
  test::Outcome const outcome =
      run("seq 20000 >/tmp/n; while cat /tmp/n >>/tmp/big; do :; done; echo on");
  EXPECT_EQ(outcome.out, "on\n");
  EXPECT_EQ(outcome.err, "cat: no space left\n");
  EXPECT_EQ(output("rm /tmp/big /tmp/n; echo fine >/tmp/f; cat /tmp/f; rm /tmp/f"), "fine\n");
  EXPECT_EQ(machine_.temporary->space().free_bytes, limits.free_bytes);
}

TEST_F(HardshipTest, ADirectoryThatIsGone) {
  run("mkdir /tmp/d; cd /tmp/d; rmdir /tmp/d");
  EXPECT_EQ(output("ls"), "");
  expect_failure("echo x >f", 1, "nacre: f: no such file or directory\n");
  expect_failure("cd .", 1, "cd: .: no such file or directory\n");
  expect_failure("cd -P ..", 1, "cd: ..: no such file or directory\n");
  EXPECT_EQ(output("echo *; cd /; pwd"), "*\n/\n");
}

TEST_F(HardshipTest, LinksThatLeadInCircles) {
  run("cd /tmp; ln -s a b; ln -s b a");
  expect_failure("cat a", 1, "cat: a: too many symbolic links\n");
  expect_failure("cd a", 1, "cd: a: too many symbolic links\n");
  expect_failure("echo >a", 1, "nacre: a: too many symbolic links\n");
  expect_failure(". ./a", 2, ".: ./a: too many symbolic links\n");
  EXPECT_EQ(output("echo ?; [ -e a ] || echo leads nowhere; [ -h a ] && rm a b"),
            "a b\nleads nowhere\n");
}

TEST_F(HardshipTest, WhatIsNoScript) {
  std::string const binary(
      "\x7f"
      "ELF\0\1\2",
      7);
  EXPECT_EQ(run(binary).status, 2);
  EXPECT_THAT(machine_.err.output, HasSubstr("a NUL character"));
  EXPECT_EQ(run("sh /docs").status, 127);
  EXPECT_EQ(machine_.err.output, "sh: /docs: is a directory\n");
}

}  // namespace
}  // namespace nacre::shell
