#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "lib/archive/member_name.hpp"
#include "lib/archive/pax.hpp"
#include "lib/archive/problem.hpp"
#include "lib/archive/sparse.hpp"
#include "lib/archive/tar_header.hpp"
#include "lib/base/time.hpp"
#include "lib/base/types.hpp"

namespace nacre::archive {

enum class MemberType : u8 {
  File,
  HardLink,
  Symlink,
  Directory,
  CharacterDevice,
  BlockDevice,
  Fifo
};

/// One member of an archive. All texts and data are borrowed from the archive's bytes.
struct Member {
  MemberType type = MemberType::File;
  /// True when `data` is less than what the header promises.
  bool truncated = false;
  /// Permission, set-id and sticky bits.
  u32 mode = 0;
  /// Of the member's own header, from the start of the archive.
  u64 offset = 0;
  /// Never has `..` in it, and at least one component unless it is a directory, which may be the
  /// root itself.
  MemberName name;
  /// Of a symlink: its text, as it is; it may be absolute and have `..` in it. Of a hard link: the
  /// name of another member, to be read through `MemberName`, without `..`.
  std::string_view link_target;
  /// Of a file: its bytes, or, when it is sparse, those that are not in its holes; `read_sparse`
  /// puts them in their places.
  std::span<const u8> data;
  std::optional<SparseMap> sparse_map;
  /// Of the whole file, holes included.
  u64 size = 0;
  base::UnixTime modified;
  i64 user_id = 0;
  i64 group_id = 0;
  std::string_view user_name;
  std::string_view group_name;
  i64 device_major = 0;
  i64 device_minor = 0;
};

/// Reads tar archives of every common kind (v7, ustar, pax, GNU, star) from bytes in memory, member
/// by member. Several archives back to back are one, with zero blocks or padding to any alignment
/// between them.
///
/// Nothing is copied and nothing is allocated, whatever the archive holds; the time is linear in
/// its size. What is wrong is told to the listener, and reading goes on with what can be made out:
/// after a damaged header with the next block whose checksum is right. The archive must outlive
/// what was read from it. [posix/xcu: "pax"], [gnu/tar: "Tar Internals"]
class TarReader {
 public:
  /// Longest name and link target, and longest component of a name, in bytes.
  static constexpr usize max_path = 4096;
  static constexpr usize max_component = 255;

  TarReader(std::span<const u8> archive, ProblemListener listener)
      : archive_(archive), listener_(listener) {}

  /// The next member in the order of the archive, or nothing at its end.
  std::optional<Member> next();

 private:
  using Keyword = PaxFields::Keyword;

  /// What a header's data turned out to be.
  struct Extent {
    std::span<const u8> data;
    usize next;  // where the next header is expected
    bool truncated;
  };

  bool advance_to_header();
  bool is_header_at(usize offset) const;
  bool is_end_or_header_at(usize offset) const;
  usize skip_zeros(usize offset) const;
  usize find_header(usize from) const;
  TarHeader header_at(usize offset) const;

  bool read_member(const TarHeader& header, Member& member);
  void read_extension(const TarHeader& header);
  void read_pax_records(std::span<const u8> data, PaxFields& fields);
  bool skip_special(const TarHeader& header);
  bool read_sparse_map(const TarHeader& header, Member& member);
  Extent extent_of(u64 size, const MemberName& name);
  bool has_body(u64 size) const;

  std::optional<std::string_view> pax_value(Keyword keyword) const;
  bool names_are_fit(Member& member);
  void read_owner(const TarHeader& header, Member& member);
  void move_on(const Extent& extent);
  void forget_extensions();
  void drop_dangling_extensions();

  std::string_view text_of(std::span<const u8> bytes) const;
  u64 offset_of(std::string_view borrowed) const;
  void report(const Problem& problem) { listener_(problem); }

  std::span<const u8> archive_;
  ProblemListener listener_;
  usize offset_ = 0;    // of the next header
  usize data_end_ = 0;  // of the last member, before the padding to a whole block
  bool any_header_ = false;
  bool ended_ = false;  // zero blocks have been seen since the last header

  PaxFields global_;
  PaxFields local_;
  std::span<const u8> local_records_;  // of the last local header
  std::optional<std::string_view> long_name_;
  std::optional<std::string_view> long_link_;
  usize extension_offset_ = 0;  // of the first header that extends the next member
};

}  // namespace nacre::archive
