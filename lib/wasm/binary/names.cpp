#include "lib/wasm/binary/names.hpp"

#include "lib/wasm/binary/cursor.hpp"

namespace nacre::wasm {
namespace {

constexpr u8 function_names = 1;

Loaded<std::optional<std::string_view>> find_in_name_section(const ByteRange& section,
                                                             u32 function) {
  Cursor cursor(section.bytes, section.offset);
  while (!cursor.at_end()) {
    TRY(u8 const id, cursor.byte());
    TRY(u32 const size, cursor.leb_u32());
    usize const start = cursor.offset();
    TRY(auto const content, cursor.take(size));
    if (id != function_names) continue;
    Cursor names(content, start);
    TRY(u32 const count, names.leb_u32());
    for (u32 i = 0; i < count; ++i) {
      TRY(u32 const index, names.leb_u32());
      TRY(auto const name, names.name());
      if (index == function) return name;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> name_of_function(const Module& module, u32 function) {
  if (auto const* const section = module.find_custom_section("name")) {
    auto const found = find_in_name_section(section->content, function);
    if (found && *found) return *found;
  }
  for (auto const& exported : module.exports)
    if (exported.kind == ExternKind::Function && exported.index == function) return exported.name;
  if (function < module.imported_functions)
    for (auto const& import : module.imports)
      if (import.kind == ExternKind::Function && import.index == function) return import.name;
  return std::nullopt;
}

}  // namespace nacre::wasm
