#pragma once

#include <expected>
#include <string_view>
#include <variant>

#include "lib/base/memory.hpp"
#include "lib/base/vector.hpp"
#include "lib/wasm_script/score.hpp"

/// Two texts are kept beside the suite's tests; in both, lines that are empty or begin with `#`
/// mean nothing. What is read from them is borrowed.
namespace nacre::wasm_script {

/// A line that is not formed as it should be.
struct WrongLine {
  u32 number;
};
struct TextError {
  std::variant<WrongLine, base::OutOfMemory> cause;

  // Implicit, so that `TRY` passes them on.
  TextError(WrongLine line) : cause(line) {}
  TextError(base::OutOfMemory out) : cause(out) {}
};
/// One line: `line 3 is not formed as it should be`.
void format_value(base::Sink& sink, const TextError& error);

/// What a script's score is.
struct LedgerEntry {
  std::string_view script;
  u32 passed = 0;
  u32 skipped = 0;
};

/// The scores so far, which may only improve: lines of `script passed skipped`.
class Ledger {
 public:
  static std::expected<Ledger, TextError> parse(std::string_view text);
  /// Null where it has no such script.
  const LedgerEntry* find(std::string_view script) const;

 private:
  base::Vector<LedgerEntry> entries_;
};

/// An assertion that is skipped by name.
struct Difference {
  std::string_view script;
  u32 line = 0;
  std::string_view reason;
};

/// What the engine does otherwise than an older suite says: lines of `script line reason`.
class Differences {
 public:
  static std::expected<Differences, TextError> parse(std::string_view text);
  /// Those of one script.
  std::expected<base::Vector<Difference>, base::OutOfMemory> of(std::string_view script) const;

 private:
  base::Vector<Difference> entries_;
};

}  // namespace nacre::wasm_script
