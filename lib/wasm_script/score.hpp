#pragma once

#include <expected>
#include <string_view>

#include "lib/base/format.hpp"
#include "lib/base/memory.hpp"
#include "lib/base/string.hpp"
#include "lib/base/vector.hpp"

namespace nacre::wasm_script {

using base::u32;
using base::usize;

/// What came of one script, or of several.
struct Score {
  /// Why assertions were skipped, and how many.
  struct Reason {
    base::String text;
    u32 count = 0;
  };

  u32 passed = 0;
  u32 failed = 0;
  u32 skipped = 0;
  /// How many modules were refused as they should be, and of how many the reason was said exactly
  /// as the suite says it.
  u32 refusals = 0;
  u32 same_words = 0;
  /// In the order in which they came up. One that nothing was skipped for has the count 0.
  base::Vector<Reason> reasons;

  /// The number of the reason with that text, a new one if there is none.
  std::expected<usize, base::OutOfMemory> reason(std::string_view text);
  /// Counts as skipped for a reason.
  void skip(usize reason) {
    ++skipped;
    ++reasons[reason].count;
  }
  std::expected<void, base::OutOfMemory> add(const Score& other);
};

/// One line with the numbers, and one for each reason:
///
///     core  20031 passed, 0 failed, 12 skipped
///         12 skipped: needs SIMD
void write_score(base::Sink& sink, std::string_view name, const Score& score);

}  // namespace nacre::wasm_script
