#pragma once

#include <algorithm>
#include <expected>
#include <span>
#include <string_view>
#include <utility>

#include "lib/base/try.hpp"
#include "lib/base/vector.hpp"

namespace nacre::base {

/// Owned bytes that are text by convention (UTF-8, not checked). Growth can fail, as for `Vector`.
class String {
 public:
  String() noexcept = default;

  static std::expected<String, OutOfMemory> create(std::string_view text) {
    String string;
    TRY(string.append(text));
    return string;
  }
  std::expected<String, OutOfMemory> try_copy() const { return create(*this); }

  operator std::string_view() const noexcept { return {bytes_.data(), bytes_.size()}; }
  std::string_view view() const noexcept { return *this; }
  std::span<char> span() noexcept { return {bytes_.data(), bytes_.size()}; }
  usize size() const noexcept { return bytes_.size(); }
  bool empty() const noexcept { return bytes_.empty(); }
  char operator[](usize index) const { return bytes_[index]; }

  std::expected<void, OutOfMemory> append(std::string_view text) {
    return bytes_.try_append(std::span(text.data(), text.size()));
  }
  std::expected<void, OutOfMemory> append(char character) {
    return bytes_.try_push_back(character);
  }
  std::expected<void, OutOfMemory> assign(std::string_view text) {
    TRY(auto fresh, create(text));
    *this = std::move(fresh);
    return {};
  }
  std::expected<void, OutOfMemory> insert(usize index, char character) {
    return bytes_.try_insert(index, character);
  }
  /// Puts `text`, which must not lie in this string, before `index`.
  std::expected<void, OutOfMemory> insert(usize index, std::string_view text) {
    NACRE_ASSERT(index <= size());
    TRY(append(text));
    std::rotate(bytes_.begin() + index, bytes_.end() - text.size(), bytes_.end());
    return {};
  }
  void erase(usize index) { bytes_.erase(index); }
  void erase(usize first, usize count) { bytes_.erase(first, count); }
  void truncate(usize size) { bytes_.truncate(size); }
  void clear() noexcept { bytes_.clear(); }

  friend bool operator==(const String& left, std::string_view right) {
    return left.view() == right;
  }
  friend bool operator==(const String& left, const String& right) {
    return left.view() == right.view();
  }

 private:
  Vector<char> bytes_;
};

}  // namespace nacre::base
