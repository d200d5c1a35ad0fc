#include <algorithm>
#include <array>

#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/builtins/calendar.hpp"
#include "kernel/shell/builtins/mode.hpp"
#include "kernel/shell/builtins/sizes.hpp"
#include "lib/base/try.hpp"
#include "lib/text/utf8.hpp"
#include "lib/text/width.hpp"

namespace nacre::shell::builtin {
namespace {

struct Entry {
  base::String real_name;
  base::String name;  // as it is shown
  usize width = 0;    // in columns
  fs::Stat stat;
  base::String link;  // where a symbolic link leads, with -l
};

/// How a listing looks.
struct Style {
  enum class Order : u8 { Name, Time, Size };
  bool hidden_too = false;
  bool dots_too = false;  // `.` and `..`
  bool detailed = false;
  bool colored = false;
  bool human_sizes = false;
  bool marks_types = false;
  bool marks_directories = false;
  bool shows_numbers = false;
  Order order = Order::Name;
  bool is_reversed = false;
  usize columns = 0;  // of the terminal; 0 is one name in each row
};

/// What `-F` or `-p` puts behind a name. [posix/xcu: "ls"]
std::string_view mark_of(const Style& style, const fs::Stat& stat) {
  bool const is_marked =
      style.marks_types || (style.marks_directories && stat.type == fs::NodeType::Directory);
  if (!is_marked) return "";
  switch (stat.type) {
    case fs::NodeType::Directory: return "/";
    case fs::NodeType::Symlink: return "@";
    case fs::NodeType::File: return (stat.mode & 0111) != 0 ? "*" : "";
    case fs::NodeType::CharacterDevice: return "";
  }
  return "";
}

bool is_before(const Style& style, const Entry& left, const Entry& right) {
  const Entry& a = style.is_reversed ? right : left;
  const Entry& b = style.is_reversed ? left : right;
  if (style.order == Style::Order::Time && a.stat.modified != b.stat.modified)
    return a.stat.modified > b.stat.modified;
  if (style.order == Style::Order::Size && a.stat.size != b.stat.size)
    return a.stat.size > b.stat.size;
  return a.name.view() < b.name.view();
}

std::string_view color_of(const Entry& entry) {
  switch (entry.stat.type) {
    case fs::NodeType::Directory: return "\x1b[1;34m";
    case fs::NodeType::Symlink: return "\x1b[36m";
    case fs::NodeType::CharacterDevice: return "\x1b[33m";
    case fs::NodeType::File: break;
  }
  return entry.name.view().ends_with(".wasm") ? "\x1b[32m" : "";
}

void write_name(base::Sink& sink, const Style& style, const Entry& entry) {
  std::string_view const color = style.colored ? color_of(entry) : "";
  sink.write(color);
  sink.write(entry.name);
  if (!color.empty()) sink.write("\x1b[0m");
  if (!style.detailed || entry.link.empty()) sink.write(mark_of(style, entry.stat));
}

void write_detailed(base::Sink& sink, const Style& style, std::span<const Entry> entries) {
  auto const size_text = [&](u64 size) {
    return style.human_sizes ? base::FixedText<24>("{}", HumanSize{size})
                             : base::FixedText<24>("{}", size);
  };
  usize size_width = 0;
  for (const Entry& entry : entries)
    size_width = std::max(size_width, size_text(entry.stat.size).view().size());
  for (const Entry& entry : entries) {
    auto const mode = mode_text(entry.stat);
    auto const size = size_text(entry.stat.size);
    if (style.shows_numbers) base::format_to(sink, "{:>6} ", entry.stat.inode);
    sink.write({mode.data(), mode.size()});
    for (usize i = size.view().size(); i < size_width + 1; ++i) sink.write(" ");
    base::format_to(sink, "{} ", size.view());
    CalendarTime const time = calendar_time(entry.stat.modified);
    base::format_to(sink, "{:04}-{:02}-{:02} {:02}:{:02}", time.year, time.month, time.day,
                    time.hour, time.minute);
    sink.write(" ");
    write_name(sink, style, entry);
    if (!entry.link.empty()) base::format_to(sink, " -> {}", entry.link.view());
    sink.write("\n");
  }
}

/// Names in columns, downwards first.
void write_columns(base::Sink& sink, const Style& style, std::span<const Entry> entries) {
  usize widest = 0;
  for (const Entry& entry : entries) widest = std::max(widest, entry.width);
  usize const extra = (style.shows_numbers ? 7 : 0);
  usize const columns = std::max<usize>(1, style.columns / (widest + extra + 2));
  usize const rows = (entries.size() + columns - 1) / columns;
  for (usize row = 0; row < rows; ++row) {
    for (usize at = row; at < entries.size(); at += rows) {
      if (style.shows_numbers) base::format_to(sink, "{:>6} ", entries[at].stat.inode);
      write_name(sink, style, entries[at]);
      if (at + rows < entries.size())
        for (usize i = entries[at].width; i < widest + 2; ++i) sink.write(" ");
    }
    sink.write("\n");
  }
}

exec::Task<fs::Result<void>> write_entries(Invocation& call, const Style& style,
                                           std::span<const Entry> entries) {
  base::String text;
  base::StringSink sink(text);
  if (style.detailed) {
    write_detailed(sink, style, entries);
  } else {
    write_columns(sink, style, entries);
  }
  CO_TRY(sink.result());
  CO_TRY(co_await write_text(*call.streams.out, std::move(text)));
  co_return fs::Result<void>{};
}

exec::Task<fs::Result<Entry>> make_entry(Invocation& call, fs::Location directory,
                                         std::string_view name, const Style& style) {
  Entry entry;
  fs::WalkOptions const no_follow{.follow_last = false};
  CO_TRY(entry.stat, co_await call.services.files.stat(directory, name, no_follow));
  if (style.detailed && entry.stat.type == fs::NodeType::Symlink) {
    CO_TRY(base::String const link,
           co_await call.services.files.read_link(directory, name, no_follow));
    CO_TRY(entry.link, printable(link));
  }
  CO_TRY(entry.name, printable(name));
  CO_TRY(entry.real_name, base::String::create(name));
  text::for_each_codepoint(
      entry.name, [&](char32_t codepoint) { entry.width += text::codepoint_width(codepoint); });
  entry.width += mark_of(style, entry.stat).size();
  co_return entry;
}

exec::Task<fs::Result<base::Vector<Entry>>> read_directory(Invocation& call, std::string_view path,
                                                           const Style& style) {
  CO_TRY(auto directory, co_await call.services.files.open_directory(call.directory(), path));
  base::Vector<Entry> entries;
  if (style.dots_too) {
    for (std::string_view const name : {".", ".."}) {
      CO_TRY(auto entry, co_await make_entry(call, directory.location(), name, style));
      CO_TRY(entries.try_push_back(std::move(entry)));
    }
  }
  for (;;) {
    std::array<fs::DirectoryEntry, 32> some;
    CO_TRY(usize const count, directory.read(some));
    if (count == 0) break;
    for (const fs::DirectoryEntry& found : std::span(some).first(count)) {
      if (found.name.starts_with('.') && !style.hidden_too) continue;
      CO_TRY(auto entry, co_await make_entry(call, directory.location(), found.name, style));
      CO_TRY(entries.try_push_back(std::move(entry)));
    }
  }
  std::sort(entries.begin(), entries.end(),
            [&](const Entry& left, const Entry& right) { return is_before(style, left, right); });
  co_return entries;
}

Style style_of(const Invocation& call, const Options& options) {
  Style style{.hidden_too = options.has('a') || options.has('A'),
              .dots_too = options.has('a'),
              .detailed = options.has('l'),
              .colored = call.streams.out->is_terminal(),
              .human_sizes = options.has('h'),
              .marks_types = options.has('F'),
              .marks_directories = options.has('p'),
              .shows_numbers = options.has('i'),
              .order = options.has('S')   ? Style::Order::Size
                       : options.has('t') ? Style::Order::Time
                                          : Style::Order::Name,
              .is_reversed = options.has('r')};
  if (style.colored && !options.has('1'))
    style.columns = call.services.tty != nullptr ? call.services.tty->size().columns : 80u;
  return style;
}

/// Adds the paths of the directories in a listing, so that the first is the last.
std::expected<void, base::OutOfMemory> add_directories(std::string_view path,
                                                       std::span<const Entry> entries,
                                                       base::Vector<base::String>& left) {
  for (usize i = entries.size(); i-- > 0;) {
    const Entry& entry = entries[i];
    bool const is_inside = entry.stat.type == fs::NodeType::Directory && entry.real_name != "." &&
                           entry.real_name != "..";
    if (!is_inside) continue;
    TRY(base::String child,
        base::format("{}{}{}", path, path.ends_with('/') ? "" : "/", entry.real_name.view()));
    TRY(left.try_push_back(std::move(child)));
  }
  return {};
}

}  // namespace

exec::Task<fs::Result<int>> ls(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  Style const style = style_of(call, *options);
  int result = status::success;
  // What is no directory comes first, together.
  base::Vector<Entry> files;
  base::Vector<Entry> directories;
  base::Vector<base::String> left;
  if (options->operands().empty()) {
    CO_TRY(auto here, co_await make_entry(call, call.directory(), ".", style));
    CO_TRY((options->has('d') ? files : directories).try_push_back(std::move(here)));
  }
  for (const base::String& path : options->operands()) {
    auto entry = co_await make_entry(call, call.directory(), path, style);
    bool is_directory = entry && entry->stat.type == fs::NodeType::Directory;
    if (entry && entry->stat.type == fs::NodeType::Symlink && !style.detailed) {
      auto const target = co_await call.services.files.stat(call.directory(), path);
      is_directory = target && target->type == fs::NodeType::Directory;
    }
    if (!entry) {
      CO_TRY(co_await complain_about(call, path, entry.error()));
      result = status::failure;
    } else {
      bool const is_listed = is_directory && !options->has('d');
      CO_TRY((is_listed ? directories : files).try_push_back(std::move(*entry)));
    }
  }
  auto const order = [&](const Entry& a, const Entry& b) { return is_before(style, a, b); };
  std::sort(files.begin(), files.end(), order);
  // The last is taken first.
  std::sort(directories.begin(), directories.end(),
            [&](const Entry& a, const Entry& b) { return order(b, a); });
  if (!files.empty()) {
    CO_TRY(co_await write_entries(call, style, files));
  }
  for (Entry& directory : directories) {
    CO_TRY(left.try_push_back(std::move(directory.real_name)));
  }
  bool is_first = files.empty();
  while (!left.empty()) {
    co_await call.pace();
    base::String const path = std::move(left.back());
    left.pop_back();
    if (options->operands().size() > 1 || options->has('R')) {
      CO_TRY(base::String const shown, printable(path));
      CO_TRY(co_await print(*call.streams.out, "{}{}:\n", is_first ? "" : "\n", shown.view()));
    }
    is_first = false;
    auto const entries = co_await read_directory(call, path, style);
    if (entries) {
      CO_TRY(co_await write_entries(call, style, *entries));
      if (options->has('R')) {
        CO_TRY(add_directories(path, *entries, left));
      }
    } else {
      CO_TRY(co_await complain_about(call, path, entries.error()));
      result = status::failure;
    }
  }
  co_return result;
}

}  // namespace nacre::shell::builtin
