// Any bytes are a script or an error at one of them; its words can be expanded, and what they
// become can be quoted, parsed and expanded again.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lib/exec/executor.hpp"
#include "lib/shell/expansion.hpp"
#include "lib/shell/parser.hpp"

namespace {

using namespace nacre;
using namespace nacre::shell;

/// A shell whose commands all write the same, with a few files.
class FewFiles final : public ExpansionHost {
 public:
  exec::Task<std::expected<base::String, base::OutOfMemory>> output_of(
      base::Shared<List>) override {
    co_return base::String::create(" some:output \n\n");
  }
  exec::Task<std::expected<void, base::OutOfMemory>> list_directory(
      std::string_view, base::Vector<base::String>& names) override {
    for (std::string_view const name : {".", "..", "a", "b.c", "*", "\xff\n"}) {
      CO_TRY(base::String copy, base::String::create(name));
      CO_TRY(names.try_push_back(std::move(copy)));
    }
    co_return std::expected<void, base::OutOfMemory>{};
  }
  exec::Task<std::expected<bool, base::OutOfMemory>> exists(std::string_view path) override {
    co_return path.size() % 2 == 0;
  }
};

class Words {
 public:
  Words() {
    for (std::string_view const argument : {"one", "", "t w o", "*"})
      NACRE_ASSERT(
          parameters_.arguments.try_push_back(*base::String::create(argument)).has_value());
    NACRE_ASSERT(parameters_.variables.set("a", " x:y  *").has_value());
  }

  void expand(const List& list) {
    for (const auto& item : list.items)
      for (const auto& one : item->items)
        for (const Command& command : one.pipeline.commands) expand(command);
  }

 private:
  void expand(const Command& command) {
    if (const auto* simple = std::get_if<SimpleCommand>(&command.form)) {
      for (const Word& word : simple->words) expand(word);
      for (const Assignment& one : simple->assignments) static_cast<void>(text_of(one.value));
    } else if (const auto* group = std::get_if<GroupCommand>(&command.form)) {
      expand(group->body);
    } else if (const auto* one = std::get_if<CaseCommand>(&command.form)) {
      for (const auto& item : one->items) expand(item.body);
    }
    for (const Redirection& redirection : command.redirections) {
      NACRE_ASSERT(redirection.descriptor <= 9);
      if (redirection.document) static_cast<void>(text_of(redirection.document->body));
    }
  }

  std::vector<std::string> fields_of(const Word& word) {
    std::vector<std::string> fields;
    auto const task = [](Expander& expander, const Word& given,
                         std::vector<std::string>& out) -> exec::Task<void> {
      base::Vector<base::String> made;
      if (co_await expander.add_fields(given, made))
        for (const base::String& field : made) out.emplace_back(field.view());
    };
    NACRE_ASSERT(executor_.spawn_detached("fields", task(expander_, word, fields)).has_value());
    executor_.run_until_idle();
    return fields;
  }
  std::string text_of(const Word& word) {
    std::string text;
    auto const task = [](Expander& expander, const Word& given,
                         std::string& out) -> exec::Task<void> {
      auto const made = co_await expander.text_of(given, true);
      if (made) out = made->view();
    };
    NACRE_ASSERT(executor_.spawn_detached("text", task(expander_, word, text)).has_value());
    executor_.run_until_idle();
    return text;
  }

  void expand(const Word& word) {
    for (const std::string& field : fields_of(word)) {
      std::string quoted = "'";
      for (char const c : field) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
      quoted += "'";
      Parser parser(quoted);
      auto const command = parser.next();
      NACRE_ASSERT(command.has_value() && command->has_value());
      const auto& simple =
          std::get<SimpleCommand>((*command)->items[0]->items[0].pipeline.commands[0].form);
      NACRE_ASSERT(simple.words.size() == 1);
      auto const again = fields_of(simple.words[0]);
      NACRE_ASSERT(again.size() == 1 && again[0] == field);
    }
  }

  exec::Executor executor_{[] { return base::Instant{}; }};
  Parameters parameters_;
  FewFiles host_;
  Expander expander_{parameters_, host_};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<const char*>(data), size);
  Aliases aliases;
  NACRE_ASSERT((*aliases.find_or_add("a"))->assign("b 'c' ").has_value());
  NACRE_ASSERT((*aliases.find_or_add("b"))->assign("a; while").has_value());
  Words words;
  for (const Aliases* const known :
       {static_cast<const Aliases*>(nullptr), &std::as_const(aliases)}) {
    Parser parser(text, {.aliases = known, .end_closes_documents = known != nullptr});
    for (;;) {
      auto const command = parser.next();
      if (!command) {
        NACRE_ASSERT(command.error().offset <= size);
        NACRE_ASSERT(command.error().kind != SyntaxError::Kind::OutOfMemory);
        static_cast<void>(position_of(text, command.error().offset));
        break;
      }
      if (!*command) break;
      words.expand(**command);
    }
  }
  return 0;
}
