#include "lib/shell/lexer.hpp"

#include <utility>

#include "lib/base/try.hpp"
#include "lib/shell/characters.hpp"

namespace nacre::shell {
namespace {

using Kind = SyntaxError::Kind;

constexpr bool is_special_parameter(char c) {
  return c != '\0' && std::string_view("@*#?-$!").contains(c);
}

bool takes_pattern(ParameterForm form) { return form >= ParameterForm::ShortestSuffix; }

}  // namespace

std::expected<Word, SyntaxError> Lexer::word() {
  Word word;
  word.offset = at_;
  while (!ends_word()) {
    TRY(piece(word.parts));
  }
  end_of_word_ = at_;
  return word;
}

std::expected<Word, SyntaxError> Lexer::document_body() {
  Word word;
  while (!at_end()) {
    TRY(quoted_piece(word.parts, Quoting::Document));
  }
  return word;
}

Lexer::Done Lexer::piece(Parts& parts) {
  usize const start = at_;
  char const c = text_[at_++];
  switch (c) {
    case '\'': return single_quoted(parts, start);
    case '"': return double_quoted(parts, start);
    case '\\':
      if (at_end()) return append(parts, '\\', true);
      if (take("\n")) return {};
      return append(parts, text_[at_++], true);
    case '$': return dollar(parts, Quoting::None);
    case '`': return backquoted(parts, start, Quoting::None);
    default: return append(parts, c, false);
  }
}

Lexer::Done Lexer::single_quoted(Parts& parts, usize start) {
  // Quotes make a word even if nothing is in them.
  TRY(parts.try_push_back({.is_quoted = true}));
  while (!take("'")) {
    if (at_end()) return fail_open(Kind::UnclosedQuote, start);
    TRY(append(parts, text_[at_++], true));
  }
  return {};
}

Lexer::Done Lexer::double_quoted(Parts& parts, usize start) {
  if (peek() == '"') {
    TRY(parts.try_push_back({.is_quoted = true}));
  }
  while (!take("\"")) {
    if (at_end()) return fail_open(Kind::UnclosedQuote, start);
    TRY(quoted_piece(parts, Quoting::Double));
  }
  return {};
}

Lexer::Done Lexer::quoted_piece(Parts& parts, Quoting quoting) {
  usize const start = at_;
  char const c = text_[at_++];
  switch (c) {
    case '\\': {
      if (take("\n")) return {};
      // Before all others a backslash is a character like any.
      std::string_view const escaped = quoting == Quoting::Double ? "$`\"\\" : "$`\\";
      if (at_end() || !escaped.contains(peek())) return append(parts, '\\', true);
      return append(parts, text_[at_++], true);
    }
    case '$': return dollar(parts, quoting);
    case '`': return backquoted(parts, start, quoting);
    default: return append(parts, c, true);
  }
}

/// What follows a `$`, which was taken.
Lexer::Done Lexer::dollar(Parts& parts, Quoting quoting) {
  usize const start = at_ - 1;
  char const c = peek();
  if (c == '{') {
    ++at_;
    return braces(parts, start, quoting);
  }
  if (c == '(') {
    Nested const nested(*this);
    if (nested.is_too_deep()) return fail_at(Kind::TooDeep, start);
    if (peek(1) == '(') {
      TRY(bool const is_arithmetic, arithmetic(parts, start, quoting));
      if (is_arithmetic) return {};
    }
    ++at_;
    auto result = commands(parts, quoting);
    // What is open to the end was opened here, too.
    if (!result && result.error().kind == Kind::MissingWord && result.error().is_incomplete)
      return fail_open(Kind::UnclosedSubstitution, start);
    return result;
  }
  if (is_digit(c) || is_special_parameter(c)) {
    ++at_;
    return parameter(parts, text_.substr(at_ - 1, 1), quoting);
  }
  if (usize const size = name_size(text_.substr(at_)); size != 0) {
    at_ += size;
    return parameter(parts, text_.substr(at_ - size, size), quoting);
  }
  return append(parts, '$', quoting != Quoting::None);
}

Lexer::Done Lexer::parameter(Parts& parts, std::string_view name, Quoting quoting) {
  WordPart part{.kind = WordPart::Kind::Parameter, .is_quoted = quoting != Quoting::None};
  TRY(part.text.append(name));
  TRY(parts.try_push_back(std::move(part)));
  return {};
}

/// A name, a number or one of the special characters; empty if there is none.
std::string_view Lexer::take_parameter_name() {
  usize const start = at_;
  if (is_digit(peek())) {
    while (is_digit(peek())) ++at_;
  } else if (is_special_parameter(peek())) {
    ++at_;
  } else {
    at_ += name_size(text_.substr(at_));
  }
  return text_.substr(start, at_ - start);
}

/// What follows `${`.
Lexer::Done Lexer::braces(Parts& parts, usize start, Quoting quoting) {
  Nested const nested(*this);
  if (nested.is_too_deep()) return fail_at(Kind::TooDeep, start);
  WordPart part{.kind = WordPart::Kind::Parameter, .is_quoted = quoting != Quoting::None};
  auto const finish = [&](std::string_view name) -> Done {
    TRY(part.text.append(name));
    TRY(parts.try_push_back(std::move(part)));
    return {};
  };
  // `${#x}` is a length, but `${#}` and `${#-x}` are about `$#`.
  if (peek() == '#') {
    usize const after = ++at_;
    std::string_view const measured = take_parameter_name();
    if (!measured.empty() && take("}")) {
      part.form = ParameterForm::Length;
      return finish(measured);
    }
    at_ = after - 1;
  }
  std::string_view const name = take_parameter_name();
  if (at_end()) return fail_open(Kind::UnclosedSubstitution, start);
  if (name.empty()) return fail_at(Kind::BadSubstitution, start);
  if (take("}")) return finish(name);
  part.empty_is_unset = take(":");
  switch (peek()) {
    case '-': part.form = ParameterForm::Default; break;
    case '=': part.form = ParameterForm::Assign; break;
    case '?': part.form = ParameterForm::Require; break;
    case '+': part.form = ParameterForm::Alternative; break;
    case '%':
      part.form = peek(1) == '%' ? ParameterForm::LongestSuffix : ParameterForm::ShortestSuffix;
      break;
    case '#':
      part.form = peek(1) == '#' ? ParameterForm::LongestPrefix : ParameterForm::ShortestPrefix;
      break;
    default:
      if (at_end()) return fail_open(Kind::UnclosedSubstitution, start);
      return fail_at(Kind::BadSubstitution, start);
  }
  if (part.empty_is_unset && takes_pattern(part.form)) return fail_at(Kind::BadSubstitution, start);
  bool const is_doubled =
      part.form == ParameterForm::LongestSuffix || part.form == ParameterForm::LongestPrefix;
  at_ += is_doubled ? 2 : 1;
  TRY(operand(part, start, quoting));
  return finish(name);
}

/// The word of a parameter's form, up to its brace. A pattern is one in double quotes, too.
Lexer::Done Lexer::operand(WordPart& part, usize start, Quoting quoting) {
  bool const is_quoted = quoting != Quoting::None && !takes_pattern(part.form);
  while (!take("}")) {
    if (at_end()) return fail_open(Kind::UnclosedSubstitution, start);
    if (!is_quoted) {
      TRY(piece(part.operand));
    } else if (take("\\}")) {
      TRY(append(part.operand, '}', true));
    } else if (peek() == '"') {
      // They mean something in here even where they mean nothing around it.
      ++at_;
      TRY(double_quoted(part.operand, at_ - 1));
    } else {
      TRY(quoted_piece(part.operand, quoting));
    }
  }
  return {};
}

/// Commands between backquotes: a backslash in there stands before what means something.
Lexer::Done Lexer::backquoted(Parts& parts, usize start, Quoting quoting) {
  Nested const nested(*this);
  if (nested.is_too_deep()) return fail_at(Kind::TooDeep, start);
  base::String inner;
  std::string_view const escaped = quoting == Quoting::Double ? "$`\\\"" : "$`\\";
  while (!take("`")) {
    if (at_end()) return fail_open(Kind::UnclosedSubstitution, start);
    if (peek() == '\\' && at_ + 1 < text_.size() && escaped.contains(peek(1))) ++at_;
    TRY(inner.append(text_[at_++]));
  }
  WordPart part{.kind = WordPart::Kind::Commands, .is_quoted = quoting != Quoting::None};
  auto parsed = parse_apart(inner);
  if (!parsed) {
    if (parsed.error().kind == Kind::OutOfMemory) return std::unexpected(parsed.error());
    SyntaxError error = parsed.error();
    error.offset = start;
    error.is_incomplete = false;
    return std::unexpected(error);
  }
  part.commands = std::move(*parsed);
  TRY(parts.try_push_back(std::move(part)));
  return {};
}

/// Takes `((...))`, and otherwise nothing: then it is commands that begin with a parenthesis.
std::expected<bool, SyntaxError> Lexer::arithmetic(Parts& parts, usize start, Quoting quoting) {
  usize const before = at_;
  at_ += 2;
  WordPart part{.kind = WordPart::Kind::Arithmetic, .is_quoted = quoting != Quoting::None};
  usize open = 0;
  for (;;) {
    if (at_end()) return fail_open(Kind::UnclosedSubstitution, start);
    char const c = peek();
    if (c == ')' && open == 0) {
      if (peek(1) != ')') {
        at_ = before;
        return false;
      }
      at_ += 2;
      break;
    }
    if (c == '(') ++open;
    if (c == ')') --open;
    if (c == '"') {
      ++at_;
      continue;
    }
    TRY(quoted_piece(part.operand, Quoting::Double));
  }
  TRY(parts.try_push_back(std::move(part)));
  return true;
}

Lexer::Done Lexer::commands(Parts& parts, Quoting quoting) {
  WordPart part{.kind = WordPart::Kind::Commands, .is_quoted = quoting != Quoting::None};
  TRY(part.commands, parse_substitution());
  TRY(parts.try_push_back(std::move(part)));
  return {};
}

Lexer::Done Lexer::append(Parts& parts, char c, bool is_quoted) {
  if (c == '\0') return fail_at(Kind::InvalidCharacter, at_ - 1);
  bool const goes_on = !parts.empty() && parts.back().kind == WordPart::Kind::Literal &&
                       parts.back().is_quoted == is_quoted;
  if (!goes_on) {
    TRY(parts.try_push_back({.is_quoted = is_quoted}));
  }
  TRY(parts.back().text.append(c));
  return {};
}

void Lexer::skip_blank() {
  while (!at_end()) {
    if (is_blank()) {
      ++at_;
    } else if (peek() == '\\' && peek(1) == '\n') {
      at_ += 2;
    } else if (peek() == '#') {
      while (!at_end() && peek() != '\n') ++at_;
    } else {
      return;
    }
  }
}

}  // namespace nacre::shell
