// Any bytes are a script or an error at one of them; a script's words can be quoted and parsed
// again.
#include <cstdint>
#include <string>

#include "kernel/shell/syntax.hpp"

namespace {

using namespace nacre::shell;

/// What the word stands for can be quoted, and is one word again then.
void check_word(const Word& word) {
  auto const argument = expand(word, 0);
  std::string quoted = "'";
  for (char const c : argument->view())
    quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  auto const again = parse(quoted + "'");
  NACRE_ASSERT(again.has_value());
  const Command& command = again->lists[0].items[0].pipeline.commands[0];
  NACRE_ASSERT(command.words.size() == 1);
  NACRE_ASSERT(expand(command.words[0], 0)->view() == argument->view());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<const char*>(data), size);
  auto const script = parse(text);
  if (!script) {
    NACRE_ASSERT(script.error().offset <= size);
    NACRE_ASSERT(script.error().kind != SyntaxError::Kind::OutOfMemory);
    static_cast<void>(position_of(text, script.error().offset));
    return 0;
  }
  for (const AndOrList& list : script->lists) {
    NACRE_ASSERT(!list.items.empty());
    NACRE_ASSERT(list.size > 0 && list.offset + list.size <= size);
    for (const AndOrList::Item& item : list.items) {
      NACRE_ASSERT((&item == list.items.begin()) == (item.join == AndOrList::Join::First));
      NACRE_ASSERT(!item.pipeline.commands.empty());
      for (const Command& command : item.pipeline.commands) {
        NACRE_ASSERT(!command.words.empty() || !command.redirections.empty());
        for (const Redirection& redirection : command.redirections) {
          NACRE_ASSERT(redirection.descriptor <= 2 && redirection.source <= 2);
          bool const is_duplicate = redirection.kind == Redirection::Kind::Duplicate;
          NACRE_ASSERT(redirection.target.parts.empty() == is_duplicate);
          if (!is_duplicate) check_word(redirection.target);
        }
        for (const Word& word : command.words) check_word(word);
      }
    }
  }
  return 0;
}
