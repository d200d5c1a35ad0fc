#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/wasi/host.hpp"
#include "lib/wasi/preview1.hpp"
#include "lib/wasm/runtime/guest.hpp"
#include "lib/wasm/runtime/linker.hpp"

namespace nacre::tools {

/// What `wasmrun` gives a program to import: WASI over this process' own streams and clocks, whose
/// waiting calls simply block, and the print functions of engines' test programs in `env`.
class HostImports final : private wasi::Host {
 public:
  /// Argument 0 is the program's name.
  HostImports(std::vector<std::string> arguments, std::vector<std::string> variables)
      : arguments_(std::move(arguments)), variables_(std::move(variables)) {}

  std::expected<void, base::OutOfMemory> define(wasm::Linker& linker);
  /// Answers a waiting host call; a number is the program's exit status, and the program ends.
  std::optional<int> answer(const wasm::exit::HostCall& call, wasm::Guest& guest);

 private:
  wasi::Errno read(const wasm::exit::HostCall& call);
  wasi::Errno write(const wasm::exit::HostCall& call);
  wasi::Errno poll(const wasm::exit::HostCall& call);
  wasi::Errno random(const wasm::exit::HostCall& call);

  base::u32 argument_count() const override;
  std::string_view argument(base::u32 index) const override;
  base::u32 variable_count() const override;
  std::string_view variable(base::u32 index) const override;
  wasi::Result<base::u64> clock_time(wasi::ClockId clock) const override;
  wasi::Result<base::u64> clock_resolution(wasi::ClockId clock) const override;
  wasi::Result<wasi::DescriptorStat> stat(base::u32 descriptor) const override;
  wasi::Result<void> close(base::u32 descriptor) override;
  wasi::Result<base::u64> seek(base::u32 descriptor, base::i64 offset,
                               wasi::Whence whence) override;
  wasi::Result<std::string_view> preopened_path(base::u32 descriptor) const override;

  bool is_open(base::u32 descriptor) const { return descriptor < 3 && open_[descriptor]; }

  std::vector<std::string> arguments_;
  std::vector<std::string> variables_;
  std::array<bool, 3> open_{true, true, true};
};

}  // namespace nacre::tools
