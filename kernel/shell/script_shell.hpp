#pragma once

#include "kernel/process/process.hpp"
#include "kernel/shell/shell_state.hpp"

namespace nacre::shell {

/// A shell as others know it, by the number that is `$$` in it: the one that lines are entered in,
/// or a script that `sh` runs. `state` and `text` outlive it.
class ScriptShell final : public process::Work, public base::ListNode<ScriptShell> {
 public:
  ScriptShell(process::ProcessTable& table, ShellState& state, process::ProcessId id,
              process::ProcessId parent, std::string_view text, process::Group& group,
              exec::WaitList& changed)
      : Work(table, id, parent), state_(state), text_(text), group_(group), changed_(changed) {}

  std::string_view text() const override { return text_; }
  bool is_stopped() override { return group_.is_stopped(); }
  base::Duration cpu_time() const override { return group_.cpu_time; }
  void signal(int number) override {
    state_.signals->add(number);
    // It may be waiting for jobs.
    changed_.wake_all();
  }

  /// Whether it has an action for the signal, or ignores it.
  bool traps(const Signal& signal) const { return state_.traps.find(signal.name) != nullptr; }
  void interrupt() { state_.signals->interrupt(); }

 private:
  ShellState& state_;
  std::string_view text_;
  process::Group& group_;
  exec::WaitList& changed_;
};

}  // namespace nacre::shell
