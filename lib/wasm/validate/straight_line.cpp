#include <algorithm>
#include <array>

#include "lib/wasm/validate/function_validator.hpp"

// Most of a module is instructions of a few kinds whose operands are numbers of the right type.
// They are checked here, many at once and by one small table. Whatever is anything else, or wrong,
// is left to the rules of each instruction, which alone report errors.
namespace nacre::wasm {
namespace {

enum class Kind : u8 { Other, LocalGet, LocalSet, LocalTee, Constant, Unary, Binary, Load, Store };

struct Rule {
  Kind kind = Kind::Other;
  /// Value types of numbers fit.
  u8 operand = 0;
  u8 result = 0;
  /// The most bytes that a constant can have without having too many bits, or the largest exponent
  /// of an alignment.
  u8 most = 0;
};

constexpr Kind kind_of(OpcodeShape shape) {
  switch (shape) {
    case OpcodeShape::Unary: return Kind::Unary;
    case OpcodeShape::Binary: return Kind::Binary;
    case OpcodeShape::Load: return Kind::Load;
    case OpcodeShape::Store: return Kind::Store;
    default: return Kind::Other;
  }
}

/// For opcodes of one byte.
constexpr auto rules = [] {
  std::array<Rule, 256> table{};
  for (OpcodeInfo const& info : opcode_table) {
    auto const encoding = static_cast<u32>(info.opcode);
    if (encoding < table.size())
      table[encoding] = {kind_of(info.shape), static_cast<u8>(info.operand),
                         static_cast<u8>(info.result), info.access_log2};
  }
  auto const set = [&](Opcode opcode, Rule rule) { table[static_cast<u32>(opcode)] = rule; };
  set(Opcode::LocalGet, {.kind = Kind::LocalGet});
  set(Opcode::LocalSet, {.kind = Kind::LocalSet});
  set(Opcode::LocalTee, {.kind = Kind::LocalTee});
  set(Opcode::I32Const, {Kind::Constant, 0, static_cast<u8>(ValueType::I32), 4});
  set(Opcode::I64Const, {Kind::Constant, 0, static_cast<u8>(ValueType::I64), 9});
  return table;
}();

/// The most bytes that an instruction of these kinds has, as far as they are checked here.
constexpr usize longest = 16;
/// How many operands are made room for at a time.
constexpr usize room = 256;
constexpr u8 continues = 0x80;
constexpr usize most_bytes = 4096;

}  // namespace

/// Checks instructions as long as it can, within some kilobytes, and moves the cursor behind them.
/// Returns how many.
Loaded<u32> FunctionValidator::straight_line(Cursor& cursor) {
  if (cursor.remaining() < longest) return 0;
  TRY(Operand* const stack, operands_.begin_with_room(room));
  Operand* const begin = stack + operands_.size();
  Operand* const limit = begin + room;
  Operand* const floor = stack + labels_.back().height;
  Operand* top = begin;
  Operand* highest = begin;
  const u8* at = cursor.rest().data();
  const u8* const last = at + (std::min(cursor.remaining(), most_bytes) - longest);
  const ValueType* const locals = locals_.data();
  usize const local_count = std::min<usize>(locals_.size(), continues);
  bool const locals_are_set = is_set_.empty();
  bool const has_memory = !module_.memories.empty();
  constexpr auto i32_type = operand(ValueType::I32);
  // Behind a LEB128 number, or null where it has more bytes than `most`.
  auto const behind = [](const u8* number, u8 most) -> const u8* {
    for (u8 i = 0; i < most; ++i)
      if (number[i] < continues) return number + i + 1;
    return nullptr;
  };

  u32 count = 0;
  for (; at <= last && top < limit; ++count) {
    Rule const rule = rules[*at];
    auto const is_top = [&](u32 type, std::ptrdiff_t depth) {
      return top - floor > depth && top[-1 - depth] == type;
    };
    bool done = false;
    switch (rule.kind) {
      case Kind::Other: break;
      case Kind::LocalGet: {
        if (at[1] >= local_count || !is_number(locals[at[1]]) || !locals_are_set) break;
        *top++ = operand(locals[at[1]]);
        at += 2;
        done = true;
        break;
      }
      case Kind::LocalSet:
      case Kind::LocalTee: {
        if (at[1] >= local_count || !is_number(locals[at[1]]) || !is_top(operand(locals[at[1]]), 0))
          break;
        if (rule.kind == Kind::LocalSet) --top;
        at += 2;
        done = true;
        break;
      }
      case Kind::Constant: {
        const u8* const next = behind(at + 1, rule.most);
        if (next == nullptr) break;
        *top++ = rule.result;
        at = next;
        done = true;
        break;
      }
      case Kind::Unary: {
        if (!is_top(rule.operand, 0)) break;
        top[-1] = rule.result;
        ++at;
        done = true;
        break;
      }
      case Kind::Binary: {
        if (!is_top(rule.operand, 0) || !is_top(rule.operand, 1)) break;
        --top;
        top[-1] = rule.result;
        ++at;
        done = true;
        break;
      }
      case Kind::Load: {
        const u8* const next = behind(at + 2, 4);
        if (!has_memory || at[1] > rule.most || next == nullptr || !is_top(i32_type, 0)) break;
        top[-1] = rule.result;
        at = next;
        done = true;
        break;
      }
      case Kind::Store: {
        const u8* const next = behind(at + 2, 4);
        if (!has_memory || at[1] > rule.most || next == nullptr || !is_top(rule.operand, 0) ||
            !is_top(i32_type, 1))
          break;
        top -= 2;
        at = next;
        done = true;
        break;
      }
    }
    if (!done) break;
    highest = std::max(highest, top);
  }
  operands_.end_with(static_cast<usize>(top - stack), static_cast<usize>(highest - stack));
  cursor.skip(static_cast<usize>(at - cursor.rest().data()));
  return count;
}

}  // namespace nacre::wasm
