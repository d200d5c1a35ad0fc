#pragma once

#include <optional>

#include "lib/wasm/binary/module.hpp"
#include "lib/wasm/validate/function_validator.hpp"

namespace nacre::wasm {

/// Validates a decoded module in steps, and leaves in each function body what the tiers need to
/// know. A module that passed is safe to instantiate and run.
///
///     Validator validator(module);
///     while (!validator.done()) TRY(validator.step());
///
/// [wasm/core: "Validation"]
class Validator {
 public:
  /// `module` is borrowed until the last step.
  explicit Validator(Module& module, Pace pace = Pace::StraightLines)
      : module_(module), pace_(pace) {}
  Validator(const Validator&) = delete;
  Validator& operator=(const Validator&) = delete;

  bool done() const { return done_; }
  /// Does a bounded part of the work.
  Loaded<void> step();

 private:
  Loaded<void> check_types();
  Loaded<void> check_definitions();
  Loaded<void> check_bodies();
  Loaded<void> need_type(ValueType type, usize offset) const;
  Loaded<void> declare_functions();
  Loaded<void> declare_in_expression(const ConstantExpression& expression);
  Loaded<void> check_tables();
  Loaded<void> check_globals();
  Loaded<void> check_exports() const;
  Loaded<void> check_elements();
  Loaded<void> check_data();
  std::span<const SignatureId> numbers() const { return {numbers_.data(), numbers_.size()}; }
  Loaded<void> declare(u32 function, usize offset);

  Module& module_;
  Pace pace_;
  SignatureTable signatures_;
  /// Of each type, in `signatures_`.
  base::Vector<SignatureId> numbers_;
  base::Vector<u8> declared_;
  std::optional<FunctionValidator> functions_;
  usize next_body_ = 0;
  bool done_ = false;
};

/// The whole of a module at once.
Loaded<void> validate(Module& module, Pace pace = Pace::StraightLines);

/// Decodes and validates.
Loaded<Module> load(std::span<const u8> bytes);

}  // namespace nacre::wasm
