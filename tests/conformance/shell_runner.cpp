// Runs a script in the shell, over files in memory: `shell_runner < SCRIPT`. What it writes goes to
// the standard streams, and its status is the runner's.
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <unistd.h>

#include "kernel/fs/device_file_system.hpp"
#include "kernel/fs/tmp_file_system.hpp"
#include "kernel/shell/shell.hpp"
#include "lib/exec/executor.hpp"
#include "tests/support/no_machine.hpp"

namespace nacre {
namespace {

class HostStream final : public fs::Stream {
 public:
  explicit HostStream(int descriptor) : descriptor_(descriptor) {}
  exec::Task<fs::Result<base::usize>> read(std::span<base::u8>) override {
    co_return base::usize{0};
  }
  exec::Task<fs::Result<base::usize>> write(std::span<const base::u8> bytes) override {
    auto const count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0) co_return fs::fail(fs::ErrorKind::DeviceFailed);
    co_return static_cast<base::usize>(count);
  }

 private:
  int descriptor_;
};

exec::Task<void> run(shell::Shell& shell, std::string_view script, int& status, bool& is_over) {
  static_cast<void>(co_await shell.run_line("cd /here"));
  auto const result = co_await shell.run_script(script);
  if (result) status = *result;
  is_over = true;
}

base::Instant now() {
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(
              std::chrono::steady_clock::now().time_since_epoch())
              .count()};
}

/// Runs until nothing is left to wait for.
void run_to_the_end(exec::Executor& executor, const bool& is_over) {
  for (;;) {
    executor.run_until_idle();
    base::Instant const deadline = executor.next_deadline();
    if (is_over || deadline == base::Instant::never()) return;
    auto const left = deadline.ns - now().ns;
    if (left > 0) std::this_thread::sleep_for(std::chrono::nanoseconds(left));
  }
}

int run_script(std::string_view script) {
  exec::Executor executor(now);
  base::SecureRandom random(base::SecureRandom::Seed{1});
  auto files = *fs::Vfs::create(
      *fs::TmpFileSystem::create({.limits = {.bytes = base::u64{64} << 20, .nodes = 10'000}}));
  if (!files.mount("/dev", *fs::DeviceFileSystem::create(random, {}))) return 125;
  auto const root = files.root();
  if (!root.file_system->create(root.node, "here", fs::NodeType::Directory)) return 125;
  test::NoMachine machine;
  process::ProcessTable processes;
  HostStream in(0);
  HostStream out(1);
  HostStream err(2);
  auto const shell =
      *shell::Shell::create({executor, files, machine, processes, nullptr}, {&in, &out, &err});
  int status = 125;
  bool is_over = false;
  if (!executor.spawn_detached("script", run(*shell, script, status, is_over))) return 125;
  run_to_the_end(executor, is_over);
  return status;
}

}  // namespace
}  // namespace nacre

int main() {
  std::string script;
  for (int c = std::getchar(); c != EOF; c = std::getchar()) script += static_cast<char>(c);
  return nacre::run_script(script);
}
