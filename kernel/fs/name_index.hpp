#pragma once

#include <optional>
#include <string_view>

#include "kernel/fs/error.hpp"
#include "lib/base/memory.hpp"
#include "lib/base/try.hpp"
#include "lib/base/vector.hpp"

namespace nacre::fs {

/// Finds things by a directory and a name, in the same time however many there are. Things are
/// numbers that its user gives a meaning; the user compares names, this only keeps hashes.
class NameIndex {
 public:
  /// How many things may share a hash's bucket. Names that come about by themselves stay far below;
  /// a file system made to be slow must not be.
  static constexpr usize max_chain = 64;
  static constexpr u32 none = UINT32_MAX;

  static u32 hash(u32 directory, std::string_view name) {
    // FNV-1a, begun with the directory. Bytes beyond the hash's width still count through the fold.
    u64 value = (14695981039346656037u ^ directory) * 1099511628211u;
    for (char const c : name) value = (value ^ static_cast<u8>(c)) * 1099511628211u;
    return static_cast<u32>(value ^ value >> 32);
  }

  /// The first thing under `hash` of which `is_it` is true.
  template <class IsIt>
  u32 find(u32 hash, IsIt&& is_it) const {
    if (buckets_.empty()) return none;
    for (u32 at = buckets_[hash & mask()]; at != none; at = links_[at].next)
      if (links_[at].hash == hash && is_it(at)) return at;
    return none;
  }

  /// Adds thing number `size()`. False when its bucket is full. Errors: OutOfMemory. Then nothing
  /// was changed.
  std::expected<bool, base::OutOfMemory> try_add(u32 hash) {
    if (links_.size() >= buckets_.size()) {
      TRY(grow());
    }
    u32& bucket = buckets_[hash & mask()];
    usize chain = 0;
    for (u32 at = bucket; at != none; at = links_[at].next)
      if (++chain == max_chain) return false;
    TRY(links_.try_push_back({hash, bucket}));
    bucket = static_cast<u32>(links_.size() - 1);
    return true;
  }
  /// Takes back the last addition.
  void remove_last() {
    buckets_[links_.back().hash & mask()] = links_.back().next;
    links_.pop_back();
  }
  usize size() const { return links_.size(); }

 private:
  struct Link {
    u32 hash;
    u32 next;
  };
  usize mask() const { return buckets_.size() - 1; }
  std::expected<void, base::OutOfMemory> grow() {
    base::Vector<u32> fresh;
    usize const size = buckets_.empty() ? 64 : buckets_.size() * 2;
    TRY(fresh.try_resize(size));
    for (u32& bucket : fresh) bucket = none;
    buckets_ = std::move(fresh);
    for (u32 at = 0; at < links_.size(); ++at) {
      u32& bucket = buckets_[links_[at].hash & mask()];
      links_[at].next = bucket;
      bucket = at;
    }
    return {};
  }

  base::Vector<u32> buckets_;  // a power of two of them, at least as many as things
  base::Vector<Link> links_;
};

}  // namespace nacre::fs
