#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "tests/support/failing_allocator.hpp"
#include "tests/unit/kernel/shell/fakes.hpp"
#include "tests/unit/kernel/shell/scripted.hpp"

namespace nacre::shell {
namespace {

using testing::HasSubstr;

class BuiltinsTest : public test::Scripted {};

TEST_F(BuiltinsTest, Files) {
  EXPECT_EQ(output("cd /tmp; echo one >a; cp a b; cat b; mkdir d; cp a b d; ls d"), "one\na\nb\n");
  EXPECT_EQ(output("mkdir -p d/e/f; echo x >d/e/f/g; ln -s g d/e/f/l; cp -r d c; ls c c/e/f"),
            "c:\na\nb\ne\n\nc/e/f:\ng\nl\n");
  EXPECT_EQ(output("mv c/a moved; cat moved; mv moved c; ls c; mv /tmp/c/b c/z; ls c"),
            "one\nb\ne\nmoved\ne\nmoved\nz\n");
  EXPECT_EQ(output("ln a hard; echo two >>hard; cat a; ln -f b hard; cat hard"), "one\ntwo\none\n");
  // What there would be nothing to link to without is not removed.
  for (std::string_view const line : {"ln -f b b", "ln -f b ./b", "ln -f nowhere b", "cp b b"}) {
    EXPECT_EQ(run(line).status, 1) << line;
    EXPECT_EQ(output("cat b"), "one\n") << line;
  }
  EXPECT_EQ(output("rm hard; rm -r c; rm -f nothing; ls"), "a\nb\nd\n");
  EXPECT_EQ(output("mkdir x; rmdir x; touch t; touch -c u; ls; stat t | head -n 1"),
            "a\nb\nd\nt\nt\n");
  expect_failure("cp a", 2, "cp: a file is missing; see cp --help\n");
  expect_failure("cp d x", 1, "cp: d: is a directory\n");
  expect_failure("cp nothing x", 1, "cp: nothing: no such file or directory\n");
  expect_failure("cp a a", 1, "cp: a: already exists\n");
  expect_failure("cp -r d d/e", 1, "cp: d: cannot be moved into itself\n");
  expect_failure("rm d", 1, "rm: d: is a directory\n");
  expect_failure("rm -r .", 1, "rm: .: names no place\n");
  expect_failure("rmdir d", 1, "rmdir: d: directory not empty\n");
  expect_failure("mkdir a", 1, "mkdir: a: already exists\n");
  expect_failure("mkdir -p a/b", 1, "mkdir: a/b: not a directory\n");
  expect_failure("mv a b nothing", 1, "mv: nothing: not a directory\n");
  expect_failure("rm -x a", 2, "rm: -x: no such option; see rm --help\n");
}

TEST_F(BuiltinsTest, MovesBetweenFileSystems) {
  EXPECT_EQ(run("cp -r /docs /tmp; mv /docs/a.txt /tmp/moved").status, 1) << "it is read only";
  EXPECT_EQ(output("cat /tmp/docs/a.txt /tmp/moved"), "AA");
}

TEST_F(BuiltinsTest, PartsOfFiles) {
  run("seq 20 >/tmp/n");
  EXPECT_EQ(output("head -n 2 /tmp/n; tail -n2 /tmp/n; head -c 3 /tmp/n; tail -c 3 /tmp/n"),
            "1\n2\n19\n20\n1\n220\n");
  EXPECT_EQ(output("seq 3 | tail; seq 12 | head | wc -l; tail -n 0 /tmp/n"), "1\n2\n3\n10\n");
  EXPECT_EQ(output("head -n 1 /tmp/n /tmp/n"), "==> /tmp/n <==\n1\n\n==> /tmp/n <==\n1\n");
  EXPECT_EQ(output("wc /tmp/n; wc -l </tmp/n; echo 'a b' | wc -w; wc -c /tmp/n /tmp/n"),
            "20 20 51 /tmp/n\n20\n2\n51 /tmp/n\n51 /tmp/n\n102 total\n");
  expect_failure("head -n x", 2, "head: x: not a number\n");
}

TEST_F(BuiltinsTest, SortedAndCut) {
  EXPECT_EQ(output("printf '%s\\n' b a C 10 9 a | sort"), "10\n9\nC\na\na\nb\n");
  EXPECT_EQ(output("printf '%s\\n' 10 9 -1 | sort -n; printf '%s\\n' 1 2 | sort -r"),
            "-1\n9\n10\n2\n1\n");
  EXPECT_EQ(output("printf '%s\\n' b A a | sort -fu"), "A\nb\n");
  EXPECT_EQ(
      output("printf '%s\\n' 'x 2' 'y 1' | sort -k 2; printf '%s\\n' x:10 y:9 | sort -t : -k2 -n"),
      "y 1\nx 2\ny:9\nx:10\n");
  EXPECT_EQ(output("printf '%s\\n' a a b a | uniq; printf '%s\\n' a a b | uniq -c"),
            "a\nb\na\n      2 a\n      1 b\n");
  EXPECT_EQ(output("printf '%s\\n' a a b | uniq -d; printf '%s\\n' a a b | uniq -u"), "a\nb\n");
  EXPECT_EQ(
      output("echo a:b:c:d | cut -d : -f 2,4-; echo abcdef | cut -c -2,5; echo a | cut -s -f1"),
      "b:d\nabe\n");
  EXPECT_EQ(output("echo Hello | tr a-z A-Z; echo aabbc | tr -s ab; echo a1b2 | tr -d '[:digit:]'"),
            "HELLO\nabc\nab\n");
  EXPECT_EQ(output("echo 'a b' | tr -c 'a-z\\n' _; echo x | tee /tmp/a /tmp/b; cat /tmp/a /tmp/b"),
            "a_b\nx\nx\nx\n");
  EXPECT_EQ(output("seq 3; seq 5 -2 1; seq 2 3"), "1\n2\n3\n5\n3\n1\n2\n3\n");
  expect_failure("cut -f 0", 2, "cut: a list such as 1,3-5 is wanted; see cut --help\n");
  expect_failure("seq x", 2,
                 "seq: one to three numbers are wanted, as 2 or 0.25; see seq --help\n");
}

TEST_F(BuiltinsTest, TailFollowsWhatGrows) {
  run("echo a >/tmp/f; tail -f /tmp/f &");
  EXPECT_EQ(machine_.out.output, "a\n");
  EXPECT_EQ(output("echo b >>/tmp/f"), "");
  test::fake_now.ns += 250'000'000;
  machine_.executor.run_until_idle();
  EXPECT_EQ(machine_.out.output, "b\n");
  run("kill %1; wait");
  EXPECT_EQ(output("jobs; echo c >>/tmp/f"), "");
}

TEST_F(BuiltinsTest, Trees) {
  run("mkdir -p /tmp/a/b; echo x >/tmp/a/b/c; seq 1000 >/tmp/a/d");
  EXPECT_EQ(output("find /tmp"), "/tmp\n/tmp/a\n/tmp/a/b\n/tmp/a/b/c\n/tmp/a/d\n");
  EXPECT_EQ(output("cd /tmp; find -name '[cd]'; find . -type d; find a -maxdepth 0"),
            "./a/b/c\n./a/d\n.\n./a\n./a/b\na\n");
  EXPECT_EQ(output("tree /tmp"),
            "/tmp\n└── a\n    ├── b\n    │   └── c\n    └── d\n\n2 directories, 2 files\n");
  run("echo y >/tmp/a/.hidden");
  EXPECT_EQ(output("tree -a -L 2 /tmp"),
            "/tmp\n└── a\n    ├── .hidden\n    ├── b\n    └── d\n\n2 directories, 2 files\n");
  EXPECT_EQ(output("tree -d /tmp; rm /tmp/a/.hidden"), "/tmp\n└── a\n    └── b\n\n2 directories\n");
  EXPECT_EQ(output("du /tmp; du -s /tmp"), "1\t/tmp/a/b\n5\t/tmp/a\n5\t/tmp\n5\t/tmp\n");
  expect_failure("find -size x", 2, "find: x: not a value of this test; see find --help\n");
  expect_failure("find -color", 2, "find: -color: no such test or action; see find --help\n");
  expect_failure("find '(' -true", 2, "find: (: a parenthesis is not closed; see find --help\n");
  expect_failure("find nothing", 1, "find: nothing: no such file or directory\n");
}

TEST_F(BuiltinsTest, TreesOfSeveral) {
  run("mkdir -p /tmp/a/b /tmp/c; echo >/tmp/c/d");
  EXPECT_EQ(output("cd /tmp; tree a c"), "a\n└── b\nc\n└── d\n\n1 directories, 1 files\n");
  expect_failure("tree -L 0", 2, "tree: 1 is the least depth; see tree --help\n");
  EXPECT_EQ(run("tree -L 0").out, "");
}

TEST_F(BuiltinsTest, FilesByAge) {
  run("cd /tmp; touch -d @1699999700 old; touch -d @1699999990 new; touch -d @1800000000 later");
  EXPECT_EQ(output("find . -type f -mmin +4"), "./old\n");
  EXPECT_EQ(output("find . -type f -mmin -5"), "./later\n./new\n");
  EXPECT_EQ(output("find . -type f -mmin 5; find . -type f -mtime +0"), "./old\n");
}

TEST_F(BuiltinsTest, WhatDoesNotFitIsToldAndTheRestGoesOn) {
  run("seq 3 >/tmp/sorted");
  fs::Space const space = machine_.temporary->space();
  machine_.temporary->set_limits(
      {.bytes = space.total_bytes - space.free_bytes + 5'000, .nodes = 100});
  test::Outcome const sorted = run("seq 20000 | sort -o /tmp/sorted");
  EXPECT_EQ(sorted.status, 2);
  EXPECT_EQ(sorted.err, "sort: /tmp/sorted: no space left\n");
  EXPECT_EQ(output("cat /tmp/sorted; ls -A /tmp"), "1\n2\n3\nsorted\n");
  test::Outcome const copied = run("seq 20000 | tee /tmp/a");
  EXPECT_EQ(copied.status, 1);
  EXPECT_EQ(copied.err, "tee: /tmp/a: no space left\n");
  EXPECT_EQ(copied.out, output("seq 20000"));
}

TEST_F(BuiltinsTest, UniqIntoAFile) {
  EXPECT_EQ(output("cd /tmp; printf 'a\\na\\nb\\n' >f; uniq f g; cat g; uniq f -; uniq f f; cat f"),
            "a\nb\na\nb\na\nb\n");
  EXPECT_EQ(run("cd /tmp; uniq none g").status, 1);
  EXPECT_EQ(output("cat /tmp/g; ls /tmp"), "a\nb\nf\ng\n") << "what is there stays";
}

TEST_F(BuiltinsTest, WhereProgramsAre) {
  EXPECT_EQ(output("which snake loop; echo $?"), "/bin/snake.wasm\n/bin/loop.wasm\n0\n");
  EXPECT_EQ(output("which nothing snake; echo $?"), "/bin/snake.wasm\n1\n");
  EXPECT_EQ(output("PATH=/nowhere; which snake; echo $?"), "1\n");
  EXPECT_EQ(run("which -x").status, 2);
}

TEST_F(BuiltinsTest, WrongOptionsOfScripts) {
  EXPECT_EQ(run("getopts a: o -:").err, "nacre: -:: no such option\n");
  EXPECT_EQ(run("OPTIND=1; getopts a: o -a").err, "nacre: -a: a value is missing\n");
  expect_failure("printf '%\033'", 2, "printf: %?: no such conversion\n");
}

TEST_F(BuiltinsTest, TimeAndEnvironment) {
  EXPECT_EQ(output("date; date '+%F %T %j %s %%'"),
            "Tue Nov 14 22:13:20 UTC 2023\n2023-11-14 22:13:20 318 1700000000 %\n");
  EXPECT_EQ(output("sleep 0; sleep 0.0m"), "");
  EXPECT_EQ(output("x=1; export y=2; env"), "HOME=/\nPATH=/bin\nPWD=/\ny=2\n");
  EXPECT_EQ(output("env -i z=3; env y=4 sh -c 'echo $y'; echo $y"), "z=3\n4\n2\n");
  run("env -i a=b snake");
  EXPECT_THAT(machine_.system.runs.back().environment, testing::ElementsAre("a=b"));
  EXPECT_EQ(output("history"), "") << "nobody sits here";
  expect_failure("sleep x", 2, "sleep: a number of seconds is wanted; see sleep --help\n");
}

TEST(BuiltinsOutOfMemory, IsAValue) {
  for (std::string_view const script :
       // Each on its own: the time goes with the square of what is allocated.
       {"echo x >/tmp/a; cp /tmp/a /tmp/b; rm /tmp/b", "mkdir -p /tmp/d/e; cp -r /tmp/d /tmp/f",
        "mv /tmp/d /tmp/g; rm -r /tmp/g /tmp/f", "seq 20 | sort -n | uniq -c",
        "seq 9 | head -n 3 | cut -c 1-5", "echo b | tr a b | tee /tmp/t; tail -n 1 /tmp/t",
        "find /docs -name '*.txt'", "tree /docs; du /docs", "stat /hello.txt; wc /hello.txt",
        "env; date; chmod -R u+x /tmp; umask -S; times; hash ls",
        "seq 9 | grep -B 2 -e 3 -e 8 | sort -o /tmp/s; head -n -2 /tmp/s | xargs -I x echo x",
        "echo abc | tr -c 'b' '[x*]'; printf '%#o %u\\n' 8 9 | cmp - /hello.txt; tree /docs "
        "/empty"}) {
    test::Machine machine;
    auto const failures = nacre::test::fail_each_allocation([&] {
      auto shell = Shell::create(machine.services(), machine.streams());
      if (!shell) return;
      auto const task = [](Shell& target, std::string_view text) -> exec::Task<void> {
        static_cast<void>(co_await target.run_script(text));
      };
      static_cast<void>(machine.executor.spawn_detached("test", task(**shell, script)));
      machine.executor.run_until_idle();
    });
    EXPECT_GT(failures, 40u);
  }
}

}  // namespace
}  // namespace nacre::shell
