#pragma once

#include "kernel/shell/builtin.hpp"

namespace nacre::shell {

/// What could stand where a word is being typed.
struct Completion {
  /// The word so far, as a command would get it.
  base::String word;
  /// Words that begin with it, sorted; those of directories end in a slash.
  base::Vector<base::String> candidates;

  /// What all of them go on with behind the word.
  std::string_view common_rest() const;
};

/// The commands, variables (behind a `$`), options (behind a dash) or paths that go on with the
/// word at the end of `line`. What is quoted is not completed.
exec::Task<std::expected<Completion, base::OutOfMemory>> complete(const Services& services,
                                                                  const ShellState& state,
                                                                  std::string_view line);

/// Text with a backslash before each character that a shell would not take as itself.
std::expected<base::String, base::OutOfMemory> escaped(std::string_view text);

}  // namespace nacre::shell
