#include <array>

#include "kernel/shell/interpreter.hpp"
#include "kernel/shell/jobs.hpp"
#include "kernel/shell/streams.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell {

exec::Task<std::expected<base::String, base::OutOfMemory>> Interpreter::output_of(
    base::Shared<List> commands) {
  CO_TRY(bool const too_deep, co_await is_too_deep());
  if (too_deep) co_return base::String();
  CO_TRY(ShellState copy, state_.try_copy_for_subshell(execution_.jobs.new_environment()));
  CO_TRY(SharedStream const output, own(CollectingStream()));
  copy.descriptors.set(1, output);
  Interpreter inner(execution_, copy);
  CO_TRY(int const status, co_await inner.run_list(*commands));
  CO_TRY(state_.substitution_status,
         co_await inner.run_exit_trap(copy.exit_status.value_or(status)));
  // What it has left in the background writes here, too.
  CO_TRY(co_await execution_.jobs.wait_for_all(copy));
  state_.parameters.last_status = *state_.substitution_status;
  co_return static_cast<CollectingStream*>(output->stream)->take();
}

exec::Task<std::expected<void, base::OutOfMemory>> Interpreter::list_directory(
    std::string_view path, base::Vector<base::String>& names) {
  auto opened = co_await execution_.services.files.open_directory(directory(), path);
  std::expected<void, base::OutOfMemory> done;
  if (!opened) {
    if (opened.error().kind == fs::ErrorKind::OutOfMemory)
      co_return std::unexpected(base::OutOfMemory{});
    co_return done;
  }
  for (std::string_view const name : {".", ".."}) {
    CO_TRY(base::String copy, base::String::create(name));
    CO_TRY(names.try_push_back(std::move(copy)));
  }
  std::array<fs::DirectoryEntry, 64> entries;
  for (;;) {
    auto const count = opened->read(entries);
    if (!count || *count == 0) co_return done;
    for (const fs::DirectoryEntry& entry : std::span(entries).first(*count)) {
      CO_TRY(base::String copy, base::String::create(entry.name));
      CO_TRY(names.try_push_back(std::move(copy)));
    }
    co_await control_.pace(turn_);
  }
}

exec::Task<std::expected<bool, base::OutOfMemory>> Interpreter::exists(std::string_view path) {
  auto const stat =
      co_await execution_.services.files.stat(directory(), path, {.follow_last = false});
  if (!stat && stat.error().kind == fs::ErrorKind::OutOfMemory)
    co_return std::unexpected(base::OutOfMemory{});
  co_return stat.has_value();
}

}  // namespace nacre::shell
