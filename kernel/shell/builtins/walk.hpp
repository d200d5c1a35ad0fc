#pragma once

#include <algorithm>
#include <array>
#include <optional>

#include "kernel/fs/path.hpp"
#include "kernel/shell/builtin.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell::builtin {

/// A file or directory on a walk through a tree.
struct Visit {
  base::String path;
  fs::Stat stat{};
  usize depth = 0;
  bool is_last = false;  // of its directory
  bool is_entered = false;
};

/// Walks through a tree, a directory before what is in it, or after it with `inside_first`, in the
/// order of the names. What cannot be read is told.
class Walk {
 public:
  explicit Walk(Invocation& call, bool inside_first = false)
      : call_(call), inside_first_(inside_first) {}

  /// Does not go into directories that are this deep.
  void set_limit(u64 depth) { limit_ = depth; }
  /// Leaves out what `hides` says of a name. It is borrowed.
  using Hides = base::FunctionRef<bool(std::string_view, const fs::Stat&)>;
  void set_filter(Hides hides) { hides_ = hides; }
  /// Does not go into the directory that was given last, where that comes first.
  void skip_inside() {
    if (!inside_first_) opened_ = {};
  }

  int status() const { return status_; }

  exec::Task<fs::Result<void>> begin(std::string_view path) {
    CO_TRY(base::String copy, base::String::create(path));
    co_return co_await add(std::move(copy), 0, true);
  }
  /// The next one; nothing at the end.
  exec::Task<fs::Result<std::optional<Visit>>> next() {
    if (opened_) {
      Visit const directory = std::move(*opened_);
      opened_.reset();
      CO_TRY(co_await add_inside(directory));
    }
    for (;;) {
      if (left_.empty()) co_return std::nullopt;
      co_await call_.pace();
      Visit& next = left_.back();
      bool const is_opened = next.stat.type == fs::NodeType::Directory && next.depth < limit_;
      if (is_opened && inside_first_ && !next.is_entered) {
        next.is_entered = true;
        CO_TRY(Visit const directory, copy_of(next));
        CO_TRY(co_await add_inside(directory));
        continue;
      }
      Visit visit = std::move(next);
      left_.pop_back();
      if (is_opened && !inside_first_) {
        CO_TRY(opened_, copy_of(visit));
      }
      co_return visit;
    }
  }

 private:
  static std::expected<Visit, base::OutOfMemory> copy_of(const Visit& visit) {
    TRY(base::String path, visit.path.try_copy());
    return Visit{std::move(path), visit.stat, visit.depth, visit.is_last};
  }
  exec::Task<fs::Result<void>> add(base::String path, usize depth, bool is_last) {
    auto const stat =
        co_await call_.services.files.stat(call_.directory(), path, {.follow_last = false});
    if (!stat) co_return co_await tell(path, stat.error());
    if (depth > 0 && hides_ && (*hides_)(fs::last_name(path), *stat)) co_return fs::Result<void>{};
    CO_TRY(left_.try_push_back({std::move(path), *stat, depth, is_last}));
    co_return fs::Result<void>{};
  }
  exec::Task<fs::Result<void>> tell(std::string_view path, fs::Error error) {
    if (error.kind == fs::ErrorKind::OutOfMemory) co_return std::unexpected(error);
    status_ = status::failure;
    co_return co_await complain_about(call_, path, fs::Error(error.kind));
  }
  exec::Task<fs::Result<void>> add_inside(const Visit& visit) {
    auto directory = co_await call_.services.files.open_directory(call_.directory(), visit.path);
    if (!directory) co_return co_await tell(visit.path, directory.error());
    base::Vector<base::String> names;
    std::array<fs::DirectoryEntry, 64> entries;
    for (;;) {
      auto const count = directory->read(entries);
      if (!count) co_return co_await tell(visit.path, count.error());
      if (*count == 0) break;
      for (const fs::DirectoryEntry& entry : std::span(entries).first(*count)) {
        CO_TRY(base::String path,
               base::format("{}{}{}", visit.path.view(),
                            visit.path.view().ends_with('/') ? "" : "/", entry.name));
        CO_TRY(names.try_push_back(std::move(path)));
      }
    }
    // The last is taken first.
    std::ranges::sort(
        names, [](const base::String& a, const base::String& b) { return a.view() > b.view(); });
    usize const before = left_.size();
    for (base::String& name : names) {
      co_await call_.pace();
      CO_TRY(co_await add(std::move(name), visit.depth + 1, left_.size() == before));
    }
    co_return fs::Result<void>{};
  }

  Invocation& call_;
  bool inside_first_;
  u64 limit_ = UINT64_MAX;
  std::optional<Hides> hides_;
  base::Vector<Visit> left_;
  /// The directory that was given last, whose inside comes next.
  std::optional<Visit> opened_;
  int status_ = status::success;
};

}  // namespace nacre::shell::builtin
