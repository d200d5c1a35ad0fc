#include "kernel/boot/session/mirrors.hpp"

#include "kernel/boot/files.hpp"
#include "kernel/fs/copy_tree.hpp"
#include "kernel/memory/kernel_memory.hpp"
#include "lib/base/try.hpp"

namespace nacre::boot {
namespace {

constexpr base::Duration pause_without_memory{10'000'000};

/// One user does not get all of the memory: half of what is left at the start.
u64 memory_limit() { return memory::kernel_memory().frames().free_bytes() / 2; }

}  // namespace

exec::Task<fs::Result<void>> Mirrors::mount(Session& session, std::string_view path) {
  auto& files = session.files;
  CO_TRY(auto const directory, co_await files.locate(files.root(), path));
  if (directory.file_system->type(directory.node) != fs::NodeType::Directory)
    co_return fs::fail(fs::ErrorKind::NotADirectory);
  CO_TRY(auto copy, fs::TmpFileSystem::create(tmp_options(memory_limit(), session.services.random,
                                                          session.services.wall_clock)));
  CO_TRY(co_await fs::copy_tree(*directory.file_system, directory.node, *copy));
  CO_TRY(auto folder,
         base::try_make<process::HostFolder>(channel_, static_cast<u8>(folders_.size())));
  CO_TRY(auto mirror, base::try_make<fs::MirrorFileSystem>(std::move(copy), *folder));
  CO_TRY(folders_.try_push_back(std::move(folder)));
  CO_TRY(mounted_.try_reserve(mounted_.size() + 1));
  fs::MirrorFileSystem& mounted = *mirror;
  CO_TRY(files.mount(path, std::move(mirror)));
  mounted_.push_back_reserved(&mounted);
  CO_TRY(session.devices.executor().spawn_detached("mirror", mounted.run()));
  co_return fs::Result<void>();
}

exec::Task<std::expected<void, base::OutOfMemory>> Mirrors::deliver() {
  for (fs::MirrorFileSystem* const mirror : mounted_) {
    for (;;) {
      auto const delivered = co_await mirror->deliver();
      if (delivered || delivered.error().kind != fs::ErrorKind::OutOfMemory) break;
      co_await exec::sleep_for(pause_without_memory);
    }
  }
  co_return std::expected<void, base::OutOfMemory>{};
}

}  // namespace nacre::boot
