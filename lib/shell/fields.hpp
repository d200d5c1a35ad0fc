#pragma once

#include "lib/shell/expansion.hpp"
#include "lib/shell/pattern.hpp"

namespace nacre::shell {

/// The fields that a word becomes, one after another, while it is expanded. What was quoted has a
/// backslash before each character that a pattern would take for something else.
/// [posix/xcu: "Field Splitting"]
class Expander::Fields {
 public:
  using Done = std::expected<void, base::OutOfMemory>;

  /// Without `splits` everything is one field.
  Fields(std::string_view separators, bool splits) : separators_(separators), splits_(splits) {}

  bool splits() const { return splits_; }

  /// A field is there, even if nothing is in it.
  void begin_field() { has_field_ = true; }
  Done add_quoted(std::string_view text) {
    has_field_ = true;
    for (char const c : text) {
      TRY(add_escaped(c));
    }
    return {};
  }
  /// As it stands in the script, not quoted.
  Done add_literal(std::string_view text) {
    has_field_ = has_field_ || !text.empty();
    after_blank_ = false;
    for (char const c : text) {
      TRY(add_plain(c));
    }
    return {};
  }
  /// What an expansion gave that was not quoted.
  Done add_split(std::string_view text) {
    if (!splits_) return add_literal(text);
    for (char const c : text) {
      bool const separates = separators_.contains(c);
      if (!separates) {
        has_field_ = true;
        after_blank_ = false;
        TRY(add_plain(c));
      } else if (c == ' ' || c == '\t' || c == '\n') {
        if (!has_field_) continue;
        TRY(end_field());
        after_blank_ = true;
      } else {
        // Blanks and one other separator are one separator.
        if (has_field_ || !after_blank_) {
          TRY(end_field());
        }
        after_blank_ = false;
      }
    }
    return {};
  }
  /// Closes a field that is there.
  Done finish() { return has_field_ ? end_field() : Done{}; }
  Done end_field() {
    TRY(fields_.try_push_back({std::move(text_), is_pattern_}));
    text_ = {};
    has_field_ = is_pattern_ = after_blank_ = false;
    return {};
  }

  struct Field {
    base::String text;
    bool is_pattern = false;
  };
  std::span<Field> fields() { return {fields_.data(), fields_.size()}; }
  /// All that there is, where nothing was split.
  base::String take_text() { return std::move(text_); }

 private:
  Done add_escaped(char c) {
    after_blank_ = false;
    if (is_pattern_character(c)) {
      TRY(text_.append('\\'));
    }
    return text_.append(c);
  }
  Done add_plain(char c) {
    if (c == '\\') return add_escaped(c);
    if (c == '*' || c == '?' || c == '[') is_pattern_ = true;
    return text_.append(c);
  }

  std::string_view separators_;
  bool splits_;
  base::Vector<Field> fields_;
  base::String text_;
  bool has_field_ = false;
  bool is_pattern_ = false;
  /// A blank has ended the last field, and nothing came since.
  bool after_blank_ = false;
};

/// The text without the backslashes that were put in.
inline std::expected<base::String, base::OutOfMemory> unescaped(std::string_view text) {
  base::String plain;
  for (usize i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    TRY(plain.append(text[i]));
  }
  return plain;
}

}  // namespace nacre::shell
