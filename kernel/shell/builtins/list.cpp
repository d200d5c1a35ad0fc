#include <algorithm>
#include <array>

#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/builtins/calendar.hpp"
#include "kernel/shell/builtins/mode.hpp"
#include "lib/base/try.hpp"
#include "lib/text/utf8.hpp"
#include "lib/text/width.hpp"

namespace nacre::shell::builtin {
namespace {

struct Entry {
  base::String name;  // as it is shown
  usize width = 0;    // in columns
  fs::Stat stat;
  base::String link;  // where a symbolic link leads, with -l
};

/// How a listing looks.
struct Style {
  bool hidden_too = false;
  bool detailed = false;
  bool colored = false;
  usize columns = 0;  // of the terminal; 0 is one name in each row
};

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
}

void write_detailed(base::Sink& sink, const Style& style, std::span<const Entry> entries) {
  u64 largest = 0;
  for (const Entry& entry : entries) largest = std::max(largest, entry.stat.size);
  usize const size_width = base::FixedText<24>("{}", largest).view().size();
  for (const Entry& entry : entries) {
    auto const mode = mode_text(entry.stat);
    base::FixedText<24> const size("{}", entry.stat.size);
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
  usize const columns = std::max<usize>(1, style.columns / (widest + 2));
  usize const rows = (entries.size() + columns - 1) / columns;
  for (usize row = 0; row < rows; ++row) {
    for (usize at = row; at < entries.size(); at += rows) {
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
  text::for_each_codepoint(
      entry.name, [&](char32_t codepoint) { entry.width += text::codepoint_width(codepoint); });
  co_return entry;
}

exec::Task<fs::Result<base::Vector<Entry>>> read_directory(Invocation& call, std::string_view path,
                                                           const Style& style) {
  CO_TRY(auto directory, co_await call.services.files.open_directory(call.directory(), path));
  base::Vector<Entry> entries;
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
  std::sort(entries.begin(), entries.end(), [](const Entry& left, const Entry& right) {
    return left.name.view() < right.name.view();
  });
  co_return entries;
}

}  // namespace

exec::Task<fs::Result<int>> ls(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  Style style{.hidden_too = options->has('a'),
              .detailed = options->has('l'),
              .colored = call.streams.out->is_terminal()};
  if (style.colored)
    style.columns = call.services.tty != nullptr ? call.services.tty->size().columns : 80u;

  int result = status::success;
  // What is no directory comes first, together.
  base::Vector<Entry> files;
  base::Vector<std::string_view> directories;
  if (options->operands().empty()) {
    CO_TRY(directories.try_push_back("."));
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
    } else if (is_directory) {
      CO_TRY(directories.try_push_back(path));
    } else {
      CO_TRY(files.try_push_back(std::move(*entry)));
    }
  }
  if (!files.empty()) {
    CO_TRY(co_await write_entries(call, style, files));
  }
  bool is_first = files.empty();
  for (std::string_view const path : directories) {
    if (options->operands().size() > 1) {
      CO_TRY(base::String const shown, printable(path));
      CO_TRY(co_await print(*call.streams.out, "{}{}:\n", is_first ? "" : "\n", shown.view()));
    }
    is_first = false;
    auto const entries = co_await read_directory(call, path, style);
    if (entries) {
      CO_TRY(co_await write_entries(call, style, *entries));
    } else {
      CO_TRY(co_await complain_about(call, path, entries.error()));
      result = status::failure;
    }
  }
  co_return result;
}

}  // namespace nacre::shell::builtin
