#pragma once

#include <bit>
#include <cstring>
#include <deque>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

#include "kernel/hw/virtio.hpp"
#include "tests/support/fake_machine.hpp"
#include "tests/support/physical_arena.hpp"

namespace nacre::test {

/// A queue as the device sees it: in memory, at the addresses that the driver has told.
class DeviceQueue {
 public:
  DeviceQueue() = default;
  DeviceQueue(memory::PhysicalWindow window, u16 size, u64 descriptors, u64 driver_ring,
              u64 device_ring)
      : window_(window),
        size_(size),
        descriptors_{descriptors},
        driver_ring_{driver_ring},
        device_ring_{device_ring} {}

  /// The next buffer that was offered and not yet taken.
  std::optional<u16> take() {
    if (size_ == 0 || driver().index == taken_) return std::nullopt;
    auto const* const entries = window_.at<u16>(driver_ring_ + sizeof(hw::virtio::RingHeader));
    return entries[taken_++ % size_];
  }
  hw::virtio::Descriptor& descriptor(u16 index) {
    return window_.at<hw::virtio::Descriptor>(descriptors_)[index];
  }
  u8* memory(u16 index) { return window_.at<u8>(hw::PhysAddr{descriptor(index).address}); }
  void give_back(u32 descriptor, u32 length) {
    auto* const entries =
        window_.at<hw::virtio::UsedEntry>(device_ring_ + sizeof(hw::virtio::RingHeader));
    entries[device().index % size_] = {descriptor, length};
    ++device().index;
  }
  hw::virtio::RingHeader& driver() { return *window_.at<hw::virtio::RingHeader>(driver_ring_); }
  hw::virtio::RingHeader& device() { return *window_.at<hw::virtio::RingHeader>(device_ring_); }
  bool wants_interrupt() { return driver().flags == 0; }

 private:
  memory::PhysicalWindow window_{hw::VirtAddr{}};
  u16 size_ = 0;
  hw::PhysAddr descriptors_{};
  hw::PhysAddr driver_ring_{};
  hw::PhysAddr device_ring_{};
  u16 taken_ = 0;
};

/// A virtio console with a port 1, apart from how its registers are reached. What the host sends
/// lies in `to_guest` until the guest has buffers; what the guest sends comes to `from_guest`.
class FakeVirtioConsole {
 public:
  explicit FakeVirtioConsole(memory::PhysicalWindow window) : window_(window) {}

  // What a test may change before the driver comes.
  u64 features = u64{1} << 32 | 2;
  bool accepts_features = true;
  bool resets = true;
  bool silent = false;  // answers nothing about ports
  u16 largest_queue = 64;
  std::string port_name = "nacre.host";
  /// How many bytes the host takes; the rest stays in the queue.
  usize host_room = SIZE_MAX;

  std::string to_guest;
  std::string from_guest;
  u8 status = 0;
  u64 driver_features = 0;
  u32 causes = 0;
  int notifications = 0;
  bool port_is_open = false;

  struct QueueRegisters {
    u16 size = 0;
    u64 descriptors = 0, driver_ring = 0, device_ring = 0;
  };
  std::map<u16, QueueRegisters> registers;
  std::map<u16, DeviceQueue> queues;

  void write_status(u8 value) {
    if (value == 0 && !resets) return;
    if (value == 0) {
      queues.clear();
      registers.clear();
      port_is_open = false;
    }
    if (!accepts_features) value &= static_cast<u8>(~8u);
    status = value;
  }
  void enable(u16 queue) {
    auto const& told = registers[queue];
    queues[queue] =
        DeviceQueue(window_, told.size, told.descriptors, told.driver_ring, told.device_ring);
  }
  void notified(u16 queue) {
    ++notifications;
    if (queue == 3) hear();
    if (queue == 5) take_output();
    if (queue == 4) give_input();
  }

  /// The host sends; the device puts it where it can.
  void send(std::string_view text) {
    to_guest += text;
    give_input();
  }
  void give_input() {
    while (!to_guest.empty() && port_is_open) {
      auto const index = queues[4].take();
      if (!index) return;
      usize const count = std::min<usize>(queues[4].descriptor(*index).length, to_guest.size());
      EXPECT_EQ(queues[4].descriptor(*index).flags, 2);
      to_guest.copy(std::bit_cast<char*>(queues[4].memory(*index)), count);
      to_guest.erase(0, count);
      queues[4].give_back(*index, static_cast<u32>(count));
      if (queues[4].wants_interrupt()) causes |= 1;
    }
  }
  void make_room(usize bytes) {
    host_room += bytes;
    take_output();
  }
  void take_output() {
    for (;;) {
      if (!sending_) sending_ = queues[5].take();
      if (!sending_) return;
      auto const& descriptor = queues[5].descriptor(*sending_);
      EXPECT_EQ(descriptor.flags, 0);
      usize const count = std::min<usize>(descriptor.length - sent_, host_room);
      from_guest.append(std::bit_cast<const char*>(queues[5].memory(*sending_)) + sent_, count);
      host_room -= host_room == SIZE_MAX ? 0 : count;
      sent_ += count;
      if (sent_ < descriptor.length) return;
      queues[5].give_back(*sending_, 0);
      sending_.reset();
      sent_ = 0;
      if (queues[5].wants_interrupt()) causes |= 1;
    }
  }

 private:
  using ControlMessage = hw::virtio::console::ControlMessage;

  void say(ControlMessage message, std::string_view name = {}) {
    auto const index = queues[2].take();
    if (!index) return;
    std::string text(sizeof(message), '\0');
    std::memcpy(text.data(), &message, sizeof(message));
    text += name;
    text.copy(std::bit_cast<char*>(queues[2].memory(*index)), queues[2].descriptor(*index).length);
    queues[2].give_back(*index, static_cast<u32>(text.size()));
  }
  void hear() {
    using Event = ControlMessage::Event;
    while (auto const index = queues[3].take()) {
      ControlMessage message{};
      std::memcpy(&message, queues[3].memory(*index), sizeof(message));
      queues[3].give_back(*index, 0);
      if (silent || message.value != 1) continue;
      if (message.event == Event::DeviceReady) {
        say({0, Event::PortAdd, 1});
        say({1, Event::PortAdd, 1});
      }
      if (message.event == Event::PortReady && message.port == 1) {
        say({1, Event::PortName, 1}, port_name + '\0');
        say({1, Event::PortOpen, 1});
      }
      if (message.event == Event::PortOpen && message.port == 1) {
        port_is_open = true;
        give_input();
      }
    }
  }

  memory::PhysicalWindow window_;
  std::optional<u16> sending_;
  usize sent_ = 0;
};

inline void set_low(u64& whole, u32 half) { whole = (whole & ~u64{0xffff'ffff}) | half; }
inline void set_high(u64& whole, u32 half) { whole = (whole & 0xffff'ffff) | u64{half} << 32; }

/// Its registers in a window of memory.
class FakeVirtioMmio final : public FakeDevice {
 public:
  explicit FakeVirtioMmio(FakeVirtioConsole& device) : device_(device) {}
  u32 magic = 0x7472'6976;
  u32 version = 2;
  u32 type = 3;

  u32 read(u64 at, unsigned size) override {
    EXPECT_EQ(size, 4u);
    switch (at) {
      case 0x000: return magic;
      case 0x004: return version;
      case 0x008: return type;
      case 0x010:
        return feature_word_ > 1 ? 0 : static_cast<u32>(device_.features >> (32 * feature_word_));
      case 0x034: return queue_ < 6 ? device_.largest_queue : 0;
      case 0x060: return device_.causes;
      case 0x070: return device_.status;
      default: ADD_FAILURE() << "read at " << at; return 0;
    }
  }
  void write(u64 at, u32 value, unsigned size) override {
    EXPECT_EQ(size, 4u);
    auto& queue = device_.registers[static_cast<u16>(queue_)];
    switch (at) {
      case 0x014: feature_word_ = value; break;
      case 0x020: (driver_word_ == 0 ? set_low : set_high)(device_.driver_features, value); break;
      case 0x024: driver_word_ = value; break;
      case 0x030: queue_ = value; break;
      case 0x038: queue.size = static_cast<u16>(value); break;
      case 0x044: device_.enable(static_cast<u16>(queue_)); break;
      case 0x050: device_.notified(static_cast<u16>(value)); break;
      case 0x064: device_.causes &= ~value; break;
      case 0x070: device_.write_status(static_cast<u8>(value)); break;
      case 0x080: set_low(queue.descriptors, value); break;
      case 0x084: set_high(queue.descriptors, value); break;
      case 0x090: set_low(queue.driver_ring, value); break;
      case 0x094: set_high(queue.driver_ring, value); break;
      case 0x0a0: set_low(queue.device_ring, value); break;
      case 0x0a4: set_high(queue.device_ring, value); break;
      default: ADD_FAILURE() << "write at " << at;
    }
  }

 private:
  FakeVirtioConsole& device_;
  u32 feature_word_ = 0;
  u32 driver_word_ = 0;
  u32 queue_ = 0;
};

/// Its registers as a PCI device has them: the common ones from 0, the interrupt's cause at 0x1000,
/// the notifications from 0x3000, four bytes apart.
class FakeVirtioPci final : public FakeDevice {
 public:
  explicit FakeVirtioPci(FakeVirtioConsole& device) : device_(device) {}

  u32 read(u64 at, unsigned size) override {
    switch (at) {
      case 0x04:
        return feature_word_ > 1 ? 0 : static_cast<u32>(device_.features >> (32 * feature_word_));
      case 0x12: return 6;
      case 0x14: EXPECT_EQ(size, 1u); return device_.status;
      case 0x18: EXPECT_EQ(size, 2u); return device_.largest_queue;
      case 0x1e: return queue_;
      case 0x1000: EXPECT_EQ(size, 1u); return std::exchange(device_.causes, 0u);
      default: ADD_FAILURE() << "read at " << at; return 0;
    }
  }
  void write(u64 at, u32 value, unsigned size) override {
    auto& queue = device_.registers[queue_];
    if (at >= 0x3000 && at < 0x3000 + 6 * 4) {
      EXPECT_EQ((at - 0x3000) / 4, value);
      return device_.notified(static_cast<u16>(value));
    }
    switch (at) {
      case 0x00: feature_word_ = value; break;
      case 0x08: driver_word_ = value; break;
      case 0x0c: (driver_word_ == 0 ? set_low : set_high)(device_.driver_features, value); break;
      case 0x14:
        EXPECT_EQ(size, 1u);
        device_.write_status(static_cast<u8>(value));
        break;
      case 0x16: queue_ = static_cast<u16>(value); break;
      case 0x18: queue.size = static_cast<u16>(value); break;
      case 0x1c: device_.enable(queue_); break;
      case 0x20: set_low(queue.descriptors, value); break;
      case 0x24: set_high(queue.descriptors, value); break;
      case 0x28: set_low(queue.driver_ring, value); break;
      case 0x2c: set_high(queue.driver_ring, value); break;
      case 0x30: set_low(queue.device_ring, value); break;
      case 0x34: set_high(queue.device_ring, value); break;
      default: ADD_FAILURE() << "write at " << at;
    }
  }

 private:
  FakeVirtioConsole& device_;
  u32 feature_word_ = 0;
  u32 driver_word_ = 0;
  u16 queue_ = 0;
};

}  // namespace nacre::test
