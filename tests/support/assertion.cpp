#include <cstdio>
#include <cstdlib>

#include "lib/base/assert.hpp"

namespace nacre::base {

void assertion_failed(const char* condition, std::source_location where) {
  std::fprintf(stderr, "%s:%u: assertion failed: %s\n", where.file_name(), where.line(), condition);
  std::abort();
}

}  // namespace nacre::base
