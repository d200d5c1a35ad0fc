#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace nacre::shell {

/// Words that begin a compound command. [posix/xcu: "Reserved Words"]
inline constexpr auto opening_words =
    std::to_array<std::string_view>({"{", "if", "while", "until", "for", "case"});
/// Words that cannot begin a command: they go on with one that is open, or end it.
inline constexpr auto closing_words =
    std::to_array<std::string_view>({"then", "else", "elif", "do", "fi", "done", "esac", "}"});
/// Words that stand before a pipeline.
inline constexpr auto pipeline_words = std::to_array<std::string_view>({"!", "time"});

/// Whether `word` means something else than a command, where one may begin.
constexpr bool is_reserved_word(std::string_view word) {
  return std::ranges::contains(opening_words, word) || std::ranges::contains(closing_words, word) ||
         std::ranges::contains(pipeline_words, word) || word == "in";
}

/// Whether `word` is a reserved one, and a command may begin behind it.
constexpr bool command_follows(std::string_view word) {
  constexpr auto without = std::to_array<std::string_view>({"for", "case", "esac", "in"});
  return is_reserved_word(word) && !std::ranges::contains(without, word);
}

}  // namespace nacre::shell
