#include <algorithm>
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
    builder.exported("recurse", {}, {}, Code().call(3));
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

TEST_F(WasmrunTest, EndsWhatTakesTooMuchStack) {
  auto result = wasmrun("--call-depth 5 " + file_ + " --invoke recurse");
  EXPECT_EQ(result.status, 134);
  EXPECT_EQ(std::ranges::count(result.text, '\n'), 1 + 5);
  EXPECT_TRUE(result.text.starts_with("wasmrun: trap: call stack exhausted\n")) << result.text;
  result = wasmrun("--stack 4K " + file_ + " --invoke recurse");
  EXPECT_TRUE(result.text.starts_with("wasmrun: trap: call stack exhausted\n")) << result.text;
}

TEST_F(WasmrunTest, TracesEachInstruction) {
  auto const result = wasmrun("--trace " + file_ + " --invoke add -2 44");
  EXPECT_EQ(result.status, 0);
  EXPECT_TRUE(result.text.contains("1 add(-2, 44)\n1 add 0x")) << result.text;
  EXPECT_TRUE(result.text.contains(": i64.extend_i32_s\n")) << result.text;
  EXPECT_TRUE(result.text.contains("42\n0.5\n")) << result.text;
}

TEST_F(WasmrunTest, TellsWhatIsWrongWithTheCommandLine) {
  auto const complaint = [](const std::string& arguments) {
    auto const result = wasmrun(arguments);
    EXPECT_EQ(result.status, 2) << arguments;
    std::string_view text = result.text;
    std::string_view const before = "wasmrun: ";
    std::string_view const after = " (see --help)\n";
    EXPECT_TRUE(text.starts_with(before) && text.ends_with(after)) << text;
    text.remove_prefix(before.size());
    text.remove_suffix(after.size());
    return std::string(text);
  };
  EXPECT_EQ(complaint(""), "no file is given");
  EXPECT_EQ(complaint("--bogus x"), "unknown option --bogus");
  EXPECT_EQ(complaint("x --invoke f 1 --bogus"), "unknown option --bogus");
  EXPECT_EQ(complaint("x --fuel"), "--fuel needs a value");
  EXPECT_EQ(complaint("--fuel 1e5 x"), "--fuel: \"1e5\" is no number");
  EXPECT_EQ(complaint("--fuel -1 x"), "--fuel: \"-1\" is no number");
  EXPECT_EQ(complaint("--pages 65537 x"), "--pages: 65537 is more than 65536");
  EXPECT_EQ(complaint("--call-depth 0 x"), "--call-depth: 0 is less than 1");
  EXPECT_EQ(complaint("--stack 5T x"), "--stack: \"5T\" is no size");
  EXPECT_EQ(complaint("--stack 0 x"), "--stack: \"0\" is no size");
  EXPECT_EQ(complaint("--stack 17179869184G x"), "--stack: \"17179869184G\" is no size");
  EXPECT_EQ(complaint("--env K x"), "--env: \"K\" is not of the form K=V");
  EXPECT_EQ(complaint("--dir ::/x x"), "--dir: \"::/x\" is not of the form HOST[::GUEST]");
  EXPECT_EQ(complaint("--dir x:: x"), "--dir: \"x::\" is not of the form HOST[::GUEST]");
  EXPECT_EQ(complaint("--dump --dir / x"), "--dir and --dump do not go together");
  EXPECT_EQ(complaint("x y"),
            "unexpected argument y (what the program is to get stands behind --)");
  EXPECT_EQ(complaint("--dump --validate x"), "--dump and --validate do not go together");
  EXPECT_EQ(complaint("--dump --fuel 1 x"), "--fuel and --dump do not go together");
  EXPECT_EQ(complaint("--dump --trace x"), "--trace and --dump do not go together");
  EXPECT_EQ(complaint("--script x.json y"), "unexpected argument y (--script has its file)");
  EXPECT_EQ(complaint("x --invoke f -- y"), "-- and --invoke do not go together");
}

TEST_F(WasmrunTest, ShowsWhatItCanDo) {
  auto const result = wasmrun("--help");
  EXPECT_EQ(result.status, 0);
  for (auto const* const option :
       {"--invoke", "--dir", "--env", "--trace", "--fuel", "--pages", "--stack", "--call-depth",
        "--validate", "--dump", "--disassemble", "--script"})
    EXPECT_TRUE(result.text.contains(std::string("\n  ") + option + " ")) << option;
}

TEST_F(WasmrunTest, RunsScripts) {
  std::string const script = testing::TempDir() + "wasmrun_test.json";
  auto const run_with = [&](const std::string& expected) {
    std::ofstream(script) << R"({"commands":[{"type":"module","line":1,"filename":")"
                             R"(wasmrun_test.wasm"},{"type":"assert_return","line":2,"action":)"
                             R"({"type":"invoke","field":"add","args":[{"type":"i32","value":"1"},)"
                             R"({"type":"i64","value":"2"}]},"expected":[{"type":"i64","value":")"
                          << expected << R"("},{"type":"f64","value":"4602678819172646912"}]}]})";
    return wasmrun("--script " + script);
  };
  auto result = run_with("3");
  EXPECT_EQ(result.status, 0);
  EXPECT_TRUE(result.text.ends_with(" 2 passed, 0 failed, 0 skipped\n")) << result.text;
  result = run_with("4");
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(result.text.starts_with("FAILED line 2: add: result 0 is i64 3")) << result.text;
  EXPECT_TRUE(result.text.ends_with(" 1 passed, 1 failed, 0 skipped\n")) << result.text;
  EXPECT_EQ(wasmrun("--script /nowhere.json").text, "wasmrun: /nowhere.json: cannot be opened\n");
}

TEST_F(WasmrunTest, ComplainsInOneLine) {
  EXPECT_EQ(wasmrun(file_ + " --invoke add 1").text,
            "wasmrun: add is a function of (i32, i64) -> (i64, f64), and 1 values are given\n");
  EXPECT_EQ(wasmrun(file_ + " --invoke add x 1").text, "wasmrun: x is no i32\n");
  EXPECT_EQ(wasmrun(file_ + " --invoke add 4294967296 1").text, "wasmrun: 4294967296 is no i32\n");
  EXPECT_EQ(wasmrun("--invoke add " + file_ + " 1 -1").text, "0\n0.5\n");
  EXPECT_EQ(wasmrun("/").text, "wasmrun: /: is a folder\n");
  EXPECT_EQ(wasmrun(file_).text,
            "wasmrun: " + file_ +
                ": no program: it exports neither _start nor main without parameters\n");
  EXPECT_EQ(wasmrun("--dir /nowhere " + file_).text, "wasmrun: --dir: /nowhere: is no folder\n");
  EXPECT_EQ(wasmrun("/nowhere.wasm").text, "wasmrun: /nowhere.wasm: cannot be opened\n");
  write(
      "\x7f"
      "ELF");
  auto const result = wasmrun(file_);
  EXPECT_EQ(result.status, 126);
  EXPECT_EQ(result.text, "wasmrun: " + file_ +
                             ": not a WebAssembly module: magic header not detected at byte 0x0\n");
}

TEST_F(WasmrunTest, ListsAndDisassembles) {
  EXPECT_EQ(wasmrun("--validate " + file_).text, "");
  EXPECT_NE(wasmrun("--dump " + file_).text.find("export function 2: trap\n"), std::string::npos);
  EXPECT_NE(wasmrun("--disassemble " + file_).text.find("  i64.extend_i32_s\n"), std::string::npos);
}

}  // namespace
}  // namespace nacre::tools
