#include <algorithm>
#include <cstring>

#include "lib/wasi/calls.hpp"

namespace nacre::wasi::calls {
namespace {

/// How many entries are asked for at a time.
constexpr usize entries_at_once = 32;
/// `.` and `..` come first, and take the cookies 0 and 1: the directory's own follow.
constexpr u64 own_entries = 2;

/// The program's buffer while it is being filled. Of the last entry it gets what there is room for:
/// a buffer that is not full is the end of the directory.
class EntryBuffer {
 public:
  explicit EntryBuffer(std::span<u8> buffer) : rest_(buffer), size_(buffer.size()) {}

  bool full() const { return rest_.empty(); }
  u32 used() const { return static_cast<u32>(size_ - rest_.size()); }
  void add(const DirectoryEntry& entry) {
    DirectoryEntryHeader const header{.next = entry.next,
                                      .inode = entry.inode,
                                      .name_size = static_cast<u32>(entry.name.size()),
                                      .type = entry.type};
    put(&header, sizeof(header));
    put(entry.name.data(), entry.name.size());
  }

 private:
  void put(const void* bytes, usize size) {
    usize const count = std::min(size, rest_.size());
    if (count != 0) std::memcpy(rest_.data(), bytes, count);
    rest_ = rest_.subspan(count);
  }

  std::span<u8> rest_;
  usize size_;
};

}  // namespace

Answer fd_readdir(Call call, u32 descriptor, u32 buffer, u32 size, u64 cookie, u32 result) {
  CO_TRY(call.check(result, sizeof(u32)));
  CO_TRY(auto const target, call.memory.span(buffer, size));
  CO_TRY(Descriptor* const found,
         call.descriptors().find_directory(descriptor, rights::descriptor_read_directory));
  Directory& directory = *found->file->as_directory();
  EntryBuffer entries(target);
  if (cookie == 0 && !entries.full()) {
    CO_TRY(FileStat const stat, co_await directory.stat());
    entries.add({".", FileType::Directory, stat.inode, ++cookie});
  }
  // Where a preopened directory lies is nobody's business.
  if (cookie == 1 && !entries.full()) {
    CO_TRY(FileStat const stat, co_await directory.stat());
    u64 const inode = found->preopened_as ? stat.inode : directory.parent_inode();
    entries.add({"..", FileType::Directory, inode, ++cookie});
  }
  std::array<DirectoryEntry, entries_at_once> batch;
  while (!entries.full()) {
    CO_TRY(usize const count, co_await directory.read_entries(cookie - own_entries, batch));
    if (count == 0) break;
    for (DirectoryEntry& entry : std::span(batch).first(count)) {
      entry.next += own_entries;
      cookie = entry.next;
      entries.add(entry);
      if (entries.full()) break;
    }
  }
  co_return store(call.memory, result, entries.used());
}

}  // namespace nacre::wasi::calls
