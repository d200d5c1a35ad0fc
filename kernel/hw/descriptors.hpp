#pragma once

#include <array>

#include "kernel/hw/address.hpp"
#include "kernel/hw/register.hpp"

/// Segment and interrupt descriptors as the CPU reads them. [intel/vol3: "Protected-Mode Memory
/// Management"]
namespace nacre::hw {

/// An index into the GDT with the privilege that goes with it.
struct Selector {
  u16 value = 0;
  friend constexpr auto operator<=>(Selector, Selector) = default;
};

/// The order that SYSCALL and SYSRET ask for, should they come to be used. [intel/vol3: "SYSCALL"]
inline constexpr Selector kernel_code_selector{0x08};
inline constexpr Selector kernel_data_selector{0x10};
inline constexpr Selector user_data_selector{0x18 | 3};
inline constexpr Selector user_code_selector{0x20 | 3};
inline constexpr Selector tss_selector{0x28};

/// A code or data segment: in 64-bit mode base and limit mean nothing. [intel/vol3: "Segment
/// Descriptors"]
struct SegmentDescriptor : Register<SegmentDescriptor, u64> {
  using Accessed = Field<40, 40, bool>;
  using ReadableOrWritable = Field<41, 41, bool>;
  using Code = Field<43, 43, bool>;
  using CodeOrData = Field<44, 44, bool>;
  using Privilege = Field<46, 45, u8>;
  using Present = Field<47, 47, bool>;
  using LongMode = Field<53, 53, bool>;

  static constexpr SegmentDescriptor create(bool code, u8 privilege) {
    return SegmentDescriptor{}
        .with<Accessed>(true)
        .with<ReadableOrWritable>(true)
        .with<Code>(code)
        .with<CodeOrData>(true)
        .with<Privilege>(privilege)
        .with<Present>(true)
        .with<LongMode>(code);
  }
};
static_assert(SegmentDescriptor::create(true, 0).bits == 0x0020'9b00'0000'0000);
static_assert(SegmentDescriptor::create(false, 3).bits == 0x0000'f300'0000'0000);

/// The lower half of the 16-byte TSS descriptor; the upper is the address's top 32 bits.
/// [intel/vol3: "TSS Descriptor in 64-bit mode"]
struct TssDescriptor : Register<TssDescriptor, u64> {
  using LimitLow = Field<15, 0, u16>;
  using BaseLow = Field<39, 16, u32>;
  using Type = Field<43, 40, u8>;
  using Present = Field<47, 47, bool>;
  using BaseHigh = Field<63, 56, u8>;

  static constexpr TssDescriptor create(u64 base, u16 limit) {
    constexpr u8 available_tss = 9;
    return TssDescriptor{}
        .with<LimitLow>(limit)
        .with<BaseLow>(static_cast<u32>(base))
        .with<Type>(available_tss)
        .with<Present>(true)
        .with<BaseHigh>(static_cast<u8>(base >> 24));
  }
};
static_assert(TssDescriptor::create(0x1234'5678, 0x67).bits == 0x1200'8934'5678'0067);

/// Stacks that the CPU switches to by itself. [intel/vol3: "Task Management in 64-bit Mode"]
struct [[gnu::packed]] TaskStateSegment {
  u32 reserved0 = 0;
  std::array<u64, 3> privilege_stacks{};
  u64 reserved1 = 0;
  std::array<u64, 7> interrupt_stacks{};  // IST 1 to 7
  u64 reserved2 = 0;
  u16 reserved3 = 0;
  u16 io_map_base = 104;  // behind the segment: no port is open to user mode
};
static_assert(sizeof(TaskStateSegment) == 104);

/// Which stack an interrupt handler gets: 0 is the one in use.
struct InterruptStack {
  u8 index = 0;
};
inline constexpr InterruptStack double_fault_stack{1};
inline constexpr InterruptStack non_maskable_stack{2};
inline constexpr InterruptStack machine_check_stack{3};

/// An entry of the interrupt descriptor table. [intel/vol3: "64-Bit Mode IDT"]
struct GateDescriptor {
  u64 low = 0;
  u64 high = 0;

  /// An interrupt gate: further interrupts are off while it is handled. `privilege` is who may call
  /// it with INT.
  static constexpr GateDescriptor create(u64 handler, InterruptStack stack, u8 privilege) {
    constexpr u64 interrupt_gate = 0xe;
    constexpr u64 present = u64{1} << 47;
    return {(handler & 0xffff) | u64{kernel_code_selector.value} << 16 | u64{stack.index} << 32 |
                interrupt_gate << 40 | u64{privilege} << 45 | present |
                (handler >> 16 & 0xffff) << 48,
            handler >> 32};
  }
};
static_assert(GateDescriptor::create(0xffff'ffff'8123'4567, {1}, 0).low == 0x8123'8e01'0008'4567);
static_assert(GateDescriptor::create(0xffff'ffff'8123'4567, {1}, 0).high == 0xffff'ffff);

}  // namespace nacre::hw
