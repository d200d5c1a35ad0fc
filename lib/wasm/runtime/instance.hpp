#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "lib/base/vector.hpp"
#include "lib/wasm/binary/module.hpp"
#include "lib/wasm/binary/signatures.hpp"
#include "lib/wasm/runtime/guest_memory.hpp"
#include "lib/wasm/runtime/linear_memory.hpp"
#include "lib/wasm/runtime/trap.hpp"
#include "lib/wasm/runtime/value.hpp"

namespace nacre::wasm {

class Instance;
class Store;

/// The host's own number for a function that it handles between two runs of a guest.
using HostCallId = base::Id<struct HostCallTag, u32>;

/// What a host function sees of its caller.
class Caller {
 public:
  explicit Caller(Instance* instance) : instance_(instance) {}
  /// Null where the host itself is the caller.
  Instance* instance() const { return instance_; }
  /// The first memory of the calling instance.
  inline GuestMemory memory() const;

 private:
  Instance* instance_;
};

/// A host function with its types erased: reads its arguments from `slots` and leaves its results
/// there.
using HostCode = std::expected<void, Trap> (*)(void* context, Caller& caller, Slot* slots);

/// A function that can be called: of a module, of the host, or of the host's owner, who answers
/// while the guest stands still. [wasm/core: "Function Instances"]
struct FunctionInstance {
  enum class Kind : u8 { Module, Host, Waiting };

  /// Where the tier that runs it begins; the tier's own business.
  const void* entry = nullptr;
  /// Whose memory and globals it uses; null for a function of the host.
  Instance* instance = nullptr;
  /// Of the module, imports included; unused for a function of the host.
  u32 index = 0;
  SignatureId signature{};
  u16 parameter_slots = 0;
  u16 result_slots = 0;
  Kind kind = Kind::Module;
  /// For `Kind::Waiting`.
  HostCallId waiting{};
  /// For `Kind::Host`.
  HostCode code = nullptr;
  void* context = nullptr;
};

/// What exceptions are told apart by. [wasm/core: "Tag Instances"]
struct TagInstance {
  SignatureId signature{};
  u16 parameter_slots = 0;
};

/// A function as a `funcref`, and back.
inline Slot reference_to(FunctionInstance* function) { return std::bit_cast<Slot>(function); }
inline FunctionInstance* function_of(Slot reference) {
  return std::bit_cast<FunctionInstance*>(reference);
}

/// [wasm/core: "Table Instances"]
class Table {
 public:
  /// `budget` is how many elements the tables of the store may still get; it outlives the table.
  static std::expected<Table, base::OutOfMemory> create(const TableType& type, Slot initial,
                                                        u64& budget);

  u32 size() const { return static_cast<u32>(elements_.size()); }
  std::span<Slot> elements() { return {elements_.data(), elements_.size()}; }
  std::span<const Slot> elements() const { return {elements_.data(), elements_.size()}; }
  /// With the store's numbers for types of functions.
  TableType type() const { return {element_, {size(), maximum_}}; }
  /// False where a limit, the budget or the host's memory stands against it.
  bool grow(u32 count, Slot initial);

 private:
  base::Vector<Slot> elements_;
  ValueType element_ = ValueType::FuncRef;
  std::optional<u32> maximum_;
  u64* budget_ = nullptr;
};

/// [wasm/core: "Global Instances"]
struct GlobalInstance {
  alignas(16) ValueSlots slots{};
  /// With the store's numbers for types of functions.
  GlobalType type;
};

/// Something that can be imported.
using Extern =
    std::variant<FunctionInstance*, Table*, LinearMemory*, GlobalInstance*, TagInstance*>;

/// A module brought to life. It borrows the module, and with it the module's bytes; the store owns
/// it. What a tier reads while it runs are plain arrays. [wasm/core: "Module Instances"]
class Instance {
 public:
  explicit Instance(Store& store, const Module& module) : store_(store), module_(module) {}
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  Store& store() const { return store_; }
  const Module& module() const { return module_; }

  std::optional<Extern> find_export(std::string_view name) const;
  FunctionInstance* find_function(std::string_view name) const;
  /// To be called once, by a guest, before anything else of the instance; null if there is none.
  FunctionInstance* start_function() const {
    return module_.start ? functions[*module_.start] : nullptr;
  }
  /// A type of the module with the store's numbers for types of functions.
  ValueType store_type(ValueType type) const {
    return with_number(type, {signatures.data(), signatures.size()});
  }
  GuestMemory memory() const { return GuestMemory(memories.empty() ? nullptr : memories[0]); }

  /// The store's number of each type of the module.
  base::Vector<SignatureId> signatures;
  /// The module's index spaces.
  base::Vector<FunctionInstance*> functions;
  base::Vector<Table*> tables;
  base::Vector<LinearMemory*> memories;
  base::Vector<GlobalInstance*> globals;
  base::Vector<TagInstance*> tags;
  /// Segments; a dropped one is empty.
  base::Vector<base::Vector<Slot>> elements;
  base::Vector<std::span<const u8>> data;
  /// Those of `functions` that are the module's own.
  base::Vector<FunctionInstance> own_functions;

 private:
  Store& store_;
  const Module& module_;
};

inline GuestMemory Caller::memory() const {
  return instance_ == nullptr ? GuestMemory() : instance_->memory();
}

}  // namespace nacre::wasm
