#pragma once

#include "kernel/process/process.hpp"
#include "kernel/process/services.hpp"
#include "kernel/process/turn.hpp"
#include "lib/wasi/host.hpp"
#include "lib/wasi/preview1.hpp"

namespace nacre::process {

/// The errno that a program sees for an error of the file layer.
wasi::Errno errno_of(fs::ErrorKind kind);

/// WASI for one process: its arguments, its streams, the machine's clocks and random numbers.
class WasiHost final : public wasi::Host {
 public:
  WasiHost(Services& services, Process& process, Turn& turn)
      : services_(services), process_(process), turn_(turn) {}

  /// Answers a call that may have to wait, any but `Exit`. The call outlives the task.
  [[clang::coro_wrapper]] exec::Task<std::expected<u32, base::OutOfMemory>> answer(
      wasi::WaitingCall kind, const wasm::exit::HostCall& call);

  u32 argument_count() const override;
  std::string_view argument(u32 index) const override;
  u32 variable_count() const override;
  std::string_view variable(u32 index) const override;
  wasi::Result<u64> clock_time(wasi::ClockId clock) const override;
  wasi::Result<u64> clock_resolution(wasi::ClockId clock) const override;
  wasi::Result<wasi::DescriptorStat> stat(u32 descriptor) const override;
  wasi::Result<void> close(u32 descriptor) override;
  wasi::Result<u64> seek(u32 descriptor, i64 offset, wasi::Whence whence) override;
  wasi::Result<std::string_view> preopened_path(u32 descriptor) const override;

 private:
  using Answer = std::expected<u32, base::OutOfMemory>;
  exec::Task<Answer> read(const wasm::exit::HostCall& call);
  exec::Task<Answer> write(const wasm::exit::HostCall& call);
  exec::Task<Answer> random(const wasm::exit::HostCall& call);
  exec::Task<Answer> poll(const wasm::exit::HostCall& call);
  exec::Task<Answer> yield();

  Services& services_;
  Process& process_;
  Turn& turn_;
};

}  // namespace nacre::process
