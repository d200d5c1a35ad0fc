#pragma once

#include <array>
#include <optional>

#include "kernel/drivers/pci.hpp"
#include "kernel/drivers/virtio/transport.hpp"
#include "kernel/hw/register_io.hpp"

namespace nacre::drivers {

/// Where one of a virtio device's structures of registers is.
struct VirtioPciStructure {
  base::u8 bar = 0;
  base::u32 offset = 0;
  base::u32 length = 0;
  friend constexpr bool operator==(VirtioPciStructure, VirtioPciStructure) = default;
};
/// What a driver needs of them.
struct VirtioPciLayout {
  VirtioPciStructure common, notify, interrupt_status;
  /// How far apart the places are where queues are notified.
  base::u32 notify_multiplier = 0;
};

/// What kind of virtio device this is; None for others.
hw::virtio::DeviceType virtio_type(const PciDevice& device);

/// Looks the structures up in the device's list of capabilities; of several of a kind the first
/// counts whose place is in memory that the device has. Nothing when one is missing.
template <hw::PortAccess Io = hw::PortIo>
std::optional<VirtioPciLayout> find_virtio_structures(const PciDevice& device,
                                                      PciConfiguration<Io> configuration) {
  using namespace hw::virtio::pci;
  using hw::pci::CapabilitiesPointer;
  using hw::pci::CommandStatus;
  if (!configuration.template read<CommandStatus>(device.at)
           .template get<CommandStatus::HasCapabilities>())
    return std::nullopt;

  VirtioPciLayout layout;
  std::array<bool, 4> found{};
  auto at = configuration.template read<CapabilitiesPointer>(device.at)
                .template get<CapabilitiesPointer::First>();
  for (base::usize i = 0; i < hw::pci::most_capabilities; ++i) {
    at &= 0xfc;
    if (at < hw::pci::first_capability) break;
    auto const word = [&](base::u8 offset) {
      return configuration.read(device.at, static_cast<base::u8>(at + offset));
    };
    auto const head = CapabilityHead::from(word(0));
    base::u8 const room = static_cast<base::u8>(256 - at - 1);
    bool const ours = head.template get<CapabilityHead::Id>() == hw::pci::vendor_capability &&
                      head.template get<CapabilityHead::Length>() >= capability_size &&
                      room >= multiplier_word + 3;
    if (ours) {
      VirtioPciStructure const place{static_cast<base::u8>(word(bar_word)), word(offset_word),
                                     word(length_word)};
      auto const take = [&](VirtioPciStructure& into, base::usize index, base::u32 least) {
        bool const usable = place.bar < device.bars.size() && !device.bars[place.bar].is_port &&
                            device.bars[place.bar].address != 0 && place.length >= least &&
                            base::u64{place.offset} + place.length <= device.bars[place.bar].size;
        if (!usable || found[index]) return false;
        into = place;
        return found[index] = true;
      };
      switch (head.template get<CapabilityHead::Type>()) {
        case Structure::Common: take(layout.common, 0, common_size); break;
        case Structure::Notify:
          if (take(layout.notify, 1, 2)) layout.notify_multiplier = word(multiplier_word);
          break;
        case Structure::InterruptStatus: take(layout.interrupt_status, 2, 1); break;
        case Structure::Device: break;
      }
    }
    at = head.template get<CapabilityHead::Next>();
  }
  if (!found[0] || !found[1] || !found[2]) return std::nullopt;
  return layout;
}

/// A virtio device on PCI, by its structures of version 1. It interrupts by its line.
/// [virtio: "Virtio Over PCI Bus"]
class VirtioPci final : public VirtioTransport {
 public:
  /// Maps the device's registers and lets it answer, read and write memory, and interrupt. Nothing
  /// when it has not the structures, or there is no memory to map them; the log says so. Context:
  /// boot.
  static std::optional<VirtioPci> create(const PciDevice& device);

  /// Over registers that are mapped.
  VirtioPci(hw::MmioRegisters common, hw::MmioRegisters interrupt_status, hw::VirtAddr notify,
            VirtioPciLayout layout)
      : common_(common), interrupt_status_(interrupt_status), notify_(notify), layout_(layout) {}

  base::u32 device_features(base::u32 word) override;
  void set_driver_features(base::u32 word, base::u32 features) override;
  hw::virtio::Status status() override;
  void set_status(hw::virtio::Status status) override;
  base::u16 largest_queue(base::u16 queue) override;
  void enable_queue(base::u16 queue, const Virtqueue& memory) override;
  void notify(base::u16 queue) override;
  hw::virtio::InterruptCause take_interrupt_causes() override;

 private:
  /// Queues that have a place to be notified at; what drivers here use are the first.
  static constexpr base::usize most_queues = 8;

  hw::MmioRegisters common_;
  hw::MmioRegisters interrupt_status_;
  hw::VirtAddr notify_;
  VirtioPciLayout layout_;
  std::array<base::u64, most_queues> notify_offsets_{};
};

}  // namespace nacre::drivers
