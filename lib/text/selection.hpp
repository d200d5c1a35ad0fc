#pragma once

#include "lib/base/string.hpp"
#include "lib/text/pointer.hpp"
#include "lib/text/terminal.hpp"

namespace nacre::text {

/// What a selection grows by.
enum class SelectionUnit : u8 { Character, Word, Line };

/// A piece of a terminal's text, of what is on its screen and of what has left it. It stays with
/// its text when that scrolls, and is over once the text under it is another one. It keeps no copy:
/// each function is given the terminal that the others were given.
class Selection {
 public:
  /// Copies are no larger than this, in bytes.
  static constexpr usize max_copy = usize{256} * 1024;

  /// Begins at a cell of what is seen: nothing is selected yet, or the word or line that is there.
  void start(const Terminal& terminal, CellPlace at, SelectionUnit unit);
  /// Selects from where it began up to and with the cell, or the word or line that is there. Does
  /// nothing if it did not begin.
  void extend(const Terminal& terminal, CellPlace to);
  void clear() { *this = {}; }
  /// Clears it if its text has changed.
  void forget_if_changed(const Terminal& terminal);

  bool has_begun() const { return has_begun_; }
  bool empty() const { return first_ == end_; }
  /// The columns of a row of what is seen that are selected.
  ColumnSpan columns_in(const Terminal& terminal, u16 row) const;
  /// The text as UTF-8: rows that go on in the next one are joined, others end without blanks and
  /// with a line feed, but for the last one. Of one that is larger than `max_copy` it is the
  /// beginning. Errors: OutOfMemory.
  std::expected<base::String, base::OutOfMemory> copy(const Terminal& terminal) const;

 private:
  /// A place between the cells of a terminal's line, to the left of `column`.
  struct Place {
    base::u64 line = 0;
    u16 column = 0;
    friend constexpr auto operator<=>(const Place&, const Place&) = default;
  };
  struct Range {
    Place first;
    Place end;
  };

  static Range unit_at(const Terminal& terminal, CellPlace at, SelectionUnit unit);
  ColumnSpan columns_of(const Terminal& terminal, base::u64 line) const;
  base::u64 fingerprint(const Terminal& terminal) const;

  bool has_begun_ = false;
  SelectionUnit unit_ = SelectionUnit::Character;
  Range anchor_;
  Place first_;
  Place end_;
  base::u64 fingerprint_ = 0;  // of its text when it was selected
};

}  // namespace nacre::text
