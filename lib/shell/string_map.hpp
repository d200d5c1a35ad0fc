#pragma once

#include <algorithm>
#include <expected>
#include <span>
#include <string_view>

#include "lib/base/string.hpp"
#include "lib/base/try.hpp"
#include "lib/base/vector.hpp"

namespace nacre::shell {

/// Values by name, in the order of the names.
template <class T>
class StringMap {
 public:
  struct Entry {
    base::String name;
    T value;
  };

  T* find(std::string_view name) {
    Entry* const entry = place_of(name);
    return entry != entries_.end() && entry->name == name ? &entry->value : nullptr;
  }
  const T* find(std::string_view name) const {
    const Entry* const entry = place_of(name);
    return entry != entries_.end() && entry->name == name ? &entry->value : nullptr;
  }
  /// The value of that name, which is made if it is not there. Errors: OutOfMemory.
  std::expected<T*, base::OutOfMemory> find_or_add(std::string_view name) {
    auto const index = static_cast<base::usize>(place_of(name) - entries_.begin());
    if (index < entries_.size() && entries_[index].name == name) return &entries_[index].value;
    TRY(base::String copy, base::String::create(name));
    TRY(entries_.try_insert(index, Entry{std::move(copy), T{}}));
    return &entries_[index].value;
  }
  /// False if there is none.
  bool remove(std::string_view name) {
    Entry* const entry = place_of(name);
    if (entry == entries_.end() || entry->name != name) return false;
    entries_.erase(static_cast<base::usize>(entry - entries_.begin()));
    return true;
  }
  void clear() { entries_.clear(); }
  bool empty() const { return entries_.empty(); }
  std::span<const Entry> entries() const { return {entries_.data(), entries_.size()}; }
  std::span<Entry> entries() { return {entries_.data(), entries_.size()}; }

 private:
  static bool is_before(const Entry& entry, std::string_view name) {
    return entry.name.view() < name;
  }
  Entry* place_of(std::string_view name) {
    return std::lower_bound(entries_.begin(), entries_.end(), name, is_before);
  }
  const Entry* place_of(std::string_view name) const {
    return std::lower_bound(entries_.begin(), entries_.end(), name, is_before);
  }

  base::Vector<Entry> entries_;
};

}  // namespace nacre::shell
