// The pager at a terminal: what is on its screen, and what is there once it has ended.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

#include "lib/text/terminal.hpp"
#include "lib/text/theme.hpp"
#include "tests/unit/kernel/shell/at_terminal.hpp"
#include "tests/unit/lib/text/row_text.hpp"

namespace nacre::shell {
namespace {

using nacre::test::row_text;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class LessTest : public test::AtTerminal {
 protected:
  LessTest() {
    tty_.set_serial_size({40, 5});
    seen_.write(serial_.written);
  }
  void press(std::string_view keys) { seen_.write(type(keys)); }
  std::vector<std::string> rows() const {
    std::vector<std::string> shown;
    for (u16 row = 0; row < seen_.rows(); ++row) shown.push_back(row_text(seen_, row));
    return shown;
  }
  std::string words() const { return row_text(seen_, 4); }

  text::Terminal seen_ = *text::Terminal::create(40, 5);
};

TEST_F(LessTest, ShowsWhatComesOutOfAPipe) {
  press("echo before\r");
  press("seq 100 | less\r");
  EXPECT_THAT(rows(), ElementsAre("1", "2", "3", "4", " standard input  1-4"));
  press(" ");
  EXPECT_THAT(rows(), ElementsAre("5", "6", "7", "8", " standard input  5-8"));
  press("/99\r");
  EXPECT_THAT(rows(), ElementsAre("97", "98", "99", "100", " standard input  97-100 of 100  end"));
  press("q");
  EXPECT_THAT(rows(), testing::Contains("before")) << "what stood there is there again";
  EXPECT_THAT(rows(), Not(testing::Contains("99")));
  press("echo $?\r");
  EXPECT_THAT(rows(), testing::Contains("0"));
}

TEST_F(LessTest, ShowsFilesOneAfterAnother) {
  press("cd /tmp; seq 9 >a; seq 11 19 >b; less a none b\r");
  EXPECT_THAT(rows(), ElementsAre("1", "2", "3", "4", " a  1-4"));
  press(":p");
  EXPECT_THAT(words(), HasSubstr("first file"));
  press(":n");
  EXPECT_EQ(rows()[0], "11");
  press(":n");
  EXPECT_THAT(words(), HasSubstr("last file"));
  press(":p");
  EXPECT_EQ(rows()[0], "1") << "there is nothing between them";
  press("q");
  EXPECT_THAT(rows(), testing::Contains("less: none: no such file or directory"));
  press("echo $?\r");
  EXPECT_THAT(rows(), testing::Contains("1"));
}

TEST_F(LessTest, LeavesWhatFits) {
  EXPECT_THAT(type("seq 3 | less -F\r"), HasSubstr("\r\n1\r\n2\r\n3\r\n"));
  EXPECT_THAT(type("cd /tmp; seq 2 >a; less -F a a\r"), HasSubstr("\r\n1\r\n2\r\n1\r\n2\r\n"));
  press("seq 9 | less -F\r");
  EXPECT_EQ(rows()[3], "4");
  press("q");
}

TEST_F(LessTest, HasOptions) {
  press("cd /tmp; printf 'one\\n%060d\\nTwo\\n' 7 >a; less -iNS -p two a\r");
  EXPECT_THAT(rows()[0], HasSubstr("1 one"));
  EXPECT_THAT(rows()[2], HasSubstr("3 Two"));
  EXPECT_THAT(rows()[1], testing::EndsWith("0>"));
  press("q");
}

TEST_F(LessTest, IsATextBetweenPipes) {
  press("cd /tmp; seq 3 | less | cat >a; less a none a >b; echo $?; wc -l <b\r");
  EXPECT_THAT(rows(), testing::Contains("1"));
  EXPECT_THAT(rows(), testing::Contains("6"));
}

TEST_F(LessTest, WithoutATextThereIsNothingToShow) {
  EXPECT_THAT(type("less; echo $?\r"), HasSubstr("less: a FILE is wanted, or a pipe into it\r\n2"));
  EXPECT_THAT(type("less / -; echo $?\r"), HasSubstr("or a pipe into it\r\n2"));
  EXPECT_THAT(type("less /; echo $?\r"), HasSubstr("less: /: is a directory"));
  EXPECT_THAT(type("less -x; echo $?\r"), HasSubstr("less: -x: "));
}

TEST_F(LessTest, ATextWithoutEndIsReadAsFarAsItIsSeen) {
  press("yes | less\r");
  EXPECT_THAT(rows(), ElementsAre("y", "y", "y", "y", " standard input  1-4"));
  press("q");
  press("echo $?\r");
  EXPECT_THAT(rows(), testing::Contains("0"));
}

TEST_F(LessTest, KeysThatComeTogetherAllCount) {
  press("seq 100 | less\r");
  serial_.meanwhile = [&] { port_.arrive("jjj/9\r"); };
  press(" ");
  EXPECT_EQ(rows()[0], "9") << "the first 9 behind row 8";
  serial_.meanwhile = [&] { port_.arrive(std::string(200, 'j') + "kk"); };
  press("g");
  EXPECT_EQ(rows()[0], "95") << "two rows before the last page";
}

TEST_F(LessTest, AKeyThatComesWhileItDrawsCounts) {
  press("seq 100 | less\r");
  serial_.meanwhile = [&] { port_.arrive("q"); };
  press(" ");
  EXPECT_THAT(rows(), Not(testing::Contains("5")));
}

TEST_F(LessTest, IsStoppedAndGoesOn) {
  press("echo before\r");
  press("seq 100 | less\r");
  press(" \x1a");
  EXPECT_THAT(rows(), testing::Contains(HasSubstr("Stopped")));
  EXPECT_THAT(type("echo lines\r"), HasSubstr("\r\nlines\r\n"));
  press("fg\r");
  EXPECT_THAT(rows(), ElementsAre("5", "6", "7", "8", " standard input  5-8"));
  press("q");
  EXPECT_THAT(type("jobs; echo $?\r"), Not(HasSubstr("Stopped")));
}

TEST_F(LessTest, AKeyThatIsTypedAheadKeepsItFromNothing) {
  press("{ sleep 1; seq 2; } | less -F\rx");
  EXPECT_THAT(rows(), testing::Contains("2"));
}

TEST_F(LessTest, KeysCountWhileItWaitsForText) {
  press("{ seq 6; loop; } | less\r");
  EXPECT_EQ(rows()[0], "1");
  press("G");
  EXPECT_THAT(words(), HasSubstr("Reading; Ctrl-C stops"));
  press("\x03");
  EXPECT_THAT(words(), HasSubstr("Stopped"));
  press("  ");
  EXPECT_EQ(rows()[0], "3");
  EXPECT_THAT(words(), HasSubstr("Reading"));
  press("q");
}

}  // namespace
}  // namespace nacre::shell
