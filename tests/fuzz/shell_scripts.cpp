// Whole scripts run in a shell over files in memory: they end, nothing breaks, and afterwards there
// is as much memory as before. The first byte says which allocation fails, if one does.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>

#include "kernel/fs/device_file_system.hpp"
#include "kernel/fs/tmp_file_system.hpp"
#include "kernel/shell/shell.hpp"
#include "lib/exec/executor.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/support/no_machine.hpp"
#include "tests/support/random.hpp"

namespace {

using namespace nacre;

/// What a script may do: rounds of the executor, each of which is a piece of some command. Time
/// goes when there is nothing else to do.
constexpr int most_rounds = 400;
/// Bytes that it may write before nobody listens any more.
constexpr base::usize most_output = 1 << 20;
constexpr base::usize most_script = 4096;
constexpr base::u64 most_memory = 64u << 20;
/// From this first byte on, an allocation fails: every such number of them, one.
constexpr base::u64 first_that_fails = 128;
constexpr base::u64 failures_apart = 13;

base::Instant fake_now{};
/// Goes on whenever somebody looks: what takes long gives way.
base::Instant now() {
  fake_now.ns += 20'000;
  return fake_now;
}

/// Gives a few lines, and takes so much.
class FewLines final : public fs::Stream {
 public:
  exec::Task<fs::Result<base::usize>> read(std::span<base::u8> buffer) override {
    constexpr std::string_view text = "one two\nthree\\\nfour:five\n\n";
    auto const piece =
        text.substr(std::min(at_, text.size()), std::min<base::usize>(7, buffer.size()));
    std::memcpy(buffer.data(), piece.data(), piece.size());
    at_ += piece.size();
    co_return piece.size();
  }
  exec::Task<fs::Result<base::usize>> write(std::span<const base::u8> bytes) override {
    written_ += bytes.size();
    if (written_ > most_output) co_return fs::fail(fs::ErrorKind::Closed);
    co_return bytes.size();
  }

 private:
  base::usize at_ = 0;
  base::usize written_ = 0;
};

exec::Task<void> run(shell::Shell& shell, std::string_view script) {
  static_cast<void>(co_await shell.run_script(script));
}

void run_script(std::string_view script) {
  fake_now = {};
  exec::Executor executor(now);
  base::SecureRandom random(base::SecureRandom::Seed{1});
  auto root = fs::TmpFileSystem::create({.limits = {.bytes = base::u64{1} << 20, .nodes = 200}});
  if (!root) return;
  auto files = fs::Vfs::create(std::move(*root));
  auto devices = fs::DeviceFileSystem::create(random, {});
  if (!files || !devices || !files->mount("/dev", std::move(*devices))) return;
  test::NoMachine machine;
  process::ProcessTable processes;
  FewLines stream;
  auto const shell = shell::Shell::create({executor, *files, machine, processes, nullptr},
                                          {&stream, &stream, &stream});
  if (!shell) return;
  auto handle = executor.spawn("script", run(**shell, script));
  if (!handle) return;
  for (int i = 0; i < most_rounds && !handle->is_finished(); ++i) {
    if (executor.run_round()) continue;
    if (executor.next_deadline() == base::Instant::never()) break;
    fake_now = std::max(fake_now, executor.next_deadline());
  }
  // What is still running is ended wherever it is.
  handle->reset();
}

/// Pieces that scripts are made of, for the mutator.
constexpr std::string_view pieces[] = {"echo a",
                                       "x=1",
                                       "$x",
                                       "\"$@\"",
                                       "$(echo b)",
                                       "`echo c`",
                                       "$((1+2))",
                                       "${x:-y}",
                                       "${x#*a}",
                                       "for i in 1 2; do ",
                                       "done",
                                       "while read l; do ",
                                       "if true; then ",
                                       "fi",
                                       "else ",
                                       "case a in a) ",
                                       ";; esac",
                                       "f() { ",
                                       "; }",
                                       "f 1 2",
                                       "( ",
                                       " )",
                                       " | cat",
                                       " && ",
                                       " || ",
                                       "; ",
                                       "\n",
                                       " & ",
                                       "wait",
                                       "! ",
                                       " >f",
                                       " <f",
                                       " 2>&1",
                                       " >>f",
                                       "<<E\n$x\nE\n",
                                       "set -e",
                                       "set -u",
                                       "set -- a b",
                                       "shift",
                                       "trap 'echo t' USR1",
                                       "kill -USR1 $$",
                                       "kill $!",
                                       "trap 'echo e' EXIT",
                                       "exit 3",
                                       "return 2",
                                       "break",
                                       "continue 2",
                                       "eval 'echo d'",
                                       "sh -c 'echo e'",
                                       ". ./f",
                                       "local x=2",
                                       "export x",
                                       "readonly x",
                                       "unset x",
                                       "alias a=b",
                                       "read x y",
                                       "printf '%5.2f' 1",
                                       "seq 5",
                                       "sort -k 2",
                                       "grep -o a",
                                       "find . -exec echo {} \\;",
                                       "xargs echo",
                                       "ls -lR",
                                       "mkdir -p d/e",
                                       "cp -r d g",
                                       "rm -r d",
                                       "ln -s f l",
                                       "cat f",
                                       "tail -n +2",
                                       "tr a b",
                                       "cut -c 1",
                                       "uniq -c",
                                       "test -f f",
                                       "[ 1 -lt 2 ]",
                                       "cd d",
                                       "pwd",
                                       "command -v ls",
                                       "getopts ab: o -a -b",
                                       "jobs",
                                       "umask 077",
                                       "chmod u+x f",
                                       "yes | head -n 3",
                                       "sleep 1",
                                       "exec 3>f",
                                       "time ",
                                       "$LINENO",
                                       "*",
                                       "?",
                                       "[a-z]",
                                       "~",
                                       "'",
                                       "\"",
                                       "\\",
                                       "$",
                                       "{ ",
                                       "} "};

}  // namespace

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

/// Now and then puts a piece of a script in, or takes one away, or moves one.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned int seed) {
  test::Random random(seed);
  if (random.one_in(3)) return LLVMFuzzerMutate(data, size, max_size);
  std::string text(reinterpret_cast<const char*>(data), size);
  if (!text.empty() && random.one_in(8)) text[0] = static_cast<char>(random.below(256));
  std::size_t const at = text.empty() ? 0 : 1 + random.below(text.size());
  if (!random.one_in(4)) {
    text.insert(std::min(at, text.size()), pieces[random.below(std::size(pieces))]);
  } else {
    std::string const part = text.substr(std::min(at, text.size()), random.below(40));
    text.erase(std::min(at, text.size()), part.size());
    if (random.one_in(2)) text.insert(random.below(text.size() + 1), part);
  }
  size = std::min(text.size(), max_size);
  std::memcpy(data, text.data(), size);
  return size;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  std::string_view const script(reinterpret_cast<const char*>(data) + 1,
                                std::min(size - 1, most_script));
  base::u64 const before = test::live_bytes();
  test::limit_live_bytes(before + most_memory);
  if (data[0] < first_that_fails) {
    run_script(script);
  } else {
    // The first ones are those of the shell itself.
    test::FailingAllocations const failing((data[0] - first_that_fails) * failures_apart);
    run_script(script);
  }
  test::limit_live_bytes(std::numeric_limits<base::u64>::max());
  NACRE_ASSERT(test::live_bytes() == before);
  return 0;
}
