#pragma once

#include "lib/base/format.hpp"
#include "lib/text/cell.hpp"
#include "lib/text/escape_parser.hpp"

namespace nacre::text {

/// Changes how characters are written from now on: attributes and colours of `pen`, as SGR says.
/// What it does not know it leaves out. [ecma-48: "Select graphic rendition"]
void select_graphics(const ControlSequence& sequence, Cell& pen);

/// The parameters of SGR that make a pen from a plain one.
struct GraphicsOf {
  const Cell& pen;
};
void format_value(base::Sink& sink, const GraphicsOf& graphics);

}  // namespace nacre::text
