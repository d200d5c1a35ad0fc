#pragma once

#include <string>

#include "lib/text/terminal.hpp"

namespace nacre::test {

/// What a row of the screen says, without the spaces at its end.
inline std::string row_text(const text::Terminal& terminal, base::u16 row) {
  std::string said;
  for (const text::Cell& cell : terminal.row(row))
    if (!cell.attributes.has(text::Attribute::WideTail))
      said += text::encode_utf8(cell.codepoint).view();
  while (!said.empty() && said.back() == ' ') said.pop_back();
  return said;
}

}  // namespace nacre::test
