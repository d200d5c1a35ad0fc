#include "kernel/process/start_directories.hpp"

#include <array>

#include "lib/base/try.hpp"

namespace nacre::process {
namespace {

/// A program needs none of its descriptors for more.
constexpr usize max_of_root = 64;

}  // namespace

exec::Task<fs::Result<StartDirectories>> StartDirectories::create(fs::Vfs& files,
                                                                  fs::Location working) {
  StartDirectories directories;
  CO_TRY(directories.add("/", files.root()));
  if (working != files.root()) {
    CO_TRY(co_await directories.add_of_root(files, working));
    CO_TRY(directories.add(".", working));
  }
  co_return std::move(directories);
}

exec::Task<fs::Result<void>> StartDirectories::add_of_root(fs::Vfs& files, fs::Location working) {
  CO_TRY(fs::Directory root, co_await files.open_directory(files.root(), "/"));
  for (;;) {
    fs::DirectoryEntry entry;
    CO_TRY(usize const count, root.read({&entry, 1}));
    if (count == 0 || directories_.size() > max_of_root) break;
    if (entry.type != fs::NodeType::Directory) continue;
    CO_TRY(auto name, base::String::create("/"));
    CO_TRY(name.append(entry.name));
    bool const is_hidden = (co_await files.locate(working, name.view().substr(1))).has_value();
    auto const found = co_await files.locate(files.root(), name);
    if (is_hidden || !found) continue;
    CO_TRY(add(name, *found));
  }
  co_return fs::Result<void>();
}

std::expected<void, base::OutOfMemory> StartDirectories::add(std::string_view name,
                                                             fs::Location directory) {
  TRY(auto text, base::String::create(name));
  TRY(auto kept, base::try_make<base::String>(std::move(text)));
  TRY(directories_.try_push_back({kept->view(), directory}));
  return names_.try_push_back(std::move(kept));
}

}  // namespace nacre::process
