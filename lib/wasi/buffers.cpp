#include "lib/wasi/buffers.hpp"

#include "lib/base/try.hpp"

namespace nacre::wasi {

Result<Buffers> Buffers::create(GuestMemory memory, u32 list, u32 count) {
  if (count > max_count) return fail(Errno::Invalid);
  TRY(memory.array(list, count, sizeof(Iovec)));
  u64 total = 0;
  Buffers check(memory, list, count);
  while (check.left_ != 0) {
    TRY(auto const buffer, check.take());
    total += buffer.size();
  }
  if (total > UINT32_MAX) return fail(Errno::Invalid);
  return Buffers(memory, list, count);
}

Result<std::span<u8>> Buffers::take() {
  TRY(Iovec const iovec, load<Iovec>(memory_, list_));
  list_ += sizeof(Iovec);
  --left_;
  TRY(auto const buffer, memory_.span(iovec.address, iovec.size));
  return buffer;
}

std::optional<std::span<u8>> Buffers::next() {
  while (left_ != 0) {
    auto const buffer = take();
    if (!buffer) return std::nullopt;
    if (!buffer->empty()) return *buffer;
  }
  return std::nullopt;
}

}  // namespace nacre::wasi
