#pragma once

#include "kernel/hw/address.hpp"
#include "kernel/hw/register.hpp"

/// The keyboard controller of the PC/AT and the PS/2. [i8042: "Controller Commands"]
namespace nacre::hw::ps2 {

inline constexpr u16 data_port = 0x60;
inline constexpr u16 command_port = 0x64;  // status when read
inline constexpr u8 keyboard_line = 1;
inline constexpr u8 mouse_line = 12;

struct Status : Register<Status, u8> {
  using OutputFull = Field<0, 0, bool>;  // there is a byte for us
  using InputFull = Field<1, 1, bool>;   // the controller has not taken our last byte
  using SystemFlag = Field<2, 2, bool>;
  using FromMouse = Field<5, 5, bool>;
  using TimeOut = Field<6, 6, bool>;
  using ParityError = Field<7, 7, bool>;
};

enum class ControllerCommand : u8 {
  ReadConfiguration = 0x20,
  WriteConfiguration = 0x60,
  DisableMouse = 0xa7,
  EnableMouse = 0xa8,
  TestMousePort = 0xa9,
  TestController = 0xaa,
  TestKeyboardPort = 0xab,
  DisableKeyboard = 0xad,
  EnableKeyboard = 0xae,
  WriteToMouse = 0xd4,  // the next data byte is for the mouse
  PulseReset = 0xfe,    // the CPU's reset line
};
inline constexpr u8 controller_test_passed = 0x55;
inline constexpr u8 port_test_passed = 0x00;

struct Configuration : Register<Configuration, u8> {
  using KeyboardInterrupt = Field<0, 0, bool>;
  using MouseInterrupt = Field<1, 1, bool>;
  using SystemFlag = Field<2, 2, bool>;
  using KeyboardClockOff = Field<4, 4, bool>;
  using MouseClockOff = Field<5, 5, bool>;
  using Translation = Field<6, 6, bool>;  // what the keyboard sends in set 2 arrives in set 1
};
static_assert(Configuration{}.with<Configuration::Translation>(true).bits == 0x40);

/// [ps2-keyboard: "Command Set"]
enum class KeyboardCommand : u8 {
  SetLeds = 0xed,
  ScancodeSet = 0xf0,
  SetRepeat = 0xf3,
  EnableScanning = 0xf4,
  DisableScanning = 0xf5,
  Reset = 0xff,
};
/// [ps2-mouse: "Command Set"]
enum class MouseCommand : u8 {
  SetResolution = 0xe8,
  GetIdentity = 0xf2,
  SetSampleRate = 0xf3,
  EnableReporting = 0xf4,
  Reset = 0xff,
};
inline constexpr u8 plain_mouse = 0;
/// A mouse that tells of its wheel in a fourth byte says so once it was set to these sample rates,
/// one after the other. [intellimouse]
inline constexpr u8 wheel_mouse = 3;
inline constexpr u8 wheel_knock[] = {200, 100, 80};

inline constexpr u8 acknowledged = 0xfa;
inline constexpr u8 resend = 0xfe;
inline constexpr u8 self_test_passed = 0xaa;

/// How a key that is held repeats. [ps2-keyboard: "Set Typematic Rate/Delay"]
struct Repeat : Register<Repeat, u8> {
  using Rate = Field<4, 0, u8>;   // 0 is 30 a second, 31 is 2
  using Delay = Field<6, 5, u8>;  // before the first one: a quarter of a second, and so many more
};
static_assert(Repeat{}.with<Repeat::Delay>(1).bits == 0x20);

struct Leds : Register<Leds, u8> {
  using ScrollLock = Field<0, 0, bool>;
  using NumLock = Field<1, 1, bool>;
  using CapsLock = Field<2, 2, bool>;
};

}  // namespace nacre::hw::ps2
