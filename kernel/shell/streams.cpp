#include "kernel/shell/streams.hpp"

#include <algorithm>

#include "lib/base/try.hpp"

namespace nacre::shell {

exec::Task<fs::Result<base::usize>> TtyStream::read(std::span<base::u8> buffer) {
  CO_TRY(base::usize const count, co_await tty_.read(buffer));
  co_return count;
}

exec::Task<fs::Result<base::usize>> TtyStream::write(std::span<const base::u8> bytes) {
  std::string_view const text(static_cast<const char*>(static_cast<const void*>(bytes.data())),
                              bytes.size());
  CO_TRY(co_await tty_.write(text));
  co_return bytes.size();
}

/// The screen takes everything, and a slow serial line takes it in the end.
fs::Readiness TtyStream::readiness(fs::Direction direction) const {
  if (direction == fs::Direction::Write) return {};
  return {.ready = tty_.has_input(), .bytes = tty_.readable()};
}

exec::WaitList* TtyStream::readiness_changed(fs::Direction direction) {
  return direction == fs::Direction::Read ? &tty_.input_list() : nullptr;
}

exec::Task<fs::Result<base::usize>> NullStream::read(std::span<base::u8>) {
  co_return base::usize{0};
}

exec::Task<fs::Result<base::usize>> NullStream::write(std::span<const base::u8> bytes) {
  co_return bytes.size();
}

exec::Task<fs::Result<base::usize>> ClosedStream::read(std::span<base::u8>) {
  co_return fs::fail(fs::ErrorKind::NotOpenForReading);
}

exec::Task<fs::Result<base::usize>> ClosedStream::write(std::span<const base::u8>) {
  co_return fs::fail(fs::ErrorKind::NotOpenForWriting);
}

exec::Task<fs::Result<base::usize>> TextStream::read(std::span<base::u8> buffer) {
  co_return *read_now(buffer);
}

std::optional<fs::Result<base::usize>> TextStream::read_now(std::span<base::u8> buffer) {
  std::string_view const rest = text_.view().substr(at_, buffer.size());
  std::ranges::copy(rest, buffer.begin());
  at_ += rest.size();
  return rest.size();
}

exec::Task<fs::Result<base::usize>> TextStream::write(std::span<const base::u8>) {
  co_return fs::fail(fs::ErrorKind::NotOpenForWriting);
}

exec::Task<fs::Result<base::usize>> CollectingStream::read(std::span<base::u8>) {
  co_return fs::fail(fs::ErrorKind::NotOpenForReading);
}

exec::Task<fs::Result<base::usize>> CollectingStream::write(std::span<const base::u8> bytes) {
  co_return *write_now(bytes);
}

std::optional<fs::Result<base::usize>> CollectingStream::write_now(
    std::span<const base::u8> bytes) {
  std::string_view text(static_cast<const char*>(static_cast<const void*>(bytes.data())),
                        bytes.size());
  while (!text.empty()) {
    std::string_view const piece = text.substr(0, text.find('\0'));
    if (!text_.append(piece)) return fs::fail(fs::ErrorKind::OutOfMemory);
    text.remove_prefix(std::min(piece.size() + 1, text.size()));
  }
  return bytes.size();
}

}  // namespace nacre::shell
