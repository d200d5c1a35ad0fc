#include "lib/shell/pattern.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/try.hpp"
#include "lib/base/utf8.hpp"

namespace nacre::shell {
namespace {

/// Behind all characters: the values of bytes that are no part of one.
constexpr u32 first_byte_value = 0x11'0000;

constexpr u8 byte_at(std::string_view text, usize index) { return static_cast<u8>(text[index]); }

/// How many bytes the character at the front of a text that is not empty has.
usize size_of_first(std::string_view text) {
  u8 const lead = byte_at(text, 0);
  usize const size = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  return size > 1 && size <= text.size() && base::is_utf8(text.substr(0, size)) ? size : 1;
}

usize size_of_last(std::string_view text) {
  for (usize size = 2; size <= std::min<usize>(text.size(), 4); ++size) {
    std::string_view const last = text.substr(text.size() - size);
    if (byte_at(last, 0) >= 0xc0) return size_of_first(last) == size ? size : 1;
  }
  return 1;
}

u32 value_of(std::string_view character) {
  u8 const lead = byte_at(character, 0);
  if (character.size() == 1) return lead < 0x80 ? lead : first_byte_value + lead;
  u32 value = lead & (0xffu >> (character.size() + 1));
  for (usize i = 1; i < character.size(); ++i) value = value << 6 | (byte_at(character, i) & 0x3f);
  return value;
}

u32 take_character(std::string_view& text) {
  usize const size = size_of_first(text);
  u32 const value = value_of(text.substr(0, size));
  text.remove_prefix(size);
  return value;
}

struct ClassRange {
  std::string_view name;
  char first;
  char last;
};
/// [posix/xbd: "LC_CTYPE"]
constexpr auto classes = std::to_array<ClassRange>({
    {"alnum", '0', '9'},  {"alnum", 'A', 'Z'},   {"alnum", 'a', 'z'},   {"alpha", 'A', 'Z'},
    {"alpha", 'a', 'z'},  {"blank", ' ', ' '},   {"blank", '\t', '\t'}, {"cntrl", '\0', '\x1f'},
    {"cntrl", 127, 127},  {"digit", '0', '9'},   {"graph", '!', '~'},   {"lower", 'a', 'z'},
    {"print", ' ', '~'},  {"punct", '!', '/'},   {"punct", ':', '@'},   {"punct", '[', '`'},
    {"punct", '{', '~'},  {"space", '\t', '\r'}, {"space", ' ', ' '},   {"upper", 'A', 'Z'},
    {"xdigit", '0', '9'}, {"xdigit", 'A', 'F'},  {"xdigit", 'a', 'f'},
});

}  // namespace

std::expected<Pattern, base::OutOfMemory> Pattern::create(std::string_view text) {
  Pattern pattern;
  for (std::string_view rest = text; !rest.empty();) {
    Element element;
    char const c = rest[0];
    if (c == '[') {
      TRY(bool const is_set, pattern.add_set(rest));
      if (is_set) continue;
    }
    if (c == '*') {
      rest.remove_prefix(1);
      bool const is_repeated =
          !pattern.elements_.empty() && pattern.elements_.back().kind == Element::Kind::AnyText;
      if (is_repeated) continue;
      element.kind = Element::Kind::AnyText;
    } else if (c == '?') {
      rest.remove_prefix(1);
      element.kind = Element::Kind::Any;
    } else {
      if (c == '\\' && rest.size() > 1) rest.remove_prefix(1);
      element.character = take_character(rest);
    }
    TRY(pattern.elements_.try_push_back(element));
  }
  TRY(pattern.states_.try_resize(pattern.elements_.size() + 1));
  TRY(pattern.next_states_.try_resize(pattern.elements_.size() + 1));
  return pattern;
}

/// Takes a set that begins at the front of `rest`; false, and nothing, if it is not closed.
std::expected<bool, base::OutOfMemory> Pattern::add_set(std::string_view& rest) {
  std::string_view text = rest.substr(1);
  Element element{.kind = Element::Kind::Set, .first_range = ranges_.size()};
  element.is_negated = text.starts_with('!') || text.starts_with('^');
  if (element.is_negated) text.remove_prefix(1);
  auto const give_up = [&] {
    ranges_.truncate(element.first_range);
    return false;
  };
  auto const take = [&] {
    if (text[0] == '\\' && text.size() > 1) text.remove_prefix(1);
    return take_character(text);
  };
  for (bool is_first = true;; is_first = false) {
    if (text.empty()) return give_up();
    if (text[0] == ']' && !is_first) break;
    if (text.starts_with("[:")) {
      usize const end = text.find(":]");
      std::string_view const name = text.substr(2, end == text.npos ? 0 : end - 2);
      if (std::ranges::contains(classes, name, &ClassRange::name)) {
        for (const ClassRange& range : classes)
          if (range.name == name) {
            TRY(ranges_.try_push_back({static_cast<u8>(range.first), static_cast<u8>(range.last)}));
          }
        text.remove_prefix(end + 2);
        continue;
      }
    }
    u32 const first = take();
    u32 last = first;
    if (text.size() > 1 && text[0] == '-' && text[1] != ']') {
      text.remove_prefix(1);
      last = take();
    }
    TRY(ranges_.try_push_back({first, last}));
  }
  text.remove_prefix(1);
  element.end_range = ranges_.size();
  TRY(elements_.try_push_back(element));
  rest = text;
  return true;
}

bool Pattern::accepts(const Element& element, u32 character) const {
  switch (element.kind) {
    case Element::Kind::Character: return character == element.character;
    case Element::Kind::Any:
    case Element::Kind::AnyText: return true;
    case Element::Kind::Set: break;
  }
  for (usize i = element.first_range; i < element.end_range; ++i)
    if (character >= ranges_[i].first && character <= ranges_[i].last) return !element.is_negated;
  return element.is_negated;
}

/// Calls `matched` with how many bytes were taken, wherever the whole pattern has matched; goes on
/// while it says so.
template <bool backwards, class Matched>
void Pattern::scan(std::string_view text, Matched&& matched) {
  usize const count = elements_.size();
  auto const element = [&](usize index) -> const Element& {
    return elements_[backwards ? count - 1 - index : index];
  };
  std::ranges::fill(states_, false);
  states_[0] = true;
  usize taken = 0;
  for (;;) {
    // Any text may be none.
    for (usize i = 0; i < count; ++i)
      if (states_[i] && element(i).kind == Element::Kind::AnyText) states_[i + 1] = true;
    if (states_[count] && !matched(taken)) return;
    if (taken == text.size()) return;
    usize const size = backwards ? size_of_last(text.substr(0, text.size() - taken))
                                 : size_of_first(text.substr(taken));
    u32 const character =
        value_of(text.substr(backwards ? text.size() - taken - size : taken, size));
    taken += size;
    std::ranges::fill(next_states_, false);
    bool is_alive = false;
    for (usize i = 0; i < count; ++i) {
      if (!states_[i] || !accepts(element(i), character)) continue;
      next_states_[element(i).kind == Element::Kind::AnyText ? i : i + 1] = true;
      is_alive = true;
    }
    std::swap(states_, next_states_);
    if (!is_alive) return;
  }
}

bool Pattern::matches(std::string_view text) {
  bool found = false;
  scan<false>(text, [&](usize size) {
    found = size == text.size();
    return true;
  });
  return found;
}

std::optional<usize> Pattern::find_prefix(std::string_view text, Length length) {
  std::optional<usize> found;
  scan<false>(text, [&](usize size) {
    found = size;
    return length == Length::Longest;
  });
  return found;
}

std::optional<usize> Pattern::find_suffix(std::string_view text, Length length) {
  std::optional<usize> found;
  scan<true>(text, [&](usize size) {
    found = size;
    return length == Length::Longest;
  });
  return found;
}

}  // namespace nacre::shell
