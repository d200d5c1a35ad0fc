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

  bool done() const { return stage_ == Stage::Done; }
  /// Does a bounded part of the work.
  Loaded<void> step();

 private:
  /// What is checked, in this order. Of the first ones is seen which functions they name, for
  /// `ref.func` may name those only.
  enum class Stage : u8 {
    Types,
    TableNames,
    GlobalNames,
    Exports,
    DuplicateExports,
    ElementNames,
    Tables,
    Globals,
    Elements,
    Data,
    Start,
    Bodies,
    Done,
  };
  /// Checks the item `next_` of a stage, or a part of it; true when that is done.
  using Check = Loaded<bool> (Validator::*)();
  struct Work {
    usize count = 0;
    Check check = nullptr;
  };

  Work work_of(Stage stage) const;
  Loaded<void> enter(Stage stage);

  Loaded<bool> type();
  Loaded<bool> table_names();
  Loaded<bool> global_names();
  Loaded<bool> export_item();
  Loaded<bool> duplicate_export();
  Loaded<bool> element_names();
  Loaded<bool> table();
  Loaded<bool> global();
  Loaded<bool> element_segment();
  Loaded<bool> data_segment();
  Loaded<bool> start();
  Loaded<bool> body();

  Loaded<void> need_type(ValueType type, usize offset) const;
  Loaded<void> declare(u32 function, usize offset);
  Loaded<void> declare_in(const ConstantExpression& expression);
  Loaded<ConstantExpression> next_expression();
  usize count_of(ExternKind kind) const;
  std::span<const SignatureId> numbers() const { return {numbers_.data(), numbers_.size()}; }

  Module& module_;
  Pace pace_;
  Stage stage_ = Stage::Types;
  usize next_ = 0;
  /// In the elements of the segment `next_`, once one of them was read.
  std::optional<Cursor> elements_;
  bool body_has_begun_ = false;

  SignatureTable signatures_;
  /// Of each type, in `signatures_`.
  base::Vector<SignatureId> numbers_;
  base::Vector<u8> declared_;
  /// A heap with the last name on top, from which they are taken one by one.
  base::Vector<const Export*> exports_;
  std::optional<FunctionValidator> functions_;
};

/// The whole of a module at once.
Loaded<void> validate(Module& module, Pace pace = Pace::StraightLines);

/// Decodes and validates.
Loaded<Module> load(std::span<const u8> bytes);

}  // namespace nacre::wasm
