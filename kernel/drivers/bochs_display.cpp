#include "kernel/drivers/bochs_display.hpp"

#include "kernel/hw/register_io.hpp"
#include "kernel/memory/mmio.hpp"
#include "lib/base/log.hpp"
#include "lib/base/try.hpp"

namespace nacre::drivers {
namespace {

using base::u16;
using base::u64;
using base::u8;

constexpr base::usize framebuffer_bar = 0;
constexpr base::usize register_bar = 2;

struct Known {
  u16 vendor, device;
  std::string_view name;
};
constexpr Known known[] = {
    {0x1234, 0x1111, "Bochs display"}, {0x1b36, 0x0100, "QXL"},
    {0x1af4, 0x1050, "virtio GPU"},    {0x1013, 0x00b8, "Cirrus VGA"},
    {0x15ad, 0x0405, "VMware SVGA"},   {0x80ee, 0xbeef, "VirtualBox display"},
    {0x1002, 0x5046, "ATI Rage 128"},  {0x1414, 0x5353, "Hyper-V display"},
};

bool is_bochs(const PciDevice& device) {
  return device.vendor == hw::bochs_display::vendor && device.device == hw::bochs_display::device;
}
bool is_display(const PciDevice& device) {
  return device.class_code == hw::pci::class_display ||
         (device.class_code == 0 && device.subclass == 1);
}

std::expected<FramebufferMode, DisplayError> set_mode_of(const PciDevice& device, u16 width,
                                                         u16 height) {
  PciBar const& registers = device.bars[register_bar];
  if (registers.is_port || registers.address == 0 ||
      registers.size < hw::bochs_display::register_memory_size)
    return set_mode(DispiPorts<>(), width, height);
  auto const mapped = memory::map_device(
      {registers.address}, hw::bochs_display::register_memory_size, memory::Caching::Uncached);
  if (!mapped) return std::unexpected(DisplayError::OutOfMemory);
  return set_mode(hw::MmioRegisters(*mapped), width, height);
}

std::expected<Framebuffer, DisplayError> open(const PciDevice& device, u16 width, u16 height) {
  PciBar const& bar = device.bars[framebuffer_bar];
  if (bar.is_port || bar.address == 0) return std::unexpected(DisplayError::NotResponding);
  u64 const size = u64{width} * height * 4;
  if (size == 0 || size > bar.size) return std::unexpected(DisplayError::BadMode);

  using hw::pci::CommandStatus;
  PciConfiguration<> configuration;
  configuration.write(device.at, configuration.read<CommandStatus>(device.at)
                                     .with<CommandStatus::Status>(0)
                                     .with<CommandStatus::PortSpace>(true)
                                     .with<CommandStatus::MemorySpace>(true));
  TRY(auto const mode, set_mode_of(device, width, height));
  auto const mapped = memory::map_device({bar.address}, size, memory::Caching::WriteCombining);
  if (!mapped) return std::unexpected(DisplayError::OutOfMemory);
  auto framebuffer = Framebuffer::create(memory::device_bytes(*mapped, size), mode);
  if (!framebuffer) return std::unexpected(DisplayError::BadMode);
  return std::move(*framebuffer);
}

std::string_view reason(DisplayError error) {
  switch (error) {
    case DisplayError::NoDisplay: return "not there";
    case DisplayError::NoDriver: return "no driver";
    case DisplayError::NotResponding: return "it does not respond";
    case DisplayError::BadMode: return "it cannot show that size";
    case DisplayError::OutOfMemory: return "no memory to map it";
  }
  return "";
}

}  // namespace

std::string_view display_name(u16 vendor, u16 device) {
  for (auto const& entry : known)
    if (entry.vendor == vendor && entry.device == device) return entry.name;
  return "unknown display";
}

const PciDevice* find_display(std::span<const PciDevice> devices) {
  const PciDevice* found = nullptr;
  for (const PciDevice& device : devices) {
    if (is_bochs(device)) return &device;
    if (is_display(device) && found == nullptr) found = &device;
  }
  return found;
}

std::expected<Framebuffer, DisplayError> create_display(std::span<const PciDevice> devices,
                                                        u16 width, u16 height) {
  const PciDevice* const device = find_display(devices);
  if (device == nullptr) {
    base::log_info("display", "none");
    return std::unexpected(DisplayError::NoDisplay);
  }
  std::string_view const name = display_name(device->vendor, device->device);
  if (!is_bochs(*device)) {
    base::log_warning("display", "{} ({:04x}:{:04x}) at {}: no driver for it", name, device->vendor,
                      device->device, device->at);
    return std::unexpected(DisplayError::NoDriver);
  }
  auto framebuffer = open(*device, width, height);
  if (framebuffer) {
    base::log_info("display", "{} at {}: {}x{}", name, device->at, width, height);
  } else {
    base::log_warning("display", "{} at {}, {}x{}: {}", name, device->at, width, height,
                      reason(framebuffer.error()));
  }
  return framebuffer;
}

}  // namespace nacre::drivers
