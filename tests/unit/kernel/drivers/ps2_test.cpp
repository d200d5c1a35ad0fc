#include "kernel/drivers/ps2.hpp"

#include <deque>
#include <gtest/gtest.h>
#include <vector>

#include "lib/exec/executor.hpp"
#include "tests/support/fake_machine.hpp"

namespace nacre::drivers {
namespace {

using base::u32;
using base::u64;
using base::u8;
using test::FakeMachine;
using test::FakePortIo;

/// An 8042 with a keyboard that powers up scanning, in an unknown state, as firmware leaves it, and
/// a mouse.
struct FakeController final : test::FakeDevice {
  struct Output {
    u8 value;
    bool from_mouse = false;
  };
  std::deque<Output> output{{0x1c}, {0x9c}};  // somebody pressed a key before
  u8 configuration = 0x03;
  bool has_mouse = true;  // a port for one
  u8 self_test = 0x55, port_test = 0x00, mouse_port_test = 0x00;
  bool plugged_in = true;
  bool stuck = false;  // never takes a byte
  int resends = 0;     // how often the keyboard does not understand
  bool types_during_setup = false;
  bool scanning = true;
  int set = 2, resets = 0;
  u8 leds = 0;
  u8 repeat = 0xff;
  bool mouse_plugged_in = true, mouse_has_wheel = true, reporting = false;
  u8 resolution = 2;
  std::vector<u8> rates;

  u32 read(u64 port, unsigned) override {
    if (port == hw::ps2::command_port)
      return static_cast<u8>((output.empty()              ? 0
                              : output.front().from_mouse ? 0x21
                                                          : 1) |
                             (stuck ? 2 : 0) | 0x14);
    if (output.empty()) return 0;
    u8 const byte = output.front().value;
    output.pop_front();
    return byte;
  }
  void write(u64 port, u32 wide, unsigned) override {
    u8 const value = static_cast<u8>(wide);
    if (port == hw::ps2::command_port) {
      command_ = 0;
      switch (value) {
        case 0x20: output.push_back({configuration}); break;
        case 0x60:
        case 0xd4: command_ = value; break;
        case 0xa7: set_mouse_off(true); break;
        case 0xa8: set_mouse_off(false); break;
        case 0xa9: output.push_back({mouse_port_test}); break;
        case 0xaa:
          output.push_back({self_test});
          configuration = has_mouse ? 0x30 : 0x10;  // this one resets itself
          break;
        case 0xab: output.push_back({port_test}); break;
        case 0xad: configuration |= 0x10; break;
        case 0xae: configuration &= 0xef; break;
        default: ADD_FAILURE() << "unknown command " << int{value};
      }
      return;
    }
    u8 const command = std::exchange(command_, u8{0});
    if (command == 0x60) {
      configuration = value;
    } else if (command == 0xd4) {
      if (mouse_plugged_in) mouse(value);
    } else if (plugged_in) {
      keyboard(value);
    }
  }
  bool translates() const { return (configuration & 0x40) != 0; }
  bool interrupts() const { return (configuration & 0x01) != 0; }
  bool mouse_is_on() const { return (configuration & 0x22) == 0x02; }

 private:
  void set_mouse_off(bool off) {
    if (has_mouse)
      configuration = static_cast<u8>(off ? configuration | 0x20 : configuration & 0xdf);
  }
  void keyboard(u8 value) {
    EXPECT_EQ(configuration & 0x10, 0) << "the port is off";
    if (types_during_setup) output.push_back({0x1e});
    if (resends > 0) {
      --resends;
      output.push_back({0xfe});
      return;
    }
    output.push_back({0xfa});
    if (argument_ == 0xf0) {
      set = value;
      argument_ = 0;
    } else if (argument_ == 0xed) {
      leds = value;
      argument_ = 0;
    } else if (argument_ == 0xf3) {
      repeat = value;
      argument_ = 0;
    } else if (value == 0xf0 || value == 0xed || value == 0xf3) {
      argument_ = value;
    } else if (value == 0xff) {
      ++resets;
      scanning = false;
      set = 0;
      output.push_back({0xaa});
    } else if (value == 0xf4) {
      scanning = true;
    }
  }
  void mouse(u8 value) {
    EXPECT_EQ(configuration & 0x20, 0) << "the port is off";
    EXPECT_EQ(configuration & 0x10, 0x10) << "the keyboard cannot come in between";
    output.push_back({0xfa, true});
    if (u8 const argument = std::exchange(mouse_argument_, u8{0}); argument == 0xf3) {
      rates.push_back(value);
    } else if (argument == 0xe8) {
      resolution = value;
    } else if (value == 0xf3 || value == 0xe8) {
      mouse_argument_ = value;
    } else if (value == 0xff) {
      rates.clear();
      reporting = false;
      output.push_back({0xaa, true});
      output.push_back({0x00, true});
    } else if (value == 0xf2) {
      bool const was_asked = rates == std::vector<u8>{200, 100, 80};
      output.push_back({static_cast<u8>(mouse_has_wheel && was_asked ? 3 : 0), true});
    } else if (value == 0xf4) {
      reporting = true;
    }
  }
  u8 command_ = 0, argument_ = 0, mouse_argument_ = 0;
};

struct Ps2 : testing::Test {
  FakeMachine machine;
  FakeController device;
  Ps2() {
    machine.add_ports(0x60, 1, device);
    machine.add_ports(0x64, 1, device);
  }
  auto create() { return Ps2Controller<FakePortIo>::create({&machine}); }
};

TEST_F(Ps2, IsSetUpFromAnyState) {
  for (u8 const configuration : {u8{0x00}, u8{0x03}, u8{0x47}, u8{0xff}}) {
    device.configuration = configuration;
    device.scanning = false;
    auto const controller = create();
    ASSERT_TRUE(controller) << describe(controller.error());
    EXPECT_TRUE(device.translates());
    EXPECT_TRUE(device.interrupts());
    EXPECT_EQ(device.configuration & 0x10, 0) << "the keyboard's clock must run";
    EXPECT_TRUE(device.mouse_is_on());
    EXPECT_TRUE(device.reporting);
    EXPECT_EQ(device.resolution, 3);
    EXPECT_EQ(controller->mouse(), Ps2Mouse::Wheel);
    EXPECT_TRUE(device.scanning);
    EXPECT_EQ(device.set, 2) << "translated to set 1";
    EXPECT_EQ(device.repeat, 0x20) << "30 a second after half a second";
    EXPECT_TRUE(device.output.empty()) << "nothing is left to be taken for a key";
    EXPECT_TRUE(controller->has_mouse_port());
  }
  EXPECT_EQ(device.resets, 4);
}

TEST_F(Ps2, WithoutAMousePort) {
  device.has_mouse = false;
  auto const controller = create();
  ASSERT_TRUE(controller);
  EXPECT_FALSE(controller->has_mouse_port());
  EXPECT_EQ(controller->mouse(), Ps2Mouse::None);
}

TEST_F(Ps2, AMouseMayHaveNoWheel) {
  device.mouse_has_wheel = false;
  auto const controller = create();
  ASSERT_TRUE(controller);
  EXPECT_EQ(controller->mouse(), Ps2Mouse::Plain);
  EXPECT_TRUE(device.reporting);
}

TEST_F(Ps2, AMouseThatIsMissingOrBrokenStaysOff) {
  for (bool const is_missing : {true, false}) {
    device.mouse_plugged_in = !is_missing;
    device.mouse_port_test = is_missing ? 0 : 1;
    auto const controller = create();
    ASSERT_TRUE(controller) << "the keyboard is there all the same";
    EXPECT_EQ(controller->mouse(), Ps2Mouse::None);
    EXPECT_EQ(device.configuration & 0x22, 0x20);
    EXPECT_TRUE(device.interrupts());
    EXPECT_TRUE(device.output.empty());
  }
}

TEST_F(Ps2, AKeyboardMayAskForMoreTriesAndTypeMeanwhile) {
  device.resends = 2;
  device.types_during_setup = true;
  EXPECT_TRUE(create());
  EXPECT_TRUE(device.scanning);
}

TEST_F(Ps2, BrokenHardwareIsAnError) {
  device.resends = 1000;
  EXPECT_EQ(create().error(), Ps2Error::NoKeyboard);
  device.resends = 0;
  device.plugged_in = false;
  EXPECT_EQ(create().error(), Ps2Error::NoKeyboard);
  EXPECT_FALSE(device.interrupts());
  device.plugged_in = true;
  device.port_test = 1;
  EXPECT_EQ(create().error(), Ps2Error::NoKeyboard);
  device.port_test = 0;
  device.self_test = 0xfc;
  EXPECT_EQ(create().error(), Ps2Error::ControllerFailed);
  device.self_test = 0x55;
  EXPECT_TRUE(create());
  device.stuck = true;
  EXPECT_EQ(create().error(), Ps2Error::ControllerFailed);
}

TEST(Ps2Missing, IsNoticedAtOnce) {
  FakeMachine machine;
  EXPECT_EQ(Ps2Controller<FakePortIo>::create({&machine}).error(), Ps2Error::NoController);
  EXPECT_LE(machine.timestamp, 3 * machine.ticks_per_access);
}

TEST_F(Ps2, TheInterruptPushesWhatKeyboardAndMouseSent) {
  exec::Executor executor([] { return base::Instant{}; });
  Ps2Input<FakePortIo> input(*create(), executor);
  auto& codes = input.scancodes();
  device.output = {{0xe0}, {0x08, true}, {0x48}};
  Ps2Input<FakePortIo>::handle_interrupt(&input);
  EXPECT_EQ(codes.try_next(), 0xe0);
  EXPECT_EQ(codes.try_next(), 0x48);
  EXPECT_EQ(codes.try_next(), std::nullopt);
  EXPECT_EQ(input.mouse_bytes().try_next(), 0x08) << "whichever interrupt came for it";
  EXPECT_EQ(input.mouse_bytes().try_next(), std::nullopt);
  Ps2Input<FakePortIo>::handle_interrupt(&input);
  EXPECT_EQ(codes.try_next(), std::nullopt) << "an interrupt without a byte";
}

TEST_F(Ps2, StartTakesWhatArrivedBeforeInterruptsDid) {
  exec::Executor executor([] { return base::Instant{}; });
  Ps2Input<FakePortIo> input(*create(), executor);
  machine.interrupts_enabled = true;
  device.output = {{0x1e}, {0x9e}};
  input.start();
  EXPECT_TRUE(device.output.empty());
  EXPECT_EQ(input.scancodes().try_next(), 0x1e);
  EXPECT_EQ(input.scancodes().try_next(), 0x9e);
  EXPECT_EQ(input.scancodes().try_next(), std::nullopt);
  EXPECT_TRUE(machine.interrupts_enabled);
  machine.interrupts_enabled = false;
  input.start();
  EXPECT_FALSE(machine.interrupts_enabled) << "left as they were";
}

TEST_F(Ps2, Leds) {
  auto controller = create();
  ASSERT_TRUE(controller);
  using hw::ps2::Leds;
  controller->set_leds(Leds{}.with<Leds::CapsLock>(true).with<Leds::NumLock>(true));
  EXPECT_EQ(device.leds, 6);
}

}  // namespace
}  // namespace nacre::drivers
