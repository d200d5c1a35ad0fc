#include "kernel/console/console.hpp"

#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

#include "kernel/console/builtin_fonts.hpp"
#include "tests/support/failing_allocator.hpp"

namespace nacre::console {
namespace {

constexpr u32 default_background = text::nacre_theme.background.packed();
constexpr u32 default_foreground = text::nacre_theme.foreground.packed();

/// A framebuffer over ordinary memory, and a console on it.
class Screen {
 public:
  Screen(u32 width, u32 height)
      : memory_(usize{width} * height * 4),
        framebuffer_(*drivers::Framebuffer::create(
            memory_, {width, height, width * 4, drivers::PixelFormat::xrgb8888()})) {}

  drivers::Framebuffer& framebuffer() { return framebuffer_; }
  u32 pixel(i32 x, i32 y) const { return framebuffer_.pixel(x, y).to_u32(); }
  /// How many pixels of a cell of 8 x 16 have a colour.
  int count(u32 color, int row, int column) const {
    int count = 0;
    for (int y = 0; y < 16; ++y)
      for (int x = 0; x < 8; ++x)
        if (pixel(column * 8 + x, row * 16 + y) == color) ++count;
    return count;
  }
  const std::vector<u8>& memory() const { return memory_; }

 private:
  std::vector<u8> memory_;
  drivers::Framebuffer framebuffer_;
};

TEST(BuiltinFonts, HaveWhatTerminalsShow) {
  for (auto const bytes : {builtin_font(), builtin_bold_font()}) {
    auto const font = text::Font::parse(bytes);
    ASSERT_TRUE(font);
    EXPECT_EQ(font->width(), 8u);
    EXPECT_EQ(font->height(), 16u);
    for (char32_t codepoint = 0x20; codepoint < 0x7f; ++codepoint)
      EXPECT_TRUE(font->find(codepoint)) << static_cast<u32>(codepoint);
    for (char32_t const codepoint : U"äßéñ€│─┌┼█▒═╬")
      if (codepoint != 0) EXPECT_TRUE(font->find(codepoint)) << static_cast<u32>(codepoint);
  }
}

TEST(Console, FillsTheScreenAndCentresTheRest) {
  Screen screen(100, 70);
  auto console = Console::create(screen.framebuffer());
  ASSERT_TRUE(console);
  EXPECT_EQ(console->terminal().columns(), 12);
  EXPECT_EQ(console->terminal().rows(), 4);
  console->write("\x1b[41m\x1b[2J");
  console->flush();
  u32 const red = text::nacre_theme.base[1].packed();
  EXPECT_EQ(screen.pixel(1, 30), default_background);
  EXPECT_EQ(screen.pixel(2, 30), red);
  EXPECT_EQ(screen.pixel(97, 30), red);
  EXPECT_EQ(screen.pixel(98, 30), default_background);
  EXPECT_EQ(screen.pixel(50, 2), default_background);
  EXPECT_EQ(screen.pixel(50, 66), red);
}

TEST(Console, RefusesAScreenWithoutRoomForACharacter) {
  Screen screen(7, 100);
  EXPECT_EQ(Console::create(screen.framebuffer()).error(), ConsoleError::Kind::ScreenTooSmall);
}

TEST(Console, DrawsGlyphsAttributesAndTheCursor) {
  Screen screen(80, 32);
  Console console = *Console::create(screen.framebuffer());
  console.write("A\x1b[1mA\x1b[0;4m \x1b[0;7m \x1b[0;31mA\x1b[0;1;31mA\x1b[0;2mA\x1b[8mA\x1b[0m");
  console.flush();
  int const regular = screen.count(default_foreground, 0, 0);
  EXPECT_GT(regular, 10);
  EXPECT_EQ(screen.count(default_background, 0, 0), 128 - regular);
  EXPECT_GT(screen.count(default_foreground, 0, 1), regular) << "bold is heavier";
  EXPECT_EQ(screen.count(default_foreground, 0, 2), 8) << "one line";
  EXPECT_EQ(screen.count(default_foreground, 0, 3), 128) << "reversed";
  EXPECT_EQ(screen.count(text::nacre_theme.base[1].packed(), 0, 4), regular);
  EXPECT_GT(screen.count(text::nacre_theme.base[9].packed(), 0, 5), regular) << "bold is bright";
  EXPECT_EQ(screen.count(default_foreground, 0, 6), 0);
  EXPECT_EQ(screen.count(default_background, 0, 7), 128) << "hidden";
  u32 const cursor = text::nacre_theme.cursor.packed();
  EXPECT_EQ(screen.count(cursor, 0, 8), 128);
  console.write("\x1b[4 q");
  console.flush();
  EXPECT_EQ(screen.count(cursor, 0, 8), 16);
  console.write("\b");
  console.flush();
  EXPECT_EQ(screen.count(cursor, 0, 8), 0);
  EXPECT_EQ(screen.count(cursor, 0, 7), 16);
  console.write("\x1b[?25l");
  console.flush();
  EXPECT_EQ(screen.count(cursor, 0, 7), 0);
}

TEST(Console, DrawingWhatChangedIsDrawingEverything) {
  std::vector<std::string> const pieces{
      "some text ", "\r\n",        "\n",          "\x1bM",    "\x1b[L",    "\x1b[M", "\x1b[2S",
      "\x1b[T",     "\x1b[2;3r",   "\x1b[r",      "\x1b[H",   "\x1b[3;4H", "\x1b[@", "\x1b[P",
      "\x1b[K",     "\x1b[1J",     "\x1b[32m",    "\x1b[7m",  "\x1b[0m",   "漢",     "\x1b[?25l",
      "\x1b[?25h",  "\x1b[?1049h", "\x1b[?1049l", "\x1b[5 q", "\x1b[2 q"};
  std::mt19937 random(7);
  Screen screen(84, 70);
  ASSERT_TRUE(screen.framebuffer().add_back_buffer());
  Console console = *Console::create(screen.framebuffer());
  for (int round = 0; round < 500; ++round) {
    for (unsigned count = 1 + random() % 5; count > 0; --count)
      console.write(pieces[random() % pieces.size()]);
    console.write("\x1b[1C\x1b[1D");
    console.flush();
    std::vector<u8> const incremental = screen.memory();
    console.redraw();
    ASSERT_EQ(incremental, screen.memory()) << round;
  }
}

TEST(Console, WithoutABackBufferItLooksTheSame) {
  std::mt19937 random(11);
  Screen with(84, 70);
  Screen without(84, 70);
  ASSERT_TRUE(with.framebuffer().add_back_buffer());
  Console first = *Console::create(with.framebuffer());
  Console second = *Console::create(without.framebuffer());
  for (int round = 0; round < 300; ++round) {
    std::string bytes;
    for (unsigned count = 1 + random() % 20; count > 0; --count) {
      // Mostly a style of its own for each cell, so that those made before make room.
      bytes +=
          "\x1b[" + std::to_string(random() % 10) + ";38;5;" + std::to_string(random() % 256) + "m";
      bytes += random() % 8 == 0 ? std::string("漢")
                                 : std::string(1, static_cast<char>('!' + random() % 90));
      if (random() % 16 == 0) bytes += "\r\n";
    }
    bool const blinks = random() % 2 == 0;
    text::CellPlace const pointer{static_cast<u16>(random() % 4), static_cast<u16>(random() % 10)};
    for (Console* const console : {&first, &second}) {
      console->write(bytes);
      if (blinks) console->blink();
      console->show_pointer(pointer);
      if (round % 3 == 0)
        console->selection().start(console->terminal(), pointer, text::SelectionUnit::Word);
      console->flush();
    }
    ASSERT_EQ(with.memory(), without.memory()) << round;
    first.redraw();
    ASSERT_EQ(with.memory(), without.memory()) << round;
  }
}

TEST(Console, ItalicsLeanAndBoxesFillTheirCells) {
  Screen screen(80, 32);
  Console console = *Console::create(screen.framebuffer());
  console.write("I\x1b[3mI\x1b[0m█─│\x1b[9mx\x1b[H\x1b[?25l");
  console.flush();
  bool differs = false;
  for (int y = 0; y < 16; ++y)
    for (int x = 0; x < 8; ++x) differs |= screen.pixel(x, y) != screen.pixel(8 + x, y);
  EXPECT_TRUE(differs);
  EXPECT_EQ(screen.count(default_foreground, 0, 2), 128);
  EXPECT_EQ(screen.count(default_foreground, 0, 3), 8);
  EXPECT_EQ(screen.count(default_foreground, 0, 4), 16);
  EXPECT_EQ(screen.pixel(5 * 8, 8), default_foreground)
      << "struck through from one side to the other";
  EXPECT_EQ(screen.pixel(5 * 8 + 7, 8), default_foreground);
}

TEST(Console, ColoursThatProgramsChangeAreSeenEverywhere) {
  Screen screen(84, 36);
  Console console = *Console::create(screen.framebuffer());
  console.write("\x1b[31m█\x1b]4;1;#123456\a\x1b]11;#405060\a");
  console.flush();
  EXPECT_EQ(screen.pixel(4, 4), 0x123456u);
  EXPECT_EQ(screen.pixel(0, 0), 0x405060u) << "around the text";
  console.write("\x1b[?5h");
  console.flush();
  EXPECT_EQ(screen.pixel(0, 0), default_foreground) << "reversed";
  console.terminal().set_theme(*text::find_theme("paper"));
  console.write("\x1b[?5l");
  console.flush();
  EXPECT_EQ(screen.pixel(0, 0), text::find_theme("paper")->background.packed());
}

TEST(Console, TheScrollBackIsDrawn) {
  Screen screen(80, 32);
  ASSERT_TRUE(screen.framebuffer().add_back_buffer());
  Console console = *Console::create(screen.framebuffer());
  ASSERT_TRUE(console.terminal().keep_scroll_back(1000, 10));
  console.write("█\r\n\r\n");
  console.flush();
  EXPECT_EQ(screen.count(default_foreground, 0, 0), 0);
  console.terminal().scroll_view(1);
  console.flush();
  EXPECT_EQ(screen.count(default_foreground, 0, 0), 128);
  console.terminal().leave_scroll_back();
  console.flush();
  EXPECT_EQ(screen.count(default_foreground, 0, 0), 0);
}

TEST(Console, WhatAProgramHoldsBackIsShownAtOnce) {
  Screen screen(80, 32);
  Console console = *Console::create(screen.framebuffer());
  console.write("\x1b[?2026h█");
  console.flush();
  EXPECT_EQ(screen.count(default_foreground, 0, 0), 0);
  console.write("\x1b[?2026l");
  console.flush();
  EXPECT_EQ(screen.count(default_foreground, 0, 0), 128);
  console.write("\x1b[?2026h\r\x1b[K\r\n");
  for (int i = 0; i < 30; ++i) console.flush();
  EXPECT_EQ(screen.count(default_foreground, 0, 0), 0) << "but not for ever";
}

TEST(Console, TheStatusLineTakesTheLastRow) {
  Screen screen(240, 48);
  Console console = *Console::create(screen.framebuffer());
  console.write("1\r\n2\r\n3");
  ASSERT_TRUE(console.show_status_line(true));
  EXPECT_EQ(console.terminal().rows(), 2);
  EXPECT_EQ(console.terminal().row(1)[0].codepoint, U'3');
  console.set_status({.consoles = "12", .current = '2', .title = "", .machine = "5 MiB"});
  console.flush();
  auto const paper = [&] { return status_background(console.terminal().palette()).packed(); };
  EXPECT_EQ(screen.count(paper(), 2, 10), 128);
  EXPECT_GT(screen.count(text::nacre_theme.base[4].packed(), 2, 5), 60) << "the one in front";
  EXPECT_EQ(screen.count(text::nacre_theme.base[4].packed(), 2, 2), 0);
  // It stays when everything else changes.
  u32 const before = paper();
  console.write("\r\n\n\n\x1b]11;#ffffff\a");
  console.flush();
  EXPECT_EQ(screen.count(before, 2, 10), 128);
  console.set_status({.consoles = "1", .current = '1', .title = "", .machine = ""});
  console.flush();
  EXPECT_EQ(screen.count(paper(), 2, 10), 128) << "in the colours of now";
  ASSERT_TRUE(console.show_status_line(false));
  EXPECT_EQ(console.terminal().rows(), 3);
  EXPECT_EQ(screen.count(paper(), 2, 10), 0);
}

TEST(Console, TheStatusLineNeedsMemory) {
  Screen screen(240, 48);
  Console console = *Console::create(screen.framebuffer());
  EXPECT_GE(nacre::test::fail_each_allocation([&] {
              if (console.has_status_line()) return;
              if (!console.show_status_line(true)) EXPECT_EQ(console.terminal().rows(), 3);
            }),
            6u);
  EXPECT_TRUE(console.has_status_line());
}

TEST(StatusLine, TheTitleGivesWayFirst) {
  auto const laid_out = [](usize columns) {
    std::vector<text::Cell> row(columns);
    lay_out_status(row, {.consoles = "13", .current = '1', .title = "edit\a", .machine = "9 MiB"},
                   text::Palette::of(text::nacre_theme));
    std::string text;
    for (const text::Cell& cell : row) text += static_cast<char>(cell.codepoint);
    return text;
  };
  EXPECT_EQ(laid_out(30), "  1  3   edit?          9 MiB ");
  EXPECT_EQ(laid_out(17), "  1  3     9 MiB ");
  EXPECT_EQ(laid_out(12), "  1  3      ");
  EXPECT_EQ(laid_out(5), "  1  ");
  EXPECT_EQ(laid_out(0), "");
}

TEST(Console, OneOfSeveralIsInFront) {
  Screen screen(80, 32);
  Console first = *Console::create(screen.framebuffer());
  Console second = *Console::create_behind(screen.framebuffer(), text::nacre_theme);
  second.write("█");
  second.flush();
  EXPECT_EQ(screen.count(default_foreground, 0, 0), 0);
  first.send_behind();
  second.bring_to_front();
  EXPECT_EQ(screen.count(default_foreground, 0, 0), 128);
  first.write("x");
  first.flush();
  EXPECT_EQ(screen.count(default_foreground, 0, 0), 128);
}

TEST(Console, ALentScreenIsLeftAloneAndComesBack) {
  Screen screen(80, 32);
  Console console = *Console::create(screen.framebuffer());
  drivers::Framebuffer& lent = console.lend_screen();
  lent.fill(lent.bounds(), drivers::Rgb{1, 2, 3});
  console.write("A");
  console.flush();
  EXPECT_EQ(screen.count(0x010203, 0, 0), 128);
  console.take_screen_back();
  EXPECT_EQ(screen.count(0x010203, 0, 0), 0);
  EXPECT_GT(screen.count(default_foreground, 0, 0), 10);
}

TEST(Console, OutOfMemoryIsAValue) {
  Screen screen(80, 32);
  auto const failures = nacre::test::fail_each_allocation([&] {
    auto console = Console::create(screen.framebuffer());
    if (!console) EXPECT_EQ(console.error(), ConsoleError::Kind::OutOfMemory);
  });
  EXPECT_GT(failures, 8u);
}

}  // namespace
}  // namespace nacre::console
