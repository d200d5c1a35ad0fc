#pragma once

#include <expected>
#include <span>
#include <string_view>

#include "lib/base/function_ref.hpp"
#include "lib/exec/task.hpp"
#include "lib/shell/parameters.hpp"
#include "lib/shell/syntax_tree.hpp"

namespace nacre::shell {

/// Why words could not be expanded, in a line without its end. No words mean that memory ran out.
struct ExpansionError {
  base::String message;

  explicit ExpansionError(base::String text) : message(std::move(text)) {}
  ExpansionError(base::OutOfMemory) {}
};

template <class T>
using Expanded = std::expected<T, ExpansionError>;

/// What expansion asks of the shell that it is part of.
class ExpansionHost {
 public:
  /// Runs commands in a subshell and gives what they write, as it is.
  virtual exec::Task<std::expected<base::String, base::OutOfMemory>> output_of(
      base::Shared<List> commands) = 0;
  /// Adds the names in a directory, in any order; none if it cannot be read.
  virtual exec::Task<std::expected<void, base::OutOfMemory>> list_directory(
      std::string_view path, base::Vector<base::String>& names) = 0;
  virtual exec::Task<std::expected<bool, base::OutOfMemory>> exists(std::string_view path) = 0;

 protected:
  ~ExpansionHost() = default;
};

/// Makes arguments of words. All that it is given outlives its tasks. [posix/xcu: "Word
/// Expansions"]
class Expander {
 public:
  Expander(Parameters& parameters, ExpansionHost& host) : parameters_(parameters), host_(host) {}

  /// Adds what a word stands for: split into fields, with patterns replaced by the paths that they
  /// match.
  exec::Task<Expanded<void>> add_fields(const Word& word, base::Vector<base::String>& fields);
  /// The word as one text. In an assignment, a tilde counts behind each colon, too.
  exec::Task<Expanded<base::String>> text_of(const Word& word, bool is_assignment = false);
  /// The word as a pattern: a backslash stands before each character that was quoted.
  exec::Task<Expanded<base::String>> pattern_of(const Word& word);

 private:
  class Fields;

  exec::Task<Expanded<void>> add_parts(std::span<const WordPart> parts, bool is_quoted,
                                       Fields& fields);
  exec::Task<Expanded<void>> add_operand(std::span<const WordPart> parts, bool is_quoted,
                                         Fields& fields);
  exec::Task<Expanded<void>> add_parameter(const WordPart& part, bool is_quoted, Fields& fields);
  exec::Task<Expanded<void>> add_without_pattern(const WordPart& part, bool is_quoted,
                                                 std::string_view value, Fields& fields);
  exec::Task<Expanded<void>> add_word(std::span<const WordPart> parts, Fields& fields);
  exec::Task<Expanded<base::String>> pattern_of_parts(std::span<const WordPart> parts);
  exec::Task<Expanded<base::String>> text_of_parts(std::span<const WordPart> parts, bool is_quoted);
  exec::Task<Expanded<void>> complain_unset(const WordPart& part);
  Expanded<void> add_arguments(const WordPart& part, bool is_quoted, Fields& fields) const;
  std::expected<std::optional<base::String>, base::OutOfMemory> value_of(
      std::string_view name) const;
  std::expected<base::String, base::OutOfMemory> joined_arguments() const;
  exec::Task<Expanded<void>> add_paths(std::string_view pattern,
                                       base::Vector<base::String>& fields);

  Parameters& parameters_;
  ExpansionHost& host_;
};

}  // namespace nacre::shell
