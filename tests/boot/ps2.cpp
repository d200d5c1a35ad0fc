#include "kernel/drivers/ps2.hpp"

#include "kernel/boot/devices.hpp"
#include "kernel/console/tty.hpp"
#include "kernel/hw/port.hpp"
#include "tests/support/boot_test.hpp"

namespace nacre {
namespace {

using base::u8;
using hw::ps2::Status;

/// The keyboard sends the byte back. [ps2-keyboard: "Command Set"]
constexpr u8 echo = 0xee;
/// The controller takes the next data byte for one that came from the keyboard.
/// [i8042: "Controller Commands"]
constexpr u8 write_keyboard_output = 0xd2;
constexpr u8 key_a_pressed = 0x1e;
/// The same for the mouse.
constexpr u8 write_mouse_output = 0xd3;

bool machine_has_keyboard() { return test::boot_info().command_line != "no-keyboard"; }

Status status() { return Status::from(hw::port_read_u8(hw::ps2::command_port)); }

std::optional<u8> poll() {
  for (int i = 0; i < 100'000; ++i)
    if (status().get<Status::OutputFull>()) return hw::port_read_u8(hw::ps2::data_port);
  return std::nullopt;
}
/// As if a key had been pressed.
void press(u8 code) {
  hw::port_write_u8(hw::ps2::command_port, write_keyboard_output);
  hw::port_write_u8(hw::ps2::data_port, code);
}

/// As if the mouse had sent it.
void send_mouse(u8 byte) {
  hw::port_write_u8(hw::ps2::command_port, write_mouse_output);
  hw::port_write_u8(hw::ps2::data_port, byte);
}

boot::Devices& devices() {
  static boot::Devices& brought_up = [] -> boot::Devices& {
    boot::Options options;
    options.force_pic = test::boot_info().command_line == "pic";
    return boot::Devices::bring_up(test::boot_info(), options);
  }();
  return brought_up;
}

BOOT_TEST("a machine without a controller says so") {
  if (machine_has_keyboard()) return;
  auto const controller = drivers::Ps2Controller<>::create();
  ASSERT_TRUE(!controller.has_value());
  EXPECT_EQ(controller.error(), drivers::Ps2Error::NoController);
  EXPECT_TRUE(devices().ps2() == nullptr);
}

BOOT_TEST("the controller is set up, nothing is left in it, and the keyboard answers") {
  if (!machine_has_keyboard()) return;
  auto const controller = drivers::Ps2Controller<>::create();
  ASSERT_TRUE(controller.has_value());
  EXPECT_TRUE(!status().get<Status::OutputFull>());
  hw::port_write_u8(hw::ps2::data_port, echo);
  EXPECT_EQ(poll().value_or(0), echo);
  EXPECT_TRUE(controller->mouse() == drivers::Ps2Mouse::Wheel);
}

BOOT_TEST("it is set up again while keys are waiting in it") {
  if (!machine_has_keyboard()) return;
  press(key_a_pressed);
  EXPECT_TRUE(status().get<Status::OutputFull>());
  ASSERT_TRUE(drivers::Ps2Controller<>::create().has_value());
  EXPECT_TRUE(!status().get<Status::OutputFull>());
}

template <class Stream>
std::optional<u8> next_of(Stream& stream) {
  for (int i = 0; i < 100'000; ++i)
    if (auto const byte = stream.try_next()) return byte;
  return std::nullopt;
}

BOOT_TEST("keys arrive by interrupt, in their order") {
  if (!machine_has_keyboard()) return;
  auto* const ps2 = devices().ps2();
  ASSERT_TRUE(ps2 != nullptr);
  for (u8 code = 1; code < 100; ++code) {
    press(code);
    EXPECT_EQ(next_of(ps2->scancodes()).value_or(0), code);
  }
  EXPECT_EQ(ps2->scancodes().dropped(), base::u64{0});
}

BOOT_TEST("a key that comes while the line is masked does not silence the keyboard") {
  if (!machine_has_keyboard()) return;
  auto* const ps2 = devices().ps2();
  ASSERT_TRUE(ps2 != nullptr);
  devices().interrupts().mask(hw::ps2::keyboard_line);
  press(key_a_pressed);
  devices().interrupts().unmask(hw::ps2::keyboard_line);
  ps2->start();
  EXPECT_EQ(next_of(ps2->scancodes()).value_or(0), key_a_pressed);
  press(key_a_pressed | 0x80);
  EXPECT_EQ(next_of(ps2->scancodes()).value_or(0), key_a_pressed | 0x80);
}

BOOT_TEST("keys that come faster than anybody takes them are kept, as many as there is room for") {
  if (!machine_has_keyboard()) return;
  auto* const ps2 = devices().ps2();
  ASSERT_TRUE(ps2 != nullptr);
  constexpr int room = 256;
  constexpr int too_many = 300;
  auto const code_of = [](int index) { return static_cast<u8>(index % 100 + 1); };
  // Thousands, in bursts that nobody takes anything of before they end.
  for (int burst = 0; burst < 40; ++burst) {
    for (int i = 0; i < room; ++i) press(code_of(burst + i));
    for (int i = 0; i < room; ++i)
      EXPECT_EQ(next_of(ps2->scancodes()).value_or(0), code_of(burst + i));
  }
  EXPECT_EQ(ps2->scancodes().dropped(), base::u64{0});
  for (int i = 0; i < too_many; ++i) press(code_of(i));
  for (int i = 0; i < room; ++i) EXPECT_EQ(next_of(ps2->scancodes()).value_or(0), code_of(i));
  EXPECT_EQ(ps2->scancodes().dropped(), base::u64{too_many - room});
  press(key_a_pressed);
  EXPECT_EQ(next_of(ps2->scancodes()).value_or(0), key_a_pressed);
}

constexpr int many_keys = 5000;
constexpr int keys_at_once = 10;

/// Letters, each pressed and released: ten in a millisecond.
exec::Task<int> type_many() {
  using namespace base::literals;
  constexpr u8 codes[] = {0x1e, 0x30, 0x2e, 0x20, 0x12, 0x21};  // a to f
  base::Instant next = devices().now();
  for (int key = 0; key < many_keys; ++key) {
    u8 const code = codes[static_cast<base::usize>(key) % sizeof codes];
    press(code);
    press(code | 0x80);
    if (key % keys_at_once != keys_at_once - 1) continue;
    next = next + 1_ms;
    co_await exec::sleep_until(next);
  }
  co_return 0;
}

/// Reads them, and counts those that were the right ones.
exec::Task<int> read_many(console::Tty& tty, int& right) {
  std::array<u8, 64> bytes;
  int read = 0;
  while (read < many_keys) {
    auto const count = co_await tty.read(bytes);
    if (!count) co_return 1;
    for (base::usize i = 0; i < *count; ++i, ++read)
      if (bytes[i] == 'a' + read % 6) ++right;
  }
  co_return 0;
}

BOOT_TEST("ten thousand keys a second reach who reads from the tty, all of them and in order") {
  if (!machine_has_keyboard()) return;
  auto* const ps2 = devices().ps2();
  ASSERT_TRUE(ps2 != nullptr);
  auto& executor = devices().executor();
  console::Tty tty(nullptr, nullptr);
  int right = 0;
  auto pump = executor.spawn("keyboard", console::pump_keyboard(tty, ps2->scancodes()));
  auto reader = executor.spawn("reader", read_many(tty, right));
  auto typist = executor.spawn("typist", type_many());
  ASSERT_TRUE(pump && reader && typist);
  base::Instant const start = devices().now();
  base::u64 const dropped = ps2->scancodes().dropped();
  devices().run_until([&] { return typist->is_finished(); });
  executor.run_until_idle();
  auto const took = devices().now() - start;
  test::note("  {} keys a second", many_keys * base::i64{1'000'000'000} / took.ns);
  EXPECT_EQ(right, many_keys);
  EXPECT_EQ(tty.dropped(), base::u64{0});
  EXPECT_EQ(ps2->scancodes().dropped(), dropped);
  pump->cancel();
  executor.run_until_idle();
}

BOOT_TEST("what the mouse sends arrives by its own interrupt, between the keys") {
  if (!machine_has_keyboard()) return;
  auto* const ps2 = devices().ps2();
  ASSERT_TRUE(ps2 != nullptr);
  for (u8 byte = 0; byte < 200; ++byte) {
    send_mouse(byte);
    EXPECT_EQ(next_of(ps2->mouse_bytes()).value_or(0xff), byte);
    press(key_a_pressed);
    EXPECT_EQ(next_of(ps2->scancodes()).value_or(0), key_a_pressed);
  }
  EXPECT_EQ(ps2->mouse_bytes().dropped(), base::u64{0});
}

BOOT_TEST("a mouse whose line is masked does not silence the keyboard") {
  if (!machine_has_keyboard()) return;
  auto* const ps2 = devices().ps2();
  ASSERT_TRUE(ps2 != nullptr);
  devices().interrupts().mask(hw::ps2::mouse_line);
  send_mouse(7);
  devices().interrupts().unmask(hw::ps2::mouse_line);
  ps2->start();
  EXPECT_EQ(next_of(ps2->mouse_bytes()).value_or(0), u8{7});
  press(key_a_pressed);
  EXPECT_EQ(next_of(ps2->scancodes()).value_or(0), key_a_pressed);
}

}  // namespace
}  // namespace nacre
