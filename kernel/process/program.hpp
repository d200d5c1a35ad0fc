#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "kernel/process/game_host.hpp"
#include "kernel/process/services.hpp"
#include "kernel/process/tracer.hpp"
#include "kernel/process/wasi_host.hpp"
#include "lib/wasm/binary/error.hpp"
#include "lib/wasm/runtime/guest.hpp"
#include "lib/wasm/runtime/linker.hpp"
#include "lib/wasm/runtime/store.hpp"

namespace nacre::process {

/// Imports that nobody has: how many, and which of the module's are the first of them.
struct MissingImports {
  const wasm::Module* module;
  std::span<const u32> first;
  usize count;
};
/// An import that has another type than what there is by its name.
struct WrongImport {
  const wasm::Module* module;
  const wasm::Linker* linker;
  const wasm::Store* store;
  wasm::IncompatibleImport import;
};
/// The host's memory or its limits do not suffice for the memories and tables of the module.
struct NotEnough {
  const wasm::Module* module;
  wasm::InstantiateError error;
};
/// The module exports neither a `_start` nor a `main` without parameters.
struct NoEntry {};

/// Why a module is not running. What it refers to lives as long as its `Program`.
struct LoadError {
  using Cause = std::variant<wasm::ModuleError, MissingImports, WrongImport, NotEnough,
                             wasm::InstantiateError, NoEntry, base::OutOfMemory>;
  Cause cause;

  template <std::convertible_to<Cause> T>
  LoadError(T why) : cause(std::move(why)) {}
  /// As the status of the process.
  ExitStatus status() const;
};
/// One line without its end: `not a WebAssembly module: magic header not detected at byte 0x0`.
void format_value(base::Sink& sink, const LoadError& error);

/// A module loaded, linked and ready to run. Stays where it is.
class Program {
 public:
  /// Its memory is that of `platform`, which outlives it.
  Program(Services& services, wasm::Platform& platform, const Limits& limits)
      : store_(platform, services.tier), linker_(store_), limits_(limits) {}
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// Has the calls of hosts followed by `tracer`, which outlives this. Before it is loaded.
  void set_tracer(Tracer& tracer) { tracer_ = &tracer; }
  /// Loads `bytes`, letting others run now and then, and links them with those of the hosts that
  /// they ask for. Once. All arguments outlive the program.
  exec::Task<std::expected<void, LoadError>> load(std::span<const u8> bytes, WasiHost& wasi,
                                                  GameHost& game, Turn& turn);

  // After it was loaded:
  wasm::Guest& guest() { return *guest_; }
  const wasm::Instance& instance() const { return *instance_; }
  /// What is to be called, in this order. The first may be null.
  wasm::FunctionInstance* start_function() const { return instance_->start_function(); }
  wasm::FunctionInstance& entry() const { return *entry_; }

 private:
  exec::Task<std::expected<void, LoadError>> define_imports(WasiHost& wasi, GameHost& game,
                                                            Turn& turn);
  std::expected<void, LoadError> prepare_to_run();
  LoadError told(const wasm::InstantiateError& error) const;

  wasm::Module module_;
  wasm::Store store_;
  wasm::Linker linker_;
  /// For `MissingImports`.
  base::Vector<u32> missing_;
  Limits limits_;
  wasm::Instance* instance_ = nullptr;
  wasm::FunctionInstance* entry_ = nullptr;
  std::optional<wasm::Guest> guest_;
  Tracer* tracer_ = nullptr;
};

}  // namespace nacre::process
