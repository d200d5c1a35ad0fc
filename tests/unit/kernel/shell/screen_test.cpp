// What looks at the screen and shows images on it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "lib/image/decoder.hpp"
#include "lib/image/png_encoder.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/unit/kernel/shell/at_terminal.hpp"

namespace nacre::shell {
namespace {

using testing::HasSubstr;

/// 160 x 64 pixels.
struct Screen {
  std::vector<u8> memory_ = std::vector<u8>(160 * 64 * 4);
  drivers::Framebuffer framebuffer_ =
      *drivers::Framebuffer::create(memory_, {160, 64, 640, drivers::PixelFormat::xrgb8888()});
  console::Console console_ = *console::Console::create(framebuffer_);
};

/// A person at a screen.
class ScreenTest : protected Screen, public test::AtTerminal {
 protected:
  ScreenTest() : AtTerminal(&console_) {}
  void press(text::Key key) {
    tty_.receive_key({.key = key, .pressed = true});
    run();
    tty_.receive_key({.key = key, .pressed = false});
    run();
  }
  u32 pixel(int x, int y) const { return framebuffer_.pixel(x, y).to_u32(); }
  /// An image of one colour, with another one in the middle.
  void add_image(const std::string& name, u32 width, u32 height, u32 color, u32 middle) {
    auto encoder = image::PngEncoder::create(width, height, image::PngEncoder::Alpha::Kept);
    std::vector<image::Argb> row(width);
    for (u32 y = 0; y < height; ++y) {
      for (u32 x = 0; x < width; ++x) row[x] = x == width / 2 && y == height / 2 ? middle : color;
      ASSERT_TRUE(encoder->add_row(row));
    }
    ASSERT_TRUE(encoder->finish());
    auto const file =
        machine_.temporary->create(machine_.temporary->root(), name, fs::NodeType::File);
    auto const& bytes = encoder->output();
    ASSERT_TRUE(machine_.temporary->write_now(*file, 0, {bytes.data(), bytes.size()}));
  }
};

TEST_F(ScreenTest, ScreenshotHasEveryPixel) {
  EXPECT_THAT(type("cd /tmp\rscreenshot\r"), HasSubstr("screenshot-1.png: 160x64"));
  EXPECT_THAT(type("screenshot -d 1\r"), HasSubstr("screenshot-2.png: 160x64"));
  // Nothing changes on the screen then.
  type("clear; screenshot a.png >name; loop\r");
  auto const bytes = machine_.contents("a.png");
  ASSERT_TRUE(bytes);
  auto decoder = image::Decoder::create(
      {static_cast<const u8*>(static_cast<const void*>(bytes->data())), bytes->size()});
  ASSERT_TRUE(decoder);
  for (auto ended = decoder->step(); !*ended; ended = decoder->step()) ASSERT_TRUE(ended);
  image::Image const image = decoder->take();
  for (u32 y = 0; y < image.height; ++y)
    for (u32 x = 0; x < image.width; ++x)
      ASSERT_EQ(image.row(y)[x] & 0xffffff, pixel(static_cast<int>(x), static_cast<int>(y)))
          << x << " " << y;
}

TEST_F(ScreenTest, AScreenshotThatDoesNotFitLeavesNothing) {
  type("echo old >/tmp/shot.png\r");
  fs::Space const space = machine_.temporary->space();
  machine_.temporary->set_limits(
      {.bytes = space.total_bytes - space.free_bytes + 500, .nodes = 100});
  EXPECT_THAT(type("screenshot /tmp/shot.png\r"),
              HasSubstr("screenshot: /tmp/shot.png: no space left"));
  EXPECT_EQ(machine_.contents("shot.png"), "old\n");
  EXPECT_THAT(type("ls -a /tmp\r"), Not(HasSubstr("part")));
}

TEST_F(ScreenTest, ViewShowsAnImageInTheMiddleAndGivesTheScreenBack) {
  add_image("a.png", 10, 6, 0xff102030, 0xff405060);
  type("cd /tmp; view a.png\r");
  EXPECT_TRUE(console_.is_lent());
  u32 const background = text::nacre_theme.background.packed();
  EXPECT_EQ(pixel(74, 29), background);
  EXPECT_EQ(pixel(75, 29), 0x102030u);
  EXPECT_EQ(pixel(84, 34), 0x102030u);
  EXPECT_EQ(pixel(85, 34), background);
  EXPECT_EQ(pixel(80, 32), 0x405060u);
  press(text::Key::Equal);
  EXPECT_EQ(pixel(70, 26), 0x102030u);
  EXPECT_EQ(pixel(80, 32), 0x405060u);
  EXPECT_EQ(pixel(81, 33), 0x405060u);
  EXPECT_EQ(pixel(82, 33), 0x102030u);
  press(text::Key::Minus);
  press(text::Key::Minus);
  EXPECT_EQ(pixel(76, 29), background);
  press(text::Key::Escape);
  EXPECT_FALSE(console_.is_lent());
  EXPECT_THAT(type("echo $?\r"), HasSubstr("\x1b[?2004l"
                                           "0\r\n"));
}

TEST_F(ScreenTest, ViewScalesAndMoves) {
  add_image("wide.png", 320, 32, 0xff0000ff, 0xff00ff00);
  add_image("clear.png", 2, 2, 0x80ffffff, 0);
  type("cd /tmp; view wide.png\r");
  EXPECT_EQ(pixel(0, 24), 0x0000ffu);
  EXPECT_EQ(pixel(0, 23), text::nacre_theme.background.packed());
  EXPECT_EQ(pixel(80, 32), 0x0040bfu);  // a quarter of what it stands for
  press(text::Key::Digit1);
  EXPECT_EQ(pixel(80, 32), 0x00ff00u);
  press(text::Key::Right);
  EXPECT_EQ(pixel(40, 32), 0x00ff00u);
  press(text::Key::Digit0);
  press(text::Key::Q);
  type("view clear.png\r");
  // Half of what is behind it.
  u32 const background = text::nacre_theme.background.red;
  EXPECT_EQ(pixel(79, 31) >> 16, (255 * 0x80 + background * 0x7f + 127) / 255);
  press(text::Key::Q);
}

TEST_F(ScreenTest, ViewGoesThroughSeveralAndTellsWhatIsNone) {
  add_image("a.png", 4, 4, 0xff111111, 0xff111111);
  add_image("b.png", 4, 4, 0xff222222, 0xff222222);
  type("cd /tmp; echo text >none; view none a.png missing b.png\r");
  EXPECT_EQ(pixel(80, 32), 0x111111u);
  press(text::Key::N);
  EXPECT_EQ(pixel(80, 32), 0x222222u);
  press(text::Key::P);
  EXPECT_EQ(pixel(80, 32), 0x111111u);
  serial_.written.clear();
  press(text::Key::PageUp);
  EXPECT_EQ(pixel(80, 32), 0x222222u);
  EXPECT_THAT(serial_.written, HasSubstr("view: none: neither PNG, BMP nor QOI"));
  EXPECT_THAT(type("\x03"
                   "echo $?\r"),
              HasSubstr("\x1b[?2004l"
                        "130\r\n"));
  EXPECT_FALSE(console_.is_lent());
}

TEST_F(ScreenTest, ViewGivesTheScreenBackWhileItIsStopped) {
  add_image("a.png", 4, 4, 0xff123456, 0xff123456);
  type("view /tmp/a.png\r");
  EXPECT_EQ(pixel(80, 32), 0x123456u);
  type("\x1a");
  EXPECT_FALSE(console_.is_lent());
  EXPECT_THAT(type("echo on\r"), HasSubstr("\x1b[?2004l"
                                           "on\r\n"));
  type("fg\r");
  EXPECT_TRUE(console_.is_lent());
  EXPECT_EQ(pixel(80, 32), 0x123456u);
  press(text::Key::Q);
  EXPECT_FALSE(console_.is_lent());
}

TEST_F(ScreenTest, WithoutAScreenThereIsOneLine) {
  test::Machine machine;
  console::test::FakeSerial serial;
  console::Tty tty(nullptr, &serial);
  auto shell = *Shell::create(machine.services(&tty), {});
  auto const task = [](Shell& of, int& status) -> exec::Task<void> {
    status = (co_await of.run_line("view /hello.txt; screenshot")).value_or(-1);
  };
  int status = 0;
  ASSERT_TRUE(machine.executor.spawn_detached("test", task(*shell, status)));
  machine.executor.run_until_idle();
  EXPECT_EQ(status, 1);
  EXPECT_EQ(serial.written,
            "view: there is no screen to show it on\r\nscreenshot: there is no screen\r\n");
}

}  // namespace
}  // namespace nacre::shell
