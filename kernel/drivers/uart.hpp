#pragma once

#include <expected>
#include <span>

#include "kernel/hw/register_io.hpp"
#include "kernel/hw/uart16550.hpp"
#include "lib/base/types.hpp"

namespace nacre::drivers {

/// `NotPresent`: nothing answers at these ports. `Broken`: something does, but in loopback its
/// outputs do not come back.
enum class SerialError : base::u8 { NotPresent, Broken };

/// A 16550 and its older relatives, byte by byte and polled: what the boot log and a panic need. No
/// allocation, no interrupt, no executor; `SerialPort` builds on it. Any context.
template <hw::PortAccess Io = hw::PortIo>
class Uart {
 public:
  /// Finds out whether there is a UART at `first_port`, sets it to 115200 baud, eight bits, no
  /// parity, one stop bit, switches its FIFOs on and its interrupts off. What has arrived stays to
  /// be read.
  static std::expected<Uart, SerialError> create(base::u16 first_port, Io io = {}) {
    using namespace hw::uart;
    Uart uart(first_port, io);
    auto& registers = uart.registers_;

    for (base::u8 const pattern : {base::u8{0x5a}, base::u8{0xa5}}) {
      registers.write(Scratch::from(pattern));
      if (registers.template read<Scratch>().bits != pattern)
        return std::unexpected(SerialError::NotPresent);
    }
    // Firmware may still be sending: its last line is worth the wait.
    uart.wait_for<LineStatus::TransmitterIdle>();
    registers.write(InterruptEnable{});
    registers.write(line_8n1.with<LineControl::DivisorAccess>(true));
    registers.write(Data::from(1));
    registers.write(DivisorHigh::from(0));
    registers.write(line_8n1);
    uart.enable_fifos();
    if (!uart.loops_back()) return std::unexpected(SerialError::Broken);
    registers.write(connected);
    return uart;
  }

  /// Sends all of `bytes`, waiting for the device and for nothing else. A device that stays busy
  /// for far longer than the bytes take loses the rest.
  void write_now(std::span<const base::u8> bytes) {
    while (!bytes.empty()) {
      if (!wait_for<hw::uart::LineStatus::TransmitterEmpty>()) return;
      base::usize const count = bytes.size() < transmit_depth_ ? bytes.size() : transmit_depth_;
      for (base::u8 const byte : bytes.first(count)) registers_.write(hw::uart::Data::from(byte));
      bytes = bytes.subspan(count);
    }
  }

  /// How many bytes may be written at once when the transmitter is empty.
  base::usize transmit_depth() const { return transmit_depth_; }
  hw::PortRegisters<Io>& registers() { return registers_; }

  /// Modem lines of a port that is in use: ready, and its interrupt reaches the controller.
  static constexpr auto connected = hw::uart::ModemControl{}
                                        .with<hw::uart::ModemControl::DataTerminalReady>(true)
                                        .with<hw::uart::ModemControl::RequestToSend>(true)
                                        .with<hw::uart::ModemControl::Out2>(true);

 private:
  Uart(base::u16 first_port, Io io) : registers_(io, first_port) {}

  // A full FIFO takes 1.4 ms at this rate; a port access takes about a microsecond on a PC.
  static constexpr int patience = 100'000;

  template <class Condition>
  bool wait_for() {
    for (int i = 0; i < patience; ++i)
      if (registers_.template read<hw::uart::LineStatus>().template get<Condition>()) return true;
    return false;
  }

  bool has_fifos() {
    using hw::uart::InterruptIdentification;
    return registers_.template read<InterruptIdentification>()
               .template get<InterruptIdentification::FifosEnabled>() == 3;
  }

  /// Switching the FIFOs on empties the receiver. Where the other end has begun to send already
  /// they stay as they are: slower, but what was sent ahead of us is not lost.
  void enable_fifos() {
    using namespace hw::uart;
    bool const empty =
        !registers_.template read<LineStatus>().template get<LineStatus::DataReady>();
    if (empty || has_fifos()) {
      registers_.write(
          FifoControl{}
              .with<FifoControl::Enable>(true)
              .template with<FifoControl::ClearTransmitter>(true)
              .template with<FifoControl::ReceiveTrigger>(FifoControl::Trigger::Bytes8));
    }
    if (has_fifos()) transmit_depth_ = fifo_depth;
  }

  /// In loopback the modem's outputs are its inputs. Bytes are not sent for a test: the other end
  /// may be sending already.
  bool loops_back() {
    using namespace hw::uart;
    auto const looped = ModemControl{}.with<ModemControl::Loopback>(true);
    registers_.write(
        looped.template with<ModemControl::RequestToSend>(true).template with<ModemControl::Out2>(
            true));
    auto const some = registers_.template read<ModemStatus>();
    registers_.write(looped.template with<ModemControl::DataTerminalReady>(true));
    auto const others = registers_.template read<ModemStatus>();
    return some.template get<ModemStatus::Inputs>() == ModemStatus::clear_to_send_and_carrier &&
           others.template get<ModemStatus::Inputs>() == ModemStatus::data_set_ready;
  }

  hw::PortRegisters<Io> registers_;
  base::usize transmit_depth_ = 1;
};

}  // namespace nacre::drivers
