#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "lib/shell/string_map.hpp"

namespace nacre::shell {

using base::usize;

struct Variable {
  std::optional<base::String> value{};
  bool is_exported = false;
  bool is_read_only = false;
};

/// Why a variable was not changed.
struct VariableError {
  enum class Kind : base::u8 { ReadOnly, OutOfMemory };
  Kind kind = Kind::ReadOnly;

  constexpr VariableError(Kind why) : kind(why) {}
  constexpr VariableError(base::OutOfMemory) : kind(Kind::OutOfMemory) {}
};

/// The variables of a shell. Functions, and commands with assignments before them, see values of
/// their own for a while.
class Variables {
 public:
  using Done = std::expected<void, VariableError>;

  /// The value; nothing if it is not set. Borrowed until the variable changes.
  std::optional<std::string_view> value(std::string_view name) const;
  std::string_view value_or(std::string_view name, std::string_view otherwise) const {
    return value(name).value_or(otherwise);
  }
  const Variable* find(std::string_view name) const { return variables_.find(name); }
  /// Each variable that has a value or a mark, by name.
  std::span<const StringMap<Variable>::Entry> all() const { return variables_.entries(); }

  Done set(std::string_view name, std::string_view value);
  Done unset(std::string_view name);
  std::expected<void, base::OutOfMemory> mark_exported(std::string_view name, bool is_exported);
  std::expected<void, base::OutOfMemory> mark_read_only(std::string_view name);

  /// What was kept since this many were is put back by `restore`, which needs no memory.
  usize kept() const { return kept_.size(); }
  std::expected<void, base::OutOfMemory> keep(std::string_view name);
  void restore(usize kept);

  std::expected<Variables, base::OutOfMemory> try_copy() const;

 private:
  struct Kept {
    base::String name;
    Variable variable;
  };

  // A variable that was unset stays as one without a value: so nothing has to be added when it is
  // put back.
  StringMap<Variable> variables_;
  base::Vector<Kept> kept_;
};

}  // namespace nacre::shell
