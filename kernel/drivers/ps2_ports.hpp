#pragma once

#include <optional>

#include "kernel/hw/port.hpp"
#include "kernel/hw/ps2.hpp"

namespace nacre::drivers {

enum class Ps2Device : base::u8 { Keyboard, Mouse };

/// A byte that the controller has, and which of its devices sent it. The controller's own answers
/// come as the keyboard's.
struct Ps2Byte {
  base::u8 value;
  Ps2Device from;
};

/// The controller's two I/O ports: commands, and conversations with what is plugged in. Everything
/// is polled, with an end to the patience.
template <hw::PortAccess Io>
class Ps2Ports {
 public:
  using Command = hw::ps2::ControllerCommand;

  explicit Ps2Ports(Io io) : io_(io) {}

  /// Whether there is nothing at the ports.
  bool is_missing() { return status().bits == nothing_there; }

  /// A byte if there is one. Any context.
  std::optional<Ps2Byte> try_read() {
    auto const state = status();
    // A controller that is taken away reads as full for ever.
    if (!state.template get<Status::OutputFull>() || state.bits == nothing_there)
      return std::nullopt;
    auto const from =
        state.template get<Status::FromMouse>() ? Ps2Device::Mouse : Ps2Device::Keyboard;
    return Ps2Byte{io_.in8(hw::ps2::data_port), from};
  }
  /// Drops what was sent before.
  void flush() {
    for (int i = 0; i < 64 && try_read(); ++i) continue;
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
  /// What the controller answers to a command.
  std::optional<base::u8> ask(Command command) {
    if (!send_command(command)) return std::nullopt;
    return read(Ps2Device::Keyboard, controller_patience);
  }

  /// Sends a byte to a device until it acknowledges it. What it sent before is dropped.
  bool tell(Ps2Device device, base::u8 byte) {
    for (int attempt = 0; attempt < 3; ++attempt) {
      if (device == Ps2Device::Mouse && !send_command(Command::WriteToMouse)) return false;
      if (!send_data(byte)) return false;
      for (int i = 0; i < 20; ++i) {
        auto const answer = read_answer(device);
        if (!answer) return false;
        if (*answer == hw::ps2::acknowledged) return true;
        if (*answer == hw::ps2::resend) break;
      }
    }
    return false;
  }
  bool tell(hw::ps2::KeyboardCommand command) {
    return tell(Ps2Device::Keyboard, static_cast<base::u8>(command));
  }
  bool tell(hw::ps2::MouseCommand command) {
    return tell(Ps2Device::Mouse, static_cast<base::u8>(command));
  }
  /// What a device sends after it has acknowledged something.
  std::optional<base::u8> read_answer(Ps2Device device) { return read(device, answer_patience); }
  /// Waits for a device that was reset to say that it is well.
  bool passes_self_test(Ps2Device device) {
    for (int i = 0; i < 4; ++i) {
      auto const result = read(device, self_test_patience);
      if (!result) return false;
      if (*result == hw::ps2::self_test_passed) return true;
    }
    return false;
  }

 private:
  using Status = hw::ps2::Status;

  static constexpr base::u8 nothing_there = 0xff;
  // A port access takes about a microsecond on a PC. A device answers a command within 20 ms and
  // finishes its self test within 750 ms.
  static constexpr int controller_patience = 50'000;
  static constexpr int answer_patience = 100'000;
  static constexpr int self_test_patience = 1'000'000;

  Status status() { return Status::from(io_.in8(hw::ps2::command_port)); }

  bool wait_until_taken() {
    for (int i = 0; i < controller_patience; ++i)
      if (!status().template get<Status::InputFull>()) return true;
    return false;
  }
  /// What others send meanwhile is dropped.
  std::optional<base::u8> read(Ps2Device device, int patience) {
    for (int i = 0; i < patience; ++i)
      if (auto const byte = try_read(); byte && byte->from == device) return byte->value;
    return std::nullopt;
  }

  [[no_unique_address]] Io io_;
};

}  // namespace nacre::drivers
