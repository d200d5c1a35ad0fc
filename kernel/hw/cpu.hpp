#pragma once

#include <optional>

#include "kernel/hw/address.hpp"

/// What else a CPU offers to portable kernel code. Defined in kernel/arch.
namespace nacre::hw {

/// The time stamp counter. Any context.
u64 read_timestamp();

struct CpuidResult {
  u32 eax, ebx, ecx, edx;
};
CpuidResult cpuid(u32 leaf, u32 subleaf = 0);

u64 read_model_register(u32 index);
void write_model_register(u32 index, u64 value);

/// The page-table root in use, and changing it. Task or boot context.
PhysAddr current_page_table_root();
void load_page_table_root(PhysAddr root);
/// Drops the translation of one page from this CPU's TLB.
void flush_tlb_page(VirtAddr page);

/// 64 random bits from the processor, where it has such an instruction and it delivers.
/// [intel/vol1: "Random Number Generator Instructions"]
std::optional<u64> processor_random();

/// A hint for a loop that waits for a device.
void spin_hint();
/// Interrupts off and halted for good.
[[noreturn]] void halt_forever();

}  // namespace nacre::hw
