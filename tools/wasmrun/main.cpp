// wasmrun: the WebAssembly engine as a Linux program.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <source_location>
#include <string>
#include <string_view>
#include <vector>

#include "lib/wasm/interpret/interpreter.hpp"
#include "lib/wasm/validate/validator.hpp"
#include "tools/hosted_platform/hosted_platform.hpp"
#include "tools/wasmrun/dump.hpp"
#include "tools/wasmrun/host_imports.hpp"

namespace nacre::base {

void assertion_failed(const char* condition, std::source_location where) {
  std::fprintf(stderr, "%s:%u: assertion failed: %s\n", where.file_name(), where.line(), condition);
  std::abort();
}

}  // namespace nacre::base

namespace nacre::tools {
namespace {

using base::u64;
using base::u8;
using wasm::Value;
using wasm::ValueType;

constexpr const char* usage =
    "usage: wasmrun [options] FILE.wasm [-- ARGUMENTS...]\n"
    "       wasmrun [options] FILE.wasm --invoke NAME [VALUES...]\n"
    "Runs a program, with WASI on this process' streams, and exits with its status.\n"
    "  --invoke NAME   calls that export; without it, `_start` or `main`\n"
    "  --env K=V       a variable of the program's environment\n"
    "  --validate      only checks the module\n"
    "  --dump          lists what the module has\n"
    "  --disassemble   prints its code\n"
    "  --fuel N        ends the program after N calls and jumps back\n"
    "  --pages N       the most pages of 64 KiB that a memory may have\n";

constexpr int exit_error = 1;
constexpr int exit_usage = 2;
constexpr int exit_trap = 134;  // As a shell shows an aborted process.

struct FileSink final : base::Sink {
  explicit FileSink(std::FILE* to) : file(to) {}
  void write(std::string_view text) override { std::fwrite(text.data(), 1, text.size(), file); }
  std::FILE* file;
};

struct Options {
  enum class Action : u8 { Run, Validate, Dump, Disassemble };
  Action action = Action::Run;
  std::string file;
  std::string invoke;
  std::vector<std::string> arguments;  // of the invoked function
  std::vector<std::string> program_arguments;
  std::vector<std::string> variables;
  wasm::GuestLimits guest;
  wasm::StoreLimits store;
};

template <class... Arguments>
int complain(int status, base::FormatString<std::type_identity_t<Arguments>...> format,
             const Arguments&... arguments) {
  FileSink sink(stderr);
  sink.write("wasmrun: ");
  base::format_to(sink, format, arguments...);
  sink.write("\n");
  return status;
}

/// Nothing when the command line makes no sense.
std::optional<Options> parse(int count, char** arguments) {
  Options options;
  for (int i = 1; i < count; ++i) {
    std::string_view const argument = arguments[i];
    bool const has_value = i + 1 < count;
    if (argument == "--validate") {
      options.action = Options::Action::Validate;
    } else if (argument == "--dump") {
      options.action = Options::Action::Dump;
    } else if (argument == "--disassemble") {
      options.action = Options::Action::Disassemble;
    } else if (argument == "--fuel" && has_value) {
      options.guest.fuel = std::strtoull(arguments[++i], nullptr, 0);
    } else if (argument == "--pages" && has_value) {
      options.store.memory_pages = static_cast<base::u32>(std::strtoul(arguments[++i], nullptr, 0));
    } else if (argument == "--invoke" && has_value) {
      options.invoke = arguments[++i];
      options.arguments.assign(arguments + i + 1, arguments + count);
      break;
    } else if (argument == "--env" && has_value) {
      options.variables.emplace_back(arguments[++i]);
    } else if (argument == "--" && !options.file.empty()) {
      options.program_arguments.assign(arguments + i + 1, arguments + count);
      break;
    } else if (options.file.empty() && !argument.starts_with("--")) {
      options.file = argument;
    } else {
      return std::nullopt;
    }
  }
  if (options.file.empty()) return std::nullopt;
  return options;
}

/// A v128 is one number of up to 32 hexadecimal digits, as it is printed: the first lane comes
/// last.
std::optional<Value> parse_vector(std::string_view text) {
  constexpr std::string_view prefix = "0x";
  constexpr std::size_t digits = 16;
  if (!text.starts_with(prefix)) return std::nullopt;
  text.remove_prefix(prefix.size());
  if (text.empty() || text.size() > 2 * digits) return std::nullopt;
  wasm::ValueSlots slots{};
  auto const read = [](std::string_view part, u64& into) {
    if (part.empty()) return true;
    auto const [end, error] = std::from_chars(part.begin(), part.end(), into, 16);
    return error == std::errc() && end == part.end();
  };
  std::size_t const split = text.size() - std::min(text.size(), digits);
  if (!read(text.substr(0, split), slots[1]) || !read(text.substr(split), slots[0]))
    return std::nullopt;
  return Value(ValueType::V128, slots);
}

std::optional<Value> parse_value(ValueType type, const std::string& text) {
  char* end = nullptr;
  Value value;
  switch (type) {
    case ValueType::I32:
      value = Value::of(static_cast<base::u32>(std::strtoll(text.c_str(), &end, 0)));
      break;
    case ValueType::I64:
      value =
          Value::of(text.starts_with('-') ? static_cast<u64>(std::strtoll(text.c_str(), &end, 0))
                                          : u64{std::strtoull(text.c_str(), &end, 0)});
      break;
    case ValueType::F32: value = Value::of(std::strtof(text.c_str(), &end)); break;
    case ValueType::F64: value = Value::of(std::strtod(text.c_str(), &end)); break;
    case ValueType::V128: return parse_vector(text);
    default: return std::nullopt;
  }
  if (text.empty() || *end != '\0') return std::nullopt;
  return value;
}

/// `slots` are those of the value.
void print_value(ValueType type, const wasm::Slot* slots) {
  wasm::Slot const slot = slots[0];
  switch (type) {
    case ValueType::I32: std::printf("%d\n", wasm::from_slot<base::i32>(slot)); return;
    case ValueType::I64:
      std::printf("%lld\n", static_cast<long long>(wasm::from_slot<base::i64>(slot)));
      return;
    case ValueType::F32:
      std::printf("%.9g\n", static_cast<double>(wasm::from_slot<float>(slot)));
      return;
    case ValueType::F64: std::printf("%.17g\n", wasm::from_slot<double>(slot)); return;
    case ValueType::V128:
      std::printf("0x%016llx%016llx\n", static_cast<unsigned long long>(slots[1]),
                  static_cast<unsigned long long>(slots[0]));
      return;
    default: std::printf("%s\n", slot == 0 ? "null" : "reference"); return;
  }
}

/// Runs until the call ends; its results are in `results`. A number is the program's exit status.
std::optional<int> run_call(wasm::Guest& guest, HostImports& imports,
                            wasm::FunctionInstance& function, const std::vector<Value>& arguments,
                            std::vector<wasm::Slot>& results) {
  if (auto const begun = guest.begin(function, arguments); !begun)
    return complain(exit_error, "{}", wasm::text_of(begun.error()));
  for (;;) {
    auto const exit = guest.run(UINT64_MAX);
    if (auto const* const call = std::get_if<wasm::exit::HostCall>(&exit)) {
      if (auto const status = imports.answer(*call, guest)) return *status;
    } else if (auto const* const trapped = std::get_if<wasm::exit::Trapped>(&exit)) {
      complain(exit_trap, "trap: {}", trapped->trap);
      FileSink sink(stderr);
      guest.write_backtrace(sink);
      return exit_trap;
    } else if (auto const* const finished = std::get_if<wasm::exit::Finished>(&exit)) {
      results.assign(finished->results.begin(), finished->results.end());
      return std::nullopt;
    }
  }
}

int run(const Options& options, const wasm::Module& module) {
  HostedPlatform platform;
  wasm::Interpreter interpreter;
  wasm::Store store(platform, interpreter, options.store);
  wasm::Linker linker(store);
  std::vector<std::string> program_arguments{
      options.file.substr(options.file.find_last_of('/') + 1)};
  program_arguments.insert(program_arguments.end(), options.program_arguments.begin(),
                           options.program_arguments.end());
  HostImports imports(std::move(program_arguments), options.variables);
  if (!imports.define(linker)) return complain(exit_error, "out of memory");
  auto const instance = store.instantiate(module, linker);
  if (!instance)
    return complain(exit_error, "{}: {}", std::string_view(options.file), instance.error());
  auto guest = wasm::Guest::create(store, options.guest);
  if (!guest) return complain(exit_error, "out of memory");
  std::vector<wasm::Slot> results;
  if (auto* const start = (*instance)->start_function())
    if (auto const status = run_call(*guest, imports, *start, {}, results)) return *status;

  std::string name = options.invoke;
  if (name.empty()) name = (*instance)->find_function("_start") != nullptr ? "_start" : "main";
  auto* const function = (*instance)->find_function(name);
  if (function == nullptr)
    return complain(exit_error, "{}: no function is exported as {}", std::string_view(options.file),
                    std::string_view(name));
  auto const signature = store.signature(function->signature);
  if (signature.parameters.size() != options.arguments.size())
    return complain(exit_usage, "{} takes {}", std::string_view(name), signature);
  std::vector<Value> arguments;
  for (std::size_t i = 0; i < signature.parameters.size(); ++i) {
    auto const value = parse_value(signature.parameters[i], options.arguments[i]);
    if (!value)
      return complain(exit_usage, "{} is no {}", std::string_view(options.arguments[i]),
                      signature.parameters[i]);
    arguments.push_back(*value);
  }
  if (auto const status = run_call(*guest, imports, *function, arguments, results)) return *status;
  std::size_t slot = 0;
  for (ValueType const type : signature.results) {
    print_value(type, &results[slot]);
    slot += slots_of(type);
  }
  return 0;
}

int main(int count, char** argument_values) {
  auto const options = parse(count, argument_values);
  if (!options) {
    std::fputs(usage, stderr);
    return exit_usage;
  }
  std::ifstream file(options->file, std::ios::binary);
  if (!file) return complain(exit_error, "{}: cannot be opened", std::string_view(options->file));
  std::vector<u8> const bytes{std::istreambuf_iterator<char>(file), {}};
  auto const module = wasm::load(bytes);
  if (!module)
    return complain(exit_error, "{}: {}", std::string_view(options->file), module.error());
  FileSink out(stdout);
  switch (options->action) {
    case Options::Action::Validate: return 0;
    case Options::Action::Dump: dump(out, *module); return 0;
    case Options::Action::Disassemble:
      if (auto const done = disassemble_all(out, *module); !done)
        return complain(exit_error, "{}", done.error());
      return 0;
    case Options::Action::Run: break;
  }
  return run(*options, *module);
}

}  // namespace
}  // namespace nacre::tools

int main(int count, char** arguments) { return nacre::tools::main(count, arguments); }
