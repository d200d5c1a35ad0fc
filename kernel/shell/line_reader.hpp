#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "kernel/shell/builtin.hpp"
#include "lib/base/string.hpp"

namespace nacre::shell {

/// The lines of a stream, however its bytes come. Others have their turn meanwhile, also where a
/// line has no end.
class LineReader {
 public:
  /// Both outlive it.
  LineReader(Invocation& call, fs::Stream& from) : call_(call), from_(from) {}
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  /// The next line without its line feed, valid until the next call; nothing at the end. Errors:
  /// those of the stream, OutOfMemory.
  exec::Task<fs::Result<std::optional<std::string_view>>> next();

 private:
  Invocation& call_;
  fs::Stream& from_;
  std::array<base::u8, 4096> buffer_;
  base::usize at_ = 0;
  base::usize end_ = 0;
  bool is_over_ = false;
  base::String line_;
};

}  // namespace nacre::shell
