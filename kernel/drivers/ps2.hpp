#pragma once

#include <expected>
#include <optional>

#include "kernel/hw/interrupts.hpp"
#include "kernel/hw/port.hpp"
#include "kernel/hw/ps2.hpp"
#include "lib/exec/wait.hpp"

namespace nacre::drivers {

/// Bytes of scan code set 1 as the keyboard sent them.
using ScancodeStream = exec::InterruptStream<base::u8, 256>;

/// `NoController`: nothing answers at its ports. `ControllerFailed`: its self test did not pass, or
/// it does not take commands. `NoKeyboard`: its port is broken or nothing is plugged in.
enum class Ps2Error : base::u8 { NoController, ControllerFailed, NoKeyboard };
constexpr const char* describe(Ps2Error error) {
  switch (error) {
    case Ps2Error::NoController: return "there is no PS/2 controller";
    case Ps2Error::ControllerFailed: return "the PS/2 controller does not work";
    case Ps2Error::NoKeyboard: return "no keyboard answers at the PS/2 controller";
  }
  return "";
}

/// The controller with the keyboard at it. The mouse's port stays off.
template <hw::PortAccess Io = hw::PortIo>
class Ps2Controller {
 public:
  /// Finds the controller, tests it and its keyboard, and leaves the keyboard sending set 1 with
  /// its interrupt enabled at the controller. Polled, at most a second or two with broken hardware,
  /// and at once without any. Boot context, with the line masked.
  static std::expected<Ps2Controller, Ps2Error> create(Io io = {}) {
    Ps2Controller controller(io);
    if (auto const ready = controller.set_up_controller(); !ready)
      return std::unexpected(ready.error());
    if (auto const ready = controller.set_up_keyboard(); !ready)
      return std::unexpected(ready.error());
    return controller;
  }

  /// Interrupt context: reads what the controller has and pushes the keyboard's bytes to `codes`.
  void read_scancodes(ScancodeStream& codes) {
    // A controller that is taken away reads as full for ever.
    for (int i = 0; i < 16; ++i) {
      auto const state = status();
      if (!state.template get<Status::OutputFull>() || state.bits == nothing_there) return;
      base::u8 const byte = io_.in8(hw::ps2::data_port);
      if (!state.template get<Status::FromMouse>()) codes.push(byte);
    }
  }

  /// Shows what is locked. Its acknowledgement arrives among the scan codes, as 0xfa. Task context.
  void set_leds(hw::ps2::Leds leds) {
    if (send_data(static_cast<base::u8>(hw::ps2::KeyboardCommand::SetLeds))) send_data(leds.bits);
  }

  bool has_mouse_port() const { return has_mouse_port_; }

 private:
  using Status = hw::ps2::Status;
  using Configuration = hw::ps2::Configuration;
  using Command = hw::ps2::ControllerCommand;
  using KeyboardCommand = hw::ps2::KeyboardCommand;

  static constexpr base::u8 nothing_there = 0xff;
  // A port access takes about a microsecond on a PC. A keyboard answers a command within 20 ms and
  // finishes its self test within 750 ms.
  static constexpr int controller_patience = 50'000;
  static constexpr int answer_patience = 100'000;
  static constexpr int self_test_patience = 1'000'000;

  explicit Ps2Controller(Io io) : io_(io) {}

  Status status() { return Status::from(io_.in8(hw::ps2::command_port)); }

  bool wait_until_taken() {
    for (int i = 0; i < controller_patience; ++i)
      if (!status().template get<Status::InputFull>()) return true;
    return false;
  }
  std::optional<base::u8> read_data(int patience) {
    for (int i = 0; i < patience; ++i)
      if (status().template get<Status::OutputFull>()) return io_.in8(hw::ps2::data_port);
    return std::nullopt;
  }
  bool send_command(Command command) {
    if (!wait_until_taken()) return false;
    io_.out8(hw::ps2::command_port, static_cast<base::u8>(command));
    return true;
  }
  bool send_data(base::u8 value) {
    if (!wait_until_taken()) return false;
    io_.out8(hw::ps2::data_port, value);
    return true;
  }
  std::optional<base::u8> ask(Command command) {
    if (!send_command(command)) return std::nullopt;
    return read_data(controller_patience);
  }
  bool configure(Configuration configuration) {
    return send_command(Command::WriteConfiguration) && send_data(configuration.bits);
  }
  void flush() {
    for (int i = 0; i < 64 && status().template get<Status::OutputFull>(); ++i)
      io_.in8(hw::ps2::data_port);
  }

  std::expected<void, Ps2Error> set_up_controller() {
    if (status().bits == nothing_there) return std::unexpected(Ps2Error::NoController);
    // Off first, so that nothing they send is taken for the controller's answer.
    if (!send_command(Command::DisableKeyboard) || !send_command(Command::DisableMouse))
      return std::unexpected(Ps2Error::ControllerFailed);
    flush();
    auto const found = ask(Command::ReadConfiguration);
    if (!found) return std::unexpected(Ps2Error::ControllerFailed);
    // The clock of a port that does not exist cannot be switched off.
    has_mouse_port_ = Configuration::from(*found).template get<Configuration::MouseClockOff>();
    configuration_ = Configuration::from(*found)
                         .template with<Configuration::KeyboardInterrupt>(false)
                         .template with<Configuration::MouseInterrupt>(false)
                         .template with<Configuration::MouseClockOff>(true)
                         .template with<Configuration::Translation>(true);
    if (!configure(configuration_)) return std::unexpected(Ps2Error::ControllerFailed);
    if (ask(Command::TestController) != hw::ps2::controller_test_passed)
      return std::unexpected(Ps2Error::ControllerFailed);
    // The test resets some controllers.
    if (!configure(configuration_)) return std::unexpected(Ps2Error::ControllerFailed);
    return {};
  }

  std::expected<void, Ps2Error> set_up_keyboard() {
    if (ask(Command::TestKeyboardPort) != hw::ps2::port_test_passed ||
        !send_command(Command::EnableKeyboard) || !reset_keyboard() ||
        !tell(KeyboardCommand::ScancodeSet) || !tell(2) || !set_repeat() ||
        !tell(KeyboardCommand::EnableScanning))
      return std::unexpected(Ps2Error::NoKeyboard);
    configuration_ = configuration_.template with<Configuration::KeyboardInterrupt>(true)
                         .template with<Configuration::KeyboardClockOff>(false);
    if (!configure(configuration_)) return std::unexpected(Ps2Error::ControllerFailed);
    return {};
  }

  /// Half a second until the first repetition, then thirty a second.
  bool set_repeat() {
    using hw::ps2::Repeat;
    return tell(KeyboardCommand::SetRepeat) &&
           tell(Repeat{}.with<Repeat::Rate>(0).with<Repeat::Delay>(1).bits);
  }

  bool reset_keyboard() {
    if (!tell(KeyboardCommand::Reset)) return false;
    for (int i = 0; i < 4; ++i) {
      auto const result = read_data(self_test_patience);
      if (!result) return false;
      if (*result == hw::ps2::self_test_passed) return true;
    }
    return false;
  }

  bool tell(KeyboardCommand command) { return tell(static_cast<base::u8>(command)); }
  /// Sends a byte to the keyboard until it acknowledges it. What it sent before is dropped.
  bool tell(base::u8 byte) {
    for (int attempt = 0; attempt < 3; ++attempt) {
      if (!send_data(byte)) return false;
      for (int i = 0; i < 20; ++i) {
        auto const answer = read_data(answer_patience);
        if (!answer) return false;
        if (*answer == hw::ps2::acknowledged) return true;
        if (*answer == hw::ps2::resend) break;
      }
    }
    return false;
  }

  [[no_unique_address]] Io io_;
  Configuration configuration_;
  bool has_mouse_port_ = false;
};

/// The keyboard's interrupt: route line `hw::ps2::keyboard_line` to `handle_interrupt` with this as
/// its context, unmask it, then call `start`.
template <hw::PortAccess Io = hw::PortIo>
class Ps2Keyboard {
 public:
  Ps2Keyboard(Ps2Controller<Io> controller, exec::Executor& executor)
      : controller_(controller), codes_(executor) {}

  /// Takes what arrived while the line was masked. Its edge was lost, and the controller makes no
  /// other one before it was read. Boot or task context.
  void start() {
    hw::InterruptsOff const off;
    controller_.read_scancodes(codes_);
  }

  /// Interrupt context.
  static void handle_interrupt(void* keyboard) {
    auto& self = *static_cast<Ps2Keyboard*>(keyboard);
    self.controller_.read_scancodes(self.codes_);
  }
  ScancodeStream& scancodes() { return codes_; }
  Ps2Controller<Io>& controller() { return controller_; }

 private:
  Ps2Controller<Io> controller_;
  ScancodeStream codes_;
};

}  // namespace nacre::drivers
