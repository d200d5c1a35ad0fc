#include "lib/text/palette.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <set>
#include <string>

namespace nacre::text {
namespace {

TEST(Palette, ColoursAreReadInBothWays) {
  EXPECT_EQ(parse_color("#fff"), (Rgb{0xf0, 0xf0, 0xf0}));
  EXPECT_EQ(parse_color("#0180fF"), (Rgb{1, 128, 255}));
  EXPECT_EQ(parse_color("#123456789"), (Rgb{0x12, 0x45, 0x78}));
  EXPECT_EQ(parse_color("#111122223333"), (Rgb{0x11, 0x22, 0x33}));
  EXPECT_EQ(parse_color("rgb:f/f/f"), (Rgb{255, 255, 255}));
  EXPECT_EQ(parse_color("rgb:00/80/fff"), (Rgb{0, 128, 255}));
  EXPECT_EQ(parse_color("rgb:ffff/0000/8080"), (Rgb{255, 0, 128}));
}

TEST(Palette, WhatIsNoColourIsNone) {
  for (std::string_view const name :
       {"", "#", "#12", "#1234", "#12345678901234567", "#ggg", "rgb:", "rgb:1/2", "rgb://",
        "rgb:1/2/3/4", "rgb:12345/1/1", "rgb:1/x/1", "red", "?"})
    EXPECT_FALSE(parse_color(name)) << name;
}

TEST(Palette, IsTheThemesUntilItIsChanged) {
  auto const palette = Palette::of(nacre_theme);
  EXPECT_EQ(palette.background, nacre_theme.background);
  EXPECT_EQ(palette.indexed[1], nacre_theme.base[1]);
  EXPECT_EQ(palette.indexed[16], (Rgb{0, 0, 0}));
  EXPECT_EQ(palette.indexed[231], (Rgb{255, 255, 255}));
}

/// How much brighter one is than the other, 1 to 21. [w3c/wcag: "Contrast (Minimum)"]
double contrast(Rgb a, Rgb b) {
  auto const luminance = [](Rgb color) {
    auto const linear = [](u8 level) {
      double const share = level / 255.0;
      return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue) +
           0.05;
  };
  double const ratio = luminance(a) / luminance(b);
  return ratio > 1 ? ratio : 1 / ratio;
}

TEST(Themes, CanBeReadAndToldApart) {
  std::set<std::string_view> names;
  EXPECT_GE(themes().size(), 4u);
  EXPECT_EQ(themes()[0].name, nacre_theme.name);
  for (const Theme& theme : themes()) {
    EXPECT_TRUE(names.insert(theme.name).second) << theme.name;
    EXPECT_EQ(find_theme(theme.name), &theme);
    EXPECT_GE(contrast(theme.foreground, theme.background), 7) << theme.name;
    EXPECT_GE(contrast(theme.cursor, theme.background), 3) << theme.name;
    // All but black can be read, and no two are the same.
    for (usize i = 1; i < theme.base.size(); ++i) {
      if (i != 7 && i != 15)
        EXPECT_GE(contrast(theme.base[i], theme.background), 2.5) << theme.name << " " << i;
      for (usize j = 0; j < i; ++j)
        EXPECT_NE(theme.base[i], theme.base[j]) << theme.name << " " << i << " " << j;
    }
  }
  EXPECT_EQ(find_theme("no such theme"), nullptr);
}

}  // namespace
}  // namespace nacre::text
