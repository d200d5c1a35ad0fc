#pragma once

#include "apps/common/colour.hpp"
#include "apps/common/random.hpp"

/// What walls look like: made when the game starts, so that the program's file is small.
namespace maze {

inline constexpr int texture_side = 64;
/// A texture is 64 columns of 64 numbers of colours: `ramp * 16 + brightness`.
using Texture = unsigned char[texture_side][texture_side];

inline constexpr int ramps = 5;
inline constexpr int brightnesses = 16;
/// How dark it gets with distance: 0 is at one's nose.
inline constexpr int darknesses = 24;
enum Ramp { StoneRamp, BrickRamp, WoodRamp, MetalRamp, PortalRamp };

/// The colours of textures at each darkness.
struct ShadeTables {
  arcade::Colour colours[darknesses][ramps * brightnesses]{};

  void make() {
    constexpr arcade::Colour brightest[ramps] = {0xa8b0c0, 0xd07850, 0xb88850, 0xe8dca0, 0x80f0ff};
    for (int dark = 0; dark < darknesses; ++dark)
      for (int ramp = 0; ramp < ramps; ++ramp)
        for (int i = 0; i < brightnesses; ++i) {
          arcade::Colour const lit = arcade::mix(0x000000, brightest[ramp], (i + 1) * 16);
          // A portal shines by itself.
          int const night = ramp == PortalRamp ? dark * 4 : dark * 10;
          colours[dark][ramp * brightnesses + i] = arcade::mix(lit, 0x04060c, night);
        }
  }
};

class TexturePainter {
 public:
  explicit TexturePainter(arcade::Random& random) : random_(random) {}

  /// Courses of blocks; `mortar` pixels lie between them.
  void masonry(Texture& texture, Ramp ramp, int block_width, int block_height, int mortar) {
    for (int row = 0; row * block_height < texture_side; ++row) {
      int const offset = row % 2 * block_width / 2;
      for (int block = -1; block * block_width < texture_side; ++block) {
        int const tint = 8 + random_.below(4);
        int const left = block * block_width + offset;
        int const top = row * block_height;
        for (int y = 0; y < block_height; ++y)
          for (int x = 0; x < block_width; ++x) {
            bool const is_mortar = x < mortar || y < mortar;
            bool const is_lit = !is_mortar && (x == mortar || y == mortar);
            int const brightness = is_mortar ? 3 : tint + (is_lit ? 3 : 0) - random_.below(3);
            put(texture, left + x, top + y, ramp, brightness);
          }
      }
    }
  }
  /// Planks, bound with iron.
  void door(Texture& texture) {
    for (int x = 0; x < texture_side; ++x) {
      int const plank = x / 11;
      for (int y = 0; y < texture_side; ++y) {
        bool const is_gap = x % 11 == 0;
        int const grain = (x * 5 + plank * 17 + y / 7) % 4;
        put(texture, x, y, WoodRamp, is_gap ? 3 : 9 + grain - random_.below(2));
        bool const is_band = (y >= 10 && y < 16) || (y >= 48 && y < 54);
        if (is_band) put(texture, x, y, MetalRamp, x % 8 == 4 && y % 6 == 2 ? 14 : 6);
      }
    }
    for (int y = 28; y < 36; ++y)
      for (int x = 50; x < 56; ++x) put(texture, x, y, MetalRamp, 13);
  }
  /// Rings in a frame.
  void portal(Texture& texture) {
    for (int x = 0; x < texture_side; ++x)
      for (int y = 0; y < texture_side; ++y) {
        int const dx = x < 32 ? 31 - x : x - 32;
        int const dy = y < 32 ? 31 - y : y - 32;
        int const far = dx > dy ? dx + dy / 2 : dy + dx / 2;
        if (dx > 26 || dy > 26)
          put(texture, x, y, MetalRamp, 5 + (dx > 29 || dy > 29 ? 4 : 0));
        else
          put(texture, x, y, PortalRamp, 15 - far % 16);
      }
  }

 private:
  static void put(Texture& texture, int x, int y, Ramp ramp, int brightness) {
    if (x < 0 || x >= texture_side || y >= texture_side) return;
    texture[x][y] = static_cast<unsigned char>(ramp * brightnesses + brightness);
  }

  arcade::Random& random_;
};

}  // namespace maze
