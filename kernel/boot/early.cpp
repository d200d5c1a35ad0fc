#include "kernel/boot/early.hpp"

#include <array>

#include "kernel/arch/x86_64/cpu.hpp"
#include "kernel/arch/x86_64/exceptions.hpp"
#include "kernel/arch/x86_64/image.hpp"
#include "kernel/boot/early_console.hpp"
#include "kernel/boot/panic.hpp"
#include "kernel/hw/cpu.hpp"
#include "kernel/hw/panic.hpp"
#include "kernel/memory/kernel_memory.hpp"
#include "kernel/memory/layout.hpp"
#include "kernel/memory/region.hpp"
#include "lib/base/log.hpp"

extern "C" {
[[noreturn]] void kernel_entry(nacre::base::u32 magic, nacre::base::u64 info);
extern std::uintptr_t __stack_chk_guard;
}

namespace nacre::boot {
namespace {

/// What the entry code has mapped of physical memory.
constexpr u64 boot_mapped = u64{4} << 30;
/// Every task runs on it, one at a time: what they nest is a few KiB, and this is ample.
constexpr u64 main_stack_size = u64{128} << 10;
constexpr u64 interrupt_stack_size = u64{16} << 10;

constinit BootInfo boot_info;
constinit u64 entered_at = 0;

std::span<const u8> read_physical(hw::PhysAddr start, u64 size) {
  if (start.value >= boot_mapped || size > boot_mapped - start.value) return {};
  return {memory::PhysicalWindow(memory::direct_map_start).at<const u8>(start), size};
}

/// Takes what is in use out of the memory that will be given out.
void take_what_is_in_use(BootInfo& info) {
  info.memory.normalise();
  hw::PhysAddr const image = arch::image::physical_start();
  info.memory.take(image, arch::image::physical_end() - image);
  for (auto const& module : std::span(info.modules).first(info.module_count)) {
    info.memory.take(
        {base::align_down(module.start.value, hw::page_size)},
        base::align_up(module.start.value % hw::page_size + module.size, hw::page_size));
  }
}

void install_memory(const BootInfo& info, const arch::Protections& protections) {
  using memory::Access;
  std::array const image{
      memory::ImagePart{arch::image::text().start, arch::image::text().end,
                        Access{.execute = true, .global = true}},
      memory::ImagePart{arch::image::read_only().start, arch::image::read_only().end,
                        Access{.global = true}},
      memory::ImagePart{arch::image::data().start, arch::image::data().end,
                        Access{.write = true, .global = true}},
      memory::ImagePart{arch::image::symbols().start, arch::image::symbols().end,
                        Access{.global = true}},
  };
  auto const no_execute =
      protections.no_execute ? memory::NoExecute::Present : memory::NoExecute::Absent;
  auto const installed = memory::KernelMemory::install(info.memory, {boot_mapped}, image,
                                                       arch::image::offset, no_execute);
  if (!installed) {
    hw::panic("{} KiB of usable memory are not enough to start", info.memory.usable_bytes() / 1024);
  }
  arch::enable_global_pages();
}

hw::VirtAddr permanent_stack(std::string_view name, u64 size) {
  auto stack = memory::create_stack(name, size);
  if (!stack) hw::panic("no memory for the {} stack", name);
  hw::VirtAddr const top = stack->end();
  // Kept for as long as the kernel runs.
  alignas(memory::Region) static constinit std::array<std::array<u8, sizeof(memory::Region)>, 4>
      kept{};
  static constinit usize kept_count = 0;
  new (kept[kept_count++].data()) memory::Region(std::move(*stack));
  return top;
}

}  // namespace

u64 entry_timestamp() { return entered_at; }

}  // namespace nacre::boot

void kernel_entry(nacre::base::u32 magic, nacre::base::u64 info_address) {
  using namespace nacre;
  using namespace nacre::boot;
  entered_at = hw::read_timestamp();
  add_panic_output(early_print);
  // Nobody returns from here, so nobody compares with the canary that was there before.
  __stack_chk_guard ^= hw::processor_random().value_or(hw::read_timestamp()) & ~u64{0xff};
  arch::load_descriptor_tables();
  auto const protections = arch::enable_protections();
  // This function never returns, so nobody compares with the old value. The lowest byte is zero: a
  // text that overruns its buffer cannot contain it.
  __stack_chk_guard = arch::seed() & ~u64{0xff};

  auto info = read_boot_info(magic, {info_address}, [](hw::PhysAddr start, u64 size) {
    return read_physical(start, size);
  });
  if (!info) {
    hw::panic("the boot loader's information cannot be read: magic {:#x}, at {:#x}, {}", magic,
              info_address,
              info.error() == BootInfoError::UnknownProtocol ? "an unknown protocol"
              : info.error() == BootInfoError::BadMagic      ? "bad magic"
              : info.error() == BootInfoError::Truncated     ? "cut off"
                                                             : "no memory map");
  }
  boot_info = *info;
  take_what_is_in_use(boot_info);
  install_memory(boot_info, protections);
  arch::image::run_constructors();
  arch::set_address_describer(memory::describe_address);

  arch::set_interrupt_stack(hw::double_fault_stack,
                            permanent_stack("double fault", interrupt_stack_size));
  arch::set_interrupt_stack(hw::non_maskable_stack, permanent_stack("NMI", interrupt_stack_size));
  arch::set_interrupt_stack(hw::machine_check_stack,
                            permanent_stack("machine check", interrupt_stack_size));
  hw::VirtAddr const main_stack = permanent_stack("main", main_stack_size);
  arch::run_on_stack(main_stack, [](void*) { kernel_main(boot_info); }, nullptr);
}
