#include "kernel/boot/files.hpp"

#include "kernel/boot/ramdisk.hpp"
#include "kernel/fs/writable_tree.hpp"
#include "kernel/memory/kernel_memory.hpp"
#include "lib/base/log.hpp"
#include "lib/base/try.hpp"

namespace nacre::boot {
namespace {

/// So much memory for each node, on average: more nodes than that are too many.
constexpr u64 bytes_per_node = 256;

}  // namespace

std::expected<bool, base::OutOfMemory> mount(fs::Vfs& vfs, std::string_view path,
                                             base::Box<fs::FileSystem> file_system) {
  auto const mounted = vfs.mount(path, std::move(file_system));
  if (mounted) return true;
  if (mounted.error().kind == fs::ErrorKind::OutOfMemory)
    return std::unexpected(base::OutOfMemory{});
  base::log_warning("files", "{}: {}", path, fs::describe(mounted.error().kind));
  return false;
}

fs::TmpFileSystem::Options tmp_options(u64 bytes, base::SecureRandom& random,
                                       base::UnixTime (*now)()) {
  std::array<u8, sizeof(base::SipHash::Key)> key{};
  random.fill(key);
  return {.limits = {.bytes = bytes, .nodes = bytes / bytes_per_node},
          .now = now,
          .key = std::bit_cast<base::SipHash::Key>(key)};
}

std::expected<Files, base::OutOfMemory> mount_files(const BootInfo& info,
                                                    base::SecureRandom& random,
                                                    base::UnixTime (*now)()) {
  u64 const free = memory::kernel_memory().frames().free_bytes();
  TRY(auto const ramdisk, read_ramdisk(info));
  TRY(auto root, fs::make_writable(*ramdisk, tmp_options(free / 4, random, now)));
  TRY(auto vfs, fs::Vfs::create(std::move(root)));
  TRY(auto tmp, fs::TmpFileSystem::create(tmp_options(free / 2, random, now)));
  TRY(auto devices, fs::DeviceFileSystem::create(random, now()));
  Files files{std::move(vfs), devices.get()};
  TRY(mount(files.vfs, "/tmp", std::move(tmp)));
  TRY(bool const has_devices, mount(files.vfs, "/dev", std::move(devices)));
  if (!has_devices) files.devices = nullptr;
  return files;
}

}  // namespace nacre::boot
