#include "lib/wasm_script/runner.hpp"

#include <algorithm>
#include <optional>

#include "lib/base/try.hpp"
#include "lib/wasm/runtime/guest.hpp"
#include "lib/wasm/runtime/linker.hpp"
#include "lib/wasm/validate/validator.hpp"
#include "lib/wasm_script/match.hpp"
#include "lib/wasm_script/spectest.hpp"

namespace nacre::wasm_script {
namespace {

using wasm::Value;
using wasm::ValueType;

/// Far more than any assertion needs.
constexpr u64 fuel_per_call = u64{1} << 30;
/// As the engine calls what the suite names by a command of its own.

bool is_action(CommandKind kind) {
  return kind >= CommandKind::Action && kind <= CommandKind::AssertException;
}

/// A script in execution: the store that its modules live in, and the score so far.
class Run {
 public:
  Run(wasm::Platform& platform, wasm::Tier& tier, std::span<const Difference> differences,
      FailureListener on_failure)
      : differences_(differences),
        on_failure_(on_failure),
        store_(platform, tier),
        linker_(store_) {}

  using Done = std::expected<void, base::OutOfMemory>;
  /// To be called first.
  Done prepare();
  Done command(const Command& command);
  Score take_score() { return std::move(score_); }

 private:
  /// What came of a call or an instantiation. The error is empty where there was none.
  struct Outcome {
    base::Vector<Value> results;
    std::optional<wasm::Trap> trap;
    base::String error;
    /// The reason why what it imports from could not be had.
    std::optional<usize> missing;
  };
  /// A module by its name in the script. What `missing` gives a reason for could not be had.
  struct Named {
    wasm::Instance* instance = nullptr;
    const wasm::Module* definition = nullptr;
    std::optional<usize> missing;
  };
  struct NamedEntry {
    std::string_view name;
    Named module;
  };
  /// What was to be imported from, but could not be had.
  struct MissingEntry {
    std::string_view name;
    usize reason;
  };
  template <class T>
  using Fallible = std::expected<T, base::OutOfMemory>;

  Done module(const Command& command);
  Done module_instance(const Command& command);
  Done register_module(const Command& command);
  Done assert_return(const Command& command);
  Done assert_trap(const Command& command);
  Done assert_exception(const Command& command);
  Done assert_refused(const Command& command);
  Done assert_not_instantiated(const Command& command);

  wasm::Loaded<const wasm::Module*> load(std::span<const u8> bytes);
  Fallible<wasm::Instance*> instantiate(const wasm::Module& module, Outcome& outcome);
  Fallible<std::optional<Outcome>> act(const Command& command);
  Fallible<Outcome> call(wasm::FunctionInstance& function, std::span<const Value> arguments);
  bool check_results(const Command& command, const Outcome& outcome);

  Named* find(std::string_view name);
  Done name(std::string_view name, const Named& module);
  /// The reason for a module that needs `feature`.
  Fallible<usize> needs(wasm::Feature feature) {
    return score_.reason(base::FixedText<100>("needs {}", wasm::text_of(feature)));
  }

  void pass() { ++score_.passed; }
  template <class... Arguments>
  void fail(base::FormatString<std::type_identity_t<Arguments>...> format,
            const Arguments&... arguments) {
    if (is_action_ && doubt_) return score_.skip(*doubt_);
    ++score_.failed;
    on_failure_(line_, base::FixedText<300>(format, arguments...));
  }
  Done skip(std::string_view why) {
    TRY(usize const reason, score_.reason(why));
    score_.skip(reason);
    return {};
  }
  Done skip_module(usize reason);

  std::span<const Difference> differences_;
  FailureListener on_failure_;
  Score score_;
  u32 line_ = 0;
  bool is_action_ = false;
  /// Why a call may give something else than the script expects: a module that could not be had
  /// would have written to what others share with it.
  std::optional<usize> doubt_;
  bool any_registered_ = false;
  /// They live as long as the store.
  base::Vector<base::Box<wasm::Module>> modules_;
  wasm::Store store_;
  wasm::Linker linker_;
  std::optional<wasm::Guest> guest_;
  base::Vector<NamedEntry> named_;
  base::Vector<MissingEntry> missing_;
  Named current_;
};

Run::Done Run::prepare() {
  TRY(auto guest, wasm::Guest::create(store_));
  guest_.emplace(std::move(guest));
  return define_spectest(store_, linker_);
}

Run::Done Run::command(const Command& command) {
  line_ = command.line;
  is_action_ = is_action(command.kind);
  auto const known = std::ranges::find(differences_, line_, &Difference::line);
  if (known != differences_.end() && command.kind != CommandKind::Module)
    return skip(known->reason);
  switch (command.kind) {
    case CommandKind::Module:
    case CommandKind::ModuleDefinition: return module(command);
    case CommandKind::ModuleInstance: return module_instance(command);
    case CommandKind::Register: return register_module(command);
    case CommandKind::Action:
    case CommandKind::AssertReturn: return assert_return(command);
    case CommandKind::AssertTrap:
    case CommandKind::AssertExhaustion: return assert_trap(command);
    case CommandKind::AssertException: return assert_exception(command);
    case CommandKind::AssertMalformed:
    case CommandKind::AssertInvalid: return assert_refused(command);
    case CommandKind::AssertUnlinkable:
    case CommandKind::AssertUninstantiable: return assert_not_instantiated(command);
  }
  return {};
}

// ---- modules

/// Skips what would have instantiated a module.
Run::Done Run::skip_module(usize reason) {
  score_.skip(reason);
  if (!any_registered_ || doubt_) return {};
  TRY(doubt_, score_.reason(base::FixedText<150>("follows a module that {}",
                                                 score_.reasons[reason].text.view())));
  return {};
}

wasm::Loaded<const wasm::Module*> Run::load(std::span<const u8> bytes) {
  TRY(auto module, wasm::load(bytes));
  TRY(auto kept, base::try_make<wasm::Module>(std::move(module)));
  const wasm::Module* const pointer = kept.get();
  TRY(modules_.try_push_back(std::move(kept)));
  return pointer;
}

/// Null where it failed, and `outcome` says why. A start function that traps leaves an instance.
Run::Fallible<wasm::Instance*> Run::instantiate(const wasm::Module& module, Outcome& outcome) {
  auto const instance = store_.instantiate(module, linker_);
  if (instance) {
    if (auto* const start = (*instance)->start_function()) {
      TRY(outcome, call(*start, {}));
    }
    return *instance;
  }
  TRY(outcome.error, base::format("{}", instance.error()));
  auto const& cause = instance.error().cause;
  if (auto const* const trap = std::get_if<wasm::Trap>(&cause)) outcome.trap = *trap;
  if (auto const* const unknown = std::get_if<wasm::UnknownImport>(&cause)) {
    auto const found = std::ranges::find(missing_, unknown->module, &MissingEntry::name);
    if (found != missing_.end()) outcome.missing = found->reason;
    if (unknown->module == spectest)
      if (auto const feature = missing_in_spectest(unknown->name)) {
        TRY(outcome.missing, needs(*feature));
      }
  }
  return nullptr;
}

Run::Done Run::module(const Command& command) {
  auto const loaded = load(command.bytes);
  current_ = {};
  Outcome outcome;
  if (!loaded) {
    if (auto const* const feature = std::get_if<wasm::Feature>(&loaded.error().cause)) {
      TRY(outcome.missing, needs(*feature));
    } else {
      TRY(outcome.error, base::format("{}", loaded.error()));
    }
  } else if (command.kind == CommandKind::ModuleDefinition) {
    current_.definition = *loaded;
  } else {
    TRY(current_.instance, instantiate(**loaded, outcome));
  }
  if (outcome.missing) {
    current_ = {.missing = outcome.missing};
    TRY(skip_module(*outcome.missing));
  } else if (!outcome.error.empty()) {
    fail("the module cannot be had: {}", outcome.error.view());
    TRY(usize const reason, score_.reason("its module failed"));
    current_ = {.missing = reason};
  } else {
    pass();
  }
  return command.name.empty() ? Done() : name(command.name, current_);
}

Run::Done Run::module_instance(const Command& command) {
  Named const* const definition = find(command.module);
  if (definition == nullptr || (definition->definition == nullptr && !definition->missing)) {
    fail("there is no module definition {}", command.module);
    return {};
  }
  if (definition->missing) {
    current_ = *definition;
    TRY(skip_module(*definition->missing));
    return name(command.name, current_);
  }
  Outcome outcome;
  auto const* const module = definition->definition;
  current_ = {};
  TRY(current_.instance, instantiate(*module, outcome));
  if (outcome.missing) {
    current_ = {.missing = outcome.missing};
    TRY(skip_module(*outcome.missing));
  } else if (!outcome.error.empty()) {
    fail("the module cannot be instantiated: {}", outcome.error.view());
    TRY(usize const reason, score_.reason("its module failed"));
    current_ = {.missing = reason};
  } else {
    pass();
  }
  return name(command.name, current_);
}

Run::Named* Run::find(std::string_view name) {
  if (name.empty()) return &current_;
  auto* const found = std::ranges::find(named_, name, &NamedEntry::name);
  return found == named_.end() ? nullptr : &found->module;
}

Run::Done Run::name(std::string_view name, const Named& module) {
  auto* const found = std::ranges::find(named_, name, &NamedEntry::name);
  if (found == named_.end()) return named_.try_push_back(NamedEntry{name, module});
  found->module = module;
  return {};
}

Run::Done Run::register_module(const Command& command) {
  Named const* const module = find(command.module);
  if (module == nullptr || (module->instance == nullptr && !module->missing)) {
    fail("there is no module {} to import from", command.module);
    return {};
  }
  if (module->missing) {
    score_.skip(*module->missing);
    return missing_.try_push_back(MissingEntry{command.name, *module->missing});
  }
  any_registered_ = true;
  return linker_.define_instance(command.name, *module->instance);
}

// ---- actions

Run::Fallible<Run::Outcome> Run::call(wasm::FunctionInstance& function,
                                      std::span<const Value> arguments) {
  Outcome outcome;
  if (auto const begun = guest_->begin(function, arguments); !begun) {
    TRY(outcome.error, base::String::create(wasm::text_of(begun.error())));
    return outcome;
  }
  auto const exit = guest_->run(fuel_per_call);
  if (auto const* const finished = std::get_if<wasm::exit::Finished>(&exit)) {
    usize slot = 0;
    for (ValueType const type : store_.signature(function.signature).results) {
      Value value(type, finished->results[slot]);
      if (slots_of(type) == 2) value.slots[1] = finished->results[slot + 1];
      slot += slots_of(type);
      TRY(outcome.results.try_push_back(value));
    }
  } else if (auto const* const trapped = std::get_if<wasm::exit::Trapped>(&exit)) {
    outcome.trap = trapped->trap;
    TRY(outcome.error, base::format("it traps: {}", trapped->trap));
  } else {
    TRY(outcome.error, base::String::create("it does not end"));
  }
  return outcome;
}

/// Nothing where the module is missing or the arguments make no sense, which is counted here.
Run::Fallible<std::optional<Run::Outcome>> Run::act(const Command& command) {
  Named const* const module = find(command.module);
  if (module != nullptr && module->missing) {
    score_.skip(*module->missing);
    return std::nullopt;
  }
  if (module == nullptr || module->instance == nullptr) {
    fail("there is no module {}", command.module);
    return std::nullopt;
  }
  auto const found = module->instance->find_export(command.field);
  if (command.reads_global) {
    auto* const* const global = found ? std::get_if<wasm::GlobalInstance*>(&*found) : nullptr;
    if (global == nullptr) {
      fail("no global is exported as {}", command.field);
      return std::nullopt;
    }
    Outcome outcome;
    Value value;
    value.type = (*global)->type.value;
    value.slots = (*global)->slots;
    TRY(outcome.results.try_push_back(value));
    return outcome;
  }
  auto* const* const function = found ? std::get_if<wasm::FunctionInstance*>(&*found) : nullptr;
  if (function == nullptr) {
    fail("no function is exported as {}", command.field);
    return std::nullopt;
  }
  auto const parameters = store_.signature((*function)->signature).parameters;
  base::Vector<Value> arguments;
  for (usize i = 0; i < command.arguments.size(); ++i) {
    auto const value = i < parameters.size() ? value_of(command.arguments[i], parameters[i])
                                             : std::optional<Value>();
    if (!value) {
      fail("{} does not take {} as argument {}", command.field, command.arguments[i], i);
      return std::nullopt;
    }
    TRY(arguments.try_push_back(*value));
  }
  TRY(auto outcome, call(**function, {arguments.data(), arguments.size()}));
  return outcome;
}

/// Whether the results are those that the script expects; counts a failure if they are not.
bool Run::check_results(const Command& command, const Outcome& outcome) {
  auto expected = command.expected;
  usize index = 0;
  for (Value const& value : outcome.results) {
    if (expected.empty()) break;
    auto const result = take_result(expected);
    if (!matches_result(result, value)) {
      fail("{}: result {} is {}, not {}", command.field, index, Shown{value}, result.front());
      return false;
    }
    ++index;
  }
  if (index == outcome.results.size() && expected.empty()) return true;
  fail("{}: it has {} results, and {} are expected", command.field, outcome.results.size(),
       index + expected.size());
  return false;
}

Run::Done Run::assert_return(const Command& command) {
  TRY(auto const outcome, act(command));
  if (!outcome) return {};
  if (!outcome->error.empty())
    fail("{}: {}", command.field, outcome->error.view());
  else if (command.kind == CommandKind::Action || check_results(command, *outcome))
    pass();
  return {};
}

Run::Done Run::assert_trap(const Command& command) {
  TRY(auto const outcome, act(command));
  if (!outcome) return {};
  // The suite's text may say more: `uninitialized element 2`.
  if (!outcome->trap)
    fail("{}: no trap, but: {}", command.field,
         outcome->error.empty() ? "it returns" : outcome->error.view());
  else if (!command.text.starts_with(wasm::text_of(*outcome->trap)))
    fail("{}: {}, not: {}", command.field, outcome->error.view(), command.text);
  else
    pass();
  return {};
}

Run::Done Run::assert_exception(const Command& command) {
  TRY(auto const outcome, act(command));
  if (!outcome) return {};
  if (outcome->trap != wasm::Trap::UncaughtException)
    fail("{}: no exception comes out of it, but: {}", command.field,
         outcome->error.empty() ? "it returns" : outcome->error.view());
  else
    pass();
  return {};
}

// ---- modules that must be refused

Run::Done Run::assert_refused(const Command& command) {
  if (command.is_text) return skip("text format");
  auto const loaded = wasm::load(command.bytes);
  if (loaded) {
    fail("the module is accepted, but it is: {}", command.text);
    return {};
  }
  auto const& cause = loaded.error().cause;
  if (auto const* const feature = std::get_if<wasm::Feature>(&cause)) {
    TRY(usize const reason, needs(*feature));
    score_.skip(reason);
    return {};
  }
  bool const right = command.kind == CommandKind::AssertMalformed
                         ? std::holds_alternative<wasm::Malformed>(cause)
                         : std::holds_alternative<wasm::Invalid>(cause);
  if (!right) {
    fail("refused as {}, but it is: {}", loaded.error(), command.text);
    return {};
  }
  ++score_.refusals;
  if (command.text.starts_with(wasm::text_of(loaded.error()))) ++score_.same_words;
  pass();
  return {};
}

Run::Done Run::assert_not_instantiated(const Command& command) {
  auto const loaded = load(command.bytes);
  if (!loaded) {
    if (auto const* const feature = std::get_if<wasm::Feature>(&loaded.error().cause)) {
      TRY(usize const reason, needs(*feature));
      TRY(skip_module(reason));
    } else {
      fail("the module is refused: {}", loaded.error());
    }
    return {};
  }
  Outcome outcome;
  TRY(auto const* const instance, instantiate(**loaded, outcome));
  if (outcome.missing) {
    TRY(skip_module(*outcome.missing));
  } else if (command.kind == CommandKind::AssertUnlinkable) {
    if (instance != nullptr)
      fail("the module is linked, but it has: {}", command.text);
    else if (!outcome.error.view().starts_with(command.text))
      fail("not linked because of {}, but it has: {}", outcome.error.view(), command.text);
    else
      pass();
  } else if (!outcome.trap) {
    fail("no trap, but it has: {}", command.text);
  } else if (!command.text.starts_with(wasm::text_of(*outcome.trap))) {
    fail("{}, but it has: {}", outcome.error.view(), command.text);
  } else {
    pass();
  }
  return {};
}

}  // namespace

std::expected<Score, ScriptError> run_script(wasm::Platform& platform, wasm::Tier& tier,
                                             std::span<const u8> script,
                                             std::span<const Difference> differences,
                                             FailureListener on_failure) {
  TRY(auto reader, Reader::create(script));
  TRY(auto run, base::try_make<Run>(platform, tier, differences, on_failure));
  TRY(run->prepare());
  for (;;) {
    TRY(auto const command, reader.next());
    if (!command) return run->take_score();
    TRY(run->command(*command));
  }
}

}  // namespace nacre::wasm_script
