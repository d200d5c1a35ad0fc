#pragma once

#include <expected>
#include <utility>

/// Error propagation over `std::expected`.
///
///     TRY(expression);                  // returns the error, drops the value
///     TRY(auto value, expression);      // returns the error, binds the value
///
/// `CO_TRY` is the same for coroutines. The error converts to the function's own error type, so a
/// domain error that can be made from a narrower one passes on without a word.
#define NACRE_CONCAT_(a, b) a##b
#define NACRE_CONCAT(a, b) NACRE_CONCAT_(a, b)

#define NACRE_TRY_(leave, result, expression) \
  auto&& result = (expression);               \
  if (!result.has_value()) [[unlikely]]       \
  leave std::unexpected(std::move(result).error())

#define NACRE_TRY_1(leave, unique, expression) \
  NACRE_TRY_(leave, NACRE_CONCAT(try_, unique), expression)
#define NACRE_TRY_2(leave, unique, declaration, expression)  \
  NACRE_TRY_(leave, NACRE_CONCAT(try_, unique), expression); \
  declaration = *std::move(NACRE_CONCAT(try_, unique))

#define NACRE_TRY_SELECT(_1, _2, name, ...) name
#define TRY(...) \
  NACRE_TRY_SELECT(__VA_ARGS__, NACRE_TRY_2, NACRE_TRY_1)(return, __COUNTER__, __VA_ARGS__)
#define CO_TRY(...) \
  NACRE_TRY_SELECT(__VA_ARGS__, NACRE_TRY_2, NACRE_TRY_1)(co_return, __COUNTER__, __VA_ARGS__)
