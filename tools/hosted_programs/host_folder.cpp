#include "tools/hosted_programs/host_folder.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <vector>

namespace nacre::tools {
namespace {

namespace host = std::filesystem;
using Copied = std::expected<void, std::string>;

/// Runs an operation of the file system, and says of which file it fails.
template <class T>
Copied do_for(HostMachine& machine, const host::path& path, exec::Task<fs::Result<T>> task) {
  auto const done = machine.finish(std::move(task));
  if (done && *done) return {};
  std::string_view const why =
      done ? fs::describe(done->error().kind) : std::string_view("out of memory");
  return std::unexpected(path.string() + ": " + std::string(why));
}

exec::Task<fs::Result<void>> write_file(fs::Vfs& files, std::string_view path,
                                        std::span<const u8> bytes) {
  CO_TRY(auto file, co_await files.open(files.root(), path,
                                        {.access = {.read = true, .write = true}, .create = true}));
  co_return co_await fs::write_all(file, bytes);
}

base::UnixTime time_of(const timespec& time) {
  return {time.tv_sec, static_cast<base::u32>(time.tv_nsec)};
}

Copied copy(HostMachine& machine, const host::path& from, const std::string& to) {
  fs::Vfs& files = machine.files();
  std::error_code error;
  host::file_status const status = host::symlink_status(from, error);
  if (host::is_symlink(status)) {
    std::string const text = host::read_symlink(from, error).string();
    return do_for(machine, from, files.create_symlink(text, files.root(), to));
  }
  if (host::is_directory(status)) {
    TRY(do_for(machine, from, files.create_directory(files.root(), to)));
    std::vector<host::path> names;
    for (auto const& entry : host::directory_iterator(from, error))
      names.push_back(entry.path().filename());
    if (error) return std::unexpected(from.string() + ": " + error.message());
    std::ranges::sort(names);
    for (host::path const& name : names) {
      TRY(copy(machine, from / name, to + "/" + name.string()));
    }
  } else {
    std::ifstream file(from, std::ios::binary);
    if (!host::is_regular_file(status) || !file)
      return std::unexpected(from.string() + ": cannot be read");
    std::vector<u8> const bytes{std::istreambuf_iterator<char>(file), {}};
    TRY(do_for(machine, from, write_file(files, to, bytes)));
  }
  struct stat known{};
  if (stat(from.c_str(), &known) != 0) return {};
  return do_for(machine, from,
                files.set_times(files.root(), to, time_of(known.st_atim), time_of(known.st_mtim)));
}

}  // namespace

std::expected<void, std::string> copy_folder(HostMachine& machine, const host::path& folder,
                                             const std::string& to) {
  if (!host::is_directory(folder)) return std::unexpected(folder.string() + ": is no folder");
  return copy(machine, host::canonical(folder), to);
}

}  // namespace nacre::tools
