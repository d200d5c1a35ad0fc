#include "kernel/drivers/ps2.hpp"

#include "kernel/boot/devices.hpp"
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
