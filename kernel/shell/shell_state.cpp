#include "kernel/shell/shell_state.hpp"

namespace nacre::shell {

std::expected<ShellState, base::OutOfMemory> ShellState::try_copy() const {
  TRY(auto path, directory_path.try_copy());
  ShellState copy{.id = id,
                  .directory = fs::HeldNode(directory.location()),
                  .directory_path = std::move(path),
                  .descriptors = descriptors,
                  .terminal = terminal,
                  .limits = limits,
                  .is_interactive = is_interactive,
                  .environment = environment,
                  .loops = loops,
                  .functions_entered = functions_entered,
                  .depth = depth,
                  .tested = tested};
  TRY(copy.parameters, parameters.try_copy());
  for (const auto& [name, body] : functions.entries()) {
    TRY(auto* const copied, copy.functions.find_or_add(name));
    *copied = body;
  }
  for (const auto& [name, text] : aliases.entries()) {
    TRY(auto* const copied, copy.aliases.find_or_add(name));
    TRY(*copied, text.try_copy());
  }
  for (const auto& [name, text] : traps.entries()) {
    TRY(auto* const copied, copy.traps.find_or_add(name));
    TRY(*copied, text.try_copy());
  }
  return copy;
}

/// Traps are not inherited, except for what is to be ignored. [posix/xcu: "trap"]
std::expected<ShellState, base::OutOfMemory> ShellState::try_copy_for_subshell(
    u64 new_environment) const {
  TRY(ShellState copy, try_copy());
  copy.traps.clear();
  for (const auto& [name, text] : traps.entries()) {
    if (!text.empty()) continue;
    TRY(copy.traps.find_or_add(name));
  }
  copy.is_interactive = false;
  copy.environment = new_environment;
  copy.loops = 0;
  ++copy.depth;
  return copy;
}

}  // namespace nacre::shell
