// Any bytes are mounted, and any path is followed: nothing leads out of the tree, and what is
// listed is found.
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "kernel/fs/tar_file_system.hpp"
#include "kernel/fs/vfs.hpp"
#include "lib/base/assert.hpp"
#include "lib/exec/executor.hpp"

namespace {

using namespace nacre::fs;
using nacre::base::u8;
using nacre::base::usize;

void check_tree(TarFileSystem& fs) {
  usize entries = 0;
  for (usize i = 0; i < fs.node_count(); ++i) {
    NodeId const node{i};
    if (fs.type(node) != NodeType::Directory) {
      NACRE_ASSERT(fs.type(node) == NodeType::File || !fs.link_text(node).empty());
      continue;
    }
    std::array<DirectoryEntry, 5> some;
    std::string_view last;
    for (nacre::base::u64 cookie = 0;;) {
      usize const count = *fs.read_directory(node, cookie, some);
      if (count == 0) break;
      cookie = some[count - 1].next;
      for (const DirectoryEntry& entry : std::span(some).first(count)) {
        NACRE_ASSERT(entry.name > last);
        last = entry.name;
        auto const child = fs.lookup(node, entry.name);
        NACRE_ASSERT(child && *child && (*child)->value < fs.node_count());
        NACRE_ASSERT(fs.parent(**child) == node && fs.type(**child) == entry.type);
        ++entries;
      }
    }
  }
  NACRE_ASSERT(entries + 1 == fs.node_count());
}

nacre::exec::Task<void> follow(Vfs& vfs, std::string_view path) {
  auto const directory = co_await vfs.locate(vfs.root(), path);
  if (!directory) {
    NACRE_ASSERT(directory.error().path_end <= path.size());
    co_return;
  }
  if (directory->file_system->type(directory->node) != NodeType::Directory) co_return;
  auto const name = co_await vfs.path_of(*directory);
  NACRE_ASSERT(name.has_value());
  auto const again = co_await vfs.locate(vfs.root(), *name);
  // The name of a deep directory may be longer than a path may be.
  NACRE_ASSERT(again ? *again == *directory : again.error().kind == ErrorKind::NameTooLong);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::span<const u8> const bytes(data + 1, size - 1);
  usize const path_size = std::min<usize>(data[0] & 0x3f, bytes.size());
  std::string_view const path(reinterpret_cast<const char*>(bytes.data()), path_size);

  auto const ignore = [](const nacre::archive::Problem&) {};
  auto made = TarFileSystem::create(bytes.subspan(path_size), ignore);
  NACRE_ASSERT(made.has_value());
  check_tree(**made);

  auto vfs = Vfs::create(std::move(*made));
  NACRE_ASSERT(vfs.has_value());
  nacre::exec::Executor executor([] { return nacre::base::Instant{}; });
  NACRE_ASSERT(executor.spawn_detached("follow", follow(*vfs, path)).has_value());
  executor.run_until_idle();
  return 0;
}
