#pragma once

#include <cstdio>

#include "lib/base/format.hpp"

namespace nacre::tools {

/// Formatted text to a stream of C.
struct FileSink final : base::Sink {
  explicit FileSink(std::FILE* to) : file(to) {}
  void write(std::string_view text) override { std::fwrite(text.data(), 1, text.size(), file); }
  std::FILE* file;
};

/// One line on stderr; returns `status`.
template <class... Arguments>
int complain(int status, base::FormatString<std::type_identity_t<Arguments>...> format,
             const Arguments&... arguments) {
  FileSink sink(stderr);
  sink.write("wasmrun: ");
  base::format_to(sink, format, arguments...);
  sink.write("\n");
  return status;
}

}  // namespace nacre::tools
