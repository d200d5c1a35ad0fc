#include "kernel/fs/file_system.hpp"

namespace nacre::fs {

exec::Task<Result<usize>> FileSystem::write(NodeId, u64, std::span<const u8>) {
  co_return fail(ErrorKind::ReadOnly);
}
Result<void> FileSystem::resize(NodeId, u64) { return fail(ErrorKind::ReadOnly); }
exec::Task<Result<void>> FileSystem::allocate(NodeId, u64, u64) {
  co_return fail(ErrorKind::ReadOnly);
}
Result<NodeId> FileSystem::create(NodeId, std::string_view, NodeType) {
  return fail(ErrorKind::ReadOnly);
}
Result<NodeId> FileSystem::create_symlink(NodeId, std::string_view, std::string_view) {
  return fail(ErrorKind::ReadOnly);
}
Result<void> FileSystem::link(NodeId, std::string_view, NodeId) {
  return fail(ErrorKind::ReadOnly);
}
Result<void> FileSystem::remove(NodeId, std::string_view, NodeType) {
  return fail(ErrorKind::ReadOnly);
}
Result<void> FileSystem::rename(NodeId, std::string_view, NodeId, std::string_view) {
  return fail(ErrorKind::ReadOnly);
}
Result<void> FileSystem::set_mode(NodeId, u32) { return fail(ErrorKind::ReadOnly); }
Result<void> FileSystem::set_times(NodeId, std::optional<base::UnixTime>,
                                   std::optional<base::UnixTime>) {
  return fail(ErrorKind::ReadOnly);
}
exec::Task<Result<void>> FileSystem::sync(NodeId, SyncScope) { co_return Result<void>(); }
exec::Task<Result<void>> FileSystem::sync_all() { co_return Result<void>(); }

}  // namespace nacre::fs
