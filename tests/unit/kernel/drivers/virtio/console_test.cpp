#include "kernel/drivers/virtio/console.hpp"

#include <gtest/gtest.h>
#include <random>

#include "kernel/drivers/virtio/mmio_transport.hpp"
#include "kernel/drivers/virtio/pci_transport.hpp"
#include "lib/exec/executor.hpp"
#include "tests/support/bytes_of.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/unit/kernel/drivers/fake_pci.hpp"
#include "tests/unit/kernel/drivers/virtio/fake_virtio.hpp"

namespace nacre::drivers {
namespace {

using base::u16;
using base::u32;
using base::u64;
using base::u8;
using base::usize;
using nacre::test::bytes_of;

constexpr u64 window_address = 0xfeb0'0e00;

std::string noise(usize size) {
  std::mt19937 random(7);
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

struct WithVirtio : testing::Test {
  WithVirtio() { machine.add_memory(window_address, 0x200, window); }

  auto create(std::string_view name = "nacre.host") {
    return VirtioConsole::create(transport, memory.frames, executor, name);
  }
  /// The device's line is up: the handler runs.
  void interrupt(VirtioConsole& console) {
    if (device.causes != 0) VirtioConsole::handle_interrupt(&console);
    EXPECT_EQ(device.causes, 0u);
  }
  std::string read_all(VirtioConsole& console, usize piece) {
    std::string all;
    std::vector<u8> buffer(piece);
    while (usize const count = console.try_read(buffer))
      all.append(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count));
    return all;
  }

  test::FakeMachine machine;
  test::ArenaFrames memory{u64{4} << 20};
  test::FakeVirtioConsole device{memory.arena.window()};
  test::FakeVirtioMmio window{device};
  VirtioMmio transport{hw::MmioRegisters({window_address})};
  exec::Executor executor{[] { return base::Instant{}; }};
};

using VirtioConsoleTest = WithVirtio;

TEST_F(VirtioConsoleTest, IsBroughtUpByTheBook) {
  EXPECT_EQ(transport.type(), hw::virtio::DeviceType::Console);
  auto const console = create();
  ASSERT_TRUE(console);
  EXPECT_EQ(device.status, 0b1111);
  EXPECT_EQ(device.driver_features, u64{1} << 32 | 2) << "nothing else was agreed on";
  EXPECT_TRUE(device.port_is_open);
  EXPECT_TRUE((*console)->all_sent());
}

TEST_F(VirtioConsoleTest, WhatIsNoSuchDeviceIsLeftAlone) {
  window.magic = 0;
  EXPECT_EQ(transport.type(), hw::virtio::DeviceType::None);
  window.magic = hw::virtio::mmio::magic;
  window.version = 1;
  EXPECT_EQ(transport.type(), hw::virtio::DeviceType::None);
  EXPECT_EQ(VirtioMmio(hw::MmioRegisters({0x1000})).type(), hw::virtio::DeviceType::None);
}

TEST_F(VirtioConsoleTest, ADeviceThatDoesNotFitIsGivenUp) {
  u64 const free_before = memory.frames.free_bytes();
  auto const fails_with = [&](VirtioProblem problem) {
    auto const console = create();
    ASSERT_FALSE(console);
    EXPECT_EQ(console.error(), VirtioError(problem)) << describe(problem);
    EXPECT_FALSE(device.port_is_open);
    EXPECT_EQ(memory.frames.free_bytes(), free_before);
  };
  device.features = 2;
  fails_with(VirtioProblem::NoVersion1);
  EXPECT_NE(device.status & 0x80, 0) << "the device was not told";
  device.features = u64{1} << 32;
  fails_with(VirtioProblem::FeaturesRefused);
  device.features |= 2;
  device.accepts_features = false;
  fails_with(VirtioProblem::FeaturesRefused);
  device.accepts_features = true;
  device.largest_queue = 4;
  fails_with(VirtioProblem::NoQueue);
  device.largest_queue = 64;
  device.port_name = "org.other";
  fails_with(VirtioProblem::NoPort);
  device.port_name = "nacre.host.of.another";
  fails_with(VirtioProblem::NoPort);
  device.port_name = "nacre.host";
  device.silent = true;
  fails_with(VirtioProblem::NoPort);
  device.silent = false;
  device.status = 4;
  device.resets = false;
  fails_with(VirtioProblem::NotResetting);
  device.resets = true;
  EXPECT_TRUE(create());
}

TEST_F(VirtioConsoleTest, EveryAllocationMayFail) {
  u64 const free_before = memory.frames.free_bytes();
  EXPECT_GT(test::fail_each_allocation([&] { return create().has_value(); }), 0);
  for (u64 left : {u64{0}, u64{4}, u64{12}, u64{30}}) {
    test::FrameShortage const shortage(memory.frames, left);
    EXPECT_EQ(create().error(), VirtioError(VirtioProblem::OutOfMemory)) << left;
  }
  EXPECT_EQ(memory.frames.free_bytes(), free_before);
}

TEST_F(VirtioConsoleTest, WhatTheHostSendsArrivesWholeAndInOrder) {
  std::string const text = noise(1'000'000);
  for (usize const piece : {1u, 100u, 4096u, 5000u, 100'000u}) {
    auto const console = create();
    ASSERT_TRUE(console);
    device.send(text);
    EXPECT_LT(device.to_guest.size(), text.size());
    EXPECT_GT(device.to_guest.size(), 0u) << "the device ran out of buffers";
    EXPECT_EQ(read_all(**console, piece), text) << piece;
    device.send("more");
    EXPECT_EQ(read_all(**console, piece), "more");
  }
}

TEST_F(VirtioConsoleTest, NotificationsAreFew) {
  auto const console = create();
  ASSERT_TRUE(console);
  device.notifications = 0;
  device.send(noise(160 * VirtioConsole::receive_size));
  EXPECT_EQ(read_all(**console, 4096).size(), 160 * VirtioConsole::receive_size);
  EXPECT_LE(device.notifications, 2 * 160 / VirtioConsole::receive_count);
}

TEST_F(VirtioConsoleTest, AReaderIsWokenOnce) {
  auto const console = create();
  ASSERT_TRUE(console);
  std::string seen;
  auto const reader = [](VirtioConsole& from, std::string& into) -> exec::Task<void> {
    std::array<u8, 100> buffer;
    for (;;) {
      usize const count = from.try_read(buffer);
      if (count == 0) co_await from.readable();
      into.append(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count));
    }
  };
  auto task = executor.spawn("reader", reader(**console, seen));
  ASSERT_TRUE(task);
  executor.run_until_idle();
  device.send("hello");
  executor.run_until_idle();
  EXPECT_EQ(seen, "") << "nobody has said that there is something";
  EXPECT_EQ(device.causes, 1u);
  interrupt(**console);
  executor.run_until_idle();
  EXPECT_EQ(seen, "hello");
  std::string const text = noise(300'000);
  device.send(text);
  for (int i = 0; i < 1000 && device.causes != 0; ++i) {
    interrupt(**console);
    executor.run_until_idle();
  }
  EXPECT_EQ(seen, "hello" + text);
}

TEST_F(VirtioConsoleTest, ASlowHostMakesTheWriterWait) {
  auto const console = create();
  ASSERT_TRUE(console);
  std::string const text = noise(1'000'000);
  device.host_room = 0;
  auto task = executor.spawn("writer", (*console)->write(bytes_of(text)));
  ASSERT_TRUE(task);
  executor.run_until_idle();
  EXPECT_FALSE(task->is_finished());
  EXPECT_FALSE((*console)->all_sent());
  for (int i = 0; i < 1000 && !(*console)->all_sent(); ++i) {
    device.make_room(5000);
    interrupt(**console);
    executor.run_until_idle();
  }
  EXPECT_TRUE(task->is_finished());
  EXPECT_EQ(device.from_guest, text);
}

TEST_F(VirtioConsoleTest, ADeviceThatCheatsIsGivenUp) {
  for (int which = 0; which < 3; ++which) {
    auto const console = create();
    ASSERT_TRUE(console);
    test::DeviceQueue& queue = device.queues[4];
    if (which == 0) queue.device().index = 17;
    if (which == 1) queue.give_back(16, 10);
    if (which == 2) queue.give_back(*queue.take(), VirtioConsole::receive_size + 1);
    std::array<u8, 100> buffer;
    EXPECT_EQ((*console)->try_read(buffer), 0u);
    EXPECT_TRUE((*console)->failed());
    EXPECT_NE(device.status & 0x80, 0);
    EXPECT_EQ((*console)->try_write(buffer), buffer.size()) << "nobody waits for it";
    EXPECT_TRUE((*console)->all_sent());
  }
  auto const console = create();
  ASSERT_TRUE(console);
  device.host_room = 0;
  EXPECT_EQ((*console)->try_write(bytes_of("text")), 4u);
  device.queues[5].give_back(3, 0);
  EXPECT_TRUE((*console)->all_sent());
  EXPECT_TRUE((*console)->failed());
}

TEST_F(VirtioConsoleTest, AZeroLengthIsNoEnd) {
  auto const console = create();
  ASSERT_TRUE(console);
  device.queues[4].give_back(*device.queues[4].take(), 0);
  device.send("text");
  EXPECT_EQ(read_all(**console, 10), "text");
}

// ---- PCI

struct VirtioPciTest : WithVirtio {
  VirtioPciTest() {
    machine.add_memory(bar_address, 0x4000, registers);
    function.identity(0x1af4, 0x1043, 7, 0x80);
    function.registers[0x34] = 0x40;
    function.bar(4, 0xfd00'000c, 0xffff'c000).bar(5, 0, 0xffff'ffff);
    capability(0x40, 0x50, 5, 0, 0, 0);  // a way that nobody needs
    capability(0x50, 0x64, 2, 4, 0x3000, 0x1000);
    function.registers[0x60] = 4;
    capability(0x64, 0x74, 1, 4, 0, 0x1000);
    capability(0x74, 0x84, 3, 4, 0x1000, 0x1000);
    capability(0x84, 0, 1, 4, 0x2000, 0x1000);  // less wanted than the first of its kind
  }
  void capability(u8 at, u8 next, u8 type, u8 bar, u32 offset, u32 length) {
    function.registers[at] = 0x09u | u32{next} << 8 | 0x14u << 16 | u32{type} << 24;
    function.registers[static_cast<u8>(at + 4)] = bar;
    function.registers[static_cast<u8>(at + 8)] = offset;
    function.registers[static_cast<u8>(at + 12)] = length;
  }
  PciDevice scanned() {
    auto const found = PciScan<test::FakePortIo>::run({&machine});
    EXPECT_TRUE(found && found->size() == 1);
    return (*found)[0];
  }
  std::optional<VirtioPciLayout> layout() {
    return find_virtio_structures(scanned(),
                                  PciConfiguration<test::FakePortIo>(test::FakePortIo{&machine}));
  }

  static constexpr u64 bar_address = 0xfd00'0000;
  test::FakePci pci{machine};
  test::FakePciFunction& function = pci.at(0, 3);
  test::FakeVirtioPci registers{device};
};

TEST_F(VirtioPciTest, IsKnownByItsNumber) {
  using hw::virtio::DeviceType;
  EXPECT_EQ(virtio_type(scanned()), DeviceType::Console);
  auto const numbered = [](u16 vendor, u16 number) {
    PciDevice device;
    device.vendor = vendor;
    device.device = number;
    return virtio_type(device);
  };
  EXPECT_EQ(numbered(0x1af4, 0x1003), DeviceType::Console);
  EXPECT_EQ(numbered(0x1af4, 0x1044), DeviceType::Entropy);
  EXPECT_EQ(numbered(0x1af4, 0x1001), DeviceType::None);
  EXPECT_EQ(numbered(0x8086, 0x1043), DeviceType::None);
}

TEST_F(VirtioPciTest, StructuresAreFound) {
  auto const found = layout();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->common, (VirtioPciStructure{4, 0, 0x1000}));
  EXPECT_EQ(found->notify, (VirtioPciStructure{4, 0x3000, 0x1000}));
  EXPECT_EQ(found->interrupt_status, (VirtioPciStructure{4, 0x1000, 0x1000}));
  EXPECT_EQ(found->notify_multiplier, 4u);
}

TEST_F(VirtioPciTest, BadCapabilitiesAreNone) {
  function.registers[0x74] = 0x09u | 0x74u << 8 | 0x14u << 16 | 3u << 24;  // a loop
  EXPECT_TRUE(layout());
  capability(0x74, 0x84, 3, 6, 0x1000, 0x1000);  // no such BAR
  EXPECT_FALSE(layout());
  capability(0x74, 0x84, 3, 0, 0x1000, 0x1000);  // one without memory
  EXPECT_FALSE(layout());
  capability(0x74, 0x84, 3, 4, 0x3001, 0x1000);  // ends behind it
  EXPECT_FALSE(layout());
  capability(0x74, 0x84, 3, 4, 0xffff'ffff, 0xffff'ffff);
  EXPECT_FALSE(layout());
  capability(0x74, 0x84, 3, 4, 0x1000, 0);
  EXPECT_FALSE(layout());
  capability(0x74, 0x84, 3, 4, 0x1000, 1);
  EXPECT_TRUE(layout());
  function.registers[0x74] = 0x09u | 0x84u << 8 | 0x0cu << 16 | 3u << 24;  // too short
  EXPECT_FALSE(layout());
  capability(0x74, 0x84, 3, 4, 0x1000, 1);
  function.registers[0x34] = 0;
  EXPECT_FALSE(layout());
  function.registers[0x34] = 0x40;
  function.registers[0x04] &= ~0x0010'0000u;
  EXPECT_FALSE(layout());
}

TEST_F(VirtioPciTest, CarriesBytesBothWays) {
  VirtioPci transport_over_pci(hw::MmioRegisters({bar_address}),
                               hw::MmioRegisters({bar_address + 0x1000}), {bar_address + 0x3000},
                               *layout());
  auto const console =
      VirtioConsole::create(transport_over_pci, memory.frames, executor, "nacre.host");
  ASSERT_TRUE(console);
  std::string const text = noise(200'000);
  device.send(text);
  EXPECT_EQ(read_all(**console, 3000), text);
  EXPECT_EQ((*console)->try_write(bytes_of("text")), 4u);
  EXPECT_EQ(device.from_guest, "text");
}

TEST_F(VirtioPciTest, AQueueThatCannotBeNotifiedIsNone) {
  auto found = *layout();
  found.notify.length = 4 * 5;  // the last queue is behind it
  VirtioPci transport_over_pci(hw::MmioRegisters({bar_address}),
                               hw::MmioRegisters({bar_address + 0x1000}), {bar_address + 0x3000},
                               found);
  EXPECT_EQ(
      VirtioConsole::create(transport_over_pci, memory.frames, executor, "nacre.host").error(),
      VirtioError(VirtioProblem::NoQueue));
}

}  // namespace
}  // namespace nacre::drivers
