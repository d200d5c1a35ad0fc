#pragma once

#include <array>
#include <span>

#include "kernel/hw/descriptors.hpp"
#include "kernel/hw/trap_frame.hpp"

namespace nacre::arch {

using base::u16;
using base::u32;
using base::u64;
using base::u8;

/// What belongs to one CPU. The GS base points at it in kernel mode.
struct Cpu {
  Cpu* self = nullptr;  // first: `this_cpu` reads it through GS
  u32 index = 0;
  std::array<u64, 7> gdt{};
  hw::TaskStateSegment task_state;
  /// The stack pointer of the innermost `catch_fault`, or 0. An interrupt handler reads it.
  u64 catch_stack = 0;
  hw::TrapFrame caught{};
  u64 caught_address = 0;
};

/// This CPU's own data. Any context, after `load_descriptor_tables`.
Cpu& this_cpu();

/// Builds and loads the boot CPU's GDT, TSS and the IDT, reloads the segments and sets the GS base.
/// The stacks of double fault, NMI and machine check are small ones inside the image until
/// `set_interrupt_stack` gives better ones. Context: boot, interrupts off.
void load_descriptor_tables();
/// The stack that the CPU switches to by itself for `stack`; `top` is 16-byte aligned.
void set_interrupt_stack(hw::InterruptStack stack, hw::VirtAddr top);

/// Protections that this CPU has and that are on now.
struct Protections {
  bool no_execute = false;
  bool write_protect = false;
  bool supervisor_execution = false;  // SMEP
  bool supervisor_access = false;     // SMAP
  bool user_instructions = false;     // UMIP
};
/// Turns on what there is. [intel/vol3: "Control Registers"]
Protections enable_protections();
/// Lets translations marked global survive a change of the page-table root, where the CPU has that.
/// [intel/vol3: "Global Pages"]
void enable_global_pages();
/// A number that is hard to guess where the CPU has a random generator, and else differs from boot
/// to boot.
u64 seed();
/// Which are on, read back from the control registers.
Protections active_protections();

/// Calls `function(argument)`; if the CPU raises an exception in it, gives that exception's
/// registers (and for a page fault the address) and abandons the call: its destructors do not run.
/// For tests and for touching memory that may not be there. Not from an interrupt.
struct CaughtFault {
  hw::TrapFrame frame;
  hw::VirtAddr address;
};
bool catch_fault(void (*function)(void*), void* argument, CaughtFault& fault);

/// Runs `function(argument)` on another stack. Never returns.
[[noreturn]] void run_on_stack(hw::VirtAddr stack_top, void (*function)(void*), void* argument);

/// Return addresses from the frame pointer `frame` outwards, innermost first; stops at the first
/// that does not lie in the kernel's text. Returns how many were written.
base::usize backtrace(u64 frame, std::span<u64> return_addresses);
/// The frame pointer of the caller.
u64 frame_pointer();

u64 read_fault_address();
u64 read_cr0();
u64 read_cr3();
u64 read_cr4();
void breakpoint();

/// Resets the machine by an exception that cannot be delivered.
[[noreturn]] void triple_fault();

}  // namespace nacre::arch
