#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "lib/wasm/interpret/interpreter.hpp"
#include "lib/wasm/runtime/guest.hpp"
#include "lib/wasm/runtime/linker.hpp"
#include "tests/support/wasm_builder.hpp"
#include "tools/hosted_platform/hosted_platform.hpp"

namespace nacre::test {

/// What came of a call.
struct Outcome {
  std::optional<wasm::Trap> trap;
  std::vector<wasm::Slot> results;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};
inline Outcome returns(std::vector<wasm::Slot> results) { return {{}, std::move(results)}; }
inline Outcome traps(wasm::Trap trap) { return {trap, {}}; }
/// An argument.
inline wasm::Value i32_of(base::u32 value) { return wasm::Value::of(value); }
void PrintTo(const Outcome& outcome, std::ostream* stream);

/// A module of a test, loaded, with a store of its own. The linker is filled by the test before it
/// instantiates. A module that does not load aborts the test program.
class Program {
 public:
  explicit Program(const ModuleBuilder& builder, const wasm::StoreLimits& store_limits = {},
                   const wasm::GuestLimits& guest_limits = {});

  std::expected<wasm::Instance*, wasm::InstantiateError> instantiate();
  /// Instantiates if need be, calls an export and runs it to its end.
  Outcome call(std::string_view name, const std::vector<wasm::Value>& arguments = {});
  /// Only makes it ready.
  void begin(std::string_view name, const std::vector<wasm::Value>& arguments = {});

  wasm::Linker& linker() { return linker_; }
  wasm::Store& store() { return store_; }
  wasm::Guest& guest() { return guest_; }
  wasm::Instance& instance() { return *instance_; }

 private:
  Bytes bytes_;
  wasm::Module module_;
  tools::HostedPlatform platform_;
  wasm::Interpreter interpreter_;
  wasm::Store store_;
  wasm::Linker linker_;
  wasm::Guest guest_;
  wasm::Instance* instance_ = nullptr;
};

}  // namespace nacre::test
