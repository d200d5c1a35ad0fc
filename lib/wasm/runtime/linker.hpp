#pragma once

#include <expected>
#include <optional>
#include <string_view>
#include <tuple>

#include "lib/base/memory.hpp"
#include "lib/base/string.hpp"
#include "lib/base/vector.hpp"
#include "lib/wasm/runtime/store.hpp"

namespace nacre::wasm {

namespace detail {

template <class T>
struct HostResult;
template <>
struct HostResult<void> {
  using Value = void;
};
template <SlotValue T>
struct HostResult<T> {
  using Value = T;
};
template <class T>
struct HostResult<std::expected<T, Trap>> {
  using Value = T;
};

template <class Function>
struct HostSignature;
template <class Class, class Result, SlotValue... Arguments>
struct HostSignature<Result (Class::*)(Caller&, Arguments...) const> {
  using Value = typename HostResult<Result>::Value;
  static constexpr std::array<ValueType, sizeof...(Arguments)> parameters{
      value_type_of<Arguments>()...};
  static constexpr auto results = [] {
    if constexpr (std::is_void_v<Value>)
      return std::array<ValueType, 0>{};
    else
      return std::array<ValueType, 1>{value_type_of<Value>()};
  }();

  template <class Callable, usize... Index>
  static std::expected<void, Trap> call(Callable& callable, Caller& caller, Slot* slots,
                                        std::index_sequence<Index...>) {
    auto const invoke = [&] { return callable(caller, from_slot<Arguments>(slots[Index])...); };
    if constexpr (std::is_void_v<Result>) {
      invoke();
    } else if constexpr (SlotValue<Result>) {
      slots[0] = to_slot(invoke());
    } else {
      Result const result = invoke();
      if (!result) return std::unexpected(result.error());
      if constexpr (!std::is_void_v<Value>) slots[0] = to_slot(*result);
    }
    return {};
  }
  template <class Callable>
  static std::expected<void, Trap> call(void* context, Caller& caller, Slot* slots) {
    return call(*static_cast<Callable*>(context), caller, slots,
                std::index_sequence_for<Arguments...>{});
  }
};
template <class Class, class Result, class... Arguments>
struct HostSignature<Result (Class::*)(Caller&, Arguments...)>
    : HostSignature<Result (Class::*)(Caller&, Arguments...) const> {};

}  // namespace detail

/// The names under which things can be imported, for the instances of one store. A name that is
/// defined again means the new thing from then on.
class Linker {
 public:
  explicit Linker(Store& store) : store_(store) {}
  Linker(const Linker&) = delete;
  Linker& operator=(const Linker&) = delete;

  /// A host function in typed C++. Its signature is taken from the callable, whose parameters
  /// behind `Caller&` and whose result are `i32`, `u32`, `i64`, `u64`, `f32` or `f64`; the result
  /// may be void too, or `std::expected<result, Trap>`. It runs to its end within the call. The
  /// store keeps the callable; what it captures by reference must outlive the store.
  ///
  ///     linker.define("env", "put_pixel", [&](Caller&, i32 x, i32 y, i32 r, i32 g, i32 b) { ...
  ///     });
  template <class Callable>
    requires std::is_class_v<Callable> && (!std::is_same_v<Callable, Extern>)
  std::expected<void, base::OutOfMemory> define(std::string_view module, std::string_view name,
                                                Callable callable) {
    using Typed = detail::HostSignature<decltype(&Callable::operator())>;
    TRY(auto kept, base::try_make<Callable>(std::move(callable)));
    Callable* const context = kept.release();
    TRY(store_.keep(context, [](void* object) { delete static_cast<Callable*>(object); }));
    FunctionInstance function;
    function.kind = FunctionInstance::Kind::Host;
    function.code = [](void* object, Caller& caller, Slot* slots) {
      return Typed::template call<Callable>(object, caller, slots);
    };
    function.context = context;
    TRY(auto* const added,
        store_.add_function(function, Signature{Typed::parameters, Typed::results}));
    return define(module, name, Extern(added));
  }

  /// A host function that may have to wait: calling it makes `Guest::run` return `exit::HostCall`
  /// with `id` and the arguments.
  std::expected<void, base::OutOfMemory> define_waiting(std::string_view module,
                                                        std::string_view name,
                                                        const Signature& signature, HostCallId id);
  /// The same with the signature as a C++ function type:
  /// `linker.define_waiting<i32(i32, i32)>("env", "read", id)`.
  template <class Function>
  std::expected<void, base::OutOfMemory> define_waiting(std::string_view module,
                                                        std::string_view name, HostCallId id) {
    return define_waiting_as(module, name, id, static_cast<Function*>(nullptr));
  }

  /// Something that the store owns.
  std::expected<void, base::OutOfMemory> define(std::string_view module, std::string_view name,
                                                Extern thing);
  /// Everything that `instance` exports, as the module `module`.
  std::expected<void, base::OutOfMemory> define_instance(std::string_view module,
                                                         const Instance& instance);

  std::optional<Extern> find(std::string_view module, std::string_view name) const;

 private:
  struct Entry {
    u64 hash;
    base::String module;
    base::String name;
    Extern thing;
  };
  template <class Result, SlotValue... Arguments>
  std::expected<void, base::OutOfMemory> define_waiting_as(std::string_view module,
                                                           std::string_view name, HostCallId id,
                                                           Result (*)(Arguments...)) {
    using Typed = detail::HostSignature<Result (Linker::*)(Caller&, Arguments...) const>;
    return define_waiting(module, name, Signature{Typed::parameters, Typed::results}, id);
  }

  Store& store_;
  base::Vector<Entry> entries_;
};

}  // namespace nacre::wasm
