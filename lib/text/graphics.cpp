#include "lib/text/graphics.hpp"

#include <algorithm>

namespace nacre::text {
namespace {

/// Protection is no matter of looks: SGR does not touch it.
Cell plain(const Cell& pen) {
  Cell cell;
  if (pen.attributes.has(Attribute::Protected)) cell.attributes.set(Attribute::Protected);
  return cell;
}

/// A colour behind 38 or 48 at `index`, with semicolons (5;n and 2;r;g;b) or colons (5:n, 2:r:g:b
/// and 2:space:r:g:b). Returns the index of its last parameter.
usize select_color(const ControlSequence& sequence, usize index, Color& color) {
  usize last = index;
  while (sequence.is_part(last + 1)) ++last;
  bool const has_colons = last > index;
  usize const available = (has_colons ? last + 1 : sequence.count()) - index - 1;
  if (available == 0) return last;
  auto const level = [&](usize at) {
    return static_cast<u8>(std::min<u16>(sequence.parameter(at, 0), 255));
  };
  switch (sequence.parameter(index + 1, 0)) {
    case 5:
      if (available >= 2 && sequence.parameter(index + 2, 0) < 256)
        color = Color::indexed(level(index + 2));
      return has_colons ? last : std::min(index + 2, index + available);
    case 2: {
      usize const first = index + (has_colons && available >= 5 ? 3 : 2);
      if (available >= 4) color = Color::direct({level(first), level(first + 1), level(first + 2)});
      return has_colons ? last : std::min(index + 4, index + available);
    }
    default: return has_colons ? last : index + 1;
  }
}

void describe_color(base::Sink& sink, Color color, unsigned first) {
  switch (color.kind()) {
    case Color::Kind::Default: return;
    case Color::Kind::Indexed:
      if (color.index() < 8) return base::format_to(sink, ";{}", first + color.index());
      if (color.index() < 16) return base::format_to(sink, ";{}", first + 52u + color.index());
      return base::format_to(sink, ";{}:5:{}", first + 8, color.index());
    case Color::Kind::Direct:
      return base::format_to(sink, ";{}:2::{}:{}:{}", first + 8, color.rgb().red, color.rgb().green,
                             color.rgb().blue);
  }
}

}  // namespace

void select_graphics(const ControlSequence& sequence, Cell& pen) {
  auto const set = [&](Attribute attribute) { pen.attributes.set(attribute); };
  auto const clear = [&](Attribute attribute) { pen.attributes.clear(attribute); };
  usize const count = std::max<usize>(sequence.count(), 1);
  for (usize i = 0; i < count; ++i) {
    u16 const code = sequence.parameter(i, 0);
    // 4:0 is no underline; the kinds of underline are all drawn alike.
    if (code == 4 && sequence.is_part(i + 1)) {
      sequence.parameter(i + 1, 0) == 0 ? clear(Attribute::Underline) : set(Attribute::Underline);
      while (sequence.is_part(i + 1)) ++i;
      continue;
    }
    if (code >= 30 && code <= 37) pen.foreground = Color::indexed(static_cast<u8>(code - 30));
    if (code >= 40 && code <= 47) pen.background = Color::indexed(static_cast<u8>(code - 40));
    if (code >= 90 && code <= 97) pen.foreground = Color::indexed(static_cast<u8>(code - 82));
    if (code >= 100 && code <= 107) pen.background = Color::indexed(static_cast<u8>(code - 92));
    switch (code) {
      case 0: pen = plain(pen); break;
      case 1: set(Attribute::Bold); break;
      case 2: set(Attribute::Dim); break;
      case 3: set(Attribute::Italic); break;
      case 4:
      case 21: set(Attribute::Underline); break;
      case 5:
      case 6: set(Attribute::Blink); break;
      case 7: set(Attribute::Reverse); break;
      case 8: set(Attribute::Hidden); break;
      case 9: set(Attribute::Strikethrough); break;
      case 22:
        clear(Attribute::Bold);
        clear(Attribute::Dim);
        break;
      case 23: clear(Attribute::Italic); break;
      case 24: clear(Attribute::Underline); break;
      case 25: clear(Attribute::Blink); break;
      case 27: clear(Attribute::Reverse); break;
      case 28: clear(Attribute::Hidden); break;
      case 29: clear(Attribute::Strikethrough); break;
      case 38: i = select_color(sequence, i, pen.foreground); break;
      case 39: pen.foreground = {}; break;
      case 48: i = select_color(sequence, i, pen.background); break;
      case 49: pen.background = {}; break;
      default: break;
    }
    while (sequence.is_part(i + 1)) ++i;
  }
}

void format_value(base::Sink& sink, const GraphicsOf& graphics) {
  constexpr std::array attributes = std::to_array({
      Attribute::Bold,
      Attribute::Dim,
      Attribute::Italic,
      Attribute::Underline,
      Attribute::Blink,
      Attribute::Reverse,
      Attribute::Hidden,
      Attribute::Strikethrough,
  });
  constexpr std::string_view codes = "12345789";
  sink.write("0");
  for (usize i = 0; i < attributes.size(); ++i) {
    if (!graphics.pen.attributes.has(attributes[i])) continue;
    sink.write(";");
    sink.write(codes.substr(i, 1));
  }
  describe_color(sink, graphics.pen.foreground, 30);
  describe_color(sink, graphics.pen.background, 40);
}

}  // namespace nacre::text
