#include <algorithm>

#include "kernel/shell/builtins/calendar.hpp"
#include "kernel/shell/builtins/mode.hpp"
#include "kernel/shell/builtins/tar.hpp"
#include "lib/base/try.hpp"
#include "lib/compress/gzip.hpp"

/// What comes out of an archive: its bytes, its members, and a list of them.
namespace nacre::shell::builtin {
namespace {

/// How much is taken from a stream, or from what is compressed, at a time.
constexpr usize piece = 65'536;

exec::Task<fs::Result<base::Vector<u8>>> read_all(Invocation& call, fs::Stream& from) {
  base::Vector<u8> all;
  for (;;) {
    usize const before = all.size();
    CO_TRY(all.try_resize(before + piece));
    CO_TRY(usize const count, co_await from.read(std::span(all.data() + before, piece)));
    all.truncate(before + count);
    if (count == 0) co_return all;
    co_await call.pace();
  }
}

/// Whether `name` is `top` or below it.
bool is_in(std::string_view name, std::string_view top) {
  return name.starts_with(top) &&
         (name.size() == top.size() || name[top.size()] == '/' || top.ends_with('/'));
}

fs::NodeType node_type(archive::MemberType type) {
  switch (type) {
    case archive::MemberType::Directory: return fs::NodeType::Directory;
    case archive::MemberType::Symlink: return fs::NodeType::Symlink;
    case archive::MemberType::CharacterDevice:
    case archive::MemberType::BlockDevice: return fs::NodeType::CharacterDevice;
    default: return fs::NodeType::File;
  }
}

void write_details(base::Sink& sink, const archive::Member& member) {
  fs::Stat stat;
  stat.type = node_type(member.type);
  stat.mode = member.mode;
  auto const mode = mode_text(stat);
  CalendarTime const time = calendar_time(member.modified);
  base::format_to(sink, "{} {}/{}{:>10} {:04}-{:02}-{:02} {:02}:{:02} ",
                  std::string_view(mode.data(), mode.size()), member.user_id, member.group_id,
                  member.size, time.year, time.month, time.day, time.hour, time.minute);
}

}  // namespace

exec::Task<fs::Result<std::optional<TarBytes>>> TarBytes::read(TarCall& tar) {
  Invocation& call = tar.call;
  std::string_view const name = tar.has_file() ? tar.archive : "-";
  TarBytes result;
  if (tar.has_file()) {
    auto file = co_await process::FileBytes::read(call.services.files, call.directory(), name);
    if (!file) {
      CO_TRY(co_await tar.leave_out(name, file.error().kind));
      co_return std::nullopt;
    }
    result.bytes_ = file->bytes();
    result.file_.emplace(std::move(*file));
  } else {
    auto bytes = co_await read_all(call, *call.streams.in);
    if (!bytes) {
      CO_TRY(co_await tar.leave_out(name, bytes.error().kind));
      co_return std::nullopt;
    }
    result.own_ = std::move(*bytes);
    result.bytes_ = {result.own_.data(), result.own_.size()};
  }
  if (!tar.is_compressed && !compress::is_gzip(result.bytes_)) co_return result;

  // While it grows, what comes out is there twice.
  auto const limit = static_cast<usize>(call.services.system.memory().free / 2);
  compress::GzipReader reader(result.bytes_, limit);
  base::Vector<u8> output;
  for (bool ended = false; !ended;) {
    co_await call.pace();
    auto const step = reader.step(output, piece);
    if (!step) {
      if (step.error().kind == compress::ErrorKind::OutOfMemory)
        co_return fs::fail(fs::ErrorKind::OutOfMemory);
      CO_TRY(base::String const why, base::format("at byte {}: {}", step.error().offset,
                                                  compress::describe(step.error().kind)));
      CO_TRY(co_await tar.leave_out(name, why));
      co_return std::nullopt;
    }
    ended = *step;
  }
  result.file_.reset();
  result.own_ = std::move(output);
  result.bytes_ = {result.own_.data(), result.own_.size()};
  co_return result;
}

void TarMembers::Listener::operator()(const archive::Problem& problem) const {
  base::format_to(members.problem_sink_, "tar: {}\n", problem);
  if (problem.severity() == archive::Severity::Error) members.tar_.status = status::failure;
}

exec::Task<fs::Result<void>> TarMembers::tell_problems() {
  CO_TRY(problem_sink_.result());
  if (problems_.empty()) co_return fs::Result<void>{};
  co_return co_await write_text(*tar_.call.streams.err, std::exchange(problems_, {}));
}

bool TarMembers::is_meant(std::string_view name) {
  bool is_meant = tar_.names.empty();
  for (usize i = 0; i < tar_.names.size(); ++i) {
    std::string_view top = tar_.names[i];
    while (top.starts_with("./")) top.remove_prefix(2);
    while (top.size() > 1 && top.ends_with('/')) top.remove_suffix(1);
    if (!is_in(name, top) && top != ".") continue;
    found_[i] = true;
    is_meant = true;
  }
  return is_meant && !tar_.excludes(name);
}

exec::Task<fs::Result<std::optional<TarMembers::Named>>> TarMembers::next() {
  CO_TRY(found_.try_resize(tar_.names.size()));
  for (;;) {
    co_await tar_.call.pace();
    auto member = reader_.next();
    CO_TRY(co_await tell_problems());
    if (!member) break;
    CO_TRY(base::String name, member->name.to_string());
    if (name.empty()) {
      CO_TRY(name.append('.'));
    }
    if (is_meant(name)) co_return Named{*member, std::move(name)};
  }
  for (usize i = 0; i < found_.size(); ++i) {
    if (found_[i]) continue;
    CO_TRY(co_await tar_.leave_out(tar_.names[i], "not in the archive"));
  }
  co_return std::nullopt;
}

exec::Task<fs::Result<void>> list_tar(TarCall& tar) {
  CO_TRY(auto const bytes, co_await TarBytes::read(tar));
  if (!bytes) co_return fs::Result<void>{};
  fs::Stream& out = *tar.call.streams.out;
  TarMembers members(tar, bytes->bytes());
  for (;;) {
    CO_TRY(auto const next, co_await members.next());
    if (!next) co_return fs::Result<void>{};
    const archive::Member& member = next->member;
    base::String line;
    base::StringSink sink(line);
    if (tar.is_verbose) write_details(sink, member);
    auto const add = [&](std::string_view text) -> std::expected<void, base::OutOfMemory> {
      if (!out.is_terminal()) {
        sink.write(text);
        return {};
      }
      TRY(base::String const shown, printable(text));
      sink.write(shown);
      return {};
    };
    CO_TRY(add(next->name));
    if (member.type == archive::MemberType::Directory) sink.write("/");
    if (tar.is_verbose && !member.link_target.empty()) {
      sink.write(member.type == archive::MemberType::Symlink ? " -> " : " link to ");
      CO_TRY(add(member.link_target));
    }
    sink.write("\n");
    CO_TRY(sink.result());
    CO_TRY(co_await write_text(out, std::move(line)));
  }
}

}  // namespace nacre::shell::builtin
