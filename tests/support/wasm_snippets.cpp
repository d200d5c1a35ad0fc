#include "tests/support/wasm_snippets.hpp"

#include <algorithm>

#include "lib/wasm/binary/cursor.hpp"

namespace nacre::test {

using base::i64;
using base::u32;
using base::u64;
using base::u8;
using base::usize;
using wasm::Immediate;
using wasm::Opcode;
using wasm::OpcodeShape;
using wasm::ValueType;
using Kind = ImmediatePiece::Kind;

namespace {

void append(Snippet& to, const Snippet& more) { to.insert(to.end(), more.begin(), more.end()); }
ImmediatePiece number(Kind kind, u64 value) { return {kind, value, {}}; }
ImmediatePiece no_type() { return {Kind::Raw, 0, {0x40}}; }
InstructionPiece i32_const(u64 value) {
  return piece_of(Opcode::I32Const,
                  {number(Kind::I32, static_cast<u64>(i64{static_cast<base::i32>(value)}))});
}
Bytes random_bits(Random& random, usize size) {
  Bytes bytes;
  while (bytes.size() < size) {
    u64 const bits = interesting_number(random, size == 4 ? 32 : 64);
    for (usize i = 0; i < std::min<usize>(size, 8); ++i)
      bytes.push_back(static_cast<u8>(bits >> (8 * i)));
  }
  return bytes;
}

StackEffect effect(std::initializer_list<ValueType> operands, std::optional<ValueType> result) {
  StackEffect made;
  std::ranges::copy(operands, made.operand_types.begin());
  made.operand_count = static_cast<u8>(operands.size());
  made.result = result;
  return made;
}

}  // namespace

std::optional<StackEffect> effect_of(const wasm::OpcodeInfo& info) {
  ValueType const operand = info.operand;
  switch (info.shape) {
    case OpcodeShape::Special: break;
    case OpcodeShape::Load: return effect({ValueType::I32}, info.result);
    case OpcodeShape::Store: return effect({ValueType::I32, operand}, {});
    case OpcodeShape::Unary: return effect({operand}, info.result);
    case OpcodeShape::Binary: return effect({operand, operand}, info.result);
    case OpcodeShape::Ternary: return effect({operand, operand, operand}, info.result);
    case OpcodeShape::Shift: return effect({operand, ValueType::I32}, info.result);
    case OpcodeShape::ExtractLane: return effect({operand}, info.result);
    case OpcodeShape::ReplaceLane: return effect({ValueType::V128, operand}, info.result);
    case OpcodeShape::LoadLane: return effect({ValueType::I32, operand}, info.result);
    case OpcodeShape::StoreLane: return effect({ValueType::I32, operand}, {});
  }
  switch (info.opcode) {
    case Opcode::I32Const: return effect({}, ValueType::I32);
    case Opcode::I64Const: return effect({}, ValueType::I64);
    case Opcode::F32Const: return effect({}, ValueType::F32);
    case Opcode::F64Const: return effect({}, ValueType::F64);
    case Opcode::V128Const: return effect({}, ValueType::V128);
    case Opcode::I8x16Shuffle: return effect({ValueType::V128, ValueType::V128}, ValueType::V128);
    case Opcode::MemorySize:
    case Opcode::TableSize: return effect({}, ValueType::I32);
    case Opcode::MemoryGrow: return effect({ValueType::I32}, ValueType::I32);
    case Opcode::MemoryFill:
    case Opcode::MemoryCopy:
    case Opcode::MemoryInit: return effect({ValueType::I32, ValueType::I32, ValueType::I32}, {});
    case Opcode::DataDrop:
    case Opcode::ElemDrop:
    case Opcode::Nop: return effect({}, {});
    default: return std::nullopt;
  }
}

u64 interesting_number(Random& random, unsigned bits) {
  u64 value = 0;
  switch (random.below(4)) {
    case 0: value = random.below(8) - 2; break;
    case 1: value = (u64{1} << random.below(bits)) - random.below(3); break;
    case 2: value = random.below(300) * 4096 - random.below(9); break;
    default: value = random.next(); break;
  }
  return bits == 64 ? value : value & ((u64{1} << bits) - 1);
}

Snippet SnippetMaker::value_of(ValueType type) { return value_of(Bytes{static_cast<u8>(type)}); }

Snippet SnippetMaker::value_of(std::span<const u8> type) {
  switch (type[0]) {
    case 0x7f: return {i32_const(interesting_number(random_, 32))};
    case 0x7e:
      return {piece_of(Opcode::I64Const, {number(Kind::I64, interesting_number(random_, 64))})};
    case 0x7d: return {piece_of(Opcode::F32Const, {{Kind::Raw, 0, random_bits(random_, 4)}})};
    case 0x7c: return {piece_of(Opcode::F64Const, {{Kind::Raw, 0, random_bits(random_, 8)}})};
    case 0x7b: return {piece_of(Opcode::V128Const, {{Kind::Raw, 0, random_bits(random_, 16)}})};
    default: break;
  }
  // The byte of an abstract type is also its heap type; else that follows `ref null` or `ref`.
  bool const is_short = type.size() == 1;
  auto const heap = is_short ? type : type.subspan(1);
  Snippet null{piece_of(Opcode::RefNull, {{Kind::Raw, 0, Bytes(heap.begin(), heap.end())}})};
  if (!is_short && type[0] == 0x64) null.push_back(piece_of(Opcode::RefAsNonNull));
  return null;
}

void SnippetMaker::append_values(Snippet& to, const std::vector<Bytes>& types) {
  for (auto const& type : types) append(to, value_of(type));
}

std::optional<InstructionPiece> SnippetMaker::instruction(const wasm::OpcodeInfo& info) {
  InstructionPiece piece{&info, {}};
  bool possible = true;
  auto const index = [&](Kind kind) {
    u64 const space = module_.index_space(kind);
    possible = possible && space != 0;
    piece.immediates.push_back(number(kind, random_.below(space)));
  };
  auto const lane = [&] {
    piece.immediates.push_back(number(Kind::Lane, random_.below(info.lane_count())));
  };
  auto const access = [&] {
    piece.immediates.push_back(number(Kind::Alignment, random_.below(info.access_log2 + 1u)));
    index(Kind::Memory);
    piece.immediates.push_back(number(
        Kind::Offset, random_.one_in(4) ? interesting_number(random_, 32) : random_.below(64)));
  };
  switch (info.immediate) {
    case Immediate::None: break;
    case Immediate::MemoryAccess: access(); break;
    case Immediate::MemoryAccessLane:
      access();
      lane();
      break;
    case Immediate::Lane: lane(); break;
    case Immediate::Memory: index(Kind::Memory); break;
    case Immediate::Table: index(Kind::Table); break;
    case Immediate::MemoryCopy:
      index(Kind::Memory);
      index(Kind::Memory);
      break;
    case Immediate::MemoryInit:
      index(Kind::DataSegment);
      index(Kind::Memory);
      break;
    case Immediate::DataSegment: index(Kind::DataSegment); break;
    case Immediate::ElementSegment: index(Kind::ElementSegment); break;
    case Immediate::Shuffle: {
      Bytes lanes = random_bits(random_, 16);
      for (auto& byte : lanes) byte &= 31;
      piece.immediates.push_back({Kind::Raw, 0, lanes});
      break;
    }
    case Immediate::I32: return i32_const(interesting_number(random_, 32));
    case Immediate::I64: return value_of(ValueType::I64)[0];
    case Immediate::F32: return value_of(ValueType::F32)[0];
    case Immediate::F64: return value_of(ValueType::F64)[0];
    case Immediate::V128: return value_of(ValueType::V128)[0];
    default: return std::nullopt;
  }
  if ((info.opcode == Opcode::MemoryInit || info.opcode == Opcode::DataDrop) &&
      module_.find(SectionId::DataCount) == nullptr)
    return std::nullopt;
  return possible ? std::optional(piece) : std::nullopt;
}

u64 SnippetMaker::add_local(std::span<const u8> type) {
  wasm::Cursor cursor(body_.locals, 0);
  u64 const groups = cursor.leb_u32().value_or(0);
  Bytes locals = leb(groups + 1);
  locals.insert(locals.end(), cursor.rest().begin(), cursor.rest().end());
  // Now and then so many that the index of the next one takes more than a byte.
  u64 const count = random_.one_in(8) ? 100 + random_.below(100) : 1;
  auto const number = leb(count);
  locals.insert(locals.end(), number.begin(), number.end());
  locals.insert(locals.end(), type.begin(), type.end());
  body_.locals = std::move(locals);
  u64 const first = parameters_ + body_.local_count;
  body_.local_count += count;
  return first;
}

Snippet SnippetMaker::wrapped(Snippet inner) {
  Snippet made;
  switch (random_.below(7)) {
    case 0: made.push_back(piece_of(Opcode::Block, {no_type()})); break;
    case 1: made.push_back(piece_of(Opcode::Loop, {no_type()})); break;
    case 2:
      made.push_back(i32_const(random_.below(2)));
      made.push_back(piece_of(Opcode::If, {no_type()}));
      break;
    case 3:
      made.push_back(piece_of(Opcode::Try, {no_type()}));
      append(made, inner);
      made.push_back(piece_of(Opcode::CatchAll));
      if (random_.one_in(4)) made.push_back(piece_of(Opcode::Rethrow, {number(Kind::Label, 0)}));
      made.push_back(piece_of(Opcode::End));
      return made;
    case 4:
      made.push_back(piece_of(Opcode::Try, {no_type()}));
      append(made, inner);
      made.push_back(piece_of(Opcode::Delegate, {number(Kind::Label, 0)}));
      return made;
    case 5:
      made.push_back(piece_of(Opcode::Block, {no_type()}));
      made.push_back(piece_of(Opcode::TryTable,
                              {no_type(), number(Kind::ClauseKind, 2), number(Kind::Label, 0)}));
      append(made, inner);
      made.push_back(piece_of(Opcode::End));
      made.push_back(piece_of(Opcode::End));
      return made;
    default:
      // What is caught comes as a reference.
      made.push_back(piece_of(Opcode::Block, {{Kind::Raw, 0, {0x69}}}));
      made.push_back(piece_of(Opcode::TryTable,
                              {no_type(), number(Kind::ClauseKind, 3), number(Kind::Label, 0)}));
      append(made, inner);
      made.push_back(piece_of(Opcode::End));
      made.push_back(piece_of(Opcode::RefNull, {{Kind::Raw, 0, {0x69}}}));
      made.push_back(piece_of(Opcode::End));
      if (random_.one_in(3)) {
        made.push_back(piece_of(Opcode::ThrowRef));
        return wrapped(made);
      }
      made.push_back(piece_of(Opcode::Drop));
      return made;
  }
  append(made, inner);
  made.push_back(piece_of(Opcode::End));
  return made;
}

/// Any instruction whose effect its opcode gives, with operands.
Snippet SnippetMaker::numeric() {
  for (int attempt = 0; attempt < 8; ++attempt) {
    auto const& info = random_.pick(wasm::opcode_table);
    auto const effect = effect_of(info);
    if (!effect) continue;
    auto const made = instruction(info);
    if (!made) continue;
    Snippet snippet;
    for (ValueType const type : effect->operands()) append(snippet, value_of(type));
    snippet.push_back(*made);
    if (effect->result) snippet.push_back(piece_of(Opcode::Drop));
    return snippet;
  }
  return {};
}

Snippet SnippetMaker::call() {
  auto const types = module_.function_types();
  if (types.empty()) return {};
  usize const callee = random_.below(types.size());
  auto const signature = SignaturePiece::of(module_, types[callee]);
  if (!signature) return {};
  Snippet snippet;
  append_values(snippet, signature->parameters);
  if (random_.one_in(3) && module_.index_space(Kind::Table) != 0) {
    snippet.push_back(i32_const(random_.below(8)));
    snippet.push_back(piece_of(Opcode::CallIndirect,
                               {number(Kind::Type, types[callee]), number(Kind::Table, 0)}));
  } else {
    snippet.push_back(piece_of(Opcode::Call, {number(Kind::Function, callee)}));
  }
  for (usize i = 0; i < signature->results.size(); ++i) snippet.push_back(piece_of(Opcode::Drop));
  return snippet;
}

Snippet SnippetMaker::throwing() {
  auto const types = module_.tag_types();
  if (types.empty()) return {};
  usize const tag = random_.below(types.size());
  auto const signature = SignaturePiece::of(module_, types[tag]);
  if (!signature) return {};
  // In a block of its own, what comes behind can be reached.
  Snippet snippet{i32_const(random_.below(2)), piece_of(Opcode::If, {no_type()})};
  append_values(snippet, signature->parameters);
  snippet.push_back(piece_of(Opcode::Throw, {number(Kind::Tag, tag)}));
  snippet.push_back(piece_of(Opcode::End));
  return snippet;
}

/// Bytes of a memory or elements of a table, of such sizes that some are done in parts.
Snippet SnippetMaker::bulk() {
  constexpr auto opcodes = std::to_array<Opcode>(
      {Opcode::MemoryFill, Opcode::MemoryCopy, Opcode::MemoryInit, Opcode::MemoryGrow,
       Opcode::TableCopy, Opcode::TableInit, Opcode::TableSize, Opcode::ElemDrop});
  auto const& info = wasm::info_of(random_.pick(opcodes));
  auto const size = [this] {
    return i32_const(random_.below(4) * 4096 * random_.below(9) + random_.below(3));
  };
  bool const of_tables = info.opcode == Opcode::TableCopy || info.opcode == Opcode::TableInit;
  if (of_tables) {
    if (module_.index_space(Kind::Table) == 0) return {};
    if (info.opcode == Opcode::TableCopy)
      return {size(), size(), size(),
              piece_of(info.opcode, {number(Kind::Table, 0), number(Kind::Table, 0)})};
    if (module_.index_space(Kind::ElementSegment) == 0) return {};
    return {size(), size(), size(),
            piece_of(info.opcode, {number(Kind::ElementSegment, 0), number(Kind::Table, 0)})};
  }
  auto const made = instruction(info);
  auto const effect = effect_of(info);
  if (!made || !effect) return {};
  Snippet snippet;
  if (info.opcode == Opcode::MemoryGrow) {
    snippet.push_back(i32_const(random_.below(3)));
  } else {
    for (usize i = 0; i < effect->operands().size(); ++i) snippet.push_back(size());
  }
  snippet.push_back(*made);
  if (effect->result) snippet.push_back(piece_of(Opcode::Drop));
  return snippet;
}

Snippet SnippetMaker::counted_loop(unsigned depth) {
  u64 const counter = add_local(Bytes{0x7f});
  Snippet snippet{i32_const(random_.below(20) + 1),
                  piece_of(Opcode::LocalSet, {number(Kind::Local, counter)}),
                  piece_of(Opcode::Loop, {no_type()})};
  append(snippet, make(depth));
  append(snippet,
         {piece_of(Opcode::LocalGet, {number(Kind::Local, counter)}), i32_const(1),
          piece_of(Opcode::I32Sub), piece_of(Opcode::LocalTee, {number(Kind::Local, counter)}),
          piece_of(Opcode::BrIf, {number(Kind::Label, 0)}), piece_of(Opcode::End)});
  return snippet;
}

Snippet SnippetMaker::make(unsigned depth) {
  switch (random_.below(depth == 0 ? 8 : 12)) {
    case 0: return {piece_of(Opcode::Nop)};
    case 1: {
      u64 const locals = parameters_ + body_.local_count;
      if (locals == 0 || locals > 1000) return numeric();
      u64 const local = random_.below(locals);
      return {piece_of(Opcode::LocalGet, {number(Kind::Local, local)}), piece_of(Opcode::Drop)};
    }
    case 2: return call();
    case 3: return throwing();
    case 4:
    case 5: return bulk();
    case 8:
    case 9: return wrapped(make(depth - 1));
    case 10: return counted_loop(depth - 1);
    case 11: {
      Snippet snippet = make(depth - 1);
      append(snippet, make(depth - 1));
      return snippet;
    }
    default: return numeric();
  }
}

}  // namespace nacre::test
