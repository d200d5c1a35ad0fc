#pragma once

#include <optional>

#include "kernel/fs/vfs.hpp"
#include "kernel/process/run.hpp"
#include "lib/exec/executor.hpp"
#include "tools/hosted_platform/hosted_platform.hpp"
#include "tools/hosted_programs/host_stream.hpp"

namespace nacre::tools {

/// What programs need, on Linux: an executor that waits by `poll`, an empty file system in memory,
/// Linux's clocks and random numbers, and this process' standard streams. Running out of the memory
/// for itself ends the process.
class HostMachine {
 public:
  /// `tier` outlives it.
  explicit HostMachine(wasm::Tier& tier);
  HostMachine(const HostMachine&) = delete;
  HostMachine& operator=(const HostMachine&) = delete;

  process::Services& services() { return services_; }
  fs::Vfs& files() { return files_; }
  process::StandardStreams streams() { return {&input_, &output_, &error_}; }
  /// Lets a stream be waited for, too, for as long as it lives.
  void add(HostStream& stream) { streams_.push_back(stream); }

  /// Runs a task to its end; nothing if it waits for what never comes.
  template <class T>
  std::optional<T> finish(exec::Task<T> task) {
    std::optional<T> result;
    auto const keep = [](exec::Task<T> inner, std::optional<T>& out) -> exec::Task<void> {
      out.emplace(co_await std::move(inner));
    };
    auto handle = executor_.spawn("main", keep(std::move(task), result));
    if (!handle) return std::nullopt;
    do executor_.run_until_idle();
    while (!handle->is_finished() && wait());
    return result;
  }

 private:
  bool wait();

  exec::Executor executor_;
  HostedPlatform platform_;
  base::SecureRandom random_;
  process::ProcessTable processes_;
  fs::Vfs files_;
  HostStream input_{0};
  HostStream output_{1};
  HostStream error_{2};
  base::IntrusiveList<HostStream> streams_;
  process::Services services_;
};

}  // namespace nacre::tools
