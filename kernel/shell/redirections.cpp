#include "kernel/shell/redirections.hpp"

#include "lib/base/try.hpp"

namespace nacre::shell {
namespace {

fs::OpenOptions options_for(Redirection::Kind kind) {
  fs::OpenOptions options;
  if (kind == Redirection::Kind::Input) return options;
  bool const appends = kind == Redirection::Kind::Append;
  options.access = {.read = false, .write = true};
  options.flags.append = appends;
  options.create = true;
  options.truncate = !appends;
  return options;
}

}  // namespace

exec::Task<std::expected<bool, base::OutOfMemory>> Redirections::open(fs::Vfs& files,
                                                                      const ShellState& state,
                                                                      const Command& command) {
  CO_TRY(files_.try_reserve(command.redirections.size()));
  for (const Redirection& redirection : command.redirections) {
    if (redirection.kind == Redirection::Kind::Duplicate) {
      stream(redirection.descriptor) = stream(redirection.source);
      continue;
    }
    CO_TRY(base::String const path, expand(redirection.target, state.last_status));
    auto file =
        co_await files.open(state.directory.location(), path, options_for(redirection.kind));
    if (!file) {
      if (file.error().kind == fs::ErrorKind::OutOfMemory)
        co_return std::unexpected(base::OutOfMemory{});
      CO_TRY(base::String const shown, printable(file.error().part_of(path)));
      static_cast<void>(co_await print(*streams_.err, "nacre: {}: {}\n", shown.view(),
                                       fs::describe(file.error().kind)));
      co_return false;
    }
    CO_TRY(auto kept, base::try_make<fs::OpenFile>(std::move(*file)));
    stream(redirection.descriptor) = kept.get();
    files_.push_back_reserved(std::move(kept));
  }
  co_return true;
}

}  // namespace nacre::shell
