#include "kernel/boot/devices.hpp"
#include "kernel/boot/early.hpp"
#include "kernel/boot/early_console.hpp"
#include "kernel/memory/kernel_memory.hpp"
#include "kernel/boot/ramdisk.hpp"
#include "lib/base/log.hpp"
#include "lib/exec/wait.hpp"

namespace nacre::boot {

void kernel_main(const BootInfo& info) {
  base::log().set_listener([](const base::LogRecord& record) {
    early_print(base::FixedText<300>("[{:>5}.{:06}] {}: {}\n", record.time.ns / 1'000'000'000,
                                     record.time.ns / 1'000 % 1'000'000, record.area, record.text));
  });
  Options const options =
      parse_options(info.command_line, [](std::string_view word, std::string_view problem) {
        base::log_warning("options", "{} {}", word, problem);
      });
  Devices& devices = Devices::bring_up(info, options);
  auto files = mount_ramdisk(info);
  devices.run();
}

}  // namespace nacre::boot
