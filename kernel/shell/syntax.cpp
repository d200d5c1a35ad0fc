#include "kernel/shell/syntax.hpp"

#include "lib/base/try.hpp"

namespace nacre::shell {
namespace {

using Kind = SyntaxError::Kind;

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
/// What ends a word that is not quoted.
constexpr bool is_operator(char c) { return std::string_view("\n;&|<>()").contains(c); }
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
    auto join = AndOrList::Join::First;
    for (;;) {
      TRY(auto one, command());
      Pipeline pipeline;
      TRY(pipeline.commands.try_push_back(std::move(one)));
      TRY(list.items.try_push_back({join, std::move(pipeline)}));
      if (take("&&")) {
        join = AndOrList::Join::And;
      } else if (take("||")) {
        join = AndOrList::Join::Or;
      } else {
        break;
      }
      do skip_blank();
      while (take('\n'));
    }
    if (at_end() || take('\n') || take(';')) return list;
    if (take('&')) {
      list.background = true;
      return list;
    }
    return fail(Kind::NotSupported);  // one of |<>()
  }

  std::expected<Command, SyntaxError> command() {
    Command command;
    command.offset = at_;
    for (;;) {
      skip_blank();
      if (at_end() || is_operator(peek())) break;
      TRY(auto one, word());
      TRY(command.words.try_push_back(std::move(one)));
    }
    if (!command.words.empty()) return command;
    bool const is_separator = at_end() || peek() == '\n' || peek() == ';' || peek() == '&' ||
                              (peek() == '|' && peek(1) == '|');
    return fail(is_separator ? Kind::MissingCommand : Kind::NotSupported);
  }

  std::expected<Word, SyntaxError> word() {
    Word word;
    word.offset = at_;
    // Quotes make a word even if nothing is in them.
    TRY(add_literal(word));
    while (!at_end() && !is_blank(peek()) && !is_operator(peek())) {
      TRY(piece(word));
    }
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
  std::unexpected<SyntaxError> fail(Kind kind) const { return fail(kind, at_); }
  static std::unexpected<SyntaxError> fail(Kind kind, usize offset) {
    return std::unexpected(SyntaxError(kind, offset));
  }

  std::string_view text_;
  usize at_ = 0;
};

}  // namespace

std::string_view describe(SyntaxError::Kind kind) {
  switch (kind) {
    case Kind::UnclosedQuote: return "this quote is not closed";
    case Kind::MissingCommand: return "a command is missing here";
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
