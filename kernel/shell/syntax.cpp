#include "kernel/shell/syntax.hpp"

#include <algorithm>

#include "lib/base/try.hpp"

namespace nacre::shell {
namespace {

using Kind = SyntaxError::Kind;

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
/// What ends a word that is not quoted.
constexpr bool is_operator(char c) { return std::string_view("\n;&|<>()").contains(c); }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::expected<Script, SyntaxError> script() {
    Script script;
    for (;;) {
      skip_blank();
      if (take('\n')) continue;
      if (at_end()) return script;
      TRY(auto list, and_or_list());
      TRY(script.lists.try_push_back(std::move(list)));
    }
  }

 private:
  std::expected<AndOrList, SyntaxError> and_or_list() {
    AndOrList list;
    list.offset = at_;
    auto join = AndOrList::Join::First;
    for (;;) {
      TRY(auto one, pipeline());
      TRY(list.items.try_push_back({join, std::move(one)}));
      list.size = end_of_word_ - list.offset;
      if (take("&&")) {
        join = AndOrList::Join::And;
      } else if (take("||")) {
        join = AndOrList::Join::Or;
      } else {
        break;
      }
      skip_lines();
    }
    if (at_end() || take('\n') || take(';')) return list;
    if (take('&')) {
      list.background = true;
      return list;
    }
    return fail(Kind::NotSupported);  // a parenthesis
  }

  std::expected<Pipeline, SyntaxError> pipeline() {
    Pipeline pipeline;
    for (;;) {
      if (take_reserved("!")) {
        pipeline.negated = !pipeline.negated;
      } else if (take_reserved("time")) {
        pipeline.timed = true;
      } else {
        break;
      }
    }
    for (;;) {
      TRY(auto one, command());
      TRY(pipeline.commands.try_push_back(std::move(one)));
      if (peek() != '|' || peek(1) == '|') return pipeline;
      ++at_;
      skip_lines();
    }
  }

  std::expected<Command, SyntaxError> command() {
    Command command;
    command.offset = at_;
    for (;;) {
      skip_blank();
      if (is_redirection()) {
        TRY(auto one, redirection());
        TRY(command.redirections.try_push_back(std::move(one)));
      } else if (at_end() || is_operator(peek())) {
        break;
      } else {
        TRY(auto one, word());
        TRY(command.words.try_push_back(std::move(one)));
      }
    }
    if (!command.words.empty() || !command.redirections.empty()) return command;
    bool const is_parenthesis = !at_end() && (peek() == '(' || peek() == ')');
    return fail(is_parenthesis ? Kind::NotSupported : Kind::MissingCommand);
  }

  /// Whether an operator that redirects stands here, or digits directly before one.
  bool is_redirection() const {
    usize ahead = 0;
    while (is_digit(peek(ahead))) ++ahead;
    return peek(ahead) == '<' || peek(ahead) == '>';
  }

  std::expected<Redirection, SyntaxError> redirection() {
    Redirection redirection;
    usize const start = at_;
    bool const is_numbered = is_digit(peek());
    if (is_numbered) {
      TRY(redirection.descriptor, descriptor());
    }
    usize const sign = at_;
    bool const is_input = take('<');
    if (!is_input) take('>');
    if (!is_numbered) redirection.descriptor = is_input ? 0 : 1;
    // Behind the sign: <<, <> and, to leave nothing out, the `|` that says to overwrite.
    if (is_input && (peek() == '<' || peek() == '>')) return fail(Kind::NotSupported, sign);
    redirection.kind = is_input ? Redirection::Kind::Input : Redirection::Kind::Output;
    if (take('&')) {
      redirection.kind = Redirection::Kind::Duplicate;
      skip_blank();
      if (!is_digit(peek())) return fail(peek() == '-' ? Kind::NotSupported : Kind::BadDescriptor);
      TRY(redirection.source, descriptor());
      bool const is_whole = at_end() || is_blank(peek()) || is_operator(peek());
      if (!is_whole) return fail(Kind::BadDescriptor, start);
      end_of_word_ = at_;
      return redirection;
    }
    if (!is_input && take('>'))
      redirection.kind = Redirection::Kind::Append;
    else if (!is_input)
      take('|');
    skip_blank();
    if (at_end() || is_operator(peek())) return fail(Kind::MissingTarget);
    TRY(redirection.target, word());
    return redirection;
  }

  /// One of those that can be redirected.
  std::expected<u8, SyntaxError> descriptor() {
    usize const start = at_;
    usize value = 0;
    while (is_digit(peek()))
      value = std::min<usize>(value * 10 + static_cast<u8>(text_[at_++] - '0'), 3);
    if (value > 2) return fail(Kind::BadDescriptor, start);
    return static_cast<u8>(value);
  }

  std::expected<Word, SyntaxError> word() {
    Word word;
    word.offset = at_;
    // Quotes make a word even if nothing is in them.
    TRY(add_literal(word));
    while (!at_end() && !is_blank(peek()) && !is_operator(peek())) {
      TRY(piece(word));
    }
    end_of_word_ = at_;
    return word;
  }

  std::expected<void, SyntaxError> piece(Word& word) {
    usize const start = at_;
    char const c = text_[at_++];
    switch (c) {
      case '\'': return single_quoted(word, start);
      case '"': return double_quoted(word, start);
      case '\\':
        if (take('\n')) return {};
        return append(word, at_end() ? '\\' : text_[at_++]);
      case '$': return dollar(word, start);
      case '`': return fail(Kind::NotSupported, start);
      default: return append(word, c);
    }
  }

  std::expected<void, SyntaxError> single_quoted(Word& word, usize start) {
    while (!take('\'')) {
      if (at_end()) return fail(Kind::UnclosedQuote, start);
      TRY(append(word, text_[at_++]));
    }
    return {};
  }

  std::expected<void, SyntaxError> double_quoted(Word& word, usize start) {
    while (!take('"')) {
      if (at_end()) return fail(Kind::UnclosedQuote, start);
      TRY(quoted_piece(word));
    }
    return {};
  }

  std::expected<void, SyntaxError> quoted_piece(Word& word) {
    usize const start = at_;
    char const c = text_[at_++];
    switch (c) {
      case '\\':
        if (take('\n')) return {};
        // Before all others a backslash is a character like any.
        if (at_end() || !std::string_view("$`\"\\").contains(peek())) return append(word, '\\');
        return append(word, text_[at_++]);
      case '$': return dollar(word, start);
      case '`': return fail(Kind::NotSupported, start);
      default: return append(word, c);
    }
  }

  /// What follows a `$`.
  std::expected<void, SyntaxError> dollar(Word& word, usize start) {
    if (take('?')) {
      TRY(word.parts.try_push_back({WordPart::Kind::LastStatus, {}}));
      return add_literal(word);
    }
    if (!at_end() && (is_name(peek()) || std::string_view("{(#@*!$-").contains(peek())))
      return fail(Kind::NotSupported, start);
    return append(word, '$');
  }

  std::expected<void, SyntaxError> add_literal(Word& word) {
    TRY(word.parts.try_emplace_back());
    return {};
  }
  /// The last part of a word under way is always a literal.
  std::expected<void, SyntaxError> append(Word& word, char c) {
    if (c == '\0') return fail(Kind::InvalidCharacter, at_ - 1);
    TRY(word.parts.back().text.append(c));
    return {};
  }

  void skip_blank() {
    while (!at_end()) {
      if (is_blank(peek())) {
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

  /// What may stand behind an operator whose right side is still to come.
  void skip_lines() {
    do skip_blank();
    while (take('\n'));
  }

  bool at_end() const { return at_ == text_.size(); }
  char peek(usize ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool take(char c) {
    if (at_end() || peek() != c) return false;
    ++at_;
    return true;
  }
  bool take(std::string_view token) {
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }
  /// A word that means something at the start of a pipeline.
  bool take_reserved(std::string_view reserved) {
    skip_blank();
    usize const size = reserved.size();
    if (!text_.substr(at_).starts_with(reserved)) return false;
    bool const is_whole =
        at_ + size == text_.size() || is_blank(peek(size)) || is_operator(peek(size));
    if (is_whole) at_ += size;
    return is_whole;
  }
  std::unexpected<SyntaxError> fail(Kind kind) const { return fail(kind, at_); }
  static std::unexpected<SyntaxError> fail(Kind kind, usize offset) {
    return std::unexpected(SyntaxError(kind, offset));
  }

  std::string_view text_;
  usize at_ = 0;
  usize end_of_word_ = 0;  // behind the last one
};

}  // namespace

std::string_view describe(SyntaxError::Kind kind) {
  switch (kind) {
    case Kind::UnclosedQuote: return "this quote is not closed";
    case Kind::MissingCommand: return "a command is missing here";
    case Kind::MissingTarget: return "the name of a file is missing here";
    case Kind::BadDescriptor: return "only 0, 1 and 2 can be redirected";
    case Kind::NotSupported: return "this shell does not know this yet";
    case Kind::InvalidCharacter: return "a NUL character";
    case Kind::OutOfMemory: return "out of memory";
  }
  return "";
}

TextPosition position_of(std::string_view text, usize offset) {
  TextPosition position;
  for (char const c : text.substr(0, offset)) {
    if (c == '\n') {
      ++position.line;
      position.column = 1;
    } else if ((static_cast<u8>(c) & 0xc0) != 0x80) {
      ++position.column;
    }
  }
  return position;
}

std::expected<Script, SyntaxError> parse(std::string_view text) { return Parser(text).script(); }

std::expected<base::String, base::OutOfMemory> expand(const Word& word, int last_status) {
  base::String argument;
  for (const WordPart& part : word.parts) {
    if (part.kind == WordPart::Kind::Literal) {
      TRY(argument.append(part.text));
    } else {
      TRY(argument.append(base::FixedText<16>("{}", last_status)));
    }
  }
  return argument;
}

}  // namespace nacre::shell
