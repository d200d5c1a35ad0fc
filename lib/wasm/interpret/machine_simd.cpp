#include <cstring>
#include <tuple>

#include "lib/wasm/interpret/handlers.hpp"
#include "lib/wasm/runtime/numeric_simd.hpp"

// The operations of v128. A value lies in two slots, the first at any of them, so it is aligned to
// eight bytes only.
namespace nacre::wasm::interpret {
namespace {

using numeric::V128;

V128 vector_at(const Slot* slots) {
  V128 value;
  std::memcpy(&value, slots, sizeof(value));
  return value;
}

/// The operand in `slots`, in the type in which the operation reads it.
template <class T>
T operand_at(const Slot* slots) {
  if constexpr (std::is_same_v<T, V128>)
    return vector_at(slots);
  else
    return from_slot<T>(*slots);
}
template <class T>
void put(Slot* slots, T result) {
  if constexpr (std::is_same_v<T, V128>)
    std::memcpy(slots, &result, sizeof(result));
  else
    *slots = to_slot(result);
}

/// Where memory is accessed, from the address in a slot and the offset in the code; 33 bits at
/// most.
u64 address_at(Slot address, const Word* offset) {
  return u64{from_slot<u32>(address)} + read<u32>(offset);
}

/// An integer of that many bytes.
template <usize log2>
using Bits = std::tuple_element_t<log2, std::tuple<u8, u16, u32, u64>>;

}  // namespace

// ---- moving values

NACRE_HANDLER on_V128Const(NACRE_REGISTERS) {
  put(slots + pc[1], read<V128>(pc + 2));
  NACRE_GO_ON(pc + 10);
}
NACRE_HANDLER on_CopyVector(NACRE_REGISTERS) {
  put(slots + pc[1], vector_at(slots + pc[2]));
  NACRE_GO_ON(pc + 3);
}
NACRE_HANDLER on_SelectVector(NACRE_REGISTERS) {
  put(slots + pc[1], vector_at(slots + (from_slot<u32>(slots[pc[4]]) != 0 ? pc[2] : pc[3])));
  NACRE_GO_ON(pc + 5);
}
NACRE_HANDLER on_GlobalGetVector(NACRE_REGISTERS) {
  put(slots + pc[1], vector_at(instance->globals.data()[read<u32>(pc + 2)]->slots.data()));
  NACRE_GO_ON(pc + 4);
}
NACRE_HANDLER on_GlobalSetVector(NACRE_REGISTERS) {
  put(instance->globals.data()[read<u32>(pc + 2)]->slots.data(), vector_at(slots + pc[1]));
  NACRE_GO_ON(pc + 4);
}

// ---- memory

#define NACRE_LOAD(name, encoding, text, function, log2)         \
  NACRE_HANDLER on_##name(NACRE_REGISTERS) {                     \
    u64 const address = address_at(slots[pc[2]], pc + 3);        \
    if (address + (u64{1} << (log2)) > memory_size) [[unlikely]] \
      NACRE_TRAP(Trap::MemoryOutOfBounds);                       \
    V128 bytes{};                                                \
    std::memcpy(&bytes, memory + address, usize{1} << (log2));   \
    put(slots + pc[1], numeric::function(bytes));                \
    NACRE_GO_ON(pc + 5);                                         \
  }
NACRE_WASM_SIMD_LOAD_OPCODES(NACRE_LOAD)

#define NACRE_STORE(name, encoding, text, log2)                       \
  NACRE_HANDLER on_##name(NACRE_REGISTERS) {                          \
    u64 const address = address_at(slots[pc[1]], pc + 3);             \
    if (address + (u64{1} << (log2)) > memory_size) [[unlikely]]      \
      NACRE_TRAP(Trap::MemoryOutOfBounds);                            \
    std::memcpy(memory + address, slots + pc[2], usize{1} << (log2)); \
    NACRE_GO_ON(pc + 5);                                              \
  }
NACRE_WASM_SIMD_STORE_OPCODES(NACRE_STORE)

#define NACRE_LOAD_LANE(name, encoding, text, log2)                                   \
  NACRE_HANDLER on_##name(NACRE_REGISTERS) {                                          \
    u64 const address = address_at(slots[pc[2]], pc + 4);                             \
    if (address + (u64{1} << (log2)) > memory_size) [[unlikely]]                      \
      NACRE_TRAP(Trap::MemoryOutOfBounds);                                            \
    Bits<log2> lane;                                                                  \
    std::memcpy(&lane, memory + address, sizeof(lane));                               \
    put(slots + pc[1], numeric::replace_lane(vector_at(slots + pc[3]), pc[6], lane)); \
    NACRE_GO_ON(pc + 7);                                                              \
  }
NACRE_WASM_SIMD_LOAD_LANE_OPCODES(NACRE_LOAD_LANE)

#define NACRE_STORE_LANE(name, encoding, text, log2)                                      \
  NACRE_HANDLER on_##name(NACRE_REGISTERS) {                                              \
    u64 const address = address_at(slots[pc[1]], pc + 3);                                 \
    if (address + (u64{1} << (log2)) > memory_size) [[unlikely]]                          \
      NACRE_TRAP(Trap::MemoryOutOfBounds);                                                \
    auto const lane = numeric::extract_lane<Bits<log2>>(vector_at(slots + pc[2]), pc[5]); \
    std::memcpy(memory + address, &lane, sizeof(lane));                                   \
    NACRE_GO_ON(pc + 6);                                                                  \
  }
NACRE_WASM_SIMD_STORE_LANE_OPCODES(NACRE_STORE_LANE)

// ---- what is computed

#define NACRE_UNARY(name, operand, function)                                   \
  NACRE_HANDLER on_##name(NACRE_REGISTERS) {                                   \
    put(slots + pc[1], numeric::function(operand_at<operand>(slots + pc[2]))); \
    NACRE_GO_ON(pc + 3);                                                       \
  }
#define NACRE_SPLAT(name, encoding, text, function, operand) \
  NACRE_UNARY(name, Native<ValueType::operand>, function)
#define NACRE_OF_VECTOR(name, encoding, text, function) NACRE_UNARY(name, V128, function)
NACRE_WASM_SIMD_SPLAT_OPCODES(NACRE_SPLAT)
NACRE_WASM_SIMD_TEST_OPCODES(NACRE_OF_VECTOR)
NACRE_WASM_SIMD_UNARY_OPCODES(NACRE_OF_VECTOR)

#define NACRE_BINARY(name, encoding, text, function)                                           \
  NACRE_HANDLER on_##name(NACRE_REGISTERS) {                                                   \
    put(slots + pc[1], numeric::function(vector_at(slots + pc[2]), vector_at(slots + pc[3]))); \
    NACRE_GO_ON(pc + 4);                                                                       \
  }
NACRE_WASM_SIMD_BINARY_OPCODES(NACRE_BINARY)

#define NACRE_TERNARY(name, encoding, text, function)                                        \
  NACRE_HANDLER on_##name(NACRE_REGISTERS) {                                                 \
    put(slots + pc[1], numeric::function(vector_at(slots + pc[2]), vector_at(slots + pc[3]), \
                                         vector_at(slots + pc[4])));                         \
    NACRE_GO_ON(pc + 5);                                                                     \
  }
NACRE_WASM_SIMD_TERNARY_OPCODES(NACRE_TERNARY)

#define NACRE_SHIFT(name, encoding, text, function)                                                \
  NACRE_HANDLER on_##name(NACRE_REGISTERS) {                                                       \
    put(slots + pc[1], numeric::function(vector_at(slots + pc[2]), from_slot<u32>(slots[pc[3]]))); \
    NACRE_GO_ON(pc + 4);                                                                           \
  }
NACRE_WASM_SIMD_SHIFT_OPCODES(NACRE_SHIFT)

// ---- lanes

#define NACRE_EXTRACT_LANE(name, encoding, text, function, result, log2)    \
  NACRE_HANDLER on_##name(NACRE_REGISTERS) {                                \
    put(slots + pc[1], numeric::function(vector_at(slots + pc[2]), pc[3])); \
    NACRE_GO_ON(pc + 4);                                                    \
  }
NACRE_WASM_SIMD_EXTRACT_LANE_OPCODES(NACRE_EXTRACT_LANE)

#define NACRE_REPLACE_LANE(name, encoding, text, function, operand, log2)         \
  NACRE_HANDLER on_##name(NACRE_REGISTERS) {                                      \
    auto const lane = operand_at<Native<ValueType::operand>>(slots + pc[3]);      \
    put(slots + pc[1], numeric::function(vector_at(slots + pc[2]), pc[4], lane)); \
    NACRE_GO_ON(pc + 5);                                                          \
  }
NACRE_WASM_SIMD_REPLACE_LANE_OPCODES(NACRE_REPLACE_LANE)

NACRE_HANDLER on_I8x16Shuffle(NACRE_REGISTERS) {
  put(slots + pc[1], numeric::i8x16_shuffle(vector_at(slots + pc[2]), vector_at(slots + pc[3]),
                                            read<V128>(pc + 4)));
  NACRE_GO_ON(pc + 12);
}

/// The same where each four lanes are four neighbours: most shuffles in programs are of that kind.
NACRE_HANDLER on_ShuffleWords(NACRE_REGISTERS) {
  auto const from = std::bit_cast<std::array<u32, 8>>(
      std::array{vector_at(slots + pc[2]), vector_at(slots + pc[3])});
  put(slots + pc[1], numeric::vector_of(numeric::Lanes<u32>{from[pc[4] % 8], from[pc[5] % 8],
                                                            from[pc[6] % 8], from[pc[7] % 8]}));
  NACRE_GO_ON(pc + 8);
}

}  // namespace nacre::wasm::interpret
