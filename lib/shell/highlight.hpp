#pragma once

#include <span>
#include <string_view>

#include "lib/base/function_ref.hpp"
#include "lib/base/types.hpp"

namespace nacre::shell {

/// What a piece of a line is, for who shows it while it is typed.
enum class Token : base::u8 { Plain, Command, Reserved, Quoted, Expansion, Operator, Comment };

/// Tells for each byte of a line what it is part of; `tokens` has one for each. A line that is not
/// finished is fine. `is_command` is asked about words where a command begins.
void highlight(std::string_view line, base::FunctionRef<bool(std::string_view)> is_command,
               std::span<Token> tokens);

}  // namespace nacre::shell
