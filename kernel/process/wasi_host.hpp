#pragma once

#include "kernel/process/process.hpp"
#include "kernel/process/services.hpp"
#include "kernel/process/turn.hpp"
#include "lib/wasi/functions.hpp"
#include "lib/wasi/host.hpp"
#include "lib/wasi/system.hpp"
#include "lib/wasm/runtime/tier.hpp"

namespace nacre::process {

/// WASI for one process: its arguments, its descriptors, the machine's clocks and random numbers.
class WasiHost final : private wasi::Host {
 public:
  WasiHost(Services& services, Process& process, Turn& turn)
      : services_(services),
        process_(process),
        turn_(turn),
        system_(*this, process.limits().descriptors) {}
  WasiHost(const WasiHost&) = delete;
  WasiHost& operator=(const WasiHost&) = delete;

  /// Opens what the process starts with. Once, before it runs. Where it may have fewer descriptors
  /// than that, it starts with those. Errors: OutOfMemory.
  std::expected<void, base::OutOfMemory> open_descriptors();

  wasi::System& system() { return system_; }
  /// Answers a host call of ours, or begins to. The call outlives the task.
  wasi::Begun begin(const wasm::exit::HostCall& call) { return wasi::begin(system_, call); }
  /// Once the program is to run no more.
  std::optional<u32> exit_code() const { return system_.exit_code; }

 private:
  u32 argument_count() const override;
  std::string_view argument(u32 index) const override;
  u32 variable_count() const override;
  std::string_view variable(u32 index) const override;
  wasi::Result<u64> clock_time(wasi::ClockId clock) const override;
  wasi::Result<u64> clock_resolution(wasi::ClockId clock) const override;
  exec::Task<wasi::Result<void>> random(std::span<u8> bytes) override;
  exec::Task<wasi::Result<void>> yield() override;
  exec::Task<wasi::Result<void>> wait(std::span<const Interest> interests, u64 timeout_ns) override;

  wasi::Result<void> open_stream(u32 number, fs::Stream* stream, wasi::Direction direction);
  wasi::Result<void> open_directory(const Process::StartDirectory& directory);

  Services& services_;
  Process& process_;
  Turn& turn_;
  wasi::System system_;
};

}  // namespace nacre::process
