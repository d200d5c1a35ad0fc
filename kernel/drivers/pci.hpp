#pragma once

#include <array>
#include <expected>
#include <optional>
#include <string_view>

#include "kernel/hw/pci.hpp"
#include "kernel/hw/port.hpp"
#include "lib/base/format.hpp"
#include "lib/base/memory.hpp"
#include "lib/base/try.hpp"
#include "lib/base/vector.hpp"

namespace nacre::drivers {

/// Where a function of a device stands, as `lspci` writes it.
struct PciAddress {
  base::u8 bus = 0, device = 0, function = 0;
  friend constexpr auto operator<=>(PciAddress, PciAddress) = default;
};
inline void format_value(base::Sink& sink, const PciAddress& at) {
  base::format_to(sink, "{:02x}:{:02x}.{}", at.bus, at.device, at.function);
}

/// A range of ports or memory that a device answers at. Nothing was assigned where `address` is 0.
struct PciBar {
  bool is_port = false;
  bool prefetchable = false;
  base::u64 address = 0;
  base::u64 size = 0;  // 0: there is no such range
};

struct PciDevice {
  PciAddress at;
  base::u16 vendor = 0, device = 0;
  base::u8 class_code = 0, subclass = 0, interface = 0, revision = 0;
  base::u8 interrupt_line = 0, interrupt_pin = 0;
  std::array<PciBar, hw::pci::device_bars> bars{};
};

/// What kind of device it is: "display controller, VGA compatible".
/// [pci: "Class Codes"]
std::string_view pci_class_name(base::u8 class_code, base::u8 subclass);
/// Who makes it, for those that are met often; else empty.
std::string_view pci_vendor_name(base::u16 vendor);

/// Configuration space through the two ports. Two accesses make one read, so no interrupt handler
/// uses it.
template <hw::PortAccess Io = hw::PortIo>
class PciConfiguration {
 public:
  explicit PciConfiguration(Io io = {}) : io_(io) {}

  /// Whether the mechanism is there: its address register keeps what is written.
  bool present() {
    using hw::pci::ConfigurationAddress;
    auto const probe = ConfigurationAddress{}.template with<ConfigurationAddress::Enable>(true);
    io_.out32(hw::pci::address_port, probe.bits);
    return io_.in32(hw::pci::address_port) == probe.bits;
  }
  base::u32 read(PciAddress at, base::u8 offset) {
    select(at, offset);
    return io_.in32(hw::pci::data_port);
  }
  void write(PciAddress at, base::u8 offset, base::u32 value) {
    select(at, offset);
    io_.out32(hw::pci::data_port, value);
  }
  template <class R>
  R read(PciAddress at) {
    return R::from(read(at, R::offset));
  }
  template <class R>
  void write(PciAddress at, R value) {
    write(at, R::offset, value.bits);
  }

 private:
  void select(PciAddress at, base::u8 offset) {
    using hw::pci::ConfigurationAddress;
    io_.out32(hw::pci::address_port, ConfigurationAddress{}
                                         .template with<ConfigurationAddress::Enable>(true)
                                         .template with<ConfigurationAddress::Bus>(at.bus)
                                         .template with<ConfigurationAddress::Device>(at.device)
                                         .template with<ConfigurationAddress::Function>(at.function)
                                         .template with<ConfigurationAddress::Offset>(offset)
                                         .bits);
  }

  [[no_unique_address]] Io io_;
};

/// `NoPci`: the machine has none. `OutOfMemory`: for the list.
enum class PciProblem : base::u8 { NoPci, OutOfMemory };
struct PciError {
  PciProblem problem;
  constexpr PciError(PciProblem which) : problem(which) {}
  constexpr PciError(base::OutOfMemory) : problem(PciProblem::OutOfMemory) {}
  friend constexpr bool operator==(PciError, PciError) = default;
};

/// Finds all devices by walking the buses from bus 0 and through bridges. Boot context.
template <hw::PortAccess Io = hw::PortIo>
class PciScan {
 public:
  static std::expected<base::Vector<PciDevice>, PciError> run(Io io = {}) {
    PciScan scan(io);
    if (!scan.configuration_.present()) return std::unexpected(PciProblem::NoPci);
    TRY(scan.scan_host_bridges());
    return std::move(scan.devices_);
  }

 private:
  using Done = std::expected<void, PciError>;

  explicit PciScan(Io io) : configuration_(io) {}

  std::optional<PciAddress> existing(PciAddress at) {
    using hw::pci::Identity;
    auto const identity = configuration_.template read<Identity>(at);
    base::u16 const vendor = identity.template get<Identity::Vendor>();
    if (vendor == hw::pci::no_vendor || vendor == 0) return std::nullopt;
    return at;
  }
  bool has_many_functions(PciAddress at) {
    using hw::pci::HeaderType;
    return configuration_.template read<HeaderType>(at).template get<HeaderType::ManyFunctions>();
  }

  /// Each function of 00:00 that is there is a host bridge with a bus of its own number.
  Done scan_host_bridges() {
    TRY(scan_bus(0));
    if (!existing({0, 0, 0}) || !has_many_functions({0, 0, 0})) return {};
    for (base::u8 bus = 1; bus < hw::pci::functions_per_device; ++bus)
      if (existing({0, 0, bus})) {
        TRY(scan_bus(bus));
      }
    return {};
  }

  /// Buses are scanned in a list, not by recursion: how deep bridges nest is the machine's choice.
  Done scan_bus(base::u8 first) {
    if (seen_[first]) return {};
    seen_[first] = true;
    waiting_[first] = true;
    for (base::usize bus = 0; bus < waiting_.size();) {
      if (!waiting_[bus]) {
        ++bus;
        continue;
      }
      waiting_[bus] = false;
      TRY(scan_one_bus(static_cast<base::u8>(bus)));
      bus = 0;
    }
    return {};
  }
  Done scan_one_bus(base::u8 bus) {
    for (base::u8 device = 0; device < hw::pci::devices_per_bus; ++device) {
      if (!existing({bus, device, 0})) continue;
      base::u8 const functions =
          has_many_functions({bus, device, 0}) ? hw::pci::functions_per_device : base::u8{1};
      for (base::u8 function = 0; function < functions; ++function)
        if (auto const at = existing({bus, device, function})) {
          TRY(add(*at));
        }
    }
    return {};
  }

  Done add(PciAddress at) {
    using namespace hw::pci;
    auto const identity = configuration_.template read<Identity>(at);
    auto const code = configuration_.template read<ClassCode>(at);
    auto const line = configuration_.template read<InterruptLine>(at);
    auto const layout =
        configuration_.template read<HeaderType>(at).template get<HeaderType::LayoutField>();
    PciDevice device;
    device.at = at;
    device.vendor = identity.template get<Identity::Vendor>();
    device.device = identity.template get<Identity::Device>();
    device.class_code = code.template get<ClassCode::Class>();
    device.subclass = code.template get<ClassCode::Subclass>();
    device.interface = code.template get<ClassCode::Interface>();
    device.revision = code.template get<ClassCode::Revision>();
    device.interrupt_line = line.template get<InterruptLine::Line>();
    device.interrupt_pin = line.template get<InterruptLine::Pin>();
    if (layout == HeaderType::Layout::Device) read_bars(device);
    if (layout == HeaderType::Layout::Bridge) {
      base::u8 const secondary =
          configuration_.template read<BusNumbers>(at).template get<BusNumbers::Secondary>();
      if (secondary != 0 && !seen_[secondary]) {
        seen_[secondary] = true;
        waiting_[secondary] = true;
      }
    }
    TRY(devices_.try_push_back(device));
    return {};
  }

  /// A range's size shows in which address bits can be written. Meanwhile the device must not
  /// answer at the addresses that are tried. Host bridges are left alone: memory itself may be
  /// behind them.
  void read_bars(PciDevice& device) {
    using namespace hw::pci;
    bool const probe = device.class_code != class_bridge;
    auto const command =
        configuration_.template read<CommandStatus>(device.at).template with<CommandStatus::Status>(
            0);
    if (probe)
      configuration_.write(device.at, command.template with<CommandStatus::PortSpace>(false)
                                          .template with<CommandStatus::MemorySpace>(false));
    for (base::u8 index = 0; index < device_bars;) {
      bool const wide = read_bar(device, index, probe);
      index = static_cast<base::u8>(index + (wide ? 2 : 1));
    }
    if (probe) configuration_.write(device.at, command);
  }
  base::u32 writable_bits(PciAddress at, base::u8 offset, base::u32 value) {
    configuration_.write(at, offset, ~base::u32{0});
    base::u32 const bits = configuration_.read(at, offset);
    configuration_.write(at, offset, value);
    return bits;
  }
  /// Returns whether it takes the next one too.
  bool read_bar(PciDevice& device, base::u8 index, bool probe) {
    using namespace hw::pci;
    auto const offset = static_cast<base::u8>(first_bar_offset + 4 * index);
    auto const low = BaseAddress::from(configuration_.read(device.at, offset));
    PciBar& bar = device.bars[index];
    bar.is_port = low.template get<BaseAddress::IsPort>();
    bar.prefetchable = !bar.is_port && low.template get<BaseAddress::Prefetchable>();
    base::u32 const mask = bar.is_port ? BaseAddress::port_mask : BaseAddress::memory_mask;
    bool const wide = !bar.is_port && index + 1 < device_bars &&
                      low.template get<BaseAddress::WidthField>() == BaseAddress::Width::Bits64;
    bar.address = low.bits & mask;
    base::u64 bits = probe ? writable_bits(device.at, offset, low.bits) & mask : base::u32{0};
    if (wide) {
      auto const next = static_cast<base::u8>(offset + 4);
      base::u32 const high = configuration_.read(device.at, next);
      bar.address |= base::u64{high} << 32;
      if (probe) bits |= base::u64{writable_bits(device.at, next, high)} << 32;
    } else if (bits != 0) {
      // Ports may implement the low half only.
      bits |= base::u64{0xffff'ffff} << 32;
      if (bar.is_port) bits |= 0xffff'0000;
    }
    // The lowest bit that can be written is the size.
    bar.size = bits & (~bits + 1);
    return wide;
  }

  PciConfiguration<Io> configuration_;
  base::Vector<PciDevice> devices_;
  std::array<bool, 256> seen_{};
  std::array<bool, 256> waiting_{};
};

}  // namespace nacre::drivers
