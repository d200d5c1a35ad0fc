#include "lib/wasm_script/compact.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "tests/support/failing_allocator.hpp"
#include "tests/unit/lib/wasm_script/constants.hpp"

namespace nacre::wasm_script {
namespace {

/// A command of each kind, and everything that can stand in one.
class CompactTest : public testing::Test {
 protected:
  CompactTest() {
    for (u8 kind = 0; kind < command_kinds; ++kind) {
      Command command;
      command.kind = static_cast<CommandKind>(kind);
      command.line = kind * 0x1'0001u;
      command.name = "$name";
      command.text = "a text with a \0 in it";
      commands_.push_back(command);
    }
    commands_[0].bytes = module_;
    commands_[1].is_text = true;
    commands_[4].reads_global = true;
    commands_[4].module = "$module";
    commands_[5].field = "field";
    commands_[5].arguments = arguments_;
    commands_[5].expected = expected_;
  }

  std::vector<u8> const module_{0, 'a', 's', 'm'};
  std::vector<Constant> const arguments_{i32(-1),
                                         i64(-2),
                                         f32(0.5f),
                                         f64(-0.25),
                                         reference(ConstantKind::HostReference, 7),
                                         reference(ConstantKind::NullReference),
                                         v128(LaneShape::I8x16, 1, ~u64{0})};
  std::vector<Constant> const expected_{either(2),
                                        i32(1),
                                        canonical_nan(ConstantKind::F32),
                                        reference(ConstantKind::SomeReference),
                                        {ConstantKind::V128, LaneShape::F64x2, 1, 2, {3, 4}}};
  std::vector<Command> commands_;
};

/// How far the bytes can be read, and what ends it.
struct End {
  usize commands = 0;
  std::optional<ScriptError> error;
};
End read_all(std::span<const u8> bytes) {
  End end;
  auto reader = Reader::create(bytes);
  if (!reader) return {0, reader.error()};
  for (;; ++end.commands) {
    auto const command = reader->next();
    if (!command) return {end.commands, command.error()};
    if (!*command) return end;
  }
}
Flaw flaw_of(std::span<const u8> bytes) {
  auto const end = read_all(bytes);
  EXPECT_TRUE(end.error.has_value());
  return end.error ? std::get<Flaw>(end.error->cause) : Flaw{255};
}

void expect_same(const Command& left, const Command& right) {
  EXPECT_EQ(left.kind, right.kind);
  EXPECT_EQ(left.reads_global, right.reads_global);
  EXPECT_EQ(left.is_text, right.is_text);
  EXPECT_EQ(left.line, right.line);
  EXPECT_EQ(left.name, right.name);
  EXPECT_EQ(left.module, right.module);
  EXPECT_TRUE(std::ranges::equal(left.bytes, right.bytes));
  EXPECT_EQ(left.text, right.text);
  EXPECT_EQ(left.field, right.field);
  EXPECT_TRUE(std::ranges::equal(left.arguments, right.arguments));
  EXPECT_TRUE(std::ranges::equal(left.expected, right.expected));
}

TEST_F(CompactTest, GivesBackWhatWasWritten) {
  auto const bytes = script_of(commands_);
  auto reader = Reader::create(bytes);
  ASSERT_TRUE(reader);
  for (Command const& expected : commands_) {
    auto const command = reader->next();
    ASSERT_TRUE(command && *command);
    expect_same(**command, expected);
  }
  for (int i = 0; i < 2; ++i) {
    auto const end = reader->next();
    EXPECT_TRUE(end && !*end);
  }
}

TEST_F(CompactTest, AnEmptyScriptIsOne) {
  auto const end = read_all(script_of({}));
  EXPECT_EQ(end.commands, 0u);
  EXPECT_FALSE(end.error);
}

TEST_F(CompactTest, AWriterBeginsAnew) {
  Writer writer;
  ASSERT_TRUE(writer.add(commands_[0]) && writer.add(commands_[1]));
  ASSERT_TRUE(writer.take());
  ASSERT_TRUE(writer.add(commands_[0]));
  auto const second = writer.take();
  EXPECT_EQ(read_all({second->data(), second->size()}).commands, 1u);
}

TEST_F(CompactTest, EveryPartIsTooShort) {
  auto const bytes = script_of(commands_);
  EXPECT_EQ(read_all(bytes).commands, commands_.size());
  for (usize size = 0; size < bytes.size(); ++size) {
    auto const end = read_all(std::span(bytes).first(size));
    ASSERT_TRUE(end.error.has_value()) << size;
    EXPECT_EQ(std::get<Flaw>(end.error->cause), Flaw::Truncated) << size;
    EXPECT_LE(end.error->offset, size);
    EXPECT_LT(end.commands, commands_.size());
  }
}

TEST_F(CompactTest, NoChangedByteIsHarmful) {
  auto bytes = script_of(commands_);
  for (u8& byte : bytes) {
    u8 const before = byte;
    for (u8 const changed : {static_cast<u8>(before ^ 0x01), static_cast<u8>(before ^ 0x80),
                             static_cast<u8>(before ^ 0xff)}) {
      byte = changed;
      read_all(bytes);  // The sanitizers look on.
    }
    byte = before;
  }
}

TEST_F(CompactTest, RefusesWhatMakesNoSense) {
  auto bytes = script_of(commands_);
  bytes.push_back(0);
  EXPECT_EQ(flaw_of(bytes), Flaw::TrailingBytes);
  bytes = script_of({commands_[0]});
  bytes[0] = 'x';
  EXPECT_EQ(flaw_of(bytes), Flaw::NotAScript);
  bytes = script_of({commands_[0]});
  bytes[8] = command_kinds;
  EXPECT_EQ(flaw_of(bytes), Flaw::UnknownCommand);
  bytes[8] = 0;
  bytes[9] = 4;
  EXPECT_EQ(flaw_of(bytes), Flaw::UnknownCommand);
}

TEST_F(CompactTest, RefusesConstantsThatMakeNoSense) {
  auto const flaw_with = [](const std::vector<Constant>& expected) {
    Command command;
    command.expected = expected;
    return flaw_of(script_of({command}));
  };
  EXPECT_EQ(flaw_with({either(0)}), Flaw::WrongConstant);
  EXPECT_EQ(flaw_with({either(2), i32(1)}), Flaw::WrongConstant);
  EXPECT_EQ(flaw_with({either(~u64{0}), i32(1)}), Flaw::WrongConstant);
  EXPECT_EQ(flaw_with({either(2), either(1), i32(1)}), Flaw::WrongConstant);
  EXPECT_EQ(flaw_with({reference(static_cast<ConstantKind>(constant_kinds))}), Flaw::WrongConstant);
  EXPECT_EQ(flaw_with({v128(static_cast<LaneShape>(lane_shapes), 0, 0)}), Flaw::WrongConstant);
}

TEST_F(CompactTest, SaysWhereItIsWrong) {
  base::FixedText<100> const text("{}", ScriptError(Flaw::Truncated, 31));
  EXPECT_EQ(text.view(), "not a script: it ends too soon, at byte 0x1f");
}

TEST_F(CompactTest, MemoryMayRunOut) {
  auto const failures = test::fail_each_allocation([&] {
    Writer writer;
    for (Command const& command : commands_)
      if (!writer.add(command)) return;
    auto const bytes = writer.take();
    if (!bytes) return;
    auto const end = read_all({bytes->data(), bytes->size()});
    if (end.error) {
      EXPECT_TRUE(std::holds_alternative<base::OutOfMemory>(end.error->cause));
    }
  });
  EXPECT_GT(failures, 5u);
}

}  // namespace
}  // namespace nacre::wasm_script
