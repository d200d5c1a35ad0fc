#pragma once

#include <array>

#include "kernel/fs/file_system.hpp"

namespace nacre::shell::builtin {

/// "drwxr-xr-x". [posix/xcu: "ls"]
inline std::array<char, 10> mode_text(const fs::Stat& stat) {
  std::array<char, 10> text{'-', 'r', 'w', 'x', 'r', 'w', 'x', 'r', 'w', 'x'};
  if (stat.type == fs::NodeType::Directory) text[0] = 'd';
  if (stat.type == fs::NodeType::Symlink) text[0] = 'l';
  if (stat.type == fs::NodeType::CharacterDevice) text[0] = 'c';
  for (unsigned bit = 0; bit < 9; ++bit)
    if ((stat.mode >> (8 - bit) & 1) == 0) text[bit + 1] = '-';
  return text;
}

}  // namespace nacre::shell::builtin
