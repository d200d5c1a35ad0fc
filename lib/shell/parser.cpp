#include "lib/shell/parser.hpp"

#include <algorithm>
#include <utility>

#include "lib/base/try.hpp"
#include "lib/shell/characters.hpp"
#include "lib/shell/reserved_words.hpp"

namespace nacre::shell {
namespace {

using Kind = SyntaxError::Kind;

/// How many aliases one complete command may be made of.
constexpr usize max_replacements = 1000;

}  // namespace

std::expected<std::optional<List>, SyntaxError> Parser::next() {
  auto result = complete_command();
  if (!result) return std::unexpected(in_given_text(result.error()));
  return result;
}

std::expected<std::optional<List>, SyntaxError> Parser::complete_command() {
  do {
    skip_blank();
  } while (take("\n"));
  if (at_end()) return std::nullopt;
  List lists;
  for (;;) {
    TRY(auto one, and_or_list());
    TRY(lists.items.try_push_back(std::move(one)));
    skip_blank();
    bool const is_ended = lists.items.back()->is_background || (!is_next(";;") && take(";"));
    skip_blank();
    if (at_end() || peek() == '\n') break;
    if (!is_ended) return fail(Kind::Unexpected);
  }
  TRY(take_line_end());
  return lists;
}

/// Also at the end of the text, where documents may be open.
Parser::Done Parser::take_line_end() {
  if (!at_end()) ++at_;
  return read_documents();
}

Parser::Done Parser::skip_lines() {
  for (;;) {
    skip_blank();
    if (peek() != '\n') return {};
    TRY(take_line_end());
  }
}

std::expected<base::Shared<List>, SyntaxError> Parser::parse_substitution() {
  List commands;
  TRY(list(commands));
  if (!is_next(")")) return fail_missing(")");
  ++at_;
  TRY(auto shared, base::Shared<List>::create(std::move(commands)));
  return shared;
}

std::expected<base::Shared<List>, SyntaxError> Parser::parse_apart(std::string_view text) {
  Parser parser(text, options_, depth_);
  List commands;
  TRY(parser.list(commands));
  if (!parser.at_end()) return parser.fail(Kind::Unexpected);
  TRY(parser.read_documents());
  TRY(auto shared, base::Shared<List>::create(std::move(commands)));
  return shared;
}

Parser::Done Parser::list(List& into) {
  for (;;) {
    TRY(skip_lines());
    if (at_list_end()) return {};
    TRY(auto one, and_or_list());
    TRY(into.items.try_push_back(std::move(one)));
    skip_blank();
    bool const is_ended = into.items.back()->is_background || (!is_next(";;") && take(";"));
    if (!is_ended && peek() != '\n') return {};
  }
}

Parser::Done Parser::list_of_at_least_one(List& into) {
  TRY(list(into));
  if (into.items.empty()) return fail(Kind::MissingCommand);
  return {};
}

bool Parser::at_list_end() {
  if (at_end() || peek() == ')' || is_next(";;")) return true;
  return std::ranges::contains(closing_words, plain_word());
}

std::expected<base::Shared<AndOrList>, SyntaxError> Parser::and_or_list() {
  AndOrList list;
  skip_blank();
  usize start = at_;
  auto join = AndOrList::Join::First;
  for (;;) {
    TRY(list.items.try_emplace_back(join));
    TRY(pipeline(list.items.back().pipeline));
    if (take("&&")) {
      join = AndOrList::Join::And;
    } else if (take("||")) {
      join = AndOrList::Join::Or;
    } else {
      break;
    }
    TRY(skip_lines());
  }
  TRY(list.text.append(text_.substr(start, std::max(end_of_word_, start) - start)));
  list.is_background = take("&");
  TRY(auto shared, base::Shared<AndOrList>::create(std::move(list)));
  return shared;
}

Parser::Done Parser::pipeline(Pipeline& into) {
  for (;;) {
    TRY(replace_aliases(false));
    if (take_reserved("!")) {
      into.is_negated = !into.is_negated;
    } else if (!take_time(into)) {
      break;
    }
  }
  for (;;) {
    TRY(into.commands.try_emplace_back());
    TRY(command(into.commands.back()));
    skip_blank();
    if (peek() != '|' || peek(1) == '|') return {};
    ++at_;
    TRY(skip_lines());
  }
}

/// `time` and its `-p`. In front of another word with a dash, or of nothing, it is the name of a
/// command. [posix/xcu: "time"]
bool Parser::take_time(Pipeline& into) {
  skip_blank();
  usize const start = at_;
  usize const end_before = end_of_word_;
  if (!take_reserved("time")) return false;
  bool const is_portable = take_reserved("-p");
  if (is_portable) take_reserved("--");
  skip_blank();
  bool const is_name =
      at_end() || std::string_view("\n;&|)").contains(peek()) || (peek() == '-' && !is_portable);
  if (is_name) {
    at_ = start;
    end_of_word_ = end_before;
    return false;
  }
  into.timing =
      std::max(into.timing, is_portable ? Pipeline::Timing::Portable : Pipeline::Timing::Usual);
  return true;
}

Parser::Done Parser::command(Command& into) {
  skip_blank();
  TRY(replace_aliases(false));
  into.line = line();
  Nested const nested(*this);
  if (nested.is_too_deep()) return fail_at(Kind::TooDeep, at_);
  if (peek() == '(') {
    TRY(subshell(into));
    return redirections(into);
  }
  std::string_view const word = plain_word();
  if (std::ranges::contains(closing_words, word)) return fail(Kind::Unexpected);
  if (!word.empty() && std::ranges::contains(opening_words, word)) {
    TRY(compound_command(into, word));
    return redirections(into);
  }
  TRY(bool const is_function, function(into));
  if (is_function) return {};
  return simple_command(into);
}

Parser::Done Parser::compound_command(Command& into, std::string_view word) {
  at_ += word.size();
  end_of_word_ = at_;
  if (word == "{") return group(into);
  if (word == "if") return if_command(into);
  if (word == "for") return for_command(into);
  if (word == "case") return case_command(into);
  return loop(into, word == "until");
}

Parser::Done Parser::group(Command& into) {
  auto& group = into.form.emplace<GroupCommand>();
  TRY(list_of_at_least_one(group.body));
  return expect("}");
}

Parser::Done Parser::subshell(Command& into) {
  ++at_;
  auto& group = into.form.emplace<GroupCommand>();
  group.is_subshell = true;
  TRY(list_of_at_least_one(group.body));
  if (!is_next(")")) return fail_missing(")");
  end_of_word_ = ++at_;
  return {};
}

Parser::Done Parser::if_command(Command& into) {
  auto& form = into.form.emplace<IfCommand>();
  do {
    TRY(form.branches.try_emplace_back());
    TRY(list_of_at_least_one(form.branches.back().condition));
    TRY(expect("then"));
    TRY(list_of_at_least_one(form.branches.back().body));
  } while (take_reserved("elif"));
  if (take_reserved("else")) {
    TRY(list_of_at_least_one(form.otherwise));
  }
  return expect("fi");
}

Parser::Done Parser::loop(Command& into, bool until) {
  auto& form = into.form.emplace<LoopCommand>();
  form.until = until;
  TRY(list_of_at_least_one(form.condition));
  TRY(expect("do"));
  TRY(list_of_at_least_one(form.body));
  return expect("done");
}

Parser::Done Parser::for_command(Command& into) {
  auto& form = into.form.emplace<ForCommand>();
  skip_blank();
  usize const size = name_size(text_.substr(at_));
  if (size == 0 || !ends_word(size)) return fail(Kind::MissingName);
  TRY(form.variable.append(text_.substr(at_, size)));
  at_ += size;
  TRY(skip_lines());
  form.over_arguments = !take_reserved("in");
  if (form.over_arguments) {
    take(";");
  } else {
    for (skip_blank(); !at_end() && peek() != ';' && peek() != '\n'; skip_blank()) {
      if (is_operator(peek())) return fail(Kind::Unexpected);
      TRY(auto one, word());
      TRY(form.words.try_push_back(std::move(one)));
    }
    if (is_next(";;")) return fail(Kind::Unexpected);
    take(";");
  }
  TRY(skip_lines());
  TRY(expect("do"));
  TRY(list_of_at_least_one(form.body));
  return expect("done");
}

Parser::Done Parser::case_command(Command& into) {
  auto& form = into.form.emplace<CaseCommand>();
  skip_blank();
  if (ends_word()) return fail_missing("word");
  TRY(form.subject, word());
  TRY(skip_lines());
  TRY(expect("in"));
  for (;;) {
    TRY(skip_lines());
    if (take_reserved("esac")) return {};
    TRY(case_item(form));
    TRY(skip_lines());
    if (take(";;")) continue;
    return expect("esac");
  }
}

Parser::Done Parser::case_item(CaseCommand& into) {
  TRY(into.items.try_emplace_back());
  CaseCommand::Item& item = into.items.back();
  if (take("(")) skip_blank();
  for (;;) {
    skip_blank();
    if (at_end()) return fail_missing("esac");
    if (ends_word()) return fail(Kind::Unexpected);
    TRY(auto pattern, word());
    TRY(item.patterns.try_push_back(std::move(pattern)));
    skip_blank();
    if (peek() != '|') break;
    ++at_;
  }
  if (!take(")")) return fail_missing(")");
  return list(item.body);
}

/// Takes `name()` and the command behind it, if that stands here.
std::expected<bool, SyntaxError> Parser::function(Command& into) {
  usize const size = name_size(text_.substr(at_));
  if (size == 0) return false;
  usize ahead = size;
  while (is_blank(ahead)) ++ahead;
  if (peek(ahead) != '(') return false;
  std::string_view const name = text_.substr(at_, size);
  at_ += ahead + 1;
  skip_blank();
  if (!take(")")) return fail(Kind::Unexpected);
  auto& form = into.form.emplace<FunctionDefinition>();
  TRY(form.name.append(name));
  TRY(skip_lines());
  bool const is_compound = peek() == '(' || (!plain_word().empty() &&
                                             std::ranges::contains(opening_words, plain_word()));
  if (!is_compound) return fail(Kind::MissingCommand);
  Command body;
  TRY(command(body));
  TRY(form.body, base::Shared<Command>::create(std::move(body)));
  return true;
}

Parser::Done Parser::simple_command(Command& into) {
  auto& form = into.form.emplace<SimpleCommand>();
  bool begins = true;
  for (;;) {
    skip_blank();
    if (is_redirection()) {
      TRY(redirection(into));
      continue;
    }
    if (begins || alias_may_follow_ == at_) {
      TRY(replace_aliases(!begins));
    }
    if (at_end() || is_operator(peek())) break;
    usize const start = at_;
    usize const size = name_size(text_.substr(at_));
    if (form.words.empty() && size != 0 && peek(size) == '=') {
      at_ += size + 1;
      TRY(form.assignments.try_emplace_back());
      Assignment& assignment = form.assignments.back();
      TRY(assignment.name.append(text_.substr(start, size)));
      TRY(assignment.value, word());
      continue;
    }
    begins = false;
    TRY(auto one, word());
    TRY(form.words.try_push_back(std::move(one)));
  }
  if (!at_end() && peek() == '(') return fail(Kind::Unexpected);
  bool const is_empty = form.words.empty() && form.assignments.empty() && into.redirections.empty();
  if (is_empty) return fail(at_end() || peek() != ')' ? Kind::MissingCommand : Kind::Unexpected);
  return {};
}

Parser::Done Parser::redirections(Command& into) {
  for (;;) {
    skip_blank();
    if (!is_redirection()) return {};
    TRY(redirection(into));
  }
}

/// Whether an operator that redirects stands here, or digits directly before one.
bool Parser::is_redirection() const {
  usize ahead = 0;
  while (is_digit(peek(ahead))) ++ahead;
  return peek(ahead) == '<' || peek(ahead) == '>';
}

Parser::Done Parser::redirection(Command& into) {
  Redirection redirection;
  usize const start = at_;
  while (is_digit(peek())) ++at_;
  usize const digits = at_ - start;
  if (digits > 1) return fail_at(Kind::BadDescriptor, start);
  bool const is_input = peek() == '<';
  redirection.descriptor = digits == 1 ? static_cast<u8>(text_[start] - '0')
                           : is_input  ? u8{0}
                                       : u8{1};
  using Form = Redirection::Kind;
  bool strips_tabs = false;
  if (take("<<")) {
    redirection.kind = Form::Document;
    strips_tabs = take("-");
  } else if (take("<&") || take(">&")) {
    redirection.kind = Form::Duplicate;
  } else if (take("<>")) {
    redirection.kind = Form::ReadWrite;
  } else if (take("<")) {
    redirection.kind = Form::Input;
  } else if (take(">>")) {
    redirection.kind = Form::Append;
  } else if (take(">|")) {
    redirection.kind = Form::Overwrite;
  } else {
    ++at_;
    redirection.kind = Form::Output;
  }
  skip_blank();
  if (ends_word()) return fail(Kind::MissingTarget);
  if (redirection.kind == Form::Document) {
    TRY(document(redirection, strips_tabs));
  } else {
    TRY(redirection.target, word());
  }
  TRY(into.redirections.try_push_back(std::move(redirection)));
  return {};
}

/// The word that ends a document, whose lines come later. Nothing in it is expanded.
Parser::Done Parser::document(Redirection& into, bool strips_tabs) {
  OpenDocument open;
  open.strips_tabs = strips_tabs;
  open.offset = at_;
  usize const start = at_;
  TRY(Word const word, this->word());
  for (const WordPart& part : word.parts) {
    open.is_quoted = open.is_quoted || part.is_quoted;
    if (part.kind == WordPart::Kind::Literal) {
      TRY(open.delimiter.append(part.text));
    }
  }
  bool const is_literal = std::ranges::all_of(
      word.parts, [](const WordPart& part) { return part.kind == WordPart::Kind::Literal; });
  if (!is_literal) {
    open.delimiter.clear();
    TRY(open.delimiter.append(text_.substr(start, at_ - start)));
  }
  TRY(into.document, base::Shared<HereDocument>::create());
  open.document = into.document;
  TRY(open_documents_.try_push_back(std::move(open)));
  return {};
}

/// The lines of the documents that were announced in the line before.
Parser::Done Parser::read_documents() {
  for (usize i = 0; i < open_documents_.size(); ++i) {
    OpenDocument& open = open_documents_[i];
    base::String body;
    for (;;) {
      if (at_end()) {
        if (!options_.end_closes_documents) return fail_open(Kind::OpenHereDocument, open.offset);
        break;
      }
      usize const end = std::min(text_.find('\n', at_), text_.size());
      std::string_view line = text_.substr(at_, end - at_);
      at_ = std::min(end + 1, text_.size());
      if (open.strips_tabs) line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
      if (line == open.delimiter) break;
      TRY(body.append(line));
      TRY(body.append('\n'));
    }
    Word& word = open.document->body;
    if (open.is_quoted) {
      TRY(word.parts.try_push_back({.is_quoted = true}));
      word.parts.back().text = std::move(body);
      continue;
    }
    Parser inner(body, options_, depth_);
    auto parsed = inner.document_body();
    if (!parsed) {
      if (parsed.error().kind == Kind::OutOfMemory) return std::unexpected(parsed.error());
      return fail_at(parsed.error().kind, open.offset);
    }
    word = std::move(*parsed);
  }
  open_documents_.clear();
  return {};
}

/// The word that begins here, if nothing in it is quoted or expanded; else nothing.
std::string_view Parser::plain_word() const {
  usize size = 0;
  while (!ends_word(size)) {
    if (std::string_view("'\"\\$`").contains(peek(size))) return {};
    ++size;
  }
  return text_.substr(at_, size);
}

bool Parser::take_reserved(std::string_view reserved) {
  skip_blank();
  if (plain_word() != reserved) return false;
  at_ += reserved.size();
  end_of_word_ = at_;
  return true;
}

Parser::Done Parser::expect(std::string_view reserved) {
  if (!take_reserved(reserved)) return fail_missing(reserved);
  return {};
}

/// Puts the text of an alias in place of the word that begins here, if it is one, and again. With
/// `only_next`, it stands behind an alias that ended in a blank.
Parser::Done Parser::replace_aliases(bool only_next) {
  if (options_.aliases == nullptr || options_.aliases->empty()) return {};
  for (;;) {
    skip_blank();
    if (only_next && alias_may_follow_ != at_) return {};
    std::string_view const name = plain_word();
    const base::String* const value = options_.aliases->find(name);
    if (name.empty() || value == nullptr || replacements_.size() == max_replacements) return {};
    // Not in its own text.
    bool const is_own = std::ranges::any_of(replacements_, [&](const Replacement& done) {
      return done.name == name && at_ >= done.start && at_ < done.start + done.size;
    });
    if (is_own) return {};
    Replacement done{at_, value->size(), value->size(), name.size(), {}};
    TRY(done.name.append(name));
    base::String text;
    TRY(text.append(text_.substr(0, at_)));
    TRY(text.append(*value));
    TRY(text.append(text_.substr(at_ + name.size())));
    // Those around it are longer by what it is longer.
    for (Replacement& outer : replacements_)
      if (at_ >= outer.start && at_ < outer.start + outer.size)
        outer.size = outer.size - name.size() + value->size();
    TRY(replacements_.try_push_back(std::move(done)));
    replaced_ = std::move(text);
    text_ = replaced_;
    if (value->view().ends_with(' ') || value->view().ends_with('\t')) {
      usize next = at_ + value->size();
      while (next < text_.size() && (text_[next] == ' ' || text_[next] == '\t')) ++next;
      alias_may_follow_ = next;
    }
  }
}

/// Aliases were put in from front to back: taken out again the other way.
SyntaxError Parser::in_given_text(SyntaxError error) const {
  for (usize i = replacements_.size(); i-- > 0;) {
    const Replacement& done = replacements_[i];
    if (error.offset >= done.start + done.own_size)
      error.offset = error.offset - done.own_size + done.replaced_size;
    else
      error.offset = std::min(error.offset, done.start);
  }
  return error;
}

/// Of the place that was reached. Each line feed is counted once.
usize Parser::line() const {
  if (at_ > counted_) {
    line_ += static_cast<usize>(std::ranges::count(text_.substr(counted_, at_ - counted_), '\n'));
    counted_ = at_;
  }
  return line_;
}

}  // namespace nacre::shell
