#include "kernel/shell/shell_state.hpp"

#include <algorithm>

namespace nacre::shell {

bool ShellState::traps_signals() const {
  return std::ranges::any_of(traps.entries(), [](const auto& entry) {
    return !entry.value.empty() && entry.name != "EXIT";
  });
}

std::optional<int> ShellState::pending_signal() {
  while (auto const number = signals->first()) {
    const base::String* const action = traps.find(find_signal(*number)->name);
    if (action == nullptr || !action->empty()) return number;
    signals->remove(*number);
  }
  return std::nullopt;
}

std::expected<ShellState, base::OutOfMemory> ShellState::try_copy() const {
  TRY(auto path, directory_path.try_copy());
  ShellState copy{.id = id,
                  .directory = fs::HeldNode(directory.location()),
                  .directory_path = std::move(path),
                  .signals = signals,
                  .status_before_trap = status_before_trap,
                  .creation_mask = creation_mask,
                  .descriptors = descriptors,
                  .terminal = terminal,
                  .limits = limits,
                  .is_interactive = is_interactive,
                  .environment = environment,
                  .loops = loops,
                  .functions_entered = functions_entered,
                  .line_shift = line_shift,
                  .depth = depth,
                  .task_depth = task_depth,
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
  TRY(copy.signals, base::Shared<SignalInbox>::create());
  copy.traps.clear();
  for (const auto& [name, text] : traps.entries()) {
    if (!text.empty()) continue;
    TRY(copy.traps.find_or_add(name));
  }
  copy.is_interactive = false;
  copy.environment = new_environment;
  ++copy.depth;
  return copy;
}

}  // namespace nacre::shell
