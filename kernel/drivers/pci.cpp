#include "kernel/drivers/pci.hpp"

namespace nacre::drivers {
namespace {

struct ClassName {
  base::u8 class_code;
  int subclass;  // -1: whichever
  std::string_view name;
};
// The first that matches counts.
constexpr ClassName names[] = {
    {0x00, 0x01, "VGA compatible device"},
    {0x00, -1, "device without class"},
    {0x01, 0x00, "SCSI controller"},
    {0x01, 0x01, "IDE controller"},
    {0x01, 0x06, "SATA controller"},
    {0x01, 0x08, "NVMe controller"},
    {0x01, -1, "storage controller"},
    {0x02, 0x00, "Ethernet controller"},
    {0x02, -1, "network controller"},
    {0x03, 0x00, "VGA compatible controller"},
    {0x03, -1, "display controller"},
    {0x04, 0x01, "audio controller"},
    {0x04, 0x03, "HD audio controller"},
    {0x04, -1, "multimedia controller"},
    {0x05, -1, "memory controller"},
    {0x06, 0x00, "host bridge"},
    {0x06, 0x01, "ISA bridge"},
    {0x06, 0x04, "PCI bridge"},
    {0x06, -1, "bridge"},
    {0x07, 0x00, "serial controller"},
    {0x07, -1, "communication controller"},
    {0x08, 0x00, "interrupt controller"},
    {0x08, 0x03, "real-time clock"},
    {0x08, 0x05, "SD host controller"},
    {0x08, -1, "system peripheral"},
    {0x09, -1, "input device"},
    {0x0a, -1, "docking station"},
    {0x0b, -1, "processor"},
    {0x0c, 0x03, "USB controller"},
    {0x0c, 0x05, "SMBus controller"},
    {0x0c, -1, "serial bus controller"},
    {0x0d, -1, "wireless controller"},
    {0x0f, -1, "satellite controller"},
    {0x10, -1, "encryption controller"},
    {0x11, -1, "signal processing controller"},
    {0x12, -1, "processing accelerator"},
};

struct VendorName {
  base::u16 vendor;
  std::string_view name;
};
constexpr VendorName vendors[] = {
    {0x1002, "AMD/ATI"}, {0x1013, "Cirrus Logic"}, {0x1022, "AMD"},        {0x106b, "Apple"},
    {0x10de, "NVIDIA"},  {0x10ec, "Realtek"},      {0x1234, "QEMU/Bochs"}, {0x1414, "Microsoft"},
    {0x144d, "Samsung"}, {0x14e4, "Broadcom"},     {0x15ad, "VMware"},     {0x168c, "Atheros"},
    {0x1af4, "virtio"},  {0x1b36, "QEMU"},         {0x8086, "Intel"},      {0x80ee, "VirtualBox"},
};

}  // namespace

std::string_view pci_vendor_name(base::u16 vendor) {
  for (auto const& entry : vendors)
    if (entry.vendor == vendor) return entry.name;
  return {};
}

std::string_view pci_class_name(base::u8 class_code, base::u8 subclass) {
  for (auto const& entry : names)
    if (entry.class_code == class_code && (entry.subclass < 0 || entry.subclass == subclass))
      return entry.name;
  return "unknown device";
}

}  // namespace nacre::drivers
