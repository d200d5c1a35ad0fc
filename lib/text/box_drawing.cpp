#include "lib/text/box_drawing.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "lib/base/assert.hpp"

namespace nacre::text {
namespace {

enum class Weight : u8 { None, Light, Heavy, Double };

/// The weights of the lines to the left, up, right and down, for each of the first 128; what is no
/// such cross has none.
constexpr std::string_view weights =
    "1010 2020 0101 0202 0000 0000 0000 0000 0000 0000 0000 0000 0011 0021 0012 0022 "
    "1001 2001 1002 2002 0110 0120 0210 0220 1100 2100 1200 2200 0111 0121 0211 0112 "
    "0212 0221 0122 0222 1101 2101 1201 1102 1202 2201 2102 2202 1011 2011 1021 2021 "
    "1012 2012 1022 2022 1110 2110 1120 2120 1210 2210 1220 2220 1111 2111 1121 2121 "
    "1211 1112 1212 2211 1221 2112 1122 2221 2122 2212 1222 2222 0000 0000 0000 0000 "
    "3030 0303 0031 0013 0033 3001 1003 3003 0130 0310 0330 3100 1300 3300 0131 0313 "
    "0333 3101 1303 3303 3031 1013 3033 3130 1310 3330 3131 1313 3333 0000 0000 0000 "
    "0000 0000 0000 0000 1000 0100 0010 0001 2000 0200 0020 0002 1020 0102 2010 0201 ";
static_assert(weights.size() == 128 * 5);

/// The four directions, in their order around the centre.
constexpr int left = 0;
constexpr int up = 1;

/// A glyph, and where the middle of its cell is.
class Canvas {
 public:
  Canvas(u32 width, u32 height, std::span<u8> glyph)
      : width(static_cast<int>(width)),
        height(static_cast<int>(height)),
        stroke(std::max(1, static_cast<int>(width) / 8)),
        middle_x((this->width - stroke) / 2 + (stroke - 1) / 2),
        middle_y((this->height - stroke) / 2 + (stroke - 1) / 2),
        glyph_(glyph),
        bytes_per_row_((width + 7) / 8) {
    NACRE_ASSERT(glyph.size() == usize{height} * bytes_per_row_);
  }

  void set(int x, int y) {
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    auto const column = static_cast<usize>(x);
    u8& byte = glyph_[static_cast<usize>(y) * bytes_per_row_ + column / 8];
    byte = static_cast<u8>(byte | 0x80u >> column % 8);
  }
  /// All from one corner up to, not including, the other.
  void fill(int first_x, int first_y, int last_x, int last_y) {
    for (int y = first_y; y < last_y; ++y)
      for (int x = first_x; x < last_x; ++x) set(x, y);
  }
  template <class Predicate>
  void set_where(Predicate is_set) {
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        if (is_set(x, y)) set(x, y);
  }
  /// A line from a border of the cell to `reach` beyond the middle, `aside` of the middle, as thick
  /// as a light one and `more` on both sides.
  void line(int direction, int reach, int aside, int more) {
    int const before = (stroke - 1) / 2;
    int const after = stroke / 2 + 1;
    bool const is_horizontal = direction % 2 == 0;
    bool const is_towards_end = direction >= 2;
    int const middle = is_horizontal ? middle_x : middle_y;
    int const across = (is_horizontal ? middle_y : middle_x) + aside;
    int const first = is_towards_end ? middle - reach - before : 0;
    int const last = is_towards_end ? std::max(width, height) : middle + reach + after;
    if (is_horizontal) {
      fill(first, across - before - more, last, across + after + more);
    } else {
      fill(across - before - more, first, across + after + more, last);
    }
  }

  int const width;
  int const height;
  int const stroke;  // of a light line
  int const middle_x;
  int const middle_y;

 private:
  std::span<u8> glyph_;
  usize bytes_per_row_;
};

using Arms = std::array<Weight, 4>;

/// A line of light or heavy weight ends where those across it do, so that corners are whole.
void draw_single_arm(Canvas& canvas, const Arms& arms, int direction) {
  Weight const before = arms[static_cast<usize>((direction + 1) % 4)];
  Weight const behind = arms[static_cast<usize>((direction + 3) % 4)];
  Weight const opposite = arms[static_cast<usize>((direction + 2) % 4)];
  int reach = 0;
  if (before == Weight::Heavy || behind == Weight::Heavy) reach = canvas.stroke;
  bool const is_one_double = before == Weight::Double || behind == Weight::Double;
  if (is_one_double && opposite == Weight::None)
    reach = before == behind ? -canvas.stroke : canvas.stroke;
  bool const is_heavy = arms[static_cast<usize>(direction)] == Weight::Heavy;
  canvas.line(direction, reach, 0, is_heavy ? canvas.stroke : 0);
}

/// Two light lines. Each ends at what it meets on its side, or goes around the corner.
void draw_double_arm(Canvas& canvas, const Arms& arms, int direction) {
  int const first_side = direction % 2 == 0 ? up : left;
  for (int const side : {first_side, first_side + 2}) {
    Weight const near = arms[static_cast<usize>(side)];
    Weight const far = arms[static_cast<usize>((side + 2) % 4)];
    Weight const opposite = arms[static_cast<usize>((direction + 2) % 4)];
    int reach = 0;
    if (near == Weight::Double) {
      reach = -canvas.stroke;
    } else if (near == Weight::None && opposite != Weight::Double && far == Weight::Double) {
      reach = canvas.stroke;
    }
    canvas.line(direction, reach, side == first_side ? -canvas.stroke : canvas.stroke, 0);
  }
}

void draw_cross(Canvas& canvas, usize index) {
  Arms arms{};
  for (usize direction = 0; direction < arms.size(); ++direction)
    arms[direction] = static_cast<Weight>(weights[index * 5 + direction] - '0');
  for (int direction = 0; direction < 4; ++direction) {
    switch (arms[static_cast<usize>(direction)]) {
      case Weight::None: break;
      case Weight::Light:
      case Weight::Heavy: draw_single_arm(canvas, arms, direction); break;
      case Weight::Double: draw_double_arm(canvas, arms, direction); break;
    }
  }
}

void draw_dashes(Canvas& canvas, int count, bool is_vertical, bool is_heavy) {
  int const more = is_heavy ? canvas.stroke : 0;
  int const first = -(canvas.stroke - 1) / 2 - more;
  int const last = canvas.stroke / 2 + more;
  canvas.set_where([&](int x, int y) {
    int const along = is_vertical ? y : x;
    int const length = is_vertical ? canvas.height : canvas.width;
    int const across = is_vertical ? x - canvas.middle_x : y - canvas.middle_y;
    return across >= first && across <= last && along * count % length * 2 < length;
  });
}

/// A quarter of a circle between the middles of two sides.
void draw_arc(Canvas& canvas, bool is_right, bool is_down) {
  int const radius = std::min(canvas.width, canvas.height) / 2 - 1;
  int const x_step = is_right ? 1 : -1;
  int const y_step = is_down ? 1 : -1;
  for (int i = 0; i < canvas.stroke; ++i) {
    int const r = radius + i;
    for (int y = 0; y <= radius; ++y) {
      for (int x = 0; x <= radius; ++x) {
        int const away_x = radius - x;
        int const away_y = radius - y;
        int const distance = away_x * away_x + away_y * away_y - r * r;
        if (distance <= r && distance > -r)
          canvas.set(canvas.middle_x + x_step * x, canvas.middle_y + y_step * y);
      }
    }
  }
  canvas.line(is_right ? 2 : 0, -radius, 0, 0);
  canvas.line(is_down ? 3 : 1, -radius, 0, 0);
}

void draw_diagonal(Canvas& canvas, bool is_falling) {
  for (int y = 0; y < canvas.height; ++y) {
    int const row = is_falling ? y : canvas.height - 1 - y;
    int const x = row * canvas.width / canvas.height;
    canvas.fill(x, y, x + canvas.stroke, y + 1);
  }
}

void draw_block(Canvas& canvas, usize index) {
  auto const eighths = [](int length, int count) { return (length * count + 4) / 8; };
  int const width = canvas.width;
  int const height = canvas.height;
  int const half_x = eighths(width, 4);
  int const half_y = eighths(height, 4);
  auto const number = static_cast<int>(index);
  if (number == 0x00) return canvas.fill(0, 0, width, half_y);
  if (number <= 0x08) return canvas.fill(0, height - eighths(height, number), width, height);
  if (number <= 0x0f) return canvas.fill(0, 0, eighths(width, 0x10 - number), height);
  switch (number) {
    case 0x10: return canvas.fill(half_x, 0, width, height);
    case 0x11: return canvas.set_where([](int x, int y) { return (x + 2 * (y % 2)) % 4 == 0; });
    case 0x12: return canvas.set_where([](int x, int y) { return (x + y) % 2 == 0; });
    case 0x13: return canvas.set_where([](int x, int y) { return (x + 2 * (y % 2)) % 4 != 0; });
    case 0x14: return canvas.fill(0, 0, width, eighths(height, 1));
    case 0x15: return canvas.fill(width - eighths(width, 1), 0, width, height);
    default: break;
  }
  // Quarters: 1 is the upper left, 2 the upper right, 4 the lower left, 8 the lower right one.
  constexpr std::array<u8, 10> quarters{4,         8,         1, 1 | 4 | 8, 1 | 8,
                                        1 | 2 | 4, 1 | 2 | 8, 2, 2 | 4,     2 | 4 | 8};
  u8 const set = quarters[index - 0x16];
  if ((set & 1) != 0) canvas.fill(0, 0, half_x, half_y);
  if ((set & 2) != 0) canvas.fill(half_x, 0, width, half_y);
  if ((set & 4) != 0) canvas.fill(0, half_y, half_x, height);
  if ((set & 8) != 0) canvas.fill(half_x, half_y, width, height);
}

}  // namespace

void draw_box(char32_t codepoint, u32 width, u32 height, std::span<u8> glyph) {
  NACRE_ASSERT(is_box(codepoint));
  Canvas canvas(width, height, glyph);
  usize const index = codepoint - first_box;
  if (index >= 0x80) return draw_block(canvas, index - 0x80);
  bool const is_heavy = index % 2 != 0;
  bool const is_vertical = index % 4 >= 2;
  if (index >= 0x04 && index <= 0x0b)
    return draw_dashes(canvas, index < 0x08 ? 3 : 4, is_vertical, is_heavy);
  if (index >= 0x4c && index <= 0x4f) return draw_dashes(canvas, 2, is_vertical, is_heavy);
  switch (index) {
    case 0x6d: return draw_arc(canvas, true, true);
    case 0x6e: return draw_arc(canvas, false, true);
    case 0x6f: return draw_arc(canvas, false, false);
    case 0x70: return draw_arc(canvas, true, false);
    case 0x71: return draw_diagonal(canvas, false);
    case 0x72: return draw_diagonal(canvas, true);
    case 0x73: draw_diagonal(canvas, false); return draw_diagonal(canvas, true);
    default: return draw_cross(canvas, index);
  }
}

}  // namespace nacre::text
