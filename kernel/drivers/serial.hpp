#pragma once

#include <array>
#include <atomic>
#include <optional>
#include <span>

#include "kernel/drivers/uart.hpp"
#include "kernel/hw/interrupts.hpp"
#include "lib/base/ring.hpp"
#include "lib/exec/task.hpp"
#include "lib/exec/wait.hpp"

namespace nacre::drivers {

/// A serial port, interrupt driven both ways and clean for all bytes. Route the port's line to
/// `handle_interrupt` with the port as its context, then call `start`.
///
/// Nothing that arrives is lost while its reader is slow: with a full ring the port stops taking
/// bytes from the device and lowers RTS until the reader has made room.
template <hw::PortAccess Io = hw::PortIo>
class SerialPort {
 public:
  static constexpr base::usize ring_size = 4096;

  SerialPort(Uart<Io> uart, exec::Executor& executor)
      : uart_(uart), readable_(executor), writable_(executor) {}
  SerialPort(const SerialPort&) = delete;
  SerialPort& operator=(const SerialPort&) = delete;
  ~SerialPort() { stop(); }

  /// Enables the device's interrupts.
  void start() {
    hw::InterruptsOff const off;
    started_ = true;
    receiving_ = true;
    receive();
    enable_interrupts();
  }
  /// Disables them. What was queued for sending stays queued.
  void stop() {
    hw::InterruptsOff const off;
    started_ = receiving_ = sending_ = false;
    enable_interrupts();
  }

  /// Task context: the next byte that arrived.
  std::optional<base::u8> try_read() {
    auto const byte = received_.try_pop();
    make_room();
    return byte;
  }
  /// Task context: as many bytes as have arrived and fit. Returns how many.
  base::usize try_read(std::span<base::u8> into) {
    base::usize count = 0;
    while (count < into.size()) {
      auto const byte = received_.try_pop();
      if (!byte) break;
      into[count++] = *byte;
    }
    make_room();
    return count;
  }
  /// Task context: waits until bytes have arrived. A hint: read in a loop.
  auto readable() { return readable_.wait(); }

  /// Task context: queues as much of `bytes` as there is room for. Returns how many bytes.
  base::usize try_write(std::span<const base::u8> bytes) {
    base::usize count = 0;
    while (count < bytes.size() && to_send_.try_push(bytes[count])) ++count;
    bool const all = count == bytes.size();
    hw::InterruptsOff const off;
    if (!all && !room_for_writers()) writer_waits_ = true;
    if (!all && room_for_writers()) writable_.notify();  // it was sent meanwhile
    if (started_ && !sending_ && !to_send_.empty()) {
      sending_ = true;
      enable_interrupts();
    }
    return count;
  }
  /// Task context: waits until there is room again after `try_write` took less than all. A hint.
  auto writable() { return writable_.wait(); }

  /// Task context: queues all of `bytes`, waiting for room as often as needed. `bytes` must live
  /// until this is done. Errors: OutOfMemory, and then nothing was queued.
  exec::Task<std::expected<void, base::OutOfMemory>> write(std::span<const base::u8> bytes) {
    while (true) {
      bytes = bytes.subspan(try_write(bytes));
      if (bytes.empty()) co_return std::expected<void, base::OutOfMemory>{};
      co_await writable();
    }
  }

  /// Sends what is queued and then `bytes`, polled. Any context, a panic included.
  void write_now(std::span<const base::u8> bytes) {
    hw::InterruptsOff const off;
    while (!to_send_.empty()) {
      std::array<base::u8, hw::uart::fifo_depth> chunk;
      base::usize count = 0;
      while (count < chunk.size()) {
        auto const byte = to_send_.try_pop();
        if (!byte) break;
        chunk[count++] = *byte;
      }
      uart_.write_now(std::span(chunk).first(count));
    }
    uart_.write_now(bytes);
  }

  /// Whether everything that was queued has left the device. Any context.
  bool all_sent() {
    return to_send_.empty() &&
           registers().template read<LineStatus>().template get<LineStatus::TransmitterIdle>();
  }

  /// Interrupt context: moves bytes between device and rings.
  static void handle_interrupt(void* port) { static_cast<SerialPort*>(port)->interrupted(); }

  /// Bytes that the device itself lost because nobody fetched them in time, or received damaged.
  base::u64 overruns() const { return overruns_.load(std::memory_order_relaxed); }
  base::u64 line_errors() const { return line_errors_.load(std::memory_order_relaxed); }
  /// Bytes waiting to be sent.
  base::usize queued() const { return to_send_.size(); }

 private:
  using InterruptEnable = hw::uart::InterruptEnable;
  using LineStatus = hw::uart::LineStatus;

  auto& registers() { return uart_.registers(); }

  void enable_interrupts() {
    registers().write(InterruptEnable{}
                          .with<InterruptEnable::Received>(receiving_)
                          .template with<InterruptEnable::LineStatusChanged>(receiving_)
                          .template with<InterruptEnable::TransmitterEmpty>(sending_));
  }

  void interrupted() {
    using hw::uart::InterruptIdentification;
    // The line is edge triggered: it must have been low before it can interrupt again, so all
    // causes are dealt with until there is none.
    for (int round = 0; round < 64; ++round) {
      auto const cause = registers().template read<InterruptIdentification>();
      if (cause.template get<InterruptIdentification::NonePending>()) return;
      registers().template read<hw::uart::ModemStatus>();
      receive();
      send();
    }
    // A device that never becomes quiet: force a new edge and let others have their turn.
    registers().write(InterruptEnable{});
    enable_interrupts();
  }

  void receive() {
    if (!receiving_) return;
    bool any = false;
    // Bounded: a device that is taken away reads as all ones for ever.
    for (base::usize i = 0; i < ring_size; ++i) {
      auto const status = registers().template read<LineStatus>();
      if (status.template get<LineStatus::Overrun>()) count(overruns_);
      if (!status.template get<LineStatus::DataReady>()) break;
      if (received_.size() == ring_size) {
        receiving_ = false;
        enable_interrupts();
        registers().write(
            uart_.connected.template with<hw::uart::ModemControl::RequestToSend>(false));
        break;
      }
      base::u8 const byte = registers().template read<hw::uart::Data>().bits;
      if (status.template get<LineStatus::FramingError>() ||
          status.template get<LineStatus::ParityError>())
        count(line_errors_);
      // A break arrives as a zero byte that nobody sent.
      if (status.template get<LineStatus::Break>()) continue;
      received_.try_push(byte);
      any = true;
    }
    if (any) readable_.notify();
  }

  void send() {
    if (!sending_ ||
        !registers().template read<LineStatus>().template get<LineStatus::TransmitterEmpty>())
      return;
    for (base::usize i = 0; i < uart_.transmit_depth(); ++i) {
      auto const byte = to_send_.try_pop();
      if (!byte) break;
      registers().write(hw::uart::Data::from(*byte));
    }
    if (to_send_.empty()) {
      sending_ = false;
      enable_interrupts();
    }
    if (writer_waits_ && room_for_writers()) {
      writer_waits_ = false;
      writable_.notify();
    }
  }

  /// Task context: goes on receiving once half of a full ring was read.
  void make_room() {
    if (receiving_ || received_.size() > ring_size / 2) return;
    hw::InterruptsOff const off;
    if (!started_ || receiving_) return;
    receiving_ = true;
    registers().write(uart_.connected);
    receive();
    enable_interrupts();
  }

  bool room_for_writers() const { return to_send_.size() <= ring_size / 2; }

  static void count(std::atomic<base::u64>& counter) {
    counter.fetch_add(1, std::memory_order_relaxed);
  }

  Uart<Io> uart_;
  base::SpscRing<base::u8, ring_size> received_;
  base::SpscRing<base::u8, ring_size> to_send_;
  exec::Signal readable_;
  exec::Signal writable_;
  // Shared with the handler, changed with interrupts off.
  std::atomic<bool> started_{false};
  std::atomic<bool> receiving_{false};
  std::atomic<bool> sending_{false};
  std::atomic<bool> writer_waits_{false};
  std::atomic<base::u64> overruns_{0};
  std::atomic<base::u64> line_errors_{0};
};

}  // namespace nacre::drivers
