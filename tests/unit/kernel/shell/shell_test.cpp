#include "kernel/shell/shell.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>
#include <sstream>
#include <string>

#include "kernel/fs/tmp_file_system.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/unit/kernel/shell/scripted.hpp"

namespace nacre::shell {
namespace {

using test::Machine;
using test::Outcome;
using testing::ElementsAre;
using testing::HasSubstr;

class ShellTest : public test::Scripted {};

TEST_F(ShellTest, Lists) {
  EXPECT_EQ(output("echo a; echo b"), "a\nb\n");
  EXPECT_EQ(output("true && echo yes || echo no"), "yes\n");
  EXPECT_EQ(output("false && echo yes || echo no"), "no\n");
  EXPECT_EQ(output("false || echo $?"), "1\n");
  EXPECT_EQ(output("false; echo $? $?; echo $?"), "1 1\n0\n");
  EXPECT_EQ(output("echo 'a  b' \"$?\" c\\ d # comment"), "a  b 0 c d\n");
  EXPECT_EQ(output("# nothing"), "");
  EXPECT_EQ(run("false").status, 1);
  EXPECT_EQ(output("echo $?"), "1\n") << "the status lasts from line to line";
  EXPECT_EQ(run("false\ntrue\nfalse\n").status, 1);
}

TEST_F(ShellTest, SyntaxErrorsSayWhere) {
  expect_failure("echo 'a", 2, "nacre: column 6: this quote is not closed\n");
  expect_failure("echo ä &&", 2, "nacre: column 10: a command is missing here\n");
  expect_failure("echo a\necho b | )", 2, "nacre: line 2, column 10: this cannot stand here\n");
  expect_failure("if true\nthen echo", 2, "nacre: line 2, column 10: \"fi\" is missing here\n");
  EXPECT_EQ(run("echo a; echo '").out, "") << "nothing runs of a line that is wrong";
  EXPECT_EQ(output("echo $?"), "2\n");
}

TEST_F(ShellTest, UnknownCommands) {
  expect_failure("foo", 127, "nacre: foo: command not found\n");
  expect_failure("''", 127, "nacre: : command not found\n");
  expect_failure("'a\x1b[31m'", 127, "nacre: a?[31m: command not found\n");
  expect_failure("./foo", 127, "nacre: ./foo: no such file or directory\n");
  expect_failure("/docs", 126, "nacre: /docs: is a directory\n");
  expect_failure("bin", 127, "nacre: bin: command not found\n");
}

TEST_F(ShellTest, RunsPrograms) {
  EXPECT_EQ(run("snake a 'b c'").status, 2);
  EXPECT_EQ(run("plain").status, 0);
  EXPECT_EQ(run("cd docs; /bin/snake.wasm x").status, 1);
  EXPECT_EQ(run("../bin/snake.wasm").status, 0);
  EXPECT_EQ(run("run ../bin/snake.wasm 1 2 3").status, 3);
  ASSERT_EQ(machine_.system.runs.size(), 5u);
  EXPECT_EQ(machine_.system.runs[0].path, "/bin/snake.wasm");
  EXPECT_THAT(machine_.system.runs[0].arguments, ElementsAre("snake", "a", "b c"));
  EXPECT_EQ(machine_.system.runs[0].directory, "/");
  EXPECT_EQ(machine_.system.runs[1].path, "/bin/plain");
  EXPECT_EQ(machine_.system.runs[2].path, "/bin/snake.wasm");
  EXPECT_EQ(machine_.system.runs[2].directory, "/docs");
  EXPECT_EQ(machine_.system.runs[3].path, "../bin/snake.wasm");
  EXPECT_THAT(machine_.system.runs[4].arguments, ElementsAre("../bin/snake.wasm", "1", "2", "3"));
  expect_failure("bad", 126, "nacre: /bin/bad.wasm: not a WebAssembly module\n");
  expect_failure("run", 2, "run: a file is missing; see run --help\n");
  expect_failure("run nowhere", 127, "nacre: nowhere: no such file or directory\n");
}

TEST_F(ShellTest, ProgramsHaveTheShellsStreams) {
  machine_.in.input = "typed";
  EXPECT_EQ(run("take").status, 0);
  EXPECT_EQ(machine_.system.read, "typed");
}

TEST_F(ShellTest, BackgroundJobs) {
  EXPECT_EQ(output("loop & echo on"), "on\n");
  EXPECT_EQ(machine_.system.running, 1);
  EXPECT_TRUE(machine_.system.runs[0].background);
  EXPECT_EQ(output("cd docs & pwd"), "/\n") << "a job has a directory of its own";
  machine_.in.input = "typed";
  EXPECT_EQ(output("take &"), "");
  EXPECT_EQ(machine_.system.read, "") << "and no input";
  shell_.reset();
  EXPECT_EQ(machine_.system.running, 0) << "jobs end with their shell";
}

TEST_F(ShellTest, Pipelines) {
  EXPECT_EQ(output("echo hello | cat"), "hello\n");
  EXPECT_EQ(output("cat docs/b | cat | cat | cat"), std::string(1000, 'b'));
  EXPECT_EQ(output("echo -n abc | take && echo took"), "took\n");
  EXPECT_EQ(machine_.system.read, "abc");
  EXPECT_EQ(run("false | true").status, 0) << "that of the last";
  EXPECT_EQ(run("true | snake a b c").status, 3);
  EXPECT_EQ(run("! true").status, 1);
  EXPECT_EQ(run("! true | false").status, 0);
  EXPECT_EQ(output("cd docs | true; pwd"), "/\n") << "each is on its own";
  EXPECT_EQ(output("exit 3 | true; echo on"), "on\n");
  Outcome const outcome = run("nothing | cat hello.txt");
  EXPECT_EQ(outcome.out, "hello world\n");
  EXPECT_EQ(outcome.err, "nacre: nothing: command not found\n");
}

TEST_F(ShellTest, WhoWritesWhatNobodyReadsIsSilent) {
  auto const large =
      machine_.temporary->create(machine_.temporary->root(), "large", fs::NodeType::File);
  ASSERT_TRUE(large && machine_.temporary->resize(*large, 1'000'000));
  Outcome const outcome = run("cat /tmp/large | true");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "");
  machine_.out.failure = fs::ErrorKind::Closed;
  expect_failure("echo a", 141, "");
}

TEST_F(ShellTest, Redirections) {
  EXPECT_EQ(output("echo one >/tmp/a; echo two >> /tmp/a; cat < /tmp/a"), "one\ntwo\n");
  EXPECT_EQ(output("echo three > /tmp/a; cat /tmp/a"), "three\n") << "it was emptied";
  EXPECT_EQ(output("cat < hello.txt > /tmp/b | cat"), "");
  EXPECT_EQ(machine_.contents("b"), "hello world\n");
  EXPECT_EQ(output("> /tmp/c"), "");
  EXPECT_EQ(machine_.contents("c"), "");
  EXPECT_EQ(output("nothing 2>/tmp/d || cat /tmp/d"), "nacre: nothing: command not found\n");
  EXPECT_EQ(output("ls nowhere hello.txt >/tmp/e 2>&1 || cat /tmp/e"),
            "ls: nowhere: no such file or directory\nhello.txt\n");
  EXPECT_EQ(output("ls nowhere 2>&1 >/tmp/f | cat"), "ls: nowhere: no such file or directory\n");
  EXPECT_EQ(machine_.contents("f"), "");
  EXPECT_EQ(output("cd tmp; echo x >'a b'; cd"), "");
  EXPECT_EQ(machine_.contents("a b"), "x\n");
  EXPECT_EQ(run("echo to err >&2").err, "to err\n");
  EXPECT_EQ(run("take </tmp/a").status, 0);
  EXPECT_EQ(machine_.system.read, "three\n");
}

TEST_F(ShellTest, RedirectionsThatFailKeepTheCommandFromRunning) {
  expect_failure("snake <nowhere", 1, "nacre: nowhere: no such file or directory\n");
  expect_failure("snake >docs", 1, "nacre: docs: is a directory\n");
  expect_failure("snake >hello.txt", 1, "nacre: hello.txt: read-only file system\n");
  expect_failure("snake >/tmp/first <hello.txt/x", 1, "nacre: hello.txt: not a directory\n");
  EXPECT_TRUE(machine_.system.runs.empty());
  EXPECT_EQ(machine_.contents("first"), "");
}

TEST_F(ShellTest, Time) {
  Outcome const outcome = run("time snake a b | snake 1 2 3");
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(outcome.err, "real 0.000 s\nuser 0.000 s\n");
}

TEST_F(ShellTest, TimeByItsOptions) {
  std::string const portable = "real 0.00\nuser 0.00\nsys 0.00\n";
  for (std::string const words : {"time -p", "time -p --", "command time -p", "\\time -p --"}) {
    Outcome const outcome = run(words + " snake 1 2 3");
    EXPECT_EQ(outcome.status, 3) << words;
    EXPECT_EQ(outcome.err, portable) << words;
  }
  EXPECT_EQ(run("time -p { snake 1 2; snake 1 | snake; }").err, portable);
  EXPECT_EQ(run("command time snake").err, "real 0.000 s\nuser 0.000 s\n");
  EXPECT_EQ(run("f() { return 7; }; command time f").status, 7);
  EXPECT_THAT(output("time --help"), HasSubstr("time [-p] COMMAND"));
  EXPECT_EQ(output("help time"), output("time --help"));
  EXPECT_EQ(output("type time"), "time is a shell keyword\n");
  expect_failure("\\time", 2, "time: a command is missing; see time --help\n");
  EXPECT_EQ(run("time -x snake").status, 2);
}

TEST_F(ShellTest, Ulimit) {
  EXPECT_EQ(output("ulimit"),
            "memory      1048576K\ncpu         28800\ndescriptors 1024\n"
            "space       1048576K\ndepth       16384\nfuel        unlimited\n");
  EXPECT_EQ(output("ulimit memory 64M; ulimit memory; ulimit cpu 5 | true; ulimit cpu"),
            "65536K\n28800\n");
  run("snake");
  EXPECT_EQ(machine_.system.limits.memory, 64u << 20);
  std::string const wrong = "ulimit: no such limit, or no value of it; see ulimit --help\n";
  for (std::string const words : {"size", "memory much", "memory 1 2", "-x"})
    expect_failure("ulimit " + words, 2, wrong);
}

TEST_F(ShellTest, Trace) {
  EXPECT_EQ(run("trace snake a b").status, 2);
  EXPECT_TRUE(machine_.system.traced);
  run("snake");
  EXPECT_FALSE(machine_.system.traced);
  expect_failure("trace", 2, "trace: a program is missing; see trace --help\n");
  expect_failure("trace foo", 127, "nacre: foo: command not found\n");
}

TEST_F(ShellTest, Kill) {
  auto const process = *process::Process::create(
      machine_.processes, {},
      {.name = "prog", .arguments = {}, .environment = {}, .streams = {}, .limits = {}});
  EXPECT_EQ(output("kill -STOP 2"), "");
  EXPECT_TRUE(process->control().is_stopped());
  EXPECT_EQ(output("kill -s CONT 2"), "");
  EXPECT_FALSE(process->control().is_stopped());
  EXPECT_EQ(output("kill -20 2; kill -SIGCONT 2; kill 2"), "");
  EXPECT_EQ(process->ended_with()->code, 143);
  EXPECT_THAT(output("kill -l"), HasSubstr("15 TERM\n"));
  expect_failure("kill", 2, "kill: a process or a job is missing; see kill --help\n");
  expect_failure("kill -x 1", 2, "kill: x: no such signal; see kill --help\n");
  expect_failure("kill 99999999999999 x", 1,
                 "kill: 99999999999999: no such process or job\nkill: x: no such process or job\n");
}

TEST_F(ShellTest, WithoutATerminalThereIsNoJobControl) {
  run("loop &");
  EXPECT_EQ(output("jobs"), "[1] + Running    loop\n");
  expect_failure("fg", 1, "fg: there is no terminal to control jobs from\n");
  EXPECT_EQ(output("kill %1; jobs"), "[1] + Done(143)  loop\n");
}

TEST_F(ShellTest, Exit) {
  EXPECT_EQ(run("false; exit; echo no").status, 1);
  EXPECT_EQ(shell_->exit_status(), 1);
  EXPECT_EQ(machine_.out.output, "");
  EXPECT_EQ(run("exit 42").status, 42);
  EXPECT_EQ(shell_->exit_status(), 42);
  expect_failure("exit 256", 2, "exit: 256: not a number from 0 to 255\n");
  expect_failure("exit -1", 2, "exit: -1: not a number from 0 to 255\n");
  expect_failure("exit 1 2", 2, "exit: too many arguments\n");
}

TEST_F(ShellTest, AFailingOutputIsAnError) {
  machine_.out.failure = fs::ErrorKind::NoSpace;
  expect_failure("echo a", 1, "echo: no space left\n");
  expect_failure("ls", 1, "ls: no space left\n");
}

TEST_F(ShellTest, EveryBuiltinHasHelp) {
  std::string const all = output("help -a");
  for (const Builtin& builtin : builtins()) {
    std::string const name(builtin.name);
    std::string const help = output(name + " --help");
    EXPECT_THAT(help, testing::StartsWith("usage: " + name + " "));
    EXPECT_THAT(help, HasSubstr(std::string(builtin.summary)));
    EXPECT_EQ(output("help " + name), help);
    EXPECT_THAT("\n" + all, HasSubstr("\n" + name + " "));
  }
  expect_failure("help foo", 1, "help: foo: no such command\n");
  expect_failure("help -x", 2, "help: -x: no such option; see help --help\n");
}

TEST_F(ShellTest, HelpNamesEveryBuiltinOnce) {
  std::string const all = output("help");
  std::istringstream lines(all.substr(0, all.find("\n\n")));
  std::multiset<std::string> names;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 80u) << line;
    if (line.starts_with("Games ")) continue;
    std::istringstream words(line.substr(10));
    for (std::string word; words >> word;) names.insert(word);
  }
  std::multiset<std::string> wanted;
  for (const Builtin& builtin : builtins()) wanted.insert(std::string(builtin.name));
  EXPECT_EQ(names, wanted);
}

TEST_F(ShellTest, BadOptionsAreRefused) {
  for (std::string const name : {"cat", "cd", "df", "dmesg", "hexdump", "ls", "lspci", "mem",
                                 "mount", "poweroff", "ps", "reboot", "uptime"})
    expect_failure(name + " -x", 2, name + ": -x: no such option; see " + name + " --help\n");
  expect_failure("ls --all", 2, "ls: --all: no such option; see ls --help\n");
  for (std::string const name : {"df", "dmesg", "lspci", "mem", "mount", "ps", "reboot", "uptime"})
    expect_failure(name + " x", 2, name + ": too many arguments\n");
  EXPECT_EQ(machine_.system.reboots, 0);
}

TEST_F(ShellTest, Echo) {
  EXPECT_EQ(output("echo"), "\n");
  EXPECT_EQ(output("echo -n a b"), "a b");
  EXPECT_EQ(output("echo a -n"), "a -n\n");
}

TEST_F(ShellTest, Directories) {
  EXPECT_EQ(output("pwd"), "/\n");
  EXPECT_EQ(output("cd docs && pwd"), "/docs\n");
  EXPECT_EQ(output("cd ../bin/. && pwd"), "/bin\n");
  EXPECT_EQ(output("cd; pwd"), "/\n");
  EXPECT_EQ(output("cd link; pwd; pwd -P; cd ..; pwd"), "/link\n/docs\n/\n");
  EXPECT_EQ(output("cd -P link; pwd; cd /bin; cd -"), "/docs\n/docs\n");
  expect_failure("cd nowhere", 1, "cd: nowhere: no such file or directory\n");
  expect_failure("cd /hello.txt/x", 1, "cd: /hello.txt/x: not a directory\n");
  expect_failure("cd a b", 2, "cd: too many arguments\n");
  EXPECT_EQ(output("pwd"), "/docs\n") << "a failure changes nothing";
}

TEST_F(ShellTest, Ls) {
  EXPECT_EQ(output("ls"), "bin\nbroken\ndocs\nempty\nhello.txt\nlink\ntmp\n");
  EXPECT_EQ(output("ls docs"), "a.txt\nb\nbad??[31mname\n");
  EXPECT_EQ(output("ls -a docs"), ".\n..\n.hidden\na.txt\nb\nbad??[31mname\n");
  EXPECT_EQ(output("ls empty"), "");
  EXPECT_EQ(output("ls link"), output("ls docs"));
  EXPECT_EQ(output("ls hello.txt bin/plain"), "bin/plain\nhello.txt\n");
  EXPECT_EQ(output("ls empty hello.txt"), "hello.txt\n\nempty:\n");
  EXPECT_EQ(output("ls -- bin"),
            "bad.wasm\nloop.wasm\nplain\nsnake.wasm\ntake.wasm\nwait-and-say.wasm\n");
  EXPECT_EQ(output("ls -la hello.txt link"),
            "-rw-r--r-- 12 2023-11-14 22:13 hello.txt\n"
            "lrw-r--r--  4 2023-11-14 22:13 link -> docs\n");
  EXPECT_THAT(output("ls -l docs"), HasSubstr("-rw-r--r-- 1000 2023-11-14 22:13 b\n"));
  Outcome const outcome = run("ls nowhere bin/plain broken/x");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.out, "bin/plain\n");
  EXPECT_EQ(outcome.err,
            "ls: nowhere: no such file or directory\n"
            "ls: broken: no such file or directory\n");
  expect_failure("ls -lx", 2, "ls: -lx: no such option; see ls --help\n");
}

TEST_F(ShellTest, LsOnATerminalUsesItsWidthAndColors) {
  machine_.out.terminal = true;
  EXPECT_EQ(output("ls"),
            "\x1b[1;34mbin\x1b[0m        \x1b[36mbroken\x1b[0m     \x1b[1;34mdocs\x1b[0m       "
            "\x1b[1;34mempty\x1b[0m      hello.txt  \x1b[36mlink\x1b[0m       "
            "\x1b[1;34mtmp\x1b[0m\n");
  EXPECT_THAT(output("ls bin"), HasSubstr("\x1b[32msnake.wasm\x1b[0m"));
}

TEST_F(ShellTest, Cat) {
  EXPECT_EQ(output("cat hello.txt docs/a.txt"), "hello world\nA");
  EXPECT_EQ(output("cat docs/b"), std::string(1000, 'b'));
  machine_.in.input = "some input";
  EXPECT_EQ(output("cat"), "some input");
  machine_.in.input = "x";
  EXPECT_EQ(output("cat docs/a.txt - docs/a.txt"), "AxA");
  Outcome const outcome = run("cat nowhere docs hello.txt");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.out, "hello world\n");
  EXPECT_EQ(outcome.err,
            "cat: nowhere: no such file or directory\n"
            "cat: docs: is a directory\n");
}

TEST_F(ShellTest, Hexdump) {
  EXPECT_EQ(output("hexdump hello.txt"),
            "00000000  68 65 6c 6c 6f 20 77 6f  72 6c 64 0a              |hello world.|\n"
            "0000000c\n");
  std::string const row = "62 62 62 62 62 62 62 62  62 62 62 62 62 62 62 62  |bbbbbbbbbbbbbbbb|\n";
  EXPECT_EQ(output("hexdump -n 32 docs/b"), "00000000  " + row + "00000010  " + row + "00000020\n");
  EXPECT_EQ(output("hexdump -n0 docs/b"), "00000000\n");
  EXPECT_EQ(output("hexdump -s 16 -n 16 docs/b"), "00000010  " + row + "00000020\n");
  EXPECT_THAT(output("hexdump docs/b"), testing::EndsWith("000003e8\n"));
  machine_.in.input = std::string(600, 'b');
  EXPECT_THAT(output("hexdump"), HasSubstr("000001f0  " + row + "00000200  " + row));
  EXPECT_EQ(output("hexdump bin/plain"), "00000000\n");
  expect_failure("hexdump -n x hello.txt", 2, "hexdump: x: not a number\n");
  expect_failure("hexdump -n", 2, "hexdump: -n: a value is missing\n");
  expect_failure("hexdump docs", 1, "hexdump: docs: is a directory\n");
}

TEST_F(ShellTest, Mem) {
  EXPECT_EQ(output("mem"),
            "              total       used       free  KiB\n"
            "memory        65536      16384      49152\n"
            "heap           4096       1024       3072\n");
}

TEST_F(ShellTest, FileSystems) {
  fs::TmpFileSystem::Limits const limits{.bytes = 8 << 20, .nodes = 1000};
  ASSERT_TRUE(machine_.files->mount("/docs/tmp", std::move(*fs::TmpFileSystem::create({limits}))));
  EXPECT_EQ(output("mount"), "tar on / (ro)\ntmp on /tmp (rw)\ntmp on /docs/tmp (rw)\n");
  EXPECT_EQ(output("df"),
            "KIND         TOTAL       USED       FREE  KiB     NODES       FREE\n"
            "tar              0          0          0             0          0  /\n"
            "tmp           4096          0       4095           100         99  /tmp\n"
            "tmp           8192          0       8191          1000        999  /docs/tmp\n");
}

TEST_F(ShellTest, FileSystemsForPeople) {
  fs::TmpFileSystem::Limits const limits{.bytes = 8 << 20, .nodes = 1000};
  ASSERT_TRUE(machine_.files->mount("/docs/tmp", std::move(*fs::TmpFileSystem::create({limits}))));
  EXPECT_THAT(output("df -h"), HasSubstr("8.0M"));
}

TEST_F(ShellTest, GrepFindsLines) {
  ASSERT_EQ(run("echo -n 'one\ntwo\nthree\nOne more' > /tmp/a; echo tower > /tmp/b").status, 0);
  EXPECT_EQ(output("grep o /tmp/a"), "one\ntwo\nOne more\n") << "the last has no line feed";
  EXPECT_EQ(output("cat /tmp/a | grep -n t"), "2:two\n3:three\n");
  EXPECT_EQ(output("grep -i '^one$' /tmp/a"), "one\n");
  EXPECT_EQ(output("grep -v e /tmp/a"), "two\n");
  EXPECT_EQ(output("grep -E 'w|h' /tmp/a /tmp/b"), "/tmp/a:two\n/tmp/a:three\n/tmp/b:tower\n");
  EXPECT_EQ(output("grep -c e /tmp/a /tmp/b"), "/tmp/a:3\n/tmp/b:1\n");
  EXPECT_EQ(output("grep -l ow /tmp/a /tmp/b"), "/tmp/b\n");
  EXPECT_EQ(output("grep -F . /tmp/a || echo none"), "none\n");
  EXPECT_EQ(output("grep -x 'two' /tmp/a"), "two\n");
  EXPECT_EQ(output("grep -e -v /tmp/a || echo none"), "none\n");
  EXPECT_EQ(output("grep -q one /tmp/a && echo found"), "found\n");
  EXPECT_EQ(run("grep zero /tmp/a").status, 1);
  EXPECT_EQ(output("cat /tmp/a | grep o | grep -v n > /tmp/c; cat /tmp/c"), "two\n");
  expect_failure("grep", 2, "grep: a pattern is missing; see grep --help\n");
  expect_failure("grep 'a[' /tmp/a", 2, "grep: a[: at byte 2: a bracket is not closed\n");
  expect_failure("grep a /tmp/none", 2, "grep: /tmp/none: no such file or directory\n");
}

TEST_F(ShellTest, TopShowsThoseThatUseMostFirst) {
  auto const create = [&](std::string_view name, base::Duration cpu_time) {
    auto process = std::move(*process::Process::create(
        machine_.processes, {},
        {.name = name, .arguments = {}, .environment = {}, .streams = {}, .limits = {}}));
    process->cpu_time = cpu_time;
    process->memory_size = 1 << 20;
    return process;
  };
  std::string const heading = output("top -n 1");
  EXPECT_THAT(heading, HasSubstr(" 0 programs, 16384 of 65536 KiB of memory used\n"));
  auto const idle = create("idle", {1'000'000});
  auto const busy = create("bu\x1bsy", {1'234'000'000});
  EXPECT_THAT(output("top -n 1"),
              testing::EndsWith("     3     0.0       1.234        1024  bu?sy\n"
                                "     2     0.0       0.001        1024  idle\n"));
  std::vector<base::Box<process::Process>> many;
  for (int i = 0; i < 40; ++i) many.push_back(create("more", {i * 1'000'000}));
  EXPECT_EQ(std::ranges::count(output("top -n 1"), '\n'), 2 + 20);
  expect_failure("top -d x", 2, "top: x: not a number of seconds\n");
  expect_failure("top -n x", 2, "top: a number of looks is wanted; see top --help\n");
}

TEST_F(ShellTest, Ps) {
  std::string const shell =
      "   PID  PARENT  STATE         TIME  MEMORY KiB  COMMAND\n"
      "     1       0  shell        0.000           -  nacre\n";
  EXPECT_EQ(output("ps"), shell);
  EXPECT_EQ(output("ps -ef"), shell);
  std::string_view const arguments[] = {"prog", "a", "\x1b[2J"};
  auto const process = *process::Process::create(
      machine_.processes, {},
      {.name = "prog", .arguments = arguments, .environment = {}, .streams = {}, .limits = {}});
  process->cpu_time = {1'234'000'000};
  process->memory_size = 1 << 20;
  process->activity = process::Activity::Waiting;
  EXPECT_EQ(output("ps"), shell + "     2       0  waiting      1.234        1024  prog a ?[2J\n");
  process->control().stop();
  EXPECT_THAT(output("ps"), HasSubstr("     2       0  stopped "));
  expect_failure("ps x", 2, "ps: too many arguments\n");
  EXPECT_EQ(output("ps -t"),
            "    ID  STATE         TIME   RESUMED  NAME\n"
            "     1  running      2.345        12  shell\n"
            "    17  waiting      0.000         3  display\n");
}

TEST_F(ShellTest, Uptime) {
  machine_.system.up = {5'678'900'000};
  EXPECT_EQ(output("uptime"), "up 5.678 s\n");
  machine_.system.up = {(25 * 3600 + 61) * base::i64{1'000'000'000}};
  EXPECT_EQ(output("uptime"), "up 1 d 1 h 1 min 1.000 s\n");
}

TEST_F(ShellTest, Dmesg) {
  EXPECT_EQ(output("dmesg"),
            "[    1.234567] memory: 64 MiB\n"
            "[   12.000000] ps2: no keyboard\n");
  machine_.out.terminal = true;
  EXPECT_THAT(output("dmesg"), HasSubstr("\x1b[31mps2: no keyboard\x1b[0m\n"));
}

TEST_F(ShellTest, Lspci) {
  EXPECT_EQ(output("lspci"),
            "00:02.0 VGA controller [0300]: 1234:1111\n"
            "00:1f.3 Device [7f80]: abcd:0001\n");
}

TEST_F(ShellTest, ClearRebootPoweroff) {
  EXPECT_EQ(output("clear"), "\x1b[H\x1b[2J\x1b[3J");
  expect_failure("reboot", 1, "reboot: the machine does not start again\n");
  EXPECT_EQ(machine_.system.reboots, 1);
  run("poweroff");
  EXPECT_EQ(machine_.system.power_off_status, 0);
  run("poweroff 7");
  EXPECT_EQ(machine_.system.power_off_status, 7);
  expect_failure("poweroff x", 2, "poweroff: one number from 0 to 255, or none\n");
}

TEST(ShellOutOfMemory, IsAValue) {
  Machine machine;
  // Each on its own: the time goes with the square of what is allocated.
  for (std::string_view const script : {
           "ls -la docs link && cd docs; cat a.txt",
           "foo || snake $? & hexdump -n 5 docs/b; mem",
           "help",
           "cat docs/b <docs/a.txt | cat >/tmp/x 2>&1 | time echo",
           "f() { local x=$1; echo \"$@\" $x; }; for i in h*.txt; do f $i $(echo $((i = 1))); done",
           "case ${PWD##*/} in d*) :;; *) (cat <<E; exit 3);; esac\n$x ~\nE\n",
           "trap 'printf %5.1f 2' EXIT; alias l=ls; eval 'l'; read y <hello.txt",
           "trap 'echo x' USR1; kill -USR1 $$; (true) | (false) & kill $!; wait; jobs; ps",
           "export z=1; unset x; readonly w; getopts a: o -a b; command -v ls; . ./hello.txt",
       }) {
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
  // And afterwards all is well.
  auto shell = *Shell::create(machine.services(), machine.streams());
  machine.out.output.clear();
  auto const task = [](Shell& target) -> exec::Task<void> {
    static_cast<void>(co_await target.run_line("cat docs/a.txt"));
  };
  ASSERT_TRUE(machine.executor.spawn_detached("test", task(*shell)));
  machine.executor.run_until_idle();
  EXPECT_EQ(machine.out.output, "A");
}

}  // namespace
}  // namespace nacre::shell
