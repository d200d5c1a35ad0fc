#include "kernel/boot/ramdisk.hpp"

#include "kernel/memory/mmio.hpp"
#include "lib/base/log.hpp"
#include "lib/base/try.hpp"

namespace nacre::boot {

std::expected<base::Box<fs::TarFileSystem>, base::OutOfMemory> read_ramdisk(const BootInfo& info) {
  std::span<const u8> archive;
  if (info.module_count == 0) {
    base::log_warning("ramdisk", "the loader brought none: there are no files");
  } else {
    archive = memory::direct_map_bytes(info.modules[0].start, info.modules[0].size);
  }
  if (info.module_count > 1) {
    base::log_warning("ramdisk", "of {} modules only the first is used", info.module_count);
  }
  TRY(auto files, fs::TarFileSystem::create(archive, [](const archive::Problem& problem) {
        base::log_warning("ramdisk", "{}", problem);
      }));
  base::log_info("ramdisk", "{} KiB, {} files and directories", archive.size() / 1024,
                 files->node_count() - 1);
  return files;
}

}  // namespace nacre::boot
