#include "kernel/process/wasi_host.hpp"

#include <algorithm>

#include "kernel/fs/open_file.hpp"
#include "lib/base/try.hpp"
#include "lib/wasi/requests.hpp"

namespace nacre::process {
namespace {

using wasi::Errno;

/// What is moved at a time: a stream that never waits must not keep others from running.
constexpr usize chunk_size = 65536;

constexpr u64 nanoseconds_per_second = 1'000'000'000;

}  // namespace

Errno errno_of(fs::ErrorKind kind) {
  using fs::ErrorKind;
  switch (kind) {
    case ErrorKind::NotFound: return Errno::NoEntry;
    case ErrorKind::NotADirectory: return Errno::NotADirectory;
    case ErrorKind::IsADirectory: return Errno::IsDirectory;
    case ErrorKind::NotASymlink: return Errno::Invalid;
    case ErrorKind::AlreadyExists: return Errno::Exists;
    case ErrorKind::NotEmpty: return Errno::NotEmpty;
    case ErrorKind::ReadOnly: return Errno::ReadOnlyFileSystem;
    case ErrorKind::TooManyLinks: return Errno::Loop;
    case ErrorKind::NameTooLong: return Errno::NameTooLong;
    case ErrorKind::InvalidPath: return Errno::IllegalSequence;
    case ErrorKind::NoName: return Errno::Invalid;
    case ErrorKind::OutsideDirectory: return Errno::NotCapable;
    case ErrorKind::AcrossFileSystems: return Errno::AcrossDevices;
    case ErrorKind::IntoItself: return Errno::Invalid;
    case ErrorKind::Busy: return Errno::Busy;
    case ErrorKind::NotPermitted: return Errno::NotPermitted;
    case ErrorKind::TooManyNames: return Errno::TooManyLinks;
    case ErrorKind::NotOpenForReading:
    case ErrorKind::NotOpenForWriting: return Errno::BadDescriptor;
    case ErrorKind::NotSeekable: return Errno::NotSeekable;
    case ErrorKind::InvalidOffset: return Errno::Invalid;
    case ErrorKind::InvalidOptions: return Errno::Invalid;
    case ErrorKind::FileTooLarge: return Errno::FileTooBig;
    case ErrorKind::NoSpace: return Errno::NoSpace;
    case ErrorKind::WouldBlock: return Errno::Again;
    case ErrorKind::NoDevice: return Errno::NoSuchDevice;
    case ErrorKind::Closed: return Errno::BrokenPipe;
    case ErrorKind::Interrupted: return Errno::Interrupted;
    case ErrorKind::DeviceFailed: return Errno::Io;
    case ErrorKind::NotSupported: return Errno::NotSupported;
    case ErrorKind::OutOfMemory: return Errno::NoMemory;
  }
  return Errno::Io;
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
  return std::unexpected(Errno::Invalid);
}

wasi::Result<u64> WasiHost::clock_resolution(wasi::ClockId clock) const {
  // The clocks count far finer than a nanosecond's worth of instructions.
  if (clock > wasi::ClockId::ThreadCpuTime) return std::unexpected(Errno::Invalid);
  return 1;
}

wasi::Result<wasi::DescriptorStat> WasiHost::stat(u32 descriptor) const {
  fs::Stream* const stream = process_.stream(descriptor);
  if (stream == nullptr) return std::unexpected(Errno::BadDescriptor);
  namespace rights = wasi::rights;
  wasi::DescriptorStat stat;
  if (fs::OpenFile* const file = stream->as_file()) {
    stat.type = wasi::FileType::RegularFile;
    if (file->flags().append) stat.flags |= wasi::descriptor_flags::append;
    stat.rights = rights::seek | rights::tell | rights::stat | rights::poll;
    if (file->access().read) stat.rights |= rights::read;
    if (file->access().write) stat.rights |= rights::write;
  } else {
    // Without the rights to seek and tell, a character device is a terminal to C libraries.
    stat.type = stream->is_terminal() ? wasi::FileType::CharacterDevice : wasi::FileType::Unknown;
    stat.rights = rights::stat | rights::poll | (descriptor == 0 ? rights::read : rights::write);
  }
  return stat;
}

wasi::Result<void> WasiHost::close(u32 descriptor) {
  if (!process_.close(descriptor)) return std::unexpected(Errno::BadDescriptor);
  return {};
}

wasi::Result<u64> WasiHost::seek(u32 descriptor, i64 offset, wasi::Whence whence) {
  fs::Stream* const stream = process_.stream(descriptor);
  if (stream == nullptr) return std::unexpected(Errno::BadDescriptor);
  fs::OpenFile* const file = stream->as_file();
  if (file == nullptr) return std::unexpected(Errno::NotSeekable);
  using Whence = fs::OpenFile::Whence;
  static constexpr std::array whences{Whence::Start, Whence::Current, Whence::End};
  auto const position = file->seek(offset, whences[static_cast<usize>(whence)]);
  if (!position) return std::unexpected(errno_of(position.error().kind));
  return *position;
}

/// Programs get no directories yet.
wasi::Result<std::string_view> WasiHost::preopened_path(u32) const {
  return std::unexpected(Errno::BadDescriptor);
}

exec::Task<WasiHost::Answer> WasiHost::answer(wasi::WaitingCall kind,
                                              const wasm::exit::HostCall& call) {
  switch (kind) {
    case wasi::WaitingCall::Read: return read(call);
    case wasi::WaitingCall::Write: return write(call);
    case wasi::WaitingCall::Random: return random(call);
    case wasi::WaitingCall::Poll: return poll(call);
    case wasi::WaitingCall::Yield:
    case wasi::WaitingCall::Exit: break;
  }
  return yield();
}

exec::Task<WasiHost::Answer> WasiHost::read(const wasm::exit::HostCall& call) {
  auto request = wasi::TransferRequest::decode(call);
  if (!request) co_return wasi::answer(request.error());
  fs::Stream* const stream = process_.stream(request->descriptor());
  if (stream == nullptr) co_return wasi::answer(Errno::BadDescriptor);
  // A file fills all buffers; of what may have to be waited for, the program gets what there is.
  bool const fill = stream->as_file() != nullptr;
  u64 moved = 0;
  while (auto const buffer = request->buffers().next()) {
    for (auto rest = *buffer; !rest.empty();) {
      auto const part = rest.first(std::min(rest.size(), chunk_size));
      auto const count = co_await stream->read(part);
      if (!count && moved == 0) co_return wasi::answer(errno_of(count.error().kind));
      usize const taken = count.value_or(0);
      moved += taken;
      if (taken < part.size() || !fill) co_return wasi::answer(request->finish(moved));
      rest = rest.subspan(taken);
      co_await turn_.pause_if_over();
    }
  }
  co_return wasi::answer(request->finish(moved));
}

/// Writes everything, as programs expect; waits as long as that takes.
exec::Task<WasiHost::Answer> WasiHost::write(const wasm::exit::HostCall& call) {
  auto request = wasi::TransferRequest::decode(call);
  if (!request) co_return wasi::answer(request.error());
  fs::Stream* const stream = process_.stream(request->descriptor());
  if (stream == nullptr) co_return wasi::answer(Errno::BadDescriptor);
  u64 moved = 0;
  while (auto const buffer = request->buffers().next()) {
    for (auto rest = *buffer; !rest.empty();) {
      auto const count = co_await stream->write(rest.first(std::min(rest.size(), chunk_size)));
      if (!count && moved == 0) co_return wasi::answer(errno_of(count.error().kind));
      if (!count) co_return wasi::answer(request->finish(moved));
      moved += *count;
      rest = rest.subspan(*count);
      co_await turn_.pause_if_over();
    }
  }
  co_return wasi::answer(request->finish(moved));
}

exec::Task<WasiHost::Answer> WasiHost::random(const wasm::exit::HostCall& call) {
  auto const request = wasi::RandomRequest::decode(call);
  if (!request) co_return wasi::answer(request.error());
  for (auto rest = request->buffer; !rest.empty();) {
    auto const part = rest.first(std::min(rest.size(), chunk_size));
    services_.random.fill(part);
    rest = rest.subspan(part.size());
    co_await turn_.pause_if_over();
  }
  co_return wasi::answer(Errno::Success);
}

exec::Task<WasiHost::Answer> WasiHost::poll(const wasm::exit::HostCall& call) {
  auto const request = wasi::PollRequest::decode(call, *this);
  if (!request) co_return wasi::answer(request.error());
  // A wall clock may be set while this waits, so it looks again from time to time.
  constexpr u64 longest_sleep = 60 * nanoseconds_per_second;
  while (u64 const wait = request->wait_ns(*this))
    co_await exec::sleep_for({static_cast<i64>(std::min(wait, longest_sleep))});
  turn_.begin();
  co_return wasi::answer(request->finish(*this));
}

exec::Task<WasiHost::Answer> WasiHost::yield() {
  co_await exec::yield();
  turn_.begin();
  co_return wasi::answer(Errno::Success);
}

}  // namespace nacre::process
