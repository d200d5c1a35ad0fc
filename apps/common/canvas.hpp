#pragma once

#include <nacre.h>

#include "apps/common/colour.hpp"
#include "apps/common/text.hpp"

namespace arcade {

enum class Align : unsigned char { Left, Centre, Right };

/// A screen of 320 by 240 pixels. `show` enlarges it by the largest whole number that fits and puts
/// it into the middle of the real one. Text is drawn over the pixels, in the console's font, as
/// large as suits the scale. Everything is clipped at its edges.
class Canvas {
 public:
  static constexpr int width = 320;
  static constexpr int height = 240;

  void clear(Colour colour) { fill(0, 0, width, height, colour); }
  /// From one colour at the top to another at the bottom.
  void fade(Colour top, Colour bottom) {
    for (int y = 0; y < height; ++y) fill(0, y, width, 1, mix(top, bottom, 256 * y / height));
  }
  /// Takes over all pixels of another.
  void copy(const Canvas& from) { __builtin_memcpy(pixels_, from.pixels_, sizeof pixels_); }

  void pixel(int x, int y, Colour colour) {
    if (static_cast<unsigned>(x) < width && static_cast<unsigned>(y) < height) row(y)[x] = colour;
  }
  void fill(int x, int y, int columns, int rows, Colour colour) {
    int const left = x > 0 ? x : 0;
    int const top = y > 0 ? y : 0;
    int const right = x + columns < width ? x + columns : width;
    int const bottom = y + rows < height ? y + rows : height;
    if (left >= right || top >= bottom) return;
    Colour* const first = row(top) + left;
    int const count = right - left;
    for (int i = 0; i < count; ++i) first[i] = colour;
    // Copying is one instruction.
    for (int at = top + 1; at < bottom; ++at)
      __builtin_memcpy(row(at) + left, first, static_cast<unsigned>(count) * sizeof(Colour));
  }
  /// The edge of a rectangle, `thickness` pixels wide, inside of it.
  void outline(int x, int y, int columns, int rows, Colour colour, int thickness = 1) {
    fill(x, y, columns, thickness, colour);
    fill(x, y + rows - thickness, columns, thickness, colour);
    fill(x, y, thickness, rows, colour);
    fill(x + columns - thickness, y, thickness, rows, colour);
  }
  /// A block that is lit from the top left.
  void block(int x, int y, int columns, int rows, Colour colour) {
    fill(x, y, columns, rows, colour);
    fill(x, y, columns, 1, lighter(colour));
    fill(x, y, 1, rows, lighter(colour));
    fill(x, y + rows - 1, columns, 1, darker(colour));
    fill(x + columns - 1, y, 1, rows, darker(colour));
  }
  /// A filled circle around a pixel.
  void disc(int x, int y, int radius, Colour colour) {
    for (int dy = -radius; dy <= radius; ++dy) {
      int half = radius;
      while (half * half + dy * dy > radius * radius + radius / 2) --half;
      fill(x - half, y + dy, 2 * half + 1, 1, colour);
    }
  }
  /// A row, for who draws pixel by pixel.
  Colour* row(int y) { return pixels_ + y * width; }

  /// Text for the next `show`: `x` is its left end, middle or right end, `y` its top; `enlarged`
  /// times as large as other text.
  void text(int x, int y, Align align, const Text& text, Colour colour, int enlarged = 1) {
    if (label_count_ == most_labels) return;
    labels_[label_count_++] = {text, x, y, enlarged, colour, align};
  }
  /// Takes back the text that would be seen in a rectangle: something is drawn over it.
  void cover(int x, int y, int columns, int rows) {
    int kept = 0;
    for (int i = 0; i < label_count_; ++i) {
      Label const& label = labels_[i];
      int const begin = label.x - before(label) / scale();
      int const end = begin + extent(label) / scale();
      int const bottom = label.y + line_height() * label.enlarged;
      bool const is_apart = end <= x || begin >= x + columns || bottom <= y || label.y >= y + rows;
      if (is_apart) labels_[kept++] = label;
    }
    label_count_ = kept;
  }
  /// Of a line of text that is not enlarged.
  int line_height() const { return (text_scale() * character_height() + scale() - 1) / scale(); }

  /// Draws everything on the real screen; it is seen after `next_frame`.
  void show() {
    blit_scaled(left(), top(), width, height, pixels_, width, scale());
    for (int i = 0; i < label_count_; ++i) draw(labels_[i]);
    label_count_ = 0;
  }

 private:
  static constexpr int most_labels = 32;
  struct Label {
    Text text;
    int x = 0;
    int y = 0;
    int enlarged = 0;
    Colour colour = 0;
    Align align = Align::Left;
  };

  static int scale() {
    int const by_width = screen_width() / width;
    int const by_height = screen_height() / height;
    int const smaller = by_width < by_height ? by_width : by_height;
    return smaller > 1 ? smaller : 1;
  }
  static int left() { return (screen_width() - width * scale()) / 2; }
  static int top() { return (screen_height() - height * scale()) / 2; }
  /// Characters are between four and eight pixels of the canvas wide.
  static int text_scale() { return (scale() * 2 + 1) / 3; }

  /// Pixels of the real screen, from end to end.
  static int extent(const Label& label) {
    return label.text.columns() * character_width() * text_scale() * label.enlarged;
  }
  /// Of these, what lies before the label's place.
  static int before(const Label& label) {
    switch (label.align) {
      case Align::Left: return 0;
      case Align::Centre: return extent(label) / 2;
      case Align::Right: break;
    }
    return extent(label);
  }
  static void draw(const Label& label) {
    draw_text(left() + label.x * scale() - before(label), top() + label.y * scale(),
              label.text.data(), static_cast<uint32_t>(label.text.size()),
              text_scale() * label.enlarged, red_of(label.colour), green_of(label.colour),
              blue_of(label.colour));
  }

  Colour pixels_[width * height]{};
  Label labels_[most_labels]{};
  int label_count_ = 0;
};

}  // namespace arcade
