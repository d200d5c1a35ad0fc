#include "tests/support/wasm_samples.hpp"

#include "lib/base/assert.hpp"
#include "tests/support/wasm_snippets.hpp"

namespace nacre::test {

using base::u32;
using wasm::ExternKind;
using wasm::Opcode;
using wasm::ValueType;

namespace {

/// Something of everything, for instructions to name.
ModuleBuilder furnished() {
  ModuleBuilder builder;
  u32 const nothing = builder.type({}, {});
  u32 const number = builder.type({ValueType::I32}, {ValueType::I32});
  builder.import_function("host", "answer", number);
  builder.memory(1, 4);
  builder.memory(1);
  builder.table(ValueType::FuncRef, 10);
  builder.table(ValueType::FuncRef, 4, 8);
  builder.global(ValueType::I32, true, Code().i32(7));
  builder.tag(nothing);
  builder.tag(builder.type({ValueType::I32}, {}));
  u32 const same = builder.function(number, Code().get(0));
  builder.elements(1, {same, same});
  builder.passive_elements({same});
  builder.data(16, "some text");
  builder.passive_data("more text");
  builder.export_as("memory", ExternKind::Memory, 0);
  return builder;
}

/// What has a rule of its own, by that rule. Function 1 takes and makes an i32, type 0 is of
/// nothing and type 1 of function 1, tag 0 carries nothing and tag 1 an i32.
std::vector<Code> special_codes() {
  using enum Opcode;
  constexpr auto i32 = ValueType::I32;
  ValueType const function = ref_null_to(1);
  std::vector<Code> codes;
  auto const add = [&codes]() -> Code& { return codes.emplace_back(); };
  add().op(Nop).op(Unreachable);
  add().block(Block, i32).i32(1).i32(1).br_if(0).end().op(Drop);
  add().block(Loop).i32(0).br_if(0).end();
  add().i32(1).block(If, i32).i32(1).op(Else).i32(2).end().op(Drop);
  add().block(Block).block(Block).i32(1).br_table({0, 1, 0}).end().end();
  add().block(Block).br(0).end().op(Return);
  add().i32(1).call(1).op(Drop);
  add().i32(1).i32(1).op(CallIndirect, {1, 0}).op(Drop);
  add().op(RefFunc, {1}).op(Drop).i32(1).op(RefFunc, {1}).op(CallRef, {1}).op(Drop);
  add().op(ReturnCall, {2});
  add().i32(1).op(ReturnCallIndirect, {0, 0});
  add().ref_null(ref_null_to(0)).op(ReturnCallRef, {0});
  add().i32(1).i32(2).i32(0).op(Select).op(Drop);
  add()
      .ref_null(ValueType::FuncRef)
      .ref_null(ValueType::FuncRef)
      .i32(0)
      .op(SelectTyped)
      .raw({1, 0x70})
      .op(Drop);
  add().i32(1).set(0).get(0).tee(1).op(Drop);
  add().op(GlobalGet, {0}).op(GlobalSet, {0});
  add().i32(1).i32(2).op(TableGet, {0}).op(TableSet, {0});
  add().op(TableSize, {0}).op(Drop).ref_null(ValueType::FuncRef).i32(1).op(TableGrow, {1}).op(Drop);
  add().i32(0).ref_null(ValueType::FuncRef).i32(2).op(TableFill, {0});
  add().i32(0).i32(1).i32(2).op(TableCopy, {0, 1});
  add().i32(0).i32(0).i32(1).op(TableInit, {1, 0}).op(ElemDrop, {1});
  add().op(MemorySize, {0}).op(MemoryGrow, {1}).op(Drop);
  add().i32(0).i32(0).i32(4).op(MemoryInit, {1, 0}).op(DataDrop, {1});
  add().i32(0).i32(7).i32(20'000).op(MemoryFill, {0});
  add().i32(3).i32(7).i32(20'000).op(MemoryCopy, {0, 1});
  add().i32(1).i64(1).f32(1).f64(1).v128(1, 2).op(Drop).op(Drop).op(Drop).op(Drop).op(Drop);
  add()
      .v128(1, 2)
      .v128(3, 4)
      .op(I8x16Shuffle)
      .raw({0, 1, 2, 3, 31, 30, 29, 28, 4, 5, 6, 7, 8, 9, 10, 11})
      .op(Drop);
  add().ref_null(ValueType::ExternRef).op(RefIsNull).op(Drop);
  add().ref_null(function).op(RefAsNonNull).op(Drop);
  add().block(Block).ref_null(function).op(BrOnNull, {0}).op(Drop).end();
  add()
      .block(Block, function)
      .ref_null(function)
      .op(BrOnNonNull, {0})
      .ref_null(function)
      .end()
      .op(Drop);
  add().i32(5).op(Throw, {1});
  add().block(Block).try_table({{2, 0}}).op(Throw, {0}).end().end();
  add().block(Block, i32).try_table({{0, 1, 0}}).i32(5).op(Throw, {1}).end().i32(0).end().op(Drop);
  add()
      .block(Block, ValueType::ExnRef)
      .try_table({{1, 0, 0}, {3, 0}})
      .op(Throw, {0})
      .end()
      .op(Unreachable)
      .end()
      .op(ThrowRef);
  add().block(Try, i32).i32(5).op(Throw, {1}).op(Catch, {1}).op(CatchAll).i32(6).end().op(Drop);
  add().block(Try).op(Throw, {0}).op(CatchAll).op(Rethrow, {0}).end();
  add().block(Try).block(Try).op(Throw, {0}).op(Delegate, {0}).op(Catch, {0}).end();
  return codes;
}

Bytes module_with(const Code& code) {
  ModuleBuilder builder = furnished();
  u32 const tested = builder.function(0, code, {ValueType::I32, ValueType::I32});
  builder.export_as("test", ExternKind::Function, tested);
  return builder.bytes();
}

}  // namespace

std::vector<Bytes> sample_modules() {
  std::vector<Bytes> samples;
  for (auto const& code : special_codes()) samples.push_back(module_with(code));
  // The others have operands and results that the table gives.
  auto const pieces = ModulePieces::cut(furnished().bytes());
  Random random(1);
  for (auto const& info : wasm::opcode_table) {
    auto const effect = effect_of(info);
    if (info.shape == wasm::OpcodeShape::Special || !effect) continue;
    BodyPiece body;
    SnippetMaker maker(*pieces, body, 0, random);
    Code code;
    auto const append = [&code](const Snippet& snippet) {
      for (auto const& piece : snippet)
        for (base::u8 const byte : piece.bytes()) code.raw({byte});
    };
    for (ValueType const type : effect->operands()) append(maker.value_of(type));
    auto const tested = maker.instruction(info);
    NACRE_ASSERT(tested.has_value());
    append({*tested});
    if (effect->result) code.op(Opcode::Drop);
    samples.push_back(module_with(code));
  }
  return samples;
}

}  // namespace nacre::test
