// wasmrun: the WebAssembly engine as a Linux program.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <source_location>
#include <string>
#include <string_view>
#include <vector>

#include "lib/wasm/interpret/interpreter.hpp"
#include "lib/wasm/validate/validator.hpp"
#include "lib/wasm_script/runner.hpp"
#include "tools/hosted_platform/hosted_platform.hpp"
#include "tools/hosted_programs/host_folder.hpp"
#include "tools/hosted_programs/host_machine.hpp"
#include "tools/wasm_script/json_reader.hpp"
#include "tools/wasmrun/dump.hpp"
#include "tools/wasmrun/host_imports.hpp"
#include "tools/wasmrun/options.hpp"
#include "tools/wasmrun/output.hpp"
#include "tools/wasmrun/tracer.hpp"
#include "tools/wasmrun/values.hpp"

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

constexpr std::size_t trace_buffer_size = 1 << 16;

constexpr int exit_error = 1;
constexpr int exit_usage = 2;
constexpr int exit_trap = 134;  // As a shell shows an aborted process.

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

std::vector<std::string> arguments_of(const Options& options) {
  std::vector<std::string> arguments{options.file.substr(options.file.find_last_of('/') + 1)};
  arguments.insert(arguments.end(), options.program_arguments.begin(),
                   options.program_arguments.end());
  return arguments;
}

/// Runs a program as the kernel does, over a file system of copies of the folders that it gets.
int run_program(const Options& options, std::span<const u8> bytes, wasm::Interpreter& interpreter) {
  HostMachine machine(interpreter);
  std::vector<process::Preopened> directories;
  for (Options::Folder const& folder : options.folders) {
    std::string const place = "/" + std::to_string(directories.size());
    if (auto const copied = copy_folder(machine, folder.host, place); !copied)
      return complain(exit_error, "--dir: {}", copied.error());
    auto const found = machine.finish(machine.files().locate(machine.files().root(), place));
    if (!found || !*found) return complain(exit_error, "out of memory");
    directories.push_back({folder.guest, **found});
  }
  std::vector<std::string> const arguments = arguments_of(options);
  process::Limits limits;
  limits.guest = options.guest;
  limits.memory =
      options.store.memory_pages * wasm::MemoryType::page_size + options.guest.stack_size;
  std::string const name = "wasmrun: " + options.file;
  auto const ended = machine.finish(process::run(machine.services(), bytes,
                                                 {.name = name,
                                                  .arguments = views_of(arguments),
                                                  .environment = views_of(options.variables),
                                                  .streams = machine.streams(),
                                                  .directories = directories,
                                                  .files = &machine.files(),
                                                  .limits = limits}));
  if (!ended) return complain(exit_error, "{}: it waits for what never comes", options.file);
  if (!*ended) return complain(exit_error, "out of memory");
  return (*ended)->code;
}

/// Calls one export of a module.
int run_function(const Options& options, const wasm::Module& module,
                 wasm::Interpreter& interpreter) {
  HostMachine machine(interpreter);
  HostedPlatform platform;
  wasm::Store store(platform, interpreter, options.store);
  wasm::Linker linker(store);
  HostImports imports(machine, arguments_of(options), options.variables);
  if (!imports.define(linker)) return complain(exit_error, "out of memory");
  auto const instance = store.instantiate(module, linker);
  if (!instance) return complain(exit_error, "{}: {}", options.file, instance.error());
  auto guest = wasm::Guest::create(store, options.guest);
  if (!guest) return complain(exit_error, "there is no memory for a stack of that size");
  std::vector<wasm::Slot> results;
  if (auto* const start = (*instance)->start_function())
    if (auto const status = run_call(*guest, imports, *start, {}, results)) return *status;

  std::string const& name = options.invoke;
  auto* const function = (*instance)->find_function(name);
  if (function == nullptr)
    return complain(exit_error, "{}: no function is exported as {}", options.file, name);
  auto const signature = store.signature(function->signature);
  if (signature.parameters.size() != options.values.size())
    return complain(exit_usage, "{} is a function of {}, and {} values are given", name, signature,
                    options.values.size());
  std::vector<Value> arguments;
  for (std::size_t i = 0; i < signature.parameters.size(); ++i) {
    auto const value = parse_value(signature.parameters[i], options.values[i]);
    if (!value)
      return complain(exit_usage, "{} is no {}", options.values[i], signature.parameters[i]);
    arguments.push_back(*value);
  }
  if (auto const status = run_call(*guest, imports, *function, arguments, results)) return *status;
  std::span<const wasm::Slot> rest = results;
  for (ValueType const type : signature.results) {
    std::printf("%s\n", text_of_value(type, rest).c_str());
    rest = rest.subspan(slots_of(type));
  }
  return 0;
}

/// Runs a script, prints what fails of it, and what it comes to.
int run_script(const Options& options, wasm::Interpreter& interpreter) {
  auto const script = read_json_script(options.file);
  if (!script) return complain(exit_error, "{}", script.error());
  HostedPlatform platform;
  FileSink out(stdout);
  auto const score =
      wasm_script::run_script(platform, interpreter, {script->data(), script->size()}, {},
                              [&](base::u32 line, std::string_view why) {
                                base::format_to(out, "FAILED line {}: {}\n", line, why);
                              });
  if (!score) return complain(exit_error, "{}: {}", options.file, score.error());
  write_score(out, options.file, *score);
  return score->failed == 0 ? 0 : exit_error;
}

int run_file(const Options& options, wasm::Interpreter& interpreter) {
  if (options.action == Options::Action::Script) return run_script(options, interpreter);
  if (std::filesystem::is_directory(options.file))
    return complain(exit_error, "{}: is a folder", options.file);
  std::ifstream file(options.file, std::ios::binary);
  if (!file) return complain(exit_error, "{}: cannot be opened", options.file);
  std::vector<u8> const bytes{std::istreambuf_iterator<char>(file), {}};
  if (options.action == Options::Action::Run && options.invoke.empty())
    return run_program(options, bytes, interpreter);
  auto const module = wasm::load(bytes);
  if (!module) return complain(exit_error, "{}: {}", options.file, module.error());
  FileSink out(stdout);
  switch (options.action) {
    case Options::Action::Dump: dump(out, *module); return 0;
    case Options::Action::Disassemble:
      if (auto const done = disassemble_all(out, *module); !done)
        return complain(exit_error, "{}", done.error());
      return 0;
    case Options::Action::Run: return run_function(options, *module, interpreter);
    default: return 0;
  }
}

int main(int count, char** argument_values) {
  auto const options = parse_options({argument_values + 1, argument_values + count});
  if (!options) return complain(exit_usage, "{} (see --help)", options.error());
  if (options->action == Options::Action::Help) {
    std::fputs(usage, stdout);
    return 0;
  }
  // A trace is long, and nobody waits for each line of it.
  if (options->trace) std::setvbuf(stderr, nullptr, _IOFBF, trace_buffer_size);
  Tracer tracer(stderr);
  wasm::Interpreter plain;
  wasm::Interpreter traced(tracer);
  return run_file(*options, options->trace ? traced : plain);
}

}  // namespace
}  // namespace nacre::tools

int main(int count, char** arguments) { return nacre::tools::main(count, arguments); }
