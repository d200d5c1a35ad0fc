#include <fstream>
#include <gtest/gtest.h>

#include "lib/wasm_script/compact.hpp"
#include "tools/wasm_script/json_reader.hpp"

namespace nacre::tools {
namespace {

using wasm_script::Command;
using wasm_script::CommandKind;
using wasm_script::Constant;
using wasm_script::ConstantKind;
using wasm_script::LaneShape;

class JsonScriptTest : public testing::Test {
 protected:
  /// Reads a script of these commands, and keeps it for `next`.
  std::string read(const std::string& commands) {
    return read_file(R"({"commands":[)" + commands + "]}");
  }
  std::string read_file(const std::string& text) {
    std::ofstream(file_) << text;
    auto script = read_json_script(file_);
    if (!script) return script.error();
    bytes_ = std::move(*script);
    reader_.emplace(*wasm_script::Reader::create({bytes_.data(), bytes_.size()}));
    return "";
  }
  Command next() {
    auto const command = reader_->next();
    EXPECT_TRUE(command && *command);
    return command && *command ? **command : Command();
  }
  /// Of the one constant that a call expects.
  Constant expected(const std::string& json) {
    EXPECT_EQ(read(R"({"type":"assert_return","line":1,"action":{"type":"invoke","field":"f"},)"
                   R"("expected":[)" +
                   json + "]}"),
              "");
    auto const command = next();
    EXPECT_FALSE(command.expected.empty());
    return command.expected.empty() ? Constant() : command.expected.front();
  }
  std::string error_of_constant(const std::string& json) {
    auto const error =
        read(R"({"type":"action","line":1,"action":{"type":"invoke","field":"f","args":[)" + json +
             "]}}");
    return error.substr(error.find(": ") + 2);
  }

  std::string const file_ = testing::TempDir() + "json_script_test.json";

 private:
  base::Vector<base::u8> bytes_;
  std::optional<wasm_script::Reader> reader_;
};

TEST_F(JsonScriptTest, ReadsModulesWithTheirBytes) {
  std::ofstream(testing::TempDir() + "json_script_test.0.wasm") << "bytes";
  ASSERT_EQ(read(R"(
    {"type":"module","line":1,"name":"$M","filename":"json_script_test.0.wasm"},
    {"type":"module_instance","line":2,"instance":"$I","module":"$M"},
    {"type":"register","line":3,"name":"$I","as":"I"},
    {"type":"assert_invalid","line":4,"filename":"json_script_test.0.wasm","text":"why",
     "module_type":"binary"},
    {"type":"assert_malformed","line":5,"filename":"x.wat","text":"why","module_type":"text"})"),
            "");
  auto command = next();
  EXPECT_EQ(command.kind, CommandKind::Module);
  EXPECT_EQ(command.line, 1u);
  EXPECT_EQ(command.name, "$M");
  EXPECT_EQ(std::string(command.bytes.begin(), command.bytes.end()), "bytes");
  command = next();
  EXPECT_EQ(command.kind, CommandKind::ModuleInstance);
  EXPECT_EQ(command.name, "$I");
  EXPECT_EQ(command.module, "$M");
  command = next();
  EXPECT_EQ(command.kind, CommandKind::Register);
  EXPECT_EQ(command.name, "I");
  EXPECT_EQ(command.module, "$I");
  command = next();
  EXPECT_EQ(command.text, "why");
  EXPECT_EQ(command.bytes.size(), 5u);
  command = next();
  EXPECT_TRUE(command.is_text);
  EXPECT_TRUE(command.bytes.empty());
}

TEST_F(JsonScriptTest, ReadsActions) {
  ASSERT_EQ(read(R"(
    {"type":"assert_return","line":7,"expected":[{"type":"i64","value":"5"}],"action":
      {"type":"invoke","module":"$M","field":"f","args":[{"type":"i32","value":"4294967295"}]}},
    {"type":"assert_trap","line":8,"text":"why","expected":[{"type":"i32"}],"action":
      {"type":"get","field":"g"}})"),
            "");
  auto command = next();
  EXPECT_EQ(command.kind, CommandKind::AssertReturn);
  EXPECT_FALSE(command.reads_global);
  EXPECT_EQ(command.module, "$M");
  EXPECT_EQ(command.field, "f");
  ASSERT_EQ(command.arguments.size(), 1u);
  EXPECT_EQ(command.arguments[0].bits[0], 0xffff'ffffu);
  ASSERT_EQ(command.expected.size(), 1u);
  EXPECT_EQ(command.expected[0].kind, ConstantKind::I64);
  command = next();
  EXPECT_TRUE(command.reads_global);
  EXPECT_TRUE(command.expected.empty());
}

TEST_F(JsonScriptTest, ReadsConstants) {
  EXPECT_EQ(expected(R"({"type":"i32","value":"-1"})").bits[0], 0xffff'ffffu);
  EXPECT_EQ(expected(R"({"type":"i64","value":"18446744073709551615"})").bits[0], ~base::u64{0});
  EXPECT_EQ(expected(R"({"type":"f32","value":"nan:canonical"})").canonical_nans, 1);
  EXPECT_EQ(expected(R"({"type":"f64","value":"nan:arithmetic"})").arithmetic_nans, 1);
  EXPECT_EQ(expected(R"({"type":"funcref","value":"null"})").kind, ConstantKind::NullReference);
  EXPECT_EQ(expected(R"({"type":"refnull","value":"null"})").kind, ConstantKind::NullReference);
  EXPECT_EQ(expected(R"({"type":"structref","value":"any"})").kind, ConstantKind::SomeReference);
  auto const host = expected(R"-({"type":"anyref(host)","value":"3"})-");
  EXPECT_EQ(host.kind, ConstantKind::HostReference);
  EXPECT_EQ(host.bits[0], 3u);
}

TEST_F(JsonScriptTest, ReadsVectorsAndAlternatives) {
  auto vector = expected(
      R"({"type":"v128","lane_type":"i16","value":["1","2","3","4","5","6","7","65535"]})");
  EXPECT_EQ(vector.shape, LaneShape::I16x8);
  EXPECT_EQ(vector.bits[0], 0x0004'0003'0002'0001u);
  EXPECT_EQ(vector.bits[1], 0xffff'0007'0006'0005u);
  vector = expected(
      R"({"type":"v128","lane_type":"f32","value":["1","nan:canonical","0","nan:arithmetic"]})");
  EXPECT_EQ(vector.bits[0], 1u);
  EXPECT_EQ(vector.canonical_nans, 0b0010);
  EXPECT_EQ(vector.arithmetic_nans, 0b1000);
  auto const either = expected(
      R"({"type":"either","values":[{"type":"i32","value":"1"},{"type":"i32","value":"2"}]})");
  EXPECT_EQ(either.kind, ConstantKind::Either);
  EXPECT_EQ(either.bits[0], 2u);
}

TEST_F(JsonScriptTest, ComplainsInOneLine) {
  EXPECT_EQ(read_file("{"), file_ + ": it is not JSON");
  EXPECT_EQ(read_file("[]"), file_ + ": it is not JSON");
  EXPECT_EQ(read_file("{}"), file_ + ": it has no commands");
  EXPECT_EQ(read("3"), file_ + ": command 0: an object is expected");
  EXPECT_EQ(read(R"({"type":3})"), file_ + ": command 0: type is no text");
  EXPECT_EQ(read(R"({"type":"dance"})"), file_ + ": command 0: a command is unknown: dance");
  EXPECT_EQ(read(R"({"type":"action"})"), file_ + ": command 0: there is no action");
  EXPECT_EQ(read(R"({"type":"module","filename":"nowhere.wasm"})"),
            file_ + ": command 0: " + testing::TempDir() + "nowhere.wasm: cannot be opened");
  EXPECT_EQ(read_json_script("/nowhere.json").error(), "/nowhere.json: cannot be opened");
  EXPECT_EQ(error_of_constant(R"({"type":"i32","value":"4294967296"})"),
            "command 0: \"4294967296\" is no number of 32 bits");
  EXPECT_EQ(error_of_constant(R"({"type":"i32","value":"-2147483649"})"),
            "command 0: \"-2147483649\" is no number of 32 bits");
  EXPECT_EQ(error_of_constant(R"({"type":"i32"})"), "command 0: \"\" is no number of 32 bits");
  EXPECT_EQ(error_of_constant(R"({"type":"i31","value":"1"})"),
            "command 0: a type is unknown: i31");
  EXPECT_EQ(error_of_constant(R"({"type":"v128","lane_type":"i64","value":["1"]})"),
            "command 0: a v128 has not the lanes that it should have");
  EXPECT_EQ(error_of_constant(R"({"type":"v128","lane_type":"i7","value":["1"]})"),
            "command 0: a lane type is unknown: i7");
  EXPECT_EQ(error_of_constant(R"({"type":"either"})"), "command 0: an either has no values");
}

}  // namespace
}  // namespace nacre::tools
