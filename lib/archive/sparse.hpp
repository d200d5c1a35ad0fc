#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "lib/archive/pax.hpp"
#include "lib/archive/tar_header.hpp"

namespace nacre::archive {

/// Where the stored bytes of a file with holes belong: segments in rising order, between which the
/// file is zeros. Borrowed from the archive in whichever form it stands there, and read anew by
/// each `Cursor`. [gnu/tar: "Storing Sparse Files"]
class SparseMap {
 public:
  enum class Form : u8 {
    GnuHeader,   // fields of the member's header and of the blocks that continue it
    PaxRecords,  // pairs of `GNU.sparse.offset` and `GNU.sparse.numbytes` records: version 0.0
    PaxList,     // the value of one `GNU.sparse.map` record: version 0.1
    PaxData,     // decimal lines in front of the member's data: version 1.0
  };
  struct Segment {
    u64 offset;
    u64 size;
  };

  constexpr SparseMap(Form form, std::span<const u8> bytes) : form_(form), bytes_(bytes) {}

  /// Reads the segments one after another.
  class Cursor {
   public:
    explicit Cursor(const SparseMap& map);

    /// The next segment. Nothing at the end and where the map is damaged.
    std::optional<Segment> next();
    bool is_damaged() const { return damaged_; }
    /// How many bytes of a `PaxData` map were read.
    usize offset() const { return at_; }

   private:
    std::optional<Segment> next_in_header();
    std::optional<Segment> next_record();
    std::optional<u64> number(char end);
    std::optional<Segment> give(std::optional<i64> offset, std::optional<i64> size);
    std::optional<Segment> damaged();

    Form form_;
    std::span<const u8> bytes_;
    PaxRecords records_;
    usize at_ = 0;       // in the text, or the number of the next field pair
    u64 remaining_ = 0;  // segments of a PaxData map
    bool damaged_ = false;
  };

  /// Whether the segments rise, do not overlap, lie in a file of `file_size` bytes, and are made of
  /// at most `stored` bytes.
  bool is_valid(u64 file_size, u64 stored) const;

 private:
  Form form_;
  std::span<const u8> bytes_;
};

/// Puts what the file has at `offset` into `buffer`, holes as zeros. How many bytes: less than
/// asked for only at the file's end. The map must be valid for `stored` and `file_size`.
usize read_sparse(const SparseMap& map, std::span<const u8> stored, u64 file_size, u64 offset,
                  std::span<u8> buffer);

}  // namespace nacre::archive
