#pragma once

#include <cstdio>
#include <map>
#include <string>

#include "lib/wasm/interpret/interpreter.hpp"

namespace nacre::tools {

/// Writes each instruction before it is executed, one line for each, and one for each call of a
/// function with its arguments:
///
///     1 add(-2, 44)
///     1 add 0x2e: local.get 0
///
/// The number says how many calls are active.
class Tracer final : public wasm::Observer {
 public:
  explicit Tracer(std::FILE* to) : file_(to) {}
  void before_instruction(const wasm::FunctionInstance& function, base::usize offset,
                          base::usize depth, std::span<const wasm::Slot> parameters) override;

 private:
  const std::string& name_of(const wasm::FunctionInstance& function);

  std::FILE* file_;
  /// To find a name takes a look through the module.
  std::map<const wasm::FunctionInstance*, std::string> names_;
};

}  // namespace nacre::tools
