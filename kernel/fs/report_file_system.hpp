#pragma once

#include <span>
#include <string_view>

#include "kernel/fs/file_system.hpp"
#include "lib/base/format.hpp"
#include "lib/base/function_ref.hpp"
#include "lib/base/memory.hpp"
#include "lib/base/string.hpp"
#include "lib/base/vector.hpp"

namespace nacre::fs {

/// A file whose text is made when it is read.
struct Report {
  std::string_view name;
  /// Writes all of it. What it calls outlives the file system.
  base::FunctionRef<void(base::Sink&)> write;
};

/// What stands in `/proc`: a directory of reports, which nobody can change.
///
/// A text is made when reading begins at its start, and kept for who goes on reading there; two who
/// read one file at the same time go on in the text of whoever began last.
class ReportFileSystem final : public FileSystem {
 public:
  /// Names are borrowed. All files are as old as `created`. Errors: OutOfMemory.
  static std::expected<base::Box<ReportFileSystem>, base::OutOfMemory> create(
      std::span<const Report> reports, base::UnixTime created);
  explicit ReportFileSystem(base::UnixTime created) : created_(created) {}

  std::string_view kind() const override { return "proc"; }
  NodeId root() const override { return {0}; }
  /// A file is as long as its text would be now.
  Stat stat(NodeId node) const override;
  NodeType type(NodeId node) const override {
    return node == root() ? NodeType::Directory : NodeType::File;
  }
  NodeId parent(NodeId) const override { return root(); }
  std::string_view name(NodeId) const override { return {}; }
  Result<std::optional<NodeId>> lookup(NodeId directory, std::string_view name) const override;
  std::string_view link_text(NodeId) const override { return {}; }
  Result<usize> read_directory(NodeId directory, u64 cookie,
                               std::span<DirectoryEntry> out) override;
  std::optional<std::span<const u8>> contents(NodeId) const override { return std::nullopt; }
  /// Errors: IsADirectory, OutOfMemory.
  exec::Task<Result<usize>> read(NodeId node, u64 offset, std::span<u8> buffer) override;
  std::optional<Result<usize>> read_now(NodeId node, u64 offset, std::span<u8> buffer) override;

 private:
  struct File {
    Report report;
    base::String text;
  };

  base::Vector<File> files_;  // node 1 is the first
  base::UnixTime created_;
};

}  // namespace nacre::fs
