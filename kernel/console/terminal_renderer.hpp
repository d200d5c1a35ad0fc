#pragma once

#include <expected>
#include <optional>

#include "kernel/console/glyph_cache.hpp"
#include "kernel/drivers/framebuffer.hpp"
#include "lib/text/selection.hpp"
#include "lib/text/terminal.hpp"

namespace nacre::console {

using base::u16;
using base::u32;
using base::u8;
using base::usize;
using drivers::i32;

/// What is seen of a terminal besides its text.
struct TerminalMarks {
  // Drawn in reverse.
  const text::Selection& selection;
  std::optional<text::CellPlace> pointer;
  /// What blinks is not seen.
  bool is_dark = false;
};

/// Draws a terminal on a framebuffer, in the middle of it: only what changed, and scrolling by
/// moving pixels. Both fonts have glyphs of one size.
class TerminalRenderer {
 public:
  /// Errors: OutOfMemory.
  static std::expected<TerminalRenderer, base::OutOfMemory> create(text::Font regular,
                                                                   text::Font bold,
                                                                   drivers::Framebuffer& screen);

  /// How many characters there is room for, at most as many as a terminal may have. 0 if the screen
  /// is smaller than a character.
  u16 columns() const { return columns_; }
  u16 rows() const { return rows_; }
  /// The regular one of both.
  const text::Font& font() const { return glyphs_.font(); }

  /// Draws and shows what the terminal's damage names and where the marks are others than before,
  /// and clears the damage. The terminal is not
  /// larger than `columns()` x `rows()`. Returns whether the whole screen was drawn anew, as it is
  /// when the background is another one.
  bool update(text::Terminal& terminal, const TerminalMarks& marks);
  /// Draws and shows everything, whatever is on the screen.
  void redraw(text::Terminal& terminal, const TerminalMarks& marks);
  /// Draws and shows a row of cells in the terminal's colours, in the row below the terminal. There
  /// are `columns()` of them.
  void draw_below(const text::Terminal& terminal, std::span<const text::Cell> cells);

 private:
  TerminalRenderer(GlyphCache glyphs, drivers::Framebuffer& screen);

  drivers::Rect draw_changes(text::Terminal& terminal, const TerminalMarks& marks);
  bool is_shown(const text::Terminal& terminal, const TerminalMarks& marks) const;
  void take_marks(text::Terminal& terminal, const TerminalMarks& marks);
  void move_rows(const text::ScrolledRows& scrolled);
  drivers::Rect draw_span(const text::Terminal& terminal, std::span<const text::Cell> cells,
                          u16 row, text::ColumnSpan span);
  void draw_part(const text::Terminal& terminal, std::span<const text::Cell> cells, u16 row,
                 text::ColumnSpan part, bool is_reversed);
  void draw_cursor(const text::Terminal& terminal, const text::CursorState& cursor);
  void draw_tiles(u16 row, u16 column, std::span<const u32> tiles);
  GlyphStyle style_of(const text::Terminal& terminal, const text::Cell& cell,
                      bool is_reversed) const;
  drivers::Rect area_of(u16 row, u16 first, u16 last) const;

  GlyphCache glyphs_;
  drivers::Framebuffer* screen_;
  u16 columns_ = 0;
  u16 rows_ = 0;
  i32 left_ = 0;
  i32 top_ = 0;
  base::Vector<u32> tiles_;                  // one row of characters, as `GlyphCache` finds them
  std::optional<text::CursorState> cursor_;  // as it was drawn
  std::optional<text::CellPlace> pointer_;   // as it was drawn
  bool is_dark_ = false;                     // as it was drawn
  bool has_selected_ = false;                // as it was drawn: something is selected
  base::Vector<text::ColumnSpan> selected_;  // as they were drawn, of each row
  std::optional<text::Rgb> background_;      // as it was drawn around the text
};

}  // namespace nacre::console
