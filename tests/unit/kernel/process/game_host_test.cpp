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
  u32 clear_screen = module.import_function("env", "clear_screen", parameters(3), {});
  u32 blit = module.import_function("env", "blit", parameters(6), {});
  u32 blit_scaled = module.import_function("env", "blit_scaled", parameters(7), {});
  u32 draw_text = module.import_function("env", "draw_text", parameters(8), {});
  u32 character_width = module.import_function("env", "character_width", {}, {i32_type});
  u32 character_height = module.import_function("env", "character_height", {}, {i32_type});
  u32 next_key = module.import_function("env", "next_key", {i32_type}, {i32_type});
  u32 time_ns = module.import_function("env", "time_ns", {}, {i64_type});
  u32 beep = module.import_function("env", "beep", parameters(2), {});

  Game() { module.memory(1); }

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

/// Writes down what it is told.
struct FakeSpeaker final : drivers::Speaker {
  std::vector<std::pair<u32, i64>> tones;  // Hz, and for how long in nanoseconds
  bool sounds = false;
  void play(u32 frequency_hz, base::Duration duration) override {
    tones.emplace_back(frequency_hz, duration.ns);
    sounds = true;
  }
  void silence() override { sounds = false; }
};

class GameHostTest : public testing::Test {
 protected:
  static constexpr u32 width = 160;
  static constexpr u32 height = 64;

  GameHostTest() {
    machine.services.tty = &tty;
    machine.services.speaker = &speaker;
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
  /// Draws one frame, which stays on the screen; how many of its pixels are not black.
  long draw_frame(const Bytes& code) {
    task.reset();
    start(game.build(code + call(game.next_frame) + drop));
    EXPECT_EQ(machine.error.text, "");
    auto const pixels = shown();
    return std::ranges::count_if(pixels, [](Rgb pixel) { return pixel != Rgb{}; });
  }
  /// What a program that must trap says, which begins with the reason.
  std::string complaint_of(const Bytes& code) {
    task.reset();
    machine.error.text.clear();
    EXPECT_EQ(machine.run(game.build(code).span()), 134);
    EXPECT_TRUE(shown() == terminal);
    return machine.error.text.substr(0, machine.error.text.find('\n'));
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
  FakeSpeaker speaker;
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

TEST_F(GameHostTest, TheWholeScreenIsCleared) {
  EXPECT_EQ(draw_frame(game.numbers({1, 2, 0x103}) + call(game.clear_screen)), width * height);
  EXPECT_EQ(shown_at(0, 0), (Rgb{1, 2, 3}));
  EXPECT_EQ(shown_at(width - 1, height - 1), (Rgb{1, 2, 3}));
}

/// Two rows of two pixels at address 16, four pixels apart.
constexpr i32 image_at = 16;
Bytes const image{0x03, 0x02, 0x01, 0xff, 0x06, 0x05, 0x04, 0xff, 0,    0,    0,    0,
                  0,    0,    0,    0,    0x09, 0x08, 0x07, 0xff, 0x0c, 0x0b, 0x0a, 0xff};
constexpr std::array image_colours{Rgb{1, 2, 3}, Rgb{4, 5, 6}, Rgb{7, 8, 9}, Rgb{10, 11, 12}};

TEST_F(GameHostTest, ABufferOfPixelsIsDrawn) {
  game.module.data(image_at, image);
  EXPECT_EQ(draw_frame(game.numbers({5, 6, 2, 2, image_at, 4}) + call(game.blit)), 4);
  EXPECT_EQ(shown_at(5, 6), image_colours[0]);
  EXPECT_EQ(shown_at(6, 6), image_colours[1]);
  EXPECT_EQ(shown_at(5, 7), image_colours[2]);
  EXPECT_EQ(shown_at(6, 7), image_colours[3]);
}

TEST_F(GameHostTest, ABufferOfPixelsIsDrawnEnlarged) {
  game.module.data(image_at, image);
  EXPECT_EQ(draw_frame(game.numbers({5, 6, 2, 2, image_at, 4, 3}) + call(game.blit_scaled)), 36);
  for (u32 y = 0; y < 6; ++y)
    for (u32 x = 0; x < 6; ++x)
      ASSERT_EQ(shown_at(5 + x, 6 + y), image_colours[y / 3 * 2 + x / 3]) << x << "," << y;
}

TEST_F(GameHostTest, WhatIsOutsideOfTheScreenIsNotDrawn) {
  game.module.data(image_at, image);
  // One pixel of it in each corner of the screen.
  i32 const right = width - 1;
  i32 const bottom = height - 1;
  EXPECT_EQ(draw_frame(game.numbers({-1, -1, 2, 2, image_at, 4}) + call(game.blit) +
                       game.numbers({right, -1, 2, 2, image_at, 4}) + call(game.blit) +
                       game.numbers({-1, bottom, 2, 2, image_at, 4}) + call(game.blit) +
                       game.numbers({right, bottom, 2, 2, image_at, 4}) + call(game.blit)),
            4);
  EXPECT_EQ(shown_at(0, 0), image_colours[3]);
  EXPECT_EQ(shown_at(width - 1, 0), image_colours[2]);
  EXPECT_EQ(shown_at(0, height - 1), image_colours[1]);
  EXPECT_EQ(shown_at(width - 1, height - 1), image_colours[0]);
  for (auto const& [x, y] : {std::pair(INT32_MIN, 0),
                             {INT32_MAX, 0},
                             {0, INT32_MIN},
                             {0, INT32_MAX},
                             {-2, 0},
                             {right + 1, 0}}) {
    EXPECT_EQ(draw_frame(game.numbers({x, y, 2, 2, image_at, 4}) + call(game.blit)), 0);
    EXPECT_EQ(draw_frame(game.numbers({x, y, 2, 2, image_at, 4, 1}) + call(game.blit_scaled)), 0);
  }
  EXPECT_EQ(draw_frame(game.numbers({0, 0, 1, 1, image_at, 1, INT32_MAX}) + call(game.blit_scaled)),
            width * height);
}

TEST_F(GameHostTest, SizesAndScalesBelowOneDrawNothingWhereverTheyPoint) {
  for (i32 const size : {0, -1, INT32_MIN}) {
    EXPECT_EQ(
        draw_frame(game.numbers({0, 0, size, 9, -1, 0}) + call(game.blit) +
                   game.numbers({0, 0, 9, size, -1, 0}) + call(game.blit) +
                   game.numbers({0, 0, 2, 2, image_at, 0, size}) + call(game.blit_scaled) +
                   game.numbers({0, 0, image_at, 3, size, 255, 255, 255}) + call(game.draw_text)),
        0);
  }
}

TEST_F(GameHostTest, PixelsComeFromTheProgramsMemoryAlone) {
  constexpr i32 end = 65'536;
  EXPECT_EQ(draw_frame(game.numbers({0, 0, 1, 1, end - 4, 1}) + call(game.blit) +
                       game.numbers({0, 0, 2, 2, end - 24, 4}) + call(game.blit)),
            0);
  std::initializer_list<i32> const beyond[] = {
      {0, 0, 1, 1, end, 1},
      {0, 0, 2, 1, end - 4, 2},
      {0, 0, 2, 2, end - 20, 4},
      {0, 0, 1, 1, -4, 1},                            // the last word that an address can name
      {0, 0, 1, INT32_MAX, 0, INT32_MAX},             // nearly all that 64 bits can count
      {0, 0, 1, (1 << 30) + 1, 0, 1},                 // four bytes, if 32 bits counted them
      {0, 0, INT32_MAX, INT32_MAX, 0, INT32_MAX},     //
      {INT32_MAX, INT32_MIN, 16'385, 1, 0, 16'385}};  // though nothing of it is on the screen
  for (auto const& arguments : beyond) {
    EXPECT_EQ(complaint_of(game.numbers(arguments) + call(game.blit)),
              "prog: trap: out of bounds memory access: blit: not all pixels lie in the program's "
              "memory");
    EXPECT_EQ(complaint_of(game.numbers(arguments) + i32_const(2) + call(game.blit_scaled)),
              "prog: trap: out of bounds memory access: blit: not all pixels lie in the program's "
              "memory");
  }
}

TEST_F(GameHostTest, APictureThatMakesNoSenseIsATrapWithAReason) {
  for (i32 const stride : {1, 0, -1, INT32_MIN}) {
    EXPECT_EQ(complaint_of(game.numbers({0, 0, 2, 1, 0, stride}) + call(game.blit)),
              "prog: trap: refused by the host: blit: the stride is smaller than the width");
  }
  for (i32 const address : {1, 2, 3, -1}) {
    EXPECT_EQ(complaint_of(game.numbers({0, 0, 2, 1, address, 2}) + call(game.blit)),
              "prog: trap: refused by the host: blit: the pixels are not at a multiple of four");
  }
}

TEST_F(GameHostTest, TextIsDrawnInTheConsolesFont) {
  game.module.data(image_at, characters("\xe2\x96\x88x"));  // a block, which fills its cell
  Bytes const text = game.numbers({3, 4, image_at, 3, 2, 9, 8, 7}) + call(game.draw_text);
  EXPECT_EQ(draw_frame(text), 16 * 32);
  EXPECT_EQ(shown_at(3, 4), (Rgb{9, 8, 7}));
  EXPECT_EQ(shown_at(18, 35), (Rgb{9, 8, 7}));
  EXPECT_EQ(shown_at(19, 35), Rgb{});
}

TEST_F(GameHostTest, TextComesFromTheProgramsMemoryAlone) {
  auto const text = [&](i32 address, i32 length) {
    return game.numbers({0, 0, address, length, 1, 255, 255, 255}) + call(game.draw_text);
  };
  EXPECT_GT(draw_frame(text(0, 65'536)), 0);  // all of it, as zeros
  EXPECT_EQ(draw_frame(text(65'536, 0)), 0);
  for (auto const& [address, length] :
       {std::pair(65'536, 1), {65'535, 2}, {-1, 1}, {-1, 65'536}, {1, 65'536}}) {
    EXPECT_EQ(complaint_of(text(address, length)),
              "prog: trap: out of bounds memory access: draw_text: the text is not in the "
              "program's memory");
  }
  for (i32 const length : {65'537, -1, INT32_MIN, INT32_MAX}) {
    EXPECT_EQ(complaint_of(text(0, length)),
              "prog: trap: refused by the host: draw_text: the text is longer than 65536 bytes");
  }
}

TEST_F(GameHostTest, OthersHaveTheirTurnBetweenTwoCallsThatDraw) {
  constexpr int calls = 50;
  Bytes all;
  for (int i = 0; i < calls; ++i) all += game.numbers({1, 2, 3}) + call(game.clear_screen);
  bytes = game.build(all);
  test::fake_tick = Turn::length;
  auto drawing =
      machine.executor.spawn("game", run(machine.services, bytes.span(), machine.request()));
  ASSERT_TRUE(drawing);
  int turns = 0;
  auto const other = [](int& count, bool& begun) -> exec::Task<void> {
    for (;; count += begun) co_await exec::yield();
  };
  bool begun = false;
  auto const counting = machine.executor.spawn("other", other(turns, begun));
  ASSERT_TRUE(counting);
  while (!drawing->is_finished()) {
    machine.executor.run_round();
    begun = console.is_lent();
  }
  EXPECT_GE(turns, calls - 1);
}

TEST_F(GameHostTest, TellsTheSizesOfTheScreenAndOfItsCharacters) {
  EXPECT_EQ(machine.run(game.build(call(game.screen_width) + call(game.exit)).span()), width);
  EXPECT_EQ(machine.run(game.build(call(game.screen_height) + call(game.exit)).span()), height);
  EXPECT_EQ(machine.run(game.build(call(game.character_width) + call(game.exit)).span()), 8);
  EXPECT_EQ(machine.run(game.build(call(game.character_height) + call(game.exit)).span()), 16);
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

/// Draws one event as two pixels from (x, y): key, change and whether there was one; modifiers and
/// both bytes of the character.
Bytes draw_event(const Game& game, i32 x, i32 y) {
  auto const field = [](i32 number) { return i32_const(4 * number) + i32_load; };
  Bytes const high_byte = field(3) + i32_const(256) + i32_div_unsigned;
  // The answer waits in memory, because pixels begin with their place.
  return i32_const(16) + i32_const(0) + call(game.next_key) + i32_store + game.numbers({x, y}) +
         field(0) + field(1) + field(4) + call(game.put_pixel) + game.numbers({x + 1, y}) +
         field(2) + field(3) + high_byte + call(game.put_pixel);
}

TEST_F(GameHostTest, KeysComeOneByOneInOrder) {
  Bytes frame;
  for (i32 i = 0; i < 8; ++i) frame += draw_event(game, 0, i);
  start(game.build(loop(frame + call(game.next_frame) + drop + branch(0))));
  next_frame();
  EXPECT_EQ(shown_at(0, 0), Rgb{}) << "nothing was typed";
  // Shift-B, a held A, Ctrl, and the right arrow, all within a frame.
  scan({0x2a, 0x30, 0xb0, 0xaa, 0x1e, 0x1e, 0x1d, 0xe0, 0x4d});
  next_frame();
  struct {
    u8 key, change, modifiers;
    char character;
  } const expected[] = {{0xe1, 2, 1, 0},   {0x05, 2, 1, 'B'}, {0x05, 4, 1, 0}, {0xe1, 4, 0, 0},
                        {0x04, 2, 0, 'a'}, {0x04, 1, 0, 'a'}, {0xe0, 2, 2, 0}, {0x4f, 2, 2, 0}};
  for (u32 i = 0; i < 8; ++i) {
    auto const& [key, change, modifiers, character] = expected[i];
    EXPECT_EQ(shown_at(0, i), (Rgb{key, change, 1})) << i;
    EXPECT_EQ(shown_at(1, i), (Rgb{modifiers, static_cast<u8>(character), 0})) << i;
  }
  next_frame();
  EXPECT_EQ(shown_at(0, 0), Rgb{}) << "each comes once";
}

TEST_F(GameHostTest, EventsDoNotWaitForAFrameAndTheNextFrameTellsOfThemAll) {
  constexpr Bytes if_zero_again{0x45, 0x0d, 0};  // i32.eqz, br_if 0
  auto const draw_state = [&](i32 x) {
    return game.numbers({x, 0, 0x04}) + call(game.key_state) + game.numbers({7, 7}) +
           call(game.put_pixel);
  };
  bytes = game.build(loop(i32_const(0) + call(game.next_key) + if_zero_again) + draw_state(0) +
                     call(game.next_frame) + drop + draw_state(1) +
                     loop(call(game.next_frame) + drop + branch(0)));
  test::fake_tick = Turn::length;
  auto waiting =
      machine.executor.spawn("game", run(machine.services, bytes.span(), machine.request()));
  ASSERT_TRUE(waiting);
  for (int i = 0; i < 100; ++i) machine.executor.run_round();
  EXPECT_TRUE(console.is_lent());
  EXPECT_TRUE(shown() == terminal) << "there was no event, and no frame";
  scan({0x1e});
  for (int i = 0; i < 100; ++i) machine.executor.run_round();
  EXPECT_EQ(shown_at(0, 0), (Rgb{0, 7, 7})) << "the frame has not begun";
  EXPECT_EQ(shown_at(1, 0), (Rgb{GameKeys::held | GameKeys::pressed, 7, 7}));
}

TEST_F(GameHostTest, AnEventGoesToTheProgramsMemoryAlone) {
  for (i32 const address : {65'521, 65'536, -1, -16, INT32_MIN}) {
    EXPECT_EQ(complaint_of(i32_const(address) + call(game.next_key) + drop),
              "prog: trap: out of bounds memory access: next_key: the event is not in the "
              "program's memory");
  }
  EXPECT_EQ(
      machine.run(game.build(i32_const(65'520) + call(game.next_key) + call(game.exit)).span()), 0);
}

TEST_F(GameHostTest, TheClockIsTheMachines) {
  fake_now = {123'456'789'012};
  constexpr Bytes divide_and_wrap{0x7f, 0xa7};  // i64.div_s, i32.wrap_i64
  Bytes const seconds = call(game.time_ns) + i64_const(1'000'000'000) + divide_and_wrap;
  EXPECT_EQ(machine.run(game.build(seconds + call(game.exit)).span()), 123);
}

TEST_F(GameHostTest, ABeepSoundsAndTheGamesEndSilences) {
  start(game.build(game.numbers({440, 250}) + call(game.beep) + call(game.next_frame) + drop));
  EXPECT_THAT(speaker.tones, testing::ElementsAre(std::pair(440u, 250'000'000)));
  EXPECT_TRUE(speaker.sounds);
  next_frame();
  EXPECT_TRUE(task.is_finished());
  EXPECT_FALSE(speaker.sounds);

  start(game.build(game.numbers({INT32_MAX, INT32_MAX}) + call(game.beep) +
                   loop(call(game.next_frame) + drop + branch(0))));
  EXPECT_EQ(speaker.tones.back(), std::pair(u32{INT32_MAX}, i64{INT32_MAX} * 1'000'000));
  EXPECT_TRUE(speaker.sounds);
  task.cancel();
  EXPECT_FALSE(speaker.sounds);

  complaint_of(game.numbers({440, 250}) + call(game.beep) + unreachable);
  EXPECT_FALSE(speaker.sounds);
}

TEST_F(GameHostTest, ABeepOfNothingSilences) {
  for (auto const& [hz, ms] :
       {std::pair(0, 100), {-1, 100}, {INT32_MIN, 100}, {440, 0}, {440, -1}, {440, INT32_MIN}}) {
    speaker.tones.clear();
    EXPECT_EQ(draw_frame(game.numbers({440, 100}) + call(game.beep) + game.numbers({hz, ms}) +
                         call(game.beep)),
              0);
    EXPECT_FALSE(speaker.sounds);
    EXPECT_EQ(speaker.tones.size(), 1u);
  }
}

TEST_F(GameHostTest, WithoutASpeakerABeepIsNothing) {
  machine.services.speaker = nullptr;
  EXPECT_EQ(machine.run(game.build(game.numbers({440, 100}) + call(game.beep)).span()), 0);
}

TEST_F(GameHostTest, WhoDoesNotBeepLeavesTheSpeakerAlone) {
  speaker.sounds = true;
  EXPECT_EQ(machine.run(game.build(call(game.screen_width) + drop).span()), 0);
  EXPECT_TRUE(speaker.sounds);
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
    for (Bytes const& code :
         {call(game.screen_width) + drop, call(game.screen_height) + drop,
          call(game.next_frame) + drop, call(game.random) + drop,
          i32_const(4) + call(game.key_state) + drop,
          game.numbers({0, 0, 0, 0, 0}) + call(game.put_pixel),
          game.numbers({0, 0, 0, 0, 0, 0, 0}) + call(game.fill_rect),
          game.numbers({0, 0, 0}) + call(game.clear_screen),
          game.numbers({0, 0, 0, 0, 0, 0}) + call(game.blit),
          game.numbers({0, 0, 0, 0, 0, 0, 0}) + call(game.blit_scaled),
          game.numbers({0, 0, 0, 0, 0, 0, 0, 0}) + call(game.draw_text),
          call(game.character_width) + drop, call(game.time_ns) + drop,
          call(game.character_height) + drop, i32_const(-1) + call(game.next_key) + drop,
          game.numbers({440, 100}) + call(game.beep)}) {
      machine.error.text.clear();
      EXPECT_EQ(machine.run(game.build(code).span()), 1);
      EXPECT_EQ(machine.error.text, "prog: there is no screen\n");
      EXPECT_TRUE(speaker.tones.empty());
    }
  }
}

TEST_F(GameHostTest, EveryFailedAllocationIsAValue) {
  game.module.data(image_at, image);
  Bytes const code =
      game.build(game.numbers({3, 4, 255, 128, 1}) + call(game.put_pixel) +
                 game.numbers({5, 6, 2, 2, image_at, 4, 3}) + call(game.blit_scaled) +
                 game.numbers({3, 4, image_at, 3, 2, 9, 8, 7}) + call(game.draw_text) +
                 game.numbers({440, 250}) + call(game.beep) + i32_const(0) + call(game.next_key) +
                 drop + call(game.next_frame) + call(game.exit));
  int succeeded = 0;
  nacre::test::fail_each_allocation([&] {
    fake_now = {};
    int const status = machine.run(code.span());
    EXPECT_THAT(status, testing::AnyOf(-2, -1, 137, 1));
    succeeded += status == 1;
    EXPECT_FALSE(console.is_lent());
    EXPECT_FALSE(speaker.sounds);
  });
  EXPECT_GE(succeeded, 1);
}

}  // namespace
}  // namespace nacre::process
