#pragma once

#include <atomic>

namespace nacre::exec {

/// What can be pushed on an `InterruptQueue`: stands in it at most once at a time.
class InterruptNode {
 public:
  /// Called in task context after the node was pushed.
  using Action = void (*)(InterruptNode&);
  explicit constexpr InterruptNode(Action action) : action_(action) {}
  InterruptNode(const InterruptNode&) = delete;
  InterruptNode& operator=(const InterruptNode&) = delete;

  bool is_queued() const noexcept { return queued_.load(std::memory_order_acquire); }
  void run() { action_(*this); }

 private:
  friend class InterruptQueue;
  std::atomic<bool> queued_{false};
  InterruptNode* next_ = nullptr;
  Action action_;
};

/// The lock-free way from interrupts and other CPUs into an executor: many producers, one consumer,
/// through the nodes themselves.
class InterruptQueue {
 public:
  /// Any context, interrupts included: never allocates, locks or waits for another. A node that is
  /// queued already stays where it is.
  void push(InterruptNode& node) noexcept {
    if (node.queued_.exchange(true, std::memory_order_acq_rel)) return;
    InterruptNode* head = head_.load(std::memory_order_relaxed);
    do {
      node.next_ = head;
    } while (!head_.compare_exchange_weak(head, &node, std::memory_order_release,
                                          std::memory_order_relaxed));
  }

  /// Any context; a snapshot.
  bool empty() const noexcept { return head_.load(std::memory_order_acquire) == nullptr; }

  /// The one consumer: takes all nodes and runs their actions in the order of their pushes. A node
  /// may be pushed again from the moment its action starts.
  void drain() {
    InterruptNode* newest_first = head_.exchange(nullptr, std::memory_order_acquire);
    InterruptNode* oldest_first = nullptr;
    while (newest_first != nullptr) {
      InterruptNode* const next = newest_first->next_;
      newest_first->next_ = oldest_first;
      oldest_first = newest_first;
      newest_first = next;
    }
    while (oldest_first != nullptr) {
      InterruptNode& node = *oldest_first;
      oldest_first = node.next_;
      node.queued_.store(false, std::memory_order_release);
      node.run();
    }
  }

 private:
  std::atomic<InterruptNode*> head_{nullptr};
};

}  // namespace nacre::exec
