#pragma once

#include <expected>
#include <string_view>

#include "kernel/drivers/virtio/virtqueue.hpp"

namespace nacre::drivers {

/// How a driver reaches the registers that every virtio device has. Context: boot or task, but for
/// `take_interrupt_causes`.
class VirtioTransport {
 public:
  virtual base::u32 device_features(base::u32 word) = 0;
  virtual void set_driver_features(base::u32 word, base::u32 features) = 0;
  virtual hw::virtio::Status status() = 0;
  /// A status of zero resets the device.
  virtual void set_status(hw::virtio::Status status) = 0;
  /// The largest size of a queue; 0 when the device has no such queue.
  virtual base::u16 largest_queue(base::u16 queue) = 0;
  /// Tells the device where a queue of its is, and how large, and switches it on.
  virtual void enable_queue(base::u16 queue, const Virtqueue& memory) = 0;
  /// Tells the device that buffers were offered in an enabled queue.
  virtual void notify(base::u16 queue) = 0;
  /// Why the device interrupts; the line is released. Interrupt context.
  virtual hw::virtio::InterruptCause take_interrupt_causes() = 0;

 protected:
  ~VirtioTransport() = default;
};

/// `NoVersion1`: it speaks only the interface from before version 1. `FeaturesRefused`: it does not
/// have, or does not work with, the features that were chosen. `NotResetting`: its status does not
/// become zero. `NoQueue`: one is missing or too small. `NoPort`: a console has not the port that
/// is looked for. `OutOfMemory`: for queues and buffers.
enum class VirtioProblem : base::u8 {
  NoVersion1,
  FeaturesRefused,
  NotResetting,
  NoQueue,
  NoPort,
  OutOfMemory
};
struct VirtioError {
  VirtioProblem problem;
  constexpr VirtioError(VirtioProblem which) : problem(which) {}
  constexpr VirtioError(base::OutOfMemory) : problem(VirtioProblem::OutOfMemory) {}
  friend constexpr bool operator==(VirtioError, VirtioError) = default;
};
/// The problem as the end of a message.
std::string_view describe(VirtioProblem problem);

/// Resets the device and agrees with it on version 1, `features` of the first word, which it must
/// have, and no other. What is left are its queues, then `start_virtio`.
/// [virtio: "Device Initialization"]
std::expected<void, VirtioError> reset_virtio(VirtioTransport& transport, base::u32 features);
/// The device may use its queues from here on.
void start_virtio(VirtioTransport& transport);
/// Tells the device that its driver has given it up.
void fail_virtio(VirtioTransport& transport);

}  // namespace nacre::drivers
