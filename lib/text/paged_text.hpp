#pragma once

#include <array>
#include <expected>
#include <optional>
#include <string_view>

#include "lib/base/format.hpp"
#include "lib/base/string.hpp"
#include "lib/base/types.hpp"
#include "lib/base/vector.hpp"

namespace nacre::text {

using base::u16;
using base::u32;
using base::u8;
using base::usize;

/// A text that comes piece by piece, and the rows of a screen that its lines take. Bytes that are
/// no text are shown all the same: control characters as `^X`, others as `<XX>`; tabs reach to the
/// next multiple of eight columns.
class PagedText {
 public:
  /// Where a row begins: at a byte of a line.
  struct Place {
    usize line = 0;
    usize offset = 0;
    friend constexpr auto operator<=>(Place, Place) = default;
  };
  /// How lines become rows.
  struct Layout {
    u16 columns = 80;
    /// A line is one row, of which `skipped` columns are not seen, and what does not fit is not;
    /// else it goes on in the next row.
    bool chops = false;
    usize skipped = 0;
  };
  /// A character as it is shown: printable text of so many columns.
  struct Shown {
    usize offset;
    usize size;
    std::array<char, 8> text;
    u8 text_size;
    u8 columns;
    bool is_escaped;  // it stands for what is no text
    std::string_view view() const { return {text.data(), text_size}; }
  };

  /// More of it. Errors: OutOfMemory; then nothing was added.
  std::expected<void, base::OutOfMemory> append(std::string_view text);
  /// No more of it comes.
  void end();
  bool has_ended() const { return has_ended_; }

  /// How many lines there are as a whole.
  usize line_count() const { return ends_.size(); }
  usize size() const { return text_.size(); }
  /// Without its line feed. `number` < line_count().
  std::string_view line(usize number) const;
  /// How many bytes are before a line, or before the end.
  usize offset_of(usize line) const { return line == 0 ? 0 : ends_[line - 1]; }

  /// The row behind one that begins at `place`; that of a line that is not there yet, too.
  Place row_after(Place place, const Layout& layout) const;
  /// The row before one; nothing before the first.
  std::optional<Place> row_before(Place place, const Layout& layout) const;
  /// The row that the byte at `place` is in.
  Place row_of(Place place, const Layout& layout) const;

  /// The character of `line` at `offset` < line.size(), where so many columns are before it.
  static Shown shown(std::string_view line, usize offset, usize column);

 private:
  base::String text_;
  base::Vector<usize> ends_;  // of the lines, behind the line feed
  bool has_ended_ = false;
  bool lacks_line_feed_ = false;
};

}  // namespace nacre::text
