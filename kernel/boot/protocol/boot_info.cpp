#include "kernel/boot/protocol/boot_info.hpp"

namespace nacre::boot {

std::expected<BootInfo, BootInfoError> read_boot_info(u32 magic, hw::PhysAddr info,
                                                      PhysicalReader read) {
  if (magic == pvh_magic) return read_pvh(info, read);
  if (magic == multiboot2_magic) return read_multiboot2(info, read);
  return std::unexpected(BootInfoError::UnknownProtocol);
}

}  // namespace nacre::boot
