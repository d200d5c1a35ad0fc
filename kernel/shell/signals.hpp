#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "kernel/shell/system.hpp"
#include "lib/base/function_ref.hpp"

namespace nacre::shell {

/// What can be sent to programs, jobs and shells.
struct Signal {
  enum class Effect : u8 { End, Stop, Continue, Nothing };
  std::string_view name;
  /// Those that one knows. [posix/xcu: "kill"]
  int number;
  Effect effect = Effect::End;
};

/// What a signal that ends a command makes of its status, together with its number.
inline constexpr int signal_base = 128;
inline constexpr int interrupt_number = 2;
/// What cannot be caught and not be ignored.
inline constexpr int kill_number = 9;
inline constexpr int stop_number = 19;

std::span<const Signal> signals();
/// By name, with `SIG` before it or not, or by number; null if there is none.
const Signal* find_signal(std::string_view text);
const Signal* find_signal(int number);

/// The signals that a shell was sent and has not looked at yet. It does so between two commands.
class SignalInbox {
 public:
  void add(int number) { pending_ |= u64{1} << number; }
  bool empty() const { return pending_ == 0; }
  /// The first by number, which stays.
  std::optional<int> first() const;
  void remove(int number) { pending_ &= ~(u64{1} << number); }

  /// What a shell waits for, which Ctrl-C ends while the shell itself goes on; the innermost one
  /// that lives.
  class [[nodiscard]] Interruptible {
   public:
    /// `end` outlives this.
    Interruptible(SignalInbox& inbox, base::FunctionRef<void()> end)
        : inbox_(inbox), end_(end), outer_(inbox.interruptible_) {
      inbox.interruptible_ = this;
    }
    Interruptible(const Interruptible&) = delete;
    Interruptible& operator=(const Interruptible&) = delete;
    ~Interruptible() { inbox_.interruptible_ = outer_; }

   private:
    friend class SignalInbox;
    SignalInbox& inbox_;
    base::FunctionRef<void()> end_;
    Interruptible* outer_;
  };
  void interrupt() {
    if (interruptible_ != nullptr) interruptible_->end_();
  }

 private:
  u64 pending_ = 0;
  Interruptible* interruptible_ = nullptr;
};

}  // namespace nacre::shell
