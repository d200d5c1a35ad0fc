#pragma once

#include <cstddef>
#include <iterator>
#include <string_view>

#include "lib/base/format.hpp"
#include "lib/base/string.hpp"
#include "lib/base/types.hpp"

namespace nacre::archive {

using base::u32;
using base::u64;
using base::u8;
using base::usize;

/// The path of a member, as components. Borrowed from the archive: a ustar header keeps the path in
/// two fields that are joined by a slash, so it is two pieces of text, and nothing has to be put
/// together to walk it. Empty components and `.` are skipped; so leading, doubled and trailing
/// slashes do not show.
class MemberName {
 public:
  constexpr MemberName() = default;
  constexpr explicit MemberName(std::string_view path) : first_(path) {}
  constexpr MemberName(std::string_view prefix, std::string_view rest)
      : first_(prefix), second_(rest) {}

  class Iterator {
   public:
    using value_type = std::string_view;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;

    constexpr Iterator() = default;
    constexpr Iterator(std::string_view first, std::string_view second)
        : rest_(first), later_(second) {
      ++*this;
    }
    constexpr std::string_view operator*() const { return component_; }
    constexpr Iterator& operator++() {
      do {
        if (rest_.empty()) {
          rest_ = later_;
          later_ = {};
        }
        auto const begin = rest_.begin();
        auto const last = rest_.end();
        auto end = begin;
        while (end != last && *end != '/') ++end;
        component_ = {begin, end};
        rest_ = {end == last ? end : end + 1, last};
      } while ((component_.empty() || component_ == ".") && !(rest_.empty() && later_.empty()));
      if (component_ == ".") component_ = {};
      return *this;
    }
    constexpr Iterator operator++(int) {
      Iterator const before = *this;
      ++*this;
      return before;
    }
    /// A component is never empty, so an empty one is the end.
    friend constexpr bool operator==(const Iterator& it, std::default_sentinel_t) {
      return it.component_.empty();
    }

   private:
    std::string_view component_;
    std::string_view rest_;
    std::string_view later_;
  };

  constexpr Iterator begin() const { return {first_, second_}; }
  constexpr std::default_sentinel_t end() const { return {}; }
  /// Whether there are no components: the root itself.
  constexpr bool is_root() const { return begin() == end(); }

  /// What is before the last component, and that; both empty for the root.
  struct Split;
  constexpr Split split_last() const;

  constexpr bool is_absolute() const {
    return (first_.empty() ? second_ : first_).starts_with('/');
  }
  constexpr bool ends_with_slash() const {
    return (second_.empty() ? first_ : second_).ends_with('/');
  }
  /// The pieces as they stand in the archive.
  constexpr std::string_view first() const { return first_; }
  constexpr std::string_view second() const { return second_; }
  constexpr usize size() const { return first_.size() + second_.size(); }

  /// The components joined by single slashes. Errors: OutOfMemory.
  std::expected<base::String, base::OutOfMemory> to_string() const;

  friend bool operator==(const MemberName& left, std::string_view right);

 private:
  std::string_view first_;
  std::string_view second_;
};

struct MemberName::Split {
  MemberName directory;
  std::string_view last;
};

constexpr MemberName::Split MemberName::split_last() const {
  std::string_view first = first_;
  std::string_view second = second_;
  while (!first.empty() || !second.empty()) {
    std::string_view& text = second.empty() ? first : second;
    auto const begin = text.begin();
    auto at = text.end();
    while (at != begin && *(at - 1) != '/') --at;
    std::string_view const component(at, text.end());
    text = {begin, at == begin ? at : at - 1};
    if (!component.empty() && component != ".") return {MemberName(first, second), component};
  }
  return {};
}
static_assert(MemberName("a/b", "c/./").split_last().last == "c" &&
              MemberName("a/b", "/").split_last().last == "b" &&
              MemberName("./").split_last().last.empty());

/// Writes the components joined by single slashes, made printable: control characters, quotes and
/// what is not ASCII as `\xNN`, and the middle of a long name as `...`. For messages.
void format_value(base::Sink& sink, const MemberName& name);

}  // namespace nacre::archive
