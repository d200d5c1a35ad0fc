#pragma once

#include <expected>
#include <string_view>

#include "lib/base/format.hpp"
#include "lib/shell/parameters.hpp"

namespace nacre::shell {

using base::i64;

/// Why an expression has no value.
struct ArithmeticError {
  enum class Kind : u8 {
    MissingValue,
    MissingParenthesis,
    MissingColon,
    BadNumber,
    NotAVariable,  // to assign to
    Unexpected,    // something behind the expression
    DivisionByZero,
    NotANumber,  // the variable's value
    NotSet,      // the variable, which has to be
    ReadOnly,
    TooDeep,
    OutOfMemory,
  };
  Kind kind;
  /// Borrowed from the expression: what the error is about, or where it stands.
  std::string_view where{};

  constexpr ArithmeticError(Kind what, std::string_view text = {}) : kind(what), where(text) {}
  constexpr ArithmeticError(base::OutOfMemory) : kind(Kind::OutOfMemory) {}
};
void format_value(base::Sink& sink, const ArithmeticError& error);

/// The value of an expression, in 64 bits that wrap around: the operators of C, those that assign
/// included. A variable that is not set, or empty, is 0, unless it has to be set.
/// [posix/xcu: "Arithmetic Expansion"]
std::expected<i64, ArithmeticError> evaluate(std::string_view expression, Parameters& parameters);

/// A number as C has them: decimal, `0x...` or `0...`, with a sign, and blanks around it.
std::optional<i64> parse_integer(std::string_view text);

}  // namespace nacre::shell
