#pragma once

#include "kernel/hw/address.hpp"

namespace nacre::memory {

using base::u64;
using base::u8;
using base::usize;

/// Where physical memory can be touched: the direct map in the kernel, an arena in a test.
class PhysicalWindow {
 public:
  constexpr explicit PhysicalWindow(hw::VirtAddr base) : base_(base) {}

  hw::VirtAddr address(hw::PhysAddr at) const { return base_ + at.value; }
  hw::PhysAddr physical(hw::VirtAddr at) const { return {at - base_}; }
  template <class T>
  T* at(hw::PhysAddr phys) const {
    return reinterpret_cast<T*>(address(phys).value);
  }
  hw::PhysAddr physical(const void* at) const {
    return physical(hw::VirtAddr{reinterpret_cast<u64>(at)});
  }

 private:
  hw::VirtAddr base_;
};

}  // namespace nacre::memory
