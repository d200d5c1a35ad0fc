#include <array>
#include <cstring>

#include "kernel/fs/pipe.hpp"
#include "kernel/fs/tar_file_system.hpp"
#include "kernel/fs/tmp_file_system.hpp"
#include "kernel/fs/writable_tree.hpp"
#include "kernel/hw/cpu.hpp"
#include "lib/exec/executor.hpp"
#include "tests/support/boot_test.hpp"

// What files cost: reading an archive of many members, finding a name among few and among many, and
// sending bytes through a pipe.
namespace nacre {
namespace {

using base::u64;
using base::u8;
using base::usize;

constexpr usize block_size = 512;  // of an archive

/// `directory/0001234`, and the same without the directory.
class Name {
 public:
  explicit Name(usize number) : text_("{:03}/{:07}", number / 100 % 1000, number) {}
  std::string_view path() const { return text_; }
  std::string_view name() const { return path().substr(4); }

 private:
  base::FixedText<16> text_;
};

/// An archive of empty files, a hundred to a directory.
std::expected<base::Vector<u8>, base::OutOfMemory> archive_of(usize members) {
  TRY(auto bytes, base::Vector<u8>::create((members + 2) * block_size));
  for (usize i = 0; i < members; ++i) {
    auto* const header = static_cast<char*>(static_cast<void*>(bytes.data() + i * block_size));
    auto const put = [&](usize at, std::string_view text) { text.copy(header + at, text.size()); };
    put(0, Name(i).path());
    put(100, "0000644");
    put(108, "0000000");
    put(116, "0000000");
    put(124, "00000000000");
    put(136, "00000000000");
    put(148, "        ");
    put(156, "0");
    put(257, std::string_view("ustar\000"
                              "00",
                              8));
    unsigned sum = 0;
    for (usize at = 0; at < block_size; ++at) sum += static_cast<u8>(header[at]);
    base::FixedText<8> const checksum("{:06o}", sum);
    put(148, checksum.view());
    header[154] = '\0';
  }
  return bytes;
}

void note(std::string_view name, u64 value) {
  test::note("bench: {} {} instructions", name, value);
}

BOOT_TEST("an archive") {
  constexpr usize members = 10'000;
  auto const archive = archive_of(members);
  ASSERT_TRUE(archive);
  bool is_sound = true;
  u64 const start = hw::read_timestamp();
  auto const files = fs::TarFileSystem::create({archive->data(), archive->size()},
                                               [&](const archive::Problem&) { is_sound = false; });
  u64 const read = hw::read_timestamp();
  ASSERT_TRUE(files && is_sound);
  auto const tree = fs::make_writable(**files, {});
  u64 const copied = hw::read_timestamp();
  ASSERT_TRUE(tree);
  auto const found = (*tree)->lookup((*tree)->root(), "042");
  EXPECT_TRUE(found && *found);
  note("tar_member", (read - start) / members);
  note("tar_member_made_writable", (copied - read) / members);
}

/// Instructions of finding one of so many names in a directory; 0 if something went wrong.
u64 lookup_among(usize count) {
  constexpr usize lookups = 1'000;
  constexpr usize stride = 7'919;
  auto const made = fs::TmpFileSystem::create({});
  if (!made) return 0;
  fs::TmpFileSystem& files = **made;
  for (usize i = 0; i < count; ++i)
    if (!files.create(files.root(), Name(i).name(), fs::NodeType::File)) return 0;
  u64 spent = 0;
  for (usize i = 0; i < lookups; ++i) {
    Name const name(i * stride % count);
    u64 const start = hw::read_timestamp();
    auto const found = files.lookup(files.root(), name.name());
    spent += hw::read_timestamp() - start;
    if (!found || !*found) return 0;
  }
  return spent / lookups;
}

BOOT_TEST("look-up") {
  u64 const few = lookup_among(100);
  u64 const many = lookup_among(100'000);
  ASSERT_TRUE(few != 0 && many != 0);
  note("lookup_among_100", few);
  note("lookup_among_100000", many);
  test::note("bench: lookup_ratio {}.{:02} x", many / few, many * 100 / few % 100);
}

struct PerFile {
  u64 create = 0;
  u64 list = 0;
  u64 remove = 0;
};

/// Instructions for each of so many files of a byte in one directory; zeros if something went
/// wrong.
PerFile files_of(usize count) {
  auto const made = fs::TmpFileSystem::create({});
  if (!made) return {};
  fs::TmpFileSystem& files = **made;
  constexpr std::array<u8, 1> byte{1};
  u64 const start = hw::read_timestamp();
  for (usize i = 0; i < count; ++i) {
    auto const file = files.create(files.root(), Name(i).name(), fs::NodeType::File);
    if (!file) return {};
    auto const written = files.write_now(*file, 0, byte);
    if (!written || !*written) return {};
  }
  u64 const created = hw::read_timestamp();
  std::array<fs::DirectoryEntry, 64> some;
  usize listed = 0;
  for (u64 cookie = 0;;) {
    auto const found = files.read_directory(files.root(), cookie, some);
    if (!found || *found == 0) break;
    listed += *found;
    cookie = some[*found - 1].next;
  }
  u64 const read = hw::read_timestamp();
  for (usize i = 0; i < count; ++i)
    if (!files.remove(files.root(), Name(i).name(), fs::NodeType::File)) return {};
  u64 const removed = hw::read_timestamp();
  if (listed != count) return {};
  return {(created - start) / count, (read - created) / count, (removed - read) / count};
}

BOOT_TEST("many files") {
  for (usize const count : {usize{1'000}, usize{100'000}}) {
    PerFile const spent = files_of(count);
    EXPECT_TRUE(spent.create != 0);
    test::note("bench: create_file_among_{} {} instructions", count, spent.create);
    test::note("bench: list_file_among_{} {} instructions", count, spent.list);
    test::note("bench: remove_file_among_{} {} instructions", count, spent.remove);
  }
}

constexpr usize piece = 65'536;
constexpr usize pieces = 64;

exec::Task<u64> send(fs::PipeWriter writer) {
  static std::array<u8, piece> buffer{};
  for (usize i = 0; i < pieces; ++i)
    if (!co_await fs::write_all(writer, buffer)) co_return 0;
  writer.close();
  co_return 1;
}

exec::Task<u64> receive(fs::PipeReader reader) {
  static std::array<u8, piece> buffer{};
  u64 sum = 0;
  for (;;) {
    auto const count = co_await reader.read(buffer);
    if (!count || *count == 0) co_return sum;
    sum += *count;
  }
}

BOOT_TEST("a pipe") {
  exec::Executor executor([] { return base::Instant{}; });
  auto pipe = fs::PipeEnds::create();
  ASSERT_TRUE(pipe);
  u64 const start = hw::read_timestamp();
  auto const sender = executor.spawn("sender", send(std::move(pipe->writer)));
  auto receiver = executor.spawn("receiver", receive(std::move(pipe->reader)));
  executor.run_until_idle();
  u64 const spent = hw::read_timestamp() - start;
  ASSERT_TRUE(sender && receiver && receiver->is_finished());

  static std::array<u8, piece> from{};
  static std::array<u8, piece> to{};
  u64 const copy_start = hw::read_timestamp();
  for (usize i = 0; i < pieces; ++i) {
    std::memcpy(to.data(), from.data(), piece);
    test::touch(hw::VirtAddr{reinterpret_cast<u64>(to.data())});
  }
  u64 const copied = hw::read_timestamp() - copy_start;
  // Bytes go into the pipe's buffer and out of it.
  test::note("bench: pipe_ratio {}.{:02} x", spent / copied, spent * 100 / copied % 100);
}

}  // namespace
}  // namespace nacre
