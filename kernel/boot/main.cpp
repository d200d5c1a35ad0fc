#include "kernel/boot/boot_log.hpp"
#include "kernel/boot/devices.hpp"
#include "kernel/boot/early.hpp"
#include "kernel/boot/ramdisk.hpp"
#include "kernel/boot/screen.hpp"
#include "lib/base/log.hpp"
#include "lib/exec/wait.hpp"

namespace nacre::boot {

void kernel_main(const BootInfo& info) {
  Options const options =
      parse_options(info.command_line, [](std::string_view word, std::string_view problem) {
        base::log_warning("options", "{} {}", word, problem);
      });
  if (options.job.empty() || options.verbose) show_log_on_serial();
  base::log_info("boot", "{} MiB of memory", info.memory.usable_bytes() >> 20);
  Devices& devices = Devices::bring_up(info, options);
  if (devices.first_serial() != nullptr) show_log_on_serial(*devices.first_serial());

  auto screen = find_screen(info, options, devices.pci_devices());
  std::optional<console::Console> console;
  if (screen) {
    auto created = console::Console::create(*screen);
    if (created) console.emplace(std::move(*created));
  }
  if (console) {
    show_log_on_screen(*console);
    show_panic_on_screen(*console);
  }
  auto files = mount_ramdisk(info);
  devices.run();
}

}  // namespace nacre::boot
