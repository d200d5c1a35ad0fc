// Any bytes are a terminal's input: cursor and cells stay valid, and who draws only what the damage
// names shows the screen.
#include "lib/text/terminal.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace {

using namespace nacre::text;

constexpr nacre::base::u16 columns = 7;
constexpr nacre::base::u16 rows = 5;

struct Mirror {
  std::vector<std::vector<Cell>> shown{rows, std::vector<Cell>(columns)};

  void update(Terminal& terminal) {
    ScrolledRows const scrolled = terminal.damage().scrolled();
    auto const begin = shown.begin() + scrolled.top;
    auto const end = shown.begin() + scrolled.bottom;
    if (scrolled.lines > 0) std::shift_left(begin, end, scrolled.lines);
    if (scrolled.lines < 0) std::shift_right(begin, end, -scrolled.lines);
    for (u16 row = 0; row < rows; ++row) {
      shown[row].resize(columns);
      auto const span = terminal.damage().rows()[row];
      std::copy(terminal.row(row).begin() + span.first,
                terminal.row(row).begin() + std::max(span.first, span.last),
                shown[row].begin() + span.first);
      NACRE_ASSERT(std::ranges::equal(shown[row], terminal.row(row)));
    }
    terminal.damage().clear();
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto terminal = Terminal::create(columns, rows);
  Mirror mirror;
  std::string_view const input(reinterpret_cast<const char*>(data), size);
  // The first byte says how the rest is cut.
  std::size_t const step = size == 0 ? 1 : data[0] % 31u + 1;
  for (std::size_t at = 0; at < size; at += step) {
    terminal->write(input.substr(at, step));
    CursorState const cursor = terminal->cursor();
    NACRE_ASSERT(cursor.row < rows && cursor.column < columns);
    for (u16 row = 0; row < rows; ++row) {
      auto const cells = terminal->row(row);
      for (std::size_t column = 0; column < columns; ++column) {
        NACRE_ASSERT(cells[column].codepoint >= 0x20 && cells[column].codepoint <= 0x10ffff);
        bool const head = cells[column].attributes.has(Attribute::WideHead);
        bool const tail_follows =
            column + 1 < columns && cells[column + 1].attributes.has(Attribute::WideTail);
        NACRE_ASSERT(head == tail_follows);
      }
    }
    mirror.update(*terminal);
    if (terminal->answers().size() > 64) terminal->clear_answers();
  }
  return 0;
}
