#include "lib/wasm/interpret/machine.hpp"

#include <algorithm>
#include <cstring>

#include "lib/wasm/interpret/handlers.hpp"
#include "lib/wasm/interpret/interpreter.hpp"
#include "lib/wasm/interpret/unwind.hpp"
#include "lib/wasm/runtime/numeric.hpp"
#include "lib/wasm/runtime/store.hpp"

namespace nacre::wasm::interpret {

// ---- stopping

void stop_at(Stop why, const Word* pc, Slot* slots, Instance* instance, Machine* machine) {
  machine->position = pc;
  machine->slots = slots;
  machine->instance = instance;
  machine->stop = why;
}
void stop_with(Trap trap, const Word* pc, Slot* slots, Instance* instance, Machine* machine) {
  machine->trap = trap;
  stop_at(Stop::Trapped, pc, slots, instance, machine);
}

namespace {

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
LinearMemory& memory_at(Instance* instance, const Word* at) {
  return *instance->memories.data()[read<u32>(at)];
}
#define NACRE_USE_MEMORY(view)           \
  MemoryView const used_memory = (view); \
  memory = used_memory.data;             \
  memory_size = used_memory.size

NACRE_HANDLER on_UseMemory(NACRE_REGISTERS) {
  LinearMemory const& used = memory_at(instance, pc + 1);
  NACRE_USE_MEMORY((MemoryView{used.data(), used.size()}));
  NACRE_GO_ON(pc + 3);
}
NACRE_HANDLER on_MemorySize(NACRE_REGISTERS) {
  slots[pc[1]] = memory_at(instance, pc + 2).pages();
  NACRE_GO_ON(pc + 4);
}

/// Whether `size` elements from `start` lie within `total`.
bool within(u32 start, u32 size, u64 total) { return u64{start} + size <= total; }

constexpr u64 bytes_per_fuel = 4096;

/// What works on many bytes takes time in proportion, and so it takes fuel, and is done in parts
/// where that is used up.
struct Part {
  u64 start = 0;
  u64 size = 0;
  bool is_last = true;
};
/// The next part of `total` bytes; nothing of them where there is no fuel.
Part next_part(u64 total, Machine* machine) {
  u64 const rest = total - machine->done;
  u64 const cost = rest / bytes_per_fuel;
  Part part{machine->done, rest, true};
  if (cost > machine->fuel) [[unlikely]] {
    part.size = machine->fuel * bytes_per_fuel;
    part.is_last = false;
    machine->done += part.size;
    machine->fuel = 0;
    return part;
  }
  machine->done = 0;
  machine->fuel -= cost;
  return part;
}
#define NACRE_STOP_UNLESS_LAST(part) \
  if (!(part).is_last) [[unlikely]]  \
  return stop_at(Stop::EndOfSlice, pc, slots, instance, machine)

/// Moves the next part of `size` bytes, which may overlap; false if it was not the last.
bool move_part(u8* target, const u8* source, u64 size, Machine* machine) {
  Part const part = next_part(size, machine);
  // Where the source would be overwritten, the last bytes come first.
  u64 const start = target > source ? size - part.start - part.size : part.start;
  if (part.size != 0) std::memmove(target + start, source + start, part.size);
  return part.is_last;
}

/// The memory that is to be added is made ready in parts; what counts as the memory's size changes
/// with the last of them.
NACRE_HANDLER on_MemoryGrow(NACRE_REGISTERS) {
  LinearMemory& grown = memory_at(instance, pc + 3);
  u32 const before = grown.pages();
  u32 const pages = from_slot<u32>(slots[pc[2]]);
  bool possible = grown.may_grow(pages);
  if (possible) {
    Part const part = next_part(u64{pages} * MemoryType::page_size, machine);
    possible = grown.prepare(part.start + part.size);
    if (possible) NACRE_STOP_UNLESS_LAST(part);
  }
  // Also where another guest grew it meanwhile.
  if (!possible) machine->done = 0;
  possible = possible && grown.grow(pages);
  slots[pc[1]] = possible ? before : UINT32_MAX;
  NACRE_USE_MEMORY(view_of(instance));
  NACRE_GO_ON(pc + 5);
}
NACRE_HANDLER on_MemoryCopy(NACRE_REGISTERS) {
  LinearMemory const& to = memory_at(instance, pc + 4);
  LinearMemory const& from = memory_at(instance, pc + 6);
  u32 const target = from_slot<u32>(slots[pc[1]]);
  u32 const source = from_slot<u32>(slots[pc[2]]);
  u32 const size = from_slot<u32>(slots[pc[3]]);
  if (!within(target, size, to.size()) || !within(source, size, from.size())) [[unlikely]]
    NACRE_TRAP(Trap::MemoryOutOfBounds);
  if (!move_part(to.data() + target, from.data() + source, size, machine)) [[unlikely]]
    return stop_at(Stop::EndOfSlice, pc, slots, instance, machine);
  NACRE_GO_ON(pc + 8);
}
NACRE_HANDLER on_MemoryFill(NACRE_REGISTERS) {
  LinearMemory const& to = memory_at(instance, pc + 4);
  u32 const target = from_slot<u32>(slots[pc[1]]);
  u32 const size = from_slot<u32>(slots[pc[3]]);
  if (!within(target, size, to.size())) [[unlikely]]
    NACRE_TRAP(Trap::MemoryOutOfBounds);
  Part const part = next_part(size, machine);
  if (part.size != 0)
    std::memset(to.data() + target + part.start, static_cast<u8>(slots[pc[2]]), part.size);
  NACRE_STOP_UNLESS_LAST(part);
  NACRE_GO_ON(pc + 6);
}
NACRE_HANDLER on_MemoryInit(NACRE_REGISTERS) {
  auto const segment = instance->data[read<u32>(pc + 4)];
  LinearMemory const& to = memory_at(instance, pc + 6);
  u32 const target = from_slot<u32>(slots[pc[1]]);
  u32 const source = from_slot<u32>(slots[pc[2]]);
  u32 const size = from_slot<u32>(slots[pc[3]]);
  if (!within(target, size, to.size()) || !within(source, size, segment.size())) [[unlikely]]
    NACRE_TRAP(Trap::MemoryOutOfBounds);
  Part const part = next_part(size, machine);
  if (part.size != 0)
    std::memcpy(to.data() + target + part.start, segment.data() + source + part.start, part.size);
  NACRE_STOP_UNLESS_LAST(part);
  NACRE_GO_ON(pc + 8);
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
NACRE_HANDLER on_AsNonNull(NACRE_REGISTERS) {
  if (slots[pc[1]] == 0) [[unlikely]]
    NACRE_TRAP(Trap::NullReference);
  NACRE_GO_ON(pc + 2);
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
  Part const part = next_part(u64{count} * sizeof(Slot), machine);
  auto const filled = elements.subspan(start + part.start / sizeof(Slot), part.size / sizeof(Slot));
  std::ranges::fill(filled, slots[pc[2]]);
  NACRE_STOP_UNLESS_LAST(part);
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
  if (!move_part(std::bit_cast<u8*>(to.data() + target),
                 std::bit_cast<const u8*>(from.data() + source), u64{count} * sizeof(Slot),
                 machine)) [[unlikely]]
    return stop_at(Stop::EndOfSlice, pc, slots, instance, machine);
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
  if (!move_part(std::bit_cast<u8*>(to.data() + target),
                 std::bit_cast<const u8*>(segment.data() + source), u64{count} * sizeof(Slot),
                 machine)) [[unlikely]]
    return stop_at(Stop::EndOfSlice, pc, slots, instance, machine);
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

/// Defines `callee` as the function behind a table's element, if it is of the wanted type.
#define NACRE_CHECK_CALLEE(element, type)                                  \
  FunctionInstance* const callee = function_of(element);                   \
  if (callee == nullptr) [[unlikely]]                                      \
    NACRE_TRAP(Trap::UninitializedElement);                                \
  if (callee->signature != instance->signatures.data()[type]) [[unlikely]] \
  NACRE_TRAP(Trap::IndirectCallType)

NACRE_HANDLER on_Call(NACRE_REGISTERS) {
  NACRE_CALL(instance->functions.data()[read<u32>(pc + 2)], pc[1], pc + 4);
}
NACRE_HANDLER on_CallIndirect(NACRE_REGISTERS) {
  auto const elements = instance->tables.data()[read<u32>(pc + 5)]->elements();
  u32 const index = from_slot<u32>(slots[pc[2]]);
  if (index >= elements.size()) [[unlikely]]
    NACRE_TRAP(Trap::UndefinedElement);
  NACRE_CHECK_CALLEE(elements.data()[index], read<u32>(pc + 3));
  NACRE_CALL(callee, pc[1], pc + 7);
}
NACRE_HANDLER on_CallReference(NACRE_REGISTERS) {
  FunctionInstance* const callee = function_of(slots[pc[2]]);
  if (callee == nullptr) [[unlikely]]
    NACRE_TRAP(Trap::NullFunctionReference);
  NACRE_CALL(callee, pc[1], pc + 3);
}

/// Goes on in `callee`, which takes over the frame with the `count` slots of arguments at `base`.
#define NACRE_RETURN_CALL(callee, base, count)                        \
  FunctionInstance* const called = (callee);                          \
  std::memmove(slots, slots + (base), usize{(count)} * sizeof(Slot)); \
  machine->top->function = called;                                    \
  NACRE_GO_ON(static_cast<const Word*>(called->entry))

NACRE_HANDLER on_ReturnCall(NACRE_REGISTERS) {
  NACRE_RETURN_CALL(instance->functions.data()[read<u32>(pc + 3)], pc[1], pc[2]);
}
NACRE_HANDLER on_ReturnCallIndirect(NACRE_REGISTERS) {
  auto const elements = instance->tables.data()[read<u32>(pc + 6)]->elements();
  u32 const index = from_slot<u32>(slots[pc[3]]);
  if (index >= elements.size()) [[unlikely]]
    NACRE_TRAP(Trap::UndefinedElement);
  NACRE_CHECK_CALLEE(elements.data()[index], read<u32>(pc + 4));
  NACRE_RETURN_CALL(callee, pc[1], pc[2]);
}
NACRE_HANDLER on_ReturnCallReference(NACRE_REGISTERS) {
  FunctionInstance* const callee = function_of(slots[pc[3]]);
  if (callee == nullptr) [[unlikely]]
    NACRE_TRAP(Trap::NullFunctionReference);
  NACRE_RETURN_CALL(callee, pc[1], pc[2]);
}

NACRE_HANDLER on_Translate(NACRE_REGISTERS) {
  FunctionInstance& function = *machine->top->function;
  auto const is_done = machine->translate(function);
  if (!is_done) NACRE_TRAP(is_done.error());
  if (!*is_done) return stop_at(Stop::EndOfSlice, pc, slots, instance, machine);
  NACRE_GO_ON(static_cast<const Word*>(function.entry));
}
NACRE_HANDLER on_TakeFuel(NACRE_REGISTERS) {
  NACRE_TAKE_FUEL();
  NACRE_GO_ON(pc + 1);
}
NACRE_HANDLER on_Trace(NACRE_REGISTERS) {
  FunctionInstance const& function = *machine->top->function;
  machine->observer->before_instruction(function, read<u32>(pc + 1),
                                        static_cast<usize>(machine->top - machine->frames_begin),
                                        {slots, function.parameter_slots});
  NACRE_GO_ON(pc + 3);
}
#define NACRE_EXTEND_SLOTS()                                           \
  Slot* const end = slots + pc[3];                                     \
  if (end > machine->slots_end) [[unlikely]] {                         \
    if (!machine->extend_slots(end)) NACRE_TRAP(Trap::StackExhausted); \
  }
/// Goes on with the instance, and its memory, of the function that begins.
#define NACRE_USE_OWN_INSTANCE()                          \
  Instance* const own = machine->top->function->instance; \
  if (own != instance) {                                  \
    instance = own;                                       \
    MemoryView const view = view_of(own);                 \
    memory = view.data;                                   \
    memory_size = view.size;                              \
  }

NACRE_HANDLER on_Enter(NACRE_REGISTERS) {
  NACRE_EXTEND_SLOTS();
  NACRE_TAKE_FUEL();
  for (Slot* local = slots + pc[1]; local != slots + pc[2]; ++local) *local = 0;
  NACRE_USE_OWN_INSTANCE();
  NACRE_GO_ON(pc + 4);
}
NACRE_HANDLER on_EnterLarge(NACRE_REGISTERS) {
  NACRE_EXTEND_SLOTS();
  // The first bytes are none: they stand for the unit that every call takes.
  auto const locals = std::as_writable_bytes(std::span(slots + pc[1], slots + pc[2]));
  Part const part = next_part(bytes_per_fuel + locals.size(), machine);
  auto const place = [](u64 at) { return at < bytes_per_fuel ? 0 : at - bytes_per_fuel; };
  std::ranges::fill(locals.first(place(part.start + part.size)).subspan(place(part.start)),
                    std::byte{0});
  NACRE_STOP_UNLESS_LAST(part);
  NACRE_USE_OWN_INSTANCE();
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

// ---- exceptions

/// Goes on where `exception` is caught, or stops.
#define NACRE_THROW(exception)                                   \
  auto const landing = unwind(*machine, pc, slots, (exception)); \
  if (!landing) NACRE_TRAP(Trap::UncaughtException);             \
  slots = landing->slots;                                        \
  instance = landing->instance;                                  \
  NACRE_USE_MEMORY(view_of(instance));                           \
  NACRE_GO_ON(landing->position)

NACRE_HANDLER on_Throw(NACRE_REGISTERS) {
  TagInstance const& tag = *instance->tags.data()[read<u32>(pc + 2)];
  // Where this execution's references are is known only as long as it stands still.
  stop_at(Stop::Trapped, pc, slots, instance, machine);
  auto const exception =
      instance->store().create_exception(tag, {slots + pc[1], tag.parameter_slots});
  if (!exception) [[unlikely]]
    NACRE_TRAP(Trap::OutOfMemory);
  NACRE_THROW(**exception);
}
NACRE_HANDLER on_ThrowReference(NACRE_REGISTERS) {
  Exception* const exception = exception_of(slots[pc[1]]);
  if (exception == nullptr) [[unlikely]]
    NACRE_TRAP(Trap::NullExceptionReference);
  NACRE_THROW(*exception);
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

}  // namespace

// In the order of `Operation`.
// clang-format off
constexpr Handlers handlers{{
    NACRE_WASM_OPERATIONS(NACRE_NAMED)
    NACRE_WASM_LOAD_OPCODES(NACRE_LOAD)
    NACRE_WASM_STORE_OPCODES(NACRE_STORE)
    NACRE_WASM_UNARY_OPCODES(NACRE_UNARY)
    NACRE_WASM_BINARY_OPCODES(NACRE_BINARY)
    NACRE_WASM_SIMD_OPCODES(NACRE_NAMED)
    NACRE_WASM_INTEGER_COMPARISON_OPCODES(NACRE_IMMEDIATE)
    NACRE_WASM_INTEGER_BINARY_OPCODES(NACRE_IMMEDIATE)
    NACRE_WASM_INTEGER_COMPARISON_OPCODES(NACRE_BRANCH)
    NACRE_WASM_INTEGER_COMPARISON_OPCODES(NACRE_BRANCH_IMMEDIATE)
    NACRE_WASM_INTEGER_COMPARISON_OPCODES(NACRE_BRANCH_BACK)
    NACRE_WASM_INTEGER_COMPARISON_OPCODES(NACRE_BRANCH_IMMEDIATE_BACK)
}};
// clang-format on

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
