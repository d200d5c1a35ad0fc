#pragma once

#include <expected>
#include <span>
#include <string_view>

#include "kernel/fs/vfs.hpp"
#include "kernel/process/services.hpp"
#include "lib/exec/task.hpp"

namespace nacre::process {

/// A program could not be run, and nobody could be told why: everything else is a line on its
/// standard error and an exit status.
struct RunError {
  constexpr RunError(base::OutOfMemory) {}
  friend constexpr bool operator==(RunError, RunError) = default;
};
using RunResult = std::expected<ExitStatus, RunError>;

/// Runs a WebAssembly program to its end. What is wrong with it is told in a line on
/// `request.streams.error`, as `name: ...`, and gives a status of its own (see `status`); a trap
/// tells where, too. Dropping the task ends the program, wherever it is, and everything it had is
/// given back.
///
/// `module` and the streams outlive the task; the rest of the request is copied at once.
[[clang::coro_wrapper, clang::coro_disable_lifetimebound]] exec::Task<RunResult> run(
    Services& services, std::span<const u8> module, const ProcessRequest& request);

/// The same with the program in a file. Errors about the file are told in the same way, with
/// `request.name` in front. `vfs` outlives the task; `path` is copied.
[[clang::coro_wrapper, clang::coro_disable_lifetimebound]] exec::Task<RunResult> run_file(
    Services& services, fs::Vfs& vfs, fs::Location start, std::string_view path,
    const ProcessRequest& request);

}  // namespace nacre::process
