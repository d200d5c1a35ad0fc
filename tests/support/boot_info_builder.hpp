#pragma once

#include <algorithm>
#include <cstring>
#include <initializer_list>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "kernel/boot/protocol/boot_info.hpp"

/// What loaders leave in memory, built for tests.
namespace nacre::test {

using base::u16;
using base::u32;
using base::u64;
using base::u8;
using base::usize;

/// Little-endian bytes.
class Bytes {
 public:
  template <class T>
  Bytes& put(T value) {
    for (usize i = 0; i < sizeof(T); ++i) data.push_back(static_cast<u8>(value >> (8 * i)));
    return *this;
  }
  Bytes& text(std::string_view value) {
    data.insert(data.end(), value.begin(), value.end());
    return *this;
  }
  Bytes& align(usize alignment) {
    while (data.size() % alignment != 0) data.push_back(0);
    return *this;
  }
  Bytes& append(const Bytes& other) {
    data.insert(data.end(), other.data.begin(), other.data.end());
    return *this;
  }
  std::vector<u8> data;
};

/// Physical memory in which some pieces exist.
class FakePhysicalMemory {
 public:
  void put(u64 at, std::vector<u8> bytes) { pieces_[at] = std::move(bytes); }
  std::vector<u8>& piece(u64 at) { return pieces_.at(at); }

  std::span<const u8> read(hw::PhysAddr start, u64 size) const {
    auto found = pieces_.upper_bound(start.value);
    if (found == pieces_.begin()) return {};
    --found;
    u64 const offset = start.value - found->first;
    if (offset > found->second.size() || size > found->second.size() - offset) return {};
    return std::span(found->second).subspan(offset, size);
  }
  std::expected<boot::BootInfo, boot::BootInfoError> boot_info(u32 magic, u64 at) const {
    return boot::read_boot_info(magic, {at},
                                [this](hw::PhysAddr start, u64 size) { return read(start, size); });
  }

 private:
  std::map<u64, std::vector<u8>> pieces_;
};

/// A memory map entry as both protocols have it: start, size, type.
inline Bytes map_entry(u64 start, u64 size, u32 type) {
  return Bytes().put(start).put(size).put(type).put(u32{0});
}

}  // namespace nacre::test
