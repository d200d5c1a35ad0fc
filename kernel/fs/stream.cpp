#include "kernel/fs/stream.hpp"

#include "lib/base/try.hpp"

namespace nacre::fs {

exec::Task<Result<void>> write_all(Stream& stream, std::span<const u8> bytes) {
  while (!bytes.empty()) {
    CO_TRY(usize const count, co_await stream.write(bytes));
    bytes = bytes.subspan(count);
  }
  co_return Result<void>();
}

}  // namespace nacre::fs
