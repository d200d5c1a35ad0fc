#include <gtest/gtest.h>
#include <string>

#include "lib/wasm/binary/decoder.hpp"
#include "lib/wasm/validate/validator.hpp"
#include "tests/support/wasm_builder.hpp"

namespace nacre::wasm {
namespace {

using base::u32;
using base::u64;
using test::Bytes;
using test::Code;
using test::ModuleBuilder;
using enum ValueType;

std::string both_verdicts(const Bytes& bytes, Pace pace) {
  auto module = decode(bytes);
  auto const done = module ? validate(*module, pace) : std::unexpected(module.error());
  if (!done)
    return std::string(text_of(done.error())) + " at " + std::to_string(done.error().offset);
  std::string text = "valid";
  for (FunctionBody const& body : module->bodies)
    for (u32 const number :
         {body.local_count, body.max_operands, body.max_labels, body.instruction_count})
      text += " " + std::to_string(number);
  return text;
}

/// What is said of the module, which is the same at either pace.
std::string both_verdicts(const ModuleBuilder& builder) {
  Bytes const bytes = builder.bytes();
  std::string const each = both_verdicts(bytes, Pace::EachInstruction);
  EXPECT_EQ(both_verdicts(bytes, Pace::StraightLines), each);
  return each.substr(0, each.find_first_of("0123456789") - 1);
}

/// Of a function (i32) -> (), with instructions behind it that are of no matter.
std::string both_verdicts(const Code& code, const ModuleBuilder::Types& locals = {}) {
  ModuleBuilder builder;
  builder.memory(1);
  u32 const type = builder.type({I32}, {});
  builder.function(type, code, locals);
  Code trailing;
  for (int i = 0; i < 10; ++i) trailing.get(0).op(Opcode::Drop);
  builder.function(type, trailing);
  return both_verdicts(builder);
}

Code append(Code to, const Code& more) {
  for (auto const byte : more.bytes()) to.raw({byte});
  return to;
}

/// `code` between operands that it must not touch, in a block of its own.
Code enclosed(const Code& code) {
  return append(Code().get(0).get(0).block(Opcode::Block), code)
      .end()
      .op(Opcode::Drop)
      .op(Opcode::Drop);
}

TEST(StraightLine, BranchesGoAsFarOutAsTheirNumberSays) {
  constexpr u32 depth = 300;
  for (Opcode const branch : {Opcode::Br, Opcode::BrIf})
    for (u32 const target : {0u, 1u, 127u, 128u, 129u, 255u, 256u, depth, depth + 1}) {
      Code code;
      for (u32 i = 0; i < depth; ++i) code.block(i % 2 == 0 ? Opcode::Block : Opcode::Loop);
      if (branch == Opcode::BrIf) code.get(0);
      code.op(branch, {target});
      for (u32 i = 0; i < depth; ++i) code.end();
      EXPECT_EQ(both_verdicts(code), target <= depth ? "valid" : "unknown label at") << target;
    }
}

TEST(StraightLine, BranchesCarryWhatTheirLabelTakes) {
  EXPECT_EQ(both_verdicts(Code().block(Opcode::Block, I32).br(0).end().op(Opcode::Drop)),
            "type mismatch at");
  EXPECT_EQ(both_verdicts(Code().block(Opcode::Block, I32).get(0).br(0).end().op(Opcode::Drop)),
            "valid");
  EXPECT_EQ(both_verdicts(Code().block(Opcode::Loop, I32).br(0).end().op(Opcode::Drop)), "valid");
  EXPECT_EQ(both_verdicts(enclosed(Code().br(0).op(Opcode::I32Add).op(Opcode::Drop))), "valid");
  EXPECT_EQ(both_verdicts(enclosed(Code().get(0).br(0).op(Opcode::I64Add).op(Opcode::Drop))),
            "valid");
  EXPECT_EQ(both_verdicts(enclosed(Code().get(0).br_if(0))), "valid");
  EXPECT_EQ(both_verdicts(enclosed(Code().br_if(0))), "type mismatch at");
  EXPECT_EQ(both_verdicts(enclosed(Code().f32(1).br_if(0))), "type mismatch at");
}

TEST(StraightLine, BlocksKeepToTheirOwnOperands) {
  for (Opcode const binary : {Opcode::I32Add, Opcode::I64Add, Opcode::F64Lt})
    EXPECT_EQ(both_verdicts(enclosed(Code().get(0).op(binary).op(Opcode::Drop))),
              "type mismatch at");
  EXPECT_EQ(both_verdicts(enclosed(Code().op(Opcode::Drop))), "type mismatch at");
  EXPECT_EQ(both_verdicts(enclosed(Code().get(0))), "type mismatch at");
  EXPECT_EQ(both_verdicts(enclosed(Code().set(0))), "type mismatch at");
  EXPECT_EQ(both_verdicts(enclosed(Code().tee(0).op(Opcode::Drop))), "type mismatch at");
  EXPECT_EQ(both_verdicts(enclosed(Code().memory(Opcode::I32Load).op(Opcode::Drop))),
            "type mismatch at");
  EXPECT_EQ(both_verdicts(enclosed(Code().get(0).memory(Opcode::I32Store))), "type mismatch at");
  EXPECT_EQ(both_verdicts(enclosed(Code().block(Opcode::If).end())), "type mismatch at");
  EXPECT_EQ(both_verdicts(enclosed(Code().get(0).block(Opcode::If).op(Opcode::Else).end())),
            "valid");
  EXPECT_EQ(both_verdicts(enclosed(Code().get(0).block(Opcode::If, I32).get(0).end())),
            "type mismatch at");
}

TEST(StraightLine, LocalsOfEitherSizeOfIndex) {
  ModuleBuilder::Types locals(126, I64);
  locals.insert(locals.end(), {F32, F64, V128, FuncRef});  // from 127 on
  EXPECT_EQ(both_verdicts(Code().get(126).set(1), locals), "valid");
  EXPECT_EQ(both_verdicts(Code().f32(1).set(127).get(127).tee(127).op(Opcode::Drop), locals),
            "valid");
  EXPECT_EQ(both_verdicts(Code().f64(1).set(127), locals), "type mismatch at");
  EXPECT_EQ(both_verdicts(Code().f64(1).set(128), locals), "valid");
  EXPECT_EQ(both_verdicts(Code().get(0).set(128), locals), "type mismatch at");
  EXPECT_EQ(both_verdicts(Code().get(129).op(Opcode::Drop).get(129).set(129), locals), "valid");
  EXPECT_EQ(both_verdicts(Code().get(130).tee(130).op(Opcode::Drop), locals), "valid");
  EXPECT_EQ(both_verdicts(Code().get(131).op(Opcode::Drop), locals), "unknown local at");
  EXPECT_EQ(both_verdicts(Code().get(1).op(Opcode::Drop)), "unknown local at");
  // An index with more bytes than it needs.
  EXPECT_EQ(both_verdicts(Code().raw({0x20, 0x80, 0x00}).op(Opcode::Drop)), "valid");
}

TEST(StraightLine, GlobalsOfEitherSizeOfIndex) {
  auto const verdict_with_globals = [](const Code& code) {
    ModuleBuilder builder;
    for (u32 i = 0; i < 130; ++i) builder.global(I32, i % 2 == 0, Code().i32(0));
    builder.function(builder.type({}, {}), code);
    return both_verdicts(builder);
  };
  for (u64 const index : {0u, 1u, 126u, 127u, 128u, 129u, 130u}) {
    bool const is_there = index < 130;
    EXPECT_EQ(verdict_with_globals(Code().op(Opcode::GlobalGet, {index}).op(Opcode::Drop)),
              is_there ? "valid" : "unknown global at");
    EXPECT_EQ(verdict_with_globals(Code().i32(1).op(Opcode::GlobalSet, {index})),
              !is_there        ? "unknown global at"
              : index % 2 == 0 ? "valid"
                               : "immutable global at");
    EXPECT_NE(verdict_with_globals(Code().f32(1).op(Opcode::GlobalSet, {index})), "valid");
  }
}

TEST(StraightLine, AlignmentsAndOffsetsUpToTheirLimits) {
  for (OpcodeInfo const& info : opcode_table) {
    if (info.shape != OpcodeShape::Load) continue;
    for (u32 const align : {info.access_log2 + 0u, info.access_log2 + 1u, 31u, 63u})
      EXPECT_EQ(
          both_verdicts(Code().get(0).memory(info.opcode, 8, align).op(Opcode::Drop)),
          align <= info.access_log2 ? "valid" : "alignment must not be larger than natural at")
          << info.name << " " << align;
  }
  for (u64 const offset : {u64{0x7f}, u64{0x80}, u64{0xfff'ffff}, u64{0x1000'0000},
                           u64{0xffff'ffff}, u64{0x1'0000'0000}})
    EXPECT_EQ(both_verdicts(Code().get(0).op(Opcode::I32Load, {2, offset}).op(Opcode::Drop)),
              offset <= UINT32_MAX ? "valid" : "offset out of range at");
  ModuleBuilder without_memory;
  without_memory.function(without_memory.type({}, {}),
                          Code().i32(0).memory(Opcode::I32Load).op(Opcode::Drop));
  EXPECT_EQ(both_verdicts(without_memory), "unknown memory at");
}

TEST(StraightLine, ConstantsOfEverySize) {
  for (usize const bytes : {1u, 2u, 3u, 4u, 5u, 6u, 7u, 8u, 9u, 10u, 11u})
    for (u8 const last : {u8{0x00}, u8{0x01}, u8{0x07}, u8{0x08}, u8{0x3f}, u8{0x70}, u8{0x7f}})
      for (u8 const opcode : {u8{0x41}, u8{0x42}}) {
        Code code;
        code.raw({opcode});
        for (usize i = 1; i < bytes; ++i) code.raw({0x81});
        code.raw({last}).op(Opcode::Drop);
        bool const fits = bytes < (opcode == 0x41 ? 5u : 10u);
        std::string const found = both_verdicts(code);
        if (fits) EXPECT_EQ(found, "valid");
      }
  EXPECT_EQ(both_verdicts(Code().f32(1).op(Opcode::F32Neg).op(Opcode::Drop)), "valid");
  EXPECT_EQ(both_verdicts(Code().f64(1).op(Opcode::F32Neg).op(Opcode::Drop)), "type mismatch at");
}

TEST(StraightLine, CallsTakeAndGiveWhatTheirTypeSays) {
  auto const verdict_with_callees = [](const Code& code) {
    ModuleBuilder builder;
    u32 const caller = builder.type({}, {});
    u32 const two = builder.type({I32, F64}, {I64, I32});
    u32 const vector = builder.type({V128}, {V128});
    builder.function(caller, code);
    builder.function(two, Code().i64(1).i32(2));
    builder.function(vector, Code().get(0));
    for (u32 i = 3; i < 200; ++i) builder.function(caller, Code());
    builder.function(two, Code().i64(1).i32(2));
    return both_verdicts(builder);
  };
  for (u32 const callee : {1u, 200u}) {
    EXPECT_EQ(
        verdict_with_callees(
            Code().i32(1).f64(2).call(callee).op(Opcode::Drop).op(Opcode::I64Eqz).op(Opcode::Drop)),
        "valid");
    EXPECT_EQ(verdict_with_callees(Code().f64(1).i32(2).call(callee)), "type mismatch at");
    EXPECT_EQ(verdict_with_callees(
                  Code().i32(1).block(Opcode::Block).f64(2).call(callee).end().op(Opcode::Drop)),
              "type mismatch at");
  }
  EXPECT_EQ(
      verdict_with_callees(Code().v128(1, 2).i32(1).op(Opcode::Drop).call(2).op(Opcode::Drop)),
      "valid");
  EXPECT_EQ(verdict_with_callees(Code().call(201)), "unknown function at");
  EXPECT_EQ(verdict_with_callees(Code().call(199).call(3)), "valid");
}

TEST(StraightLine, WhatHasTwoSlotsIsCountedAsTwo) {
  Code code = Code().v128(1, 2).v128(3, 4);
  for (int i = 0; i < 20; ++i) code.get(0);
  for (int i = 0; i < 22; ++i) code.op(Opcode::Drop);
  EXPECT_EQ(both_verdicts(code), "valid");
  // A branch away from vectors leaves nothing of them.
  EXPECT_EQ(both_verdicts(enclosed(Code().v128(1, 2).br(0))), "valid");
}

TEST(StraightLine, MoreOperandsAtOnceThanRoomIsMadeFor) {
  for (int const count : {255, 256, 257, 600}) {
    Code code;
    for (int i = 0; i < count; ++i) code.get(0);
    for (int i = 1; i < count; ++i) code.op(Opcode::I32Add);
    EXPECT_EQ(both_verdicts(code.op(Opcode::Drop)), "valid");
  }
}

TEST(StraightLine, CodeThatEndsWithTheModule) {
  // Each cut of a body, whose last bytes are the module's last.
  Code const whole = Code().i32(1000).i64(-5'000'000'000).op(Opcode::Drop).f64(1).op(Opcode::Drop);
  for (usize size = 0; size <= whole.bytes().size(); ++size) {
    ModuleBuilder builder;
    Code code;
    for (usize i = 0; i < size; ++i) code.raw({whole.bytes()[i]});
    builder.function(builder.type({}, {I32}), code);
    both_verdicts(builder);
  }
}

}  // namespace
}  // namespace nacre::wasm
