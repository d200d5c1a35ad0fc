#include "kernel/arch/x86_64/image.hpp"

#include <algorithm>
#include <cstring>

extern "C" {
extern char kernel_image_begin[], kernel_image_end[];
extern char kernel_text_begin[], kernel_text_end[];
extern char kernel_rodata_begin[], kernel_rodata_end[];
extern char kernel_data_begin[], kernel_data_end[];
extern const char kernel_symbols_begin[], kernel_symbols_end[];
extern void (*init_array_begin[])();
extern void (*init_array_end[])();
}

namespace nacre::arch::image {
namespace {

hw::VirtAddr address_of(const char* symbol) { return {reinterpret_cast<hw::u64>(symbol)}; }

/// The symbol table's form: a count, that many entries sorted by address, then the names, each
/// ended by a NUL. tools/symbols.py writes it.
struct SymbolEntry {
  hw::u32 offset;  // from the start of the text
  hw::u32 name;    // from the start of the names
};

}  // namespace

Section text() { return {address_of(kernel_text_begin), address_of(kernel_text_end)}; }
Section read_only() { return {address_of(kernel_rodata_begin), address_of(kernel_rodata_end)}; }
Section data() { return {address_of(kernel_data_begin), address_of(kernel_data_end)}; }
Section symbols() {
  return {address_of(kernel_symbols_begin),
          {base::align_up(address_of(kernel_symbols_end).value, hw::page_size)}};
}
hw::PhysAddr physical_start() { return {address_of(kernel_image_begin).value}; }
hw::PhysAddr physical_end() { return {address_of(kernel_image_end).value}; }

bool in_text(hw::VirtAddr address) { return address >= text().start && address < text().end; }

Symbol find_symbol(hw::VirtAddr address) {
  auto const size = static_cast<hw::usize>(kernel_symbols_end - kernel_symbols_begin);
  if (!in_text(address) || size < sizeof(hw::u32)) return {};
  hw::u32 count = 0;
  std::memcpy(&count, kernel_symbols_begin, sizeof(count));
  const char* const entries = kernel_symbols_begin + sizeof(count);
  if (sizeof(count) + hw::usize{count} * sizeof(SymbolEntry) > size) return {};
  const char* const names = entries + hw::usize{count} * sizeof(SymbolEntry);
  auto const entry_at = [&](hw::u32 index) {
    SymbolEntry entry;
    std::memcpy(&entry, entries + hw::usize{index} * sizeof(entry), sizeof(entry));
    return entry;
  };

  auto const wanted = static_cast<hw::u32>(address - text().start);
  hw::u32 low = 0;
  hw::u32 high = count;
  while (low < high) {
    hw::u32 const middle = low + (high - low) / 2;
    if (entry_at(middle).offset <= wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) return {};
  SymbolEntry const entry = entry_at(low - 1);
  return {std::string_view(names + entry.name), wanted - entry.offset};
}

void run_constructors() {
  std::for_each(init_array_begin, init_array_end, [](void (*constructor)()) { constructor(); });
}

}  // namespace nacre::arch::image
