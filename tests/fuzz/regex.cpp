#include "lib/text/regex.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lib/base/assert.hpp"

/// A byte of options, a pattern up to a NUL, and a text: what is found lies in the text and begins
/// where it was looked for.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using nacre::text::Regex;
  if (size == 0) return 0;
  std::string_view const input(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::string_view const pattern = input.substr(0, input.find('\0'));
  std::string_view const text = input.substr(std::min(input.size(), pattern.size() + 1));
  auto regex = Regex::compile(
      pattern, {.syntax = static_cast<Regex::Syntax>(data[0] % 3), .ignore_case = data[0] >= 128});
  if (!regex) {
    NACRE_ASSERT(regex.error().offset <= pattern.size());
    return 0;
  }
  std::size_t from = 0;
  while (auto const match = regex->find(text, from)) {
    NACRE_ASSERT(match->start >= from && match->size <= text.size() - match->start);
    if (match->size == 0) break;
    from = match->start + match->size;
  }
  return 0;
}
