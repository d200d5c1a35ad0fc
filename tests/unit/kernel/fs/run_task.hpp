#pragma once

#include <optional>
#include <utility>

#include "kernel/fs/error.hpp"
#include "lib/base/time.hpp"
#include "lib/exec/executor.hpp"
#include "lib/exec/task.hpp"

namespace nacre::fs::test {

/// Runs a task that waits for nothing but memory to its end.
template <class T>
Result<T> run(exec::Task<Result<T>> task) {
  if (!task) return fail(ErrorKind::OutOfMemory);
  exec::Executor executor([] { return base::Instant{}; });
  std::optional<Result<T>> result;
  auto const keep = [](exec::Task<Result<T>> inner,
                       std::optional<Result<T>>& out) -> exec::Task<void> {
    out.emplace(co_await std::move(inner));
  };
  auto const spawned = executor.spawn_detached("test", keep(std::move(task), result));
  if (!spawned) return std::unexpected(Error(spawned.error()));
  executor.run_until_idle();
  return std::move(*result);
}

}  // namespace nacre::fs::test
