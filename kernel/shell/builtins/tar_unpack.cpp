#include <algorithm>

#include "kernel/fs/path.hpp"
#include "kernel/shell/builtins/new_file.hpp"
#include "kernel/shell/builtins/tar.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell::builtin {
namespace {

using archive::Member;
using archive::MemberType;

/// How much is written at a time.
constexpr usize piece = 65'536;

/// Puts members into a directory, and nowhere else: no name leads out of it, nor through a symbolic
/// link, which an archive could have made for that.
class Unpacker {
 public:
  explicit Unpacker(TarCall& tar) : tar_(tar) {}

  /// False when there is no room for any more.
  exec::Task<fs::Result<bool>> unpack(const Member& member, std::string_view name) {
    auto done = co_await make_parents(name);
    if (done) done = co_await make(member, name);
    if (done) {
      CO_TRY(co_await tar_.name_member(name));
      co_return true;
    }
    CO_TRY(co_await tar_.leave_out(name, done.error().kind));
    co_return done.error().kind != fs::ErrorKind::NoSpace;
  }
  exec::Task<fs::Result<bool>> refuse(std::string_view name, std::string_view why) {
    CO_TRY(co_await tar_.leave_out(name, why));
    co_return true;
  }

  /// What was put into directories has changed their times.
  exec::Task<fs::Result<void>> set_directory_times() {
    for (const Directory& directory : directories_)
      static_cast<void>(co_await files().set_times(root(), directory.name, std::nullopt,
                                                   directory.modified, itself));
    co_return fs::Result<void>{};
  }

 private:
  struct Directory {
    base::String name;
    base::UnixTime modified;
  };
  static constexpr fs::WalkOptions itself{.follow_last = false, .beneath = true};

  fs::Vfs& files() { return tar_.call.services.files; }
  fs::Location root() const { return tar_.directory->location(); }

  /// Makes the directories on the way. Errors: TooManyLinks for a symbolic link among them.
  exec::Task<fs::Result<void>> make_parents(std::string_view name) {
    for (usize slash = name.find('/'); slash != name.npos; slash = name.find('/', slash + 1)) {
      std::string_view const parent = name.substr(0, slash);
      auto const there = co_await files().stat(root(), parent, itself);
      if (there && there->type == fs::NodeType::Symlink)
        co_return fs::fail(fs::ErrorKind::OutsideDirectory);
      if (there && there->type != fs::NodeType::Directory)
        co_return fs::fail(fs::ErrorKind::NotADirectory);
      if (there) continue;
      if (there.error().kind != fs::ErrorKind::NotFound) co_return fs::fail(there.error().kind);
      CO_TRY(co_await files().create_directory(root(), parent, itself));
      static_cast<void>(co_await files().set_mode(root(), parent, 0755, itself));
    }
    co_return fs::Result<void>{};
  }

  exec::Task<fs::Result<void>> make(const Member& member, std::string_view name) {
    switch (member.type) {
      case MemberType::Directory: co_return co_await make_directory(member, name);
      case MemberType::File: {
        CO_TRY(co_await make_file(member, name));
        break;
      }
      case MemberType::Symlink: {
        CO_TRY(co_await make_way(name));
        CO_TRY(co_await files().create_symlink(member.link_target, root(), name, itself));
        break;
      }
      case MemberType::HardLink: co_return co_await make_hard_link(member, name);
      default: co_return fs::fail(fs::ErrorKind::NotSupported);
    }
    static_cast<void>(co_await files().set_mode(root(), name, member.mode, itself));
    co_return co_await files().set_times(root(), name, std::nullopt, member.modified, itself);
  }

  exec::Task<fs::Result<void>> make_directory(const Member& member, std::string_view name) {
    auto const there = co_await files().stat(root(), name, itself);
    if (!there || there->type != fs::NodeType::Directory) {
      CO_TRY(co_await make_way(name));
      CO_TRY(co_await files().create_directory(root(), name, itself));
    }
    if (name == ".") co_return fs::Result<void>{};
    static_cast<void>(co_await files().set_mode(root(), name, member.mode, itself));
    CO_TRY(base::String copy, base::String::create(name));
    CO_TRY(directories_.try_push_back({std::move(copy), member.modified}));
    co_return fs::Result<void>{};
  }

  /// Removes a file or link whose name something else is to have.
  exec::Task<fs::Result<void>> make_way(std::string_view name) {
    auto const there = co_await files().stat(root(), name, itself);
    if (!there) co_return fs::Result<void>{};
    if (there->type == fs::NodeType::Directory) co_return fs::fail(fs::ErrorKind::IsADirectory);
    co_return co_await files().remove_file(root(), name, itself);
  }

  exec::Task<fs::Result<void>> make_hard_link(const Member& member, std::string_view name) {
    CO_TRY(base::String const target, archive::MemberName(member.link_target).to_string());
    for (usize slash = target.view().find('/'); slash != std::string_view::npos;
         slash = target.view().find('/', slash + 1)) {
      auto const there = co_await files().stat(root(), target.view().substr(0, slash), itself);
      if (there && there->type == fs::NodeType::Symlink)
        co_return fs::fail(fs::ErrorKind::OutsideDirectory);
    }
    CO_TRY(auto const from, co_await files().stat(root(), target, itself));
    auto const there = co_await files().stat(root(), name, itself);
    if (there && there->inode == from.inode && there->file_system == from.file_system)
      co_return fs::Result<void>{};
    CO_TRY(co_await make_way(name));
    co_return co_await files().link(root(), target, root(), name, itself);
  }

  exec::Task<fs::Result<void>> make_file(const Member& member, std::string_view name) {
    CO_TRY(auto target, co_await NewFile::create(files(), root(), name, itself));
    fs::OpenFile& file = target.file();
    if (!member.sparse_map) {
      CO_TRY(co_await write(file, 0, member.data));
    } else {
      // Its holes need not be written.
      CO_TRY(file.resize(member.size));
      std::span<const u8> data = member.data;
      archive::SparseMap::Cursor cursor(*member.sparse_map);
      while (auto const segment = cursor.next()) {
        auto const size = static_cast<usize>(std::min<u64>(segment->size, data.size()));
        CO_TRY(co_await write(file, segment->offset, data.first(size)));
        data = data.subspan(size);
        co_await tar_.call.pace();
      }
    }
    co_return co_await target.commit();
  }

  exec::Task<fs::Result<void>> write(fs::OpenFile& file, u64 offset, std::span<const u8> bytes) {
    while (!bytes.empty()) {
      auto const part = bytes.first(std::min(bytes.size(), piece));
      CO_TRY(usize const count, co_await file.write_at(offset, part));
      offset += count;
      bytes = bytes.subspan(count);
      co_await tar_.call.pace();
    }
    co_return fs::Result<void>{};
  }

  TarCall& tar_;
  base::Vector<Directory> directories_;
};

/// Why a member is not unpacked whatever is there; empty for one that may be.
std::string_view refusal(const Member& member) {
  if (member.truncated) return "is cut off, and left out";
  switch (member.type) {
    case MemberType::CharacterDevice:
    case MemberType::BlockDevice: return "devices are not made";
    case MemberType::Fifo: return "pipes are not made";
    default: return {};
  }
}

}  // namespace

exec::Task<fs::Result<void>> unpack_tar(TarCall& tar) {
  CO_TRY(auto const bytes, co_await TarBytes::read(tar));
  if (!bytes) co_return fs::Result<void>{};
  TarMembers members(tar, bytes->bytes());
  Unpacker unpacker(tar);
  for (bool goes_on = true; goes_on;) {
    CO_TRY(auto const next, co_await members.next());
    if (!next) break;
    std::string_view const why = refusal(next->member);
    if (why.empty()) {
      CO_TRY(goes_on, co_await unpacker.unpack(next->member, next->name));
    } else {
      CO_TRY(co_await unpacker.refuse(next->name, why));
    }
  }
  co_return co_await unpacker.set_directory_times();
}

}  // namespace nacre::shell::builtin
