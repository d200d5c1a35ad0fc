#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "lib/base/format.hpp"
#include "lib/text/utf8.hpp"

namespace nacre::text {

/// Makes lines of what is typed, for programs that read lines: echoes, lets the last character
/// (Backspace), word (Ctrl-W) or all (Ctrl-U) be taken back, and delivers at Enter or Ctrl-D.
/// [posix/xbd: "Canonical Mode Input Processing"]
class LineDiscipline {
 public:
  /// Longer lines take no more characters, only their end.
  static constexpr usize max_size = 4095;

  enum class Delivery : u8 {
    None,
    Text,       // `text()` is to be read now
    EndOfFile,  // Ctrl-D with nothing before it
  };

  /// Takes a byte and writes what the terminal is to show. After `Text`, `text()` is valid until
  /// the next byte.
  Delivery feed(u8 byte, base::Sink& echo);
  std::string_view text() const { return {line_.data(), size_}; }
  /// Forgets an unfinished line.
  void clear() { size_ = 0; }

 private:
  Delivery deliver() {
    delivered_ = true;
    return Delivery::Text;
  }
  void erase_character(base::Sink& echo);

  std::array<char, max_size + 1> line_{};
  usize size_ = 0;
  bool delivered_ = false;
  bool after_return_ = false;
};

}  // namespace nacre::text
