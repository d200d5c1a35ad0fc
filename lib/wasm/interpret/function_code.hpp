#pragma once

#include <expected>
#include <span>

#include "lib/base/memory.hpp"
#include "lib/wasm/interpret/operations.hpp"
#include "lib/wasm/runtime/instance.hpp"

namespace nacre::wasm::interpret {

/// A part of a function's code whose exceptions the function handles itself. Positions count words
/// from the start of the code.
struct TryRange {
  static constexpr u32 nothing = UINT32_MAX;

  u32 begin = 0;
  u32 end = 0;
  /// How many labels stand around it.
  u32 depth = 0;
  /// The number of its first clause.
  u32 first_clause = nothing;
  /// Instead of clauses: only ranges that are no deeper than this may handle its exceptions.
  u32 delegate_depth = nothing;
};

/// What a range does with exceptions of one tag, or of any.
struct HandlerClause {
  static constexpr u32 any_tag = UINT32_MAX;

  /// Of the module.
  u32 tag = any_tag;
  /// Where the code goes on.
  u32 target = 0;
  /// The number of the next clause of the same range.
  u32 next = TryRange::nothing;
  /// Where the exception's values go, and where the exception itself.
  Word values_slot = 0;
  Word exception_slot = 0;
  bool wants_values = false;
  bool wants_exception = false;
};

/// What the translator made of a function.
struct TranslatedCode {
  std::span<const Word> words;
  /// Inner ones before those around them.
  std::span<const TryRange> ranges;
  std::span<const HandlerClause> clauses;
};

/// Copies the code to the heap and lets the function's `entry` point to its words.
std::expected<void, base::OutOfMemory> install(FunctionInstance& function,
                                               const TranslatedCode& code);
/// The code of a function that `install` was called for.
TranslatedCode code_of(const FunctionInstance& function);
/// Frees it; the function must not be called again.
void uninstall(FunctionInstance& function);

}  // namespace nacre::wasm::interpret
