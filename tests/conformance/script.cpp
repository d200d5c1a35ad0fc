#include "tests/conformance/script.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "lib/wasm/binary/decoder.hpp"
#include "lib/wasm/validate/validator.hpp"

namespace nacre::conformance {
namespace {

using base::u32;
using base::u64;
using base::u8;
using base::usize;
using wasm::Slot;
using wasm::Value;
using wasm::ValueType;

/// Far more than any assertion needs.
constexpr u64 fuel_per_call = u64{1} << 30;

template <class T>
std::string formatted(const T& value) {
  return std::string(base::FixedText<300>("{}", value).view());
}

/// The slots of a value, the highest first.
std::string hexadecimal(std::span<const Slot> slots) {
  std::string text = "0x";
  for (usize i = slots.size(); i != 0; --i)
    text += base::FixedText<16>("{:016x}", slots[i - 1]).view();
  return text;
}

/// A reference that the host gave out: its number, told apart from null.
Slot host_reference(u64 number) { return number + 1; }

template <class... Arguments>
void define(wasm::Linker& linker, std::string_view name) {
  auto const done = linker.define("spectest", name, [](wasm::Caller&, Arguments...) {});
  NACRE_ASSERT(done.has_value());
}

}  // namespace

void Score::add(const Score& other) {
  passed += other.passed;
  failed += other.failed;
  skipped += other.skipped;
  same_words += other.same_words;
  refusals += other.refusals;
  for (auto const& [reason, count] : other.reasons) reasons[reason] += count;
}

Script::Script(std::string folder, std::string name, KnownDifferences differences)
    : folder_(std::move(folder)),
      name_(std::move(name)),
      differences_(std::move(differences)),
      store_(platform_, interpreter_),
      linker_(store_),
      guest_(*wasm::Guest::create(store_)) {}

void Script::fail(const std::string& why) {
  ++score_.failed;
  std::printf("FAILED %s line %u: %s\n", name_.c_str(), line_, why.c_str());
}

void Script::skip(const std::string& why) {
  ++score_.skipped;
  ++score_.reasons[why];
}

/// The module that the suite's scripts import from.
void Script::define_spectest() {
  define<>(linker_, "print");
  define<base::i32>(linker_, "print_i32");
  define<base::i64>(linker_, "print_i64");
  define<base::f32>(linker_, "print_f32");
  define<base::f64>(linker_, "print_f64");
  define<base::i32, base::f32>(linker_, "print_i32_f32");
  define<base::f64, base::f64>(linker_, "print_f64_f64");
  auto const add = [&](std::string_view name, const Value& value) {
    auto* const global = *store_.add_global({value.type, false}, value);
    NACRE_ASSERT(linker_.define("spectest", name, global).has_value());
  };
  add("global_i32", Value::of(666));
  add("global_i64", Value::of(base::i64{666}));
  add("global_f32", Value::of(666.6f));
  add("global_f64", Value::of(666.6));
  auto* const table = *store_.add_table({ValueType::FuncRef, {10, 20}});
  NACRE_ASSERT(linker_.define("spectest", "table", table).has_value());
  auto* const memory = *store_.add_memory({{1, 2}});
  NACRE_ASSERT(linker_.define("spectest", "memory", memory).has_value());
}

Score Script::run() {
  define_spectest();
  std::string const short_name = name_.substr(name_.rfind('/') + 1);
  std::ifstream file(folder_ + "/" + short_name + ".json");
  Json const script = Json::parse(file, nullptr, false);
  if (script.is_discarded()) {
    fail("the script cannot be read");
    return score_;
  }
  for (auto const& next : script["commands"]) {
    line_ = next["line"];
    auto const known = differences_.find(line_);
    if (known != differences_.end() && next["type"] != "module")
      skip(known->second);
    else
      command(next);
  }
  return score_;
}

void Script::command(const Json& command) {
  std::string const type = command["type"];
  if (type == "module") return module(command, true);
  if (type == "module_definition") return module(command, false);
  if (type == "module_instance") return module_instance(command);
  if (type == "register") return register_module(command);
  if (type == "assert_return" || type == "action") return assert_return(command);
  if (type == "assert_trap" || type == "assert_exhaustion" || type == "assert_exception")
    return assert_trap(command);
  if (type == "assert_malformed") return assert_refused(command, true);
  if (type == "assert_invalid") return assert_refused(command, false);
  if (type == "assert_unlinkable") return assert_unlinkable(command);
  if (type == "assert_uninstantiable") return assert_uninstantiable(command);
  fail("unknown command " + type);
}

// ---- modules

wasm::Loaded<Script::LoadedModule*> Script::load(const Json& command) {
  auto loaded = std::make_unique<LoadedModule>();
  std::ifstream file(folder_ + "/" + std::string(command["filename"]), std::ios::binary);
  loaded->bytes.assign(std::istreambuf_iterator<char>(file), {});
  auto module = wasm::load(loaded->bytes);
  if (!module) return std::unexpected(module.error());
  loaded->module = std::move(*module);
  modules_.push_back(std::move(loaded));
  return modules_.back().get();
}

Script::Named Script::instantiate(LoadedModule& module, Outcome& outcome) {
  auto const instance = store_.instantiate(module.module, linker_);
  if (!instance) {
    outcome.error = formatted(instance.error());
    if (auto const* const trap = std::get_if<wasm::Trap>(&instance.error().cause))
      outcome.trap = *trap;
    if (auto const* const unknown = std::get_if<wasm::UnknownImport>(&instance.error().cause))
      if (auto const found = missing_.find(std::string(unknown->module)); found != missing_.end())
        outcome.unsupported = found->second;
    return {};
  }
  if (auto* const start = (*instance)->start_function()) outcome = call(*start, {});
  return {*instance, &module, {}};
}

void Script::module(const Json& command, bool wants_instance) {
  auto const loaded = load(command);
  current_ = {};
  if (!loaded) {
    if (std::holds_alternative<wasm::Feature>(loaded.error().cause)) {
      current_.unsupported = std::string("needs ") + std::string(wasm::text_of(loaded.error()));
      skip(current_.unsupported);
    } else {
      fail("a valid module is refused: " + formatted(loaded.error()));
      current_.unsupported = "its module failed";
    }
  } else if (wants_instance) {
    Outcome outcome;
    current_ = instantiate(**loaded, outcome);
    if (!outcome.unsupported.empty()) {
      current_.unsupported = outcome.unsupported;
      skip(outcome.unsupported);
    } else if (current_.instance == nullptr || outcome.trap) {
      fail("a module cannot be instantiated: " + outcome.error);
      current_.unsupported = "its module failed";
    } else {
      pass();
    }
  } else {
    current_.definition = *loaded;
    pass();
  }
  if (command.contains("name")) named_[command["name"]] = current_;
}

void Script::module_instance(const Json& command) {
  Named* const definition = find(command, "module");
  if (definition == nullptr) return fail("no such module definition");
  if (!definition->unsupported.empty()) {
    named_[command["instance"]] = *definition;
    return skip(definition->unsupported);
  }
  Outcome outcome;
  current_ = instantiate(*definition->definition, outcome);
  if (current_.instance == nullptr || outcome.trap) return fail(outcome.error);
  named_[command["instance"]] = current_;
  pass();
}

Script::Named* Script::find(const Json& command, const char* key) {
  if (!command.contains(key)) return &current_;
  auto const found = named_.find(command[key]);
  return found == named_.end() ? nullptr : &found->second;
}

void Script::register_module(const Json& command) {
  Named* const module = find(command, "name");
  if (module == nullptr) return fail("no such module");
  if (module->instance == nullptr) {
    missing_[command["as"]] = module->unsupported;
    return skip(module->unsupported);
  }
  NACRE_ASSERT(linker_.define_instance(std::string(command["as"]), *module->instance).has_value());
}

// ---- actions

namespace {

/// How many bits the lanes of this type have.
unsigned lane_bits(const std::string& lane_type) {
  return static_cast<unsigned>(std::stoul(lane_type.substr(1)));
}

/// Whether `bits` are the NaN, or one of those, that the suite names so.
bool is_nan_of(const std::string& name, const std::string& type, u64 bits) {
  // Canonical where the specification leaves a choice; an arithmetic one has the first bit set.
  bool const exact = name == "nan:canonical";
  if (type == "f32")
    return exact ? (bits & 0x7fff'ffff) == 0x7fc0'0000 : (bits & 0x7fc0'0000) == 0x7fc0'0000;
  return exact ? (bits & ~(u64{1} << 63)) == 0x7ff8'0000'0000'0000
               : (bits & 0x7ff8'0000'0000'0000) == 0x7ff8'0000'0000'0000;
}

}  // namespace

Value Script::value_of(const Json& json) {
  std::string const type = json["type"];
  if (type == "v128") {
    Value value(ValueType::V128, 0);
    unsigned const width = lane_bits(json["lane_type"]);
    unsigned at = 0;
    for (std::string const lane : json["value"]) {
      u64 const lane_value = std::strtoull(lane.c_str(), nullptr, 10);
      u64 const mask = ~u64{0} >> (64 - width);
      value.slots[at / 64] |= (lane_value & mask) << at % 64;
      at += width;
    }
    return value;
  }
  std::string const text = json["value"];
  u64 const bits = text == "null" ? 0 : std::strtoull(text.c_str(), nullptr, 10);
  // The integers are written as signed or unsigned ones.
  if (type == "i32") return Value(ValueType::I32, static_cast<u32>(bits));
  if (type == "f32") return Value(ValueType::F32, static_cast<u32>(bits));
  if (type == "i64") return Value(ValueType::I64, bits);
  if (type == "f64") return Value(ValueType::F64, bits);
  if (type == "funcref") return Value(ValueType::FuncRef, 0);
  return Value(ValueType::ExternRef, text == "null" ? 0 : host_reference(bits));
}

/// `slots` are those of the value.
bool Script::matches(const Json& expected, std::span<const Slot> slots) {
  std::string const type = expected["type"];
  if (type == "either")
    return std::ranges::any_of(expected["values"],
                               [&](const Json& one) { return matches(one, slots); });
  if (type == "v128") {
    std::string const lane_type = expected["lane_type"];
    unsigned const width = lane_bits(lane_type);
    unsigned at = 0;
    for (std::string const lane : expected["value"]) {
      u64 const mask = ~u64{0} >> (64 - width);
      u64 const bits = slots[at / 64] >> at % 64 & mask;
      u64 const wanted = std::strtoull(lane.c_str(), nullptr, 10) & mask;
      if (lane.starts_with("nan:") ? !is_nan_of(lane, lane_type, bits) : bits != wanted)
        return false;
      at += width;
    }
    return true;
  }
  std::string const value = expected["value"];
  if (value.starts_with("nan:")) return is_nan_of(value, type, slots[0]);
  if (value == "any") return slots[0] != 0;
  if (value == "null") return slots[0] == 0;
  return slots[0] == value_of(expected).slots[0];
}

Script::Outcome Script::call(wasm::FunctionInstance& function,
                             const std::vector<Value>& arguments) {
  if (auto const begun = guest_.begin(function, arguments); !begun)
    return {{}, {}, std::string(wasm::text_of(begun.error())), {}};
  auto const exit = guest_.run(fuel_per_call);
  if (auto const* const finished = std::get_if<wasm::exit::Finished>(&exit))
    return {{}, {finished->results.begin(), finished->results.end()}, {}, {}};
  if (auto const* const trapped = std::get_if<wasm::exit::Trapped>(&exit))
    return {trapped->trap, {}, std::string(wasm::text_of(trapped->trap)), {}};
  return {{}, {}, "it does not end", {}};
}

/// Nothing where the module is missing, which is counted here.
std::optional<Script::Outcome> Script::act(const Json& action) {
  Named* const module = find(action, "module");
  if (module == nullptr || module->instance == nullptr) {
    if (module != nullptr && !module->unsupported.empty())
      skip(module->unsupported);
    else
      fail("no such module");
    return std::nullopt;
  }
  std::string const field = action["field"];
  if (action["type"] == "get") {
    auto const found = module->instance->find_export(field);
    if (!found || !std::holds_alternative<wasm::GlobalInstance*>(*found))
      return Outcome{{}, {}, "no such global", {}};
    auto const& global = *std::get<wasm::GlobalInstance*>(*found);
    auto const slots = std::span(global.slots).first(slots_of(global.type.value));
    return Outcome{{}, {slots.begin(), slots.end()}, {}, {}};
  }
  auto* const function = module->instance->find_function(field);
  if (function == nullptr) return Outcome{{}, {}, "no such function " + field, {}};
  std::vector<Value> arguments;
  for (auto const& argument : action["args"]) arguments.push_back(value_of(argument));
  return call(*function, arguments);
}

void Script::assert_return(const Json& command) {
  auto const outcome = act(command["action"]);
  if (!outcome) return;
  std::string const field = command["action"]["field"];
  if (!outcome->error.empty()) return fail(field + ": " + outcome->error);
  if (command["type"] == "assert_return") {
    auto const& expected = command["expected"];
    std::span<const Slot> rest = outcome->results;
    for (auto const& one : expected) {
      std::string const type = one["type"] == "either" ? one["values"][0]["type"] : one["type"];
      usize const slots = type == "v128" ? 2 : 1;
      if (rest.size() < slots) return fail(field + ": number of results");
      if (!matches(one, rest.first(slots)))
        return fail(field + ": result is " + hexadecimal(rest.first(slots)) + ", not " +
                    one.dump());
      rest = rest.subspan(slots);
    }
    if (!rest.empty()) return fail(field + ": number of results");
  }
  pass();
}

void Script::assert_trap(const Json& command) {
  auto const outcome = act(command["action"]);
  if (!outcome) return;
  if (!outcome->trap) return fail("no trap, but " + outcome->error);
  // The suite's text may say more: `uninitialized element 2`.
  if (command["type"] == "assert_exception") {
    if (outcome->trap != wasm::Trap::UncaughtException)
      return fail("no exception, but " + outcome->error);
    return pass();
  }
  if (!std::string(command["text"]).starts_with(wasm::text_of(*outcome->trap)))
    return fail("traps with " + outcome->error + ", not " + std::string(command["text"]));
  pass();
}

// ---- modules that must be refused

void Script::assert_refused(const Json& command, bool malformed) {
  if (command["module_type"] == "text") return skip("text format");
  auto const loaded = load(command);
  std::string const expected = command["text"];
  if (loaded) return fail("accepted, but it is: " + expected);
  auto const& cause = loaded.error().cause;
  if (std::holds_alternative<wasm::Feature>(cause))
    return skip("needs " + std::string(wasm::text_of(loaded.error())));
  bool const right = malformed ? std::holds_alternative<wasm::Malformed>(cause)
                               : std::holds_alternative<wasm::Invalid>(cause);
  if (!right) return fail("refused as " + formatted(loaded.error()) + ", but it is: " + expected);
  ++score_.refusals;
  if (expected.starts_with(wasm::text_of(loaded.error()))) ++score_.same_words;
  pass();
}

void Script::assert_unlinkable(const Json& command) {
  auto const loaded = load(command);
  if (!loaded && std::holds_alternative<wasm::Feature>(loaded.error().cause))
    return skip("needs " + std::string(wasm::text_of(loaded.error())));
  if (!loaded) return fail("refused: " + formatted(loaded.error()));
  Outcome outcome;
  if (instantiate(**loaded, outcome).instance != nullptr) return fail("it was linked");
  if (!outcome.unsupported.empty()) return skip(outcome.unsupported);
  if (!outcome.error.starts_with(std::string(command["text"])))
    return fail("not linked because of " + outcome.error);
  pass();
}

void Script::assert_uninstantiable(const Json& command) {
  auto const loaded = load(command);
  if (!loaded && std::holds_alternative<wasm::Feature>(loaded.error().cause))
    return skip("needs " + std::string(wasm::text_of(loaded.error())));
  if (!loaded) return fail("refused: " + formatted(loaded.error()));
  Outcome outcome;
  instantiate(**loaded, outcome);
  if (!outcome.trap) return fail("no trap");
  if (!std::string(command["text"]).starts_with(wasm::text_of(*outcome.trap)))
    return fail("traps with " + outcome.error);
  pass();
}

}  // namespace nacre::conformance
