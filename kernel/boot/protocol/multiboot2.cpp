#include "kernel/boot/protocol/boot_info.hpp"
#include "kernel/boot/protocol/physical_text.hpp"
#include "lib/base/byte_cursor.hpp"

namespace nacre::boot {
namespace {

/// Tags of the boot information. [multiboot2: "Boot information format"]
enum class Tag : u32 {
  End = 0,
  CommandLine = 1,
  Module = 3,
  MemoryMap = 6,
  Framebuffer = 8,
  AcpiOld = 14,
  AcpiNew = 15,
};
constexpr u64 info_header_size = 8;
constexpr u64 tag_header_size = 8;
/// Sizes of ACPI's root pointer. [acpi: "Root System Description Pointer (RSDP) Structure"]
constexpr usize acpi_old_size = 20;
constexpr usize acpi_new_size = 36;

hw::MemoryKind kind_of(u32 type) {
  switch (type) {
    case 1: return hw::MemoryKind::Usable;
    case 3: return hw::MemoryKind::AcpiReclaimable;
    case 4: return hw::MemoryKind::AcpiNvs;
    case 5: return hw::MemoryKind::Bad;
    default: return hw::MemoryKind::Reserved;
  }
}

std::expected<void, base::UnexpectedEnd> read_memory_map(base::ByteCursor& body,
                                                         hw::MemoryMap& map) {
  TRY(u32 const entry_size, body.little_endian<u32>());
  TRY(body.skip(4));  // version
  constexpr u32 known_entry_size = 24;
  if (entry_size < known_entry_size) return std::unexpected(base::UnexpectedEnd{body.offset()});
  while (body.remaining() >= entry_size) {
    TRY(u64 const start, body.little_endian<u64>());
    TRY(u64 const size, body.little_endian<u64>());
    TRY(u32 const type, body.little_endian<u32>());
    TRY(body.skip(entry_size - 20));
    map.add({{start}, size, kind_of(type)});
  }
  return {};
}

std::expected<BootFramebuffer, base::UnexpectedEnd> read_framebuffer(base::ByteCursor& body,
                                                                     bool& usable) {
  BootFramebuffer screen;
  TRY(screen.start.value, body.little_endian<u64>());
  TRY(screen.pitch, body.little_endian<u32>());
  TRY(screen.width, body.little_endian<u32>());
  TRY(screen.height, body.little_endian<u32>());
  TRY(screen.bits_per_pixel, body.next());
  TRY(u8 const type, body.next());
  TRY(body.skip(2));
  constexpr u8 direct_colour = 1;
  usable = type == direct_colour;
  if (!usable) return screen;
  for (ColourChannel* const channel : {&screen.red, &screen.green, &screen.blue}) {
    TRY(channel->position, body.next());
    TRY(channel->size, body.next());
  }
  return screen;
}

std::expected<void, base::UnexpectedEnd> read_tag(Tag tag, hw::PhysAddr body_at,
                                                  std::span<const u8> bytes, PhysicalReader read,
                                                  BootInfo& boot) {
  base::ByteCursor body(bytes);
  switch (tag) {
    case Tag::CommandLine: boot.command_line = physical_text(body_at, bytes.size(), read); break;
    case Tag::Module: {
      TRY(u32 const start, body.little_endian<u32>());
      TRY(u32 const end, body.little_endian<u32>());
      boot.add_module({{start}, end > start ? u64{end} - start : 0});
      break;
    }
    case Tag::MemoryMap: return read_memory_map(body, boot.memory);
    case Tag::Framebuffer: {
      bool usable = false;
      TRY(auto const screen, read_framebuffer(body, usable));
      if (usable) boot.framebuffer = screen;
      break;
    }
    case Tag::AcpiOld:
      // A copy of the root pointer stands in the tag itself. The newer one wins.
      if (bytes.size() >= acpi_old_size && !boot.acpi_root) boot.acpi_root = body_at;
      break;
    case Tag::AcpiNew:
      if (bytes.size() >= acpi_new_size) boot.acpi_root = body_at;
      break;
    case Tag::End: break;
  }
  return {};
}

}  // namespace

std::expected<BootInfo, BootInfoError> read_multiboot2(hw::PhysAddr at, PhysicalReader read) {
  base::ByteCursor header(read(at, info_header_size));
  auto const total = header.little_endian<u32>();
  if (!total || *total < info_header_size) return std::unexpected(BootInfoError::Truncated);
  auto const bytes = read(at, *total);
  if (bytes.size() != *total) return std::unexpected(BootInfoError::Truncated);

  BootInfo boot;
  boot.protocol = BootProtocol::Multiboot2;
  base::ByteCursor cursor(bytes, info_header_size);
  for (;;) {
    auto const type = cursor.little_endian<u32>();
    auto const size = cursor.little_endian<u32>();
    if (!type || !size || *size < tag_header_size) return std::unexpected(BootInfoError::Truncated);
    if (*type == static_cast<u32>(Tag::End)) break;
    hw::PhysAddr const body_at = at + cursor.offset();
    auto const body = cursor.take(*size - tag_header_size);
    if (!body || !read_tag(static_cast<Tag>(*type), body_at, *body, read, boot)) {
      return std::unexpected(BootInfoError::Truncated);
    }
    usize const padding = base::align_up(*size, 8) - *size;
    if (!cursor.skip(padding)) return std::unexpected(BootInfoError::Truncated);
  }
  if (boot.memory.ranges().empty()) return std::unexpected(BootInfoError::NoMemoryMap);
  // The loader put this anywhere: nobody else may have it.
  boot.memory.add({at, *total, hw::MemoryKind::InUse});
  return boot;
}

}  // namespace nacre::boot
