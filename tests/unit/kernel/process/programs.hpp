#pragma once

#include <gtest/gtest.h>
#include <string_view>

#include "tests/support/module_builder.hpp"
#include "tests/unit/kernel/process/fakes.hpp"

/// Small programs that use WASI, and a machine that runs them.
namespace nacre::process::test {

using namespace nacre::test::module;

inline constexpr std::string_view wasi = "wasi_snapshot_preview1";
inline constexpr Bytes i32x2{i32_type, i32_type};
inline constexpr Bytes i32x4{i32_type, i32_type, i32_type, i32_type};

constexpr u32 import_exit(ModuleBuilder& module) {
  return module.import_function(wasi, "proc_exit", {i32_type}, {});
}
constexpr u32 import_write(ModuleBuilder& module) {
  return module.import_function(wasi, "fd_write", i32x4, {i32_type});
}
constexpr Bytes word(u32 value) {
  return {static_cast<u8>(value), static_cast<u8>(value >> 8), static_cast<u8>(value >> 16),
          static_cast<u8>(value >> 24)};
}

constexpr Bytes exits_with(i32 code) {
  ModuleBuilder module;
  u32 const exit = import_exit(module);
  module.entry(i32_const(code) + call(exit) + unreachable);
  return module.build();
}

/// Writes "hello, " and "world\n" in one call, and exits with its errno.
constexpr Bytes hello(i32 descriptor = 1) {
  ModuleBuilder module;
  u32 const exit = import_exit(module);
  u32 const write = import_write(module);
  module.memory(1);
  module.data(0, word(32) + word(7) + word(64) + word(6));
  module.data(32, characters("hello, "));
  module.data(64, characters("world\n"));
  module.entry(i32_const(descriptor) + i32_const(0) + i32_const(2) + i32_const(16) + call(write) +
               call(exit));
  return module.build();
}

/// Copies its input to its output, through a buffer of 100 bytes.
constexpr Bytes cat() {
  ModuleBuilder module;
  u32 const exit = import_exit(module);
  u32 const write = import_write(module);
  u32 const read = module.import_function(wasi, "fd_read", i32x4, {i32_type});
  module.memory(1);
  module.data(0, word(200) + word(100) + word(200));
  Bytes const is_error = if_(i32_const(9) + call(exit));
  module.entry(loop(i32_const(0) + i32_const(0) + i32_const(1) + i32_const(12) + call(read) +
                    is_error + i32_const(12) + i32_load +
                    if_(i32_const(12) + i32_const(12) + i32_load + i32_store +  // the size read
                        i32_const(1) + i32_const(8) + i32_const(1) + i32_const(16) + call(write) +
                        is_error + branch(1))));
  return module.build();
}

constexpr Bytes spins() {
  ModuleBuilder module;
  module.entry(loop(branch(0)));
  return module.build();
}

class RunTest : public testing::Test {
 protected:
  Machine machine;

  int run_module(const Bytes& module) { return machine.run(module.span()); }
};

}  // namespace nacre::process::test
