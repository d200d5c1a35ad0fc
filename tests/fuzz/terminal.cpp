// Any bytes are a terminal's input: cursor and cells stay valid, who draws only what the damage
// names shows the screen, and it makes no difference where the bytes are cut.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "lib/text/selection.hpp"

namespace {

using namespace nacre::text;

constexpr u16 columns = 7;
constexpr u16 rows = 5;

/// What is seen in a row, as wide as the screen.
std::vector<Cell> seen(const Terminal& terminal, u16 row) {
  auto const cells = terminal.visible_row(row);
  std::vector<Cell> whole(cells.begin(), cells.end());
  whole.resize(terminal.columns());
  return whole;
}

struct Mirror {
  std::vector<std::vector<Cell>> shown;

  void update(Terminal& terminal) {
    shown.resize(terminal.rows());
    ScrolledRows const scrolled = terminal.damage().scrolled();
    auto const begin = shown.begin() + scrolled.top;
    auto const end = shown.begin() + scrolled.bottom;
    if (scrolled.lines > 0) std::shift_left(begin, end, scrolled.lines);
    if (scrolled.lines < 0) std::shift_right(begin, end, -scrolled.lines);
    for (u16 row = 0; row < terminal.rows(); ++row) {
      shown[row].resize(terminal.columns());
      auto const span = terminal.damage().rows()[row];
      auto const cells = seen(terminal, row);
      std::copy(cells.begin() + span.first, cells.begin() + std::max(span.first, span.last),
                shown[row].begin() + span.first);
      NACRE_ASSERT(std::ranges::equal(shown[row], cells));
    }
    terminal.damage().clear();
  }
};

void check(const Terminal& terminal) {
  CursorState const cursor = terminal.cursor();
  NACRE_ASSERT(cursor.row < terminal.rows() && cursor.column < terminal.columns());
  NACRE_ASSERT(terminal.view_offset() <= terminal.scroll_back().size());
  for (u16 row = 0; row < terminal.rows(); ++row) {
    auto const cells = terminal.row(row);
    for (std::size_t column = 0; column < cells.size(); ++column) {
      NACRE_ASSERT(cells[column].codepoint >= 0x20 && cells[column].codepoint <= 0x10ffff);
      bool const head = cells[column].attributes.has(Attribute::WideHead);
      bool const tail_follows =
          column + 1 < cells.size() && cells[column + 1].attributes.has(Attribute::WideTail);
      NACRE_ASSERT(head == tail_follows);
    }
  }
}

/// Selects from one cell to another, which the input chooses, and takes what is selected.
void select(Selection& selection, const Terminal& terminal, std::size_t choice) {
  auto const place = [&](std::size_t number) {
    return CellPlace{static_cast<u16>(number % terminal.rows()),
                     static_cast<u16>(number / 8 % terminal.columns())};
  };
  selection.forget_if_changed(terminal);
  if (choice % 3 == 0)
    selection.start(terminal, place(choice), static_cast<SelectionUnit>(choice / 3 % 3));
  selection.extend(terminal, place(choice * 7));
  for (u16 row = 0; row < terminal.rows(); ++row)
    NACRE_ASSERT(selection.columns_in(terminal, row).last <= terminal.columns());
  NACRE_ASSERT(selection.copy(terminal)->size() <= Selection::max_copy);
}

Terminal make_terminal() {
  auto terminal = Terminal::create(columns, rows);
  NACRE_ASSERT(terminal && terminal->keep_scroll_back(100, 9));
  return std::move(*terminal);
}

void expect_same(const Terminal& left, const Terminal& right) {
  NACRE_ASSERT(left.cursor() == right.cursor());
  NACRE_ASSERT(left.title() == right.title() && left.bells() == right.bells());
  NACRE_ASSERT(left.scroll_back().size() == right.scroll_back().size());
  for (u16 row = 0; row < left.rows(); ++row)
    NACRE_ASSERT(std::ranges::equal(left.row(row), right.row(row)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view const input(reinterpret_cast<const char*>(data) + 1, size - 1);
  Terminal whole = make_terminal();
  whole.write(input);

  // The first byte says how it is cut.
  std::size_t const step = data[0] % 31u + 1;
  Terminal cut = make_terminal();
  Mirror mirror;
  Selection selection;
  for (std::size_t at = 0; at < input.size(); at += step) {
    cut.write(input.substr(at, step));
    check(cut);
    mirror.update(cut);
    select(selection, cut, at + data[at % size]);
  }
  expect_same(whole, cut);

  // Looked back into, and resized in the middle of it.
  Terminal resized = make_terminal();
  resized.write(input.substr(0, input.size() / 3));
  resized.scroll_view(data[0] % 4);
  Mirror other;
  other.update(resized);
  resized.write(input.substr(input.size() / 3, input.size() / 3));
  other.update(resized);
  NACRE_ASSERT(
      resized.resize(static_cast<u16>(data[0] % 11 + 1), static_cast<u16>(data[0] % 7 + 1)));
  check(resized);
  select(selection, resized, data[0]);
  resized.write(input.substr(input.size() / 3 * 2));
  check(resized);
  return 0;
}
