#include "lib/wasm/binary/cursor.hpp"

#include "lib/wasm/binary/module.hpp"

namespace nacre::wasm {

bool is_utf8(std::span<const u8> bytes) {
  for (usize at = 0; at < bytes.size();) {
    u8 const first = bytes[at];
    if (first < 0x80) {
      ++at;
      continue;
    }
    usize const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || length > bytes.size() - at) return false;
    // The range of the second byte excludes what is overlong, a surrogate or past U+10FFFF.
    u8 const low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    u8 const high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (bytes[at + 1] < low || bytes[at + 1] > high) return false;
    for (usize i = 2; i < length; ++i)
      if ((bytes[at + i] & 0xc0) != 0x80) return false;
    at += length;
  }
  return true;
}

Loaded<std::string_view> Cursor::name() {
  TRY(u32 const length, leb_u32());
  usize const start = offset();
  TRY(auto const bytes, take(length));
  if (length > ModuleLimits::name_size) return refuse(Limited::NameSize, start);
  if (!is_utf8(bytes)) return refuse(Malformed::Utf8, start);
  return std::string_view(std::bit_cast<const char*>(bytes.data()), bytes.size());
}

}  // namespace nacre::wasm
