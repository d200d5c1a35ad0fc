#include "kernel/drivers/framebuffer.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "lib/base/try.hpp"

namespace nacre::drivers {
namespace {

// Wider than any screen; keeps every product of sizes far from overflow.
constexpr u32 max_side = 32'768;

static_assert(std::endian::native == std::endian::little, "pixels are little-endian numbers");

/// Writes each of `count` pixels `Scale` times.
template <usize Scale>
void enlarge_by(const u32* from, usize count, u32* to) {
  for (usize n = 0; n < count; ++n, to += Scale) {
    u32 const pixel = from[n];
    for (usize i = 0; i < Scale; ++i) to[i] = pixel;
  }
}

/// Writes each of `pixels` `scale` times to `out`, of the first one less by `skipped`.
void enlarge(std::span<const u32> pixels, usize skipped, usize scale, std::span<u32> out) {
  usize const begun = std::min(out.size(), (scale - skipped) % scale);
  if (begun != 0) {
    std::ranges::fill(out.first(begun), pixels.front());
    pixels = pixels.subspan(1);
  }
  usize const whole = (out.size() - begun) / scale;
  const u32* const from = pixels.data();
  u32* const to = out.data() + begun;
  // Most scales are small, and a loop of a known length is quick.
  switch (scale) {
    case 2: enlarge_by<2>(from, whole, to); break;
    case 3: enlarge_by<3>(from, whole, to); break;
    case 4: enlarge_by<4>(from, whole, to); break;
    case 5: enlarge_by<5>(from, whole, to); break;
    case 6: enlarge_by<6>(from, whole, to); break;
    default:
      for (usize n = 0; n < whole; ++n) std::fill_n(to + n * scale, scale, from[n]);
  }
  usize const rest = out.size() - begun - whole * scale;
  if (rest != 0) std::ranges::fill(out.last(rest), pixels[whole]);
}

/// Copies `Rows` rows of tiles, which are `Width` pixels wide; in a tile at 0 they are at `sheet`.
template <usize Width, usize Rows>
void copy_tiles(const u32* sheet, std::span<const u32> starts, std::array<u32*, Rows> to) {
  for (u32 const start : starts) {
    for (usize row = 0; row < Rows; ++row) {
      __builtin_memcpy(to[row], sheet + start + row * Width, Width * sizeof(u32));
      to[row] += Width;
    }
  }
}

}  // namespace

std::expected<Framebuffer, FramebufferError> Framebuffer::create(std::span<u8> memory,
                                                                 FramebufferMode mode) {
  if (mode.width == 0 || mode.height == 0 || mode.width > max_side || mode.height > max_side)
    return std::unexpected(FramebufferError::EmptyScreen);
  u64 const row = u64{mode.width} * mode.format.bytes_per_pixel();
  if (mode.stride < row) return std::unexpected(FramebufferError::StrideTooSmall);
  if (u64{mode.stride} * (mode.height - 1) + row > memory.size())
    return std::unexpected(FramebufferError::MemoryTooSmall);
  return Framebuffer(memory, mode);
}

std::expected<void, base::OutOfMemory> Framebuffer::add_back_buffer() {
  TRY(auto rows, base::Vector<u32>::create(mode_.height));
  for (u32 row = 0; row < mode_.height; ++row) rows[row] = row;
  TRY(back_, base::Vector<u32>::create(usize{mode_.width} * mode_.height));
  back_rows_ = std::move(rows);
  return {};
}

std::span<u32> Framebuffer::back_row(i32 y, i32 x, i32 count) {
  usize const row = back_rows_[static_cast<usize>(y)];
  return std::span(back_).subspan(row * mode_.width + static_cast<usize>(x),
                                  static_cast<usize>(count));
}

std::span<u8> Framebuffer::screen_row(i32 y, i32 x, i32 count) {
  usize const bytes = mode_.format.bytes_per_pixel();
  return screen_.subspan(static_cast<usize>(y) * mode_.stride + static_cast<usize>(x) * bytes,
                         static_cast<usize>(count) * bytes);
}

void Framebuffer::write_screen(i32 x, i32 y, std::span<const u32> colours) {
  auto const row = screen_row(y, x, static_cast<i32>(colours.size()));
  PixelFormat const format = mode_.format;
  if (format == PixelFormat::xrgb8888()) {
    std::memcpy(row.data(), colours.data(), row.size());
    return;
  }
  u8* at = row.data();
  if (format.bytes_per_pixel() == 4) {
    for (u32 const colour : colours) {
      u32 const pixel = format.encode(colour);
      std::memcpy(at, &pixel, 4);
      at += 4;
    }
  } else {
    for (u32 const colour : colours) {
      u32 const pixel = format.encode(colour);
      std::memcpy(at, &pixel, 3);
      at += 3;
    }
  }
}

void Framebuffer::put_pixel(i32 x, i32 y, Rgb colour) {
  if (x < 0 || y < 0 || x >= width() || y >= height()) return;
  u32 const value = colour.to_u32();
  if (has_back_buffer()) {
    back_row(y, x, 1)[0] = value;
  } else {
    write_screen(x, y, {&value, 1});
  }
}

Rgb Framebuffer::pixel(i32 x, i32 y) const {
  if (x < 0 || y < 0 || x >= width() || y >= height()) return {};
  auto const row = static_cast<usize>(y);
  auto const column = static_cast<usize>(x);
  if (has_back_buffer()) return Rgb::from_u32(back_[back_rows_[row] * mode_.width + column]);
  usize const bytes = mode_.format.bytes_per_pixel();
  u32 value = 0;
  std::memcpy(&value, screen_.subspan(row * mode_.stride + column * bytes, bytes).data(), bytes);
  return Rgb::from_u32(mode_.format.decode(value));
}

void Framebuffer::fill(Rect area, Rgb colour) {
  Rect const visible = intersection(area, bounds());
  if (visible.empty()) return;
  if (has_back_buffer()) {
    for (i32 y = visible.y; y < visible.y + visible.height; ++y)
      std::ranges::fill(back_row(y, visible.x, visible.width), colour.to_u32());
    return;
  }
  std::array<u32, 64> run;
  run.fill(colour.to_u32());
  for (i32 y = visible.y; y < visible.y + visible.height; ++y) {
    for (i32 x = visible.x; x < visible.x + visible.width;) {
      i32 const count = std::min(visible.x + visible.width - x, static_cast<i32>(run.size()));
      write_screen(x, y, std::span(run).first(static_cast<usize>(count)));
      x += count;
    }
  }
}

void Framebuffer::blit(Rect area, std::span<const u32> pixels) {
  if (!area.empty()) blit(area, pixels, static_cast<usize>(area.width));
}

void Framebuffer::blit(Rect area, std::span<const u32> pixels, usize source_stride) {
  Rect const visible = intersection(area, bounds());
  if (visible.empty()) return;
  auto const skipped = static_cast<usize>(i64{visible.x} - area.x);
  auto const count = static_cast<usize>(visible.width);
  for (i32 y = visible.y; y < visible.y + visible.height; ++y) {
    auto const source_row = static_cast<usize>(i64{y} - area.y);
    if (source_stride != 0 && source_row > (SIZE_MAX - skipped) / source_stride) return;
    usize const start = source_row * source_stride + skipped;
    if (start > pixels.size() || pixels.size() - start < count) return;
    auto const colours = pixels.subspan(start, count);
    if (has_back_buffer()) {
      std::memcpy(back_row(y, visible.x, visible.width).data(), colours.data(),
                  colours.size_bytes());
    } else {
      write_screen(visible.x, y, colours);
    }
  }
}

void Framebuffer::blit_tiles(i32 x, i32 y, const TileSheet& sheet, std::span<const u32> starts) {
  auto const size = static_cast<usize>(sheet.width) * static_cast<usize>(sheet.height);
  auto const count = static_cast<i64>(starts.size());
  Rect const seen = clipped(x, y, x + count * sheet.width, i64{y} + sheet.height, bounds());
  bool const is_whole = seen.width == count * sheet.width && seen.height == sheet.height;
  if (!has_back_buffer() || !is_whole || (sheet.width != 8 && sheet.width != 16)) {
    for (u32 const start : starts) {
      if (x >= width()) break;
      blit({x, y, sheet.width, sheet.height}, sheet.pixels.subspan(start, size));
      x += sheet.width;
    }
    return;
  }
  for (u32 const start : starts)
    NACRE_ASSERT(start <= sheet.pixels.size() && sheet.pixels.size() - start >= size);
  auto const row_at = [&](i32 row) { return back_row(y + row, x, seen.width).data(); };
  auto const copy = [&]<usize Width> {
    const u32* from = sheet.pixels.data();
    i32 row = 0;
    // Several rows at once, so that a tile's place is looked up once for them.
    for (; row + 4 <= sheet.height; row += 4, from += 4 * Width)
      copy_tiles<Width, 4>(from, starts,
                           {row_at(row), row_at(row + 1), row_at(row + 2), row_at(row + 3)});
    for (; row < sheet.height; ++row, from += Width)
      copy_tiles<Width, 1>(from, starts, {row_at(row)});
  };
  sheet.width == 8 ? copy.template operator()<8>() : copy.template operator()<16>();
}

void Framebuffer::blit_scaled(Rect area, std::span<const u32> pixels, usize source_stride,
                              i32 scale) {
  Rect const visible = scaled_area(area, scale);
  if (visible.empty()) return;
  auto const first_column = i64{visible.x} - area.x;
  auto const skipped = static_cast<usize>(first_column / scale);
  auto const count = static_cast<usize>((first_column + visible.width - 1) / scale) - skipped + 1;
  auto const inside = static_cast<i32>(first_column % scale);
  i64 const bottom = visible.bottom();
  for (i64 y = visible.y; y < bottom;) {
    i64 const source_row = (y - area.y) / scale;
    i64 const end = std::min(bottom, area.y + (source_row + 1) * scale);
    if (source_stride != 0 && static_cast<usize>(source_row) > (SIZE_MAX - skipped) / source_stride)
      return;
    usize const start = static_cast<usize>(source_row) * source_stride + skipped;
    if (start > pixels.size() || pixels.size() - start < count) return;
    Rect const rows{visible.x, static_cast<i32>(y), visible.width, static_cast<i32>(end - y)};
    draw_enlarged_row(rows, pixels.subspan(start, count), inside, scale);
    y = end;
  }
}

/// Draws one row of a buffer on all of `rows`; `skipped` columns of its first pixel are not there.
void Framebuffer::draw_enlarged_row(Rect rows, std::span<const u32> pixels, i32 skipped,
                                    i32 scale) {
  auto const size = static_cast<usize>(scale);
  if (has_back_buffer()) {
    auto const first = back_row(rows.y, rows.x, rows.width);
    enlarge(pixels, static_cast<usize>(skipped), size, first);
    for (i32 y = rows.y + 1; y < rows.y + rows.height; ++y)
      std::memcpy(back_row(y, rows.x, rows.width).data(), first.data(), first.size_bytes());
    return;
  }
  std::array<u32, 64> run;
  for (i32 x = 0; x < rows.width;) {
    auto const before = static_cast<usize>(skipped) + static_cast<usize>(x);
    auto const part = std::span(run).first(
        static_cast<usize>(std::min(rows.width - x, static_cast<i32>(run.size()))));
    enlarge(pixels.subspan(before / size), before % size, size, part);
    for (i32 y = rows.y; y < rows.y + rows.height; ++y) write_screen(rows.x + x, y, part);
    x += static_cast<i32>(part.size());
  }
}

void Framebuffer::move_rows(i32 to, i32 from, i32 count) {
  // Clipping at the top takes the same number of rows from both ends of the move.
  i64 const above = std::max({i64{0}, -i64{to}, -i64{from}});
  i64 const first_to = to + above;
  i64 const first_from = from + above;
  i64 const rows = std::min({i64{count} - above, height() - first_to, height() - first_from});
  if (rows <= 0 || to == from) return;
  auto const target = static_cast<usize>(first_to);
  auto const source = static_cast<usize>(first_from);
  if (has_back_buffer()) {
    move_back_rows(target, source, static_cast<usize>(rows));
    return;
  }
  // Row by row: what lies between the rows in the stride is not ours.
  usize const bytes = mode_.width * mode_.format.bytes_per_pixel();
  for (usize i = 0; i < static_cast<usize>(rows); ++i) {
    usize const row = target < source ? i : static_cast<usize>(rows) - 1 - i;
    std::memmove(screen_.subspan((target + row) * mode_.stride, bytes).data(),
                 screen_.subspan((source + row) * mode_.stride, bytes).data(), bytes);
  }
}

/// Where most rows move on to others that move, their numbers change places, and only the rows that
/// stay what they were are copied.
void Framebuffer::move_back_rows(usize to, usize from, usize count) {
  auto const copy = [&](usize target, usize source) {
    std::memcpy(back_row(static_cast<i32>(target), 0, width()).data(),
                back_row(static_cast<i32>(source), 0, width()).data(), usize{mode_.width} * 4);
  };
  usize const distance = to < from ? from - to : to - from;
  if (distance >= count) {
    for (usize i = 0; i < count; ++i) copy(to + i, from + i);
  } else if (to < from) {
    auto const first = back_rows_.begin() + to;
    std::rotate(first, first + distance, first + distance + count);
    for (usize row = to + count; row < from + count; ++row) copy(row, row - distance);
  } else {
    auto const first = back_rows_.begin() + from;
    std::rotate(first, first + count, first + count + distance);
    for (usize row = from; row < to; ++row) copy(row, row + distance);
  }
}

void Framebuffer::present(Rect area) {
  Rect const visible = intersection(area, bounds());
  if (visible.empty() || !has_back_buffer()) return;
  // Whole rows that follow each other in both memories are one piece.
  bool const is_whole =
      visible.width == width() && mode_.stride == mode_.width * mode_.format.bytes_per_pixel();
  for (i32 y = visible.y; y < visible.y + visible.height;) {
    i32 const rows = is_whole ? following_back_rows(y, visible.y + visible.height - y) : 1;
    write_screen(visible.x, y, back_row(y, visible.x, visible.width * rows));
    y += rows;
  }
}

/// How many rows from `y` on, at most `most`, follow each other in the back buffer.
i32 Framebuffer::following_back_rows(i32 y, i32 most) const {
  auto const rows = std::span(back_rows_).subspan(static_cast<usize>(y), static_cast<usize>(most));
  usize count = 1;
  while (count < rows.size() && rows[count] == rows.front() + count) ++count;
  return static_cast<i32>(count);
}

}  // namespace nacre::drivers
