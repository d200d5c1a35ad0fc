#include "kernel/drivers/virtio/pci_transport.hpp"

#include "kernel/memory/mmio.hpp"
#include "lib/base/assert.hpp"
#include "lib/base/log.hpp"

namespace nacre::drivers {
namespace {

using base::u16;
using base::u32;
using base::u64;
using base::u8;
using namespace hw::virtio::pci;

template <class Low, class High>
void write_address(hw::MmioRegisters& registers, hw::PhysAddr address) {
  registers.write(Low::from(static_cast<u32>(address.value)));
  registers.write(High::from(static_cast<u32>(address.value >> 32)));
}

std::expected<hw::VirtAddr, memory::MapError> map(const PciDevice& device,
                                                  const VirtioPciStructure& structure) {
  return memory::map_device({device.bars[structure.bar].address + structure.offset},
                            structure.length, memory::Caching::Uncached);
}

}  // namespace

hw::virtio::DeviceType virtio_type(const PciDevice& device) {
  using hw::virtio::DeviceType;
  if (device.vendor != vendor) return DeviceType::None;
  if (device.device == transitional_console) return DeviceType::Console;
  if (device.device < first_device || device.device > first_device + 0x3f) return DeviceType::None;
  return static_cast<DeviceType>(device.device - first_device);
}

std::optional<VirtioPci> VirtioPci::create(const PciDevice& device) {
  PciConfiguration<> configuration;
  auto const layout = find_virtio_structures(device, configuration);
  if (!layout) {
    base::log_warning("virtio", "the device at {} has not the registers of version 1", device.at);
    return std::nullopt;
  }
  auto const common = map(device, layout->common);
  auto const notify = map(device, layout->notify);
  auto const interrupt_status = map(device, layout->interrupt_status);
  if (!common || !notify || !interrupt_status) {
    base::log_warning("virtio", "no memory to map the device at {}", device.at);
    return std::nullopt;
  }
  using hw::pci::CommandStatus;
  configuration.write(device.at, configuration.read<CommandStatus>(device.at)
                                     .with<CommandStatus::Status>(0)
                                     .with<CommandStatus::MemorySpace>(true)
                                     .with<CommandStatus::BusMaster>(true)
                                     .with<CommandStatus::InterruptDisable>(false));
  return VirtioPci(hw::MmioRegisters(*common), hw::MmioRegisters(*interrupt_status), *notify,
                   *layout);
}

u32 VirtioPci::device_features(u32 word) {
  common_.write(DeviceFeaturesSelect::from(word));
  return common_.read<DeviceFeatures>().bits;
}

void VirtioPci::set_driver_features(u32 word, u32 features) {
  common_.write(DriverFeaturesSelect::from(word));
  common_.write(DriverFeatures::from(features));
}

hw::virtio::Status VirtioPci::status() {
  return hw::virtio::Status::from(common_.read<DeviceStatus>().bits);
}

void VirtioPci::set_status(hw::virtio::Status status) {
  common_.write(DeviceStatus::from(status.bits));
}

u16 VirtioPci::largest_queue(u16 queue) {
  if (queue >= common_.read<QueueCount>().bits || queue >= most_queues) return 0;
  common_.write(QueueSelect::from(queue));
  u64 const offset = u64{common_.read<QueueNotifyOffset>().bits} * layout_.notify_multiplier;
  // A queue that cannot be notified within the device's registers is as good as none.
  if (offset + sizeof(u16) > layout_.notify.length) return 0;
  notify_offsets_[queue] = offset;
  return common_.read<QueueSize>().bits;
}

void VirtioPci::enable_queue(u16 queue, const Virtqueue& memory) {
  common_.write(QueueSelect::from(queue));
  common_.write(QueueSize::from(memory.size()));
  write_address<DescriptorsLow, DescriptorsHigh>(common_, memory.descriptors());
  write_address<DriverRingLow, DriverRingHigh>(common_, memory.driver_ring());
  write_address<DeviceRingLow, DeviceRingHigh>(common_, memory.device_ring());
  common_.write(QueueEnable::from(1));
}

void VirtioPci::notify(u16 queue) {
  NACRE_ASSERT(queue < most_queues);
  hw::mmio_write_u16(notify_ + notify_offsets_[queue], queue);
}

hw::virtio::InterruptCause VirtioPci::take_interrupt_causes() {
  return hw::virtio::InterruptCause::from(interrupt_status_.read<InterruptStatus>().bits);
}

}  // namespace nacre::drivers
