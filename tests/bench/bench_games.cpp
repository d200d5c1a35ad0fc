#include <algorithm>
#include <array>

#include "kernel/boot/ramdisk.hpp"
#include "kernel/boot/screen.hpp"
#include "kernel/console/tty.hpp"
#include "kernel/hw/cpu.hpp"
#include "kernel/process/run.hpp"
#include "tests/support/boot_test.hpp"
#include "tests/support/program_machine.hpp"

// What a frame of each game in /bin costs while it is played: the program, what it calls, and
// showing the frame. At 60 frames a second, a processor of 1,000 million instructions a second has
// 16.7 million for each.
namespace nacre {
namespace {

using base::u64;
using base::u8;

/// Of the games' executor: it goes on when nothing is left to do.
constinit base::Instant now{};

/// Where programs write to that should have nothing to say.
class Discarded final : public fs::Stream {
 public:
  exec::Task<fs::Result<base::usize>> read(std::span<u8>) override { co_return base::usize{0}; }
  exec::Task<fs::Result<base::usize>> write(std::span<const u8> bytes) override {
    test::report({static_cast<const char*>(static_cast<const void*>(bytes.data())), bytes.size()});
    co_return bytes.size();
  }
};

struct Machine : test::ProgramMachine {
  explicit Machine(console::Console& console)
      : ProgramMachine([] { return now; }), tty(&console, nullptr) {
    services.tty = &tty;
  }

  console::Tty tty;
  Discarded streams;

  auto start(fs::Vfs& files, std::string_view path) {
    return executor.spawn("game", process::run_file(services, files, files.root(), path,
                                                    {.name = path,
                                                     .arguments = {},
                                                     .environment = {},
                                                     .streams = {&streams, &streams, &streams},
                                                     .limits = {}}));
  }
  /// Up to where the game waits for its next frame. Returns the instructions that took.
  u64 frame() {
    u64 const before = hw::read_timestamp();
    now = std::max(now, executor.next_deadline());
    executor.run_until_idle();
    return hw::read_timestamp() - before;
  }
  void press(u8 scan_code) {
    tty.receive_scan_code(scan_code);
    tty.receive_scan_code(scan_code | 0x80);
  }
};

void measure(console::Console& console, fs::Vfs& files, std::string_view name) {
  constexpr u8 enter = 0x1c;
  constexpr u64 frames = 120;
  Machine machine(console);
  now = {};
  auto game = machine.start(files, base::FixedText<32>("/bin/{}.wasm", name));
  ASSERT_TRUE(game.has_value());
  machine.executor.run_until_idle();
  machine.frame();
  machine.press(enter);
  machine.frame();
  u64 sum = 0;
  u64 worst = 0;
  for (u64 i = 0; i < frames && !game->is_finished(); ++i) {
    u64 const spent = machine.frame();
    sum += spent;
    worst = std::max(worst, spent);
  }
  EXPECT_TRUE(!game->is_finished());
  test::note("bench: frame_{} {} instructions", name, sum / frames);
  test::note("bench: worst_frame_{} {} instructions", name, worst);
}

BOOT_TEST("a frame of each game") {
  auto const devices = drivers::PciScan<>::run();
  ASSERT_TRUE(devices.has_value());
  auto screen = boot::find_screen(test::boot_info(), {}, {devices->data(), devices->size()});
  ASSERT_TRUE(screen.has_value());
  auto console = console::Console::create(*screen);
  auto ramdisk = boot::read_ramdisk(test::boot_info());
  ASSERT_TRUE(console && ramdisk);
  auto files = fs::Vfs::create(std::move(*ramdisk));
  ASSERT_TRUE(files.has_value());
  for (std::string_view const name : {"snake", "blocks", "bricks", "comets", "life", "maze"})
    measure(*console, *files, name);
}

}  // namespace
}  // namespace nacre
