#include "tools/wasmrun/host_imports.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <errno.h>
#include <sched.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/wasi/requests.hpp"

namespace nacre::tools {
namespace {

using base::u32;
using base::u64;
using wasi::Errno;

Errno errno_of(int error) {
  switch (error) {
    case EBADF: return Errno::BadDescriptor;
    case EINVAL: return Errno::Invalid;
    case EISDIR: return Errno::IsDirectory;
    case ENOSPC: return Errno::NoSpace;
    case EPIPE: return Errno::BrokenPipe;
    case ESPIPE: return Errno::NotSeekable;
    default: return Errno::Io;
  }
}

wasi::Result<u64> read_clock(wasi::ClockId clock, int (*read)(clockid_t, timespec*)) {
  static constexpr std::array<clockid_t, 4> clocks{
      CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID};
  auto const index = static_cast<u32>(clock);
  if (index >= clocks.size()) return std::unexpected(Errno::Invalid);
  timespec time{};
  if (read(clocks[index], &time) != 0) return std::unexpected(errno_of(errno));
  return static_cast<u64>(time.tv_sec) * 1'000'000'000 + static_cast<u64>(time.tv_nsec);
}

/// Moves bytes until the buffers are through, or `move` moves fewer than it could.
template <class Move>
Errno transfer(wasi::TransferRequest& request, Move&& move) {
  u64 moved = 0;
  while (auto const buffer = request.buffers().next()) {
    ssize_t const count = move(static_cast<int>(request.descriptor()), *buffer);
    if (count < 0 && moved == 0) return errno_of(errno);
    moved += static_cast<u64>(std::max<ssize_t>(count, 0));
    if (count < static_cast<ssize_t>(buffer->size())) break;
  }
  return request.finish(moved);
}

}  // namespace

std::expected<void, base::OutOfMemory> HostImports::define(wasm::Linker& linker) {
  using wasm::Caller;
  TRY(wasi::define_preview1(linker, *this));
  TRY(linker.define("env", "print_i32",
                    [](Caller&, base::i32 value) { std::printf("%" PRId32 "\n", value); }));
  TRY(linker.define("env", "print_i64",
                    [](Caller&, base::i64 value) { std::printf("%" PRId64 "\n", value); }));
  TRY(linker.define("env", "print_f64",
                    [](Caller&, base::f64 value) { std::printf("%.17g\n", value); }));
  return {};
}

std::optional<int> HostImports::answer(const wasm::exit::HostCall& call, wasm::Guest& guest) {
  auto const kind = wasi::waiting_call_of(call.id);
  if (!kind) {
    guest.fail_host_call(wasm::Trap::HostRefused);
    return std::nullopt;
  }
  if (kind == wasi::WaitingCall::Exit) return static_cast<int>(wasi::exit_status(call) & 0xff);
  Errno error = Errno::Success;
  switch (*kind) {
    case wasi::WaitingCall::Read: error = read(call); break;
    case wasi::WaitingCall::Write: error = write(call); break;
    case wasi::WaitingCall::Poll: error = poll(call); break;
    case wasi::WaitingCall::Random: error = random(call); break;
    case wasi::WaitingCall::Yield: sched_yield(); break;
    case wasi::WaitingCall::Exit: break;
  }
  guest.finish_host_call(wasi::answer(error));
  return std::nullopt;
}

Errno HostImports::read(const wasm::exit::HostCall& call) {
  auto request = wasi::TransferRequest::decode(call);
  if (!request) return request.error();
  if (!is_open(request->descriptor())) return Errno::BadDescriptor;
  return transfer(*request, [](int descriptor, std::span<base::u8> buffer) {
    return ::read(descriptor, buffer.data(), buffer.size());
  });
}

Errno HostImports::write(const wasm::exit::HostCall& call) {
  auto request = wasi::TransferRequest::decode(call);
  if (!request) return request.error();
  if (!is_open(request->descriptor())) return Errno::BadDescriptor;
  // What the print functions and the tracer wrote comes first.
  std::fflush(stdout);
  std::fflush(stderr);
  return transfer(*request, [](int descriptor, std::span<base::u8> buffer) {
    return ::write(descriptor, buffer.data(), buffer.size());
  });
}

Errno HostImports::poll(const wasm::exit::HostCall& call) {
  auto const request = wasi::PollRequest::decode(call, *this);
  if (!request) return request.error();
  while (u64 const wait = request->wait_ns(*this)) {
    u64 const part = std::min<u64>(wait, 60'000'000'000);
    timespec const time{static_cast<time_t>(part / 1'000'000'000),
                        static_cast<long>(part % 1'000'000'000)};
    nanosleep(&time, nullptr);
  }
  return request->finish(*this);
}

Errno HostImports::random(const wasm::exit::HostCall& call) {
  auto const request = wasi::RandomRequest::decode(call);
  if (!request) return request.error();
  for (auto rest = request->buffer; !rest.empty();) {
    ssize_t const count = getrandom(rest.data(), rest.size(), 0);
    if (count < 0) return errno_of(errno);
    rest = rest.subspan(static_cast<base::usize>(count));
  }
  return Errno::Success;
}

u32 HostImports::argument_count() const { return static_cast<u32>(arguments_.size()); }
std::string_view HostImports::argument(u32 index) const { return arguments_[index]; }
u32 HostImports::variable_count() const { return static_cast<u32>(variables_.size()); }
std::string_view HostImports::variable(u32 index) const { return variables_[index]; }

wasi::Result<u64> HostImports::clock_time(wasi::ClockId clock) const {
  return read_clock(clock, clock_gettime);
}
wasi::Result<u64> HostImports::clock_resolution(wasi::ClockId clock) const {
  return read_clock(clock, clock_getres);
}

wasi::Result<wasi::DescriptorStat> HostImports::stat(u32 descriptor) const {
  struct stat status{};
  if (!is_open(descriptor)) return std::unexpected(Errno::BadDescriptor);
  if (fstat(static_cast<int>(descriptor), &status) != 0) return std::unexpected(errno_of(errno));
  namespace rights = wasi::rights;
  wasi::DescriptorStat result;
  result.rights = rights::read | rights::write | rights::stat | rights::poll;
  if (S_ISREG(status.st_mode)) {
    result.type = wasi::FileType::RegularFile;
    result.rights |= rights::seek | rights::tell;
  } else if (isatty(static_cast<int>(descriptor)) != 0) {
    result.type = wasi::FileType::CharacterDevice;
  }
  return result;
}

/// The guest's descriptors are closed for the guest only.
wasi::Result<void> HostImports::close(u32 descriptor) {
  if (!is_open(descriptor)) return std::unexpected(Errno::BadDescriptor);
  open_[descriptor] = false;
  return {};
}

wasi::Result<u64> HostImports::seek(u32 descriptor, base::i64 offset, wasi::Whence whence) {
  static constexpr std::array whences{SEEK_SET, SEEK_CUR, SEEK_END};
  if (!is_open(descriptor)) return std::unexpected(Errno::BadDescriptor);
  off_t const position =
      lseek(static_cast<int>(descriptor), offset, whences[static_cast<base::usize>(whence)]);
  if (position < 0) return std::unexpected(errno_of(errno));
  return static_cast<u64>(position);
}

wasi::Result<std::string_view> HostImports::preopened_path(u32) const {
  return std::unexpected(Errno::BadDescriptor);
}

}  // namespace nacre::tools
