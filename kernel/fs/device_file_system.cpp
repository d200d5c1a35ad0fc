#include "kernel/fs/device_file_system.hpp"

#include "lib/base/memory.hpp"
#include "lib/base/try.hpp"

namespace nacre::fs {

std::expected<base::Box<DeviceFileSystem>, base::OutOfMemory> DeviceFileSystem::create(
    base::SecureRandom& random, base::UnixTime created) {
  return base::try_make<DeviceFileSystem>(random, created);
}

Stat DeviceFileSystem::stat(NodeId node) const {
  bool const is_root = node == root();
  return {.type = type(node),
          .size = is_root ? names.size() : 0,
          .mode = is_root ? 0755u : 0666u,
          .inode = node.value + 1,
          .accessed = created_,
          .modified = created_,
          .changed = created_};
}

Result<std::optional<NodeId>> DeviceFileSystem::lookup(NodeId, std::string_view name) const {
  auto const found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return NodeId{static_cast<u64>(found - names.begin()) + 1};
}

Result<usize> DeviceFileSystem::read_directory(NodeId, u64 cookie, std::span<DirectoryEntry> out) {
  usize count = 0;
  for (; cookie < names.size() && count < out.size(); ++cookie) {
    NodeId const node{cookie + 1};
    out[count++] = {names[static_cast<usize>(cookie)], type(node), node.value + 1, cookie + 1};
  }
  return count;
}

Stream* DeviceFileSystem::device(NodeId node) const {
  switch (node.value) {
    case 1: return &null_;
    case 2: return &zero_;
    case 3: return &full_;
    case 4:
    case 5: return &random_;
    case 6: return terminal_;
    default: return nullptr;
  }
}

exec::Task<Result<usize>> DeviceFileSystem::read(NodeId node, u64, std::span<u8> buffer) {
  Stream* const stream = device(node);
  if (stream == nullptr) co_return fail(ErrorKind::NoDevice);
  co_return co_await stream->read(buffer);
}

exec::Task<Result<usize>> DeviceFileSystem::write(NodeId node, u64, std::span<const u8> bytes) {
  Stream* const stream = device(node);
  if (stream == nullptr) co_return fail(ErrorKind::NoDevice);
  co_return co_await stream->write(bytes);
}

std::optional<Result<usize>> DeviceFileSystem::read_now(NodeId node, u64, std::span<u8> buffer) {
  Stream* const stream = device(node);
  if (stream == nullptr) return fail(ErrorKind::NoDevice);
  return stream->read_now(buffer);
}

std::optional<Result<usize>> DeviceFileSystem::write_now(NodeId node, u64,
                                                         std::span<const u8> bytes) {
  Stream* const stream = device(node);
  if (stream == nullptr) return fail(ErrorKind::NoDevice);
  return stream->write_now(bytes);
}

}  // namespace nacre::fs
