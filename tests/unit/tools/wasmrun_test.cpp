#include <cstdio>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <sys/wait.h>

#include "tests/support/wasm_builder.hpp"

// The program itself, as one calls it.
namespace nacre::tools {
namespace {

using test::Code;
using test::ModuleBuilder;
using wasm::Opcode;
using enum wasm::ValueType;

struct Result {
  int status;
  std::string text;  // Of both streams.
};

Result wasmrun(const std::string& arguments) {
  std::string const command = std::string(NACRE_WASMRUN) + " " + arguments + " 2>&1";
  std::FILE* const pipe = popen(command.c_str(), "r");
  Result result{};
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe))
    result.text += static_cast<char>(c);
  result.status = WEXITSTATUS(pclose(pipe));
  return result;
}

class WasmrunTest : public testing::Test {
 protected:
  void SetUp() override {
    ModuleBuilder builder;
    builder.exported("add", {I32, I64}, {I64, F64},
                     Code().get(0).op(Opcode::I64ExtendI32S).get(1).op(Opcode::I64Add).f64(0.5));
    builder.exported("vector", {V128, I32}, {V128, I32},
                     Code().get(0).get(0).op(Opcode::I8x16Add).get(1));
    builder.exported("trap", {}, {}, Code().op(Opcode::Unreachable));
    builder.exported("loop", {}, {}, Code().block(Opcode::Loop).br(0).end());
    auto const bytes = builder.bytes();
    write({bytes.begin(), bytes.end()});
  }
  void write(const std::string& bytes) { std::ofstream(file_, std::ios::binary) << bytes; }

  std::string const file_ = testing::TempDir() + "wasmrun_test.wasm";
};

TEST_F(WasmrunTest, InvokesWithArguments) {
  auto const result = wasmrun(file_ + " --invoke add -2 44");
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.text, "42\n0.5\n");
}

TEST_F(WasmrunTest, ReadsAndPrintsVectors) {
  auto const whole = wasmrun(file_ + " --invoke vector 0x0102030405060708090a0b0c0d0e0f80 7");
  EXPECT_EQ(whole.status, 0);
  EXPECT_EQ(whole.text, "0x020406080a0c0e10121416181a1c1e00\n7\n");
  EXPECT_EQ(wasmrun(file_ + " --invoke vector 0x11 7").text,
            "0x00000000000000000000000000000022\n7\n");
  for (std::string const bad : {"0x", "11", "0x1g", "0x-1", "0x111111111111111111111111111111111"})
    EXPECT_EQ(wasmrun(file_ + " --invoke vector " + bad + " 7").text,
              "wasmrun: " + bad + " is no v128\n");
}

TEST_F(WasmrunTest, ReportsATrapWithABacktrace) {
  auto const result = wasmrun(file_ + " --invoke trap");
  EXPECT_EQ(result.status, 134);
  EXPECT_TRUE(result.text.starts_with("wasmrun: trap: unreachable\n  #0 trap (function 2) at byte"))
      << result.text;
}

TEST_F(WasmrunTest, EndsWhatTakesTooLong) {
  auto const result = wasmrun("--fuel 1000 " + file_ + " --invoke loop");
  EXPECT_EQ(result.status, 134);
  EXPECT_TRUE(result.text.starts_with("wasmrun: trap: out of fuel\n")) << result.text;
}

TEST_F(WasmrunTest, ComplainsInOneLine) {
  EXPECT_EQ(wasmrun(file_ + " --invoke add 1").status, 2);
  EXPECT_EQ(wasmrun(file_ + " --invoke add x 1").text, "wasmrun: x is no i32\n");
  EXPECT_EQ(wasmrun(file_).text, "wasmrun: " + file_ + ": no function is exported as main\n");
  EXPECT_EQ(wasmrun("/nowhere.wasm").text, "wasmrun: /nowhere.wasm: cannot be opened\n");
  EXPECT_EQ(wasmrun("--unknown").status, 2);
  write(
      "\x7f"
      "ELF");
  auto const result = wasmrun(file_);
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.text,
            "wasmrun: " + file_ + ": malformed module at byte 0x0: magic header not detected\n");
}

TEST_F(WasmrunTest, ListsAndDisassembles) {
  EXPECT_EQ(wasmrun("--validate " + file_).text, "");
  EXPECT_NE(wasmrun("--dump " + file_).text.find("export function 2: trap\n"), std::string::npos);
  EXPECT_NE(wasmrun("--disassemble " + file_).text.find("  i64.extend_i32_s\n"), std::string::npos);
}

}  // namespace
}  // namespace nacre::tools
