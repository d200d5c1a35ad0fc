#include "lib/text/box_drawing.hpp"

#include <gtest/gtest.h>
#include <set>
#include <string>
#include <vector>

namespace nacre::text {
namespace {

struct Glyph {
  u32 width;
  u32 height;
  std::vector<u8> bytes;

  bool at(u32 x, u32 y) const {
    return (bytes[y * ((width + 7) / 8) + x / 8] << x % 8 & 0x80) != 0;
  }
  std::string text() const {
    std::string text;
    for (u32 y = 0; y < height; ++y) {
      for (u32 x = 0; x < width; ++x) text += at(x, y) ? '#' : '.';
      text += '\n';
    }
    return text;
  }
  /// The pixels along one side: 0 left, 1 top, 2 right, 3 bottom.
  std::string side(int which) const {
    std::string text;
    u32 const length = which % 2 == 0 ? height : width;
    for (u32 i = 0; i < length; ++i) {
      bool const is_set = which == 0   ? at(0, i)
                          : which == 1 ? at(i, 0)
                          : which == 2 ? at(width - 1, i)
                                       : at(i, height - 1);
      text += is_set ? '#' : '.';
    }
    return text;
  }
};

Glyph drawn(char32_t codepoint, u32 width = 8, u32 height = 16) {
  Glyph glyph{width, height, std::vector<u8>(usize{height} * ((width + 7) / 8))};
  draw_box(codepoint, width, height, glyph.bytes);
  return glyph;
}

TEST(BoxDrawing, AllAreDrawnAndNoTwoAlike) {
  for (auto const [width, height] : {std::pair{8u, 16u}, {16u, 32u}, {12u, 24u}}) {
    std::set<std::vector<u8>> seen;
    for (char32_t codepoint = first_box; codepoint <= last_box; ++codepoint)
      EXPECT_TRUE(seen.insert(drawn(codepoint, width, height).bytes).second)
          << static_cast<u32>(codepoint);
  }
}

TEST(BoxDrawing, LinesMeetThoseOfTheNextCell) {
  struct Joint {
    std::u32string_view boxes;
    int side;
    char32_t line;
  };
  for (auto const& [boxes, side, line] :
       {Joint{U"─┐┘┤┬┴┼╭╮╯╰╖╜╢╥╨╫╴", 0, U'─'}, Joint{U"│└┘├┤┴┼╯╰╘╛╞╡╧╪╵", 1, U'│'},
        Joint{U"─┌└├┬┴┼╶", 2, U'─'}, Joint{U"│┌┐├┤┬┼╷╭╮", 3, U'│'}, Joint{U"━┓┛┫┳┻╋╸┑", 0, U'━'},
        Joint{U"┃┗┛┣┫┻╋╹┖", 1, U'┃'}, Joint{U"═╗╝╣╦╩╬╕╛╡╤╧╪", 0, U'═'},
        Joint{U"║╚╝╠╣╩╬╙╜╟╢╨╫", 1, U'║'}, Joint{U"═╔╚╠╦╩╬", 2, U'═'}, Joint{U"║╔╗╠╣╦╬", 3, U'║'}}) {
    for (char32_t const box : boxes) {
      bool const is_arc_that_does_not = (box == U'╭' || box == U'╰') && side == 0;
      if (is_arc_that_does_not) continue;
      EXPECT_EQ(drawn(box).side(side), drawn(line).side(side)) << static_cast<u32>(box);
    }
  }
}

TEST(BoxDrawing, CornersOfDoubleLinesAreTwoLines) {
  EXPECT_EQ(drawn(U'╔').text().substr(9 * 5, 9 * 5),
            "........\n"
            "..######\n"
            "..#.....\n"
            "..#.####\n"
            "..#.#...\n");
  EXPECT_EQ(drawn(U'╬').text().substr(9 * 5, 9 * 5),
            "..#.#...\n"
            "###.####\n"
            "........\n"
            "###.####\n"
            "..#.#...\n");
  EXPECT_EQ(drawn(U'╞').text().substr(9 * 5, 9 * 5),
            "...#....\n"
            "...#####\n"
            "...#....\n"
            "...#####\n"
            "...#....\n");
}

TEST(BoxDrawing, BlocksFillTheirShareAndTheirHalvesMeet) {
  EXPECT_EQ(drawn(U'█').text().find('.'), std::string::npos);
  auto const count = [](char32_t box) {
    auto const text = drawn(box).text();
    return std::count(text.begin(), text.end(), '#');
  };
  EXPECT_EQ(count(U'▀') + count(U'▄'), 128);
  EXPECT_EQ(count(U'▌') + count(U'▐'), 128);
  EXPECT_EQ(count(U'▁'), 16);
  EXPECT_EQ(count(U'▏'), 16);
  EXPECT_EQ(count(U'░'), 32);
  EXPECT_EQ(count(U'▒'), 64);
  EXPECT_EQ(count(U'▓'), 96);
  EXPECT_EQ(count(U'▙'), 96);
  EXPECT_EQ(count(U'▚') + count(U'▞'), 128);
}

}  // namespace
}  // namespace nacre::text
