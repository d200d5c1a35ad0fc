#pragma once

#include <optional>
#include <utility>

#include "kernel/fs/path.hpp"
#include "kernel/shell/builtin.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell::builtin {

/// A file that is written beside the place where it is to be, and moved there once it is whole:
/// what was there before stays until then, and stays for good if this goes without `commit`. The
/// permissions stay as they were. A device is written to itself.
class NewFile {
 public:
  /// `path` starts at `start`.
  static exec::Task<fs::Result<NewFile>> create(fs::Vfs& files, fs::Location start,
                                                std::string_view path, fs::WalkOptions walk = {}) {
    auto const there = co_await files.stat(start, path, walk);
    if (there && there->type == fs::NodeType::Directory)
      co_return fs::fail(fs::ErrorKind::IsADirectory);
    fs::OpenOptions options{.access = {.read = false, .write = true}, .walk = walk};
    if (there && there->type == fs::NodeType::CharacterDevice) {
      CO_TRY(auto file, co_await files.open(start, path, options));
      co_return NewFile(files, std::move(file));
    }
    if (there && there->type == fs::NodeType::File) options.mode = there->mode;
    CO_TRY(base::String const place, co_await end_of_links(files, start, path, walk));
    std::string_view const name = fs::last_name(place);
    if (name.empty() || place.view().ends_with('/')) co_return fs::fail(fs::ErrorKind::NoName);
    std::string_view const directory = place.view().substr(0, place.size() - name.size());
    CO_TRY(auto const location,
           co_await files.locate(start, directory.empty() ? "." : directory, walk));
    fs::HeldNode held(location);
    CO_TRY(base::String wanted, base::String::create(name));
    options.create = options.exclusive = true;
    for (u32 number = 0; number < most_names; ++number) {
      CO_TRY(base::String temporary, base::format(".{}.part", number));
      auto file = co_await files.open(location, temporary, options);
      if (file)
        co_return NewFile(files, std::move(*file),
                          Place{std::move(held), std::move(temporary), std::move(wanted)});
      if (file.error().kind != fs::ErrorKind::AlreadyExists) co_return fs::fail(file.error().kind);
    }
    co_return fs::fail(fs::ErrorKind::AlreadyExists);
  }
  NewFile(NewFile&& other) noexcept
      : files_(other.files_),
        file_(std::move(other.file_)),
        place_(std::exchange(other.place_, std::nullopt)) {}
  NewFile& operator=(NewFile&&) = delete;
  ~NewFile() {
    if (!place_) return;
    // At once, for nothing can be waited for here. It needs no memory.
    static_cast<void>(place_->directory.file_system().remove(
        place_->directory.node(), place_->temporary, fs::NodeType::File));
  }

  fs::OpenFile& file() { return file_; }
  /// It is whole.
  exec::Task<fs::Result<void>> commit() {
    if (!place_) co_return fs::Result<void>{};
    fs::Location const directory = place_->directory.location();
    auto const moved =
        co_await files_->rename(directory, place_->temporary, directory, place_->name);
    if (!moved) co_return fs::fail(moved.error().kind);
    place_.reset();
    co_return fs::Result<void>{};
  }

 private:
  static constexpr u32 most_names = 1000;

  struct Place {
    fs::HeldNode directory;
    base::String temporary;
    base::String name;
  };

  /// Where symbolic links lead, whether or not there is something.
  static exec::Task<fs::Result<base::String>> end_of_links(fs::Vfs& files, fs::Location start,
                                                           std::string_view path,
                                                           fs::WalkOptions walk) {
    CO_TRY(base::String place, base::String::create(path));
    if (!walk.follow_last) co_return place;
    walk.follow_last = false;
    for (usize links = 0; links <= fs::max_links; ++links) {
      auto const text = co_await files.read_link(start, place, walk);
      if (!text) {
        if (text.error().kind == fs::ErrorKind::OutOfMemory) co_return fs::fail(text.error().kind);
        co_return place;
      }
      // It begins where the link is, or at the root.
      usize const kept =
          text->view().starts_with('/') ? 0 : place.size() - fs::last_name(place).size();
      place.truncate(kept);
      CO_TRY(place.append(*text));
    }
    co_return fs::fail(fs::ErrorKind::TooManyLinks);
  }

  NewFile(fs::Vfs& files, fs::OpenFile file, std::optional<Place> place = std::nullopt)
      : files_(&files), file_(std::move(file)), place_(std::move(place)) {}

  fs::Vfs* files_;
  fs::OpenFile file_;
  std::optional<Place> place_;  // nothing for a device, and once it was moved
};

}  // namespace nacre::shell::builtin
