#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "tests/support/failing_allocator.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/support/tar_builder.hpp"
#include "tests/unit/kernel/shell/scripted.hpp"

namespace nacre::shell {
namespace {

using nacre::test::TarBuilder;
using testing::HasSubstr;

class TarTest : public test::Scripted {
 protected:
  TarTest() { machine_.temporary->set_limits({.bytes = u64{16} << 20, .nodes = 100'000}); }

  void put(const std::string& name, std::string_view bytes) {
    auto const file =
        machine_.temporary->create(machine_.temporary->root(), name, fs::NodeType::File);
    ASSERT_TRUE(file);
    auto const* const data = static_cast<const u8*>(static_cast<const void*>(bytes.data()));
    for (usize at = 0; at < bytes.size();) {
      auto const count = machine_.temporary->write_now(*file, at, {data + at, bytes.size() - at});
      ASSERT_TRUE(count && *count);
      at += **count;
    }
  }
  /// How many allocations of a script were made to fail.
  u64 fail_each(std::string_view script) {
    return nacre::test::fail_each_allocation([&] {
      int status = 0;
      auto const task = [](Shell& shell, std::string_view text, int& result) -> exec::Task<void> {
        result = (co_await shell.run_line(text)).value_or(-1);
      };
      // Without memory for the task itself there is nothing to see.
      static_cast<void>(machine_.executor.spawn_detached("test", task(*shell_, script, status)));
      machine_.executor.run_until_idle();
    });
  }
  void put(const std::string& name, const TarBuilder& archive) {
    auto const bytes = archive.bytes();
    put(name, {static_cast<const char*>(static_cast<const void*>(bytes.data())), bytes.size()});
  }
};

constexpr const char* make_tree =
    "cd /tmp; mkdir -p t/d/e; echo one >t/one; ln t/one t/d/two; ln -s ../one t/d/link; "
    ">t/d/empty; "
    "seq 20000 >t/d/e/numbers; ";

TEST_F(TarTest, WhatWasMadeIsUnpackedAgain) {
  output(make_tree);
  for (std::string const& flags : {"", "z"}) {
    EXPECT_EQ(output("tar -c" + flags + "f a.tar t; tar tf a.tar"),
              "t/\nt/d/\nt/d/e/\nt/d/e/numbers\nt/d/empty\nt/d/link\nt/d/two\nt/one\n");
    EXPECT_EQ(
        output("mkdir out; tar xf a.tar -C out; cd out/t; cat one d/two; cmp() { [ \"$(cat $1)\" = "
               "\"$(cat $2)\" ]; }; cmp d/e/numbers /tmp/t/d/e/numbers && echo same; "
               "[ one -ef d/two ] && ls -l d/link; cd /tmp; rm -r out"),
        "one\none\nsame\n" + output("cd t; ls -l d/link; cd .."));
  }
  EXPECT_LT(machine_.contents("a.tar")->size(), 60'000u);
}

TEST_F(TarTest, AnArchiveIsNotInItself) {
  EXPECT_EQ(output("cd /tmp; mkdir d; echo x >d/f; tar cf d/a.tar d; chmod 600 d/a.tar; "
                   "tar cf d/a.tar d; tar tf d/a.tar; stat -c %a d/a.tar"),
            "d/\nd/f\n600\n");
  EXPECT_EQ(output("tar c d >d/b.tar; tar tf d/b.tar"), "d/\nd/a.tar\nd/f\n");
}

TEST_F(TarTest, KeepsModesAndTimes) {
  TarBuilder archive;
  archive.member({.name = "d/", .type = '5', .mode = "0000711", .modified = "00000001750"});
  archive.member({.name = "d/f", .mode = "0004640", .modified = "00000003720"}, "x").end();
  put("a.tar", archive);
  EXPECT_EQ(output("cd /tmp; tar -xf a.tar; tar -cf b.tar d; tar -tvf b.tar"),
            "drwx--x--x 0/0         0 1970-01-01 00:16 d/\n"
            "-rwSr----- 0/0         1 1970-01-01 00:33 d/f\n");
}

TEST_F(TarTest, WorksOnStreamsAndParts) {
  output(make_tree);
  EXPECT_EQ(output("tar -c t/d | tar -t"),
            "t/d/\nt/d/e/\nt/d/e/numbers\nt/d/empty\nt/d/link\nt/d/two\n");
  EXPECT_EQ(output("tar -cz --exclude=e t/d | tar -tz t/d/two ./t/d/link/"), "t/d/link\nt/d/two\n");
  EXPECT_EQ(output("tar -c -X '*ne' -C t one d | tar t"),
            "d/\nd/e/\nd/e/numbers\nd/empty\nd/link\nd/two\n");
  EXPECT_EQ(output("tar cvf b.tar t/one; mkdir o; tar xvfC b.tar o; cat o/t/one"),
            "t/one\nt/one\none\n");
  expect_failure("tar -tf b.tar t/on t/one/x", 1,
                 "tar: t/on: not in the archive\ntar: t/one/x: not in the archive\n");
}

TEST_F(TarTest, NothingLeadsOutOfTheDirectory) {
  TarBuilder archive;
  archive.file("../up", "x").file("a/../../up", "x").file("/tmp/absolute", "kept here");
  archive.symlink("out", "/tmp").file("out/through", "x");
  archive.symlink("up", "..").file("up/through", "x").hard_link("up/hard", "kept");
  archive.directory("d").symlink("d/l", "../e").directory("e").file("d/l/through", "x");
  archive.hard_link("hard", "out/secret").hard_link("gone", "nowhere");
  archive.member({.name = "pipe", .type = '6'}).file("kept", "kept").end();
  output("cd /tmp; echo secret >secret; mkdir -p box/in");
  put("a.tar", archive);
  test::Outcome const outcome = run("cd /tmp/box/in; tar -xf ../../a.tar");
  EXPECT_EQ(outcome.status, 1);
  for (const char* name : {"../up", "a/../../up"}) EXPECT_THAT(outcome.err, HasSubstr(name));
  EXPECT_THAT(outcome.err, HasSubstr("tar: out/through: leads out of its directory\n"));
  EXPECT_THAT(outcome.err, HasSubstr("tar: up/through: leads out of its directory\n"));
  EXPECT_THAT(outcome.err, HasSubstr("tar: up/hard: leads out of its directory\n"));
  EXPECT_THAT(outcome.err, HasSubstr("tar: d/l/through: leads out of its directory\n"));
  EXPECT_THAT(outcome.err, HasSubstr("tar: hard: leads out of its directory\n"));
  EXPECT_THAT(outcome.err, HasSubstr("tar: gone: no such file or directory\n"));
  EXPECT_THAT(outcome.err, HasSubstr("tar: pipe: pipes are not made\n"));
  EXPECT_EQ(output("cat kept tmp/absolute; cd /tmp; find box secret -type f"),
            "keptkept herebox/in/kept\nbox/in/tmp/absolute\nsecret\n");
}

/// A link that an archive made is replaced by what has its name, and not written through.
TEST_F(TarTest, LinksAreNotWrittenThrough) {
  TarBuilder archive;
  archive.symlink("f", "/tmp/secret").file("f", "new").end();
  put("a.tar", archive);
  EXPECT_EQ(output("cd /tmp; echo old >secret; mkdir o; tar -xf a.tar -C o; cat secret o/f; "
                   "readlink() { :; }; "
                   "[ -L o/f ] || echo file"),
            "old\nnewfile\n");
}

TEST_F(TarTest, AFullFileSystemTearsNothing) {
  TarBuilder archive;
  archive.file("small", "new").file("large", std::string(400'000, 'n')).file("later", "x").end();
  put("a.tar", archive);
  output("cd /tmp; mkdir o; echo old >o/large");
  u64 const used = machine_.temporary->space().total_bytes - machine_.temporary->space().free_bytes;
  machine_.temporary->set_limits({.bytes = used + 200'000, .nodes = 1000});
  expect_failure("tar -xf a.tar -C o", 1, "tar: large: no space left\n");
  EXPECT_EQ(output("cd o; cat small large; ls -a; cd .."), "newold\n.\n..\nlarge\nsmall\n");
  output("echo kept >b.tar");
  expect_failure("tar -cf b.tar a.tar", 1, "tar: b.tar: no space left\n");
  EXPECT_EQ(output("cat b.tar"), "kept\n");
}

TEST_F(TarTest, DamageIsToldAndTheRestUnpacked) {
  TarBuilder archive;
  archive.file("a", "1").member({.name = "bad", .checksum = "0000000"}, "2").file("c", "3").end();
  put("a.tar", archive);
  test::Outcome const outcome = run("cd /tmp; mkdir o; tar -xf a.tar -C o; echo $?; ls o");
  EXPECT_EQ(outcome.out, "1\na\nc\n");
  EXPECT_THAT(outcome.err, HasSubstr("the checksum of its header is wrong"));
  put("text", "no archive at all, but long enough to be one");
  EXPECT_EQ(run("tar -tf /tmp/text").status, 1);
  EXPECT_THAT(machine_.err.output, HasSubstr("tar: "));
  expect_failure("tar -tzf /tmp/text", 1, "tar: /tmp/text: at byte 0: no compressed data\n");
  output("tar -czf /tmp/z.tar /hello.txt; head -c 100 /tmp/z.tar >/tmp/cut");
  EXPECT_EQ(run("tar -xf /tmp/cut").status, 1);
  EXPECT_THAT(machine_.err.output, HasSubstr("tar: /tmp/cut: at byte 1"));
}

TEST_F(TarTest, SaysWhatIsWrongWithACall) {
  expect_failure("tar", 2, "tar: one of -c, -t and -x is wanted; see tar --help\n");
  expect_failure("tar -cx f", 2, "tar: one of -c, -t and -x is wanted; see tar --help\n");
  expect_failure("tar -c", 2, "tar: an archive of nothing is not made; see tar --help\n");
  expect_failure("tar -q", 2, "tar: -q: no such option; see tar --help\n");
  expect_failure("tar cf", 2, "tar: cf: a value is missing\n");
  expect_failure("tar -tf /none", 1, "tar: /none: no such file or directory\n");
  expect_failure("tar -tf /hello.txt -C /none", 1, "tar: /none: no such file or directory\n");
  EXPECT_EQ(run("cd /tmp; tar -cf a.tar none /hello.txt; tar -tf a.tar").out, "hello.txt\n");
  EXPECT_EQ(machine_.err.output, "tar: none: no such file or directory\n");
  EXPECT_THAT(output("tar --help"), HasSubstr("-X PATTERN"));
}

/// Each archive of the shared set is unpacked, or refused with a line; nothing comes out of the
/// box.
TEST_F(TarTest, SurvivesTheSharedSet) {
  auto const folder = nacre::test::shared_data("tar");
  if (!folder) GTEST_SKIP() << "no archives: set NACRE_SHARED to the folder that has `tar`";
  usize count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(*folder)) {
    if (!entry.is_regular_file() || entry.file_size() > 200'000) continue;
    auto const bytes = nacre::test::read_file(entry.path());
    put("a.tar", {static_cast<const char*>(static_cast<const void*>(bytes.data())), bytes.size()});
    test::Outcome const outcome =
        run("cd /tmp; mkdir -p o/box; tar -xf a.tar -C o/box; s=$?; ls /tmp o; exit $s");
    EXPECT_EQ(outcome.out, "/tmp:\na.tar\no\n\no:\nbox\n") << entry.path();
    EXPECT_EQ(outcome.status == 0 || !outcome.err.empty(), true) << entry.path();
    if (entry.path().filename().string().starts_with("ok-"))
      EXPECT_LE(outcome.status, 1) << entry.path() << outcome.err;
    run("cd /tmp; rm -r o a.tar");
    ++count;
  }
  EXPECT_GT(count, 20u);
}

TEST_F(TarTest, SaysSoWhenMemoryRunsOut) {
  TarBuilder archive;
  archive.directory("d").file("d/f", "data").symlink("d/l", "f").hard_link("d/h", "d/f").end();
  put("a.tar", archive);
  output("mkdir /tmp/o");
  for (const char* script :
       {"tar -xf /tmp/a.tar -C /tmp/o", "tar -czf /tmp/b.tar -C /tmp/o d", "tar -tvf /tmp/a.tar"}) {
    EXPECT_GT(fail_each(script), 10u) << script;
    EXPECT_EQ(run(script).status, 0) << script << machine_.err.output;
  }
  EXPECT_EQ(output("cat /tmp/o/d/h; ls -a /tmp/o/d"), "data.\n..\nf\nh\nl\n");
}

}  // namespace
}  // namespace nacre::shell
