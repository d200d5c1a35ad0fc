#include "lib/wasm/interpret/machine.hpp"

#include <algorithm>
#include <cstring>

#include "lib/wasm/interpret/interpreter.hpp"
#include "lib/wasm/runtime/numeric.hpp"

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
namespace {

using Handler = NACRE_CONVENTION void (*)(const Word*, Slot*, u8*, u64, Instance*, Machine*);
constexpr usize handler_count = static_cast<usize>(Operation::BranchI64GeUImmediateBack) + 1;
struct Handlers {
  // Not `std::array`, whose index is checked; every word here is one of ours.
  Handler table[handler_count];
};
extern const Handlers handlers;

template <class T>
T read(const Word* at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return value;
}
template <class T>
constexpr usize words_of = sizeof(T) / sizeof(Word);

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

// ---- stopping

[[gnu::cold, gnu::noinline]] void stop_at(Stop why, const Word* pc, Slot* slots, Instance* instance,
                                          Machine* machine) {
  machine->position = pc;
  machine->slots = slots;
  machine->instance = instance;
  machine->stop = why;
}
[[gnu::cold, gnu::noinline]] void stop_with(Trap trap, const Word* pc, Slot* slots,
                                            Instance* instance, Machine* machine) {
  machine->trap = trap;
  stop_at(Stop::Trapped, pc, slots, instance, machine);
}

struct MemoryView {
  u8* data = nullptr;
  u64 size = 0;
};
MemoryView view_of(Instance* instance) {
  if (instance == nullptr || instance->memories.empty()) return {};
  LinearMemory const* const memory = *instance->memories.data();
  return {memory->data(), memory->size()};
}

// ---- numeric operations

/// Leaves the result of an operation, or traps.
template <class T>
bool store_result(T result, Slot& target, Trap&) {
  target = to_slot(result);
  return true;
}
template <class T>
bool store_result(const std::expected<T, Trap>& result, Slot& target, Trap& trap) {
  if (!result) [[unlikely]] {
    trap = result.error();
    return false;
  }
  target = to_slot(*result);
  return true;
}

template <auto function, class In>
NACRE_HANDLER unary(NACRE_REGISTERS) {
  Trap trap{};
  if (!store_result(function(from_slot<In>(slots[pc[2]])), slots[pc[1]], trap)) [[unlikely]]
    NACRE_TRAP(trap);
  NACRE_GO_ON(pc + 3);
}
template <auto function, class In>
NACRE_HANDLER binary(NACRE_REGISTERS) {
  Trap trap{};
  auto const result = function(from_slot<In>(slots[pc[2]]), from_slot<In>(slots[pc[3]]));
  if (!store_result(result, slots[pc[1]], trap)) [[unlikely]]
    NACRE_TRAP(trap);
  NACRE_GO_ON(pc + 4);
}
/// A constant operand; sign-extended where 64 bits are wanted.
template <class In>
In constant_at(const Word* at) {
  return static_cast<In>(static_cast<std::make_signed_t<In>>(read<i32>(at)));
}
template <auto function, class In>
NACRE_HANDLER binary_immediate(NACRE_REGISTERS) {
  Trap trap{};
  auto const result = function(from_slot<In>(slots[pc[2]]), constant_at<In>(pc + 3));
  if (!store_result(result, slots[pc[1]], trap)) [[unlikely]]
    NACRE_TRAP(trap);
  NACRE_GO_ON(pc + 5);
}

// ---- jumps

enum class Direction : u8 { Forward, Back };

/// The distance at `at` leads to the returned place.
const Word* target_of(const Word* at) { return at + read<i32>(at); }

#define NACRE_TAKE_FUEL()                                           \
  if (machine->fuel == 0) [[unlikely]]                              \
    return stop_at(Stop::EndOfSlice, pc, slots, instance, machine); \
  --machine->fuel

template <auto comparison, class In, Direction direction>
NACRE_HANDLER branch(NACRE_REGISTERS) {
  if (comparison(from_slot<In>(slots[pc[1]]), from_slot<In>(slots[pc[2]])) == 0) {
    NACRE_GO_ON(pc + 5);
  }
  if constexpr (direction == Direction::Back) {
    NACRE_TAKE_FUEL();
  }
  NACRE_GO_ON(target_of(pc + 3));
}
template <auto comparison, class In, Direction direction>
NACRE_HANDLER branch_immediate(NACRE_REGISTERS) {
  if (comparison(from_slot<In>(slots[pc[1]]), constant_at<In>(pc + 2)) == 0) {
    NACRE_GO_ON(pc + 6);
  }
  if constexpr (direction == Direction::Back) {
    NACRE_TAKE_FUEL();
  }
  NACRE_GO_ON(target_of(pc + 4));
}
NACRE_HANDLER on_Jump(NACRE_REGISTERS) { NACRE_GO_ON(target_of(pc + 1)); }
NACRE_HANDLER on_JumpBack(NACRE_REGISTERS) {
  NACRE_TAKE_FUEL();
  NACRE_GO_ON(target_of(pc + 1));
}
NACRE_HANDLER on_BranchTable(NACRE_REGISTERS) {
  NACRE_TAKE_FUEL();
  u32 const count = read<u32>(pc + 2);
  u32 const index = std::min(from_slot<u32>(slots[pc[1]]), count);
  NACRE_GO_ON(target_of(pc + 4 + usize{index} * words_of<i32>));
}
NACRE_HANDLER on_Trap(NACRE_REGISTERS) { NACRE_TRAP(static_cast<Trap>(pc[1])); }

// ---- moving values

NACRE_HANDLER on_Copy(NACRE_REGISTERS) {
  slots[pc[1]] = slots[pc[2]];
  NACRE_GO_ON(pc + 3);
}
NACRE_HANDLER on_CopyMany(NACRE_REGISTERS) {
  std::memmove(slots + pc[1], slots + pc[2], pc[3] * sizeof(Slot));
  NACRE_GO_ON(pc + 4);
}
NACRE_HANDLER on_Const32(NACRE_REGISTERS) {
  slots[pc[1]] = read<u32>(pc + 2);
  NACRE_GO_ON(pc + 4);
}
NACRE_HANDLER on_Const64(NACRE_REGISTERS) {
  slots[pc[1]] = read<u64>(pc + 2);
  NACRE_GO_ON(pc + 6);
}
NACRE_HANDLER on_Select(NACRE_REGISTERS) {
  slots[pc[1]] = from_slot<u32>(slots[pc[4]]) != 0 ? slots[pc[2]] : slots[pc[3]];
  NACRE_GO_ON(pc + 5);
}
NACRE_HANDLER on_GlobalGet(NACRE_REGISTERS) {
  slots[pc[1]] = instance->globals.data()[read<u32>(pc + 2)]->slots[0];
  NACRE_GO_ON(pc + 4);
}
NACRE_HANDLER on_GlobalSet(NACRE_REGISTERS) {
  instance->globals.data()[read<u32>(pc + 2)]->slots[0] = slots[pc[1]];
  NACRE_GO_ON(pc + 4);
}

// ---- memory

template <class Memory, class Value>
NACRE_HANDLER load(NACRE_REGISTERS) {
  // 33 bits at most, so this cannot wrap.
  u64 const address = u64{from_slot<u32>(slots[pc[2]])} + read<u32>(pc + 3);
  if (address + sizeof(Memory) > memory_size) [[unlikely]]
    NACRE_TRAP(Trap::MemoryOutOfBounds);
  Memory value;
  std::memcpy(&value, memory + address, sizeof(value));
  // Extended by the sign of what is in memory, to the width of the integer.
  if constexpr (std::is_same_v<Value, u32> && std::is_signed_v<Memory>)
    slots[pc[1]] = static_cast<u32>(i32{value});
  else
    slots[pc[1]] = static_cast<u64>(value);
  NACRE_GO_ON(pc + 5);
}
template <class Memory>
NACRE_HANDLER store(NACRE_REGISTERS) {
  u64 const address = u64{from_slot<u32>(slots[pc[1]])} + read<u32>(pc + 3);
  if (address + sizeof(Memory) > memory_size) [[unlikely]]
    NACRE_TRAP(Trap::MemoryOutOfBounds);
  auto const value = static_cast<Memory>(slots[pc[2]]);
  std::memcpy(memory + address, &value, sizeof(value));
  NACRE_GO_ON(pc + 5);
}
NACRE_HANDLER on_MemorySize(NACRE_REGISTERS) {
  slots[pc[1]] = memory_size / MemoryType::page_size;
  NACRE_GO_ON(pc + 2);
}
NACRE_HANDLER on_MemoryGrow(NACRE_REGISTERS) {
  LinearMemory& grown = *instance->memories[0];
  u32 const before = grown.pages();
  bool const done = grown.grow(from_slot<u32>(slots[pc[2]]));
  slots[pc[1]] = done ? before : UINT32_MAX;
  memory_size = grown.size();
  NACRE_GO_ON(pc + 3);
}

/// Whether `size` elements from `start` lie within `total`.
bool within(u32 start, u32 size, u64 total) { return u64{start} + size <= total; }

/// What moves many bytes takes time in proportion, and so it takes fuel: false where that is used
/// up, and then nothing of it was taken. An operation is never so long that a full slice would not
/// do, so it takes no more than that.
bool take_fuel_for(u64 bytes, Machine* machine) {
  constexpr u64 bytes_per_fuel = 4096;
  constexpr u64 most = 1024;
  u64 const cost = std::min(bytes / bytes_per_fuel, most);
  if (cost > machine->fuel) {
    // With less than one whole operation needs, the rest of the slice is given for it.
    bool const begun = machine->fuel != 0;
    machine->fuel = 0;
    return begun;
  }
  machine->fuel -= cost;
  return true;
}
#define NACRE_TAKE_FUEL_FOR(bytes)                 \
  if (!take_fuel_for(bytes, machine)) [[unlikely]] \
  return stop_at(Stop::EndOfSlice, pc, slots, instance, machine)

NACRE_HANDLER on_MemoryCopy(NACRE_REGISTERS) {
  u32 const target = from_slot<u32>(slots[pc[1]]);
  u32 const source = from_slot<u32>(slots[pc[2]]);
  u32 const size = from_slot<u32>(slots[pc[3]]);
  if (!within(target, size, memory_size) || !within(source, size, memory_size)) [[unlikely]]
    NACRE_TRAP(Trap::MemoryOutOfBounds);
  NACRE_TAKE_FUEL_FOR(size);
  if (size != 0) std::memmove(memory + target, memory + source, size);
  NACRE_GO_ON(pc + 6);
}
NACRE_HANDLER on_MemoryFill(NACRE_REGISTERS) {
  u32 const target = from_slot<u32>(slots[pc[1]]);
  u32 const size = from_slot<u32>(slots[pc[3]]);
  if (!within(target, size, memory_size)) [[unlikely]]
    NACRE_TRAP(Trap::MemoryOutOfBounds);
  NACRE_TAKE_FUEL_FOR(size);
  if (size != 0) std::memset(memory + target, static_cast<u8>(slots[pc[2]]), size);
  NACRE_GO_ON(pc + 6);
}
NACRE_HANDLER on_MemoryInit(NACRE_REGISTERS) {
  auto const segment = instance->data[read<u32>(pc + 4)];
  u32 const target = from_slot<u32>(slots[pc[1]]);
  u32 const source = from_slot<u32>(slots[pc[2]]);
  u32 const size = from_slot<u32>(slots[pc[3]]);
  if (!within(target, size, memory_size) || !within(source, size, segment.size())) [[unlikely]]
    NACRE_TRAP(Trap::MemoryOutOfBounds);
  NACRE_TAKE_FUEL_FOR(size);
  if (size != 0) std::memcpy(memory + target, segment.data() + source, size);
  NACRE_GO_ON(pc + 6);
}
NACRE_HANDLER on_DataDrop(NACRE_REGISTERS) {
  instance->data[read<u32>(pc + 1)] = {};
  NACRE_GO_ON(pc + 3);
}

// ---- tables

NACRE_HANDLER on_RefFunc(NACRE_REGISTERS) {
  slots[pc[1]] = reference_to(instance->functions[read<u32>(pc + 2)]);
  NACRE_GO_ON(pc + 4);
}
NACRE_HANDLER on_TableGet(NACRE_REGISTERS) {
  auto const elements = instance->tables[read<u32>(pc + 3)]->elements();
  u32 const index = from_slot<u32>(slots[pc[2]]);
  if (index >= elements.size()) [[unlikely]]
    NACRE_TRAP(Trap::TableOutOfBounds);
  slots[pc[1]] = elements[index];
  NACRE_GO_ON(pc + 5);
}
NACRE_HANDLER on_TableSet(NACRE_REGISTERS) {
  auto const elements = instance->tables[read<u32>(pc + 3)]->elements();
  u32 const index = from_slot<u32>(slots[pc[1]]);
  if (index >= elements.size()) [[unlikely]]
    NACRE_TRAP(Trap::TableOutOfBounds);
  elements[index] = slots[pc[2]];
  NACRE_GO_ON(pc + 5);
}
NACRE_HANDLER on_TableSize(NACRE_REGISTERS) {
  slots[pc[1]] = instance->tables[read<u32>(pc + 2)]->size();
  NACRE_GO_ON(pc + 4);
}
NACRE_HANDLER on_TableGrow(NACRE_REGISTERS) {
  Table& table = *instance->tables[read<u32>(pc + 4)];
  u32 const before = table.size();
  bool const done = table.grow(from_slot<u32>(slots[pc[3]]), slots[pc[2]]);
  slots[pc[1]] = done ? before : UINT32_MAX;
  NACRE_GO_ON(pc + 6);
}
NACRE_HANDLER on_TableFill(NACRE_REGISTERS) {
  auto const elements = instance->tables[read<u32>(pc + 4)]->elements();
  u32 const start = from_slot<u32>(slots[pc[1]]);
  u32 const count = from_slot<u32>(slots[pc[3]]);
  if (!within(start, count, elements.size())) [[unlikely]]
    NACRE_TRAP(Trap::TableOutOfBounds);
  NACRE_TAKE_FUEL_FOR(u64{count} * sizeof(Slot));
  std::ranges::fill(elements.subspan(start, count), slots[pc[2]]);
  NACRE_GO_ON(pc + 6);
}
NACRE_HANDLER on_TableCopy(NACRE_REGISTERS) {
  auto const to = instance->tables[read<u32>(pc + 4)]->elements();
  auto const from = instance->tables[read<u32>(pc + 6)]->elements();
  u32 const target = from_slot<u32>(slots[pc[1]]);
  u32 const source = from_slot<u32>(slots[pc[2]]);
  u32 const count = from_slot<u32>(slots[pc[3]]);
  if (!within(target, count, to.size()) || !within(source, count, from.size())) [[unlikely]]
    NACRE_TRAP(Trap::TableOutOfBounds);
  NACRE_TAKE_FUEL_FOR(u64{count} * sizeof(Slot));
  if (count != 0)
    std::memmove(to.data() + target, from.data() + source, usize{count} * sizeof(Slot));
  NACRE_GO_ON(pc + 8);
}
NACRE_HANDLER on_TableInit(NACRE_REGISTERS) {
  auto const to = instance->tables[read<u32>(pc + 4)]->elements();
  auto const& segment = instance->elements[read<u32>(pc + 6)];
  u32 const target = from_slot<u32>(slots[pc[1]]);
  u32 const source = from_slot<u32>(slots[pc[2]]);
  u32 const count = from_slot<u32>(slots[pc[3]]);
  if (!within(target, count, to.size()) || !within(source, count, segment.size())) [[unlikely]]
    NACRE_TRAP(Trap::TableOutOfBounds);
  NACRE_TAKE_FUEL_FOR(u64{count} * sizeof(Slot));
  if (count != 0)
    std::memcpy(to.data() + target, segment.data() + source, usize{count} * sizeof(Slot));
  NACRE_GO_ON(pc + 8);
}
NACRE_HANDLER on_ElemDrop(NACRE_REGISTERS) {
  instance->elements[read<u32>(pc + 1)] = {};
  NACRE_GO_ON(pc + 3);
}

// ---- calls

/// Goes on in `callee`, whose frame begins at `base`.
#define NACRE_CALL(callee, base, return_address)                      \
  FunctionInstance* const called = (callee);                          \
  if (machine->top + 1 >= machine->frames_end) [[unlikely]] {         \
    if (!machine->extend_frames()) NACRE_TRAP(Trap::StackExhausted);  \
  }                                                                   \
  *++machine->top = Frame{called, (return_address), slots, instance}; \
  slots += (base);                                                    \
  NACRE_GO_ON(static_cast<const Word*>(called->entry))

NACRE_HANDLER on_Call(NACRE_REGISTERS) {
  NACRE_CALL(instance->functions.data()[read<u32>(pc + 2)], pc[1], pc + 4);
}
NACRE_HANDLER on_CallIndirect(NACRE_REGISTERS) {
  auto const elements = instance->tables.data()[read<u32>(pc + 5)]->elements();
  u32 const index = from_slot<u32>(slots[pc[2]]);
  if (index >= elements.size()) [[unlikely]]
    NACRE_TRAP(Trap::UndefinedElement);
  FunctionInstance* const callee = function_of(elements.data()[index]);
  if (callee == nullptr) [[unlikely]]
    NACRE_TRAP(Trap::UninitializedElement);
  if (callee->signature != instance->signatures.data()[read<u32>(pc + 3)]) [[unlikely]]
    NACRE_TRAP(Trap::IndirectCallType);
  NACRE_CALL(callee, pc[1], pc + 7);
}

NACRE_HANDLER on_Translate(NACRE_REGISTERS) {
  FunctionInstance& function = *machine->top->function;
  if (auto const done = translate(function, machine->observer != nullptr); !done)
    NACRE_TRAP(done.error());
  NACRE_GO_ON(static_cast<const Word*>(function.entry));
}
NACRE_HANDLER on_Trace(NACRE_REGISTERS) {
  FunctionInstance const& function = *machine->top->function;
  machine->observer->before_instruction(function, read<u32>(pc + 1),
                                        static_cast<usize>(machine->top - machine->frames_begin),
                                        {slots, function.parameter_slots});
  NACRE_GO_ON(pc + 3);
}
NACRE_HANDLER on_Enter(NACRE_REGISTERS) {
  Slot* const end = slots + pc[3];
  if (end > machine->slots_end) [[unlikely]] {
    if (!machine->extend_slots(end)) NACRE_TRAP(Trap::StackExhausted);
  }
  NACRE_TAKE_FUEL();
  for (Slot* local = slots + pc[1]; local != slots + pc[2]; ++local) *local = 0;
  Instance* const own = machine->top->function->instance;
  if (own != instance) {
    instance = own;
    MemoryView const view = view_of(own);
    memory = view.data;
    memory_size = view.size;
  }
  NACRE_GO_ON(pc + 4);
}

/// Goes on in the caller, with its memory, which the callee may have grown.
#define NACRE_RETURN()                       \
  Frame const& left = *machine->top--;       \
  slots = left.caller_slots;                 \
  instance = left.caller_instance;           \
  MemoryView const view = view_of(instance); \
  memory = view.data;                        \
  memory_size = view.size;                   \
  NACRE_GO_ON(left.return_to)

NACRE_HANDLER on_Return(NACRE_REGISTERS) { NACRE_RETURN(); }
NACRE_HANDLER on_ReturnOne(NACRE_REGISTERS) {
  slots[0] = slots[pc[1]];
  NACRE_RETURN();
}
NACRE_HANDLER on_ReturnMany(NACRE_REGISTERS) {
  std::memmove(slots, slots + pc[1], pc[2] * sizeof(Slot));
  NACRE_RETURN();
}
NACRE_HANDLER on_Finish(NACRE_REGISTERS) {
  return stop_at(Stop::Finished, pc, slots, instance, machine);
}

NACRE_HANDLER on_CallHost(NACRE_REGISTERS) {
  FunctionInstance const& function = *machine->top->function;
  Caller caller(instance);
  if (auto const done = function.code(function.context, caller, slots); !done) [[unlikely]] {
    // The trap is the caller's, at its call.
    Frame const& left = *machine->top--;
    return stop_with(done.error(), left.return_to == finish_stub ? pc : left.return_to - 1,
                     left.caller_slots, instance, machine);
  }
  NACRE_RETURN();
}
NACRE_HANDLER on_CallWaiting(NACRE_REGISTERS) {
  return stop_at(Stop::HostCall, pc, slots, instance, machine);
}

// ---- the table

#define NACRE_NAMED(name, ...) &on_##name,
#define NACRE_LOAD(name, encoding, text, result, type) &load<type, Native<ValueType::result>>,
#define NACRE_STORE(name, encoding, text, operand, type) &store<type>,
#define NACRE_UNARY(name, encoding, text, function, operand, result, may_trap) \
  &unary<&numeric::function, Native<ValueType::operand>>,
#define NACRE_BINARY(name, encoding, text, function, operand, result, may_trap) \
  &binary<&numeric::function, Native<ValueType::operand>>,
#define NACRE_IMMEDIATE(name, encoding, text, function, operand, result, may_trap) \
  &binary_immediate<&numeric::function, Native<ValueType::operand>>,
#define NACRE_BRANCH(name, encoding, text, function, operand, result, may_trap) \
  &branch<&numeric::function, Native<ValueType::operand>, Direction::Forward>,
#define NACRE_BRANCH_IMMEDIATE(name, encoding, text, function, operand, result, may_trap) \
  &branch_immediate<&numeric::function, Native<ValueType::operand>, Direction::Forward>,
#define NACRE_BRANCH_BACK(name, encoding, text, function, operand, result, may_trap) \
  &branch<&numeric::function, Native<ValueType::operand>, Direction::Back>,
#define NACRE_BRANCH_IMMEDIATE_BACK(name, encoding, text, function, operand, result, may_trap) \
  &branch_immediate<&numeric::function, Native<ValueType::operand>, Direction::Back>,

// In the order of `Operation`.
constexpr Handlers handlers{
    {NACRE_WASM_OPERATIONS(NACRE_NAMED) NACRE_WASM_LOAD_OPCODES(NACRE_LOAD)
         NACRE_WASM_STORE_OPCODES(NACRE_STORE) NACRE_WASM_UNARY_OPCODES(NACRE_UNARY)
             NACRE_WASM_BINARY_OPCODES(NACRE_BINARY) NACRE_WASM_INTEGER_COMPARISON_OPCODES(
                 NACRE_IMMEDIATE) NACRE_WASM_INTEGER_BINARY_OPCODES(NACRE_IMMEDIATE)
                 NACRE_WASM_INTEGER_COMPARISON_OPCODES(NACRE_BRANCH)
                     NACRE_WASM_INTEGER_COMPARISON_OPCODES(NACRE_BRANCH_IMMEDIATE)
                         NACRE_WASM_INTEGER_COMPARISON_OPCODES(NACRE_BRANCH_BACK)
                             NACRE_WASM_INTEGER_COMPARISON_OPCODES(NACRE_BRANCH_IMMEDIATE_BACK)}};

}  // namespace

constexpr Word translate_stub[1] = {static_cast<Word>(Operation::Translate)};
constexpr Word host_stub[1] = {static_cast<Word>(Operation::CallHost)};
constexpr Word waiting_stub[1] = {static_cast<Word>(Operation::CallWaiting)};
constexpr Word finish_stub[1] = {static_cast<Word>(Operation::Finish)};

void execute(Machine& machine) {
  const Word* const pc = machine.position;
  Instance* const instance = machine.instance;
  MemoryView const view = view_of(instance);
  handlers.table[*pc](pc, machine.slots, view.data, view.size, instance, &machine);
}

}  // namespace nacre::wasm::interpret
