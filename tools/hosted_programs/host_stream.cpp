#include "tools/hosted_programs/host_stream.hpp"

#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace nacre::tools {
namespace {

std::unexpected<fs::Error> failed() {
  switch (errno) {
    case EPIPE: return fs::fail(fs::ErrorKind::Closed);
    case ENOSPC: return fs::fail(fs::ErrorKind::NoSpace);
    case EBADF: return fs::fail(fs::ErrorKind::NotOpenForReading);
    case EISDIR: return fs::fail(fs::ErrorKind::IsADirectory);
    default: return fs::fail(fs::ErrorKind::DeviceFailed);
  }
}

/// Whether the last call would have had to wait, or was disturbed.
bool may_try_again() { return errno == EAGAIN || errno == EINTR; }

}  // namespace

exec::Task<fs::Result<usize>> HostStream::read(std::span<u8> buffer) {
  for (;;) {
    while (!readiness(fs::Direction::Read).ready) co_await readable_.wait();
    ssize_t const count = ::read(descriptor_, buffer.data(), buffer.size());
    if (count >= 0) co_return static_cast<usize>(count);
    if (!may_try_again()) co_return failed();
  }
}

exec::Task<fs::Result<usize>> HostStream::write(std::span<const u8> bytes) {
  for (;;) {
    while (!readiness(fs::Direction::Write).ready) co_await writable_.wait();
    ssize_t const count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count >= 0) co_return static_cast<usize>(count);
    if (!may_try_again()) co_return failed();
  }
}

fs::Readiness HostStream::readiness(fs::Direction direction) const {
  pollfd asked{.fd = descriptor_,
               .events = direction == fs::Direction::Read ? short{POLLIN} : short{POLLOUT},
               .revents = 0};
  if (::poll(&asked, 1, 0) < 0) return {};
  fs::Readiness state{.ready = asked.revents != 0, .hung_up = (asked.revents & POLLHUP) != 0};
  int waiting = 0;
  if (direction == fs::Direction::Read && ioctl(descriptor_, FIONREAD, &waiting) == 0)
    state.bytes = static_cast<base::u64>(waiting);
  return state;
}

exec::WaitList* HostStream::readiness_changed(fs::Direction direction) {
  return &waiting(direction);
}

bool HostStream::is_terminal() const { return isatty(descriptor_) != 0; }

}  // namespace nacre::tools
