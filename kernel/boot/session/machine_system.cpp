#include "kernel/boot/session/machine_system.hpp"

#include "kernel/arch/x86_64/cpu.hpp"
#include "kernel/hw/cpu.hpp"
#include "kernel/memory/kernel_memory.hpp"
#include "kernel/process/start_directories.hpp"
#include "lib/base/log.hpp"
#include "lib/base/try.hpp"

namespace nacre::boot {

shell::MemoryStatistics MachineSystem::memory() const {
  memory::KernelMemory& memory = memory::kernel_memory();
  auto const& heap = memory.heap().statistics();
  return {.total = memory.frames().total_bytes(),
          .free = memory.frames().free_bytes(),
          .heap_reserved = heap.held_bytes,
          .heap_used = heap.used_bytes};
}

void MachineSystem::for_each_task(
    base::FunctionRef<void(const shell::TaskInformation&)> visit) const {
  exec::Executor& executor = devices_.executor();
  executor.for_each_task([&](const exec::TaskState& task) {
    std::string_view const state = &task == executor.current() ? "running"
                                   : task.is_ready()           ? "ready"
                                                               : "waiting";
    visit({.id = task.id(),
           .name = task.name(),
           .state = state,
           .resumed = task.resumed(),
           .run_time = task.run_time()});
  });
}

void MachineSystem::for_each_log_record(
    base::FunctionRef<void(const base::LogRecord&)> visit) const {
  base::log().for_each(visit);
}

void MachineSystem::for_each_pci_device(
    base::FunctionRef<void(const shell::PciDeviceInformation&)> visit) const {
  for (auto const& device : devices_.pci_devices()) {
    visit({.bus = device.at.bus,
           .device = device.at.device,
           .function = device.at.function,
           .vendor_id = device.vendor,
           .device_id = device.device,
           .class_code = device.class_code,
           .subclass = device.subclass,
           .interface = device.interface});
  }
}

void MachineSystem::flush_serial() {
  if (auto* const port = devices_.first_serial()) port->write_now({});
  if (auto* const port = devices_.second_serial()) port->write_now({});
}

void MachineSystem::reboot() {
  flush_serial();
  hw::disable_interrupts();
  devices_.power().reboot();
  arch::triple_fault();
}

void MachineSystem::power_off(int status) {
  flush_serial();
  hw::disable_interrupts();
  devices_.power().power_off(static_cast<u8>(status));
  base::log_error("power", "the machine cannot be switched off from here: it can be now");
  hw::halt_forever();
}

exec::Task<std::expected<int, shell::ProgramError>> MachineSystem::run(
    shell::ProgramRequest request) {
  base::Vector<std::string_view> arguments;
  for (const base::String& argument : request.arguments) {
    CO_TRY(arguments.try_push_back(argument));
  }
  base::Vector<std::string_view> environment;
  for (const base::String& variable : request.environment) {
    CO_TRY(environment.try_push_back(variable));
  }
  auto const directories = co_await process::StartDirectories::create(files_, request.directory);
  if (!directories) co_return std::unexpected(shell::ProgramError(base::OutOfMemory{}));
  process::Services services = services_;
  if (!request.group.is_foreground()) services.tty = nullptr;
  process::ProcessRequest const process{
      .name = arguments.empty() ? fs::last_name(request.path) : arguments[0],
      .parent = request.parent,
      .arguments = {arguments.data(), arguments.size()},
      .environment = {environment.data(), environment.size()},
      .working_directory = request.directory_path,
      .streams = {request.streams.in, request.streams.out, request.streams.err},
      .on_started = request.on_started,
      .directories = directories->all(),
      .files = &files_,
      .limits = request.limits,
      .group = &request.group,
      .traced = request.traced};
  auto const ended =
      co_await process::run_file(services, files_, request.directory, request.path, process);
  if (!ended) co_return std::unexpected(shell::ProgramError(base::OutOfMemory{}));
  co_return ended->code;
}

}  // namespace nacre::boot
