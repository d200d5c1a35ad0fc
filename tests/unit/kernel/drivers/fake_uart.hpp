#pragma once

#include <deque>
#include <vector>

#include "tests/support/fake_machine.hpp"

namespace nacre::test {

/// A 16550 at `base` with its FIFOs, interrupt causes and edge-triggered line, and a wire at either
/// end. Without a FIFO it is a 16450.
class FakeUart final : public FakeDevice {
 public:
  explicit FakeUart(bool has_fifo = true) : has_fifo_(has_fifo) {}

  /// The wire brings a byte. It is lost when the FIFO is full.
  void receive(u8 byte, u8 errors = 0) {
    if (received_.size() >= depth()) {
      overrun_ = true;
    } else {
      received_.push_back({byte, errors});
    }
    update();
  }
  /// The wire takes `count` bytes away.
  void transmit(usize count = 1) {
    for (; count > 0 && !sending_.empty(); --count) {
      sent.push_back(sending_.front());
      sending_.pop_front();
      if (sending_.empty()) transmitter_pending_ = true;
    }
    update();
  }
  bool ready_to_receive() const { return (modem_control & 2) != 0; }
  /// A rising edge of the interrupt line that nobody has seen yet.
  bool take_edge() { return std::exchange(edge_, false); }

  std::vector<u8> sent;
  /// Sends each byte as soon as it is written.
  bool instant = false;
  bool deaf = false;  // the loopback is broken
  u8 divisor_low = 0, divisor_high = 0xff, line_control = 0, modem_control = 0, fifo_control = 0;
  u8 interrupt_enable = 0xff;

  u32 read(u64 port, unsigned) override {
    switch (port & 7) {
      case 0: {
        if ((line_control & 0x80) != 0) return divisor_low;
        if (received_.empty()) return 0;
        u8 const byte = received_.front().byte;
        received_.pop_front();
        update();
        return byte;
      }
      case 1: return (line_control & 0x80) != 0 ? divisor_high : interrupt_enable;
      case 2: {
        u8 const cause = pending_cause();
        if (cause == 2) transmitter_pending_ = false;
        update();
        return static_cast<u8>(cause | (has_fifo_ && (fifo_control & 1) != 0 ? 0xc0 : 0));
      }
      case 3: return line_control;
      case 4: return modem_control;
      case 5: {
        u8 status = 0;
        if (!received_.empty()) status |= static_cast<u8>(1 | received_.front().errors);
        if (std::exchange(overrun_, false)) status |= 2;
        if (sending_.empty()) status |= 0x60;
        update();
        return status;
      }
      case 6:
        if ((modem_control & 0x10) == 0 || deaf) return 0xb0;
        return static_cast<u32>((modem_control & 0x0c) << 4 | (modem_control & 0x02) << 3 |
                                (modem_control & 0x01) << 5);
      default: return scratch_;
    }
  }
  void write(u64 port, u32 wide, unsigned) override {
    u8 const value = static_cast<u8>(wide);
    switch (port & 7) {
      case 0:
        if ((line_control & 0x80) != 0) {
          divisor_low = value;
        } else if ((modem_control & 0x10) != 0) {
          received_.push_back({value, 0});
        } else {
          transmitter_pending_ = false;
          if (sending_.size() < depth()) sending_.push_back(value);
          if (instant) transmit();
        }
        break;
      case 1:
        if ((line_control & 0x80) != 0) {
          divisor_high = value;
        } else {
          // Enabling the cause while the transmitter is empty raises it.
          if ((value & ~interrupt_enable & 2) != 0 && sending_.empty()) transmitter_pending_ = true;
          interrupt_enable = value;
        }
        break;
      case 2:
        if (((value & 2) | ((value ^ fifo_control) & 1)) != 0) received_.clear();
        if (((value & 4) | ((value ^ fifo_control) & 1)) != 0) sending_.clear();
        fifo_control = value;
        break;
      case 3: line_control = value; break;
      case 4: modem_control = value; break;
      case 7: scratch_ = value; break;
      default: break;
    }
    update();
  }

 private:
  struct Received {
    u8 byte, errors;
  };
  usize depth() const { return has_fifo_ && (fifo_control & 1) != 0 ? 16 : 1; }
  u8 pending_cause() const {
    bool const errors = overrun_ || (!received_.empty() && received_.front().errors != 0);
    if ((interrupt_enable & 4) != 0 && errors) return 6;
    if ((interrupt_enable & 1) != 0 && !received_.empty()) return 4;
    if ((interrupt_enable & 2) != 0 && transmitter_pending_) return 2;
    return 1;
  }
  void update() {
    bool const line = pending_cause() != 1 && (modem_control & 8) != 0;
    if (line && !line_) edge_ = true;
    line_ = line;
  }

  bool has_fifo_;
  std::deque<Received> received_;
  std::deque<u8> sending_;
  bool overrun_ = false, transmitter_pending_ = false, line_ = false, edge_ = false;
  u8 scratch_ = 0;
};

}  // namespace nacre::test
