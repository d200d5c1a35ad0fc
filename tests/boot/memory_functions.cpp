#include <array>
#include <cstring>

#include "tests/support/boot_test.hpp"

namespace nacre {
namespace {

using base::u8;
using base::usize;

// Longer than two rounds of the longest loop, with room on both sides.
constexpr usize longest = 150;
constexpr usize size = 512;
using Area = std::array<u8, size>;

u8 byte_at(usize index) { return static_cast<u8>(index * 7 + 3); }
Area numbered() {
  Area area;
  for (usize i = 0; i < size; ++i) area[i] = byte_at(i);
  return area;
}

/// Whether `moved` is a numbered area in which `count` bytes were moved from `from` to `to`.
bool is_moved(const Area& moved, usize to, usize from, usize count) {
  for (usize i = 0; i < size; ++i) {
    bool const inside = i >= to && i < to + count;
    if (moved[i] != byte_at(inside ? i - to + from : i)) return false;
  }
  return true;
}

BOOT_TEST("memcpy copies all sizes, and nothing else") {
  usize wrong = 0;
  for (usize count = 0; count <= longest; ++count) {
    for (usize shift = 0; shift < 9; ++shift) {
      Area area = numbered();
      u8* const to = area.data() + 300 + shift;
      bool const returned = std::memcpy(to, area.data() + 8, count) == to;
      wrong += !returned || !is_moved(area, 300 + shift, 8, count);
    }
  }
  EXPECT_EQ(wrong, usize{0});
}

BOOT_TEST("memmove moves over itself, both ways and however far") {
  usize wrong = 0;
  for (usize count = 0; count <= longest; ++count) {
    for (usize to = 130; to <= 270; ++to) {
      Area area = numbered();
      bool const returned =
          std::memmove(area.data() + to, area.data() + 200, count) == area.data() + to;
      wrong += !returned || !is_moved(area, to, 200, count);
    }
  }
  EXPECT_EQ(wrong, usize{0});
}

BOOT_TEST("memset fills all sizes, and nothing else") {
  usize wrong = 0;
  for (usize count = 0; count <= longest; ++count) {
    for (usize start = 100; start < 109; ++start) {
      Area area = numbered();
      bool const returned = std::memset(area.data() + start, 0x1a5, count) == area.data() + start;
      wrong += !returned;
      for (usize i = 0; i < size; ++i)
        wrong += area[i] != (i >= start && i < start + count ? 0xa5 : byte_at(i));
    }
  }
  EXPECT_EQ(wrong, usize{0});
}

BOOT_TEST("memcmp compares as unsigned bytes") {
  Area const one = numbered();
  for (usize at = 0; at < 20; ++at) {
    Area other = one;
    EXPECT_EQ(std::memcmp(one.data(), other.data(), 20), 0);
    other[at] = static_cast<u8>(one[at] + 128);
    bool const is_less = one[at] < other[at];
    EXPECT_TRUE((std::memcmp(one.data(), other.data(), 20) < 0) == is_less);
    EXPECT_EQ(std::memcmp(one.data(), other.data(), at), 0);
  }
}

BOOT_TEST("memchr finds the first, and nothing beyond the end") {
  Area area{};
  usize wrong = 0;
  for (usize start = 0; start < 9; ++start) {
    for (usize count = 0; count <= 40; ++count) {
      const u8* const from = area.data() + start;
      for (usize at = 0; at <= count; ++at) {
        // A neighbour that differs in its lowest bit, and what is wanted twice.
        area[start + at] = 0xff;
        area[start + at + 1] = 0xff;
        area[start + at + 2] = 0xfe;
        const u8* const expected = at < count ? from + at : nullptr;
        wrong += std::memchr(from, 0x1ff, count) != expected;
        area[start + at] = area[start + at + 1] = area[start + at + 2] = 0;
      }
    }
  }
  EXPECT_EQ(wrong, usize{0});
}

}  // namespace
}  // namespace nacre
