#include "lib/wasm/binary/disassemble.hpp"

#include <gtest/gtest.h>
#include <string>

#include "lib/wasm/binary/decoder.hpp"
#include "lib/wasm/binary/names.hpp"
#include "tests/support/wasm_builder.hpp"

namespace nacre::wasm {
namespace {

using test::Code;
using test::ModuleBuilder;
using enum ValueType;

std::string text(const Code& code) {
  ModuleBuilder builder;
  builder.function(builder.type({}, {}), code);
  auto const bytes = builder.bytes();
  auto const module = decode(bytes);
  EXPECT_TRUE(module.has_value());
  base::String out;
  base::StringSink sink(out);
  EXPECT_TRUE(disassemble(sink, module->bodies[0]));
  // Without the offsets in front.
  std::string result;
  std::string_view rest = out;
  while (!rest.empty()) {
    auto const line = rest.substr(0, rest.find('\n'));
    result += std::string(line.substr(12)) + "\n";
    rest.remove_prefix(line.size() + 1);
  }
  return result;
}

TEST(Disassemble, WritesEveryKindOfImmediate) {
  EXPECT_EQ(
      text(Code()
               .block(Opcode::Block, I32)
               .i32(-5)
               .get(3)
               .br_table({0, 1})
               .end()
               .f32_bits(0x7fc00000)
               .memory(Opcode::I64Load, 16, 3)
               .op(Opcode::CallIndirect, {2, 1})
               .op(Opcode::MemoryCopy, {0, 0})
               .ref_null(ExternRef)
               .v128(0x1111111122222222, 0x7fffffff)
               .op(Opcode::I8x16ExtractLaneU, {15})
               .memory_lane(Opcode::V128Load16Lane, 7, 4, 1)
               .op(Opcode::I8x16Shuffle, {0, 1, 2, 3, 4, 5, 6, 7, 31, 30, 29, 28, 27, 26, 25, 24})
               .op(Opcode::I8x16RelaxedSwizzle)),
      "  block (result i32)\n"
      "    i32.const -5\n"
      "    local.get 3\n"
      "    br_table 0 1\n"
      "  end\n"
      "  f32.const bits:0x7fc00000\n"
      "  i64.load offset=16 align=8\n"
      "  call_indirect 1 (type 2)\n"
      "  memory.copy 0 0\n"
      "  ref.null extern\n"
      "  v128.const i32x4 0x22222222 0x11111111 0x7fffffff 0x00000000\n"
      "  i8x16.extract_lane_u 15\n"
      "  v128.load16_lane offset=4 align=2 7\n"
      "  i8x16.shuffle 0 1 2 3 4 5 6 7 31 30 29 28 27 26 25 24\n"
      "  i8x16.relaxed_swizzle\n"
      "end\n");
}

TEST(Names, ComeFromTheNameSectionOrElseFromExports) {
  ModuleBuilder builder;
  u32 const type = builder.type({}, {});
  builder.import_function("env", "imported", type);
  u32 const named = builder.function(type, Code());
  u32 const exported = builder.exported("exported", {}, {}, Code());
  u32 const nameless = builder.function(type, Code());
  builder.function_name(named, "named");
  auto const bytes = builder.bytes();
  auto const module = decode(bytes);
  ASSERT_TRUE(module.has_value());
  EXPECT_EQ(name_of_function(*module, 0), "imported");
  EXPECT_EQ(name_of_function(*module, named), "named");
  EXPECT_EQ(name_of_function(*module, exported), "exported");
  EXPECT_EQ(name_of_function(*module, nameless), std::nullopt);
}

TEST(Names, AMalformedSectionIsNone) {
  ModuleBuilder builder;
  builder.function(builder.type({}, {}), Code());
  auto bytes = builder.bytes();
  // A name section whose subsection claims more bytes than there are.
  for (u8 const byte : std::initializer_list<u8>{0, 7, 4, 0x6e, 0x61, 0x6d, 0x65, 1, 0x7f})
    bytes.push_back(byte);
  auto const module = decode(bytes);
  ASSERT_TRUE(module.has_value());
  EXPECT_EQ(name_of_function(*module, 0), std::nullopt);
}

}  // namespace
}  // namespace nacre::wasm
