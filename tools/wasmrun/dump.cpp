#include "tools/wasmrun/dump.hpp"

#include "lib/wasm/binary/disassemble.hpp"
#include "lib/wasm/binary/names.hpp"

namespace nacre::tools {
namespace {

using base::format_to;
using base::u32;
using base::usize;

void write_limits(base::Sink& sink, const wasm::Limits& limits) {
  format_to(sink, "{}", limits.minimum);
  if (limits.maximum) format_to(sink, "..{}", *limits.maximum);
}

std::string_view mode_of(wasm::SegmentMode mode) {
  switch (mode) {
    case wasm::SegmentMode::Active: return "active";
    case wasm::SegmentMode::Passive: return "passive";
    case wasm::SegmentMode::Declarative: return "declarative";
  }
  return "?";
}

}  // namespace

void dump(base::Sink& sink, const wasm::Module& module) {
  format_to(sink, "module of {} bytes\n", module.bytes.size());
  for (usize i = 0; i < module.types.size(); ++i)
    format_to(sink, "type {}: {}\n", i, module.types[i].signature());
  for (auto const& import : module.imports)
    format_to(sink, "import {} {}: {}.{}\n", name_of(import.kind), import.index, import.module,
              import.name);
  for (u32 i = module.imported_functions; i < module.functions.size(); ++i) {
    auto const& body = module.bodies[i - module.imported_functions];
    format_to(sink, "function {} {}: {}, {} bytes at {:#x}\n", i,
              wasm::name_of_function(module, i).value_or("?"),
              module.type_of_function(i).signature(), body.code.bytes.size(), body.code.offset);
  }
  for (usize i = 0; i < module.tables.size(); ++i) {
    format_to(sink, "table {}: {} ", i, module.tables[i].type.element);
    write_limits(sink, module.tables[i].type.limits);
    sink.write("\n");
  }
  for (usize i = 0; i < module.memories.size(); ++i) {
    format_to(sink, "memory {}: pages ", i);
    write_limits(sink, module.memories[i].limits);
    sink.write("\n");
  }
  for (usize i = 0; i < module.globals.size(); ++i)
    format_to(sink, "global {}: {}{}\n", i, module.globals[i].type.is_mutable ? "mutable " : "",
              module.globals[i].type.value);
  for (u32 i = 0; i < module.tags.size(); ++i)
    format_to(sink, "tag {}: {}\n", i, module.type_of_tag(i).signature());
  for (auto const& exported : module.exports)
    format_to(sink, "export {} {}: {}\n", name_of(exported.kind), exported.index, exported.name);
  if (module.start) format_to(sink, "start: function {}\n", *module.start);
  for (usize i = 0; i < module.elements.size(); ++i)
    format_to(sink, "elements {}: {}, {} of {}\n", i, mode_of(module.elements[i].mode),
              module.elements[i].count, module.elements[i].type);
  for (usize i = 0; i < module.data.size(); ++i)
    format_to(sink, "data {}: {}, {} bytes\n", i, mode_of(module.data[i].mode),
              module.data[i].bytes.size());
  for (auto const& section : module.custom_sections)
    format_to(sink, "custom section {}: {} bytes\n", section.name, section.content.bytes.size());
}

wasm::Loaded<void> disassemble_all(base::Sink& sink, const wasm::Module& module) {
  for (usize i = 0; i < module.bodies.size(); ++i) {
    u32 const function = module.imported_functions + static_cast<u32>(i);
    format_to(sink, "function {} {}: {}\n", function,
              wasm::name_of_function(module, function).value_or("?"),
              module.type_of_function(function).signature());
    TRY(wasm::disassemble(sink, module.bodies[i]));
  }
  return {};
}

}  // namespace nacre::tools
