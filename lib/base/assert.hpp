#pragma once

#include <source_location>

namespace nacre::base {

/// Called when an assertion does not hold: a bug of ours, never bad input. The kernel panics, a
/// hosted program aborts; each links its own definition.
[[noreturn]] void assertion_failed(const char* condition, std::source_location where);

}  // namespace nacre::base

/// Checks an invariant in every build.
#define NACRE_ASSERT(...)         \
  (static_cast<bool>(__VA_ARGS__) \
       ? static_cast<void>(0)     \
       : ::nacre::base::assertion_failed(#__VA_ARGS__, std::source_location::current()))
