#pragma once

#include <span>
#include <string_view>

#include "lib/base/types.hpp"

namespace nacre::test {

/// A text's bytes, which stay the text's.
inline std::span<const base::u8> bytes_of(std::string_view text) {
  return {reinterpret_cast<const base::u8*>(text.data()), text.size()};
}

}  // namespace nacre::test
