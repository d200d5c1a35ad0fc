#include "kernel/fs/devices.hpp"

namespace nacre::fs {

exec::Task<Result<usize>> InstantDevice::read(std::span<u8> buffer) { co_return take(buffer); }
exec::Task<Result<usize>> InstantDevice::write(std::span<const u8> bytes) { co_return put(bytes); }

}  // namespace nacre::fs
