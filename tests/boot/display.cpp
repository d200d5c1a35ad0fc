#include "kernel/drivers/bochs_display.hpp"
#include "kernel/memory/mmio.hpp"
#include "tests/support/boot_test.hpp"

namespace nacre {
namespace {

using base::u16;
using base::u32;
using base::u64;
using drivers::Rgb;

/// What the command line says that the machine's display is: "none", "undriven" or nothing.
std::string_view expected_display() { return test::boot_info().command_line; }
bool can_draw() { return expected_display().empty(); }

/// The display memory as the device has it, past everything that the driver might keep.
u32 word_on_screen(const drivers::PciDevice& display, u64 offset) {
  auto const mapped = memory::map_device({display.bars[0].address + offset}, sizeof(u32),
                                         memory::Caching::Uncached);
  return mapped ? hw::mmio_read_u32(*mapped) : 0xdead'dead;
}

base::Vector<drivers::PciDevice> devices() {
  auto found = drivers::PciScan<>::run();
  return found ? std::move(*found) : base::Vector<drivers::PciDevice>();
}

BOOT_TEST("a display that is missing or has no driver is an error of its own") {
  if (can_draw()) return;
  auto const found = devices();
  auto const framebuffer = drivers::create_display({found.data(), found.size()}, 640, 480);
  ASSERT_TRUE(!framebuffer.has_value());
  EXPECT_EQ(framebuffer.error(), expected_display() == "none" ? drivers::DisplayError::NoDisplay
                                                              : drivers::DisplayError::NoDriver);
}

BOOT_TEST("the display takes several modes, clears the screen, and shows what is drawn") {
  if (!can_draw()) return;
  auto const found = devices();
  std::span const all(found.data(), found.size());
  auto const* const display = drivers::find_display(all);
  ASSERT_TRUE(display != nullptr);
  struct Size {
    u16 width, height;
  };
  for (auto const [width, height] : {Size{640, 480}, Size{1024, 768}, Size{800, 600}}) {
    test::note("  {}x{}", width, height);
    auto framebuffer = drivers::create_display(all, width, height);
    ASSERT_TRUE(framebuffer.has_value());
    EXPECT_EQ(framebuffer->width(), width);
    EXPECT_EQ(framebuffer->height(), height);
    u64 const last = u64{width} * height * 4 - 4;
    EXPECT_EQ(word_on_screen(*display, 0), 0u);
    EXPECT_EQ(word_on_screen(*display, last), 0u);

    framebuffer->put_pixel(0, 0, Rgb{0x12, 0x34, 0x56});
    framebuffer->put_pixel(width - 1, height - 1, Rgb{0xab, 0xcd, 0xef});
    EXPECT_EQ(framebuffer->pixel(0, 0).to_u32(), 0x12'34'56u);
    EXPECT_EQ(word_on_screen(*display, 0), 0x12'34'56u);
    EXPECT_EQ(word_on_screen(*display, last), 0xab'cd'efu);

    // The second row starts where the first one ends.
    framebuffer->fill({0, 1, 1, 1}, Rgb{0, 0xff, 0});
    EXPECT_EQ(word_on_screen(*display, u64{width} * 4), 0x00'ff'00u);
    EXPECT_EQ(word_on_screen(*display, u64{width} * 4 + 4), 0u);
  }
}

BOOT_TEST("with a back buffer nothing is seen until it is presented") {
  if (!can_draw()) return;
  auto const found = devices();
  std::span const all(found.data(), found.size());
  auto framebuffer = drivers::create_display(all, 320, 200);
  ASSERT_TRUE(framebuffer.has_value());
  auto const* const display = drivers::find_display(all);
  ASSERT_TRUE(framebuffer->add_back_buffer().has_value());
  framebuffer->put_pixel(5, 0, Rgb{1, 2, 3});
  EXPECT_EQ(word_on_screen(*display, 5 * 4), 0u);
  framebuffer->present();
  EXPECT_EQ(word_on_screen(*display, 5 * 4), 0x01'02'03u);
}

BOOT_TEST("sizes that the display cannot show are errors, and the next good one works") {
  if (!can_draw()) return;
  auto const found = devices();
  std::span const all(found.data(), found.size());
  struct Size {
    u16 width, height;
  };
  for (auto const [width, height] : {Size{0, 480}, Size{640, 0}, Size{60'000, 60'000}}) {
    auto const framebuffer = drivers::create_display(all, width, height);
    ASSERT_TRUE(!framebuffer.has_value());
    EXPECT_EQ(framebuffer.error(), drivers::DisplayError::BadMode);
  }
  EXPECT_TRUE(drivers::create_display(all, 640, 480).has_value());
}

}  // namespace
}  // namespace nacre
