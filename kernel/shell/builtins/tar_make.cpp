#include <algorithm>
#include <array>

#include "kernel/fs/path.hpp"
#include "kernel/shell/builtins/new_file.hpp"
#include "kernel/shell/builtins/tar.hpp"
#include "lib/archive/tar_writer.hpp"
#include "lib/base/try.hpp"
#include "lib/compress/gzip.hpp"

namespace nacre::shell::builtin {
namespace {

/// Where the archive goes, through the compressor if it is to be compressed. An error of this is
/// the end of the archive.
class Output {
 public:
  static std::expected<Output, base::OutOfMemory> create(fs::Stream& out, bool is_compressed) {
    Output output(out);
    if (is_compressed) {
      TRY(output.writer_, compress::GzipWriter::create());
    }
    return output;
  }

  exec::Task<fs::Result<void>> write(std::span<const u8> bytes) {
    if (!writer_) co_return co_await fs::write_all(*out_, bytes);
    CO_TRY(writer_->write(bytes, compressed_));
    co_return co_await flush();
  }
  exec::Task<fs::Result<void>> finish() {
    if (!writer_) co_return fs::Result<void>{};
    CO_TRY(writer_->finish(compressed_));
    co_return co_await flush();
  }

 private:
  explicit Output(fs::Stream& out) : out_(&out) {}

  exec::Task<fs::Result<void>> flush() {
    if (compressed_.empty()) co_return fs::Result<void>{};
    CO_TRY(co_await fs::write_all(*out_, {compressed_.data(), compressed_.size()}));
    compressed_.clear();
    co_return fs::Result<void>{};
  }

  fs::Stream* out_;
  std::optional<compress::GzipWriter> writer_;
  base::Vector<u8> compressed_;
};

/// Why the archive cannot go on, as opposed to what is wrong with a member.
struct Stopped {
  fs::Error error;
  Stopped(fs::Error why) : error(why) {}
  Stopped(base::OutOfMemory why) : error(why) {}
};
template <class T = void>
using Going = std::expected<T, Stopped>;

/// Adds trees to an archive.
class Maker {
 public:
  /// `own` are files that are the archive itself: one of old that it replaces, and the new one.
  Maker(TarCall& tar, Output& output, std::span<const fs::Stat> own)
      : tar_(tar), output_(output), own_(own) {}

  exec::Task<Going<>> add_tree(std::string_view top) {
    CO_TRY(co_await push(top));
    while (!left_.empty()) {
      co_await tar_.call.pace();
      base::String const path = std::move(left_.back());
      left_.pop_back();
      if (tar_.excludes(name_of(path))) continue;
      CO_TRY(co_await add(path));
    }
    co_return Going<>{};
  }

 private:
  struct Linked {
    u32 file_system;
    u64 inode;
    base::String name;  // of the member that has the bytes
    auto key() const { return std::pair(file_system, inode); }
  };

  fs::Vfs& files() { return tar_.call.services.files; }
  fs::Location directory() const { return tar_.directory->location(); }

  exec::Task<Going<>> push(std::string_view path) {
    CO_TRY(base::String copy, base::String::create(path));
    CO_TRY(left_.try_push_back(std::move(copy)));
    co_return Going<>{};
  }

  /// What a path is called in the archive: not from the root, so that it can be unpacked anywhere.
  static std::string_view name_of(std::string_view path) {
    while (path.starts_with('/')) path.remove_prefix(1);
    while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    return path.empty() ? "." : path;
  }

  exec::Task<Going<>> tell(std::string_view path, fs::ErrorKind why) {
    CO_TRY(co_await tar_.leave_out(path, why));
    co_return Going<>{};
  }

  exec::Task<Going<>> add(std::string_view path) {
    std::string_view const name = name_of(path);
    for (std::string_view const component : archive::MemberName(name)) {
      if (component != "..") continue;
      CO_TRY(co_await tar_.leave_out(path, "a name with .. could not be unpacked"));
      co_return Going<>{};
    }
    auto const stat = co_await files().stat(directory(), path, {.follow_last = false});
    if (!stat) co_return co_await tell(path, stat.error().kind);
    bool const is_own = std::ranges::any_of(own_, [&](const fs::Stat& own) {
      return own.inode == stat->inode && own.file_system == stat->file_system;
    });
    if (is_own) co_return Going<>{};
    archive::NewMember member{.name = name,
                              .mode = stat->mode,
                              .modified = stat->modified,
                              .user_id = stat->user_id,
                              .group_id = stat->group_id};
    switch (stat->type) {
      case fs::NodeType::Directory: {
        member.type = archive::MemberType::Directory;
        CO_TRY(co_await write_member(member));
        co_return co_await push_entries(path);
      }
      case fs::NodeType::Symlink: {
        auto const text = co_await files().read_link(directory(), path, {.follow_last = false});
        if (!text) co_return co_await tell(path, text.error().kind);
        member.type = archive::MemberType::Symlink;
        member.link_target = *text;
        co_return co_await write_member(member);
      }
      case fs::NodeType::File: co_return co_await add_file(path, *stat, member);
      case fs::NodeType::CharacterDevice: break;
    }
    CO_TRY(co_await tar_.leave_out(path, "devices are left out"));
    co_return Going<>{};
  }

  exec::Task<Going<>> push_entries(std::string_view path) {
    auto opened = co_await files().open_directory(directory(), path);
    if (!opened) co_return co_await tell(path, opened.error().kind);
    usize const begin = left_.size();
    std::array<fs::DirectoryEntry, 64> entries;
    for (;;) {
      auto const count = opened->read(entries);
      if (!count) co_return co_await tell(path, count.error().kind);
      if (*count == 0) break;
      for (const fs::DirectoryEntry& entry : std::span(entries).first(*count)) {
        CO_TRY(base::String child,
               base::format("{}{}{}", path, path.ends_with('/') ? "" : "/", entry.name));
        CO_TRY(left_.try_push_back(std::move(child)));
      }
    }
    // The last is taken first.
    std::sort(left_.begin() + begin, left_.end(),
              [](const base::String& a, const base::String& b) { return a.view() > b.view(); });
    co_return Going<>{};
  }

  exec::Task<Going<>> add_file(std::string_view path, const fs::Stat& stat,
                               archive::NewMember member) {
    if (stat.links > 1) {
      std::pair const key(stat.file_system, stat.inode);
      auto* const place = std::ranges::lower_bound(linked_, key, {}, &Linked::key);
      if (place != linked_.end() && place->key() == key) {
        member.type = archive::MemberType::HardLink;
        member.link_target = place->name;
        co_return co_await write_member(member);
      }
    }
    auto file = co_await files().open(directory(), path);
    if (!file) co_return co_await tell(path, file.error().kind);
    if (stat.links > 1) {
      CO_TRY(base::String name, base::String::create(member.name));
      Linked linked{stat.file_system, stat.inode, std::move(name)};
      auto* const place = std::ranges::lower_bound(linked_, linked.key(), {}, &Linked::key);
      CO_TRY(linked_.try_insert(static_cast<usize>(place - linked_.begin()), std::move(linked)));
    }
    member.size = stat.size;
    CO_TRY(co_await write_member(member));
    std::array<u8, 8192> buffer;
    // The header has said how much comes, whatever happens to the file now.
    fs::ErrorKind problem = fs::ErrorKind::Closed;
    bool is_short = false;
    for (u64 left = member.size; left > 0;) {
      auto const part =
          std::span(buffer).first(static_cast<usize>(std::min<u64>(left, buffer.size())));
      usize count = part.size();
      if (!is_short) {
        auto const read = co_await file->read(part);
        is_short = !read || *read == 0;
        if (!read) problem = read.error().kind;
        if (read && *read != 0) count = *read;
      }
      if (is_short) std::ranges::fill(part, u8{0});
      CO_TRY(co_await output_.write(part.first(count)));
      left -= count;
      co_await tar_.call.pace();
    }
    CO_TRY(co_await output_.write(archive::padding_behind(member.size)));
    if (!is_short) co_return Going<>{};
    if (problem != fs::ErrorKind::Closed) co_return co_await tell(path, problem);
    CO_TRY(co_await tar_.leave_out(path, "became shorter; its end is zeros"));
    co_return Going<>{};
  }

  exec::Task<Going<>> write_member(const archive::NewMember& member) {
    base::Vector<u8> header;
    CO_TRY(archive::append_header(member, header));
    CO_TRY(co_await output_.write({header.data(), header.size()}));
    CO_TRY(co_await tar_.name_member(member.name));
    co_return Going<>{};
  }

  TarCall& tar_;
  Output& output_;
  std::span<const fs::Stat> own_;
  base::Vector<base::String> left_;  // paths, the next one last
  base::Vector<Linked> linked_;      // in the order of their keys
};

exec::Task<Going<>> write_archive(TarCall& tar, fs::Stream& out, std::span<const fs::Stat> own) {
  CO_TRY(auto output, Output::create(out, tar.is_compressed));
  Maker maker(tar, output, own);
  for (const base::String& top : tar.names) {
    CO_TRY(co_await maker.add_tree(top));
  }
  CO_TRY(co_await output.write(archive::end_of_archive()));
  CO_TRY(co_await output.finish());
  co_return Going<>{};
}

}  // namespace

exec::Task<fs::Result<void>> make_tar(TarCall& tar) {
  Invocation& call = tar.call;
  if (!tar.has_file()) {
    if (call.streams.out->is_terminal())
      co_return co_await tar.leave_out("-", "an archive is not for the eyes; use -f");
    base::Vector<fs::Stat> own;
    if (fs::OpenFile* const file = call.streams.out->as_file()) {
      CO_TRY(own.try_push_back(file->stat()));
    }
    auto const written = co_await write_archive(tar, *call.streams.out, {own.data(), own.size()});
    if (!written) co_return std::unexpected(written.error().error);
    co_return fs::Result<void>{};
  }
  auto file = co_await NewFile::create(call.services.files, call.directory(), tar.archive);
  if (!file) co_return co_await tar.leave_out(tar.archive, file.error().kind);
  base::Vector<fs::Stat> own;
  CO_TRY(own.try_push_back(file->file().stat()));
  auto const old = co_await call.services.files.stat(call.directory(), tar.archive);
  if (old) {
    CO_TRY(own.try_push_back(*old));
  }
  auto const written = co_await write_archive(tar, file->file(), {own.data(), own.size()});
  if (!written) co_return co_await tar.leave_out(tar.archive, written.error().error.kind);
  if (auto const moved = co_await file->commit(); !moved)
    co_return co_await tar.leave_out(tar.archive, moved.error().kind);
  co_return fs::Result<void>{};
}

}  // namespace nacre::shell::builtin
