#pragma once

#include "kernel/boot/protocol/boot_info.hpp"

namespace nacre::boot {

/// The bytes at `start` as text, up to the first NUL or `limit`.
inline std::string_view physical_text(hw::PhysAddr start, u64 limit, PhysicalReader read) {
  auto const bytes = read(start, limit);
  usize length = 0;
  while (length < bytes.size() && bytes[length] != 0) ++length;
  // Bytes are text by another name: the one place where boot information changes between them.
  return {static_cast<const char*>(static_cast<const void*>(bytes.data())), length};
}

}  // namespace nacre::boot
