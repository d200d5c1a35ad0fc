#pragma once

#include <expected>
#include <span>
#include <string_view>

#include "lib/archive/tar.hpp"
#include "lib/base/vector.hpp"

namespace nacre::archive {

/// What is to be a member. Everything is borrowed.
struct NewMember {
  MemberType type = MemberType::File;
  /// With single slashes between components; not empty.
  std::string_view name;
  /// Of symbolic links and hard links.
  std::string_view link_target{};
  u32 mode = 0;
  /// Bytes that follow the header: of files alone.
  u64 size = 0;
  base::UnixTime modified{};
  u32 user_id = 0;
  u32 group_id = 0;
};

/// Adds the header of a member to `output`: a ustar header and, where a name, link or number does
/// not fit into it, a pax header in front of it. The data follow, and `padding_behind` them.
/// [posix/xcu: "ustar Interchange Format"], [posix/xcu: "pax Extended Header"] Errors: OutOfMemory,
/// and then a part may have been added.
std::expected<void, base::OutOfMemory> append_header(const NewMember& member,
                                                     base::Vector<u8>& output);

/// Zeros up to a whole block behind `size` bytes.
std::span<const u8> padding_behind(u64 size);
/// What is at the end of an archive.
std::span<const u8> end_of_archive();

}  // namespace nacre::archive
