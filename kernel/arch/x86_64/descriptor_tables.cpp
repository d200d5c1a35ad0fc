#include "kernel/arch/x86_64/cpu.hpp"
#include "kernel/hw/cpu.hpp"
#include "kernel/hw/interrupts.hpp"

extern "C" {
void reload_segments();
extern const nacre::base::u64 interrupt_stubs[256];
}

namespace nacre::arch {
namespace {

/// The operand of LGDT and LIDT.
struct [[gnu::packed]] TablePointer {
  u16 limit;
  u64 base;
};

constexpr u32 gs_base_register = 0xc000'0101;
constexpr u32 kernel_gs_base_register = 0xc000'0102;

constinit Cpu boot_cpu;
constinit std::array<hw::GateDescriptor, 256> interrupt_table{};

/// Enough for a report; set_interrupt_stack replaces them by stacks with guard pages.
constexpr base::usize early_stack_size = 8192;
alignas(16) constinit std::array<std::array<u8, early_stack_size>, 3> early_stacks{};

u64 address_of(const void* object) { return reinterpret_cast<u64>(object); }

hw::InterruptStack stack_for(u8 vector) {
  switch (static_cast<hw::Exception>(vector)) {
    case hw::Exception::DoubleFault: return hw::double_fault_stack;
    case hw::Exception::NonMaskable: return hw::non_maskable_stack;
    case hw::Exception::MachineCheck: return hw::machine_check_stack;
    default: return {};
  }
}

}  // namespace

Cpu& this_cpu() {
  Cpu* cpu;
  asm volatile("movq %%gs:0, %0" : "=r"(cpu));
  return *cpu;
}

void set_interrupt_stack(hw::InterruptStack stack, hw::VirtAddr top) {
  this_cpu().task_state.interrupt_stacks[stack.index - 1u] = top.value;
}

void load_descriptor_tables() {
  boot_cpu.self = &boot_cpu;
  u64 const task_state = address_of(&boot_cpu.task_state);
  boot_cpu.gdt = {
      0,
      hw::SegmentDescriptor::create(true, 0).bits,
      hw::SegmentDescriptor::create(false, 0).bits,
      hw::SegmentDescriptor::create(false, 3).bits,
      hw::SegmentDescriptor::create(true, 3).bits,
      hw::TssDescriptor::create(task_state, sizeof(hw::TaskStateSegment) - 1).bits,
      task_state >> 32,
  };
  TablePointer const gdt{sizeof(boot_cpu.gdt) - 1, address_of(&boot_cpu.gdt)};
  asm volatile("lgdt %0" : : "m"(gdt));
  reload_segments();
  // Loading GS cleared its base.
  hw::write_model_register(gs_base_register, address_of(&boot_cpu));
  hw::write_model_register(kernel_gs_base_register, 0);

  for (base::usize i = 0; i < early_stacks.size(); ++i) {
    set_interrupt_stack({static_cast<u8>(i + 1)},
                        {address_of(early_stacks[i].data() + early_stack_size)});
  }
  asm volatile("ltr %w0" : : "r"(hw::tss_selector.value));

  for (unsigned vector = 0; vector < 256; ++vector) {
    interrupt_table[vector] =
        hw::GateDescriptor::create(interrupt_stubs[vector], stack_for(static_cast<u8>(vector)), 0);
  }
  TablePointer const idt{sizeof(interrupt_table) - 1, address_of(&interrupt_table)};
  asm volatile("lidt %0" : : "m"(idt));
}

}  // namespace nacre::arch
