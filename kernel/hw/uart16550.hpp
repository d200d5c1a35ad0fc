#pragma once

#include "kernel/hw/address.hpp"
#include "kernel/hw/register.hpp"

/// The 16550 UART, as PCs have had it since the AT. [16550: "Registers"]
namespace nacre::hw::uart {

inline constexpr u16 com1_port = 0x3f8;
inline constexpr u8 com1_line = 4;
inline constexpr u16 com2_port = 0x2f8;
inline constexpr u8 com2_line = 3;

/// The divisor is 1 at this rate.
inline constexpr u32 highest_baud_rate = 115'200;
/// How many bytes each FIFO holds.
inline constexpr usize fifo_depth = 16;

/// Received byte when read, byte to send when written, low half of the divisor while
/// `LineControl::DivisorAccess` is set.
struct Data : Register<Data, u8> {
  static constexpr usize offset = 0;
};

/// High half of the divisor while `LineControl::DivisorAccess` is set.
struct DivisorHigh : Register<DivisorHigh, u8> {
  static constexpr usize offset = 1;
};

struct InterruptEnable : Register<InterruptEnable, u8> {
  static constexpr usize offset = 1;
  using Received = Field<0, 0, bool>;
  using TransmitterEmpty = Field<1, 1, bool>;
  using LineStatusChanged = Field<2, 2, bool>;
  using ModemStatusChanged = Field<3, 3, bool>;
};
static_assert(InterruptEnable{}.with<InterruptEnable::TransmitterEmpty>(true).bits == 0x02);

/// Read only.
struct InterruptIdentification : Register<InterruptIdentification, u8> {
  static constexpr usize offset = 2;
  enum class Source : u8 {
    ModemStatus = 0,
    TransmitterEmpty = 1,
    Received = 2,
    LineStatus = 3,
    ReceiveTimeout = 6,
  };
  using NonePending = Field<0, 0, bool>;
  using Cause = Field<3, 1, Source>;
  using FifosEnabled = Field<7, 6, u8>;  // 3 where they work
};

/// Write only.
struct FifoControl : Register<FifoControl, u8> {
  static constexpr usize offset = 2;
  enum class Trigger : u8 { Bytes1 = 0, Bytes4 = 1, Bytes8 = 2, Bytes14 = 3 };
  using Enable = Field<0, 0, bool>;
  using ClearReceiver = Field<1, 1, bool>;
  using ClearTransmitter = Field<2, 2, bool>;
  using ReceiveTrigger = Field<7, 6, Trigger>;
};
static_assert(FifoControl{}.with<FifoControl::ReceiveTrigger>(FifoControl::Trigger::Bytes14).bits ==
              0xc0);

struct LineControl : Register<LineControl, u8> {
  static constexpr usize offset = 3;
  using WordLength = Field<1, 0, u8>;  // data bits less five
  using TwoStopBits = Field<2, 2, bool>;
  using Parity = Field<3, 3, bool>;
  using Break = Field<6, 6, bool>;
  using DivisorAccess = Field<7, 7, bool>;
};
/// Eight data bits, no parity, one stop bit.
inline constexpr LineControl line_8n1 = LineControl{}.with<LineControl::WordLength>(3);
static_assert(line_8n1.bits == 0x03);

struct ModemControl : Register<ModemControl, u8> {
  static constexpr usize offset = 4;
  using DataTerminalReady = Field<0, 0, bool>;
  using RequestToSend = Field<1, 1, bool>;
  using Out2 = Field<3, 3, bool>;  // connects the interrupt to the PC's interrupt line
  using Loopback = Field<4, 4, bool>;
};

struct LineStatus : Register<LineStatus, u8> {
  static constexpr usize offset = 5;
  using DataReady = Field<0, 0, bool>;
  using Overrun = Field<1, 1, bool>;
  using ParityError = Field<2, 2, bool>;
  using FramingError = Field<3, 3, bool>;
  using Break = Field<4, 4, bool>;
  using TransmitterEmpty = Field<5, 5, bool>;  // the transmit FIFO is empty
  using TransmitterIdle = Field<6, 6, bool>;   // and the last byte has left
};

struct ModemStatus : Register<ModemStatus, u8> {
  static constexpr usize offset = 6;
  using Inputs = Field<7, 4, u8>;
  /// What RTS with OUT2, and DTR, are as inputs in loopback.
  static constexpr u8 clear_to_send_and_carrier = 0b1001;
  static constexpr u8 data_set_ready = 0b0010;
};

/// Eight bits without a meaning; the 8250 does not have them.
struct Scratch : Register<Scratch, u8> {
  static constexpr usize offset = 7;
};

}  // namespace nacre::hw::uart
