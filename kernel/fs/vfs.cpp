#include "kernel/fs/vfs.hpp"

#include <algorithm>

namespace nacre::fs {

// ---- The tree of all file systems, for `walk`

struct Vfs::Tree {
  using Node = Location;
  const Vfs& vfs;

  Node root() const { return vfs.root(); }
  bool is_directory(Node node) const {
    return node.file_system->type(node.node) == NodeType::Directory;
  }
  Node parent(Node node) const {
    if (node.node != node.file_system->root())
      return {node.file_system, node.file_system->parent(node.node)};
    const Mount& mount = vfs.mount_of(*node.file_system);
    return mount.directory.file_system == nullptr ? node : mount.directory;
  }
  Result<std::optional<Node>> lookup(Node directory, std::string_view name) const {
    if (const Mount* const mount = vfs.mounted_at(directory, name))
      return Location{mount->file_system.get(), mount->file_system->root()};
    TRY(auto const found, directory.file_system->lookup(directory.node, name));
    if (!found) return std::nullopt;
    return Location{directory.file_system, *found};
  }
  std::optional<std::string_view> link_text(Node node) const {
    if (node.file_system->type(node.node) != NodeType::Symlink) return std::nullopt;
    return node.file_system->link_text(node.node);
  }
};

const Vfs::Mount* Vfs::mounted_at(Location directory, std::string_view name) const {
  for (const Mount& mount : mounts())
    if (mount.directory == directory && mount.name == name) return &mount;
  return nullptr;
}

bool Vfs::is_mount_root(Location location) const {
  return location.node == location.file_system->root();
}

/// Whether the node must stay where it is: something is mounted at it or in it.
bool Vfs::is_pinned(Location location) const {
  if (is_mount_root(location)) return true;
  for (const Mount& mount : mounts())
    if (mount.directory == location) return true;
  return false;
}

Result<Walked<Location>> Vfs::walk_to(Location start, std::string_view path,
                                      WalkOptions options) const {
  Tree tree{*this};
  return walk(tree, start, path, options);
}

Result<Vfs::Found> Vfs::find(Location start, std::string_view path, WalkOptions options) const {
  TRY(auto const walked, walk_to(start, path, options));
  if (!walked.node) return fail(ErrorKind::NotFound, path.size());
  return Found{walked.parent, walked.name, *walked.node};
}

/// The place for something new.
Result<Walked<Location>> Vfs::find_free(Location start, std::string_view path,
                                        WalkOptions options) const {
  options.follow_last = false;
  TRY(auto const walked, walk_to(start, path, options));
  if (walked.node) return fail(ErrorKind::AlreadyExists, path.size());
  return walked;
}

// ---- Mounting

std::expected<Vfs, base::OutOfMemory> Vfs::create(base::Box<FileSystem> root) {
  Vfs vfs;
  TRY(vfs.mounts_.try_push_back({std::move(root), {}, {}}));
  return vfs;
}

Result<void> Vfs::mount(std::string_view path, base::Box<FileSystem> file_system) {
  TRY(auto const walked, walk_to(root(), path, {.follow_last = false}));
  if (walked.node) {
    if (is_mount_root(*walked.node)) return fail(ErrorKind::Busy, path.size());
    if (walked.node->file_system->type(walked.node->node) != NodeType::Directory)
      return fail(ErrorKind::NotADirectory, path.size());
  }
  // A path that ends in `..` names no place.
  if (walked.name.empty()) return fail(ErrorKind::NoName, path.size());
  TRY(auto name, base::String::create(walked.name));
  TRY(mounts_.try_push_back({std::move(file_system), walked.parent, std::move(name)}));
  mounts_.back().file_system->number_ = static_cast<u32>(mounts_.size() - 1);
  walked.parent.file_system->hold(walked.parent.node);
  return {};
}

// ---- Looking

exec::Task<Result<Location>> Vfs::locate(Location start, std::string_view path,
                                         WalkOptions options) {
  CO_TRY(auto const found, find(start, path, options));
  co_return found.node;
}

exec::Task<Result<Stat>> Vfs::stat(Location start, std::string_view path, WalkOptions options) {
  CO_TRY(auto const found, find(start, path, options));
  co_return stat_of(found.node);
}

Result<OpenNode> Vfs::open_now(Location start, std::string_view path, const OpenOptions& options) {
  WalkOptions walking = options.walk;
  if (options.create && options.exclusive) walking.follow_last = false;
  auto const failed = [&](ErrorKind kind) { return fail(kind, path.size()); };
  if (options.create && options.directory) return failed(ErrorKind::InvalidOptions);
  TRY(auto walked, walk_to(start, path, walking));
  FileSystem& file_system = walked.node ? *walked.node->file_system : *walked.parent.file_system;
  bool const changes = options.access.write || options.truncate;
  if (walked.node) {
    NodeType const type = file_system.type(walked.node->node);
    if (options.create && options.exclusive) return failed(ErrorKind::AlreadyExists);
    if (options.directory && type != NodeType::Directory) return failed(ErrorKind::NotADirectory);
    switch (type) {
      case NodeType::Directory:
        if (changes || options.create) return failed(ErrorKind::IsADirectory);
        return OpenNode(std::in_place_type<Directory>, *this, HeldNode(*walked.node));
      case NodeType::Symlink: return failed(ErrorKind::TooManyLinks);
      case NodeType::CharacterDevice:
        if (file_system.device(walked.node->node) == nullptr) return failed(ErrorKind::NoDevice);
        break;
      case NodeType::File:
        if (changes && file_system.is_read_only()) return failed(ErrorKind::ReadOnly);
        break;
    }
  } else {
    if (!options.create) return failed(ErrorKind::NotFound);
    if (walked.must_be_directory) return failed(ErrorKind::IsADirectory);
    auto const made = file_system.create(walked.parent.node, walked.name, NodeType::File);
    if (!made) return failed(made.error().kind);
    walked.node = Location{&file_system, *made};
    // Where modes are not kept, there is nothing to set.
    if (options.mode) static_cast<void>(file_system.set_mode(*made, *options.mode));
  }
  HeldNode held(*walked.node);
  if (options.truncate && file_system.type(held.node()) == NodeType::File) {
    if (auto const emptied = file_system.resize(held.node(), 0); !emptied)
      return failed(emptied.error().kind);
  }
  return OpenNode(std::in_place_type<OpenFile>, std::move(held), options.access, options.flags);
}

exec::Task<Result<OpenNode>> Vfs::open_node(Location start, std::string_view path,
                                            OpenOptions options) {
  co_return open_now(start, path, options);
}

exec::Task<Result<OpenFile>> Vfs::open(Location start, std::string_view path, OpenOptions options) {
  CO_TRY(OpenNode opened, open_now(start, path, options));
  if (OpenFile* const file = std::get_if<OpenFile>(&opened)) co_return std::move(*file);
  co_return fail(ErrorKind::IsADirectory, path.size());
}

exec::Task<Result<Directory>> Vfs::open_directory(Location start, std::string_view path,
                                                  WalkOptions options) {
  CO_TRY(auto const found, find(start, path, options));
  if (found.node.file_system->type(found.node.node) != NodeType::Directory)
    co_return fail(ErrorKind::NotADirectory, path.size());
  co_return Directory(*this, HeldNode(found.node));
}

exec::Task<Result<base::String>> Vfs::read_link(Location start, std::string_view path,
                                                WalkOptions options) {
  options.follow_last = false;
  CO_TRY(auto const found, find(start, path, options));
  if (found.node.file_system->type(found.node.node) != NodeType::Symlink)
    co_return fail(ErrorKind::NotASymlink, path.size());
  CO_TRY(auto text, base::String::create(found.node.file_system->link_text(found.node.node)));
  co_return std::move(text);
}

exec::Task<Result<base::String>> Vfs::path_of(Location directory) {
  Tree const tree{*this};
  base::Vector<std::string_view> names;
  while (directory != root()) {
    std::string_view name = directory.file_system->name(directory.node);
    if (is_mount_root(directory)) name = mount_of(*directory.file_system).name;
    Location const parent = tree.parent(directory);
    // A removed directory has no name, or is its own parent.
    if (name.empty() || parent == directory) co_return fail(ErrorKind::NotFound);
    CO_TRY(names.try_push_back(name));
    directory = parent;
  }
  base::String path;
  for (usize i = names.size(); i-- > 0;) {
    CO_TRY(path.append('/'));
    CO_TRY(path.append(names[i]));
  }
  if (path.empty()) {
    CO_TRY(path.append('/'));
  }
  co_return std::move(path);
}

// ---- Changing

exec::Task<Result<void>> Vfs::create_directory(Location start, std::string_view path,
                                               WalkOptions options) {
  CO_TRY(auto const place, find_free(start, path, options));
  auto const made =
      place.parent.file_system->create(place.parent.node, place.name, NodeType::Directory);
  if (!made) co_return fail(made.error().kind, path.size());
  co_return Result<void>();
}

exec::Task<Result<void>> Vfs::create_symlink(std::string_view text, Location start,
                                             std::string_view path, WalkOptions options) {
  if (text.empty() || text.contains('\0')) co_return fail(ErrorKind::InvalidPath);
  if (text.size() > max_path) co_return fail(ErrorKind::NameTooLong);
  CO_TRY(auto const place, find_free(start, path, options));
  if (place.must_be_directory) co_return fail(ErrorKind::NotFound, path.size());
  auto const made = place.parent.file_system->create_symlink(place.parent.node, place.name, text);
  if (!made) co_return fail(made.error().kind, path.size());
  co_return Result<void>();
}

Result<void> Vfs::remove(Location start, std::string_view path, NodeType type,
                         WalkOptions options) {
  options.follow_last = false;
  TRY(auto const found, find(start, path, options));
  bool const is_directory = found.node.file_system->type(found.node.node) == NodeType::Directory;
  auto const failed = [&](ErrorKind kind) { return fail(kind, path.size()); };
  if (type == NodeType::Directory && !is_directory) return failed(ErrorKind::NotADirectory);
  if (type != NodeType::Directory && is_directory) return failed(ErrorKind::IsADirectory);
  if (is_pinned(found.node)) return failed(ErrorKind::Busy);
  if (found.name.empty()) return failed(ErrorKind::NoName);
  auto const removed = found.parent.file_system->remove(found.parent.node, found.name, type);
  if (!removed) return failed(removed.error().kind);
  return {};
}

exec::Task<Result<void>> Vfs::remove_file(Location start, std::string_view path,
                                          WalkOptions options) {
  co_return remove(start, path, NodeType::File, options);
}

exec::Task<Result<void>> Vfs::remove_directory(Location start, std::string_view path,
                                               WalkOptions options) {
  co_return remove(start, path, NodeType::Directory, options);
}

exec::Task<Result<void>> Vfs::rename(Location start, std::string_view path, Location new_start,
                                     std::string_view new_path, WalkOptions options) {
  options.follow_last = false;
  CO_TRY(auto const from, find(start, path, options));
  auto const walked = walk_to(new_start, new_path, options);
  if (!walked) co_return fail(walked.error().kind);
  FileSystem& file_system = *from.node.file_system;
  if (from.name.empty()) co_return fail(ErrorKind::NoName, path.size());
  if (walked->name.empty()) co_return fail(ErrorKind::NoName);
  if (is_pinned(from.node)) co_return fail(ErrorKind::Busy, path.size());
  if (walked->node && is_pinned(*walked->node)) co_return fail(ErrorKind::Busy);
  if (walked->parent.file_system != &file_system) co_return fail(ErrorKind::AcrossFileSystems);
  bool const is_directory = file_system.type(from.node.node) == NodeType::Directory;
  if (walked->must_be_directory && !is_directory) co_return fail(ErrorKind::NotADirectory);
  // A directory cannot go into itself.
  for (NodeId at = walked->parent.node; is_directory; at = file_system.parent(at)) {
    if (at == from.node.node) co_return fail(ErrorKind::IntoItself);
    if (at == file_system.parent(at)) break;
  }
  co_return file_system.rename(from.parent.node, from.name, walked->parent.node, walked->name);
}

exec::Task<Result<void>> Vfs::link(Location start, std::string_view path, Location new_start,
                                   std::string_view new_path, WalkOptions options) {
  CO_TRY(auto const file, find(start, path, options));
  if (file.node.file_system->type(file.node.node) == NodeType::Directory)
    co_return fail(ErrorKind::NotPermitted, path.size());
  auto const place = find_free(new_start, new_path, options);
  if (!place) co_return fail(place.error().kind);
  if (place->must_be_directory) co_return fail(ErrorKind::NotFound);
  if (place->parent.file_system != file.node.file_system)
    co_return fail(ErrorKind::AcrossFileSystems);
  co_return file.node.file_system->link(place->parent.node, place->name, file.node.node);
}

exec::Task<Result<void>> Vfs::set_mode(Location start, std::string_view path, u32 mode,
                                       WalkOptions options) {
  CO_TRY(auto const found, find(start, path, options));
  auto const set = found.node.file_system->set_mode(found.node.node, mode);
  if (!set) co_return fail(set.error().kind, path.size());
  co_return Result<void>();
}

exec::Task<Result<void>> Vfs::set_times(Location start, std::string_view path,
                                        std::optional<base::UnixTime> accessed,
                                        std::optional<base::UnixTime> modified,
                                        WalkOptions options) {
  CO_TRY(auto const found, find(start, path, options));
  auto const set = found.node.file_system->set_times(found.node.node, accessed, modified);
  if (!set) co_return fail(set.error().kind, path.size());
  co_return Result<void>();
}

exec::Task<Result<void>> Vfs::sync_all() {
  Result<void> result;
  // By number: something may be mounted meanwhile.
  for (usize i = 0; i < mounts_.size(); ++i) {
    auto const synced = co_await mounts_[i].file_system->sync_all();
    if (!synced && result) result = synced;
  }
  co_return result;
}

// ---- Directories

/// Fills `out` with what is mounted in this directory, from the mount on that the cookie says.
usize Directory::read_mounts(std::span<DirectoryEntry> out) {
  auto const mounts = vfs_->mounts();
  u64 number = cookie_ == 0 ? 0 : cookie_ - cookie_end;
  usize count = 0;
  for (; number < mounts.size() && count < out.size(); ++number) {
    const Vfs::Mount& mount = mounts[static_cast<usize>(number)];
    if (mount.directory != node_.location()) continue;
    Stat const stat = mount.file_system->stat(mount.file_system->root());
    cookie_ = cookie_end + number + 1;
    out[count++] = {mount.name, NodeType::Directory, stat.inode, cookie_};
  }
  return count;
}

Result<usize> Directory::read(std::span<DirectoryEntry> out) {
  if (out.empty()) return 0;
  u64 from = cookie_;
  if (from == 0 || from >= cookie_end) {
    if (usize const count = read_mounts(out); count > 0) return count;
    from = 0;
  }
  while (true) {
    TRY(usize const count, node_.file_system().read_directory(node_.node(), from, out));
    if (count == 0) return 0;
    from = out[count - 1].next;
    auto const hidden = [&](const DirectoryEntry& entry) {
      return vfs_->mounted_at(node_.location(), entry.name) != nullptr;
    };
    auto const given = out.first(count);
    usize const kept = count - std::ranges::remove_if(given, hidden).size();
    if (kept == 0) continue;
    cookie_ = out[kept - 1].next;
    return kept;
  }
}

}  // namespace nacre::fs
