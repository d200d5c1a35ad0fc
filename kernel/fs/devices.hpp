#pragma once

#include <algorithm>

#include "kernel/fs/stream.hpp"
#include "lib/base/chacha20.hpp"

namespace nacre::fs {

/// A device that never lets anybody wait: all that it can do, it does at once.
class InstantDevice : public Stream {
 public:
  exec::Task<Result<usize>> read(std::span<u8> buffer) final;
  exec::Task<Result<usize>> write(std::span<const u8> bytes) final;
  std::optional<Result<usize>> read_now(std::span<u8> buffer) final { return take(buffer); }
  std::optional<Result<usize>> write_now(std::span<const u8> bytes) final { return put(bytes); }

 protected:
  /// A single call gives no more, so that it cannot take long.
  static constexpr usize max_transfer = 65536;
  static std::span<u8> part_of(std::span<u8> buffer) {
    return buffer.first(std::min(buffer.size(), max_transfer));
  }
  virtual Result<usize> take(std::span<u8> buffer) = 0;
  virtual Result<usize> put(std::span<const u8> bytes) = 0;
};

/// Nothing comes out of it, and all that goes in is gone.
class NullDevice final : public InstantDevice {
  Result<usize> take(std::span<u8>) override { return 0; }
  Result<usize> put(std::span<const u8> bytes) override { return bytes.size(); }
};

/// Zeros without end; all that goes in is gone.
class ZeroDevice final : public InstantDevice {
  Result<usize> take(std::span<u8> buffer) override {
    std::ranges::fill(part_of(buffer), u8{0});
    return part_of(buffer).size();
  }
  Result<usize> put(std::span<const u8> bytes) override { return bytes.size(); }
};

/// Zeros without end; there is no room for anything.
class FullDevice final : public InstantDevice {
  Result<usize> take(std::span<u8> buffer) override {
    std::ranges::fill(part_of(buffer), u8{0});
    return part_of(buffer).size();
  }
  Result<usize> put(std::span<const u8> bytes) override {
    if (bytes.empty()) return 0;
    return fail(ErrorKind::NoSpace);
  }
};

/// Random bytes without end; what goes in does not make them less random, and is gone.
class RandomDevice final : public InstantDevice {
 public:
  explicit RandomDevice(base::SecureRandom& random) : source_(random) {}

 private:
  Result<usize> take(std::span<u8> buffer) override {
    source_.fill(part_of(buffer));
    return part_of(buffer).size();
  }
  Result<usize> put(std::span<const u8> bytes) override { return bytes.size(); }

  base::SecureRandom& source_;
};

}  // namespace nacre::fs
