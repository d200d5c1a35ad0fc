#include "lib/shell/syntax_error.hpp"

namespace nacre::shell {
namespace {

using Kind = SyntaxError::Kind;

std::string_view describe(Kind kind) {
  switch (kind) {
    case Kind::UnclosedQuote: return "this quote is not closed";
    case Kind::UnclosedSubstitution: return "this substitution is not closed";
    case Kind::MissingCommand: return "a command is missing here";
    case Kind::MissingTarget: return "the name of a file is missing here";
    case Kind::MissingWord: return "is missing here";
    case Kind::MissingName: return "the name of a variable is missing here";
    case Kind::Unexpected: return "this cannot stand here";
    case Kind::BadDescriptor: return "only 0 to 9 can be redirected";
    case Kind::BadSubstitution: return "this is no substitution";
    case Kind::OpenHereDocument: return "the last line of this document is missing";
    case Kind::TooDeep: return "too many commands in commands";
    case Kind::InvalidCharacter: return "a NUL character";
    case Kind::OutOfMemory: return "out of memory";
  }
  return "";
}

}  // namespace

void format_value(base::Sink& sink, const SyntaxError& error) {
  if (error.kind == Kind::MissingWord) base::format_to(sink, "\"{}\" ", error.word);
  sink.write(describe(error.kind));
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

}  // namespace nacre::shell
