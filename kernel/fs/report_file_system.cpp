#include "kernel/fs/report_file_system.hpp"

#include <algorithm>

#include "lib/base/try.hpp"

namespace nacre::fs {
namespace {

/// Counts what is written.
class CountingSink final : public base::Sink {
 public:
  u64 size = 0;
  void write(std::string_view text) override { size += text.size(); }
};

}  // namespace

std::expected<base::Box<ReportFileSystem>, base::OutOfMemory> ReportFileSystem::create(
    std::span<const Report> reports, base::UnixTime created) {
  TRY(auto file_system, base::try_make<ReportFileSystem>(created));
  TRY(file_system->files_.try_reserve(reports.size()));
  for (const Report& report : reports) file_system->files_.push_back_reserved({report, {}});
  return file_system;
}

Stat ReportFileSystem::stat(NodeId node) const {
  Stat stat{.type = type(node),
            .inode = node.value + 1,
            .accessed = created_,
            .modified = created_,
            .changed = created_};
  if (node == root()) {
    stat.size = files_.size();
    stat.mode = 0555;
  } else {
    CountingSink count;
    files_[static_cast<usize>(node.value) - 1].report.write(count);
    stat.size = count.size;
    stat.mode = 0444;
  }
  return stat;
}

Result<std::optional<NodeId>> ReportFileSystem::lookup(NodeId, std::string_view name) const {
  auto const* const found =
      std::ranges::find(files_, name, [](const File& file) { return file.report.name; });
  if (found == files_.end()) return std::nullopt;
  return NodeId{static_cast<u64>(found - files_.begin()) + 1};
}

Result<usize> ReportFileSystem::read_directory(NodeId, u64 cookie, std::span<DirectoryEntry> out) {
  usize count = 0;
  for (; cookie < files_.size() && count < out.size(); ++cookie)
    out[count++] = {files_[static_cast<usize>(cookie)].report.name, NodeType::File, cookie + 2,
                    cookie + 1};
  return count;
}

std::optional<Result<usize>> ReportFileSystem::read_now(NodeId node, u64 offset,
                                                        std::span<u8> buffer) {
  if (node == root()) return fail(ErrorKind::IsADirectory);
  File& file = files_[static_cast<usize>(node.value) - 1];
  if (offset == 0) {
    base::String text;
    base::StringSink sink(text);
    file.report.write(sink);
    if (!sink.result()) return fail(ErrorKind::OutOfMemory);
    file.text = std::move(text);
  }
  std::string_view const text = file.text;
  std::string_view const rest = text.substr(static_cast<usize>(std::min<u64>(offset, text.size())));
  return rest.copy(static_cast<char*>(static_cast<void*>(buffer.data())), buffer.size());
}

exec::Task<Result<usize>> ReportFileSystem::read(NodeId node, u64 offset, std::span<u8> buffer) {
  co_return *read_now(node, offset, buffer);
}

}  // namespace nacre::fs
