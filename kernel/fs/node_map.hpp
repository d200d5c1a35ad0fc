#pragma once

#include <expected>

#include "kernel/fs/file_system.hpp"
#include "lib/base/memory.hpp"
#include "lib/base/try.hpp"
#include "lib/base/vector.hpp"

namespace nacre::fs {

/// Something for each of some nodes, found in the same time however many there are. What it holds
/// keeps its place.
template <class T>
class NodeMap {
 public:
  NodeMap() = default;
  NodeMap(const NodeMap&) = delete;
  NodeMap& operator=(const NodeMap&) = delete;
  ~NodeMap() {
    for (Item* item : buckets_)
      while (item != nullptr) delete std::exchange(item, item->next);
  }

  /// Null where there is nothing for `node`.
  T* find(NodeId node) const {
    if (buckets_.empty()) return nullptr;
    for (Item* item = buckets_[bucket_of(node)]; item != nullptr; item = item->next)
      if (item->node == node) return &item->value;
    return nullptr;
  }
  /// What there is for `node`, a new `T` if there was nothing. Errors: OutOfMemory.
  std::expected<T*, base::OutOfMemory> find_or_add(NodeId node) {
    if (T* const found = find(node)) return found;
    if (size_ >= buckets_.size()) {
      TRY(grow());
    }
    TRY(auto item, base::try_make<Item>(node));
    Item*& bucket = buckets_[bucket_of(node)];
    item->next = bucket;
    bucket = item.release();
    ++size_;
    return &bucket->value;
  }
  void erase(NodeId node) {
    if (buckets_.empty()) return;
    for (Item** at = &buckets_[bucket_of(node)]; *at != nullptr; at = &(*at)->next) {
      if ((*at)->node != node) continue;
      delete std::exchange(*at, (*at)->next);
      --size_;
      return;
    }
  }
  usize size() const { return size_; }

 private:
  struct Item {
    explicit Item(NodeId which) : node(which) {}
    NodeId node;
    T value{};
    Item* next = nullptr;
  };
  usize bucket_of(NodeId node) const {
    return static_cast<usize>(node.value * 0x9e37'79b9'7f4a'7c15 >> 32) & (buckets_.size() - 1);
  }
  std::expected<void, base::OutOfMemory> grow() {
    usize const size = buckets_.empty() ? 16 : buckets_.size() * 2;
    TRY(auto fresh, base::Vector<Item*>::create(size));
    std::swap(buckets_, fresh);
    for (Item* item : fresh) {
      while (item != nullptr) {
        Item* const moved = std::exchange(item, item->next);
        Item*& bucket = buckets_[bucket_of(moved->node)];
        moved->next = bucket;
        bucket = moved;
      }
    }
    return {};
  }

  base::Vector<Item*> buckets_;  // a power of two of them
  usize size_ = 0;
};

}  // namespace nacre::fs
