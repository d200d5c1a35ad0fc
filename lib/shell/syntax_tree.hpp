#pragma once

#include <optional>
#include <variant>

#include "lib/base/shared.hpp"
#include "lib/base/string.hpp"
#include "lib/base/types.hpp"
#include "lib/base/vector.hpp"

/// What a script says, as a tree. Lists that may outlive their script, because they run in the
/// background or are the body of a function, have several owners.
namespace nacre::shell {

using base::u8;
using base::usize;

struct AndOrList;

/// Commands that run one after another.
struct List {
  base::Vector<base::Shared<AndOrList>> items;
};

/// What is done with a parameter. [posix/xcu: "Parameter Expansion"]
enum class ParameterForm : u8 {
  Value,           // ${x}
  Length,          // ${#x}
  Default,         // ${x-w}
  Assign,          // ${x=w}
  Require,         // ${x?w}
  Alternative,     // ${x+w}
  ShortestSuffix,  // ${x%w}
  LongestSuffix,   // ${x%%w}
  ShortestPrefix,  // ${x#w}
  LongestPrefix,   // ${x##w}
};

/// A piece of a word.
struct WordPart {
  enum class Kind : u8 {
    Literal,     // `text`, quotes and backslashes gone
    Parameter,   // the one that `text` names, as `form` and `operand` say
    Commands,    // what `commands` write
    Arithmetic,  // the value of the expression in `operand`
  };
  Kind kind = Kind::Literal;
  /// Stood in quotes or behind a backslash: it is neither split nor a pattern.
  bool is_quoted = false;
  ParameterForm form = ParameterForm::Value;
  /// With a colon: what is empty counts as unset.
  bool empty_is_unset = false;
  base::String text{};
  base::Vector<WordPart> operand{};
  base::Shared<List> commands{};
};

/// What becomes one argument, none, or several.
struct Word {
  base::Vector<WordPart> parts;
  usize offset = 0;
};

struct Assignment {
  base::String name;
  Word value;
};

/// The lines behind a command that are its input.
struct HereDocument {
  Word body;
};

/// Where one of a command's streams comes from or goes to. [posix/xcu: "Redirection"]
struct Redirection {
  enum class Kind : u8 {
    Input,      // < file
    Output,     // > file, which is emptied
    Overwrite,  // >| file
    Append,     // >> file
    ReadWrite,  // <> file
    Duplicate,  // >&1, <&0: to where another one goes at this point; `-` closes it
    Document,   // << word
  };
  Kind kind = Kind::Input;
  /// 0 to 9.
  u8 descriptor = 0;
  /// The file, or the other descriptor; the word that ends a document.
  Word target;
  base::Shared<HereDocument> document;
};

/// Words, assignments, or both; neither where there are redirections only.
struct SimpleCommand {
  base::Vector<Assignment> assignments;
  base::Vector<Word> words;
};

/// `{ }`, or `( )` in a state of its own.
struct GroupCommand {
  List body;
  bool is_subshell = false;
};

struct IfCommand {
  struct Branch {
    List condition;
    List body;
  };
  base::Vector<Branch> branches;  // at least one
  List otherwise;                 // may be empty
};

/// `while` or `until`.
struct LoopCommand {
  bool until = false;
  List condition;
  List body;
};

struct ForCommand {
  base::String variable;
  /// Without `in`.
  bool over_arguments = false;
  base::Vector<Word> words;
  List body;
};

struct CaseCommand {
  struct Item {
    base::Vector<Word> patterns;  // at least one
    List body;                    // may be empty
  };
  Word subject;
  base::Vector<Item> items;
};

struct Command;

struct FunctionDefinition {
  base::String name;
  base::Shared<Command> body;
};

struct Command {
  std::variant<SimpleCommand, GroupCommand, IfCommand, LoopCommand, ForCommand, CaseCommand,
               FunctionDefinition>
      form;
  base::Vector<Redirection> redirections;  // in order
  usize line = 1;
};

/// Commands that are joined by pipes.
struct Pipeline {
  /// How `time` before it tells how long it took: not, as it is read best, or as POSIX wants it.
  enum class Timing : u8 { None, Usual, Portable };

  base::Vector<Command> commands;  // at least one
  bool is_negated = false;         // begun by `!`
  Timing timing = Timing::None;
};

/// Pipelines joined by `&&` and `||`.
struct AndOrList {
  enum class Join : u8 { First, And, Or };
  struct Item {
    Join join = Join::First;
    Pipeline pipeline;
  };
  base::Vector<Item> items;    // at least one; only the first has Join::First
  bool is_background = false;  // ended by `&`
  /// As it was written, without what ends it.
  base::String text;
};

}  // namespace nacre::shell
