// The files of the machine as it comes up: the ramdisk's can be changed, in memory, and the devices
// are there. The loader brings the archive that variants_core.cmake makes.
#include "kernel/boot/files.hpp"

#include "kernel/boot/ramdisk.hpp"
#include "kernel/fs/tmp_file_system.hpp"
#include "kernel/hw/cpu.hpp"
#include "kernel/memory/kernel_memory.hpp"
#include "kernel/memory/mmio.hpp"
#include "lib/base/try.hpp"
#include "lib/exec/executor.hpp"
#include "tests/support/boot_test.hpp"

namespace nacre::test {
namespace {

using base::u8;
using fs::Result;

constexpr base::UnixTime start{1'000'000'000, 0};

/// What one sees of a file's first bytes.
class Text {
 public:
  exec::Task<Result<void>> read(fs::Vfs& vfs, std::string_view path);
  std::string_view view() const {
    return {static_cast<const char*>(static_cast<const void*>(bytes_.data())), size_};
  }

 private:
  std::array<u8, 64> bytes_{};
  usize size_ = 0;
};

exec::Task<Result<void>> Text::read(fs::Vfs& vfs, std::string_view path) {
  size_ = 0;
  CO_TRY(auto file, co_await vfs.open(vfs.root(), path));
  CO_TRY(size_, co_await file.read(bytes_));
  co_return Result<void>();
}

exec::Task<Result<void>> write(fs::Vfs& vfs, std::string_view path, std::string_view text,
                               fs::OpenOptions options = {}) {
  options.access.write = true;
  CO_TRY(auto file, co_await vfs.open(vfs.root(), path, options));
  co_return co_await fs::write_all(
      file, {static_cast<const u8*>(static_cast<const void*>(text.data())), text.size()});
}

u64 sum_of_archive() {
  auto const& module = boot_info().modules[0];
  u64 sum = 0;
  for (u8 const byte : memory::direct_map_bytes(module.start, module.size)) sum = sum * 31 + byte;
  return sum;
}

/// Runs a test that works with all files of the machine.
template <class Body>
void with_files(Body body) {
  base::SecureRandom random{base::SecureRandom::Seed{1}};
  auto files = boot::mount_files(boot_info(), random, [] { return start; });
  ASSERT_TRUE(files.has_value());
  exec::Executor executor([] { return base::Instant{}; });
  auto const spawned = executor.spawn("test", body(files->vfs));
  ASSERT_TRUE(spawned.has_value());
  executor.run_until_idle();
  EXPECT_TRUE(spawned->is_finished());
}

exec::Task<void> change_the_root(fs::Vfs& vfs) {
  u64 const before = sum_of_archive();
  Text text;
  EXPECT_TRUE(co_await text.read(vfs, "/etc/motd"));
  EXPECT_EQ(text.view(), "welcome\n");
  EXPECT_TRUE(co_await write(vfs, "/etc/motd", "WEL"));
  EXPECT_TRUE(co_await text.read(vfs, "/etc/motd"));
  EXPECT_EQ(text.view(), "WELcome\n");
  EXPECT_TRUE(co_await write(vfs, "/etc/new", "made here", {.create = true}));
  EXPECT_TRUE(co_await text.read(vfs, "/etc/new"));
  EXPECT_EQ(text.view(), "made here");
  auto const stat = co_await vfs.stat(vfs.root(), "/etc/new");
  EXPECT_TRUE(stat && stat->modified == start);
  EXPECT_TRUE(co_await vfs.remove_file(vfs.root(), "/large"));
  EXPECT_TRUE(!co_await vfs.stat(vfs.root(), "/large"));
  EXPECT_EQ(sum_of_archive(), before);
}

exec::Task<void> use_devices(fs::Vfs& vfs) {
  EXPECT_TRUE(co_await write(vfs, "/dev/null", "gone"));
  auto const full = co_await write(vfs, "/dev/full", "no room");
  EXPECT_TRUE(!full && full.error().kind == fs::ErrorKind::NoSpace);
  Text text;
  EXPECT_TRUE(co_await text.read(vfs, "/dev/zero"));
  EXPECT_EQ(text.view().find_first_not_of('\0'), std::string_view::npos);
  EXPECT_TRUE(co_await text.read(vfs, "/dev/random"));
  EXPECT_TRUE(text.view().find_first_not_of('\0') != std::string_view::npos);
  auto const terminal = co_await vfs.open(vfs.root(), "/dev/tty");
  EXPECT_TRUE(!terminal && terminal.error().kind == fs::ErrorKind::NoDevice);
}

exec::Task<void> fill_tmp(fs::Vfs& vfs) {
  fs::FileSystem& tmp = *vfs.mounts()[1].file_system;
  u64 const limit = tmp.space().total_bytes;
  EXPECT_TRUE(limit > 4 << 20);
  static constinit std::array<u8, 65536> block{};
  {
    auto file =
        co_await vfs.open(vfs.root(), "/tmp/large", {.access = {.write = true}, .create = true});
    if (!file) {
      fail("no file in /tmp", __FILE__, __LINE__);
      co_return;
    }
    u64 written = 0;
    while (true) {
      auto const count = co_await file->write(block);
      if (!count) {
        EXPECT_TRUE(count.error().kind == fs::ErrorKind::NoSpace);
        break;
      }
      written += *count;
    }
    EXPECT_EQ(file->stat().size, written);
    EXPECT_TRUE(written > limit / 10 * 9);
    note("{} KiB of {} KiB written, {} KiB of memory are free", written >> 10, limit >> 10,
         memory::kernel_memory().frames().free_bytes() >> 10);
    EXPECT_TRUE(memory::kernel_memory().frames().free_bytes() > limit / 2);
    EXPECT_TRUE(co_await vfs.remove_file(vfs.root(), "/tmp/large"));
    EXPECT_TRUE(tmp.space().free_bytes < limit / 10);
  }
  EXPECT_TRUE(tmp.space().free_bytes > limit - 1000);
}

BOOT_TEST("the files of the ramdisk can be changed, and the ramdisk stays as it is") {
  with_files(change_the_root);
}

BOOT_TEST("the devices are there") { with_files(use_devices); }

BOOT_TEST("a full file system says so, leaves memory to others, and gives it back") {
  with_files(fill_tmp);
}

/// Freeing a file is one step to everybody else.
BOOT_TEST("freeing a large file does not take long") {
  auto const made = fs::TmpFileSystem::create({});
  ASSERT_TRUE(made.has_value());
  fs::TmpFileSystem& files = **made;
  auto const file = files.create(files.root(), "f", fs::NodeType::File);
  ASSERT_TRUE(file.has_value());
  static constinit std::array<u8, 65536> block{};
  constexpr u64 size = u64{128} << 20;
  for (u64 at = 0; at < size; at += block.size()) ASSERT_TRUE(*files.write_now(*file, at, block));
  u64 const begin = hw::read_timestamp();
  EXPECT_TRUE(files.resize(*file, 0).has_value());
  u64 const instructions = hw::read_timestamp() - begin;
  note("{} instructions for each MiB freed", instructions / (size >> 20));
  // A GiB, then, takes less than the longest that anybody may be kept waiting.
  EXPECT_TRUE(instructions * 8 < 20'000'000);
}

/// Instructions for each file of a directory that has so many, on average.
struct Cost {
  u64 create = 0;
  u64 find = 0;
  u64 list = 0;
  u64 remove = 0;
};

/// Calls `work` with the name of each file, in another order than they were made; instructions for
/// each.
template <class Work>
u64 cost_for_each(u64 count, Work work) {
  u64 instructions = 0;
  for (u64 i = 0; i < count; ++i) {
    base::FixedText<16> const name("{:08}", i * 7919 % count);
    u64 const begin = hw::read_timestamp();
    bool const fine = work(name);
    instructions += hw::read_timestamp() - begin;
    if (!fine) fail(name, __FILE__, __LINE__);
  }
  return instructions / count;
}

Cost cost_in_directory(u64 count) {
  auto const made = fs::TmpFileSystem::create({.key = {1, 2}});
  if (!made) return {};
  fs::TmpFileSystem& files = **made;
  fs::NodeId const root = files.root();
  Cost cost;
  cost.create = cost_for_each(count, [&](std::string_view name) {
    auto const file = files.create(root, name, fs::NodeType::File);
    return file && *files.write_now(*file, 0, std::array<u8, 1>{1});
  });
  cost.find = cost_for_each(count, [&](std::string_view name) {
    auto const found = files.lookup(root, name);
    return found && *found;
  });
  std::array<fs::DirectoryEntry, 32> some;
  u64 listed = 0;
  u64 const begin = hw::read_timestamp();
  for (u64 cookie = 0;;) {
    auto const found = files.read_directory(root, cookie, some);
    if (!found || *found == 0) break;
    listed += *found;
    cookie = some[*found - 1].next;
  }
  EXPECT_EQ(listed, count);
  cost.list = (hw::read_timestamp() - begin) / count;
  cost.remove = cost_for_each(count, [&](std::string_view name) {
    return files.remove(root, name, fs::NodeType::File).has_value();
  });
  note("{} files: {} instructions to create each, {} to find, {} to list, {} to remove", count,
       cost.create, cost.find, cost.list, cost.remove);
  return cost;
}

BOOT_TEST("files of a large directory cost as much as those of a small one") {
  Cost const small = cost_in_directory(1'000);
  Cost const large = cost_in_directory(100'000);
  EXPECT_TRUE(large.create < small.create * 3 / 2);
  EXPECT_TRUE(large.find < small.find * 3 / 2);
  EXPECT_TRUE(large.list < small.list * 3 / 2);
  EXPECT_TRUE(large.remove < small.remove * 3 / 2);
}

BOOT_TEST("ten thousand files leave memory as it was") {
  u64 const before = memory::kernel_memory().heap().statistics().used_bytes;
  {
    auto const made = fs::TmpFileSystem::create({});
    ASSERT_TRUE(made.has_value());
    fs::TmpFileSystem& files = **made;
    u64 const empty = memory::kernel_memory().heap().statistics().used_bytes;
    constexpr int count = 10'000;
    for (int i = 0; i < count; ++i) {
      auto const file =
          files.create(files.root(), base::FixedText<16>("file{}", i), fs::NodeType::File);
      ASSERT_TRUE(file.has_value() && *files.write_now(*file, 0, std::array<u8, 1>{1}));
    }
    u64 const full = memory::kernel_memory().heap().statistics().used_bytes;
    note("{} bytes of memory for each file", (full - empty) / count);
    u64 const counted = files.space().total_bytes - files.space().free_bytes;
    EXPECT_TRUE(counted > (full - empty) / 4 * 3);
    for (int i = 0; i < count; ++i)
      ASSERT_TRUE(files.remove(files.root(), base::FixedText<16>("file{}", i), fs::NodeType::File));
    // What is left are the places of the table of nodes.
    EXPECT_TRUE(memory::kernel_memory().heap().statistics().used_bytes < empty + 16'384);
  }
  EXPECT_EQ(memory::kernel_memory().heap().statistics().used_bytes, before);
}

}  // namespace
}  // namespace nacre::test
