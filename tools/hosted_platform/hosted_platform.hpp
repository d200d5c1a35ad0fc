#pragma once

#include "lib/wasm/platform.hpp"

namespace nacre::tools {

/// The engine's platform on Linux: address space and pages by `mmap`.
class HostedPlatform : public wasm::Platform {
 public:
  virtual ~HostedPlatform() = default;
  std::expected<base::u8*, base::OutOfMemory> reserve(base::usize size) override;
  std::expected<void, base::OutOfMemory> commit(base::u8* address, base::usize size) override;
  void release(base::u8* address, base::usize size) override;
};

}  // namespace nacre::tools
