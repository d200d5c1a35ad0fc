#pragma once

#include <expected>
#include <string_view>

#include "lib/base/string.hpp"
#include "lib/base/try.hpp"
#include "lib/base/vector.hpp"

namespace nacre::text {

/// The last lines that were entered, oldest first.
class History {
 public:
  explicit History(base::usize capacity = 500) : capacity_(capacity) {}

  base::usize size() const { return lines_.size(); }
  std::string_view operator[](base::usize index) const { return lines_[index]; }
  void clear() { lines_ = {}; }
  /// Empty lines and repetitions of the last line are not kept; the oldest line makes room. Errors:
  /// OutOfMemory, and then `line` is not kept.
  std::expected<void, base::OutOfMemory> add(std::string_view line) {
    if (line.empty() || capacity_ == 0) return {};
    if (!lines_.empty() && lines_.back() == line) return {};
    TRY(auto copy, base::String::create(line));
    if (lines_.size() == capacity_) lines_.erase(0);
    return lines_.try_push_back(std::move(copy));
  }
  /// The last line was not meant to be kept.
  void drop_last() {
    if (!lines_.empty()) lines_.truncate(lines_.size() - 1);
  }

 private:
  base::Vector<base::String> lines_;
  base::usize capacity_;
};

}  // namespace nacre::text
