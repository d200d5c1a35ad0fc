#pragma once

#include <array>

#include "kernel/fs/stream.hpp"
#include "kernel/shell/system.hpp"
#include "lib/base/shared.hpp"

namespace nacre::shell {

/// A stream that descriptors are open on. It is closed when none is left, unless it is borrowed.
struct OpenStream {
  base::Box<fs::Stream> owned;
  fs::Stream* stream = nullptr;
};
using SharedStream = base::Shared<OpenStream>;

/// `stream` outlives all that is open on it.
inline std::expected<SharedStream, base::OutOfMemory> borrow(fs::Stream& stream) {
  return SharedStream::create(nullptr, &stream);
}
template <class T>
std::expected<SharedStream, base::OutOfMemory> own(T stream) {
  TRY(auto owned, base::try_make<T>(std::move(stream)));
  fs::Stream* const borrowed = owned.get();
  return SharedStream::create(std::move(owned), borrowed);
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
  /// Puts another stream wherever `from` is open.
  void replace(const SharedStream& from, const SharedStream& to) {
    for (SharedStream& one : open_)
      if (one == from) one = to;
  }

 private:
  std::array<SharedStream, count> open_;
};

}  // namespace nacre::shell
