#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "kernel/fs/device_file_system.hpp"
#include "kernel/shell/shell.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/unit/kernel/console/fakes.hpp"
#include "tests/unit/kernel/shell/at_terminal.hpp"
#include "tests/unit/kernel/shell/fakes.hpp"

namespace nacre::shell {
namespace {

using test::Machine;
using testing::EndsWith;
using testing::HasSubstr;

class InteractiveTest : public test::AtTerminal {};

TEST_F(InteractiveTest, PromptsEditsAndRuns) {
  EXPECT_EQ(serial_.written, prompt());
  EXPECT_EQ(type("echo hi\r"), "echo hi\r\nhi\r\n" + prompt());
  EXPECT_EQ(type("\r"), "\r\n" + prompt());
  EXPECT_THAT(type("cd docs\r"), EndsWith(prompt("/docs")));
  EXPECT_THAT(type("ehco\x1b[D\x1b[D\x1b[D\x1b[3~\x1b[Ch\x1b[F fixed\r"),
              HasSubstr("\r\nfixed\r\n"));
  EXPECT_THAT(type("\x1b[A\x1b[A\x1b[B\r"), HasSubstr("\r\nfixed\r\n"));
  EXPECT_EQ(type("\t"), "\a");
}

TEST_F(InteractiveTest, AProgramWithoutALastLineFeedKeepsItsOutput) {
  EXPECT_EQ(type("echo -n x\r"), "echo -n x\r\nx\r\n" + prompt());
}

TEST_F(InteractiveTest, HistoryCanBeForgotten) {
  type("echo a\r");
  type("history -c\r");
  EXPECT_EQ(type("history\r"), "history\r\n    1  history\r\n" + prompt());
}

TEST_F(InteractiveTest, ALongLineIsPasted) {
  std::string const text(50'000, 'x');
  port_.arrive("echo ");
  run();
  for (usize at = 0; at < text.size(); at += 500) {
    port_.arrive(std::string_view(text).substr(at, 500));
    run();
  }
  EXPECT_THAT(type(" | wc -c\r"), EndsWith("\r\n50001\r\n" + prompt()));
}

TEST_F(InteractiveTest, AMillionCharactersAreNotPastedInPart) {
  type("echo ");
  std::string const text(1'000'000, 'x');
  port_.arrive("\x1b[200~");
  for (usize at = 0; at < text.size(); at += 500) {
    port_.arrive(std::string_view(text).substr(at, 500));
    run();
  }
  EXPECT_EQ(type("\x1b[201~"),
            "\r\nnacre: what was pasted is left out: a line has room for 65536 bytes\r\n" +
                prompt() + "echo ");
  EXPECT_EQ(type("one\r"), "one\r\none\r\n" + prompt());
}

TEST_F(InteractiveTest, ControlCGivesUpTheLine) {
  EXPECT_EQ(type("abc\x03"), "abc^C\r\n" + prompt());
  EXPECT_EQ(type("echo $?\r"), "echo $?\r\n130\r\n" + prompt());
}

TEST_F(InteractiveTest, ControlCStopsWhatRunsAndTheRestOfTheLine) {
  type("loop && echo no; echo no\r");
  EXPECT_EQ(machine_.system.running, 1);
  EXPECT_EQ(type("\x03"), "^C\r\n" + prompt());
  EXPECT_EQ(machine_.system.running, 0);
  EXPECT_EQ(type("echo $?\r"), "echo $?\r\n130\r\n" + prompt());
}

TEST_F(InteractiveTest, ControlCEndsWhatReadsWithoutEnd) {
  base::SecureRandom random(base::SecureRandom::Seed{1});
  ASSERT_TRUE(machine_.files->mount("/empty", *fs::DeviceFileSystem::create(random, {})));
  type("echo >/tmp/a\r");
  auto const type_at_once = [&](std::string_view keys) {
    port_.arrive(keys);
    for (int round = 0; round < 200; ++round) machine_.executor.run_round();
  };
  test::fake_tick = {100'000};
  for (std::string const line :
       {"read x", "rm -i /tmp/a", "grep x", "sort", "xargs", "xargs -I x"}) {
    type_at_once(line + " </empty/zero\r");
    serial_.written.clear();
    type_at_once("\x03");
    EXPECT_EQ(serial_.written, "^C\r\n" + prompt()) << line;
  }
}

TEST_F(InteractiveTest, ProgramsReadLinesFromTheTerminal) {
  type("take\r");
  EXPECT_EQ(type("ab\x7f"
                 "c\r"),
            "ab\b \bc\r\n" + prompt());
  EXPECT_EQ(machine_.system.read, "ac\n");
  type("cat\r");
  EXPECT_EQ(type("x\r"), "x\r\nx\r\n");
  EXPECT_EQ(type("\x04"), prompt());
}

TEST_F(InteractiveTest, WhatIsTypedAheadIsForTheNextReader) {
  port_.arrive("take\rinput\recho after\r");
  run();
  EXPECT_EQ(machine_.system.read, "input\n");
  EXPECT_THAT(serial_.written, EndsWith("echo after\r\nafter\r\n" + prompt()));
}

TEST_F(InteractiveTest, BackgroundJobsAreTold) {
  EXPECT_EQ(type("snake a b c &\r"), "snake a b c &\r\n[1]\r\n" + prompt());
  EXPECT_EQ(type("\r"), "\r\n[1] + Done(3)    snake a b c\r\n" + prompt());
  type("loop &\r");
  type("\x03");
  EXPECT_EQ(machine_.system.running, 1) << "Ctrl-C is not for the background";
}

TEST_F(InteractiveTest, ControlZStopsWhatRuns) {
  type("loop x\r");
  EXPECT_EQ(type("\x1a"), "^Z\r\n[1] + Stopped    loop x\r\n" + prompt());
  EXPECT_EQ(machine_.system.running, 1);
  EXPECT_EQ(type("echo $?\r"), "echo $?\r\n148\r\n" + prompt());
  EXPECT_EQ(type("jobs\r"), "jobs\r\n[1] + Stopped    loop x\r\n" + prompt());
  EXPECT_EQ(type("bg\r"), "bg\r\n[1] loop x &\r\n" + prompt());
  EXPECT_EQ(type("jobs\r"), "jobs\r\n[1] + Running    loop x\r\n" + prompt());
  EXPECT_EQ(type("fg %1\r"), "fg %1\r\nloop x\r\n");
  EXPECT_EQ(type("\x03"), "^C\r\n" + prompt());
  EXPECT_EQ(machine_.system.running, 0);
  EXPECT_EQ(type("echo $?\r"), "echo $?\r\n130\r\n" + prompt());
  EXPECT_EQ(type("jobs\r"), "jobs\r\n" + prompt());
}

TEST_F(InteractiveTest, AStoppedJobIsStoppedAgain) {
  type("loop\r");
  type("\x1a");
  type("fg\r");
  EXPECT_EQ(type("\x1a"), "^Z\r\n[1] + Stopped    loop\r\n" + prompt());
  type("loop 2\r");
  EXPECT_EQ(type("\x1a"), "^Z\r\n[2] + Stopped    loop 2\r\n" + prompt());
  EXPECT_EQ(type("jobs\r"),
            "jobs\r\n[1]   Stopped    loop\r\n[2] + Stopped    loop 2\r\n" + prompt());
  EXPECT_EQ(type("kill %1\r"), "kill %1\r\n[1]   Done(143)  loop\r\n" + prompt());
  EXPECT_EQ(type("kill -9 %+\r"), "kill -9 %+\r\n[2] + Done(137)  loop 2\r\n" + prompt());
  EXPECT_EQ(machine_.system.running, 0);
}

TEST_F(InteractiveTest, AStoppedListGoesOnWhereItWas) {
  type("cat && cd docs && pwd\r");
  EXPECT_THAT(type("\x1a"), HasSubstr("Stopped    cat && cd docs && pwd\r\n" + prompt()));
  type("cd bin\r");
  EXPECT_EQ(type("fg\r"), "fg\r\ncat && cd docs && pwd\r\n");
  EXPECT_EQ(type("x\r"), "x\r\nx\r\n");
  EXPECT_EQ(type("\x04"), "/docs\r\n" + prompt("/bin")) << "in a directory of its own";
}

TEST_F(InteractiveTest, WhoReadsInTheBackgroundIsStopped) {
  EXPECT_EQ(type("take &\r"), "take &\r\n[1]\r\n" + prompt());
  EXPECT_EQ(type("\r"), "\r\n[1] + Stopped    take\r\n" + prompt());
  EXPECT_EQ(type("bg\r"), "bg\r\n[1] take &\r\n[1] + Stopped    take\r\n" + prompt());
  EXPECT_EQ(machine_.system.read, "");
  type("fg\r");
  EXPECT_EQ(type("ab\r"), "ab\r\n" + prompt());
  EXPECT_EQ(machine_.system.read, "ab\n");
}

TEST_F(InteractiveTest, AStoppedReaderDoesNotTakeWhatIsTyped) {
  type("take\r");
  type("\x1a");
  EXPECT_EQ(type("echo for the shell\r"), "echo for the shell\r\nfor the shell\r\n" + prompt());
  type("fg\r");
  type("mine\r");
  EXPECT_EQ(machine_.system.read, "mine\n");
}

TEST_F(InteractiveTest, PipelinesAreStoppedAndEndedAsAWhole) {
  type("loop | loop | cat\r");
  EXPECT_EQ(machine_.system.running, 2);
  EXPECT_THAT(type("\x1a"), HasSubstr("Stopped    loop | loop | cat"));
  type("fg\r");
  EXPECT_EQ(type("\x03"), "^C\r\n" + prompt());
  EXPECT_EQ(machine_.system.running, 0);
}

TEST_F(InteractiveTest, OutputOfJobsDoesNotDestroyTheLine) {
  type("wait-and-say &\r");
  EXPECT_EQ(type("ec"), "ec");
  serial_.written.clear();
  machine_.system.say("news\n");
  run();
  EXPECT_EQ(serial_.written, "\r\x1b[Jnews\r\n" + prompt() + "ec");
  EXPECT_EQ(type("ho on\r"), "ho on\r\non\r\n" + prompt());
  serial_.written.clear();
  machine_.system.say("one\n");
  machine_.executor.run_until_idle();
  machine_.system.say("two\n");
  run();
  EXPECT_EQ(serial_.written, "\r\x1b[Jone\r\ntwo\r\n" + prompt());
  serial_.written.clear();
  machine_.system.say("50%");
  run();
  EXPECT_EQ(serial_.written, "\r\x1b[J50%\r\n" + prompt());
}

TEST_F(InteractiveTest, AProgramMayAskForKeys) {
  machine_.system.say("\x1b[?6010h");
  type("take && take\r");
  EXPECT_EQ(type("x"), "\x1b[?6010h") << "not echoed, and the next one asks again";
  EXPECT_EQ(machine_.system.read, "x");
  EXPECT_EQ(type("\x03"), "\r\n" + prompt());
  EXPECT_EQ(type("cat\r") + type("ab\r"), "cat\r\nab\r\nab\r\n") << "lines again";
  type("\x04");
  machine_.system.say("\x1b[?6011h");
  type("take\r");
  type("\x03");
  EXPECT_EQ(machine_.system.read, "\x03");
  type("take\r");
  type("\x1a");
  EXPECT_EQ(machine_.system.read, "\x1a");
  machine_.system.say("\x1b[?6010h");
  type("take\r");
  EXPECT_THAT(type("\x1a"), HasSubstr("Stopped    take"));
  EXPECT_EQ(type("echo hi\r"), "echo hi\r\nhi\r\n" + prompt());
  type("fg\r");
  type("k");
  EXPECT_EQ(machine_.system.read, "k") << "it has keys again";
}

TEST(InputModeWatcherTest, FindsSequencesHoweverTheyAreCut) {
  using Mode = InputModeWatcher::Mode;
  InputModeWatcher watcher;
  for (char const c : std::string_view("a\x1b\x1b[?6010h")) watcher.watch({&c, 1});
  EXPECT_EQ(watcher.mode(), Mode::Keys);
  watcher.watch("\x1b[?6011l");
  EXPECT_EQ(watcher.mode(), Mode::Lines);
  watcher.watch("\x1b[?6012h\x1b[?60100h\x1b[6010h\x1b[?601\x1b[?6011h");
  EXPECT_EQ(watcher.mode(), Mode::Raw);
  watcher.reset();
  EXPECT_EQ(watcher.mode(), Mode::Lines);
}

TEST_F(InteractiveTest, JobsThatAreNotThereAreTold) {
  EXPECT_EQ(type("fg\r"), "fg\r\nfg: current: no such job\r\n" + prompt());
  EXPECT_EQ(type("bg %3\r"), "bg %3\r\nbg: %3: no such job\r\n" + prompt());
  EXPECT_EQ(type("kill %2 77\r"),
            "kill %2 77\r\nkill: %2: no such process or job\r\n"
            "kill: 77: no such process or job\r\n" +
                prompt());
  type("loop &\r");
  EXPECT_THAT(type("fg %1 &\r"), HasSubstr("fg: there is no terminal to control jobs from\r\n"));
}

TEST_F(InteractiveTest, ACommandMayTakeSeveralLines) {
  EXPECT_EQ(type("for i in 1 2\r"), "for i in 1 2\r\n> ");
  EXPECT_EQ(type("do\recho $i\r"), "do\r\n> echo $i\r\n> ");
  EXPECT_EQ(type("done\r"), "done\r\n1\r\n2\r\n" + prompt());
  EXPECT_EQ(type("echo 'a\r"), "echo 'a\r\n> ");
  EXPECT_EQ(type("b'\r"), "b'\r\na\r\nb\r\n" + prompt());
  EXPECT_THAT(type("cat <<E\rtext\rE\r"), EndsWith("E\r\ntext\r\n" + prompt()));
  type("if true\r");
  EXPECT_EQ(type("then\x03"), "then^C\r\n" + prompt()) << "given up as a whole";
  type("if true\r");
  EXPECT_THAT(type("\x04"), HasSubstr("\"then\" is missing here"));
  EXPECT_EQ(type("echo on\r"), "echo on\r\non\r\n" + prompt());
}

/// With a file that is run at the start.
class StartFileTest : public InteractiveTest {};

TEST_F(StartFileTest, IsRunInTheShellItself) {
  type("cd /tmp; echo 'alias hi=\"echo hello\"; f() { echo f; }; echo started' >.nacrerc\r");
  serial_.written.clear();
  auto services = machine_.services(&tty_);
  auto const second = *Shell::create(services, {});
  // Its home is where the file is.
  ASSERT_TRUE(second->set_variable("HOME=/tmp"));
  handle_.reset();
  handle_ = *machine_.executor.spawn("second", second->run());
  run();
  EXPECT_THAT(serial_.written, HasSubstr("started\r\n" + prompt()));
  EXPECT_EQ(type("hi; f\r"), "hi; f\r\nhello\r\nf\r\n" + prompt());
  handle_.reset();
}

TEST_F(InteractiveTest, SeveralListsInALine) {
  EXPECT_EQ(type("x=1; f() { echo $x; }; f\r"), "x=1; f() { echo $x; }; f\r\n1\r\n" + prompt());
  EXPECT_EQ(type("x=2; f; alias g=f; set -- a\r"),
            "x=2; f; alias g=f; set -- a\r\n2\r\n" + prompt());
  EXPECT_EQ(type("g; echo $1 ${nothing?gone}; echo no\r"),
            "g; echo $1 ${nothing?gone}; echo no\r\n2\r\nnacre: nothing: gone\r\n" + prompt());
}

TEST_F(InteractiveTest, TabCompletesCommands) {
  EXPECT_EQ(type("unal\t"), "unalias ");
  type("\x15");
  EXPECT_EQ(type("sna\t"), "snake ") << "a program";
  type("\x15zeta() { :; }\r");
  EXPECT_EQ(type("true; ze\t"), "true; zeta ") << "a function behind another command";
  type("\x15");
  EXPECT_EQ(type("nothing\t"), "nothing\a");
}

TEST_F(InteractiveTest, TabCompletesPaths) {
  EXPECT_EQ(type("cat hel\t"), "cat hello.txt ");
  type("\x15");
  EXPECT_EQ(type("cat do\t"), "cat docs/");
  EXPECT_EQ(type("a\t"), "a.txt ");
  type("\x15mkdir '/tmp/a b'\r");
  EXPECT_EQ(type("cd /tmp/a\t"), "cd /tmp/a\\ b/");
  type("\x15");
  EXPECT_EQ(type("echo x >/tmp/a\t"), "echo x >/tmp/a\\ b/");
}

TEST_F(InteractiveTest, TabCompletesVariablesAndOptions) {
  type("long_name=1\r");
  EXPECT_EQ(type("echo $long\t"), "echo $long_name ");
  type("\x15");
  EXPECT_EQ(type("sort -\t"), "sort -\a");
  EXPECT_THAT(
      type("\t"),
      HasSubstr("--help  -C      -b      -c      -d      -f      -h      -i      -k      -m"));
  EXPECT_EQ(type("-\t"), "-help ");
}

TEST_F(InteractiveTest, TabCompletesBehindWordsOfTheLanguage) {
  EXPECT_EQ(type("time unal\t"), "time unalias ");
  type("\x15");
  EXPECT_EQ(type("if x=1 sna\t"), "if x=1 snake ");
  type("\x15");
  EXPECT_EQ(type("! time -p cat hel\t"), "! time -p cat hello.txt ");
  type("\x15");
  EXPECT_EQ(type("time unalias --h\t"), "time unalias --help ");
  type("\x15");
  EXPECT_EQ(type("time --h\t"), "time --help ");
  type("\x15");
  EXPECT_EQ(type("case unal\t"), "case unal\a") << "a word of it, no command";
}

TEST_F(InteractiveTest, TwoTabsListWhatThereIs) {
  EXPECT_EQ(type("cat docs/\t"), "cat docs/\a");
  std::string const listed = type("\t");
  EXPECT_THAT(listed, HasSubstr("docs/a.txt"));
  EXPECT_THAT(listed, HasSubstr("docs/b"));
  EXPECT_THAT(listed, EndsWith(prompt() + "cat docs/"));
}

TEST_F(InteractiveTest, ControlCEndsWhatIsDeep) {
  type("f() { if [ $1 = 0 ]; then cat; else f $(($1 - 1)); fi; }\r");
  EXPECT_EQ(type("f 990\r"), "f 990\r\n");
  EXPECT_EQ(type("\x03"), "^C\r\n" + prompt());
  EXPECT_EQ(type("echo $?\r"), "echo $?\r\n130\r\n" + prompt());
}

TEST_F(InteractiveTest, ControlRSearchesBackwards) {
  type("echo one\recho two\rpwd\r");
  EXPECT_THAT(type("\x12"
                   "ec"),
              EndsWith("echo two"));
  EXPECT_THAT(serial_.written, HasSubstr("search ec: "));
  EXPECT_THAT(type("\x12"), EndsWith("echo one"));
  EXPECT_EQ(type("\x12"), "\a") << "there is no older one";
  EXPECT_THAT(type("\r"), EndsWith("echo one\r\none\r\n" + prompt()));
  EXPECT_THAT(type("\x12two\x7f\x7f\x7fpw\x03"), EndsWith("^C\r\n" + prompt()));
  EXPECT_THAT(type("history 2\r"), EndsWith("    4  echo one\r\n    5  history 2\r\n" + prompt()));
}

TEST_F(InteractiveTest, ExitAndEndOfInput) {
  type("exit 3\r");
  EXPECT_TRUE(handle_.is_finished());
}

TEST_F(InteractiveTest, EndOfInputEndsTheShell) {
  type("abc\x04");
  EXPECT_FALSE(handle_.is_finished());
  EXPECT_EQ(type("\x15\x04"), "\x1b[3D\x1b[J\r\n");
  EXPECT_TRUE(handle_.is_finished());
}

TEST_F(InteractiveTest, SurvivesLackOfMemory) {
  nacre::test::fail_each_allocation([&] {
    for (char const key : std::string_view("\x15"
                                           "cd docs; cat a.txt | cat; ls &\r"))
      tty_.receive_serial(static_cast<u8>(key));
    run();
  });
  type("\r\r");
  EXPECT_EQ(type("echo well\r"), "echo well\r\nwell\r\n" + prompt("/docs"));
}

}  // namespace
}  // namespace nacre::shell
