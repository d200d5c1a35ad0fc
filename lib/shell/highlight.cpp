#include "lib/shell/highlight.hpp"

#include <algorithm>

#include "lib/shell/characters.hpp"
#include "lib/shell/reserved_words.hpp"

namespace nacre::shell {
namespace {

using base::usize;

class Highlighter {
 public:
  Highlighter(std::string_view line, base::FunctionRef<bool(std::string_view)> is_command,
              std::span<Token> tokens)
      : line_(line), is_command_(is_command), tokens_(tokens) {}

  void run() {
    while (at_ < line_.size()) {
      char const c = line_[at_];
      if (c == ' ' || c == '\t') {
        mark(1, Token::Plain);
      } else if (c == '#') {
        mark(line_.substr(at_).find('\n'), Token::Comment);
      } else if (is_operator(c)) {
        // Behind `<` and `>` stands a file.
        begins_command_ = c != '<' && c != '>';
        is_target_ = !begins_command_;
        mark(1, Token::Operator);
      } else {
        word();
      }
    }
  }

 private:
  static bool is_operator(char c) { return std::string_view("\n;&|<>()").contains(c); }
  bool ends_word() const {
    return at_ == line_.size() || line_[at_] == ' ' || line_[at_] == '\t' ||
           is_operator(line_[at_]);
  }
  /// So many of the bytes that are left.
  void mark(usize count, Token token) {
    count = std::min(count, line_.size() - at_);
    std::ranges::fill(tokens_.subspan(at_, count), token);
    at_ += count;
  }

  void word() {
    usize const start = at_;
    bool is_plain = true;
    while (!ends_word()) {
      char const c = line_[at_];
      if (c == '\'' || c == '"') {
        quoted(c);
      } else if (c == '$') {
        expansion();
      } else {
        mark(c == '\\' ? 2 : 1, Token::Plain);
        is_plain = is_plain && c != '\\';
        continue;
      }
      is_plain = false;
    }
    std::string_view const text = line_.substr(start, at_ - start);
    if (is_target_) {
      is_target_ = false;
      return;
    }
    if (!begins_command_) return;
    usize const name = name_size(text);
    bool const is_assignment = name != 0 && name < text.size() && text[name] == '=';
    if (is_assignment) return;
    bool const is_option_of_time = is_behind_time_ && text == "-p";
    is_behind_time_ = is_plain && text == "time";
    bool const is_reserved = is_plain && is_reserved_word(text);
    begins_command_ = is_option_of_time || (is_plain && command_follows(text));
    if (!is_plain) return;
    if (is_reserved)
      std::ranges::fill(tokens_.subspan(start, text.size()), Token::Reserved);
    else if (is_command_(text))
      std::ranges::fill(tokens_.subspan(start, text.size()), Token::Command);
  }

  void quoted(char quote) {
    mark(1, Token::Quoted);
    while (at_ < line_.size() && line_[at_] != quote) {
      if (quote == '"' && line_[at_] == '$')
        expansion();
      else
        mark(quote == '"' && line_[at_] == '\\' ? 2 : 1, Token::Quoted);
    }
    mark(1, Token::Quoted);
  }

  /// A parameter by its name; the commands of a substitution are words like others.
  void expansion() {
    std::string_view const rest = line_.substr(at_ + 1);
    if (rest.starts_with('{'))
      mark(std::min(rest.find('}'), rest.size()) + 2, Token::Expansion);
    else
      mark(1 + std::max<usize>(name_size(rest), rest.empty() || is_operator(rest[0]) ? 0 : 1),
           Token::Expansion);
  }

  std::string_view line_;
  base::FunctionRef<bool(std::string_view)> is_command_;
  std::span<Token> tokens_;
  usize at_ = 0;
  bool begins_command_ = true;
  bool is_behind_time_ = false;
  bool is_target_ = false;
};

}  // namespace

void highlight(std::string_view line, base::FunctionRef<bool(std::string_view)> is_command,
               std::span<Token> tokens) {
  Highlighter(line, is_command, tokens).run();
}

}  // namespace nacre::shell
