// Any bytes are a script or an error at one of them; a script's words can be quoted and parsed
// again.
#include <cstdint>
#include <string>

#include "kernel/shell/syntax.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nacre::shell;
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
    for (const AndOrList::Item& item : list.items) {
      NACRE_ASSERT((&item == list.items.begin()) == (item.join == AndOrList::Join::First));
      NACRE_ASSERT(item.pipeline.commands.size() == 1);
      for (const Word& word : item.pipeline.commands[0].words) {
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
    }
  }
  return 0;
}
