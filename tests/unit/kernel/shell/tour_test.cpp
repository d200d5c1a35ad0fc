#include <fstream>
#include <gmock/gmock.h>
#include <sstream>

#include "kernel/fs/tmp_file_system.hpp"
#include "tests/unit/kernel/shell/scripted.hpp"

namespace nacre::shell {
namespace {

using test::Outcome;
using testing::HasSubstr;
using testing::Not;

/// The tour of `help tour`, as the ramdisk has it.
class TourTest : public test::Scripted {
 protected:
  TourTest() {
    std::ifstream const file(NACRE_SOURCE_DIR "/apps/ramdisk/share/tour.sh");
    std::stringstream text;
    text << file.rdbuf();
    machine_.in.input = text.str();
    for (std::string_view const path : {"/share", "/proc"})
      EXPECT_TRUE(machine_.files->mount(path, *fs::TmpFileSystem::create({})));
    EXPECT_EQ(output("cat > /share/tour.sh; echo 1 > /proc/meminfo"), "");
  }
  Outcome take(std::string_view typed) {
    machine_.in.input = typed;
    return run("help tour");
  }
};

TEST_F(TourTest, IsFinishedByDoingWhatItSays) {
  Outcome const tour = take(
      "ls /\n"
      "ls --help\n"
      "mkdir -p /tmp/tour && cd /tmp/tour\n"
      "echo pearl > shell\n"
      "ls /bin | sort -r | head -n 3\n"
      "hello you | wc\n"
      "trace hello\n"
      "for n in 1 2 3; do echo $((n * n)); done\n"
      "cat /proc/meminfo\n");
  EXPECT_EQ(tour.status, 0);
  EXPECT_THAT(tour.out, HasSubstr("[9/9]"));
  EXPECT_THAT(tour.out, HasSubstr("1\n4\n9\n"));
  EXPECT_THAT(tour.out, HasSubstr("That was the tour."));
  EXPECT_THAT(tour.out, Not(HasSubstr("Not yet")));
  EXPECT_EQ(output("pwd; ls /tmp"), "/\n") << "it leaves nothing behind";
}

TEST_F(TourTest, SaysWhatIsWantedUntilItIsDone) {
  Outcome const tour = take("pwd\nls /\n\nno-such-command\nskip\nskip\nquit\n");
  EXPECT_EQ(tour.status, 0);
  EXPECT_THAT(tour.out, HasSubstr("Not yet: the line is \"ls /\".\n"));
  EXPECT_THAT(tour.out, HasSubstr("Not yet: any command with --help behind it will do.\n"));
  EXPECT_THAT(tour.out, HasSubstr("[4/9]"));
  EXPECT_THAT(tour.out, HasSubstr("The tour ends here; `help tour` begins it again.\n"));
  EXPECT_THAT(tour.err, HasSubstr("no-such-command: command not found\n"));
}

TEST_F(TourTest, EndsWithItsInput) {
  Outcome const tour = take("ls /\n");
  EXPECT_EQ(tour.status, 0);
  EXPECT_THAT(tour.out, HasSubstr("[2/9]"));
}

}  // namespace
}  // namespace nacre::shell
