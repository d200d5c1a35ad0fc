#include "tools/hosted_programs/host_machine.hpp"

#include <algorithm>
#include <poll.h>
#include <signal.h>
#include <sys/random.h>
#include <time.h>
#include <vector>

#include "kernel/fs/tmp_file_system.hpp"

namespace nacre::tools {
namespace {

timespec read_clock(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return time;
}

base::Instant now() {
  timespec const time = read_clock(CLOCK_MONOTONIC);
  return {time.tv_sec * 1'000'000'000 + time.tv_nsec};
}

base::UnixTime wall_clock() {
  timespec const time = read_clock(CLOCK_REALTIME);
  return {time.tv_sec, static_cast<base::u32>(time.tv_nsec)};
}

base::SecureRandom::Seed random_seed() {
  base::SecureRandom::Seed seed{};
  NACRE_ASSERT(getrandom(seed.data(), seed.size(), 0) == static_cast<ssize_t>(seed.size()));
  return seed;
}

fs::Vfs empty_files() {
  auto root = fs::TmpFileSystem::create({.now = wall_clock});
  NACRE_ASSERT(root.has_value());
  auto files = fs::Vfs::create(std::move(*root));
  NACRE_ASSERT(files.has_value());
  return std::move(*files);
}

}  // namespace

HostMachine::HostMachine(wasm::Tier& tier)
    : executor_(now),
      random_(random_seed()),
      files_(empty_files()),
      services_{.executor = executor_,
                .platform = platform_,
                .tier = tier,
                .random = random_,
                .wall_clock = wall_clock,
                .processes = processes_} {
  for (HostStream* const stream : {&input_, &output_, &error_}) streams_.push_back(*stream);
  // Nobody reads what is written: that is an error of the write.
  signal(SIGPIPE, SIG_IGN);
}

/// Waits for streams and deadlines as Linux does. False when there is nothing to wait for.
bool HostMachine::wait() {
  std::vector<pollfd> asked;
  std::vector<exec::WaitList*> waiting;
  for (HostStream& stream : streams_) {
    for (fs::Direction const direction : {fs::Direction::Read, fs::Direction::Write}) {
      if (stream.waiting(direction).empty()) continue;
      short const events = direction == fs::Direction::Read ? short{POLLIN} : short{POLLOUT};
      asked.push_back({.fd = stream.descriptor(), .events = events, .revents = 0});
      waiting.push_back(&stream.waiting(direction));
    }
  }
  base::Instant const deadline = executor_.next_deadline();
  bool const for_ever = deadline == base::Instant::never();
  if (for_ever && asked.empty()) return false;
  base::i64 const left = for_ever ? 0 : std::max<base::i64>((deadline - now()).ns, 0);
  timespec const timeout{.tv_sec = left / 1'000'000'000, .tv_nsec = left % 1'000'000'000};
  ppoll(asked.data(), asked.size(), for_ever ? nullptr : &timeout, nullptr);
  for (std::size_t i = 0; i < asked.size(); ++i)
    if (asked[i].revents != 0) waiting[i]->wake_all();
  return true;
}

}  // namespace nacre::tools
