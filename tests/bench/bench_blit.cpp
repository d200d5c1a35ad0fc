#include <algorithm>
#include <cstring>

#include "kernel/boot/screen.hpp"
#include "kernel/hw/cpu.hpp"
#include "lib/base/vector.hpp"
#include "tests/support/boot_test.hpp"

// What drawing a whole screen costs, against copying as many bytes with memcpy.
namespace nacre {
namespace {

using base::u32;
using base::u64;
using base::usize;

template <class Operation>
u64 instructions_of(Operation&& operation) {
  u64 best = UINT64_MAX;
  for (int i = 0; i < 3; ++i) {
    u64 const start = hw::read_timestamp();
    operation();
    best = std::min(best, hw::read_timestamp() - start);
  }
  return best;
}

BOOT_TEST("a whole screen") {
  auto const devices = drivers::PciScan<>::run();
  ASSERT_TRUE(devices.has_value());
  auto screen = boot::find_screen(test::boot_info(), {}, {devices->data(), devices->size()});
  ASSERT_TRUE(screen && screen->has_back_buffer());
  auto const size = static_cast<usize>(screen->width()) * static_cast<usize>(screen->height());
  auto pixels = base::Vector<u32>::create(size);
  auto copy = base::Vector<u32>::create(size);
  ASSERT_TRUE(pixels && copy);
  for (usize i = 0; i < size; ++i) (*pixels)[i] = static_cast<u32>(i);

  u64 const plain =
      instructions_of([&] { std::memcpy(copy->data(), pixels->data(), size * sizeof(u32)); });
  auto const report = [&](std::string_view name, u64 spent) {
    test::note("bench: {} {} % of memcpy", name, (spent * 100 + plain / 2) / plain);
  };
  test::note("bench: memcpy_full_screen {} instructions", plain);
  report("blit_full_screen", instructions_of([&] { screen->blit(screen->bounds(), *pixels); }));
  for (drivers::i32 const scale : {2, 4}) {
    drivers::Rect const area{0, 0, screen->width() / scale, screen->height() / scale};
    report(base::FixedText<40>("blit_scaled_{}_full_screen", scale), instructions_of([&] {
             screen->blit_scaled(area, *pixels, static_cast<usize>(area.width), scale);
           }));
  }
  report("present_full_screen", instructions_of([&] { screen->present(); }));
}

}  // namespace
}  // namespace nacre
