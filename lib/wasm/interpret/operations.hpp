#pragma once

#include "lib/wasm/binary/opcodes.hpp"

/// The interpreter's own code. A function is translated when it is first called: what a WebAssembly
/// instruction takes from the operand stack becomes a numbered slot of the call's frame, so that
/// `local.get`, `local.set` and most constants cost nothing when the code runs.
///
/// Code is a sequence of 16-bit words: an operation, then its operands. `d` is the slot that it
/// writes; `a`, `b`, `c` are slots that it reads; numbers of 32 or 64 bits take two or four words,
/// low half first. A jump's distance counts words from the distance itself.
namespace nacre::wasm::interpret {

using Word = u16;

// clang-format off
#define NACRE_WASM_OPERATIONS(X)                                                               \
  X(Copy)           /* d a */                                                                  \
  X(CopyMany)       /* d a n: n slots, which may overlap */                                    \
  X(CopyVector)     /* d a: both slots of a v128 */                                            \
  X(Const32)        /* d value32 */                                                            \
  X(Const64)        /* d value64 */                                                            \
  X(ShuffleWords)   /* d a b n n n n: 32 bits each, of a and behind it b */                    \
  X(Select)         /* d a b c: a where c is not zero */                                       \
  X(SelectVector)   /* d a b c: the same for a v128 */                                         \
  X(Jump)           /* distance32: forward */                                                  \
  X(JumpBack)       /* distance32: costs fuel */                                               \
  X(BranchTable)    /* a count32, then count + 1 distances: costs fuel */                      \
  X(TakeFuel)       /* where code goes straight on for long */                                 \
  X(Trace)          /* offset32: an instruction begins, in code that is watched */             \
  X(Enter)          /* parameter slots, local slots, frame slots: a function begins */         \
  X(EnterLarge)     /* the same where setting the locals to zero takes fuel */                 \
  X(Translate)      /* stands for a function that was not called yet */                        \
  X(CallHost)       /* stands for a host function */                                           \
  X(CallWaiting)    /* stands for a function that the owner answers */                         \
  X(Call)           /* base, function32 */                                                     \
  X(CallIndirect)   /* base a type32 table32 */                                                \
  X(CallReference)  /* base a */                                                               \
  X(ReturnCall)     /* base n function32: n slots of arguments from base */                    \
  X(ReturnCallIndirect)  /* base n a type32 table32 */                                         \
  X(ReturnCallReference) /* base n a */                                                        \
  X(Throw)          /* base tag32 */                                                           \
  X(ThrowReference) /* a */                                                                    \
  X(Return)         /* no results */                                                           \
  X(ReturnOne)      /* a */                                                                    \
  X(ReturnMany)     /* a n: n slots from a */                                                  \
  X(Finish)         /* where the outermost call returns to */                                  \
  X(Trap)           /* number of the trap */                                                   \
  X(GlobalGet)      /* d global32 */                                                           \
  X(GlobalSet)      /* a global32 */                                                           \
  X(GlobalGetVector) /* d global32 */                                                          \
  X(GlobalSetVector) /* a global32 */                                                          \
  X(RefFunc)        /* d function32 */                                                         \
  X(TableGet)       /* d a table32 */                                                          \
  X(TableSet)       /* a b table32 */                                                          \
  X(TableSize)      /* d table32 */                                                            \
  X(TableGrow)      /* d a b table32 */                                                        \
  X(TableFill)      /* a b c table32 */                                                        \
  X(TableCopy)      /* a b c table32 table32 */                                                \
  X(TableInit)      /* a b c table32 segment32 */                                              \
  X(ElemDrop)       /* segment32 */                                                            \
  X(AsNonNull)      /* a: traps where it is null */                                            \
  X(UseMemory)      /* memory32: of loads and stores, until the next one */                    \
  X(MemorySize)     /* d memory32 */                                                           \
  X(MemoryGrow)     /* d a memory32 */                                                         \
  X(MemoryCopy)     /* a b c memory32 memory32 */                                              \
  X(MemoryFill)     /* a b c memory32 */                                                       \
  X(MemoryInit)     /* a b c segment32 memory32 */                                             \
  X(DataDrop)       /* segment32 */
// clang-format on

enum class Operation : Word {
#define NACRE_PLAIN(name, ...) name,
  NACRE_WASM_OPERATIONS(NACRE_PLAIN) NACRE_WASM_LOAD_OPCODES(NACRE_PLAIN)  // d a offset32
  NACRE_WASM_STORE_OPCODES(NACRE_PLAIN)                                    // a b offset32
  NACRE_WASM_UNARY_OPCODES(NACRE_PLAIN)                                    // d a
  NACRE_WASM_BINARY_OPCODES(NACRE_PLAIN)                                   // d a b
  // Loads and stores, unary and binary ones as above. `v128.const`: d value128; shuffle: d a b
  // lanes128; a lane that is loaded: d a b offset32 lane, and stored: a b offset32 lane; that is
  // extracted: d a lane, and replaced: d a b lane; shifts: d a b; ternary ones: d a b c.
  NACRE_WASM_SIMD_OPCODES(NACRE_PLAIN)
#undef NACRE_PLAIN
// Integer operations with a constant on the right: d a value32, sign-extended for 64 bits.
#define NACRE_IMMEDIATE(name, ...) name##Immediate,
      NACRE_WASM_INTEGER_COMPARISON_OPCODES(NACRE_IMMEDIATE)
          NACRE_WASM_INTEGER_BINARY_OPCODES(NACRE_IMMEDIATE)
#undef NACRE_IMMEDIATE
// A comparison and the jump that depends on it: a b distance32, or a value32 distance32. Those
// that jump back cost fuel.
#define NACRE_BRANCH(name, ...) Branch##name,
              NACRE_WASM_INTEGER_COMPARISON_OPCODES(NACRE_BRANCH)
#undef NACRE_BRANCH
#define NACRE_BRANCH(name, ...) Branch##name##Immediate,
                  NACRE_WASM_INTEGER_COMPARISON_OPCODES(NACRE_BRANCH)
#undef NACRE_BRANCH
#define NACRE_BRANCH(name, ...) Branch##name##Back,
                      NACRE_WASM_INTEGER_COMPARISON_OPCODES(NACRE_BRANCH)
#undef NACRE_BRANCH
#define NACRE_BRANCH(name, ...) Branch##name##ImmediateBack,
                          NACRE_WASM_INTEGER_COMPARISON_OPCODES(NACRE_BRANCH)
#undef NACRE_BRANCH
};

/// Which word of `Enter` has the size of the frame.
inline constexpr usize frame_size_of_enter = 3;

/// The operation of the same name, for a load, a store or a numeric instruction.
constexpr Operation operation_of(Opcode opcode) {
  switch (opcode) {
#define NACRE_CASE(name, ...) \
  case Opcode::name: return Operation::name;
    NACRE_WASM_LOAD_OPCODES(NACRE_CASE)
    NACRE_WASM_STORE_OPCODES(NACRE_CASE)
    NACRE_WASM_UNARY_OPCODES(NACRE_CASE)
    NACRE_WASM_BINARY_OPCODES(NACRE_CASE)
    NACRE_WASM_SIMD_OPCODES(NACRE_CASE)
#undef NACRE_CASE
    default: return Operation::Trap;
  }
}

namespace detail {

constexpr Operation moved(Operation operation, Operation from, Operation to) {
  return static_cast<Operation>(static_cast<Word>(operation) - static_cast<Word>(from) +
                                static_cast<Word>(to));
}

}  // namespace detail

constexpr bool is_integer_comparison(Operation operation) {
  return operation >= Operation::I32Eq && operation <= Operation::I64GeU;
}
constexpr bool has_immediate_form(Operation operation) {
  return operation >= Operation::I32Eq && operation <= Operation::I64Rotr;
}
constexpr bool is_immediate_comparison(Operation operation) {
  return operation >= Operation::I32EqImmediate && operation <= Operation::I64GeUImmediate;
}
constexpr Operation immediate_form(Operation operation) {
  return detail::moved(operation, Operation::I32Eq, Operation::I32EqImmediate);
}
/// The comparison that an immediate one is made of.
constexpr Operation register_form(Operation operation) {
  return detail::moved(operation, Operation::I32EqImmediate, Operation::I32Eq);
}
/// The branch on a comparison.
constexpr Operation branch_on(Operation comparison, bool immediate, bool back) {
  Operation const first =
      back ? (immediate ? Operation::BranchI32EqImmediateBack : Operation::BranchI32EqBack)
           : (immediate ? Operation::BranchI32EqImmediate : Operation::BranchI32Eq);
  return detail::moved(comparison, Operation::I32Eq, first);
}
static_assert(immediate_form(Operation::I64Rotr) == Operation::I64RotrImmediate);
static_assert(branch_on(Operation::I64GeU, true, true) == Operation::BranchI64GeUImmediateBack);

/// The comparison that holds where `comparison` does not.
constexpr Operation opposite(Operation comparison) {
  constexpr u8 opposites[] = {1, 0, 8, 9, 6, 7, 4, 5, 2, 3};
  auto const number = static_cast<Word>(comparison) - static_cast<Word>(Operation::I32Eq);
  return static_cast<Operation>(static_cast<Word>(Operation::I32Eq) + number / 10 * 10 +
                                opposites[number % 10]);
}
static_assert(opposite(Operation::I32Eq) == Operation::I32Ne);
static_assert(opposite(Operation::I32LtS) == Operation::I32GeS);
static_assert(opposite(Operation::I64GtU) == Operation::I64LeU);

/// Whether the operands may change places.
constexpr bool is_commutative(Operation operation) {
  switch (operation) {
    case Operation::I32Eq:
    case Operation::I32Ne:
    case Operation::I32Add:
    case Operation::I32Mul:
    case Operation::I32And:
    case Operation::I32Or:
    case Operation::I32Xor:
    case Operation::I64Eq:
    case Operation::I64Ne:
    case Operation::I64Add:
    case Operation::I64Mul:
    case Operation::I64And:
    case Operation::I64Or:
    case Operation::I64Xor: return true;
    default: return false;
  }
}

}  // namespace nacre::wasm::interpret
