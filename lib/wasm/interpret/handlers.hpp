#pragma once

#include <cstring>

#include "lib/wasm/interpret/machine.hpp"
#include "lib/wasm/runtime/value.hpp"

// Every operation is a function that ends in a jump to the next one. What all of them need travels
// in registers: with `preserve_none` none of these has to be saved around anything, and with
// `musttail` no stack is used, however long the program runs.

#if __has_feature(address_sanitizer)
// Its stack frames and that convention do not go together.
#define NACRE_CONVENTION
#else
#define NACRE_CONVENTION __attribute__((preserve_none))
#endif
#define NACRE_REGISTERS                                                                       \
  [[maybe_unused]] const Word *pc, [[maybe_unused]] Slot *slots, [[maybe_unused]] u8 *memory, \
      [[maybe_unused]] u64 memory_size, [[maybe_unused]] Instance *instance,                  \
      [[maybe_unused]] Machine *machine
#define NACRE_HANDLER NACRE_CONVENTION void
/// Goes on with the operation at `next`.
#define NACRE_GO_ON(next) \
  pc = (next);            \
  [[clang::musttail]] return handlers.table[*pc](pc, slots, memory, memory_size, instance, machine)
#define NACRE_TRAP(why) return stop_with(why, pc, slots, instance, machine)

namespace nacre::wasm::interpret {

using Handler = NACRE_CONVENTION void (*)(const Word*, Slot*, u8*, u64, Instance*, Machine*);
constexpr usize handler_count = static_cast<usize>(Operation::BranchI64GeUImmediateBack) + 1;
struct Handlers {
  // Not `std::array`, whose index is checked; every word here is one of ours.
  Handler table[handler_count];
};
/// One for each operation.
[[gnu::visibility("hidden")]] extern const Handlers handlers;

template <class T>
T read(const Word* at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return value;
}
template <class T>
constexpr usize words_of = sizeof(T) / sizeof(Word);

/// In which C++ type an operation reads an operand.
template <ValueType type>
struct NativeOf;
template <>
struct NativeOf<ValueType::I32> {
  using Type = u32;
};
template <>
struct NativeOf<ValueType::I64> {
  using Type = u64;
};
template <>
struct NativeOf<ValueType::F32> {
  using Type = f32;
};
template <>
struct NativeOf<ValueType::F64> {
  using Type = f64;
};
template <ValueType type>
using Native = typename NativeOf<type>::Type;

/// Leaves the registers in the machine, for an operation that ends the run.
[[gnu::cold, gnu::noinline]] void stop_at(Stop why, const Word* pc, Slot* slots, Instance* instance,
                                          Machine* machine);
[[gnu::cold, gnu::noinline]] void stop_with(Trap trap, const Word* pc, Slot* slots,
                                            Instance* instance, Machine* machine);

// The handlers of v128, which stand in a file of their own.
#define NACRE_SIMD(name, ...) NACRE_HANDLER on_##name(NACRE_REGISTERS);
NACRE_WASM_SIMD_OPCODES(NACRE_SIMD)
#undef NACRE_SIMD
NACRE_HANDLER on_CopyVector(NACRE_REGISTERS);
NACRE_HANDLER on_SelectVector(NACRE_REGISTERS);
NACRE_HANDLER on_ShuffleWords(NACRE_REGISTERS);
NACRE_HANDLER on_GlobalGetVector(NACRE_REGISTERS);
NACRE_HANDLER on_GlobalSetVector(NACRE_REGISTERS);

}  // namespace nacre::wasm::interpret
