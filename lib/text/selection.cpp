#include "lib/text/selection.hpp"

#include <algorithm>

#include "lib/base/try.hpp"

namespace nacre::text {
namespace {

/// What ends words: blanks, quotes, brackets and what separates commands. Paths and addresses are
/// words.
bool is_word_character(char32_t character) {
  constexpr std::u32string_view separators = U" \"'`()[]{}<>|;,&";
  bool const is_drawing = character >= 0x2500 && character < 0x25a0;
  return separators.find(character) == std::u32string_view::npos && !is_drawing &&
         character != 0xa0;
}

/// The cell of a line, which may be shorter than the screen is wide.
Cell cell_at(std::span<const Cell> line, usize column) {
  return column < line.size() ? line[column] : Cell{};
}

/// Blanks behind a line were not written by anybody.
u16 end_of_text(std::span<const Cell> line) {
  usize end = line.size();
  while (end > 0 && line[end - 1].codepoint == U' ') --end;
  return static_cast<u16>(end);
}

/// Whether a line goes on in the next one.
bool is_wrapped(const Terminal& terminal, base::u64 line) {
  auto const cells = terminal.line(line);
  return cells.size() >= terminal.columns() &&
         cells[terminal.columns() - 1u].attributes.has(Attribute::Wrapped);
}

}  // namespace

void Selection::start(const Terminal& terminal, CellPlace at, SelectionUnit unit) {
  has_begun_ = true;
  unit_ = unit;
  anchor_ = unit_at(terminal, at, unit);
  first_ = anchor_.first;
  end_ = unit == SelectionUnit::Character ? anchor_.first : anchor_.end;
  fingerprint_ = fingerprint(terminal);
}

void Selection::extend(const Terminal& terminal, CellPlace to) {
  if (!has_begun_) return;
  Range const range = unit_at(terminal, to, unit_);
  first_ = std::min(anchor_.first, range.first);
  end_ = std::max(anchor_.end, range.end);
  fingerprint_ = fingerprint(terminal);
}

void Selection::forget_if_changed(const Terminal& terminal) {
  if (has_begun_ && fingerprint_ != fingerprint(terminal)) clear();
}

/// The character, word or line at a cell of what is seen.
Selection::Range Selection::unit_at(const Terminal& terminal, CellPlace at, SelectionUnit unit) {
  base::u64 const line = terminal.number_of_visible_row(at.row);
  auto const cells = terminal.line(line);
  u16 const width = terminal.columns();
  u16 first = std::min(at.column, static_cast<u16>(width - 1));
  u16 last = first;
  switch (unit) {
    case SelectionUnit::Character: break;
    case SelectionUnit::Word: {
      bool const is_word = is_word_character(cell_at(cells, first).codepoint);
      auto const belongs = [&](int column) {
        Cell const cell = cell_at(cells, static_cast<usize>(column));
        return is_word && is_word_character(cell.codepoint);
      };
      while (first > 0 && belongs(first - 1)) --first;
      while (last + 1 < width && belongs(last + 1)) ++last;
      break;
    }
    case SelectionUnit::Line: {
      base::u64 top = line;
      base::u64 bottom = line;
      while (top > terminal.first_line() && is_wrapped(terminal, top - 1)) --top;
      while (is_wrapped(terminal, bottom) && bottom + 1 < terminal.end_of_lines()) ++bottom;
      return {{top, 0}, {bottom, width}};
    }
  }
  // Wide characters are selected whole.
  if (first > 0 && cell_at(cells, first).attributes.has(Attribute::WideTail)) --first;
  if (cell_at(cells, last).attributes.has(Attribute::WideHead)) ++last;
  return {{line, first}, {line, static_cast<u16>(last + 1)}};
}

ColumnSpan Selection::columns_of(const Terminal& terminal, base::u64 line) const {
  if (empty() || line < first_.line || line > end_.line) return {};
  return {line == first_.line ? first_.column : u16{0},
          line == end_.line ? end_.column : terminal.columns()};
}

ColumnSpan Selection::columns_in(const Terminal& terminal, u16 row) const {
  return columns_of(terminal, terminal.number_of_visible_row(row));
}

/// FNV-1a over what is selected, and over which of the screens it is on.
base::u64 Selection::fingerprint(const Terminal& terminal) const {
  base::u64 hash = 0xcbf29ce484222325;
  auto const mix = [&hash](base::u64 value) { hash = (hash ^ value) * 0x100000001b3; };
  mix(terminal.is_alternate() ? 1 : 0);
  mix(terminal.columns());
  if (empty()) return hash;
  for (base::u64 line = first_.line; line <= end_.line; ++line) {
    auto const cells = terminal.line(line);
    ColumnSpan const span = columns_of(terminal, line);
    mix(line >= terminal.first_line() ? 1 : 0);
    for (u16 column = span.first; column < span.last; ++column)
      mix(cell_at(cells, column).codepoint);
  }
  return hash;
}

std::expected<base::String, base::OutOfMemory> Selection::copy(const Terminal& terminal) const {
  base::String text;
  if (empty()) return text;
  for (base::u64 line = first_.line; line <= end_.line; ++line) {
    auto const cells = terminal.line(line);
    ColumnSpan span = columns_of(terminal, line);
    bool const goes_on = is_wrapped(terminal, line);
    if (!goes_on) span.last = std::min(span.last, end_of_text(cells));
    for (u16 column = span.first; column < span.last; ++column) {
      Cell const cell = cell_at(cells, column);
      if (cell.attributes.has(Attribute::WideTail)) continue;
      auto const encoded = encode_utf8(cell.codepoint);
      if (text.size() + encoded.size > max_copy) return text;
      TRY(text.append(encoded.view()));
    }
    if (line == end_.line || goes_on) continue;
    if (text.size() == max_copy) return text;
    TRY(text.append('\n'));
  }
  return text;
}

}  // namespace nacre::text
