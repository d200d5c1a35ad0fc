#include "kernel/boot/devices.hpp"

#include <array>
#include <new>

#include "kernel/drivers/rtc.hpp"
#include "kernel/hw/cpu.hpp"
#include "kernel/hw/ps2.hpp"
#include "kernel/memory/kernel_memory.hpp"
#include "kernel/memory/mmio.hpp"
#include "lib/base/log.hpp"

namespace nacre::boot {
namespace {

constexpr base::u16 first_serial_base = 0x3f8;
constexpr base::u8 first_serial_line = 4;
constexpr base::u16 second_serial_base = 0x2f8;
constexpr base::u8 second_serial_line = 3;

/// What the host calls its end of the host channel.
constexpr std::string_view host_port_name = "nacre.host";

alignas(Devices) constinit std::array<u8, sizeof(Devices)> storage{};
constinit const drivers::TimestampClock* machine_clock = nullptr;

base::Instant machine_time() { return machine_clock->now(); }

drivers::Acpi find_acpi(const BootInfo& info) {
  auto acpi = drivers::read_acpi(
      [](hw::PhysAddr start, u64 size) { return drivers::read_direct_map(start, size); },
      info.acpi_root);
  if (acpi) return std::move(*acpi);
  base::log_warning("acpi", "{}",
                    acpi.error().problem == drivers::AcpiProblem::OutOfMemory
                        ? "no memory to read the tables"
                        : "no tables: interrupts go through the PIC, power-off may not work");
  return {};
}

}  // namespace

Devices& Devices::bring_up(const BootInfo& info, const Options& options) {
  auto* const devices = new (storage.data()) Devices(info, options);
  hw::enable_interrupts();
  return *devices;
}

Devices::Devices(const BootInfo& info, const Options& options)
    : acpi_(find_acpi(info)),
      interrupts_(drivers::InterruptController::install(
          acpi_.interrupts ? &*acpi_.interrupts : nullptr, {.force_pic = options.force_pic})),
      rates_(drivers::measure_clock_rates(acpi_.power ? &*acpi_.power : nullptr,
                                          interrupts_.local_apic())),
      clock_(hw::read_timestamp(), rates_.timestamp_hz),
      timer_(interrupts_, clock_, rates_),
      executor_(machine_time),
      power_(acpi_.power ? &*acpi_.power : nullptr) {
  machine_clock = &clock_;
  base::log().set_clock(machine_time);
  start_serial(first_serial_, first_serial_base, first_serial_line, "first");
  start_serial(second_serial_, second_serial_base, second_serial_line, "second");
  start_ps2();
  if (drivers::PcSpeaker<>::is_present()) speaker_.emplace(executor_);
  if (auto found = drivers::PciScan<>::run()) {
    pci_devices_ = std::move(*found);
    base::log_info("pci", "{} devices", pci_devices_.size());
  }
  find_virtio_console();
  auto const date = drivers::read_rtc(acpi_.power ? acpi_.power->century_register : u8{0});
  if (date) {
    started_at_ = drivers::unix_time(*date);
  } else {
    base::log_info("rtc", "no real-time clock: time begins at 1970");
  }
}

base::UnixTime Devices::real_time() const {
  auto const up = now() - base::Instant{};
  constexpr base::i64 second = 1'000'000'000;
  return {started_at_.seconds + up.ns / second, static_cast<u32>(up.ns % second)};
}

void Devices::start_serial(std::optional<Port>& port, base::u16 io_base, base::u8 line,
                           std::string_view name) {
  auto const uart = drivers::Uart<>::create(io_base);
  if (!uart) {
    base::log_info("serial", "no {} port", name);
    return;
  }
  port.emplace(*uart, executor_);
  if (!interrupts_.route_line(line, Port::handle_interrupt, &*port)) {
    base::log_warning("serial", "the {} port's interrupt line {} leads nowhere", name, line);
    port.reset();
    return;
  }
  interrupts_.unmask(line);
  port->start();
}

void Devices::start_ps2() {
  auto const controller = drivers::Ps2Controller<>::create();
  if (!controller) {
    base::log_info("ps2", "{}", std::string_view(drivers::describe(controller.error())));
    return;
  }
  ps2_.emplace(*controller, executor_);
  if (!interrupts_.route_line(hw::ps2::keyboard_line, Ps2::handle_interrupt, &*ps2_)) {
    base::log_warning("ps2", "the keyboard's interrupt line leads nowhere");
    ps2_.reset();
    return;
  }
  interrupts_.unmask(hw::ps2::keyboard_line);
  if (controller->mouse() == drivers::Ps2Mouse::None) {
    base::log_info("ps2", "no mouse");
  } else if (interrupts_.route_line(hw::ps2::mouse_line, Ps2::handle_interrupt, &*ps2_)) {
    interrupts_.unmask(hw::ps2::mouse_line);
  } else {
    base::log_warning("ps2", "the mouse's interrupt line leads nowhere");
  }
  ps2_->start();
}

/// The host gives a machine one such device, so the first that works is the one.
void Devices::find_virtio_console() {
  using hw::virtio::DeviceType;
  for (auto const& device : pci_devices_) {
    if (drivers::virtio_type(device) != DeviceType::Console) continue;
    virtio_pci_ = drivers::VirtioPci::create(device);
    if (!virtio_pci_ ||
        !start_virtio_console(*virtio_pci_, base::FixedText<16>("{}", device.at).view()))
      continue;
    if (interrupts_.route_line(device.interrupt_line, drivers::VirtioConsole::handle_interrupt,
                               virtio_console_.get())) {
      interrupts_.unmask(device.interrupt_line);
      return;
    }
    base::log_warning("virtio", "the interrupt line {} of the device at {} leads nowhere",
                      device.interrupt_line, device.at);
    virtio_console_.reset();
  }
  for (auto const& device : acpi_.virtio_devices) {
    if (device.size < hw::virtio::mmio::window_size) continue;
    auto const mapped = memory::map_device(device.address, device.size, memory::Caching::Uncached);
    if (!mapped) continue;
    virtio_mmio_.emplace(hw::MmioRegisters(*mapped));
    if (virtio_mmio_->type() != DeviceType::Console ||
        !start_virtio_console(*virtio_mmio_, base::FixedText<20>("{}", device.address).view()))
      continue;
    if (interrupts_.route_input(device.input, device.signalling,
                                drivers::VirtioConsole::handle_interrupt, virtio_console_.get()))
      return;
    base::log_warning("virtio", "the interrupt input {} of the device at {} leads nowhere",
                      device.input, device.address);
    virtio_console_.reset();
  }
}

bool Devices::start_virtio_console(drivers::VirtioTransport& transport, std::string_view where) {
  auto console = drivers::VirtioConsole::create(transport, memory::kernel_memory().frames(),
                                                executor_, host_port_name);
  if (!console) {
    base::log_warning("virtio", "the console at {} {}", where,
                      drivers::describe(console.error().problem));
    return false;
  }
  virtio_console_ = std::move(*console);
  base::log_info("virtio", "console at {}", where);
  return true;
}

void Devices::wait_for_interrupt() {
  // Interrupts stay off between the last look and the halt: none can slip in between and be missed.
  hw::disable_interrupts();
  if (executor_.has_work()) {
    hw::enable_interrupts();
    return;
  }
  timer_.arm(executor_.next_deadline());
  hw::enable_interrupts_and_halt();
}

void Devices::run() {
  for (;;) {
    executor_.run_until_idle();
    wait_for_interrupt();
  }
}

void Devices::run_until(base::FunctionRef<bool()> done) {
  for (;;) {
    executor_.run_until_idle();
    if (done()) return;
    wait_for_interrupt();
  }
}

}  // namespace nacre::boot
