#include "kernel/fs/mirror_file_system.hpp"

#include <algorithm>

#include "lib/base/try.hpp"

namespace nacre::fs {
namespace {

using namespace base::literals;

/// When so much has come together, the peer is told without anybody asking.
constexpr u64 many_entries = 256;
constexpr u64 many_bytes = u64{1} << 20;
constexpr base::Duration pause_after_failure = 100_ms;

constexpr i64 nanoseconds(base::UnixTime time) {
  i64 whole = 0;
  if (__builtin_mul_overflow(time.seconds, i64{1'000'000'000}, &whole) ||
      __builtin_add_overflow(whole, i64{time.nanoseconds}, &whole))
    return 0;
  return whole;
}

}  // namespace

/// The turn to tell the peer, while it lives.
class MirrorFileSystem::Turn {
 public:
  explicit Turn(MirrorFileSystem& mirror) : mirror_(mirror) { mirror_.telling_ = true; }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    mirror_.telling_ = false;
    mirror_.turn_.wake_all();
  }

 private:
  MirrorFileSystem& mirror_;
};

MirrorFileSystem::~MirrorFileSystem() {
  while (first_ != nullptr) drop_front();
}

// ---- The list

/// The path of a name in a directory that is there.
Result<base::String> MirrorFileSystem::path_of(NodeId directory, std::string_view name) const {
  base::Vector<std::string_view> names;
  TRY(names.try_push_back(name));
  usize size = name.size();
  while (directory != inner_->root()) {
    TRY(names.try_push_back(inner_->name(directory)));
    size += names.back().size() + 1;
    directory = inner_->parent(directory);
  }
  if (size > MirrorChange::max_path) return fail(ErrorKind::NameTooLong);
  base::String path;
  for (usize i = names.size(); i-- > 0;) {
    TRY(path.append(names[i]));
    if (i != 0) {
      TRY(path.append('/'));
    }
  }
  return path;
}

/// An entry about a name. A directory that was removed has no path; the inner file system says so.
Result<base::Box<MirrorFileSystem::Entry>> MirrorFileSystem::make_entry(
    Kind kind, NodeId directory, std::string_view name) const {
  if (directory != inner_->root() && inner_->name(directory).empty())
    return fail(ErrorKind::NotFound);
  TRY(auto entry, base::try_make<Entry>());
  entry->kind = kind;
  TRY(entry->path, path_of(directory, name));
  return entry;
}

void MirrorFileSystem::append(base::Box<Entry> entry) {
  Entry* const added = entry.release();
  (last_ == nullptr ? first_ : last_->next) = added;
  last_ = added;
  ++end_;
  if (pending() >= many_entries) much_has_come_.wake_all();
}

void MirrorFileSystem::drop_front() {
  base::Box<Entry> const dropped(std::exchange(first_, first_->next));
  if (first_ == nullptr) {
    last_ = nullptr;
    noted_bytes_ = 0;
  }
  ++start_;
  if (dropped->kind != Kind::Write) return;
  if (Known* const known = known_.find(dropped->node);
      known != nullptr && known->entry == &*dropped)
    known->entry = nullptr;
  forget_unused(dropped->node);
  inner_->release(dropped->node);
}

/// The entry that takes what is changed in a node now: the one that is there, or a new one.
Result<MirrorFileSystem::Entry*> MirrorFileSystem::entry_for(NodeId node) {
  TRY(Known* const known, known_.find_or_add(node));
  if (known->entry != nullptr) return known->entry;
  auto made = [&]() -> Result<base::Box<Entry>> {
    if (node == inner_->root()) return fail(ErrorKind::NotSupported);
    if (inner_->type(node) == NodeType::Directory)
      return make_entry(Kind::Write, inner_->parent(node), inner_->name(node));
    if (!known->directory && looked_.is_set && looked_.node == node) {
      TRY(known->name.assign({looked_.name.data(), looked_.size}));
      known->directory = looked_.directory;
    }
    if (!known->directory) {
      TRY(bool const found, find_name(node, *known));
      if (!found) return fail(ErrorKind::NotFound);
    }
    return make_entry(Kind::Write, *known->directory, known->name);
  }();
  if (!made) {
    forget_unused(node);
    return std::unexpected(made.error());
  }
  Entry* const entry = made->get();
  entry->node = node;
  inner_->hold(node);
  known->entry = entry;
  append(std::move(*made));
  return entry;
}

// ---- Names

void MirrorFileSystem::remember(NodeId node, NodeId directory, std::string_view name) const {
  looked_.is_set = name.size() <= looked_.name.size();
  if (!looked_.is_set) return;
  looked_.node = node;
  looked_.directory = directory;
  looked_.size = name.copy(looked_.name.data(), looked_.name.size());
}

Result<std::optional<NodeId>> MirrorFileSystem::lookup(NodeId directory,
                                                       std::string_view name) const {
  TRY(auto const found, inner_->lookup(directory, name));
  if (found) remember(*found, directory, name);
  return found;
}

void MirrorFileSystem::hold(NodeId node) {
  inner_->hold(node);
  // Without memory its name is looked for when it is needed.
  auto const known = known_.find_or_add(node);
  if (!known) return;
  ++(*known)->holders;
  if ((*known)->directory || !looked_.is_set || looked_.node != node) return;
  if ((*known)->name.assign({looked_.name.data(), looked_.size}))
    (*known)->directory = looked_.directory;
}

void MirrorFileSystem::release(NodeId node) {
  if (Known* const known = known_.find(node); known != nullptr && known->holders != 0) {
    --known->holders;
    forget_unused(node);
  }
  if (looked_.node == node) looked_.is_set = false;
  inner_->release(node);
}

void MirrorFileSystem::forget_unused(NodeId node) {
  Known* const known = known_.find(node);
  if (known != nullptr && known->holders == 0 && known->entry == nullptr) known_.erase(node);
}

void MirrorFileSystem::forget_name(NodeId node, NodeId directory, std::string_view name) {
  looked_.is_set = false;
  Known* const known = known_.find(node);
  if (known != nullptr && known->directory == directory && known->name == name)
    known->directory.reset();
}

/// Looks through all directories for a name of the node: for a file of several names of which the
/// known one was removed.
Result<bool> MirrorFileSystem::find_name(NodeId node, Known& known) const {
  u64 const inode = inner_->stat(node).inode;
  base::Vector<NodeId> directories;
  TRY(directories.try_push_back(inner_->root()));
  std::array<DirectoryEntry, 16> some;
  while (!directories.empty()) {
    NodeId const directory = directories.back();
    directories.pop_back();
    for (u64 cookie = 0;;) {
      TRY(usize const count, inner_->read_directory(directory, cookie, some));
      if (count == 0) break;
      for (const DirectoryEntry& entry : std::span(some).first(count)) {
        cookie = entry.next;
        if (entry.inode != inode && entry.type != NodeType::Directory) continue;
        TRY(auto const found, inner_->lookup(directory, entry.name));
        if (!found) continue;
        if (*found == node) {
          TRY(known.name.assign(entry.name));
          known.directory = directory;
          return true;
        }
        if (entry.type == NodeType::Directory) {
          TRY(directories.try_push_back(*found));
        }
      }
    }
  }
  return false;
}

// ---- What is in a node

/// Notes that a file may be different from `offset` on. What is noted and then not written is told
/// as it was.
Result<void> MirrorFileSystem::note_write(NodeId file, u64 offset, usize size) {
  // A file without a name is nobody's but its holders'.
  if (size == 0 || inner_->stat(file).links == 0) return {};
  TRY(Entry* const entry, entry_for(file));
  TRY(entry->ranges.add({offset, offset + size}));
  noted_bytes_ += size;
  if (noted_bytes_ >= many_bytes) much_has_come_.wake_all();
  return {};
}

std::optional<Result<usize>> MirrorFileSystem::write_now(NodeId file, u64 offset,
                                                         std::span<const u8> bytes) {
  if (auto const noted = note_write(file, offset, bytes.size()); !noted)
    return std::unexpected(noted.error());
  return inner_->write_now(file, offset, bytes);
}

exec::Task<Result<usize>> MirrorFileSystem::write(NodeId file, u64 offset,
                                                  std::span<const u8> bytes) {
  CO_TRY(note_write(file, offset, bytes.size()));
  CO_TRY(usize const count, co_await inner_->write(file, offset, bytes));
  // Had it to wait, the peer may have been told of what was there before.
  CO_TRY(note_write(file, offset, count));
  co_return count;
}

Result<void> MirrorFileSystem::resize(NodeId file, u64 size) {
  Stat const before = inner_->stat(file);
  if (before.links == 0) return inner_->resize(file, size);
  TRY(Entry* const entry, entry_for(file));
  TRY(inner_->resize(file, size));
  if (size < before.size) entry->cut = std::min(entry->cut.value_or(size), size);
  entry->resized = true;
  return {};
}

exec::Task<Result<void>> MirrorFileSystem::allocate(NodeId file, u64 offset, u64 length) {
  u64 const before = inner_->stat(file).size;
  CO_TRY(co_await inner_->allocate(file, offset, length));
  Stat const after = inner_->stat(file);
  if (after.size == before || after.links == 0) co_return Result<void>();
  CO_TRY(Entry* const entry, entry_for(file));
  entry->resized = true;
  co_return Result<void>();
}

Result<void> MirrorFileSystem::set_times(NodeId node, std::optional<base::UnixTime> accessed,
                                         std::optional<base::UnixTime> modified) {
  // The folder itself belongs to the peer.
  if (node != inner_->root() && inner_->stat(node).links != 0) {
    TRY(entry_for(node));
  }
  return inner_->set_times(node, accessed, modified);
}

// ---- Changes of names

Result<NodeId> MirrorFileSystem::create(NodeId directory, std::string_view name, NodeType type) {
  TRY(auto entry, make_entry(type == NodeType::Directory ? Kind::MakeDirectory : Kind::MakeFile,
                             directory, name));
  TRY(NodeId const made, inner_->create(directory, name, type));
  append(std::move(entry));
  remember(made, directory, name);
  return made;
}

Result<NodeId> MirrorFileSystem::create_symlink(NodeId directory, std::string_view name,
                                                std::string_view text) {
  if (text.size() > MirrorChange::max_path) return fail(ErrorKind::NameTooLong);
  TRY(auto entry, make_entry(Kind::MakeLink, directory, name));
  TRY(entry->other.assign(text));
  TRY(NodeId const made, inner_->create_symlink(directory, name, text));
  append(std::move(entry));
  remember(made, directory, name);
  return made;
}

Result<void> MirrorFileSystem::link(NodeId directory, std::string_view name, NodeId node) {
  // The peer gives a name to what another name stands for.
  Known found;
  const Known* known = known_.find(node);
  if (known == nullptr || !known->directory) {
    known = &found;
    if (looked_.is_set && looked_.node == node) {
      TRY(found.name.assign({looked_.name.data(), looked_.size}));
      found.directory = looked_.directory;
    } else {
      TRY(find_name(node, found));
    }
  }
  if (!known->directory) return inner_->link(directory, name, node);
  TRY(auto entry, make_entry(Kind::AddName, *known->directory, known->name));
  if (directory != inner_->root() && inner_->name(directory).empty())
    return fail(ErrorKind::NotFound);
  TRY(entry->other, path_of(directory, name));
  TRY(inner_->link(directory, name, node));
  append(std::move(entry));
  return {};
}

Result<void> MirrorFileSystem::remove(NodeId directory, std::string_view name, NodeType type) {
  TRY(auto entry, make_entry(type == NodeType::Directory ? Kind::RemoveDirectory : Kind::RemoveFile,
                             directory, name));
  TRY(auto const node, inner_->lookup(directory, name));
  TRY(inner_->remove(directory, name, type));
  append(std::move(entry));
  if (node) forget_name(*node, directory, name);
  return {};
}

Result<void> MirrorFileSystem::rename(NodeId from, std::string_view name, NodeId to,
                                      std::string_view new_name) {
  TRY(auto entry, make_entry(Kind::Rename, from, name));
  if (to != inner_->root() && inner_->name(to).empty()) return fail(ErrorKind::NotFound);
  TRY(entry->other, path_of(to, new_name));
  TRY(auto const node, inner_->lookup(from, name));
  TRY(auto const over, inner_->lookup(to, new_name));
  Known* const known = node ? known_.find(*node) : nullptr;
  base::String renamed;
  bool const follow = known != nullptr && known->directory == from && known->name == name;
  if (follow) {
    TRY(renamed.assign(new_name));
  }
  TRY(inner_->rename(from, name, to, new_name));
  if (node == over) return {};  // two names of one node stay
  append(std::move(entry));
  if (over) forget_name(*over, to, new_name);
  looked_.is_set = false;
  if (follow) {
    known->directory = to;
    known->name = std::move(renamed);
  }
  return {};
}

// ---- Telling the peer

exec::Task<Result<void>> MirrorFileSystem::tell(const MirrorChange& change) {
  CO_TRY(co_await peer_.room());
  peer_.put(change);
  co_return Result<void>();
}

/// What is in a node, as it is now. Goes on where it was stopped.
exec::Task<Result<void>> MirrorFileSystem::tell_contents(Entry& entry) {
  // What is changed from here on stands behind whatever else happens meanwhile.
  if (Known* const known = known_.find(entry.node); known != nullptr && known->entry == &entry)
    known->entry = nullptr;
  if (inner_->stat(entry.node).links == 0) co_return Result<void>();
  if (entry.cut) {
    CO_TRY(co_await tell({.kind = Kind::Resize, .path = entry.path, .offset = *entry.cut}));
    entry.cut.reset();
  }
  while (!entry.ranges.empty()) {
    ByteRange const range = entry.ranges.front();
    auto const buffer =
        std::span(piece_).first(std::min<u64>(range.end - range.start, piece_.size()));
    CO_TRY(usize const count, co_await inner_->read(entry.node, range.start, buffer));
    if (count != 0) {
      CO_TRY(co_await tell({.kind = Kind::Write,
                            .path = entry.path,
                            .offset = range.start,
                            .bytes = buffer.first(count)}));
    }
    // Nothing is behind the end.
    entry.ranges.drop_front(count == 0 ? range.end : range.start + count);
  }
  Stat const stat = inner_->stat(entry.node);
  if (entry.resized) {
    CO_TRY(co_await tell({.kind = Kind::Resize, .path = entry.path, .offset = stat.size}));
  }
  CO_TRY(co_await tell({.kind = Kind::SetTimes,
                        .path = entry.path,
                        .accessed_ns = nanoseconds(stat.accessed),
                        .modified_ns = nanoseconds(stat.modified)}));
  co_return Result<void>();
}

exec::Task<Result<void>> MirrorFileSystem::tell_until(u64 end) {
  while (telling_) co_await turn_.wait();
  Turn const turn(*this);
  while (start_ < end) {
    Entry& entry = *first_;
    if (entry.kind == Kind::Write) {
      CO_TRY(co_await tell_contents(entry));
    } else {
      CO_TRY(co_await tell({.kind = entry.kind, .path = entry.path, .other = entry.other}));
    }
    drop_front();
  }
  co_return Result<void>();
}

exec::Task<Result<void>> MirrorFileSystem::settle(bool durable) {
  CO_TRY(co_await tell_until(end_));
  co_return co_await peer_.sync(durable);
}

exec::Task<void> MirrorFileSystem::run() {
  for (;;) {
    while (pending() < many_entries && noted_bytes_ < many_bytes) co_await much_has_come_.wait();
    // What cannot be told now is told later.
    if (!co_await tell_until(end_)) co_await exec::sleep_for(pause_after_failure);
  }
}

}  // namespace nacre::fs
