#pragma once

#include "kernel/drivers/virtio/transport.hpp"
#include "kernel/hw/register_io.hpp"

namespace nacre::drivers {

/// A virtio device whose registers are memory. [virtio: "Virtio Over MMIO"]
class VirtioMmio final : public VirtioTransport {
 public:
  explicit VirtioMmio(hw::MmioRegisters registers) : registers_(registers) {}

  /// What kind of device is there. None where there is no window of version 1 registers, and where
  /// nothing is plugged in.
  hw::virtio::DeviceType type();

  base::u32 device_features(base::u32 word) override;
  void set_driver_features(base::u32 word, base::u32 features) override;
  hw::virtio::Status status() override;
  void set_status(hw::virtio::Status status) override;
  base::u16 largest_queue(base::u16 queue) override;
  void enable_queue(base::u16 queue, const Virtqueue& memory) override;
  void notify(base::u16 queue) override;
  hw::virtio::InterruptCause take_interrupt_causes() override;

 private:
  hw::MmioRegisters registers_;
};

}  // namespace nacre::drivers
