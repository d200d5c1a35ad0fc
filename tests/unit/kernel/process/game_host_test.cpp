#include "kernel/process/game_host.hpp"

#include <gmock/gmock.h>

#include "tests/support/failing_allocator.hpp"
#include "tests/support/module_builder.hpp"
#include "tests/unit/kernel/process/fakes.hpp"

namespace nacre::process {
namespace {

using namespace nacre::test::module;
using drivers::Rgb;
using test::fake_now;

constexpr Bytes parameters(usize count) {
  Bytes types;
  for (usize i = 0; i < count; ++i) types += {i32_type};
  return types;
}

/// A game's imports, and what to do with them.
struct Game {
  ModuleBuilder module;
  u32 exit = module.import_function("wasi_snapshot_preview1", "proc_exit", {i32_type}, {});
  u32 put_pixel = module.import_function("env", "put_pixel", parameters(5), {});
  u32 fill_rect = module.import_function("env", "fill_rect", parameters(7), {});
  u32 screen_width = module.import_function("env", "screen_width", {}, {i32_type});
  u32 screen_height = module.import_function("env", "screen_height", {}, {i32_type});
  u32 key_state = module.import_function("env", "key_state", {i32_type}, {i32_type});
  u32 next_frame = module.import_function("env", "next_frame", {}, {i32_type});
  u32 random = module.import_function("env", "random", {}, {i32_type});

  Bytes numbers(std::initializer_list<i32> values) const {
    Bytes code;
    for (i32 const value : values) code += i32_const(value);
    return code;
  }
  Bytes build(const Bytes& body) {
    ModuleBuilder built = module;
    built.entry(body);
    return built.build();
  }
};

class GameHostTest : public testing::Test {
 protected:
  static constexpr u32 width = 160;
  static constexpr u32 height = 64;

  GameHostTest() {
    machine.services.tty = &tty;
    console.write("text on the terminal");
    console.flush();
    terminal = shown();
  }
  ~GameHostTest() override {
    task.reset();
    EXPECT_EQ(machine.platform.reservations, 0);
  }

  /// What stands in the screen's memory.
  std::vector<Rgb> shown() const {
    std::vector<Rgb> pixels;
    for (usize i = 0; i < memory.size(); i += 4)
      pixels.push_back({memory[i + 2], memory[i + 1], memory[i]});
    return pixels;
  }
  Rgb shown_at(u32 x, u32 y) const { return shown()[y * width + x]; }
  void scan(std::initializer_list<int> codes) {
    for (int const code : codes) tty.receive_scan_code(static_cast<u8>(code));
  }
  void start(const Bytes& code) {
    bytes = code;
    auto spawned =
        machine.executor.spawn("game", run(machine.services, bytes.span(), machine.request()));
    ASSERT_TRUE(spawned);
    task = std::move(*spawned);
    machine.executor.run_until_idle();
  }
  /// Lets the clock go on to the next frame.
  void next_frame() {
    fake_now = machine.executor.next_deadline();
    machine.executor.run_until_idle();
  }

  std::vector<u8> memory = std::vector<u8>(usize{width} * height * 4);
  drivers::Framebuffer framebuffer = [this] {
    auto made = *drivers::Framebuffer::create(
        memory, {width, height, width * 4, drivers::PixelFormat::xrgb8888()});
    EXPECT_TRUE(made.add_back_buffer());
    return made;
  }();
  console::Console console = *console::Console::create(framebuffer);
  console::Tty tty{&console, nullptr};
  std::vector<Rgb> terminal;
  test::Machine machine;
  Game game;
  Bytes bytes;
  exec::JoinHandle<RunResult> task;
};

TEST_F(GameHostTest, WhatIsDrawnIsSeenAtTheNextFrameAndGivenBackAtTheEnd) {
  start(game.build(game.numbers({3, 4, 255, 128, 1}) + call(game.put_pixel) +
                   game.numbers({10, 10, 20, 5, 0, 0, 511}) + call(game.fill_rect) +
                   call(game.next_frame) + drop));
  EXPECT_EQ(shown_at(3, 4), (Rgb{255, 128, 1}));
  EXPECT_EQ(shown_at(10, 10), (Rgb{0, 0, 255}));
  EXPECT_EQ(shown_at(29, 14), (Rgb{0, 0, 255}));
  EXPECT_EQ(shown_at(30, 14), Rgb{});
  EXPECT_EQ(shown_at(9, 10), Rgb{});
  EXPECT_TRUE(console.is_lent());
  next_frame();
  EXPECT_TRUE(task.is_finished());
  EXPECT_FALSE(console.is_lent());
  EXPECT_EQ(shown(), terminal);
}

TEST_F(GameHostTest, DrawingOutsideIsLeftOut) {
  Bytes const far[] = {game.numbers({-1, 0, 255, 255, 255}) + call(game.put_pixel),
                       game.numbers({0, INT32_MIN, 255, 255, 255}) + call(game.put_pixel),
                       game.numbers({width, 0, 255, 255, 255}) + call(game.put_pixel),
                       game.numbers({0, INT32_MAX, 255, 255, 255}) + call(game.put_pixel),
                       game.numbers({INT32_MAX, 0, INT32_MAX, 5, 9, 9, 9}) + call(game.fill_rect),
                       game.numbers({-5, -5, 6, 6, 9, 9, 9}) + call(game.fill_rect),
                       game.numbers({3, 3, -6, -6, 9, 9, 9}) + call(game.fill_rect)};
  Bytes all;
  for (Bytes const& one : far) all += one;
  start(game.build(all + call(game.next_frame) + drop));
  auto const pixels = shown();
  EXPECT_EQ(std::ranges::count_if(pixels, [](Rgb pixel) { return pixel != Rgb{}; }), 1);
  EXPECT_EQ(shown_at(0, 0), (Rgb{9, 9, 9}));
}

TEST_F(GameHostTest, TellsTheSizeOfTheScreen) {
  EXPECT_EQ(machine.run(game.build(call(game.screen_width) + call(game.exit)).span()), width);
  EXPECT_EQ(machine.run(game.build(call(game.screen_height) + call(game.exit)).span()), height);
}

TEST_F(GameHostTest, FramesComeSixtyTimesASecond) {
  start(game.build(loop(call(game.next_frame) + drop + branch(0))));
  for (int frame = 1; frame <= 120; ++frame) {
    EXPECT_EQ(machine.executor.next_deadline().ns, i64{frame} * 1'000'000'000 / 60);
    next_frame();
  }
}

TEST_F(GameHostTest, FramesThatCameTooLateAreCounted) {
  auto const late = [&](i64 ns) {
    fake_now = {};
    start(game.build(call(game.next_frame) + drop + call(game.next_frame) + call(game.exit)));
    fake_now = {ns};
    machine.executor.run_until_idle();
    while (!task.is_finished()) next_frame();
    int code = -1;
    auto const join = [](exec::JoinHandle<RunResult>& joined, int& out) -> exec::Task<void> {
      auto const result = co_await joined.join();
      out = (*result)->code;
    };
    EXPECT_TRUE(machine.executor.spawn_detached("join", join(task, code)));
    machine.executor.run_until_idle();
    return code;
  };
  EXPECT_EQ(late(16'666'666), 2);
  EXPECT_EQ(late(1'000'000'000), 61);
  EXPECT_EQ(late(1'010'000'000), 61);
}

TEST_F(GameHostTest, KeysAreHeldPressedAndReleasedBetweenFrames) {
  // Each frame's state of A and of the right arrow is drawn at the frame's own pixel.
  Bytes const state = i32_const(0x04) + call(game.key_state) + i32_const(0x4f) +
                      call(game.key_state) + i32_const(1000) + call(game.key_state);
  start(game.build(loop(i32_const(1) + i32_const(1) + state + call(game.put_pixel) +
                        call(game.next_frame) + drop + branch(0))));
  auto const seen = [&] {
    next_frame();
    auto const [a, right, unknown] = shown_at(1, 1);
    EXPECT_EQ(unknown, 0);
    return std::pair<int, int>(a, right);
  };
  EXPECT_EQ(seen(), std::pair(0, 0));
  scan({0x1e});
  EXPECT_EQ(seen(), std::pair(1 | 2, 0));
  EXPECT_EQ(seen(), std::pair(1, 0));
  scan({0x1e});  // the keyboard repeats it
  EXPECT_EQ(seen(), std::pair(1, 0));
  scan({0x9e, 0xe0, 0x4d, 0xe0, 0xcd});
  EXPECT_EQ(seen(), std::pair(4, 2 | 4));
  EXPECT_EQ(seen(), std::pair(0, 0));
  for (int i = 0; i < 100; ++i) scan({0x1e, 0x9e});
  scan({0x1e});
  EXPECT_EQ(seen().first, 1 | 2 | 4);
}

TEST_F(GameHostTest, TheScreenComesBackHoweverTheGameEnds) {
  EXPECT_EQ(machine.run(game.build(call(game.screen_width) + unreachable).span()), 134);
  EXPECT_EQ(shown(), terminal);
  EXPECT_EQ(machine.run(
                game.build(i32_const(3) + call(game.screen_width) + drop + call(game.exit)).span()),
            3);
  EXPECT_EQ(shown(), terminal);
  start(game.build(loop(game.numbers({0, 0, 99, 99, 255, 255, 255}) + call(game.fill_rect) +
                        call(game.next_frame) + drop + branch(0))));
  next_frame();
  EXPECT_NE(shown(), terminal);
  task.cancel();
  EXPECT_EQ(shown(), terminal);
  EXPECT_FALSE(console.is_lent());
}

TEST_F(GameHostTest, OneGameHasTheScreen) {
  auto const lease = tty.take_screen();
  ASSERT_TRUE(lease);
  EXPECT_EQ(machine.run(game.build(call(game.next_frame) + drop).span()), 1);
  EXPECT_EQ(machine.error.text, "prog: another program has the screen\n");
}

TEST_F(GameHostTest, WithoutAScreenEveryCallSaysSo) {
  console::Tty bare(nullptr, nullptr);
  for (console::Tty* const there : {static_cast<console::Tty*>(nullptr), &bare}) {
    machine.services.tty = there;
    for (Bytes const& code : {call(game.screen_width) + drop, call(game.screen_height) + drop,
                              call(game.next_frame) + drop, call(game.random) + drop,
                              i32_const(4) + call(game.key_state) + drop,
                              game.numbers({0, 0, 0, 0, 0}) + call(game.put_pixel),
                              game.numbers({0, 0, 0, 0, 0, 0, 0}) + call(game.fill_rect)}) {
      machine.error.text.clear();
      EXPECT_EQ(machine.run(game.build(code).span()), 1);
      EXPECT_EQ(machine.error.text, "prog: there is no screen\n");
    }
  }
}

TEST_F(GameHostTest, EveryFailedAllocationIsAValue) {
  Bytes const code = game.build(game.numbers({3, 4, 255, 128, 1}) + call(game.put_pixel) +
                                call(game.next_frame) + call(game.exit));
  int succeeded = 0;
  nacre::test::fail_each_allocation([&] {
    fake_now = {};
    int const status = machine.run(code.span());
    EXPECT_THAT(status, testing::AnyOf(-2, -1, 137, 1));
    succeeded += status == 1;
    EXPECT_FALSE(console.is_lent());
  });
  EXPECT_GE(succeeded, 1);
}

}  // namespace
}  // namespace nacre::process
