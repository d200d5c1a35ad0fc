#pragma once

#include <expected>
#include <string_view>

#include "lib/shell/syntax_error.hpp"
#include "lib/shell/syntax_tree.hpp"

namespace nacre::shell {

/// Commands, substitutions and parameters stand in one another this deep at most.
inline constexpr usize max_nesting = 40;

/// The characters of a script, and the words that they make. What a word may hold is commands
/// again: those are left to the parser that this is part of.
/// [posix/xcu: "Token Recognition", "Quoting"]
class Lexer {
 protected:
  Lexer(std::string_view text, usize depth) : text_(text), depth_(depth) {}
  ~Lexer() = default;

  /// The commands up to the parenthesis that closes them, which is taken.
  virtual std::expected<base::Shared<List>, SyntaxError> parse_substitution() = 0;
  /// Those in a text of its own, which stood between backquotes.
  virtual std::expected<base::Shared<List>, SyntaxError> parse_apart(std::string_view text) = 0;

  /// Takes a word, which begins here.
  std::expected<Word, SyntaxError> word();
  /// Takes all of the text as what stands in a here-document.
  std::expected<Word, SyntaxError> document_body();

  /// What ends a word that is not quoted.
  static bool is_operator(char c) { return std::string_view("\n;&|<>()").contains(c); }
  /// A carriage return counts at the end of a line.
  bool is_blank(usize ahead = 0) const {
    char const c = peek(ahead);
    bool const ends_line = at_ + ahead + 1 >= text_.size() || peek(ahead + 1) == '\n';
    return c == ' ' || c == '\t' || (c == '\r' && ends_line);
  }
  bool ends_word(usize ahead = 0) const {
    return at_ + ahead >= text_.size() || is_blank(ahead) || is_operator(peek(ahead));
  }
  /// Blanks, comments, and line feeds behind a backslash.
  void skip_blank();
  bool at_end() const { return at_ == text_.size(); }
  char peek(usize ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool is_next(std::string_view token) const { return text_.substr(at_).starts_with(token); }
  bool take(std::string_view token) {
    if (!is_next(token)) return false;
    at_ += token.size();
    return true;
  }

  /// At this place, unless another one is given. What is missing at the end may still come.
  std::unexpected<SyntaxError> fail(SyntaxError::Kind kind) const {
    SyntaxError error(kind, at_);
    error.is_incomplete = at_end();
    return std::unexpected(error);
  }
  std::unexpected<SyntaxError> fail_missing(std::string_view word) const {
    SyntaxError error(SyntaxError::Kind::MissingWord, at_);
    error.word = word;
    error.is_incomplete = at_end();
    return std::unexpected(error);
  }
  static std::unexpected<SyntaxError> fail_at(SyntaxError::Kind kind, usize offset) {
    return std::unexpected(SyntaxError(kind, offset));
  }
  /// Something that was opened at `offset` goes on to the end.
  static std::unexpected<SyntaxError> fail_open(SyntaxError::Kind kind, usize offset) {
    SyntaxError error(kind, offset);
    error.is_incomplete = true;
    return std::unexpected(error);
  }

  /// One level deeper for as long as it lives.
  class Nested {
   public:
    explicit Nested(Lexer& lexer) : lexer_(lexer) { ++lexer_.depth_; }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;
    ~Nested() { --lexer_.depth_; }
    bool is_too_deep() const { return lexer_.depth_ > max_nesting; }

   private:
    Lexer& lexer_;
  };

  std::string_view text_;
  usize at_ = 0;
  usize depth_;
  /// Behind the last word.
  usize end_of_word_ = 0;

 private:
  using Parts = base::Vector<WordPart>;
  using Done = std::expected<void, SyntaxError>;
  /// What the quotes around a piece make of it.
  enum class Quoting : u8 {
    None,
    Double,
    Document,  // as in double quotes, which mean nothing themselves
  };

  Done piece(Parts& parts);
  Done single_quoted(Parts& parts, usize start);
  Done double_quoted(Parts& parts, usize start);
  Done quoted_piece(Parts& parts, Quoting quoting);
  Done dollar(Parts& parts, Quoting quoting);
  Done parameter(Parts& parts, std::string_view name, Quoting quoting);
  Done braces(Parts& parts, usize start, Quoting quoting);
  Done operand(WordPart& part, usize start, Quoting quoting);
  Done backquoted(Parts& parts, usize start, Quoting quoting);
  std::expected<bool, SyntaxError> arithmetic(Parts& parts, usize start, Quoting quoting);
  Done commands(Parts& parts, Quoting quoting);
  Done append(Parts& parts, char c, bool is_quoted);
  std::string_view take_parameter_name();
};

}  // namespace nacre::shell
