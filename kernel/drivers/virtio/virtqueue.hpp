#pragma once

#include <expected>
#include <optional>

#include "kernel/hw/virtio.hpp"
#include "kernel/memory/physical_window.hpp"

namespace nacre::drivers {

/// `BadIndex`: the device says that it has used more than it was offered. `BadDescriptor`: a buffer
/// that it does not have. `BadLength`: more bytes than the buffer holds. The device cannot be
/// trusted any more: reset it.
enum class VirtqueueError : base::u8 { BadIndex, BadDescriptor, BadLength };

/// One split virtqueue, the driver's side: buffers of one piece each go to the device and come back
/// in any order. It believes nothing that the device writes without a check. Task context.
/// [virtio: "Split Virtqueues"]
class Virtqueue {
 public:
  /// Buffers are numbered below this.
  static constexpr base::u16 max_size = 64;
  /// How much memory the queue takes, zeroed and on a page boundary.
  static constexpr base::usize memory_size = 4096;

  /// A queue of `size` buffers, a power of two up to `max_size`, in the memory at `start`, which
  /// `window` shows.
  Virtqueue(memory::PhysicalWindow window, hw::PhysAddr start, base::u16 size);

  base::u16 size() const { return size_; }
  hw::PhysAddr descriptors() const { return start_; }
  hw::PhysAddr driver_ring() const { return start_ + driver_ring_offset; }
  hw::PhysAddr device_ring() const { return start_ + device_ring_offset; }

  enum class Direction : base::u8 { ToDevice, FromDevice };
  /// Gives buffer number `buffer`, which the device does not have, to the device.
  void offer(base::u16 buffer, hw::PhysAddr memory, base::u32 length, Direction direction);
  /// Whether the device wants to be told of what was offered.
  bool wants_notification() const;

  struct Used {
    base::u16 buffer;
    base::u32 length;  // how many bytes the device wrote
  };
  /// The next buffer that the device has done with. Nothing when there is none. Errors: as named.
  std::expected<std::optional<Used>, VirtqueueError> take_used();
  /// How many buffers the device has.
  base::u16 outstanding() const { return outstanding_; }

  /// Whether the device interrupts when it has used a buffer. After switching it on, look once
  /// more: what was used before does not interrupt.
  void set_interrupts(bool on);

 private:
  static constexpr base::u64 driver_ring_offset = max_size * sizeof(hw::virtio::Descriptor);
  static constexpr base::u64 device_ring_offset = 2048;

  hw::virtio::Descriptor& descriptor(base::u16 index) const {
    return window_.at<hw::virtio::Descriptor>(start_)[index];
  }
  hw::virtio::RingHeader& driver_header() const {
    return *window_.at<hw::virtio::RingHeader>(driver_ring());
  }
  hw::virtio::RingHeader& device_header() const {
    return *window_.at<hw::virtio::RingHeader>(device_ring());
  }
  base::u16& driver_entry(base::u16 index) const {
    return window_.at<base::u16>(driver_ring() + sizeof(hw::virtio::RingHeader))[index];
  }
  hw::virtio::UsedEntry& device_entry(base::u16 index) const {
    return window_.at<hw::virtio::UsedEntry>(device_ring() + sizeof(hw::virtio::RingHeader))[index];
  }

  memory::PhysicalWindow window_;
  hw::PhysAddr start_;
  base::u16 size_;
  base::u16 offered_ = 0;  // counts on and wraps, as the rings' indexes do
  base::u16 taken_ = 0;
  base::u16 outstanding_ = 0;
  bool interrupts_ = true;
  /// How long the buffers are that the device has; not at the device where none.
  struct Lent {
    bool lent = false;
    base::u32 writable = 0;
  };
  Lent lent_[max_size]{};
};

}  // namespace nacre::drivers
