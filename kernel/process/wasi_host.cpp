#include "kernel/process/wasi_host.hpp"

#include <algorithm>

#include "kernel/process/wasi_files.hpp"
#include "lib/base/try.hpp"

namespace nacre::process {
namespace {

using wasi::Errno;

/// How many random bytes are made before others get a turn.
constexpr usize random_at_once = 65536;

constexpr u64 nanoseconds_per_second = 1'000'000'000;

}  // namespace

std::expected<void, base::OutOfMemory> WasiHost::open_descriptors() {
  StandardStreams const& streams = process_.streams();
  auto const open_all = [&]() -> wasi::Result<void> {
    TRY(open_stream(0, streams.input, wasi::Direction::Read));
    TRY(open_stream(1, streams.output, wasi::Direction::Write));
    TRY(open_stream(2, streams.error, wasi::Direction::Write));
    for (Process::StartDirectory const& directory : process_.directories()) {
      TRY(open_directory(directory));
    }
    return {};
  };
  auto const opened = open_all();
  if (!opened && opened.error() == Errno::NoMemory) return std::unexpected(base::OutOfMemory{});
  return {};
}

wasi::Result<void> WasiHost::open_stream(u32 number, fs::Stream* stream,
                                         wasi::Direction direction) {
  if (stream == nullptr) return {};
  if (fs::OpenFile* const file = stream->as_file()) {
    TRY(auto opened, base::try_make<NodeFile>(*file, turn_, process_.file_space));
    return system_.add_stream(number, std::move(opened), direction);
  }
  TRY(auto own, stream->duplicate());
  TRY(auto opened, own == nullptr ? base::try_make<StreamFile>(*stream, turn_)
                                  : base::try_make<StreamFile>(std::move(own), turn_));
  return system_.add_stream(number, std::move(opened), direction);
}

wasi::Result<void> WasiHost::open_directory(const Process::StartDirectory& directory) {
  fs::Vfs& files = *process_.files();
  fs::Directory opened(files, fs::HeldNode(directory.node.location()));
  TRY(auto made,
      base::try_make<NodeDirectory>(files, std::move(opened), turn_, process_.file_space));
  return system_.add_preopened(std::move(made), directory.name);
}

u32 WasiHost::argument_count() const { return static_cast<u32>(process_.arguments().size()); }
std::string_view WasiHost::argument(u32 index) const { return process_.arguments()[index]; }
u32 WasiHost::variable_count() const { return static_cast<u32>(process_.environment().size()); }
std::string_view WasiHost::variable(u32 index) const { return process_.environment()[index]; }

wasi::Result<u64> WasiHost::clock_time(wasi::ClockId clock) const {
  switch (clock) {
    case wasi::ClockId::Realtime: {
      base::UnixTime const now = services_.wall_clock();
      return static_cast<u64>(now.seconds) * nanoseconds_per_second + now.nanoseconds;
    }
    case wasi::ClockId::Monotonic: return static_cast<u64>(services_.executor.now().ns);
    case wasi::ClockId::ProcessCpuTime:
    case wasi::ClockId::ThreadCpuTime: return static_cast<u64>(process_.cpu_time.ns);
  }
  return wasi::fail(Errno::Invalid);
}

wasi::Result<u64> WasiHost::clock_resolution(wasi::ClockId clock) const {
  // The clocks count far finer than a nanosecond's worth of instructions.
  if (clock > wasi::ClockId::ThreadCpuTime) return wasi::fail(Errno::Invalid);
  return 1;
}

exec::Task<wasi::Result<void>> WasiHost::random(std::span<u8> bytes) {
  while (!bytes.empty()) {
    auto const part = bytes.first(std::min(bytes.size(), random_at_once));
    services_.random.fill(part);
    bytes = bytes.subspan(part.size());
    co_await turn_.pause_if_over();
  }
  co_return wasi::Result<void>();
}

exec::Task<wasi::Result<void>> WasiHost::yield() {
  co_await exec::yield();
  turn_.begin();
  co_return wasi::Result<void>();
}

exec::Task<wasi::Result<void>> WasiHost::wait(std::span<const Interest> interests, u64 timeout_ns) {
  exec::WaitSet set;
  for (Interest const& interest : interests) {
    if (exec::WaitList* const list = interest.file->readiness_changed(interest.direction)) {
      CO_TRY(set.add(*list));
    }
  }
  base::Instant const now = services_.executor.now();
  bool const for_ever = timeout_ns > static_cast<u64>((base::Instant::never() - now).ns);
  co_await set.wait_until(for_ever ? base::Instant::never()
                                   : now + base::Duration{static_cast<i64>(timeout_ns)});
  turn_.begin();
  co_return wasi::Result<void>();
}

}  // namespace nacre::process
