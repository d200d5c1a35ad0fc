#pragma once

#include "kernel/hw/address.hpp"
#include "kernel/hw/register.hpp"

namespace nacre::hw {

/// The CPU's exceptions. [intel/vol3: "Exception and Interrupt Vectors"]
enum class Exception : u8 {
  DivideError = 0,
  Debug = 1,
  NonMaskable = 2,
  Breakpoint = 3,
  Overflow = 4,
  BoundRange = 5,
  InvalidOpcode = 6,
  DeviceNotAvailable = 7,
  DoubleFault = 8,
  InvalidTss = 10,
  SegmentNotPresent = 11,
  StackSegment = 12,
  GeneralProtection = 13,
  PageFault = 14,
  X87FloatingPoint = 16,
  AlignmentCheck = 17,
  MachineCheck = 18,
  SimdFloatingPoint = 19,
  Virtualization = 20,
  ControlProtection = 21,
};
inline constexpr u8 exception_count = 32;

/// Its mnemonic and name, such as "#PF page fault"; for a vector that the manual reserves,
/// "reserved".
std::string_view exception_name(Exception exception);

/// Bits of RFLAGS. [intel/vol1: "EFLAGS Register"]
inline constexpr u64 flag_trap = 1 << 8;
inline constexpr u64 flag_interrupts = 1 << 9;
inline constexpr u64 flag_direction = 1 << 10;
inline constexpr u64 flag_alignment_check = 1 << 18;  // in ring 0: SMAP is off

/// The registers of what was interrupted, as the entry code pushes them; changing them changes
/// where and how it goes on.
struct TrapFrame {
  u64 r15, r14, r13, r12, r11, r10, r9, r8, rbp, rdi, rsi, rdx, rcx, rbx, rax;
  u64 vector;
  u64 error_code;
  u64 rip, cs, rflags, rsp, ss;

  Exception exception() const { return static_cast<Exception>(vector); }
  bool from_user() const { return (cs & 3) != 0; }
};
static_assert(sizeof(TrapFrame) == 22 * 8);

/// What a page fault's error code says. [intel/vol3: "Page-Fault Exceptions"]
struct PageFaultCode : Register<PageFaultCode, u64> {
  using Present = Field<0, 0, bool>;  // a protection was violated, else nothing was mapped
  using Write = Field<1, 1, bool>;
  using User = Field<2, 2, bool>;
  using ReservedBit = Field<3, 3, bool>;
  using Fetch = Field<4, 4, bool>;
};

}  // namespace nacre::hw
