#include <algorithm>
#include <array>

#include "kernel/fs/path.hpp"
#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/builtins/calendar.hpp"
#include "kernel/shell/builtins/inputs.hpp"
#include "kernel/shell/builtins/mode.hpp"
#include "kernel/shell/builtins/sizes.hpp"
#include "kernel/shell/builtins/walk.hpp"
#include "lib/base/try.hpp"

/// What looks at files and at all that is below a directory.
namespace nacre::shell::builtin {
namespace {

/// Bytes that a file takes, in KiB.
u64 kibibytes(u64 bytes) { return (bytes + 1023) / 1024; }

std::string_view type_name(fs::NodeType type) {
  switch (type) {
    case fs::NodeType::File: return "regular file";
    case fs::NodeType::Directory: return "directory";
    case fs::NodeType::Symlink: return "symbolic link";
    case fs::NodeType::CharacterDevice: return "character special file";
  }
  return "";
}

/// A line of `stat -c`.
std::expected<base::String, base::OutOfMemory> formatted(std::string_view format,
                                                         std::string_view path,
                                                         const fs::Stat& stat) {
  base::String text;
  base::StringSink sink(text);
  for (usize i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 == format.size()) {
      sink.write(format.substr(i, 1));
      continue;
    }
    switch (format[++i]) {
      case 'n': sink.write(path); break;
      case 's': base::format_to(sink, "{}", stat.size); break;
      case 'a': base::format_to(sink, "{:o}", stat.mode); break;
      case 'A': {
        auto const mode = mode_text(stat);
        sink.write({mode.data(), mode.size()});
        break;
      }
      case 'F':
        sink.write(stat.type == fs::NodeType::File && stat.size == 0 ? "regular empty file"
                                                                     : type_name(stat.type));
        break;
      case 'h': base::format_to(sink, "{}", stat.links); break;
      case 'i': base::format_to(sink, "{}", stat.inode); break;
      case 'd': base::format_to(sink, "{}", stat.file_system); break;
      case 'u': base::format_to(sink, "{}", stat.user_id); break;
      case 'g': base::format_to(sink, "{}", stat.group_id); break;
      case 'X': base::format_to(sink, "{}", stat.accessed.seconds); break;
      case 'Y': base::format_to(sink, "{}", stat.modified.seconds); break;
      case 'Z': base::format_to(sink, "{}", stat.changed.seconds); break;
      case '%': sink.write("%"); break;
      default: sink.write(format.substr(i - 1, 2)); break;
    }
  }
  sink.write("\n");
  TRY(sink.result());
  return text;
}

}  // namespace

exec::Task<fs::Result<int>> tree(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  CO_TRY(auto const deepest, co_await number_option(call, *options, 'L', UINT64_MAX));
  if (!deepest) co_return status::usage;
  if (*deepest == 0) {
    CO_TRY(co_await complain(call, "1 is the least depth; see tree --help"));
    co_return status::usage;
  }
  // What is not shown is left out before it is known which is the last of its directory.
  auto const hides = [&](std::string_view name, const fs::Stat& stat) {
    return (!options->has('a') && name.starts_with('.')) ||
           (options->has('d') && stat.type != fs::NodeType::Directory);
  };
  // Whether more comes in the directory at each depth.
  base::Vector<bool> goes_on;
  u64 directories = 0;
  u64 files = 0;
  int result = status::success;
  for (usize i = 0; i < std::max<usize>(options->operands().size(), 1); ++i) {
    std::string_view const root = options->operands().empty() ? "." : options->operands()[i].view();
    CO_TRY(base::String const shown_root, printable(root));
    CO_TRY(co_await print(*call.streams.out, "{}\n", shown_root.view()));
    Walk walk(call);
    walk.set_limit(*deepest);
    walk.set_filter(hides);
    CO_TRY(co_await walk.begin(root));
    for (;;) {
      CO_TRY(auto const visit, co_await walk.next());
      if (!visit) break;
      if (visit->depth == 0) continue;
      CO_TRY(goes_on.try_resize(visit->depth));
      goes_on[visit->depth - 1] = !visit->is_last;
      ++(visit->stat.type == fs::NodeType::Directory ? directories : files);
      base::String line;
      base::StringSink sink(line);
      for (usize above = 0; above + 1 < visit->depth; ++above)
        sink.write(goes_on[above] ? "│   " : "    ");
      CO_TRY(base::String const name, printable(fs::last_name(visit->path)));
      base::format_to(sink, "{}{}\n", visit->is_last ? "└── " : "├── ", name.view());
      CO_TRY(sink.result());
      CO_TRY(co_await write_text(*call.streams.out, std::move(line)));
    }
    result = std::max(result, walk.status());
  }
  base::String count;
  base::StringSink sink(count);
  base::format_to(sink, "\n{} directories", directories);
  if (!options->has('d')) base::format_to(sink, ", {} files", files);
  sink.write("\n");
  CO_TRY(sink.result());
  CO_TRY(co_await write_text(*call.streams.out, std::move(count)));
  co_return result;
}

exec::Task<fs::Result<int>> du(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  int result = status::success;
  usize const count = std::max<usize>(options->operands().size(), 1);
  auto const show = [&](u64 kib, std::string_view path) -> exec::Task<fs::Result<void>> {
    if (options->has('h'))
      co_return co_await print(*call.streams.out, "{}\t{}\n", HumanSize{kib << 10}, path);
    co_return co_await print(*call.streams.out, "{}\t{}\n", kib, path);
  };
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
        CO_TRY(co_await show(sum.size, sum.path));
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
        if (options->has('a') && !options->has('s')) {
          CO_TRY(co_await show(kibibytes(visit->stat.size), visit->path));
        }
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
    if (auto const format = options->value('c')) {
      CO_TRY(co_await write_text(*call.streams.out, formatted(*format, path, *stat)));
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
