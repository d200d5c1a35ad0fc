#pragma once

#include <expected>
#include <variant>

#include "lib/base/chunked_table.hpp"
#include "lib/base/memory.hpp"
#include "lib/base/vector.hpp"
#include "lib/wasm/runtime/exception.hpp"
#include "lib/wasm/runtime/instance.hpp"
#include "lib/wasm/runtime/tier.hpp"

namespace nacre::wasm {

class Linker;

/// What everything in a store together may use.
struct StoreLimits {
  /// The most pages that each memory may have, whatever its type says.
  u32 memory_pages = MemoryType::max_pages;
  /// The most elements that all tables together may have.
  u64 table_elements = 10'000'000;
  /// The most bytes that all exceptions together may take.
  usize exceptions_size = usize{64} << 20;
};

/// Why an import could not be given. The names are borrowed from the module.
struct UnknownImport {
  std::string_view module;
  std::string_view name;
};
struct IncompatibleImport {
  std::string_view module;
  std::string_view name;
  ExternKind wanted;
  ExternKind found;
};
/// Memories and tables that are larger than the host allows or has.
struct TooLarge {
  ExternKind kind;
  u32 index;
};

/// Why a module could not be instantiated. A segment out of bounds is a trap.
struct InstantiateError {
  using Cause = std::variant<UnknownImport, IncompatibleImport, TooLarge, Trap, base::OutOfMemory>;
  Cause cause;

  template <std::convertible_to<Cause> T>
  InstantiateError(T why) : cause(why) {}
};
/// `unknown import env.foo`
void format_value(base::Sink& sink, const InstantiateError& error);

/// Owns instances and everything in them until it dies; modules and their bytes must live as long.
/// Not for several threads. [wasm/core: "Store"]
class Store {
 public:
  Store(Platform& platform, Tier& tier, const StoreLimits& limits = {})
      : platform_(platform), tier_(tier), limits_(limits), exceptions_(limits.exceptions_size) {}
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  ~Store();

  Platform& platform() const { return platform_; }
  Tier& tier() const { return tier_; }

  /// Makes an instance of a validated module, with imports from `linker`. The caller runs its
  /// `start_function()`, if there is one, in a guest. When a segment does not fit, what was written
  /// before it stays written, as the specification has it. [wasm/core: "Instantiation"]
  std::expected<Instance*, InstantiateError> instantiate(const Module& module,
                                                         const Linker& linker);

  std::expected<SignatureId, base::OutOfMemory> intern(const Signature& signature) {
    return signatures_.intern(signature);
  }
  Signature signature(SignatureId id) const { return signatures_[id]; }
  /// Whether `value`, of a type that the host gave it, can be passed as the parameter `type` of a
  /// function with the signature `of`.
  bool accepts(ValueType type, SignatureId of, const Value& value) const;

  /// Makes an exception, freeing others that nothing refers to any more. It lives as long as it is
  /// found in what executions show, in tables, globals or other exceptions.
  std::expected<Exception*, base::OutOfMemory> create_exception(const TagInstance& tag,
                                                                std::span<const Slot> values);
  /// Of a guest, until it dies.
  void add(Execution& execution) { executions_.push_back(execution); }

  /// Things of the host, to be imported. Owned by the store.
  std::expected<FunctionInstance*, base::OutOfMemory> add_function(const FunctionInstance& function,
                                                                   const Signature& signature);
  std::expected<Table*, base::OutOfMemory> add_table(const TableType& type, Slot initial = 0);
  std::expected<LinearMemory*, base::OutOfMemory> add_memory(const MemoryType& type);
  std::expected<GlobalInstance*, base::OutOfMemory> add_global(GlobalType type, const Value& value);
  std::expected<TagInstance*, base::OutOfMemory> add_tag(const Signature& signature);
  /// Keeps a host function's state; `destroy` is called with it when the store dies, or at once
  /// when there is no memory to remember it.
  std::expected<void, base::OutOfMemory> keep(void* context, void (*destroy)(void*));

 private:
  friend class Instantiation;
  struct Kept {
    void* context;
    void (*destroy)(void*);
  };
  std::expected<TagInstance*, base::OutOfMemory> add_tag(SignatureId signature);
  void collect_exceptions(std::span<const Slot> values);

  Platform& platform_;
  Tier& tier_;
  /// What tables get is taken off it.
  StoreLimits limits_;
  SignatureTable signatures_;
  base::Vector<base::Box<Instance>> instances_;
  base::Vector<base::Box<FunctionInstance>> functions_;
  base::Vector<base::Box<Table>> tables_;
  base::Vector<base::Box<LinearMemory>> memories_;
  base::ChunkedTable<GlobalInstance, 32> globals_;
  base::ChunkedTable<TagInstance, 32> tags_;
  base::Vector<Kept> kept_;
  ExceptionHeap exceptions_;
  base::IntrusiveList<Execution> executions_;
};

}  // namespace nacre::wasm
