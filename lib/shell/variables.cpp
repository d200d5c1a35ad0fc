#include "lib/shell/variables.hpp"

#include <utility>

namespace nacre::shell {
namespace {

std::expected<Variable, base::OutOfMemory> copy_of(const Variable& variable) {
  Variable copy{.is_exported = variable.is_exported, .is_read_only = variable.is_read_only};
  if (variable.value) {
    TRY(copy.value, variable.value->try_copy());
  }
  return copy;
}

}  // namespace

std::optional<std::string_view> Variables::value(std::string_view name) const {
  const Variable* const variable = variables_.find(name);
  if (variable == nullptr || !variable->value) return std::nullopt;
  return variable->value->view();
}

Variables::Done Variables::set(std::string_view name, std::string_view value) {
  TRY(base::String copy, base::String::create(value));
  TRY(Variable* const variable, variables_.find_or_add(name));
  if (variable->is_read_only) return std::unexpected(VariableError::Kind::ReadOnly);
  variable->value = std::move(copy);
  return {};
}

Variables::Done Variables::unset(std::string_view name) {
  Variable* const variable = variables_.find(name);
  if (variable == nullptr) return {};
  if (variable->is_read_only) return std::unexpected(VariableError::Kind::ReadOnly);
  *variable = {};
  return {};
}

std::expected<void, base::OutOfMemory> Variables::mark_exported(std::string_view name,
                                                                bool is_exported) {
  TRY(Variable* const variable, variables_.find_or_add(name));
  variable->is_exported = is_exported;
  return {};
}

std::expected<void, base::OutOfMemory> Variables::mark_read_only(std::string_view name) {
  TRY(Variable* const variable, variables_.find_or_add(name));
  variable->is_read_only = true;
  return {};
}

std::expected<void, base::OutOfMemory> Variables::keep(std::string_view name) {
  TRY(Variable* const variable, variables_.find_or_add(name));
  TRY(Variable copy, copy_of(*variable));
  TRY(base::String copied_name, base::String::create(name));
  return kept_.try_push_back({std::move(copied_name), std::move(copy)});
}

void Variables::restore(usize kept) {
  while (kept_.size() > kept) {
    Kept& last = kept_.back();
    *variables_.find(last.name) = std::move(last.variable);
    kept_.pop_back();
  }
}

/// What was kept is not copied: whoever has a copy does not return to where it was kept.
std::expected<Variables, base::OutOfMemory> Variables::try_copy() const {
  Variables copy;
  for (const auto& [name, variable] : variables_.entries()) {
    bool const is_nothing = !variable.value && !variable.is_exported && !variable.is_read_only;
    if (is_nothing) continue;
    TRY(Variable* const added, copy.variables_.find_or_add(name));
    TRY(*added, copy_of(variable));
  }
  return copy;
}

}  // namespace nacre::shell
