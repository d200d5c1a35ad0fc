#include "lib/text/theme.hpp"

#include <algorithm>

namespace nacre::text {
namespace {

constexpr std::array all_themes = std::to_array<Theme>({
    nacre_theme,
    // Ink on warm paper.
    {.name = "paper",
     .foreground = Rgb::from_packed(0x3a3530),
     .background = Rgb::from_packed(0xf7f2e8),
     .cursor = Rgb::from_packed(0xb4552d),
     .base = detail::colors({0x3a3530, 0xb3372f, 0x4d7a2a, 0x966300, 0x2d62a3, 0x8a3f86, 0x23757a,
                             0x8b8378, 0x6e675e, 0xcc5046, 0x63933b, 0xb17c14, 0x4479c0, 0xa4569f,
                             0x368f94, 0x1f1b17})},
    // The glow of an amber tube; colours are told apart by how bright and how red they are.
    {.name = "amber",
     .foreground = Rgb::from_packed(0xffb54a),
     .background = Rgb::from_packed(0x160e04),
     .cursor = Rgb::from_packed(0xffd890),
     .base = detail::colors({0x2a1c0a, 0xf0703a, 0xd8a848, 0xffc85e, 0xb98543, 0xe08a55, 0xe8b878,
                             0xf4c07a, 0x7d5c2c, 0xff8c5a, 0xf2c76a, 0xffdc8c, 0xd9a766, 0xffab7d,
                             0xffd9a6, 0xfff0d2})},
    // A forest at dusk.
    {.name = "moss",
     .foreground = Rgb::from_packed(0xd6dccb),
     .background = Rgb::from_packed(0x161c17),
     .cursor = Rgb::from_packed(0xb9d989),
     .base = detail::colors({0x232b24, 0xd9756c, 0x9cc26d, 0xd9bd72, 0x7ba7c4, 0xb892c0, 0x7cbfa6,
                             0xc4cbb9, 0x66715f, 0xf09388, 0xb9dd8b, 0xf0d791, 0x9cc5e0, 0xd3b0da,
                             0x9bdcc3, 0xf2f6ea})},
    // Violet night, neon signs.
    {.name = "dusk",
     .foreground = Rgb::from_packed(0xe3dcf2),
     .background = Rgb::from_packed(0x1b1528),
     .cursor = Rgb::from_packed(0xff9ecb),
     .base = detail::colors({0x2a2140, 0xff6b8b, 0x7fe0a7, 0xffcf7d, 0x7fa6ff, 0xd58bff, 0x6fdbe8,
                             0xcdc4e2, 0x6f6390, 0xff94ab, 0xa5f0c3, 0xffe0a8, 0xa8c2ff, 0xe5b3ff,
                             0x9feaf3, 0xfaf7ff})},
    // As much contrast as there is.
    {.name = "contrast",
     .foreground = Rgb::from_packed(0xffffff),
     .background = Rgb::from_packed(0x000000),
     .cursor = Rgb::from_packed(0xffff00),
     .base = detail::colors({0x000000, 0xff4d4d, 0x33ff33, 0xffff33, 0x6699ff, 0xff66ff, 0x33ffff,
                             0xe6e6e6, 0x808080, 0xff8080, 0x99ff99, 0xffff99, 0x99bbff, 0xff99ff,
                             0x99ffff, 0xffffff})},
});

}  // namespace

std::span<const Theme> themes() { return all_themes; }

const Theme* find_theme(std::string_view name) {
  auto const found = std::ranges::find(all_themes, name, &Theme::name);
  return found == all_themes.end() ? nullptr : &*found;
}

}  // namespace nacre::text
