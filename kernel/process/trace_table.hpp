#pragma once

#include <string_view>

namespace nacre::process {

/// How a host function's call is shown, in letters, one for what is shown:
///
///     n  a number             d, l  a signed number of 32, of 64 bits
///     x, X  32, 64 bits in hexadecimal: flags, rights, addresses
///     s  text, from its address and its length      v  buffers, from their list and its length
///     o, O  not shown; the 32, the 64 bits at this address are, after the call
///
/// `result` is `e` for an errno, `n` for a number, `-` for none.
struct TracedFunction {
  std::string_view module;
  std::string_view name;
  std::string_view arguments;
  char result;
};

/// How to show a function; null for one that is not known, which is shown in bits.
const TracedFunction* find_traced(std::string_view module, std::string_view name);

/// The name of an errno as POSIX has it, in small letters: "badf". Empty for one that is not known.
std::string_view errno_name(unsigned number);

}  // namespace nacre::process
