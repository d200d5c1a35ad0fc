#include "kernel/boot/boot_log.hpp"
#include "kernel/boot/devices.hpp"
#include "kernel/boot/early.hpp"
#include "kernel/boot/early_console.hpp"
#include "kernel/boot/entropy.hpp"
#include "kernel/boot/files.hpp"
#include "kernel/boot/panic.hpp"
#include "kernel/boot/screen.hpp"
#include "kernel/boot/session/machine_reports.hpp"
#include "kernel/boot/session/session.hpp"
#include "kernel/boot/session/workplaces.hpp"
#include "kernel/hw/cpu.hpp"
#include "kernel/hw/panic.hpp"
#include "kernel/process/kernel_platform.hpp"
#include "lib/base/log.hpp"
#include "lib/wasm/interpret/interpreter.hpp"

namespace nacre::boot {
namespace {

/// What the debug exit tells of a panic: the same as a boot test's failure.
constexpr u8 job_panicked = 0x11;

constinit Devices* machine = nullptr;

/// A task that the machine cannot do without.
template <class T>
void start(std::string_view name, exec::Task<T> task) {
  if (!machine->executor().spawn_detached(name, std::move(task))) {
    hw::panic("no memory to start the {} task", name);
  }
}

/// The terminal on the screen, where there is one.
std::optional<console::Console> open_console(std::optional<drivers::Framebuffer>& screen) {
  if (!screen) return std::nullopt;
  auto created = console::Console::create(*screen);
  if (created) return std::move(*created);
  base::log_warning("console", "no terminal on the screen: {}",
                    created.error() == console::ConsoleError::Kind::ScreenTooSmall
                        ? "it is too small"
                        : "no memory for it");
  return std::nullopt;
}

}  // namespace

void kernel_main(const BootInfo& info) {
  Options const options =
      parse_options(info.command_line, [](std::string_view word, std::string_view problem) {
        base::log_warning("options", "{} {}", word, problem);
      });
  bool const has_job = !options.job.empty();
  if (!has_job || options.verbose) show_log_on_serial();
  // The host waits for the job's status: let it see the machine end, as a failure.
  if (has_job) set_panic_end([] { drivers::debug_exit(job_panicked); });
  base::log_info("boot", "{} MiB of memory", info.memory.usable_bytes() >> 20);

  Devices& devices = Devices::bring_up(info, options);
  machine = &devices;
  Devices::Port* const serial = devices.first_serial();
  if (serial != nullptr) show_log_on_serial(*serial);

  auto screen = find_screen(info, options, devices.pci_devices());
  auto console = open_console(screen);
  if (console) {
    show_log_on_screen(*console);
    show_panic_on_screen(*console);
  }
  base::SecureRandom random(gather_entropy(devices.real_time()));
  auto files = mount_files(info, random, [] { return machine->real_time(); });
  if (!files) hw::panic("no memory for the list of files");

  // The first serial line is a terminal like the screen, unless a job has the machine to itself.
  std::optional<console::PortOutput<Devices::Port>> serial_output;
  if (serial != nullptr && !has_job) serial_output.emplace(*serial);
  console::Tty tty(console ? &*console : nullptr, serial_output ? &*serial_output : nullptr);
  shell::TtyStream terminal(tty);
  if (console) {
    start("display", tty.run_display());
    start("blinking", tty.run_blinking());
  }
  if (serial_output) start("serial", console::pump_serial(tty, *serial));

  start("random", keep_mixing(random, [] { return machine->real_time(); }));
  process::KernelPlatform platform;
  wasm::Interpreter interpreter;
  process::ProcessTable processes;
  process::Services services{.executor = devices.executor(),
                             .platform = platform,
                             .tier = interpreter,
                             .random = random,
                             .wall_clock = [] { return machine->real_time(); },
                             .processes = processes,
                             .tty = &tty,
                             .speaker = devices.speaker()};
  MachineSystem system(devices, services, files->vfs);
  MachineReports const reports(system, processes);
  auto reports_files = reports.file_system(devices.real_time());
  if (!reports_files || !mount(files->vfs, "/proc", std::move(*reports_files)))
    hw::panic("no memory for /proc");
  Session session{devices, files->vfs, services, system, &tty};
  Workplaces workplaces(session);
  console::Consoles consoles(console ? &*console : nullptr, tty, workplaces, workplaces);
  if (auto* const ps2 = devices.ps2()) {
    start("keyboard", console::pump_keyboard(consoles, ps2->scancodes()));
    consoles.mouse().set_has_wheel(ps2->controller().mouse() == drivers::Ps2Mouse::Wheel);
    start("mouse", console::pump_mouse(consoles, ps2->mouse_bytes(), devices.executor()));
  }

  std::optional<process::DeviceBytePort<Devices::Port>> serial_port;
  std::optional<process::DeviceBytePort<drivers::VirtioConsole>> virtio_port;
  process::BytePort* host_port = nullptr;
  if (devices.virtio_console() != nullptr) {
    host_port = &virtio_port.emplace(*devices.virtio_console());
  } else if (devices.second_serial() != nullptr) {
    host_port = &serial_port.emplace(*devices.second_serial());
  }
  base::Box<process::HostChannel> channel;
  if (has_job && host_port != nullptr) {
    // On the heap: its queues are larger than what a stack is for.
    auto made = base::try_make<process::HostChannel>(*host_port);
    if (!made) hw::panic("no memory for the host channel");
    channel = std::move(*made);
    start("host output", channel->send());
    start("host input", channel->receive());
    start("job", run_job_for_host(session, *channel, options));
  } else {
    if (has_job)
      base::log_error("job",
                      "there is neither a virtio console nor a second serial port to the "
                      "host: {} is not run",
                      options.job);
    stop_showing_log();
    if (files->devices != nullptr) files->devices->set_terminal(&terminal);
    if (console && options.status_line && consoles.show_status_line(true))
      start("status line", consoles.run_status_line(workplaces));
    start("session", run_interactive(session));
  }
  if (options.bench && !has_job) {
    // When nothing is left to do, the shell waits for a key.
    devices.run_until([] { return true; });
    report_since_entry("boot_to_prompt");
    system.power_off(0);
  }
  devices.run();
}

}  // namespace nacre::boot
