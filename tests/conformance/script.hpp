#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/wasm/interpret/interpreter.hpp"
#include "lib/wasm/runtime/guest.hpp"
#include "lib/wasm/runtime/linker.hpp"
#include "tools/hosted_platform/hosted_platform.hpp"

namespace nacre::conformance {

/// What came of one script, or of several.
struct Score {
  unsigned passed = 0;
  unsigned failed = 0;
  unsigned skipped = 0;
  /// Why assertions were skipped, and how many.
  std::map<std::string, unsigned> reasons;
  /// How many refusals said exactly what the suite expects.
  unsigned same_words = 0;
  unsigned refusals = 0;

  void add(const Score& other);
};

/// Assertions that are skipped by name: the script's line, and why.
using KnownDifferences = std::map<unsigned, std::string>;

/// Runs one script of the official suite: a folder with a JSON file as wabt's `wast2json` makes it,
/// and the modules beside it. Failures are printed.
class Script {
 public:
  Script(std::string folder, std::string name, KnownDifferences differences);
  Score run();

 private:
  using Json = nlohmann::json;
  /// A module with the bytes that it borrows. It lives as long as the store.
  struct LoadedModule {
    std::vector<base::u8> bytes;
    wasm::Module module;
  };
  struct Outcome {
    std::optional<wasm::Trap> trap;
    std::vector<wasm::Slot> results;
    std::string error;
    /// A feature that the module needs by way of what it imports.
    std::string unsupported;
  };
  /// A module that could not be had because of a missing feature, or an instance.
  struct Named {
    wasm::Instance* instance = nullptr;
    LoadedModule* definition = nullptr;
    std::string unsupported;
  };

  void define_spectest();
  void command(const Json& command);
  void module(const Json& command, bool instantiate);
  void module_instance(const Json& command);
  void register_module(const Json& command);
  void assert_return(const Json& command);
  void assert_trap(const Json& command);
  void assert_refused(const Json& command, bool malformed);
  void assert_unlinkable(const Json& command);
  void assert_uninstantiable(const Json& command);

  wasm::Loaded<LoadedModule*> load(const Json& command);
  Named instantiate(LoadedModule& module, Outcome& outcome);
  std::optional<Outcome> act(const Json& action);
  Outcome call(wasm::FunctionInstance& function, const std::vector<wasm::Value>& arguments);
  Named* find(const Json& command, const char* key);
  static wasm::Value value_of(const Json& json);
  static bool matches(const Json& expected, std::span<const wasm::Slot> slots);

  void pass() { ++score_.passed; }
  void fail(const std::string& why);
  void skip(const std::string& why);

  std::string folder_;
  std::string name_;
  KnownDifferences differences_;
  Score score_;
  unsigned line_ = 0;
  std::vector<std::unique_ptr<LoadedModule>> modules_;
  tools::HostedPlatform platform_;
  wasm::Interpreter interpreter_;
  wasm::Store store_;
  wasm::Linker linker_;
  wasm::Guest guest_;
  std::map<std::string, Named> named_;
  /// Modules that were registered, but could not be had, and why.
  std::map<std::string, std::string> missing_;
  Named current_;
};

}  // namespace nacre::conformance
