#pragma once

#include <optional>

#include "kernel/boot/protocol/boot_info.hpp"
#include "kernel/boot/protocol/options.hpp"
#include "kernel/drivers/acpi.hpp"
#include "kernel/drivers/clock.hpp"
#include "kernel/drivers/interrupt_controller.hpp"
#include "kernel/drivers/one_shot_timer.hpp"
#include "kernel/drivers/pci.hpp"
#include "kernel/drivers/power.hpp"
#include "kernel/drivers/ps2.hpp"
#include "kernel/drivers/serial.hpp"
#include "kernel/drivers/speaker.hpp"
#include "kernel/drivers/virtio/console.hpp"
#include "kernel/drivers/virtio/mmio_transport.hpp"
#include "kernel/drivers/virtio/pci_transport.hpp"
#include "lib/exec/executor.hpp"

namespace nacre::boot {

/// What every kernel has once it is up: time, interrupts, an executor that sleeps when nothing is
/// ready, and the serial ports. Made once; a boot test makes it too.
class Devices {
 public:
  using Port = drivers::SerialPort<>;
  using Ps2 = drivers::Ps2Input<>;

  /// Brings the devices up in the order in which they need each other. Interrupts are off before
  /// and on after. Whatever is missing is said in the log, and the rest goes on. Context: boot,
  /// once.
  static Devices& bring_up(const BootInfo& info, const Options& options);
  Devices(const Devices&) = delete;
  Devices& operator=(const Devices&) = delete;

  /// Runs tasks for ever; halts while none is ready. Interrupts are on.
  [[noreturn]] void run();
  /// Runs tasks until `done` says so. It is asked after each time that nothing was ready.
  void run_until(base::FunctionRef<bool()> done);

  exec::Executor& executor() { return executor_; }
  const drivers::Acpi& acpi() const { return acpi_; }
  drivers::InterruptController& interrupts() { return interrupts_; }
  drivers::OneShotTimer& timer() { return timer_; }
  drivers::Power<>& power() { return power_; }
  std::span<const drivers::PciDevice> pci_devices() const {
    return {pci_devices_.data(), pci_devices_.size()};
  }
  base::Instant now() const { return clock_.now(); }
  /// Seconds since 1970, in UTC; since the machine started, where it has no real-time clock.
  base::UnixTime real_time() const;
  /// The log and a terminal; null where there is no such port.
  Port* first_serial() { return first_serial_ ? &*first_serial_ : nullptr; }
  /// The host channel, where there is no console for it.
  Port* second_serial() { return second_serial_ ? &*second_serial_ : nullptr; }
  /// The first virtio console that works: a faster way for the host channel. Null where there is
  /// none.
  drivers::VirtioConsole* virtio_console() { return virtio_console_.get(); }
  /// Keyboard and mouse. Null where there is no keyboard.
  Ps2* ps2() { return ps2_ ? &*ps2_ : nullptr; }
  /// Null where there is none.
  drivers::Speaker* speaker() { return speaker_ ? &*speaker_ : nullptr; }

 private:
  Devices(const BootInfo& info, const Options& options);
  void start_serial(std::optional<Port>& port, base::u16 io_base, base::u8 line,
                    std::string_view name);
  void start_ps2();
  void find_virtio_console();
  bool start_virtio_console(drivers::VirtioTransport& transport, std::string_view where);
  void wait_for_interrupt();

  drivers::Acpi acpi_;
  drivers::InterruptController& interrupts_;
  drivers::ClockRates rates_;
  drivers::TimestampClock clock_;
  drivers::OneShotTimer timer_;
  exec::Executor executor_;
  drivers::Power<> power_;
  base::Vector<drivers::PciDevice> pci_devices_;
  base::UnixTime started_at_{};
  std::optional<Port> first_serial_;
  std::optional<Port> second_serial_;
  std::optional<Ps2> ps2_;
  std::optional<drivers::VirtioPci> virtio_pci_;
  std::optional<drivers::VirtioMmio> virtio_mmio_;
  base::Box<drivers::VirtioConsole> virtio_console_;
  std::optional<drivers::PcSpeaker<>> speaker_;
};

}  // namespace nacre::boot
