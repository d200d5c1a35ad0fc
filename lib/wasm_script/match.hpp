#pragma once

#include <expected>
#include <optional>
#include <span>

#include "lib/base/format.hpp"
#include "lib/wasm/runtime/value.hpp"
#include "lib/wasm_script/command.hpp"

namespace nacre::wasm_script {

/// The constant as an argument of type `type`; nothing where it is not of that type or not one
/// value.
std::optional<wasm::Value> value_of(const Constant& constant, wasm::ValueType type);

/// Whether `value` is what the constant stands for.
bool matches(const Constant& expected, const wasm::Value& value);

/// Takes the constants for one result from the front of `expected`: an `Either` with its
/// alternatives, or one.
std::span<const Constant> take_result(std::span<const Constant>& expected);
/// Whether `value` is what `result` stands for, which `take_result` gave.
bool matches_result(std::span<const Constant> result, const wasm::Value& value);

/// `i32 42 (0x2a)`, as failures show it.
void format_value(base::Sink& sink, const Constant& constant);
/// The same for what came instead.
struct Shown {
  const wasm::Value& value;
};
void format_value(base::Sink& sink, const Shown& shown);

}  // namespace nacre::wasm_script
