#pragma once

#include <bit>
#include <gtest/gtest.h>
#include <span>
#include <vector>

#include "lib/wasm_script/compact.hpp"

/// Constants and scripts, as tests write them.
namespace nacre::wasm_script {

inline Constant i32(base::i32 value) {
  return {.kind = ConstantKind::I32, .bits = {static_cast<u32>(value), 0}};
}
inline Constant i64(base::i64 value) {
  return {.kind = ConstantKind::I64, .bits = {static_cast<u64>(value), 0}};
}
inline Constant f32(float value) {
  return {.kind = ConstantKind::F32, .bits = {std::bit_cast<u32>(value), 0}};
}
inline Constant f64(double value) {
  return {.kind = ConstantKind::F64, .bits = {std::bit_cast<u64>(value), 0}};
}
inline Constant v128(LaneShape shape, u64 low, u64 high) {
  return {.kind = ConstantKind::V128, .shape = shape, .bits = {low, high}};
}
inline Constant reference(ConstantKind kind, u64 number = 0) {
  return {.kind = kind, .bits = {number, 0}};
}
inline Constant either(u64 count) { return {.kind = ConstantKind::Either, .bits = {count, 0}}; }
inline Constant canonical_nan(ConstantKind kind) { return {.kind = kind, .canonical_nans = 1}; }
inline Constant arithmetic_nan(ConstantKind kind) { return {.kind = kind, .arithmetic_nans = 1}; }

inline std::vector<u8> script_of(const std::vector<Command>& commands) {
  Writer writer;
  for (Command const& command : commands) EXPECT_TRUE(writer.add(command));
  auto const bytes = writer.take();
  return {bytes->begin(), bytes->end()};
}

}  // namespace nacre::wasm_script
