#include "kernel/shell/streams.hpp"

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

}  // namespace nacre::shell
