#pragma once

#include "kernel/hw/address.hpp"
#include "kernel/memory/region.hpp"
#include "lib/base/intrusive_list.hpp"
#include "lib/base/memory.hpp"
#include "lib/base/try.hpp"
#include "lib/wasm/platform.hpp"

namespace nacre::process {

/// The kernel's memory as the engine sees it. `Region` is `memory::Region`, or a fake of it. Task
/// context.
template <class Region = memory::Region>
class RegionPlatform final : public wasm::Platform {
 public:
  RegionPlatform() = default;
  RegionPlatform(const RegionPlatform&) = delete;
  RegionPlatform& operator=(const RegionPlatform&) = delete;
  ~RegionPlatform() { NACRE_ASSERT(reserved_.empty()); }

  std::expected<base::u8*, base::OutOfMemory> reserve(base::usize size) override {
    // What grows by large pages finds them where they begin.
    bool const is_large = size >= hw::large_page_size;
    auto region = Region::reserve("guest", size, is_large ? hw::large_page_size : page_size);
    if (!region) return std::unexpected(base::OutOfMemory{});
    TRY(auto reserved, base::try_make<Reserved>(std::move(*region)));
    base::u8* const address = reserved->address();
    reserved_.push_back(*reserved.release());
    return address;
  }
  /// Of a region only a prefix has memory, so `address` is where that ends.
  std::expected<void, base::OutOfMemory> commit(base::u8* address, base::usize size) override {
    Reserved& reserved = find(address);
    base::u64 const offset = static_cast<base::u64>(address - reserved.address());
    NACRE_ASSERT(offset == reserved.region.committed());
    if (!reserved.region.commit(offset + size)) return std::unexpected(base::OutOfMemory{});
    return {};
  }
  base::u64 available() const override { return Region::available(); }
  void release(base::u8* address, base::usize) override { delete &find(address); }

 private:
  struct Reserved : base::ListNode<Reserved> {
    Region region;
    explicit Reserved(Region reserved) : region(std::move(reserved)) {}
    base::u8* address() const { return reinterpret_cast<base::u8*>(region.start().value); }
  };

  Reserved& find(const base::u8* address) {
    for (Reserved& reserved : reserved_)
      if (address >= reserved.address() && address < reserved.address() + reserved.region.size())
        return reserved;
    base::assertion_failed("an address of no reservation", std::source_location::current());
  }

  base::IntrusiveList<Reserved> reserved_;
};

using KernelPlatform = RegionPlatform<>;

}  // namespace nacre::process
