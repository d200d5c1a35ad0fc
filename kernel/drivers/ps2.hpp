#pragma once

#include <expected>

#include "kernel/drivers/ps2_ports.hpp"
#include "kernel/hw/interrupts.hpp"
#include "lib/exec/wait.hpp"

namespace nacre::drivers {

/// Bytes of scan code set 1 as the keyboard sent them.
using ScancodeStream = exec::InterruptStream<base::u8, 256>;
/// Bytes as the mouse sent them.
using MouseStream = exec::InterruptStream<base::u8, 1024>;

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

enum class Ps2Mouse : base::u8 {
  None,
  Plain,  // packets of three bytes
  Wheel,  // of four
};

/// The controller with the keyboard and, where there is one, the mouse at it.
template <hw::PortAccess Io = hw::PortIo>
class Ps2Controller {
 public:
  /// Finds the controller, tests it and what is plugged in, and leaves the keyboard sending set 1
  /// and the mouse its packets, with their interrupts enabled at the controller. A mouse that does
  /// not answer stays off. Polled, at most a few seconds with broken hardware, and at once without
  /// any. Boot context, with the lines masked.
  static std::expected<Ps2Controller, Ps2Error> create(Io io = {}) {
    Ps2Controller controller(io);
    if (auto const ready = controller.set_up_controller(); !ready)
      return std::unexpected(ready.error());
    // One after the other, with the other one's clock stopped: neither is taken for the other.
    if (controller.has_mouse_port_) controller.set_up_mouse();
    if (!controller.set_up_keyboard()) return std::unexpected(Ps2Error::NoKeyboard);
    if (!controller.enable_interrupts()) return std::unexpected(Ps2Error::ControllerFailed);
    return controller;
  }

  /// Interrupt context: reads what the controller has and pushes it to where it belongs.
  void read_input(ScancodeStream& codes, MouseStream& mouse) {
    for (int i = 0; i < 16; ++i) {
      auto const byte = ports_.try_read();
      if (!byte) return;
      byte->from == Ps2Device::Keyboard ? codes.push(byte->value) : mouse.push(byte->value);
    }
  }

  /// Shows what is locked. Its acknowledgement arrives among the scan codes, as 0xfa. Task context.
  void set_leds(hw::ps2::Leds leds) {
    if (ports_.send_data(static_cast<base::u8>(KeyboardCommand::SetLeds)))
      ports_.send_data(leds.bits);
  }

  bool has_mouse_port() const { return has_mouse_port_; }
  Ps2Mouse mouse() const { return mouse_; }

 private:
  using Configuration = hw::ps2::Configuration;
  using Command = hw::ps2::ControllerCommand;
  using KeyboardCommand = hw::ps2::KeyboardCommand;
  using MouseCommand = hw::ps2::MouseCommand;

  explicit Ps2Controller(Io io) : ports_(io) {}

  bool configure(Configuration configuration) {
    return ports_.send_command(Command::WriteConfiguration) && ports_.send_data(configuration.bits);
  }

  std::expected<void, Ps2Error> set_up_controller() {
    if (ports_.is_missing()) return std::unexpected(Ps2Error::NoController);
    // Off first, so that nothing they send is taken for the controller's answer.
    if (!ports_.send_command(Command::DisableKeyboard) ||
        !ports_.send_command(Command::DisableMouse))
      return std::unexpected(Ps2Error::ControllerFailed);
    ports_.flush();
    auto const found = ports_.ask(Command::ReadConfiguration);
    if (!found) return std::unexpected(Ps2Error::ControllerFailed);
    // The clock of a port that does not exist cannot be switched off.
    has_mouse_port_ = Configuration::from(*found).template get<Configuration::MouseClockOff>();
    configuration_ = Configuration::from(*found)
                         .template with<Configuration::KeyboardInterrupt>(false)
                         .template with<Configuration::MouseInterrupt>(false)
                         .template with<Configuration::KeyboardClockOff>(true)
                         .template with<Configuration::MouseClockOff>(true)
                         .template with<Configuration::Translation>(true);
    if (!configure(configuration_)) return std::unexpected(Ps2Error::ControllerFailed);
    if (ports_.ask(Command::TestController) != hw::ps2::controller_test_passed)
      return std::unexpected(Ps2Error::ControllerFailed);
    // The test resets some controllers.
    if (!configure(configuration_)) return std::unexpected(Ps2Error::ControllerFailed);
    return {};
  }

  void set_up_mouse() {
    bool const works = ports_.ask(Command::TestMousePort) == hw::ps2::port_test_passed &&
                       ports_.send_command(Command::EnableMouse) && start_mouse();
    if (!works) mouse_ = Ps2Mouse::None;
    ports_.send_command(Command::DisableMouse);
    ports_.flush();
  }

  /// Eight counts for a millimetre, a hundred packets a second.
  bool start_mouse() {
    if (!ports_.tell(MouseCommand::Reset) || !ports_.passes_self_test(Ps2Device::Mouse) ||
        ports_.read_answer(Ps2Device::Mouse) != hw::ps2::plain_mouse)
      return false;
    mouse_ = Ps2Mouse::Plain;
    for (base::u8 const rate : hw::ps2::wheel_knock)
      if (!tell_mouse(MouseCommand::SetSampleRate, rate)) return false;
    if (!ports_.tell(MouseCommand::GetIdentity)) return false;
    if (ports_.read_answer(Ps2Device::Mouse) == hw::ps2::wheel_mouse) mouse_ = Ps2Mouse::Wheel;
    return tell_mouse(MouseCommand::SetResolution, 3) &&
           tell_mouse(MouseCommand::SetSampleRate, 100) &&
           ports_.tell(MouseCommand::EnableReporting);
  }
  bool tell_mouse(MouseCommand command, base::u8 argument) {
    return ports_.tell(command) && ports_.tell(Ps2Device::Mouse, argument);
  }

  bool set_up_keyboard() {
    return ports_.ask(Command::TestKeyboardPort) == hw::ps2::port_test_passed &&
           ports_.send_command(Command::EnableKeyboard) && ports_.tell(KeyboardCommand::Reset) &&
           ports_.passes_self_test(Ps2Device::Keyboard) &&
           ports_.tell(KeyboardCommand::ScancodeSet) && ports_.tell(Ps2Device::Keyboard, 2) &&
           set_repeat() && ports_.tell(KeyboardCommand::EnableScanning);
  }

  /// Half a second until the first repetition, then thirty a second.
  bool set_repeat() {
    using hw::ps2::Repeat;
    return ports_.tell(KeyboardCommand::SetRepeat) &&
           ports_.tell(Ps2Device::Keyboard,
                       Repeat{}.with<Repeat::Rate>(0).with<Repeat::Delay>(1).bits);
  }

  bool enable_interrupts() {
    bool const has_mouse = mouse_ != Ps2Mouse::None;
    configuration_ = configuration_.template with<Configuration::KeyboardInterrupt>(true)
                         .template with<Configuration::KeyboardClockOff>(false)
                         .template with<Configuration::MouseInterrupt>(has_mouse)
                         .template with<Configuration::MouseClockOff>(!has_mouse);
    return configure(configuration_);
  }

  Ps2Ports<Io> ports_;
  Configuration configuration_;
  bool has_mouse_port_ = false;
  Ps2Mouse mouse_ = Ps2Mouse::None;
};

/// The interrupts of keyboard and mouse: route the lines `hw::ps2::keyboard_line` and, where there
/// is a mouse, `mouse_line` to `handle_interrupt` with this as their context, unmask them, then
/// call `start`. One handler serves both, because both read the same port.
template <hw::PortAccess Io = hw::PortIo>
class Ps2Input {
 public:
  Ps2Input(Ps2Controller<Io> controller, exec::Executor& executor)
      : controller_(controller), codes_(executor), mouse_(executor) {}

  /// Takes what arrived while the lines were masked. Its edge was lost, and the controller makes no
  /// other one before it was read. Boot or task context.
  void start() {
    hw::InterruptsOff const off;
    controller_.read_input(codes_, mouse_);
  }

  /// Interrupt context.
  static void handle_interrupt(void* input) {
    auto& self = *static_cast<Ps2Input*>(input);
    self.controller_.read_input(self.codes_, self.mouse_);
  }
  ScancodeStream& scancodes() { return codes_; }
  MouseStream& mouse_bytes() { return mouse_; }
  Ps2Controller<Io>& controller() { return controller_; }

 private:
  Ps2Controller<Io> controller_;
  ScancodeStream codes_;
  MouseStream mouse_;
};

}  // namespace nacre::drivers
