#pragma once

#include <expected>
#include <string>
#include <vector>

#include "lib/wasm/runtime/store.hpp"
#include "lib/wasm/runtime/tier.hpp"

namespace nacre::tools {

inline constexpr const char* usage =
    "usage: wasmrun [options] FILE.wasm [-- ARGUMENTS...]\n"
    "       wasmrun [options] FILE.wasm --invoke NAME [VALUES...]\n"
    "       wasmrun [--trace] --script FILE.json\n"
    "Runs a program, with WASI on this process' streams, and exits with its status.\n"
    "  --invoke NAME    calls that export; without it, `_start` or `main`\n"
    "  --dir HOST[::GUEST]  a copy of a folder, which the program finds as GUEST, else as HOST;\n"
    "                   what it writes is gone in the end\n"
    "  --env K=V        a variable of the program's environment\n"
    "  --trace          writes each instruction to stderr before it is executed\n"
    "  --fuel N         ends the program after N calls and jumps back\n"
    "  --pages N        the most pages of 64 KiB that a memory may have\n"
    "  --call-depth N   the most calls that may be active at a time\n"
    "  --stack SIZE     the bytes of their locals and operands; K, M and G multiply\n"
    "Instead of running it:\n"
    "  --validate       only checks the module\n"
    "  --dump           lists what the module has\n"
    "  --disassemble    prints its code\n"
    "  --script FILE    runs a script of wast2json, prints what fails and the totals\n"
    "  --help           prints this\n"
    "Exit status: the program's own; 134 after a trap; 1 where something could not be done or a\n"
    "script failed; 2 where the command line makes no sense.\n";

struct Options {
  enum class Action : base::u8 { Run, Validate, Dump, Disassemble, Script, Help };
  Action action = Action::Run;
  std::string file;
  std::string invoke;
  /// Of the invoked function.
  std::vector<std::string> values;
  std::vector<std::string> program_arguments;
  std::vector<std::string> variables;
  struct Folder {
    std::string host;
    std::string guest;
  };
  std::vector<Folder> folders;
  bool trace = false;
  wasm::GuestLimits guest;
  wasm::StoreLimits store;
};

/// Reads the command line, without the program's name. Errors: one line that says what is wrong.
std::expected<Options, std::string> parse_options(const std::vector<std::string>& arguments);

}  // namespace nacre::tools
