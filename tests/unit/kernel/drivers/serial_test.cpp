#include "kernel/drivers/serial.hpp"

#include <gtest/gtest.h>
#include <random>
#include <vector>

#include "lib/exec/executor.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/unit/kernel/drivers/fake_uart.hpp"

namespace nacre::drivers {
namespace {

using base::u8;
using base::usize;
using test::FakeMachine;
using test::FakePortIo;
using test::FakeUart;

constexpr base::u16 first_port = hw::uart::com2_port;
using Bytes = std::vector<u8>;

Bytes all_byte_values(usize count) {
  Bytes bytes(count);
  for (usize i = 0; i < count; ++i) bytes[i] = static_cast<u8>(i * 7 + i / 256);
  return bytes;
}

TEST(Uart, IsSetTo115200Baud8N1) {
  FakeMachine machine;
  FakeUart device;
  machine.add_ports(first_port, 8, device);
  auto const uart = Uart<FakePortIo>::create(first_port, {&machine});
  ASSERT_TRUE(uart);
  EXPECT_EQ(device.divisor_low, 1);
  EXPECT_EQ(device.divisor_high, 0);
  EXPECT_EQ(device.line_control, 3);
  EXPECT_EQ(device.modem_control, 0x0b);
  EXPECT_EQ(device.interrupt_enable, 0);
  EXPECT_EQ(device.fifo_control & 1, 1);
  EXPECT_EQ(uart->transmit_depth(), 16u);
}

TEST(Uart, WithoutFifoItSendsByteByByte) {
  FakeMachine machine;
  FakeUart device(false);
  device.instant = true;
  machine.add_ports(first_port, 8, device);
  auto uart = Uart<FakePortIo>::create(first_port, {&machine});
  ASSERT_TRUE(uart);
  EXPECT_EQ(uart->transmit_depth(), 1u);
  uart->write_now(all_byte_values(300));
  EXPECT_EQ(device.sent, all_byte_values(300));
}

TEST(Uart, MissingOrBrokenHardwareIsAnError) {
  FakeMachine machine;
  EXPECT_EQ(Uart<FakePortIo>::create(first_port, {&machine}).error(), SerialError::NotPresent);

  struct Zeroes final : test::FakeDevice {
    base::u32 read(base::u64, unsigned) override { return 0; }
    void write(base::u64, base::u32, unsigned) override {}
  } zeroes;
  machine.add_ports(0x100, 8, zeroes);
  EXPECT_EQ(Uart<FakePortIo>::create(0x100, {&machine}).error(), SerialError::NotPresent);

  FakeUart deaf;
  deaf.deaf = true;
  machine.add_ports(first_port, 8, deaf);
  EXPECT_EQ(Uart<FakePortIo>::create(first_port, {&machine}).error(), SerialError::Broken);
}

TEST(Uart, ATransmitterThatNeverBecomesEmptyIsGivenUp) {
  FakeMachine machine;
  FakeUart device;
  machine.add_ports(first_port, 8, device);
  auto uart = Uart<FakePortIo>::create(first_port, {&machine});
  ASSERT_TRUE(uart);
  uart->write_now(all_byte_values(40));
  device.transmit(100);
  EXPECT_EQ(device.sent, all_byte_values(16));
}

TEST(Uart, KeepsWhatWasTypedAhead) {
  for (bool const fifo_was_on : {false, true}) {
    FakeMachine machine;
    FakeUart device;
    machine.add_ports(first_port, 8, device);
    if (fifo_was_on) device.write(2, 1, 1);
    Bytes const typed = fifo_was_on ? Bytes{'l', 's', '\r'} : Bytes{'l'};
    for (u8 const byte : typed) device.receive(byte);
    auto const uart = Uart<FakePortIo>::create(first_port, {&machine});
    ASSERT_TRUE(uart);
    exec::Executor executor([] { return base::Instant{}; });
    SerialPort<FakePortIo> serial(*uart, executor);
    serial.start();
    device.receive('x');
    SerialPort<FakePortIo>::handle_interrupt(&serial);
    EXPECT_EQ(uart->transmit_depth(), fifo_was_on ? 16u : 1u);
    Bytes read;
    while (auto const byte = serial.try_read()) read.push_back(*byte);
    Bytes expected = typed;
    expected.push_back('x');
    EXPECT_EQ(read, expected);
  }
}

/// A port in use, with an executor and its interrupts delivered by hand.
struct Port {
  FakeMachine machine;
  FakeUart device;
  exec::Executor executor{[] { return base::Instant{}; }};
  SerialPort<FakePortIo> serial;

  Port()
      : serial((machine.add_ports(first_port, 8, device),
                *Uart<FakePortIo>::create(first_port, {&machine})),
               executor) {
    machine.interrupts_enabled = true;
    hw::set_interrupt_handler({0x23}, SerialPort<FakePortIo>::handle_interrupt, &serial);
    device.take_edge();
    serial.start();
  }
  /// Delivers the interrupts that the device asks for. Returns how many.
  int deliver() {
    int count = 0;
    while (device.take_edge()) {
      machine.interrupt({0x23});
      if (++count > 10'000) break;
    }
    return count;
  }
};

TEST(SerialPort, SendsFromInterrupts) {
  Port port;
  Bytes const bytes = all_byte_values(1000);
  EXPECT_EQ(port.serial.try_write(bytes), 1000u);
  int interrupts = 0;
  while (true) {
    interrupts += port.deliver();
    usize const before = port.device.sent.size();
    port.device.transmit(16);
    if (port.device.sent.size() == before) break;
  }
  EXPECT_EQ(port.device.sent, bytes);
  EXPECT_EQ(interrupts, (1000 + 15) / 16);
  EXPECT_EQ(port.device.interrupt_enable & 2, 0) << "an idle transmitter must not interrupt";

  // And once more after it went to sleep.
  EXPECT_EQ(port.serial.try_write(std::span(bytes).first(1)), 1u);
  port.deliver();
  port.device.transmit();
  EXPECT_EQ(port.device.sent.size(), 1001u);
}

TEST(SerialPort, ADeviceThatSendsAtOnceGetsEverything) {
  Port port;
  port.device.instant = true;
  Bytes const bytes = all_byte_values(4096);
  EXPECT_EQ(port.serial.try_write(bytes), 4096u);
  port.deliver();
  EXPECT_EQ(port.device.sent, bytes);
}

exec::Task<void> send(SerialPort<FakePortIo>& serial, const Bytes& bytes, bool& done) {
  done = (co_await serial.write(bytes)).has_value();
}

TEST(SerialPort, AWriterWaitsForRoom) {
  Port port;
  Bytes const bytes = all_byte_values(20'000);
  bool done = false;
  ASSERT_TRUE(port.executor.spawn_detached("writer", send(port.serial, bytes, done)));
  int rounds = 0;
  while (!done && rounds++ < 10'000) {
    port.executor.run_until_idle();
    port.deliver();
    port.device.transmit(16);
  }
  EXPECT_TRUE(done);
  while (port.serial.queued() != 0) {
    port.device.transmit(16);
    port.deliver();
  }
  port.device.transmit(16);
  EXPECT_EQ(port.device.sent, bytes);
}

TEST(SerialPort, WriteWithoutMemoryForItsFrameSaysSo) {
  Port port;
  Bytes const bytes = all_byte_values(3);
  bool done = true;
  auto task = send(port.serial, bytes, done);
  auto handle = port.executor.spawn("writer", std::move(task));
  ASSERT_TRUE(handle);
  {
    test::FailingAllocations const failing(0);
    port.executor.run_until_idle();
    EXPECT_TRUE(failing.triggered());
  }
  EXPECT_FALSE(done);
  EXPECT_EQ(port.serial.queued(), 0u);
}

TEST(SerialPort, CancellingAWriterLeavesThePortInOrder) {
  Port port;
  Bytes const bytes = all_byte_values(20'000);
  bool done = false;
  {
    auto handle = port.executor.spawn("writer", send(port.serial, bytes, done));
    ASSERT_TRUE(handle);
    port.executor.run_until_idle();
  }
  for (int i = 0; i < 1000; ++i) {
    port.deliver();
    port.device.transmit(16);
    port.executor.run_until_idle();
  }
  EXPECT_FALSE(done);
  EXPECT_EQ(port.device.sent, Bytes(bytes.begin(), bytes.begin() + 4096));
}

TEST(SerialPort, ReceivesAllByteValues) {
  Port port;
  Bytes const bytes = all_byte_values(3000);
  for (u8 const byte : bytes) {
    port.device.receive(byte);
    port.deliver();
  }
  Bytes read;
  while (auto const byte = port.serial.try_read()) read.push_back(*byte);
  EXPECT_EQ(read, bytes);
  EXPECT_EQ(port.serial.overruns(), 0u);
}

exec::Task<void> read_until(SerialPort<FakePortIo>& serial, usize count, Bytes& into) {
  while (into.size() < count) {
    while (auto const byte = serial.try_read()) into.push_back(*byte);
    if (into.size() < count) co_await serial.readable();
  }
}

TEST(SerialPort, AReaderIsWokenByAByte) {
  Port port;
  Bytes read;
  ASSERT_TRUE(port.executor.spawn_detached("reader", read_until(port.serial, 2, read)));
  port.executor.run_until_idle();
  EXPECT_TRUE(read.empty());
  port.device.receive('a');
  port.deliver();
  port.executor.run_until_idle();
  EXPECT_EQ(read, Bytes{'a'});
  port.device.receive('b');
  port.deliver();
  port.executor.run_until_idle();
  EXPECT_EQ(read, (Bytes{'a', 'b'}));
}

TEST(SerialPort, ASlowReaderLosesNothing) {
  Port port;
  Bytes const bytes = all_byte_values(30'000);
  Bytes read;
  std::mt19937 random(3);
  usize sent = 0;
  bool paused = false;
  while (read.size() < bytes.size()) {
    // The other end looks at RTS and may still send what was under way.
    while (sent < bytes.size() && port.device.ready_to_receive()) {
      port.device.receive(bytes[sent++]);
      port.deliver();
    }
    paused = paused || !port.device.ready_to_receive();
    for (int i = 0; i < 5 && sent < bytes.size(); ++i) {
      port.device.receive(bytes[sent++]);
      port.deliver();
    }
    EXPECT_EQ(port.deliver(), 0) << "a full ring must not interrupt for ever";
    u8 chunk[700];
    while (!port.device.ready_to_receive() || sent == bytes.size()) {
      usize const count =
          port.serial.try_read(std::span(chunk).first(1 + random() % std::size(chunk)));
      if (count == 0) break;
      read.insert(read.end(), chunk, chunk + count);
    }
  }
  EXPECT_TRUE(paused);
  EXPECT_EQ(read, bytes);
  EXPECT_EQ(port.serial.overruns(), 0u);
}

TEST(SerialPort, CountsWhatTheDeviceLost) {
  Port port;
  port.machine.interrupts_enabled = false;
  for (int i = 0; i < 20; ++i) port.device.receive(static_cast<u8>(i));
  port.machine.interrupts_enabled = true;
  port.deliver();
  EXPECT_EQ(port.serial.overruns(), 1u);
  port.device.receive(0, 0x10);  // a break
  port.device.receive('x', 0x08);
  port.deliver();
  EXPECT_EQ(port.serial.line_errors(), 1u);
  Bytes read;
  while (auto const byte = port.serial.try_read()) read.push_back(*byte);
  EXPECT_EQ(read.size(), 17u);
  EXPECT_EQ(read.back(), 'x');
}

TEST(SerialPort, TellsWhenEverythingHasLeftTheDevice) {
  Port port;
  EXPECT_TRUE(port.serial.all_sent());
  port.serial.try_write(all_byte_values(20));
  EXPECT_FALSE(port.serial.all_sent());
  port.deliver();
  port.device.transmit(16);
  port.deliver();
  port.device.transmit(3);
  EXPECT_EQ(port.serial.queued(), 0u);
  EXPECT_FALSE(port.serial.all_sent());
  port.device.transmit(1);
  EXPECT_TRUE(port.serial.all_sent());
}

TEST(SerialPort, WriteNowKeepsTheOrder) {
  Port port;
  port.machine.interrupts_enabled = false;
  Bytes const queued = all_byte_values(100);
  port.serial.try_write(queued);
  port.device.instant = true;
  Bytes const now{1, 2, 3};
  port.serial.write_now(now);
  Bytes expected = queued;
  expected.insert(expected.end(), now.begin(), now.end());
  EXPECT_EQ(port.device.sent, expected);
  EXPECT_FALSE(port.machine.interrupts_enabled);
}

}  // namespace
}  // namespace nacre::drivers
