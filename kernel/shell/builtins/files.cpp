#include <algorithm>
#include <array>

#include "kernel/fs/path.hpp"
#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/builtins/calendar.hpp"
#include "kernel/shell/builtins/mode.hpp"
#include "kernel/shell/builtins/question.hpp"
#include "lib/base/try.hpp"

/// What makes, moves and removes files.
namespace nacre::shell::builtin {
namespace {

using Paths = base::Vector<base::String>;

std::expected<base::String, base::OutOfMemory> joined(std::string_view directory,
                                                      std::string_view name) {
  return base::format("{}{}{}", directory, directory.ends_with('/') ? "" : "/", name);
}

/// Adds the paths of what is in a directory.
exec::Task<fs::Result<void>> add_entries(const Invocation& call, std::string_view path,
                                         Paths& paths) {
  CO_TRY(auto directory, co_await call.services.files.open_directory(call.directory(), path));
  std::array<fs::DirectoryEntry, 64> entries;
  for (;;) {
    CO_TRY(usize const count, directory.read(entries));
    if (count == 0) co_return fs::Result<void>{};
    for (const fs::DirectoryEntry& entry : std::span(entries).first(count)) {
      CO_TRY(base::String child, joined(path, entry.name));
      CO_TRY(paths.try_push_back(std::move(child)));
    }
  }
}

/// Tells what failed. The error is that memory ran out, or that nobody hears it.
exec::Task<fs::Result<void>> tell(const Invocation& call, std::string_view path, fs::Error error,
                                  int& result) {
  if (error.kind == fs::ErrorKind::OutOfMemory) co_return std::unexpected(error);
  result = status::failure;
  co_return co_await complain_about(call, path, fs::Error(error.kind));
}

exec::Task<fs::Result<bool>> is_directory(const Invocation& call, std::string_view path) {
  auto const stat = co_await call.services.files.stat(call.directory(), path);
  if (stat) co_return stat->type == fs::NodeType::Directory;
  if (stat.error().kind == fs::ErrorKind::OutOfMemory) co_return std::unexpected(stat.error());
  co_return false;
}

/// Where each operand but the last goes: into the last, if that is a directory, else to its place.
exec::Task<fs::Result<std::optional<base::String>>> target_of(
    const Invocation& call, std::span<const base::String> operands, std::string_view source) {
  std::string_view const last = operands.back();
  CO_TRY(bool const is_into, co_await is_directory(call, last));
  if (!is_into) {
    if (operands.size() > 2) {
      CO_TRY(co_await complain_about(call, last, fs::Error(fs::ErrorKind::NotADirectory)));
      co_return std::nullopt;
    }
    CO_TRY(base::String path, base::String::create(last));
    co_return path;
  }
  CO_TRY(base::String path, joined(last, fs::last_name(source)));
  co_return path;
}

bool is_same(const fs::Stat& one, const fs::Stat& other) {
  return one.inode == other.inode && one.file_system == other.file_system;
}

/// Removes what is to be replaced by a link, unless there would be nothing to link to then.
exec::Task<fs::Result<void>> make_way(Invocation& call, std::string_view from, std::string_view to,
                                      bool is_symbolic) {
  fs::Vfs& files = call.services.files;
  fs::WalkOptions const itself{.follow_last = false};
  auto const there = co_await files.stat(call.directory(), to, itself);
  if (!there) co_return fs::Result<void>{};
  if (!is_symbolic) {
    CO_TRY(auto const source, co_await files.stat(call.directory(), from, itself));
    if (is_same(source, *there)) co_return fs::fail(fs::ErrorKind::AlreadyExists);
  }
  co_return co_await files.remove_file(call.directory(), to);
}

/// Whether something is to be written over what is there: `-n` does not, `-i` asks.
exec::Task<fs::Result<bool>> may_replace(Invocation& call, const Options& options,
                                         std::string_view path) {
  if (!options.has('n') && !options.has('i')) co_return true;
  auto const there =
      co_await call.services.files.stat(call.directory(), path, {.follow_last = false});
  if (!there) co_return true;
  if (options.has('n')) co_return false;
  co_return co_await asks(call, "overwrite", path);
}

/// What `-v` says.
exec::Task<fs::Result<void>> say(const Invocation& call, const Options& options,
                                 std::string_view from, std::string_view to) {
  if (!options.has('v')) co_return fs::Result<void>{};
  CO_TRY(base::String const first, printable(from));
  CO_TRY(base::String const second, printable(to));
  if (to.empty()) co_return co_await print(*call.streams.out, "{}\n", first.view());
  co_return co_await print(*call.streams.out, "{} -> {}\n", first.view(), second.view());
}

/// Gives a copy what is known of its original, as far as that is kept.
exec::Task<fs::Result<void>> keep_attributes(Invocation& call, const fs::Stat& original,
                                             std::string_view to) {
  fs::Vfs& files = call.services.files;
  auto const mode = co_await files.set_mode(call.directory(), to, original.mode);
  if (!mode && mode.error().kind != fs::ErrorKind::NotSupported) co_return mode;
  co_return co_await files.set_times(call.directory(), to, original.accessed, original.modified);
}

exec::Task<fs::Result<void>> copy_file(Invocation& call, std::string_view from,
                                       std::string_view to) {
  fs::Vfs& files = call.services.files;
  CO_TRY(auto source, co_await files.open(call.directory(), from));
  auto const there = co_await files.stat(call.directory(), to);
  if (there && is_same(*there, source.stat())) co_return fs::fail(fs::ErrorKind::AlreadyExists);
  CO_TRY(auto target,
         co_await files.open(call.directory(), to,
                             {.access = {.read = false, .write = true},
                              .create = true,
                              .truncate = true,
                              .mode = source.stat().mode & ~call.state.creation_mask}));
  std::array<u8, 4096> buffer;
  for (;;) {
    CO_TRY(usize const count, co_await source.read(buffer));
    if (count == 0) co_return fs::Result<void>{};
    co_await call.pace();
    CO_TRY(co_await fs::write_all(target, std::span(buffer).first(count)));
  }
}

/// A directory whose times are set once all is in it.
struct KeptDirectory {
  fs::Stat stat;
  base::String path;
};

/// A file or directory on its way.
struct Copy {
  base::String from;
  base::String to;
};

/// Copies a directory with all that is in it, and goes on where something fails. With `keeps`, what
/// is known of each file is kept.
exec::Task<fs::Result<void>> copy_tree(Invocation& call, const Options& options,
                                       std::string_view from, std::string_view to, bool keeps,
                                       int& result) {
  // What is put into a directory later changes its times: theirs come last.
  base::Vector<KeptDirectory> directories;
  fs::Vfs& files = call.services.files;
  base::Vector<Copy> left;
  CO_TRY(base::String first_from, base::String::create(from));
  CO_TRY(base::String first_to, base::String::create(to));
  CO_TRY(left.try_push_back({std::move(first_from), std::move(first_to)}));
  while (!left.empty()) {
    Copy const one = std::move(left.back());
    left.pop_back();
    co_await call.pace();
    auto const stat = co_await files.stat(call.directory(), one.from, {.follow_last = false});
    fs::Result<void> done = stat ? fs::Result<void>{} : std::unexpected(stat.error());
    if (stat && stat->type == fs::NodeType::Directory) {
      Paths inside;
      done = co_await add_entries(call, one.from, inside);
      if (done) done = co_await files.create_directory(call.directory(), one.to);
      if (!done && done.error().kind == fs::ErrorKind::AlreadyExists) done = {};
      if (done && keeps) {
        CO_TRY(base::String copy, one.to.try_copy());
        CO_TRY(directories.try_push_back({*stat, std::move(copy)}));
      }
      for (base::String& path : inside) {
        CO_TRY(base::String target, joined(one.to, fs::last_name(path)));
        CO_TRY(left.try_push_back({std::move(path), std::move(target)}));
      }
    } else if (stat && stat->type == fs::NodeType::Symlink) {
      auto const text = co_await files.read_link(call.directory(), one.from);
      done = text ? co_await files.create_symlink(*text, call.directory(), one.to)
                  : std::unexpected(text.error());
    } else if (stat) {
      CO_TRY(bool const goes_on, co_await may_replace(call, options, one.to));
      if (!goes_on) continue;
      done = co_await copy_file(call, one.from, one.to);
      if (done && keeps) done = co_await keep_attributes(call, *stat, one.to);
    }
    if (!done) {
      CO_TRY(co_await tell(call, one.from, done.error(), result));
    } else {
      CO_TRY(co_await say(call, options, one.from, one.to));
    }
  }
  for (usize i = directories.size(); i-- > 0;) {
    auto const done = co_await keep_attributes(call, directories[i].stat, directories[i].path);
    if (!done) {
      CO_TRY(co_await tell(call, directories[i].path, done.error(), result));
    }
  }
  co_return fs::Result<void>{};
}

/// Whether `inner` is `outer` or lies below it, by their texts.
fs::Result<bool> lies_in(const Invocation& call, std::string_view inner, std::string_view outer) {
  TRY(base::String const a, fs::normalise(call.state.directory_path, inner));
  TRY(base::String const b, fs::normalise(call.state.directory_path, outer));
  std::string_view const rest = a.view().substr(std::min(a.size(), b.size()));
  return a.view().starts_with(b) && (rest.empty() || rest[0] == '/' || b == "/");
}

exec::Task<fs::Result<void>> remove_tree(Invocation& call, const Options& options,
                                         std::string_view path, int& result) {
  struct Visit {
    base::String path;
    bool is_emptied = false;
  };
  fs::Vfs& files = call.services.files;
  base::Vector<Visit> left;
  CO_TRY(base::String first, base::String::create(path));
  CO_TRY(left.try_push_back({std::move(first)}));
  while (!left.empty()) {
    co_await call.pace();
    Visit& visit = left.back();
    auto const stat = co_await files.stat(call.directory(), visit.path, {.follow_last = false});
    bool const is_tree = stat && stat->type == fs::NodeType::Directory;
    bool const asks_first = options.has('i') && call.name() == "rm";
    if (is_tree && !visit.is_emptied) {
      visit.is_emptied = true;
      if (asks_first) {
        CO_TRY(bool const goes_on, co_await asks(call, "look into", visit.path));
        if (!goes_on) {
          left.pop_back();
          continue;
        }
      }
      Paths inside;
      auto const added = co_await add_entries(call, visit.path, inside);
      if (!added) {
        CO_TRY(co_await tell(call, visit.path, added.error(), result));
      }
      for (base::String& child : inside) {
        CO_TRY(left.try_push_back({std::move(child)}));
      }
      continue;
    }
    Visit const last = std::move(left.back());
    left.pop_back();
    if (asks_first) {
      CO_TRY(bool const goes_on, co_await asks(call, "remove", last.path));
      if (!goes_on) continue;
    }
    auto const removed = is_tree ? co_await files.remove_directory(call.directory(), last.path)
                                 : co_await files.remove_file(call.directory(), last.path);
    if (!removed) {
      CO_TRY(co_await tell(call, last.path, removed.error(), result));
    } else if (call.name() == "rm") {
      CO_TRY(co_await say(call, options, last.path, ""));
    }
  }
  co_return fs::Result<void>{};
}

/// Whether there are at least so many operands; else that was told.
exec::Task<fs::Result<bool>> has_operands(const Invocation& call, const Options& options,
                                          usize least) {
  if (options.operands().size() >= least) co_return true;
  CO_TRY(co_await complain(call, "a file is missing; see {} --help", call.name()));
  co_return false;
}

}  // namespace

exec::Task<fs::Result<int>> cp(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  CO_TRY(bool const fine, co_await has_operands(call, *options, 2));
  if (!fine) co_return status::usage;
  int result = status::success;
  std::span<const base::String> const operands = options->operands();
  for (const base::String& from : operands.first(operands.size() - 1)) {
    CO_TRY(auto const to, co_await target_of(call, operands, from));
    if (!to) co_return status::failure;
    bool const is_deep = options->has('r') || options->has('R') || options->has('a');
    bool const keeps = options->has('p') || options->has('a');
    auto const stat = co_await call.services.files.stat(call.directory(), from,
                                                        {.follow_last = !options->has('a')});
    bool const is_tree = stat && stat->type == fs::NodeType::Directory;
    bool const is_link = stat && stat->type == fs::NodeType::Symlink;
    fs::Result<void> done;
    if (!stat) {
      done = std::unexpected(stat.error());
    } else if (is_tree && !is_deep) {
      done = std::unexpected(fs::Error(fs::ErrorKind::IsADirectory));
    } else if (is_tree || is_link) {
      CO_TRY(bool const is_inside, is_link ? fs::Result<bool>(false) : lies_in(call, *to, from));
      if (is_inside)
        done = std::unexpected(fs::Error(fs::ErrorKind::IntoItself));
      else
        done = co_await copy_tree(call, *options, from, *to, keeps, result);
    } else {
      CO_TRY(bool const goes_on, co_await may_replace(call, *options, *to));
      if (!goes_on) continue;
      done = co_await copy_file(call, from, *to);
      if (!done && options->has('f') && done.error().kind != fs::ErrorKind::AlreadyExists &&
          co_await call.services.files.remove_file(call.directory(), *to))
        done = co_await copy_file(call, from, *to);
      if (done && keeps) done = co_await keep_attributes(call, *stat, *to);
      if (done) {
        CO_TRY(co_await say(call, *options, from, *to));
      }
    }
    if (!done) {
      CO_TRY(co_await tell(call, from, done.error(), result));
    }
  }
  co_return result;
}

exec::Task<fs::Result<int>> mv(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  CO_TRY(bool const fine, co_await has_operands(call, *options, 2));
  if (!fine) co_return status::usage;
  fs::Vfs& files = call.services.files;
  int result = status::success;
  std::span<const base::String> const operands = options->operands();
  for (const base::String& from : operands.first(operands.size() - 1)) {
    CO_TRY(auto const to, co_await target_of(call, operands, from));
    if (!to) co_return status::failure;
    CO_TRY(bool const goes_on, co_await may_replace(call, *options, *to));
    if (!goes_on) continue;
    auto moved = co_await files.rename(call.directory(), from, call.directory(), *to);
    if (!moved && moved.error().kind == fs::ErrorKind::AcrossFileSystems) {
      // What cannot be moved as it is, is copied, and then removed.
      int copied = status::success;
      CO_TRY(co_await copy_tree(call, Options(), from, *to, true, copied));
      if (copied == status::success) {
        CO_TRY(co_await remove_tree(call, Options(), from, copied));
      }
      result = std::max(result, copied);
      moved = {};
    }
    if (!moved) {
      CO_TRY(co_await tell(call, from, moved.error(), result));
    } else {
      CO_TRY(co_await say(call, *options, from, *to));
    }
  }
  co_return result;
}

exec::Task<fs::Result<int>> rm(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  CO_TRY(bool const fine, co_await has_operands(call, *options, options->has('f') ? 0 : 1));
  if (!fine) co_return status::usage;
  int result = status::success;
  for (const base::String& path : options->operands()) {
    std::string_view const name = fs::last_name(path);
    auto const stat =
        co_await call.services.files.stat(call.directory(), path, {.follow_last = false});
    if (!stat && stat.error().kind == fs::ErrorKind::NotFound && options->has('f')) continue;
    fs::Result<void> done = stat ? fs::Result<void>{} : std::unexpected(stat.error());
    if (stat && (name.empty() || name == "." || name == ".."))
      done = std::unexpected(fs::Error(fs::ErrorKind::NoName));
    else if (stat && (options->has('r') || options->has('R')))
      done = co_await remove_tree(call, *options, path, result);
    else if (stat) {
      if (options->has('i')) {
        CO_TRY(bool const goes_on, co_await asks(call, "remove", path));
        if (!goes_on) continue;
      }
      bool const is_directory = stat->type == fs::NodeType::Directory && options->has('d');
      done = is_directory ? co_await call.services.files.remove_directory(call.directory(), path)
                          : co_await call.services.files.remove_file(call.directory(), path);
      if (done) {
        CO_TRY(co_await say(call, *options, path, ""));
      }
    }
    if (!done) {
      CO_TRY(co_await tell(call, path, done.error(), result));
    }
  }
  co_return result;
}

exec::Task<fs::Result<int>> ln(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  CO_TRY(bool const fine, co_await has_operands(call, *options, 2));
  if (!fine) co_return status::usage;
  fs::Vfs& files = call.services.files;
  int result = status::success;
  std::span<const base::String> const operands = options->operands();
  for (const base::String& from : operands.first(operands.size() - 1)) {
    CO_TRY(auto const to, co_await target_of(call, operands, from));
    if (!to) co_return status::failure;
    fs::Result<void> done;
    if (options->has('f')) done = co_await make_way(call, from, *to, options->has('s'));
    if (done) {
      done = options->has('s') ? co_await files.create_symlink(from, call.directory(), *to)
                               : co_await files.link(call.directory(), from, call.directory(), *to);
    }
    if (!done) {
      CO_TRY(
          co_await tell(call, options->has('s') ? to->view() : from.view(), done.error(), result));
    } else {
      CO_TRY(co_await say(call, *options, *to, from));
    }
  }
  co_return result;
}

exec::Task<fs::Result<int>> mkdir(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  CO_TRY(bool const fine, co_await has_operands(call, *options, 1));
  if (!fine) co_return status::usage;
  int result = status::success;
  auto const mode =
      changed_mode(options->value('m').value_or("0777"), 0777, call.state.creation_mask, true);
  if (!mode) {
    CO_TRY(base::String const shown, printable(*options->value('m')));
    CO_TRY(co_await complain(call, "{}: not a mode; see mkdir --help", shown.view()));
    co_return status::usage;
  }
  for (const base::String& path : options->operands()) {
    fs::Result<void> done;
    // With -p each directory on the way, too.
    for (usize end = options->has('p') ? path.view().find('/', 1) : path.view().npos; done;) {
      std::string_view const part = path.view().substr(0, end);
      done = co_await call.services.files.create_directory(call.directory(), part);
      if (done) {
        bool const is_whole = end == path.view().npos && options->value('m').has_value();
        // Where modes are not kept, there is nothing to set.
        static_cast<void>(co_await call.services.files.set_mode(
            call.directory(), part, is_whole ? *mode : call.state.directory_mode()));
        CO_TRY(co_await say(call, *options, part, ""));
      }
      if (!done && options->has('p')) {
        CO_TRY(bool const is_there, co_await is_directory(call, part));
        if (is_there)
          done = {};
        else if (done.error().kind == fs::ErrorKind::AlreadyExists)
          done = std::unexpected(fs::Error(fs::ErrorKind::NotADirectory));
      }
      if (end == path.view().npos) break;
      end = path.view().find('/', end + 1);
    }
    if (!done) {
      CO_TRY(co_await tell(call, path, done.error(), result));
    }
  }
  co_return result;
}

exec::Task<fs::Result<int>> rmdir(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  CO_TRY(bool const fine, co_await has_operands(call, *options, 1));
  if (!fine) co_return status::usage;
  int result = status::success;
  for (const base::String& operand : options->operands()) {
    for (std::string_view path = operand; !path.empty();) {
      auto const done = co_await call.services.files.remove_directory(call.directory(), path);
      if (!done) {
        CO_TRY(co_await tell(call, path, done.error(), result));
      }
      if (!done || !options->has('p')) break;
      path = fs::without_last_name(path);
    }
  }
  co_return result;
}

exec::Task<fs::Result<int>> touch(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  CO_TRY(bool const fine, co_await has_operands(call, *options, 1));
  if (!fine) co_return status::usage;
  fs::Vfs& files = call.services.files;
  base::UnixTime const now = call.services.system.now();
  base::UnixTime accessed = now;
  base::UnixTime modified = now;
  if (auto const path = options->value('r')) {
    auto const stat = co_await files.stat(call.directory(), *path);
    if (!stat) {
      CO_TRY(co_await complain_about(call, *path, stat.error()));
      co_return status::failure;
    }
    accessed = stat->accessed;
    modified = stat->modified;
  }
  auto const text = options->value('d') ? options->value('d') : options->value('t');
  if (text) {
    auto const time = options->value('d') ? parse_date(*text) : parse_stamp(*text, now);
    if (!time) {
      CO_TRY(base::String const shown, printable(*text));
      CO_TRY(co_await complain(call, "{}: not a time; see touch --help", shown.view()));
      co_return status::usage;
    }
    accessed = modified = *time;
  }
  bool const is_all = options->has('a') == options->has('m');
  auto const first = is_all || options->has('a') ? std::optional(accessed) : std::nullopt;
  auto const second = is_all || options->has('m') ? std::optional(modified) : std::nullopt;
  int result = status::success;
  for (const base::String& path : options->operands()) {
    auto done = co_await files.set_times(call.directory(), path, first, second);
    if (!done && done.error().kind == fs::ErrorKind::NotFound && !options->has('c')) {
      auto const file = co_await files.open(call.directory(), path,
                                            {.access = {.read = false, .write = true},
                                             .create = true,
                                             .mode = call.state.file_mode()});
      done = file ? co_await files.set_times(call.directory(), path, first, second)
                  : std::unexpected(file.error());
    } else if (!done && done.error().kind == fs::ErrorKind::NotFound) {
      done = {};
    }
    if (!done) {
      CO_TRY(co_await tell(call, path, done.error(), result));
    }
  }
  co_return result;
}

}  // namespace nacre::shell::builtin
