#include "tools/hosted_platform/hosted_platform.hpp"

#include <sys/mman.h>

namespace nacre::tools {

std::expected<base::u8*, base::OutOfMemory> HostedPlatform::reserve(base::usize size) {
  void* const address =
      mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (address == MAP_FAILED) return std::unexpected(base::OutOfMemory{});
  return static_cast<base::u8*>(address);
}

std::expected<void, base::OutOfMemory> HostedPlatform::commit(base::u8* address, base::usize size) {
  if (mprotect(address, size, PROT_READ | PROT_WRITE) != 0)
    return std::unexpected(base::OutOfMemory{});
  return {};
}

void HostedPlatform::release(base::u8* address, base::usize size) { munmap(address, size); }

}  // namespace nacre::tools
