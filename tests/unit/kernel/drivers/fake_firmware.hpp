#pragma once

#include <cstring>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "kernel/hw/acpi.hpp"

namespace nacre::test {

using base::u16;
using base::u32;
using base::u64;
using base::u8;
using base::usize;
using Blob = std::vector<u8>;

template <class T>
void put(Blob& blob, const T& value) {
  usize const at = blob.size();
  blob.resize(at + sizeof(T));
  std::memcpy(blob.data() + at, &value, sizeof(T));
}
template <class T>
void put_at(Blob& blob, usize at, const T& value) {
  if (blob.size() < at + sizeof(T)) blob.resize(at + sizeof(T));
  std::memcpy(blob.data() + at, &value, sizeof(T));
}
inline void append(Blob& blob, std::initializer_list<u8> bytes) { blob.insert(blob.end(), bytes); }
inline void append(Blob& blob, const Blob& bytes) {
  blob.insert(blob.end(), bytes.begin(), bytes.end());
}
inline u8 sum(std::span<const u8> bytes) {
  u8 total = 0;
  for (u8 const byte : bytes) total = static_cast<u8>(total + byte);
  return total;
}

/// A table with its header: length and checksum are right.
inline Blob table(std::string_view signature, const Blob& body, u8 revision = 3) {
  Blob blob(sizeof(hw::acpi::TableHeader));
  std::memcpy(blob.data(), signature.data(), 4);
  blob.insert(blob.end(), body.begin(), body.end());
  put_at(blob, 4, static_cast<u32>(blob.size()));
  blob[8] = revision;
  blob[9] = static_cast<u8>(-sum(blob));
  return blob;
}

/// Physical memory with firmware's tables in it; nothing else is there.
struct FakeFirmware {
  std::map<u64, Blob> memory;

  /// Where the bytes were put.
  u64 add(Blob blob) {
    u64 const at = next_;
    next_ += base::align_up(blob.size() + 64, 64);
    memory[at] = std::move(blob);
    return at;
  }
  void add_root_pointer(u64 at, u32 rsdt, u64 xsdt, u8 revision) {
    Blob blob(revision >= 2 ? 36 : 20);
    std::memcpy(blob.data(), "RSD PTR ", 8);
    blob[15] = revision;
    put_at(blob, 16, rsdt);
    if (revision >= 2) {
      put_at(blob, 20, u32{36});
      put_at(blob, 24, xsdt);
    }
    blob[8] = static_cast<u8>(-sum(std::span(blob).first(20)));
    if (revision >= 2) blob[32] = static_cast<u8>(-sum(blob));
    memory[at] = blob;
  }
  std::span<const u8> read(hw::PhysAddr start, u64 size) const {
    auto next = memory.upper_bound(start.value);
    if (next == memory.begin()) return {};
    auto const& [at, blob] = *--next;
    u64 const offset = start.value - at;
    if (offset > blob.size() || blob.size() - offset < size) return {};
    return std::span(blob).subspan(offset, size);
  }

 private:
  u64 next_ = 0x7fe'0000;
};

}  // namespace nacre::test
