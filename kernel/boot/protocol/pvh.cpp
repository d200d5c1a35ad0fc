#include "kernel/boot/protocol/boot_info.hpp"
#include "kernel/boot/protocol/physical_text.hpp"
#include "lib/base/byte_cursor.hpp"

namespace nacre::boot {
namespace {

constexpr u64 max_command_line = 4096;

/// Types of the memory map table, which are those of ACPI's address ranges.
hw::MemoryKind kind_of(u32 type) {
  switch (type) {
    case 1: return hw::MemoryKind::Usable;
    case 3: return hw::MemoryKind::AcpiReclaimable;
    case 4: return hw::MemoryKind::AcpiNvs;
    case 5: return hw::MemoryKind::Bad;
    default: return hw::MemoryKind::Reserved;
  }
}

/// hvm_start_info, whose later part exists from version 1 on. [pvh: "Start info structure"]
struct StartInfo {
  u32 magic, version, flags, module_count;
  u64 modules, command_line, acpi_root, memory_map;
  u32 memory_map_entries;
};

std::expected<StartInfo, base::UnexpectedEnd> parse(std::span<const u8> bytes) {
  base::ByteCursor cursor(bytes);
  StartInfo info{};
  TRY(info.magic, cursor.little_endian<u32>());
  TRY(info.version, cursor.little_endian<u32>());
  TRY(info.flags, cursor.little_endian<u32>());
  TRY(info.module_count, cursor.little_endian<u32>());
  TRY(info.modules, cursor.little_endian<u64>());
  TRY(info.command_line, cursor.little_endian<u64>());
  TRY(info.acpi_root, cursor.little_endian<u64>());
  if (info.version >= 1) {
    TRY(info.memory_map, cursor.little_endian<u64>());
    TRY(info.memory_map_entries, cursor.little_endian<u32>());
  }
  return info;
}

struct MapEntry {
  u64 start, size;
  u32 type;
};
std::expected<MapEntry, base::UnexpectedEnd> next_map_entry(base::ByteCursor& cursor) {
  MapEntry entry{};
  TRY(entry.start, cursor.little_endian<u64>());
  TRY(entry.size, cursor.little_endian<u64>());
  TRY(entry.type, cursor.little_endian<u32>());
  TRY(cursor.skip(4));
  return entry;
}

std::expected<BootModule, base::UnexpectedEnd> next_module(base::ByteCursor& cursor) {
  BootModule module;
  TRY(module.start.value, cursor.little_endian<u64>());
  TRY(module.size, cursor.little_endian<u64>());
  TRY(cursor.skip(16));  // its command line, and room for more
  return module;
}

}  // namespace

std::expected<BootInfo, BootInfoError> read_pvh(hw::PhysAddr at, PhysicalReader read) {
  constexpr u64 start_info_size = 56;
  auto const info = parse(read(at, start_info_size));
  if (!info) return std::unexpected(BootInfoError::Truncated);
  if (info->magic != pvh_magic) return std::unexpected(BootInfoError::BadMagic);
  if (info->memory_map_entries == 0) return std::unexpected(BootInfoError::NoMemoryMap);

  BootInfo boot;
  boot.protocol = BootProtocol::Pvh;
  constexpr u64 entry_size = 24;
  base::ByteCursor map(read({info->memory_map}, u64{info->memory_map_entries} * entry_size));
  for (u32 i = 0; i < info->memory_map_entries; ++i) {
    auto const entry = next_map_entry(map);
    if (!entry) return std::unexpected(BootInfoError::Truncated);
    boot.memory.add({{entry->start}, entry->size, kind_of(entry->type)});
  }

  constexpr u64 module_size = 32;
  base::ByteCursor modules(read({info->modules}, u64{info->module_count} * module_size));
  for (u32 i = 0; i < info->module_count; ++i) {
    auto const module = next_module(modules);
    if (!module) return std::unexpected(BootInfoError::Truncated);
    boot.add_module(*module);
  }
  if (info->command_line != 0) {
    boot.command_line = physical_text({info->command_line}, max_command_line, read);
    boot.memory.add({{info->command_line}, boot.command_line.size() + 1, hw::MemoryKind::InUse});
  }
  if (info->acpi_root != 0) boot.acpi_root = hw::PhysAddr{info->acpi_root};
  return boot;
}

}  // namespace nacre::boot
