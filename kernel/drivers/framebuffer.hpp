#pragma once

#include <expected>
#include <span>

#include "kernel/drivers/pixel_format.hpp"
#include "kernel/drivers/rect.hpp"
#include "lib/base/vector.hpp"

namespace nacre::drivers {

/// Size and layout of a screen's memory.
struct FramebufferMode {
  u32 width;
  u32 height;
  u32 stride;  // bytes from one row to the next
  PixelFormat format;
};

/// Pictures of one size, each in one piece, row by row: 0x00RRGGBB.
struct TileSheet {
  std::span<const u32> pixels;
  i32 width;
  i32 height;
};

/// `EmptyScreen`: no width or height, or one that no screen has. `StrideTooSmall`: rows overlap.
/// `MemoryTooSmall`: the last row does not fit into the memory given.
enum class FramebufferError : u8 { EmptyScreen, StrideTooSmall, MemoryTooSmall };

/// A screen to draw on. Everything is clipped at the screen's edges, and colours are 0x00RRGGBB or
/// `Rgb` whatever the screen's own format is. Task or boot context; a panic may use it too, because
/// no function but `add_back_buffer` allocates.
///
/// With a back buffer, drawing goes to ordinary memory and `present` shows it: screen memory is
/// slow to read and must not be seen half drawn. Without one everything is shown at once and
/// `present` does nothing, so callers always present what they drew.
class Framebuffer {
 public:
  /// `memory` starts with the top left pixel and is borrowed for as long as this lives. Its
  /// contents stay as they are.
  static std::expected<Framebuffer, FramebufferError> create(std::span<u8> memory,
                                                             FramebufferMode mode);
  Framebuffer(Framebuffer&&) noexcept = default;
  Framebuffer& operator=(Framebuffer&&) noexcept = default;

  /// Makes a black back buffer, four bytes for each pixel; the screen stays as it is until
  /// something is presented. Errors: OutOfMemory, and then drawing goes on without it.
  std::expected<void, base::OutOfMemory> add_back_buffer();
  bool has_back_buffer() const { return !back_.empty(); }

  i32 width() const { return static_cast<i32>(mode_.width); }
  i32 height() const { return static_cast<i32>(mode_.height); }
  Rect bounds() const { return {0, 0, width(), height()}; }
  const FramebufferMode& mode() const { return mode_; }

  void put_pixel(i32 x, i32 y, Rgb colour);
  void put_pixel(i32 x, i32 y, u8 red, u8 green, u8 blue) {
    put_pixel(x, y, Rgb{red, green, blue});
  }
  /// The colour that was drawn last at a pixel of the screen; black outside of it.
  Rgb pixel(i32 x, i32 y) const;
  void fill(Rect area, Rgb colour);
  /// Draws `pixels`, 0x00RRGGBB row by row, `area.width` in each row. Rows for which there are not
  /// enough pixels are left out.
  void blit(Rect area, std::span<const u32> pixels);
  /// As `blit`, from rows that are `source_stride` pixels apart in `pixels`.
  void blit(Rect area, std::span<const u32> pixels, usize source_stride);
  /// Draws tiles beside each other, the first one's top left pixel at `x`, `y`; `starts` says where
  /// each begins in the sheet, which holds all of it. This is how text is drawn.
  void blit_tiles(i32 x, i32 y, const TileSheet& sheet, std::span<const u32> starts);
  /// As `blit`, with every pixel as a square of `scale` by `scale`: what `scaled_area` says.
  /// Nothing if `scale` is below one.
  void blit_scaled(Rect area, std::span<const u32> pixels, usize source_stride, i32 scale);
  /// The part of the screen that a buffer of that size at that place covers, enlarged by `scale`.
  Rect scaled_area(Rect area, i32 scale) const {
    if (area.empty() || scale < 1) return {};
    return clipped(area.x, area.y, area.x + i64{area.width} * scale,
                   area.y + i64{area.height} * scale, bounds());
  }
  /// Copies `count` whole rows from row `from` to row `to`; they may overlap. Rows that fall
  /// outside of the screen at either end are left out. This is how text scrolls.
  void move_rows(i32 to, i32 from, i32 count);
  /// Shows what was drawn in `area`.
  void present(Rect area);
  void present() { present(bounds()); }

 private:
  Framebuffer(std::span<u8> memory, FramebufferMode mode) : screen_(memory), mode_(mode) {}

  std::span<u32> back_row(i32 y, i32 x, i32 count);
  i32 following_back_rows(i32 y, i32 most) const;
  void move_back_rows(usize to, usize from, usize count);
  std::span<u8> screen_row(i32 y, i32 x, i32 count);
  void write_screen(i32 x, i32 y, std::span<const u32> colours);
  void draw_enlarged_row(Rect rows, std::span<const u32> pixels, i32 skipped, i32 scale);

  std::span<u8> screen_;
  FramebufferMode mode_;
  base::Vector<u32> back_;
  base::Vector<u32> back_rows_;  // which row of it a row of the screen is: moving rows moves these
};

}  // namespace nacre::drivers
