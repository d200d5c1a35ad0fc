#include "lib/wasm/binary/decoder.hpp"

#include <gtest/gtest.h>
#include <initializer_list>
#include <vector>

#include "lib/wasm/binary/opcodes.hpp"

namespace nacre::wasm {
namespace {

std::vector<u8> module_of(std::initializer_list<u8> sections) {
  std::vector<u8> bytes{0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0};
  bytes.insert(bytes.end(), sections);
  return bytes;
}

template <class T>
void expect_refused(const std::vector<u8>& bytes, T cause, usize offset) {
  auto const module = decode(bytes);
  ASSERT_FALSE(module.has_value());
  EXPECT_TRUE(module.error().is(cause)) << text_of(module.error());
  EXPECT_EQ(module.error().offset, offset);
}

TEST(Decoder, AcceptsTheEmptyModule) { EXPECT_TRUE(decode(module_of({})).has_value()); }

TEST(Decoder, NamesWhatIsWrongAndWhere) {
  expect_refused({}, Malformed::UnexpectedEnd, 0);
  expect_refused({0x7f, 'E', 'L', 'F'}, Malformed::MagicHeader, 0);
  expect_refused({0, 0x61, 0x73, 0x6d, 2, 0, 0, 0}, Malformed::BinaryVersion, 4);
  expect_refused({0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0}, Feature::Components, 4);
  expect_refused(module_of({14, 0}), Malformed::SectionId, 8);
  expect_refused(module_of({1, 5, 0}), Malformed::LengthOutOfBounds, 10);
  expect_refused(module_of({1, 2, 0, 0}), Malformed::SectionSize, 11);
  expect_refused(module_of({3, 1, 0, 1, 1, 0}), Malformed::SectionOrder, 11);
  expect_refused(module_of({1, 1, 0, 1, 1, 0}), Malformed::SectionOrder, 11);
  expect_refused(module_of({0, 2, 1, 0xff}), Malformed::Utf8, 11);
  expect_refused(module_of({1, 6, 0x80, 0x80, 0x80, 0x80, 0x80, 0}), Malformed::IntegerTooLong, 14);
  expect_refused(module_of({1, 5, 0xff, 0xff, 0xff, 0xff, 0x7f}), Malformed::IntegerTooLarge, 14);
  expect_refused(module_of({1, 4, 1, 0x60, 0, 5}), Malformed::EndOfSectionOrFunction, 13);
  expect_refused(module_of({1, 4, 1, 0x50, 0, 0}), Feature::GarbageCollection, 11);
}

TEST(Decoder, ReadsTypesAndBodies) {
  // (func (param i32 i64) (result f32) (local i32) ...)
  auto const bytes = module_of({1,  7,  1, 0x60, 2, 0x7f, 0x7e, 1,    0x7d, 3, 2, 1, 0,
                                10, 11, 1, 9,    1, 1,    0x7f, 0x43, 0,    0, 0, 0, 0x0b});
  auto const module = decode(bytes);
  ASSERT_TRUE(module.has_value()) << text_of(module.error());
  ASSERT_EQ(module->types.size(), 1u);
  EXPECT_EQ(module->types[0].parameters()[1], ValueType::I64);
  EXPECT_EQ(module->types[0].results()[0], ValueType::F32);
  ASSERT_EQ(module->bodies.size(), 1u);
  EXPECT_EQ(module->bodies[0].code.offset, bytes.size() - 6);
}

TEST(Opcodes, EveryLineIsFoundByItsEncoding) {
  for (OpcodeInfo const& info : opcode_table)
    EXPECT_EQ(find_opcode(static_cast<u32>(info.opcode)), &info) << info.name;
}

}  // namespace
}  // namespace nacre::wasm
