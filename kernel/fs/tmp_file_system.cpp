#include "kernel/fs/tmp_file_system.hpp"

#include <algorithm>
#include <array>

#include "kernel/fs/open_file.hpp"
#include "lib/base/try.hpp"
#include "lib/exec/wait.hpp"

namespace nacre::fs {
namespace {

constexpr u16 directory_mode = 0755;
constexpr u16 file_mode = 0644;
constexpr u16 symlink_mode = 0777;
constexpr u32 mode_bits = 07777;
/// Chunks that are made between two turns for others.
constexpr usize chunks_at_once = 16;

}  // namespace

// ---- Nodes

std::expected<base::Box<TmpFileSystem>, base::OutOfMemory> TmpFileSystem::create(
    const Options& options) {
  TRY(auto file_system, base::try_make<TmpFileSystem>(options));
  auto const root = file_system->add_node(NodeType::Directory, std::in_place_type<NameTable>);
  if (!root) return std::unexpected(base::OutOfMemory{});
  file_system->at(*root).links = 1;
  file_system->set_limits(options.limits);
  return file_system;
}

TmpFileSystem::~TmpFileSystem() {
  nodes_.for_each([&](Node& node) {
    if (auto* const data = std::get_if<FileData>(&node.content)) data->clear(budget_);
    if (auto* const names = std::get_if<NameTable>(&node.content)) names->clear(budget_);
  });
}

/// A node without a name.
template <class... Arguments>
Result<NodeId> TmpFileSystem::add_node(NodeType type, Arguments&&... content) {
  if (nodes_.size() >= options_.limits.nodes || nodes_.size() >= UINT32_MAX)
    return fail(ErrorKind::NoSpace);
  TRY(budget_.take(sizeof(Node)));
  auto const added = nodes_.add(type, next_inode_, now(), std::forward<Arguments>(content)...);
  if (!added) {
    budget_.give_back(sizeof(Node));
    return fail(ErrorKind::OutOfMemory);
  }
  ++next_inode_;
  NodeId const node{*added};
  at(node).mode = type == NodeType::Directory ? directory_mode
                  : type == NodeType::Symlink ? symlink_mode
                                              : file_mode;
  at(node).parent = static_cast<u32>(node.value);
  return node;
}

void TmpFileSystem::destroy(NodeId node) {
  Content& content = at(node).content;
  u64 size = sizeof(Node);
  if (auto* const data = std::get_if<FileData>(&content)) data->clear(budget_);
  if (auto* const text = std::get_if<base::String>(&content)) size += text->size();
  nodes_.remove(static_cast<usize>(node.value));
  budget_.give_back(size);
}

void TmpFileSystem::release(NodeId node) {
  Node& released = at(node);
  --released.holders;
  if (released.holders == 0 && released.links == 0) destroy(node);
}

void TmpFileSystem::set_limits(Limits limits) {
  options_.limits = limits;
  budget_.set_limit(limits.bytes);
}

Space TmpFileSystem::space() const {
  u64 const nodes = options_.limits.nodes;
  return {.total_bytes = budget_.limit(),
          .free_bytes = budget_.left(),
          .total_nodes = nodes,
          .free_nodes = nodes > nodes_.size() ? nodes - nodes_.size() : 0};
}

// ---- Looking

Stat TmpFileSystem::stat(NodeId id) const {
  const Node& node = at(id);
  Stat stat{.type = node.type,
            .size = 0,
            .mode = node.mode,
            .user_id = node.user_id,
            .group_id = node.group_id,
            .links = node.links,
            .inode = node.inode,
            .file_system = 0,
            .accessed = node.accessed,
            .modified = node.modified,
            .changed = node.changed};
  std::visit([&](const auto& content) { stat.size = content.size(); }, node.content);
  return stat;
}

std::string_view TmpFileSystem::name(NodeId directory) const {
  const NameTable::Entry* const entry = at(directory).entry;
  return entry == nullptr ? std::string_view() : entry->name();
}

Result<std::optional<NodeId>> TmpFileSystem::lookup(NodeId directory, std::string_view name) const {
  const NameTable::Entry* const found = names(directory).find(name, hash(name));
  if (found == nullptr) return std::nullopt;
  return NodeId{found->node};
}

std::string_view TmpFileSystem::link_text(NodeId node) const {
  auto const* const text = std::get_if<base::String>(&at(node).content);
  return text == nullptr ? std::string_view() : text->view();
}

Result<usize> TmpFileSystem::read_directory(NodeId directory, u64 cookie,
                                            std::span<DirectoryEntry> out) {
  std::array<NameTable::Listed, 32> listed;
  usize count = 0;
  while (count < out.size()) {
    auto const part = std::span(listed).first(std::min(listed.size(), out.size() - count));
    usize const found = names(directory).list(cookie, part);
    for (NameTable::Listed const& entry : part.first(found)) {
      const Node& node = at({entry.entry->node});
      out[count++] = {entry.entry->name(), node.type, node.inode, entry.next};
      cookie = entry.next;
    }
    if (found < part.size()) break;
  }
  return count;
}

// ---- Data

std::optional<std::span<const u8>> TmpFileSystem::contents(NodeId node) const {
  auto const* const data = std::get_if<FileData>(&at(node).content);
  if (data == nullptr) return std::nullopt;
  return data->unchanged();
}

std::optional<Result<usize>> TmpFileSystem::read_now(NodeId node, u64 offset,
                                                     std::span<u8> buffer) {
  FileData* const data = file(node);
  if (data == nullptr) return fail(ErrorKind::IsADirectory);
  Node& read = at(node);
  // As often as is needed to tell whether it was read since it was changed.
  if (read.accessed <= read.modified || read.accessed <= read.changed) read.accessed = now();
  return data->read(offset, buffer.first(std::min(buffer.size(), max_transfer)));
}

exec::Task<Result<usize>> TmpFileSystem::read(NodeId node, u64 offset, std::span<u8> buffer) {
  co_return *read_now(node, offset, buffer);
}

std::optional<Result<usize>> TmpFileSystem::write_now(NodeId node, u64 offset,
                                                      std::span<const u8> bytes) {
  FileData* const data = file(node);
  if (data == nullptr) return fail(ErrorKind::IsADirectory);
  if (bytes.empty()) return Result<usize>(usize{0});
  auto const written =
      data->write(offset, bytes.first(std::min(bytes.size(), max_transfer)), budget_);
  if (written) touch(node, now());
  return written;
}

exec::Task<Result<usize>> TmpFileSystem::write(NodeId node, u64 offset, std::span<const u8> bytes) {
  co_return *write_now(node, offset, bytes);
}

Result<void> TmpFileSystem::resize(NodeId node, u64 size) {
  FileData* const data = file(node);
  if (data == nullptr) return fail(ErrorKind::IsADirectory);
  TRY(data->resize(size, budget_));
  touch(node, now());
  return {};
}

exec::Task<Result<void>> TmpFileSystem::allocate(NodeId node, u64 offset, u64 length) {
  FileData* const data = file(node);
  if (data == nullptr) co_return fail(ErrorKind::IsADirectory);
  if (offset > FileData::max_size || length > FileData::max_size - offset)
    co_return fail(ErrorKind::FileTooLarge);
  u64 const end = offset + length;
  // What lies behind the end of the file has no memory yet: what cannot fit is not begun.
  if (end > data->size() && end - std::max(offset, data->size()) > budget_.left())
    co_return fail(ErrorKind::NoSpace);
  HeldNode const held({this, node});
  usize chunks = 0;
  for (u64 part = offset; part < end;) {
    auto const next = data->allocate_part(part, end, budget_);
    if (!next) {
      data->trim(budget_);
      co_return std::unexpected(next.error());
    }
    part = *next;
    if (++chunks % chunks_at_once == 0) co_await exec::yield();
  }
  if (end > data->size()) {
    CO_TRY(resize(node, end));
  }
  co_return Result<void>();
}

// ---- Names

void TmpFileSystem::touch(NodeId node, base::UnixTime time) {
  at(node).modified = at(node).changed = time;
}

/// What a node has to know about the name that it got.
void TmpFileSystem::give_name(NodeId directory, NameTable::Entry& entry) {
  Node& node = at({entry.node});
  if (node.type != NodeType::Directory) return;
  node.entry = &entry;
  node.parent = static_cast<u32>(directory.value);
}

/// A name of the node is gone.
void TmpFileSystem::drop_name(NodeId id, base::UnixTime time) {
  Node& node = at(id);
  --node.links;
  node.changed = time;
  if (node.links > 0) return;
  node.entry = nullptr;
  node.parent = static_cast<u32>(id.value);
  if (node.holders == 0) destroy(id);
}

template <class Make>
Result<NodeId> TmpFileSystem::create_with(NodeId directory, std::string_view name, Make make) {
  if (at(directory).links == 0) return fail(ErrorKind::NotFound);
  u32 const hashed = hash(name);
  if (names(directory).find(name, hashed) != nullptr) return fail(ErrorKind::AlreadyExists);
  TRY(NodeId const node, make());
  auto const entry = names(directory).add(name, hashed, static_cast<u32>(node.value), budget_);
  if (!entry) {
    destroy(node);
    return std::unexpected(entry.error());
  }
  at(node).links = 1;
  give_name(directory, **entry);
  touch(directory, at(node).changed);
  return node;
}

Result<NodeId> TmpFileSystem::create(NodeId directory, std::string_view name, NodeType type) {
  return create_with(directory, name, [&]() -> Result<NodeId> {
    if (type == NodeType::Directory) return add_node(type, std::in_place_type<NameTable>);
    if (type == NodeType::File) return add_node(type, std::in_place_type<FileData>);
    return fail(ErrorKind::NotSupported);
  });
}

Result<NodeId> TmpFileSystem::create_borrowing(NodeId directory, std::string_view name,
                                               BorrowedBytes bytes) {
  return create_with(directory, name, [&] {
    return add_node(NodeType::File, std::in_place_type<FileData>, std::move(bytes));
  });
}

Result<NodeId> TmpFileSystem::create_symlink(NodeId directory, std::string_view name,
                                             std::string_view text) {
  return create_with(directory, name, [&]() -> Result<NodeId> {
    TRY(auto own, base::String::create(text));
    TRY(budget_.take(text.size()));
    auto const node = add_node(NodeType::Symlink, std::in_place_type<base::String>, std::move(own));
    if (!node) budget_.give_back(text.size());
    return node;
  });
}

Result<void> TmpFileSystem::link(NodeId directory, std::string_view name, NodeId id) {
  Node& node = at(id);
  if (node.type == NodeType::Directory) return fail(ErrorKind::NotPermitted);
  if (node.links == 0 || at(directory).links == 0) return fail(ErrorKind::NotFound);
  if (node.links >= max_names) return fail(ErrorKind::TooManyNames);
  u32 const hashed = hash(name);
  if (names(directory).find(name, hashed) != nullptr) return fail(ErrorKind::AlreadyExists);
  TRY(names(directory).add(name, hashed, static_cast<u32>(id.value), budget_));
  ++node.links;
  node.changed = now();
  touch(directory, node.changed);
  return {};
}

Result<void> TmpFileSystem::remove(NodeId directory, std::string_view name, NodeType type) {
  NameTable::Entry* const entry = names(directory).find(name, hash(name));
  if (entry == nullptr) return fail(ErrorKind::NotFound);
  NodeId const node{entry->node};
  bool const is_directory = at(node).type == NodeType::Directory;
  if (type == NodeType::Directory) {
    if (!is_directory) return fail(ErrorKind::NotADirectory);
    if (names(node).size() > 0) return fail(ErrorKind::NotEmpty);
  } else if (is_directory) {
    return fail(ErrorKind::IsADirectory);
  }
  base::UnixTime const time = now();
  names(directory).remove(*entry, budget_);
  touch(directory, time);
  drop_name(node, time);
  return {};
}

Result<void> TmpFileSystem::rename(NodeId from, std::string_view name, NodeId to,
                                   std::string_view new_name) {
  NameTable::Entry* const moved = names(from).find(name, hash(name));
  if (moved == nullptr || at(to).links == 0) return fail(ErrorKind::NotFound);
  NodeId const node{moved->node};
  u32 const new_hash = hash(new_name);
  NameTable::Entry* target = names(to).find(new_name, new_hash);
  base::UnixTime const time = now();
  if (target != nullptr) {
    NodeId const replaced{target->node};
    if (replaced == node) return {};
    bool const is_directory = at(node).type == NodeType::Directory;
    if (at(replaced).type == NodeType::Directory) {
      if (!is_directory) return fail(ErrorKind::IsADirectory);
      if (names(replaced).size() > 0) return fail(ErrorKind::NotEmpty);
    } else if (is_directory) {
      return fail(ErrorKind::NotADirectory);
    }
    // The name stays in its place in the listing.
    target->node = moved->node;
    drop_name(replaced, time);
  } else {
    TRY(target, names(to).add(new_name, new_hash, moved->node, budget_));
  }
  names(from).remove(*moved, budget_);
  give_name(to, *target);
  at(node).changed = time;
  touch(from, time);
  touch(to, time);
  return {};
}

// ---- Attributes

Result<void> TmpFileSystem::set_mode(NodeId id, u32 mode) {
  Node& node = at(id);
  node.mode = static_cast<u16>(mode & mode_bits);
  node.changed = now();
  return {};
}

Result<void> TmpFileSystem::set_times(NodeId id, std::optional<base::UnixTime> accessed,
                                      std::optional<base::UnixTime> modified) {
  Node& node = at(id);
  if (accessed) node.accessed = *accessed;
  if (modified) node.modified = *modified;
  node.changed = now();
  return {};
}

void TmpFileSystem::set_attributes(NodeId id, const Stat& stat) {
  Node& node = at(id);
  node.mode = static_cast<u16>(stat.mode);
  node.user_id = stat.user_id;
  node.group_id = stat.group_id;
  node.accessed = stat.accessed;
  node.modified = stat.modified;
  node.changed = stat.changed;
}

}  // namespace nacre::fs
