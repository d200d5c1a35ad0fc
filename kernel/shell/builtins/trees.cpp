#include <algorithm>
#include <array>

#include "kernel/fs/path.hpp"
#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/builtins/calendar.hpp"
#include "kernel/shell/builtins/inputs.hpp"
#include "kernel/shell/builtins/mode.hpp"
#include "lib/base/try.hpp"
#include "lib/shell/pattern.hpp"

/// What looks at files and at all that is below a directory.
namespace nacre::shell::builtin {
namespace {

/// A file or directory on a walk through a tree.
struct Visit {
  base::String path;
  fs::Stat stat{};
  usize depth = 0;
  bool is_last = false;  // of its directory
};

/// Walks through a tree, a directory before what is in it, in the order of the names. What cannot
/// be read is told.
class Walk {
 public:
  explicit Walk(Invocation& call) : call_(call) {}

  int status() const { return status_; }

  exec::Task<fs::Result<void>> begin(std::string_view path) {
    CO_TRY(base::String copy, base::String::create(path));
    co_return co_await add(std::move(copy), 0, true);
  }
  /// The next one; nothing at the end.
  exec::Task<fs::Result<std::optional<Visit>>> next() {
    if (left_.empty()) co_return std::nullopt;
    co_await call_.pace();
    Visit visit = std::move(left_.back());
    left_.pop_back();
    if (visit.stat.type == fs::NodeType::Directory) {
      CO_TRY(co_await add_inside(visit));
    }
    co_return visit;
  }

 private:
  exec::Task<fs::Result<void>> add(base::String path, usize depth, bool is_last) {
    auto const stat =
        co_await call_.services.files.stat(call_.directory(), path, {.follow_last = false});
    if (!stat) co_return co_await tell(path, stat.error());
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
    for (base::String& name : names) {
      bool const is_last = &name == names.begin();
      CO_TRY(co_await add(std::move(name), visit.depth + 1, is_last));
    }
    co_return fs::Result<void>{};
  }

  Invocation& call_;
  base::Vector<Visit> left_;
  int status_ = status::success;
};

/// What `find` looks for. [posix/xcu: "find"]
struct Wanted {
  std::optional<Pattern> name;
  std::optional<fs::NodeType> type;
  u64 max_depth = UINT64_MAX;
};

std::optional<fs::NodeType> type_of(std::string_view letter) {
  if (letter == "f") return fs::NodeType::File;
  if (letter == "d") return fs::NodeType::Directory;
  if (letter == "l") return fs::NodeType::Symlink;
  if (letter == "c") return fs::NodeType::CharacterDevice;
  return std::nullopt;
}

/// Takes tests; false where there is one that is not known.
std::expected<bool, base::OutOfMemory> take_tests(std::span<const base::String> words,
                                                  Wanted& wanted) {
  for (; !words.empty(); words = words.subspan(std::min<usize>(words.size(), 2))) {
    if (words[0] == "-print") {
      if (words.size() == 1) return true;
      return take_tests(words.subspan(1), wanted);
    }
    if (words.size() < 2) return false;
    if (words[0] == "-name") {
      TRY(wanted.name, Pattern::create(words[1]));
    } else if (words[0] == "-type") {
      wanted.type = type_of(words[1]);
      if (!wanted.type) return false;
    } else if (words[0] == "-maxdepth") {
      auto const depth = parse_number(words[1]);
      if (!depth) return false;
      wanted.max_depth = *depth;
    } else {
      return false;
    }
  }
  return true;
}

/// Bytes that a file takes, in KiB.
u64 kibibytes(u64 bytes) { return (bytes + 1023) / 1024; }

}  // namespace

exec::Task<fs::Result<int>> find(Invocation& call) {
  std::span<const base::String> const words = call.arguments.subspan(1);
  usize paths = 0;
  while (paths < words.size() && !words[paths].view().starts_with('-')) ++paths;
  Wanted wanted;
  CO_TRY(bool const is_fine, take_tests(words.subspan(paths), wanted));
  if (!is_fine) {
    CO_TRY(co_await complain(call, "a test is not known, or its value; see find --help"));
    co_return status::usage;
  }
  int result = status::success;
  for (usize i = 0; i < std::max<usize>(paths, 1); ++i) {
    Walk walk(call);
    CO_TRY(co_await walk.begin(paths == 0 ? "." : words[i].view()));
    for (;;) {
      CO_TRY(auto visit, co_await walk.next());
      if (!visit) break;
      std::string_view const path = visit->path;
      std::string_view const last = fs::last_name(path);
      bool const is_wanted = visit->depth <= wanted.max_depth &&
                             (!wanted.type || visit->stat.type == *wanted.type) &&
                             (!wanted.name || wanted.name->matches(last.empty() ? path : last));
      if (!is_wanted) continue;
      CO_TRY(co_await print(*call.streams.out, "{}\n", path));
    }
    result = std::max(result, walk.status());
  }
  co_return result;
}

exec::Task<fs::Result<int>> tree(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  std::string_view const root = options->operands().empty() ? "." : options->operands()[0].view();
  CO_TRY(base::String const shown_root, printable(root));
  CO_TRY(co_await print(*call.streams.out, "{}\n", shown_root.view()));
  Walk walk(call);
  CO_TRY(co_await walk.begin(root));
  // Whether more comes in the directory at each depth.
  base::Vector<bool> goes_on;
  u64 directories = 0;
  u64 files = 0;
  for (;;) {
    CO_TRY(auto const visit, co_await walk.next());
    if (!visit) break;
    if (visit->depth == 0) continue;
    CO_TRY(goes_on.try_resize(visit->depth));
    goes_on[visit->depth - 1] = !visit->is_last;
    ++(visit->stat.type == fs::NodeType::Directory ? directories : files);
    base::String line;
    base::StringSink sink(line);
    for (usize i = 0; i + 1 < visit->depth; ++i) sink.write(goes_on[i] ? "│   " : "    ");
    CO_TRY(base::String const name, printable(fs::last_name(visit->path)));
    base::format_to(sink, "{}{}\n", visit->is_last ? "└── " : "├── ", name.view());
    CO_TRY(sink.result());
    CO_TRY(co_await write_text(*call.streams.out, std::move(line)));
  }
  CO_TRY(co_await print(*call.streams.out, "\n{} directories, {} files\n", directories, files));
  co_return walk.status();
}

exec::Task<fs::Result<int>> du(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  int result = status::success;
  usize const count = std::max<usize>(options->operands().size(), 1);
  for (usize i = 0; i < count; ++i) {
    std::string_view const root = options->operands().empty() ? "." : options->operands()[i].view();
    Walk walk(call);
    CO_TRY(co_await walk.begin(root));
    // The directories that are open, from the outermost on, and what is in them so far.
    struct Sum {
      base::String path;
      u64 size = 0;
    };
    base::Vector<Sum> open;
    auto const close = [&](usize depth) -> exec::Task<fs::Result<void>> {
      while (open.size() > depth) {
        Sum const sum = std::move(open.back());
        open.pop_back();
        if (!open.empty()) open.back().size += sum.size;
        if (options->has('s') && !open.empty()) continue;
        CO_TRY(co_await print(*call.streams.out, "{}\t{}\n", sum.size, sum.path.view()));
      }
      co_return fs::Result<void>{};
    };
    for (;;) {
      CO_TRY(auto visit, co_await walk.next());
      if (!visit) break;
      CO_TRY(co_await close(visit->depth));
      if (visit->stat.type == fs::NodeType::Directory || visit->depth == 0) {
        u64 const own = visit->stat.type == fs::NodeType::Directory ? 0 : visit->stat.size;
        CO_TRY(open.try_push_back({std::move(visit->path), kibibytes(own)}));
      } else if (!open.empty()) {
        open.back().size += kibibytes(visit->stat.size);
      }
    }
    CO_TRY(co_await close(0));
    result = std::max(result, walk.status());
  }
  co_return result;
}

exec::Task<fs::Result<int>> stat(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  if (options->operands().empty()) {
    CO_TRY(co_await complain(call, "a file is missing; see stat --help"));
    co_return status::usage;
  }
  int result = status::success;
  for (const base::String& path : options->operands()) {
    auto const stat = co_await call.services.files.stat(call.directory(), path,
                                                        {.follow_last = options->has('L')});
    if (!stat) {
      if (stat.error().kind == fs::ErrorKind::OutOfMemory) co_return std::unexpected(stat.error());
      CO_TRY(co_await complain_about(call, path, stat.error()));
      result = status::failure;
      continue;
    }
    auto const mode = mode_text(*stat);
    CO_TRY(base::String const shown, printable(path));
    base::String text;
    base::StringSink sink(text);
    base::format_to(sink, "{}\n  size {}  mode {} {:o}  names {}  number {} in file system {}\n",
                    shown.view(), stat->size, std::string_view(mode.data(), mode.size()),
                    stat->mode, stat->links, stat->inode, stat->file_system);
    auto const write_time = [&](std::string_view name, base::UnixTime when) {
      CalendarTime const time = calendar_time(when);
      base::format_to(sink, "  {} {:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:09}\n", name, time.year,
                      time.month, time.day, time.hour, time.minute, time.second, when.nanoseconds);
    };
    write_time("read    ", stat->accessed);
    write_time("modified", stat->modified);
    write_time("changed ", stat->changed);
    CO_TRY(sink.result());
    CO_TRY(co_await write_text(*call.streams.out, std::move(text)));
  }
  co_return result;
}

}  // namespace nacre::shell::builtin
