#pragma once

#include <optional>

#include "kernel/process/turn.hpp"
#include "lib/base/function_ref.hpp"
#include "lib/base/intrusive_list.hpp"
#include "lib/base/time.hpp"
#include "lib/exec/wait.hpp"

namespace nacre::process {

class Group;

/// Work that can be stopped for a while and goes on where it was: a program, or what else a job of
/// the shell does. Stopping takes effect when it next asks, between two slices; what it waits for
/// meanwhile, it goes on waiting for. Task context.
class RunControl : public base::ListNode<RunControl> {
 public:
  /// A member of `group`, which may be null, and else outlives this; it begins as the group is.
  explicit RunControl(Group* group);
  ~RunControl();

  bool is_stopped() const { return stopped_; }
  void stop() { set_stopped(true); }
  void resume() { set_stopped(false); }
  Group* group() const { return group_; }
  /// Is called when it is stopped, by who stops it. It is borrowed; nothing for none.
  using OnStop = base::FunctionRef<void()>;
  void set_on_stop(std::optional<OnStop> on_stop) { on_stop_ = on_stop; }

  /// `co_await control.pace(turn)`: waits while this is stopped, and lets others run when the turn
  /// is over. A hint that it may go on: who must not, asks again.
  class [[nodiscard]] Pace : public exec::WaitList::Waiter {
   public:
    Pace(RunControl& control, Turn& turn)
        : Waiter(control.resumed_), control_(control), turn_(turn) {}
    bool await_ready() const noexcept { return !control_.is_stopped() && !turn_.is_over(); }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> waiting) {
      paused_ = true;
      if (control_.is_stopped())
        Waiter::await_suspend(waiting);
      else
        exec::yield().await_suspend(waiting);
    }
    void await_resume() const noexcept {
      if (paused_) turn_.begin();
    }

   private:
    RunControl& control_;
    Turn& turn_;
    bool paused_ = false;
  };
  Pace pace(Turn& turn) { return Pace(*this, turn); }

 private:
  void set_stopped(bool stopped);

  Group* group_;
  bool stopped_ = false;
  std::optional<OnStop> on_stop_;
  exec::WaitList resumed_;
};

/// What is stopped and continued together: the work of one job. It outlives its members.
class Group {
 public:
  Group() = default;
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  /// Whether nothing in it goes on: it was stopped, or each of its members was.
  bool is_stopped();
  void stop();
  void resume();

  /// Whether it has the terminal: what it types there is for it.
  bool is_foreground() const { return foreground_; }
  void set_foreground(bool foreground) {
    foreground_ = foreground;
    tell_changed();
  }

  /// Waits until it was stopped or continued, came to or left the foreground, or came to its end. A
  /// hint.
  auto changed() { return changed_.wait(); }
  void tell_changed() { changed_.wake_all(); }

  /// How long the programs in it have run, those that ended included.
  base::Duration cpu_time{};

 private:
  friend class RunControl;

  base::IntrusiveList<RunControl> members_;
  bool stopped_ = false;
  bool foreground_ = false;
  exec::WaitList changed_;
};

}  // namespace nacre::process
