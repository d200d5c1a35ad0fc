#pragma once

#include <optional>

#include "lib/wasm/binary/cursor.hpp"
#include "lib/wasm/runtime/linker.hpp"
#include "lib/wasm/runtime/store.hpp"

namespace nacre::wasm {

/// Makes an instance of a validated module in steps, with imports from a linker. Nothing else of
/// the store runs before the last of them. Its owner then runs the instance's `start_function()`,
/// if there is one, in a guest. When a segment does not fit, what was written before it stays
/// written, as the specification has it.
///
///     Instantiation instantiation(store, module, linker);
///     while (!instantiation.done()) TRY(instantiation.step());
///
/// [wasm/core: "Instantiation"]
class Instantiation {
 public:
  /// All of them outlive it; the module and its bytes outlive the store.
  Instantiation(Store& store, const Module& module, const Linker& linker)
      : store_(store), module_(module), linker_(linker) {}
  Instantiation(const Instantiation&) = delete;
  Instantiation& operator=(const Instantiation&) = delete;

  bool done() const { return stage_ == Stage::Done; }
  /// Does a bounded part of the work. After an error there is no more to do.
  std::expected<void, InstantiateError> step();
  /// At the end; the store owns it.
  Instance& instance() const { return *instance_; }

 private:
  enum class Stage : u8 {
    Types,
    Imports,
    Functions,
    Tables,
    Memories,
    Globals,
    Tags,
    Elements,
    Data,
    ActiveElements,
    ActiveData,
    Done,
  };
  using Made = std::expected<bool, InstantiateError>;
  /// Does the item `next_` of a stage, or a part of it; true when that is done.
  using Make = Made (Instantiation::*)();
  struct Work {
    usize count = 0;
    Make make = nullptr;
  };

  Work work_of(Stage stage) const;
  std::expected<void, InstantiateError> enter(Stage stage);

  Made type();
  Made import();
  Made function();
  Made table();
  Made memory();
  Made global();
  Made tag();
  Made element_segment();
  Made data_segment();
  Made active_elements();
  Made active_data();
  std::expected<u64, InstantiateError> start_of(const ConstantExpression& expression);

  Store& store_;
  const Module& module_;
  const Linker& linker_;
  Stage stage_ = Stage::Types;
  usize next_ = 0;
  /// How much of the item is done, and in which of a segment's elements it stands.
  u64 done_ = 0;
  std::optional<Cursor> elements_;
  LinearMemory* memory_ = nullptr;
  /// Until the store owns it.
  base::Box<Instance> made_;
  Instance* instance_ = nullptr;
};

}  // namespace nacre::wasm
