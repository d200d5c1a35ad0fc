#include "lib/shell/highlight.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace nacre::shell {
namespace {

/// A letter for each byte.
std::string tokens_of(std::string_view line) {
  std::vector<Token> tokens(line.size());
  auto const is_command = [](std::string_view name) { return name == "echo" || name == "cat"; };
  highlight(line, is_command, tokens);
  std::string letters;
  for (Token const token : tokens) letters += ".crq$o#"[static_cast<int>(token)];
  return letters;
}

TEST(HighlightTest, FindsWhatThePiecesAre) {
  EXPECT_EQ(tokens_of("echo echo no"), "cccc........");
  EXPECT_EQ(tokens_of("no; cat|echo"), "..o.cccocccc");
  EXPECT_EQ(tokens_of("x=1 echo 'a' \"b $c\" # d"), "....cccc.qqq.qqq$$q.###");
  EXPECT_EQ(tokens_of("if echo; then cat; fi"), "rr.cccco.rrrr.ccco.rr");
  EXPECT_EQ(tokens_of("for echo in echo"), "rrr.............");
  EXPECT_EQ(tokens_of("echo >cat ${x} $(cat)"), "cccc.o....$$$$.$occco");
  EXPECT_EQ(tokens_of("'echo' \\cat"), "qqqqqq.....");
  EXPECT_EQ(tokens_of("time cat; time -p cat -p cat"), "rrrr.ccco.rrrr....ccc.......");
  EXPECT_EQ(tokens_of("time -x cat; -p cat"), "rrrr.......o.......");
}

TEST(HighlightTest, LinesThatAreNotFinished) {
  for (std::string_view const line : {"", "'", "\"", "\"$", "$", "${", "a\\", "\"\\", "$(", "#"})
    EXPECT_EQ(tokens_of(line).size(), line.size());
}

}  // namespace
}  // namespace nacre::shell
