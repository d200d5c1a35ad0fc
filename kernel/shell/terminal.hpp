#pragma once

#include "kernel/console/tty.hpp"
#include "kernel/fs/stream.hpp"
#include "kernel/process/run_control.hpp"
#include "lib/text/line_editor.hpp"

namespace nacre::shell {

/// The tty as the shell and its jobs share it: what one writes is not torn by another, and the line
/// that is being edited stays below what jobs write meanwhile. Task context.
class SharedTerminal {
 public:
  explicit SharedTerminal(console::Tty& tty) : tty_(tty) {}
  SharedTerminal(const SharedTerminal&) = delete;
  SharedTerminal& operator=(const SharedTerminal&) = delete;

  console::Tty& tty() { return tty_; }

  /// Writes what a job says, above the line that is being edited. `text` outlives the task.
  exec::Task<std::expected<void, base::OutOfMemory>> write(std::string_view text);

  /// The terminal as one writer's alone.
  class [[nodiscard]] Hold {
   public:
    explicit Hold(SharedTerminal& terminal) : terminal_(&terminal) { terminal.held_ = true; }
    Hold(Hold&& other) noexcept : terminal_(std::exchange(other.terminal_, nullptr)) {}
    Hold& operator=(Hold&&) = delete;
    ~Hold() {
      if (terminal_ == nullptr) return;
      terminal_->held_ = false;
      terminal_->released_.wake_all();
    }

   private:
    SharedTerminal* terminal_;
  };
  /// Waits until nobody else holds it.
  exec::Task<std::expected<Hold, base::OutOfMemory>> hold();

  /// While it lives, `editor` shows its line at the cursor, and only its owner, who holds the
  /// terminal for that, writes what the editor says.
  class EditedLine {
   public:
    EditedLine(SharedTerminal& terminal, text::LineEditor& editor) : terminal_(terminal) {
      terminal.line_ = &editor;
      terminal.line_is_hidden_ = false;
    }
    EditedLine(const EditedLine&) = delete;
    EditedLine& operator=(const EditedLine&) = delete;
    ~EditedLine() { terminal_.line_ = nullptr; }

    /// Whether it had to make way for others: readers of the tty are woken then. The owner shows it
    /// again.
    bool is_hidden() const { return terminal_.line_is_hidden_; }
    void was_shown() { terminal_.line_is_hidden_ = false; }

   private:
    SharedTerminal& terminal_;
  };

 private:
  console::Tty& tty_;
  bool held_ = false;
  exec::WaitList released_;
  text::LineEditor* line_ = nullptr;
  bool line_is_hidden_ = false;
};

/// Finds the sequences by which programs choose how keys reach them, in what they write:
/// docs/terminal.md.
class InputModeWatcher {
 public:
  enum class Mode : base::u8 {
    Lines,  // edited and echoed by the terminal
    Keys,   // as they are pressed; Ctrl-C and Ctrl-Z still mean what they mean
    Raw,    // all of them
  };
  /// The mode that was chosen last.
  Mode mode() const { return mode_; }
  void reset() { *this = {}; }
  /// Takes what is written, cut anywhere.
  void watch(std::string_view text);

 private:
  Mode mode_ = Mode::Lines;
  base::usize matched_ = 0;
  char which_ = 0;
};

/// The terminal as the stream of a job. A job that reads from it in the background is stopped until
/// it is in the foreground. [posix/xbd: "Terminal Access Control"]
class JobTerminal final : public fs::Stream {
 public:
  /// `group` is null for the shell itself.
  JobTerminal(SharedTerminal& terminal, process::Group* group)
      : terminal_(terminal), group_(group) {}

  exec::Task<fs::Result<base::usize>> read(std::span<base::u8> buffer) override;
  /// Writes text: line feeds return to the start of the row.
  exec::Task<fs::Result<base::usize>> write(std::span<const base::u8> bytes) override;
  fs::Readiness readiness(fs::Direction direction) const override;
  exec::WaitList* readiness_changed(fs::Direction direction) override;
  bool is_terminal() const override { return true; }

  /// While the job has the terminal, `foreground` is how it has it; else null.
  void set_foreground(console::Foreground* foreground);
  /// Back to lines: what chose something else has ended.
  void reset_mode();

 private:
  void apply_mode();
  bool may_read() const {
    return group_ == nullptr || (group_->is_foreground() && !group_->is_stopped());
  }

  SharedTerminal& terminal_;
  process::Group* group_;
  console::Foreground* foreground_ = nullptr;
  InputModeWatcher mode_;
  text::InputRequests requests_;  // while it has the terminal not
};

}  // namespace nacre::shell
