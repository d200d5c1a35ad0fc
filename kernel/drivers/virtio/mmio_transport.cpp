#include "kernel/drivers/virtio/mmio_transport.hpp"

#include <algorithm>

namespace nacre::drivers {
namespace {

using base::u16;
using base::u32;
using base::u8;
using namespace hw::virtio::mmio;

template <class Low, class High>
void write_address(hw::MmioRegisters& registers, hw::PhysAddr address) {
  registers.write(Low::from(static_cast<u32>(address.value)));
  registers.write(High::from(static_cast<u32>(address.value >> 32)));
}

}  // namespace

hw::virtio::DeviceType VirtioMmio::type() {
  if (registers_.read<Magic>().bits != magic || registers_.read<Version>().bits != version)
    return hw::virtio::DeviceType::None;
  return static_cast<hw::virtio::DeviceType>(registers_.read<Device>().bits);
}

u32 VirtioMmio::device_features(u32 word) {
  registers_.write(DeviceFeaturesSelect::from(word));
  return registers_.read<DeviceFeatures>().bits;
}

void VirtioMmio::set_driver_features(u32 word, u32 features) {
  registers_.write(DriverFeaturesSelect::from(word));
  registers_.write(DriverFeatures::from(features));
}

hw::virtio::Status VirtioMmio::status() {
  return hw::virtio::Status::from(static_cast<u8>(registers_.read<DeviceStatus>().bits));
}

void VirtioMmio::set_status(hw::virtio::Status status) {
  registers_.write(DeviceStatus::from(status.bits));
}

u16 VirtioMmio::largest_queue(u16 queue) {
  registers_.write(QueueSelect::from(queue));
  return static_cast<u16>(std::min<u32>(registers_.read<QueueSizeMax>().bits, UINT16_MAX));
}

void VirtioMmio::enable_queue(u16 queue, const Virtqueue& memory) {
  registers_.write(QueueSelect::from(queue));
  registers_.write(QueueSize::from(memory.size()));
  write_address<DescriptorsLow, DescriptorsHigh>(registers_, memory.descriptors());
  write_address<DriverRingLow, DriverRingHigh>(registers_, memory.driver_ring());
  write_address<DeviceRingLow, DeviceRingHigh>(registers_, memory.device_ring());
  registers_.write(QueueReady::from(1));
}

void VirtioMmio::notify(u16 queue) { registers_.write(QueueNotify::from(queue)); }

hw::virtio::InterruptCause VirtioMmio::take_interrupt_causes() {
  u32 const causes = registers_.read<InterruptStatus>().bits;
  registers_.write(InterruptAcknowledge::from(causes));
  return hw::virtio::InterruptCause::from(causes);
}

}  // namespace nacre::drivers
