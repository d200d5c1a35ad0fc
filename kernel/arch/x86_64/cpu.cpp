#include "kernel/arch/x86_64/cpu.hpp"

#include "kernel/arch/x86_64/image.hpp"
#include "kernel/hw/cpu.hpp"
#include "kernel/hw/interrupts.hpp"
#include "kernel/hw/trap_frame.hpp"

extern "C" {
bool call_catching(void (*function)(void*), void* argument, nacre::base::u64* landing);
[[noreturn]] void switch_stack(void* argument, void (*function)(void*), nacre::base::u64 stack_top);
}

namespace nacre::hw {

u64 read_timestamp() {
  u32 low, high;
  asm volatile("rdtsc" : "=a"(low), "=d"(high));
  return u64{high} << 32 | low;
}

CpuidResult cpuid(u32 leaf, u32 subleaf) {
  CpuidResult result;
  asm volatile("cpuid"
               : "=a"(result.eax), "=b"(result.ebx), "=c"(result.ecx), "=d"(result.edx)
               : "a"(leaf), "c"(subleaf));
  return result;
}

u64 read_model_register(u32 index) {
  u32 low, high;
  asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(index));
  return u64{high} << 32 | low;
}
void write_model_register(u32 index, u64 value) {
  asm volatile("wrmsr"
               :
               : "c"(index), "a"(static_cast<u32>(value)), "d"(static_cast<u32>(value >> 32))
               : "memory");
}

PhysAddr current_page_table_root() { return {arch::read_cr3() & ~u64{0xfff}}; }
void load_page_table_root(PhysAddr root) {
  asm volatile("mov %0, %%cr3" : : "r"(root.value) : "memory");
}
void flush_tlb_page(VirtAddr page) { asm volatile("invlpg (%0)" : : "r"(page.value) : "memory"); }

std::optional<u64> processor_random() {
  constexpr u32 feature_rdrand = 1 << 30;
  constexpr u32 feature_rdseed = 1 << 18;
  constexpr u32 extended_features = 7;
  u64 value;
  bool delivered;
  // What seeds the other one comes from the source itself, and may be exhausted for a while.
  if (cpuid(0).eax >= extended_features && (cpuid(extended_features).ebx & feature_rdseed) != 0) {
    for (int i = 0; i < 10; ++i) {
      asm volatile("rdseed %0" : "=r"(value), "=@ccc"(delivered));
      if (delivered) return value;
    }
  }
  if ((cpuid(1).ecx & feature_rdrand) == 0) return std::nullopt;
  // The manual's advice: ten tries, then it is broken.
  for (int i = 0; i < 10; ++i) {
    asm volatile("rdrand %0" : "=r"(value), "=@ccc"(delivered));
    if (delivered) return value;
  }
  return std::nullopt;
}

void spin_hint() { asm volatile("pause"); }
void halt_forever() {
  for (;;) asm volatile("cli; hlt");
}

bool interrupts_enabled() {
  u64 flags;
  asm volatile("pushfq; popq %0" : "=r"(flags));
  return (flags & flag_interrupts) != 0;
}
void enable_interrupts() { asm volatile("sti" : : : "memory"); }
void disable_interrupts() { asm volatile("cli" : : : "memory"); }
// STI takes effect after the next instruction: nothing can come between it and HLT.
void enable_interrupts_and_halt() { asm volatile("sti; hlt" : : : "memory"); }

}  // namespace nacre::hw

namespace nacre::arch {
namespace {

constexpr u32 efer_register = 0xc000'0080;
constexpr u64 efer_no_execute = 1 << 11;
constexpr u64 cr0_write_protect = 1 << 16;
constexpr u64 cr4_global_pages = 1 << 7;
constexpr u64 cr4_user_instructions = 1 << 11;
constexpr u64 cr4_supervisor_execution = 1 << 20;
constexpr u64 cr4_supervisor_access = 1 << 21;

void write_cr0(u64 value) { asm volatile("mov %0, %%cr0" : : "r"(value) : "memory"); }
void write_cr4(u64 value) { asm volatile("mov %0, %%cr4" : : "r"(value) : "memory"); }

}  // namespace

u64 read_cr0() {
  u64 value;
  asm volatile("mov %%cr0, %0" : "=r"(value));
  return value;
}
u64 read_cr3() {
  u64 value;
  asm volatile("mov %%cr3, %0" : "=r"(value));
  return value;
}
u64 read_cr4() {
  u64 value;
  asm volatile("mov %%cr4, %0" : "=r"(value));
  return value;
}
u64 read_fault_address() {
  u64 value;
  asm volatile("mov %%cr2, %0" : "=r"(value));
  return value;
}

void breakpoint() { asm volatile("int3"); }

void triple_fault() {
  struct [[gnu::packed]] {
    u16 limit = 0;
    u64 base = 0;
  } const empty;
  asm volatile("lidt %0; int3" : : "m"(empty));
  hw::halt_forever();
}

Protections enable_protections() {
  auto const extended = hw::cpuid(0x8000'0001);
  constexpr u32 extended_no_execute = 1 << 20;
  if ((extended.edx & extended_no_execute) != 0) {
    hw::write_model_register(efer_register,
                             hw::read_model_register(efer_register) | efer_no_execute);
  }
  write_cr0(read_cr0() | cr0_write_protect);

  if (hw::cpuid(0).eax >= 7) {
    auto const features = hw::cpuid(7);
    u64 cr4 = read_cr4();
    if ((features.ebx & 1 << 7) != 0) cr4 |= cr4_supervisor_execution;
    if ((features.ebx & 1 << 20) != 0) cr4 |= cr4_supervisor_access;
    if ((features.ecx & 1 << 2) != 0) cr4 |= cr4_user_instructions;
    write_cr4(cr4);
  }
  return active_protections();
}

void enable_global_pages() {
  constexpr u32 feature_global_pages = 1 << 13;
  if ((hw::cpuid(1).edx & feature_global_pages) != 0) write_cr4(read_cr4() | cr4_global_pages);
}

u64 seed() {
  constexpr u32 feature_random = 1 << 30;
  u64 value = hw::read_timestamp();
  if ((hw::cpuid(1).ecx & feature_random) != 0) {
    u64 random;
    bool there;
    asm volatile("rdrand %0" : "=r"(random), "=@ccc"(there));
    if (there) value ^= random;
  }
  return value * 0x9e37'79b9'7f4a'7c15;  // so that the few bits that differ reach all
}

Protections active_protections() {
  u64 const cr4 = read_cr4();
  return {
      .no_execute = (hw::read_model_register(efer_register) & efer_no_execute) != 0,
      .write_protect = (read_cr0() & cr0_write_protect) != 0,
      .supervisor_execution = (cr4 & cr4_supervisor_execution) != 0,
      .supervisor_access = (cr4 & cr4_supervisor_access) != 0,
      .user_instructions = (cr4 & cr4_user_instructions) != 0,
  };
}

bool catch_fault(void (*function)(void*), void* argument, CaughtFault& fault) {
  Cpu& cpu = this_cpu();
  if (!call_catching(function, argument, &cpu.catch_stack)) return false;
  fault = {cpu.caught, {cpu.caught_address}};
  return true;
}

void run_on_stack(hw::VirtAddr stack_top, void (*function)(void*), void* argument) {
  switch_stack(argument, function, stack_top.value);
}

u64 frame_pointer() { return reinterpret_cast<u64>(__builtin_frame_address(0)); }

base::usize backtrace(u64 frame, std::span<u64> return_addresses) {
  base::usize count = 0;
  while (count < return_addresses.size()) {
    // Frames lie in the kernel's half, and outwards means upwards.
    if (frame < 0xffff'8000'0000'0000 || frame % 8 != 0) break;
    struct Frame {
      u64 next;
      u64 return_address;
    } found;
    struct Read {
      u64 from;
      Frame* to;
    } read{frame, &found};
    CaughtFault fault;
    bool const unreadable = catch_fault(
        [](void* context) {
          auto const& wanted = *static_cast<Read*>(context);
          auto const* const words = reinterpret_cast<const volatile u64*>(wanted.from);
          *wanted.to = {words[0], words[1]};
        },
        &read, fault);
    if (unreadable || !image::in_text({found.return_address})) break;
    return_addresses[count++] = found.return_address;
    if (found.next <= frame) break;
    frame = found.next;
  }
  return count;
}

}  // namespace nacre::arch
