#pragma once

#include <cstddef>
#include <iterator>

#include "lib/base/assert.hpp"

namespace nacre::base {

template <class T, class Tag = void>
class IntrusiveList;

/// Base of what can stand in one `IntrusiveList`. Leaves its list when it is destroyed. `Tag` tells
/// apart the lists of a type that stands in several.
template <class T, class Tag = void>
class ListNode {
 public:
  ListNode() = default;
  ListNode(const ListNode&) = delete;
  ListNode& operator=(const ListNode&) = delete;
  ~ListNode() { unlink(); }

  bool is_linked() const { return next_ != nullptr; }
  void unlink() {
    if (!is_linked()) return;
    previous_->next_ = next_;
    next_->previous_ = previous_;
    next_ = previous_ = nullptr;
  }

 private:
  friend class IntrusiveList<T, Tag>;
  ListNode* next_ = nullptr;
  ListNode* previous_ = nullptr;
};

/// A doubly linked list through its elements: never allocates, owns nothing. The list must outlive
/// its elements' membership, not the elements.
template <class T, class Tag>
class IntrusiveList {
  using Node = ListNode<T, Tag>;

 public:
  IntrusiveList() { head_.next_ = head_.previous_ = &head_; }
  IntrusiveList(const IntrusiveList&) = delete;
  IntrusiveList& operator=(const IntrusiveList&) = delete;
  ~IntrusiveList() {
    while (pop_front() != nullptr) {
    }
    head_.next_ = head_.previous_ = nullptr;
  }

  bool empty() const { return head_.next_ == &head_; }
  T* front() { return empty() ? nullptr : static_cast<T*>(head_.next_); }
  void push_back(T& element) { insert_before(head_, element); }
  void push_front(T& element) { insert_before(*head_.next_, element); }
  /// Puts `element` before `position`, which stands in this list.
  void insert_before(Node& position, T& element) {
    Node& node = element;
    NACRE_ASSERT(!node.is_linked());
    node.previous_ = position.previous_;
    node.next_ = &position;
    position.previous_->next_ = &node;
    position.previous_ = &node;
  }
  T* pop_front() {
    T* const first = front();
    if (first != nullptr) static_cast<Node*>(first)->unlink();
    return first;
  }

  class Iterator {
   public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using reference = T&;
    using pointer = T*;
    using iterator_category = std::forward_iterator_tag;

    Iterator() = default;
    explicit Iterator(Node* node) : node_(node) {}
    T& operator*() const { return *static_cast<T*>(node_); }
    T* operator->() const { return static_cast<T*>(node_); }
    Iterator& operator++() {
      node_ = IntrusiveList::next_of(*node_);
      return *this;
    }
    Iterator operator++(int) {
      Iterator const before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(Iterator, Iterator) = default;

   private:
    Node* node_ = nullptr;
  };
  Iterator begin() { return Iterator(head_.next_); }
  Iterator end() { return Iterator(&head_); }

 private:
  static Node* next_of(Node& node) { return node.next_; }

  Node head_;
};

}  // namespace nacre::base
