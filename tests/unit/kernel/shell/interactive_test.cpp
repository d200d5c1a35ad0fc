#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "kernel/shell/shell.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/unit/kernel/console/fakes.hpp"
#include "tests/unit/kernel/shell/fakes.hpp"

namespace nacre::shell {
namespace {

using test::Machine;
using testing::EndsWith;
using testing::HasSubstr;

/// A person at a serial terminal.
class InteractiveTest : public testing::Test {
 protected:
  InteractiveTest() { run(); }
  void run() { machine_.executor.run_until_idle(); }
  /// What appears after `keys` were typed.
  std::string type(std::string_view keys) {
    serial_.written.clear();
    for (char const key : keys) {
      port_.arrive({&key, 1});
      run();
    }
    return serial_.written;
  }
  static std::string prompt(std::string const& path = "/") {
    return "\x1b[1;36mnacre:" + path + "$\x1b[0m ";
  }

  Machine machine_;
  console::test::FakeSerial serial_;
  console::test::FakePort port_{machine_.executor};
  console::Tty tty_{nullptr, &serial_};
  TtyStream stream_{tty_};
  base::Box<Shell> shell_ =
      *Shell::create(machine_.services(&tty_), {&stream_, &stream_, &stream_});
  exec::JoinHandle<void> pump_ =
      *machine_.executor.spawn("pump", console::pump_serial(tty_, port_));
  exec::JoinHandle<int> handle_ = *machine_.executor.spawn("shell", shell_->run());
};

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

TEST_F(InteractiveTest, ProgramsReadLinesFromTheTerminal) {
  type("read\r");
  EXPECT_EQ(type("ab\x7f"
                 "c\r"),
            "ab\b \bc\r\n" + prompt());
  EXPECT_EQ(machine_.system.read, "ac\n");
  type("cat\r");
  EXPECT_EQ(type("x\r"), "x\r\nx\r\n");
  EXPECT_EQ(type("\x04"), prompt());
}

TEST_F(InteractiveTest, WhatIsTypedAheadIsForTheNextReader) {
  port_.arrive("read\rinput\recho after\r");
  run();
  EXPECT_EQ(machine_.system.read, "input\n");
  EXPECT_THAT(serial_.written, EndsWith("echo after\r\nafter\r\n" + prompt()));
}

TEST_F(InteractiveTest, BackgroundJobsAreTold) {
  EXPECT_EQ(type("snake a b c &\r"), "snake a b c &\r\n[1]\r\n" + prompt());
  EXPECT_EQ(type("\r"), "\r\n[1] done, status 3\r\n" + prompt());
  type("loop &\r");
  type("\x03");
  EXPECT_EQ(machine_.system.running, 1) << "Ctrl-C is not for the background";
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
                                           "cd docs; cat a.txt; ls\r"))
      tty_.receive_serial(static_cast<u8>(key));
    run();
  });
  type("\r\r");
  EXPECT_EQ(type("echo well\r"), "echo well\r\nwell\r\n" + prompt("/docs"));
}

}  // namespace
}  // namespace nacre::shell
