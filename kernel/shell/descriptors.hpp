#pragma once

#include <array>
#include <type_traits>

#include "kernel/fs/pipe.hpp"
#include "kernel/shell/system.hpp"
#include "lib/base/shared.hpp"

namespace nacre::shell {

/// A stream that descriptors are open on. It is closed when none is left, unless it is borrowed.
struct OpenStream {
  base::Box<fs::Stream> owned;
  fs::Stream* stream = nullptr;
  bool is_pipe_end = false;
};
using SharedStream = base::Shared<OpenStream>;

/// `stream` outlives all that is open on it.
inline std::expected<SharedStream, base::OutOfMemory> borrow(fs::Stream& stream) {
  return SharedStream::create(nullptr, &stream, false);
}
template <class T>
std::expected<SharedStream, base::OutOfMemory> own(T stream) {
  TRY(auto owned, base::try_make<T>(std::move(stream)));
  fs::Stream* const borrowed = owned.get();
  constexpr bool is_pipe_end =
      std::is_same_v<T, fs::PipeReader> || std::is_same_v<T, fs::PipeWriter>;
  return SharedStream::create(std::move(owned), borrowed, is_pipe_end);
}

/// What the descriptors 0 to 9 of a shell are open on. Copies share the streams.
class Descriptors {
 public:
  static constexpr usize count = 10;

  /// Null where nothing is open.
  fs::Stream* stream(usize descriptor) const {
    const SharedStream& shared = open_[descriptor];
    return shared ? shared->stream : nullptr;
  }
  const SharedStream& shared(usize descriptor) const { return open_[descriptor]; }
  void set(usize descriptor, SharedStream stream) { open_[descriptor] = std::move(stream); }
  void close(usize descriptor) { open_[descriptor] = {}; }
  void close_all() { open_ = {}; }
  void close_pipes() {
    for (SharedStream& one : open_)
      if (one && one->is_pipe_end) one = {};
  }
  /// Puts another stream wherever `from` is open.
  void replace(const SharedStream& from, const SharedStream& to) {
    for (SharedStream& one : open_)
      if (one == from) one = to;
  }

 private:
  std::array<SharedStream, count> open_;
};

}  // namespace nacre::shell
