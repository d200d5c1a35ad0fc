#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "kernel/fs/stream.hpp"
#include "lib/base/string.hpp"

namespace nacre::shell {

/// The lines of a stream, however its bytes come.
class LineReader {
 public:
  explicit LineReader(fs::Stream& from) : from_(from) {}
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  /// The next line without its line feed, valid until the next call; nothing at the end. Errors:
  /// those of the stream, OutOfMemory.
  exec::Task<fs::Result<std::optional<std::string_view>>> next();

 private:
  fs::Stream& from_;
  std::array<base::u8, 4096> buffer_;
  base::usize at_ = 0;
  base::usize end_ = 0;
  bool is_over_ = false;
  base::String line_;
};

}  // namespace nacre::shell
