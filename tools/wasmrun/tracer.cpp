#include "tools/wasmrun/tracer.hpp"

#include "lib/wasm/binary/disassemble.hpp"
#include "lib/wasm/binary/names.hpp"
#include "tools/wasmrun/output.hpp"
#include "tools/wasmrun/values.hpp"

namespace nacre::tools {
namespace {

using base::usize;

std::string text_of_arguments(std::span<const wasm::ValueType> types,
                              std::span<const wasm::Slot> slots) {
  std::string text;
  for (wasm::ValueType const type : types) {
    if (!text.empty()) text += ", ";
    text += text_of_value(type, slots);
    slots = slots.subspan(slots_of(type));
  }
  return text;
}

}  // namespace

void Tracer::before_instruction(const wasm::FunctionInstance& function, usize offset, usize depth,
                                std::span<const wasm::Slot> parameters) {
  wasm::Module const& module = function.instance->module();
  auto const& code = module.bodies[function.index - module.imported_functions].code;
  usize const at = offset - code.offset;
  std::string const& name = name_of(function);
  base::String line;
  base::StringSink sink(line);
  if (at == 0)
    base::format_to(
        sink, "{} {}({})\n", depth, name,
        text_of_arguments(module.type_of_function(function.index).parameters(), parameters));
  wasm::Cursor cursor(code.bytes.subspan(at), offset);
  wasm::Instruction instruction;
  base::format_to(sink, "{} {} {:#x}: ", depth, name, offset);
  // It was read when it was validated, so it can be read.
  if (read_instruction(cursor, instruction))
    static_cast<void>(write_instruction(sink, instruction, cursor));
  sink.write("\n");
  FileSink(file_).write(line);
}

const std::string& Tracer::name_of(const wasm::FunctionInstance& function) {
  auto const found = names_.find(&function);
  if (found != names_.end()) return found->second;
  auto const name = wasm::name_of_function(function.instance->module(), function.index);
  std::string text = name ? std::string(*name) : "function-" + std::to_string(function.index);
  return names_.emplace(&function, std::move(text)).first->second;
}

}  // namespace nacre::tools
