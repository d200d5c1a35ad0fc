#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "lib/shell/aliases.hpp"
#include "lib/shell/lexer.hpp"

namespace nacre::shell {

/// Makes trees of a script, one complete command after another: what a line says, and the lines
/// that it needs. So that one can change what the next means, each is to be run before the next is
/// parsed. [posix/xcu: "Shell Grammar"]
class Parser final : private Lexer {
 public:
  struct Options {
    /// What is replaced where a command begins; null for nothing. Outlives the parser.
    const Aliases* aliases = nullptr;
    /// Whether the end of the text ends a here-document, too.
    bool end_closes_documents = true;
  };
  /// `text` outlives the parser.
  explicit Parser(std::string_view text) : Parser(text, Options{}) {}
  Parser(std::string_view text, Options options) : Parser(text, options, 0) {}

  /// The next complete command; nothing at the end. After an error there is nothing more to take.
  /// An error's offset is one of the text that was given.
  std::expected<std::optional<List>, SyntaxError> next();

 private:
  Parser(std::string_view text, Options options, usize depth)
      : Lexer(text, depth), options_(options) {}

  using Done = std::expected<void, SyntaxError>;

  std::expected<base::Shared<List>, SyntaxError> parse_substitution() override;
  std::expected<base::Shared<List>, SyntaxError> parse_apart(std::string_view text) override;

  std::expected<std::optional<List>, SyntaxError> complete_command();
  /// Lists up to what cannot begin a command. `into` is empty.
  Done list(List& into);
  Done list_of_at_least_one(List& into);
  std::expected<base::Shared<AndOrList>, SyntaxError> and_or_list();
  Done pipeline(Pipeline& into);
  bool take_time(Pipeline& into);
  Done command(Command& into);
  Done simple_command(Command& into);
  Done compound_command(Command& into, std::string_view word);
  Done group(Command& into);
  Done subshell(Command& into);
  Done if_command(Command& into);
  Done loop(Command& into, bool until);
  Done for_command(Command& into);
  Done case_command(Command& into);
  Done case_item(CaseCommand& into);
  std::expected<bool, SyntaxError> function(Command& into);
  Done redirections(Command& into);
  Done redirection(Command& into);
  Done document(Redirection& into, bool strips_tabs);
  Done read_documents();
  Done take_line_end();
  Done skip_lines();

  bool is_redirection() const;
  bool at_list_end();
  std::string_view plain_word() const;
  Done expect(std::string_view reserved);
  bool take_reserved(std::string_view reserved);
  Done replace_aliases(bool only_next);
  usize line() const;
  SyntaxError in_given_text(SyntaxError error) const;

  struct OpenDocument {
    base::Shared<HereDocument> document;
    base::String delimiter;
    bool is_quoted = false;
    bool strips_tabs = false;
    usize offset = 0;
  };
  /// Where an alias was put in place of a word.
  struct Replacement {
    usize start;
    /// With what was put in place of words of its own, and without.
    usize size;
    usize own_size;
    usize replaced_size;
    base::String name;
  };

  Options options_;
  base::Vector<OpenDocument> open_documents_;
  base::Vector<Replacement> replacements_;
  /// The text with the aliases in place, once there was one.
  base::String replaced_;
  /// Behind an alias that ends in a blank: the word that begins here may be one, too.
  std::optional<usize> alias_may_follow_;
  /// Up to where line feeds were counted, and how many there were.
  mutable usize counted_ = 0;
  mutable usize line_ = 1;
};

}  // namespace nacre::shell
