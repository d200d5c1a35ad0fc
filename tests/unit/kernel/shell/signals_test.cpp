#include "kernel/shell/signals.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "tests/unit/kernel/shell/at_terminal.hpp"
#include "tests/unit/kernel/shell/scripted.hpp"

namespace nacre::shell {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

class SignalsTest : public test::AtTerminal {};
class ScriptedSignalsTest : public test::Scripted {};

TEST(SignalTableTest, ByNameAndNumber) {
  EXPECT_EQ(find_signal("TERM")->number, 15);
  EXPECT_EQ(find_signal("SIGINT"), find_signal(2));
  EXPECT_EQ(find_signal("9")->name, "KILL");
  for (std::string_view const text : {"", "SIG", "term", "0", "99999999999", "-1"})
    EXPECT_EQ(find_signal(text), nullptr) << text;
}

TEST_F(SignalsTest, ControlCRunsATrapAndEndsWhatRuns) {
  type("trap 'echo caught' INT\r");
  type("loop; echo then\r");
  EXPECT_EQ(machine_.system.running, 1);
  EXPECT_THAT(type("\x03"), EndsWith("caught\r\n" + prompt()));
  EXPECT_EQ(machine_.system.running, 0);
  EXPECT_THAT(type("trap\r"), HasSubstr("trap -- 'echo caught' INT"));
  type("loop | cat\r");
  EXPECT_THAT(type("\x03"), HasSubstr("caught\r\n"));
  type("(loop; echo never)\r");
  EXPECT_THAT(type("\x03"), HasSubstr("caught\r\n"));
}

TEST_F(SignalsTest, ControlCInAScriptIsForItsTrap) {
  type("cd /tmp; echo 'trap \"echo caught\" INT; loop; echo goes on' >s\r");
  type("sh s\r");
  EXPECT_EQ(machine_.system.running, 1);
  EXPECT_THAT(type("\x03"), HasSubstr("caught\r\ngoes on\r\n"));
  type("sh -c 'loop; echo never'\r");
  EXPECT_THAT(type("\x03"), Not(HasSubstr("never\r\n")));
}

TEST_F(SignalsTest, ControlCThatIsIgnored) {
  type("trap '' INT; loop\r");
  type("\x03");
  EXPECT_EQ(machine_.system.running, 1);
}

TEST_F(SignalsTest, APersonSurvivesSignals) {
  EXPECT_THAT(type("kill $$; echo alive\r"), HasSubstr("\r\nalive\r\n"));
  EXPECT_THAT(type("kill -INT $$; echo never\r"), Not(HasSubstr("\r\nnever")));
  EXPECT_THAT(type("kill -KILL $$\r"), Not(HasSubstr("$\x1b[0m ")));
}

TEST_F(SignalsTest, ACommandIsRunOnceMore) {
  type("echo one two\r");
  EXPECT_THAT(type("fc -s\r"), HasSubstr("\r\necho one two\r\none two\r\n"));
  EXPECT_THAT(type("fc -s one=1 echo\r"), HasSubstr("\r\n1 two\r\n"));
  EXPECT_THAT(type("fc -ln 1 2\r"), HasSubstr("\r\n\techo one two\r\n\techo 1 two\r\n"));
  EXPECT_THAT(type("fc -lr 1 2\r"), HasSubstr("\r\n2\techo 1 two\r\n1\techo one two\r\n"));
  EXPECT_THAT(type("fc\r"), HasSubstr("fc: no editor is named"));
  EXPECT_THAT(type("fc -l nothing\r"), HasSubstr("fc: nothing: no such line"));
  EXPECT_THAT(type("e() { echo echo edited >$1; }; fc -e e 1\r"),
              HasSubstr("\r\necho edited\r\nedited\r\n"));
}

TEST_F(SignalsTest, WhatIsRunOnceMoreTakesThePlaceOfTheCall) {
  type("echo a\r");
  type("fc -s\r");
  EXPECT_THAT(type("fc -s fc\r"), HasSubstr("fc: fc: no such line"));
  EXPECT_EQ(type("history\r"),
            "history\r\n    1  echo a\r\n    2  fc -s fc\r\n    3  history\r\n" + prompt());
}

TEST_F(SignalsTest, AnEditorLeavesNoFile) {
  type("echo a\r");
  EXPECT_THAT(type("fc -e false\r"), HasSubstr(prompt()));
  EXPECT_THAT(type("fc -e rm\r"), HasSubstr(": no such file or directory"));
  EXPECT_EQ(type("ls -A /tmp\r"), "ls -A /tmp\r\n" + prompt());
}

TEST_F(ScriptedSignalsTest, WhatRunsInTheBackgroundHasANumber) {
  run("loop x &");
  std::string const listed = output("ps");
  EXPECT_THAT(listed, HasSubstr("  shell        0.000           -  nacre\n"));
  EXPECT_THAT(listed, HasSubstr("  loop x\n"));
  EXPECT_EQ(output("kill -0 $! $$ && kill $!; wait $!; echo $?"), "143\n");
  EXPECT_THAT(output("ps"), Not(HasSubstr("loop x")));
  expect_failure("fc -l", 1, "fc: nobody enters lines here\n");
}

TEST_F(ScriptedSignalsTest, LinesAreCounted) {
  EXPECT_EQ(output("echo $LINENO\n\necho $LINENO; eval 'echo $LINENO'\nf() {\necho $LINENO\n}\nf"),
            "1\n3\n1\n2\n");
  EXPECT_EQ(output("printf 'echo $LINENO\\n\\necho $LINENO\\n' | sh"), "1\n3\n");
}

}  // namespace
}  // namespace nacre::shell
