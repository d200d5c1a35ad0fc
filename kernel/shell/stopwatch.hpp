#pragma once

#include <expected>

#include "kernel/process/run_control.hpp"
#include "lib/base/format.hpp"
#include "lib/base/string.hpp"
#include "lib/exec/executor.hpp"
#include "lib/shell/syntax_tree.hpp"

namespace nacre::shell {

/// How long commands take, from when it is made on.
class Stopwatch {
 public:
  /// Of the programs in `group`. Both outlive it.
  Stopwatch(const exec::Executor& executor, const process::Group& group)
      : executor_(executor), group_(group), start_(executor.now()), used_(group.cpu_time) {}

  /// The lines that `time` writes. `timing` is not None.
  std::expected<base::String, base::OutOfMemory> report(Pipeline::Timing timing) const;

 private:
  const exec::Executor& executor_;
  const process::Group& group_;
  base::Instant start_;
  base::Duration used_;
};

}  // namespace nacre::shell
