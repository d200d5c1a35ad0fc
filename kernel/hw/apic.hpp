#pragma once

#include "kernel/hw/address.hpp"
#include "kernel/hw/register.hpp"

/// Local and I/O interrupt controllers. Offsets of the local APIC count from its memory; in x2APIC
/// mode the register at offset `n` is model register 0x800 + n / 16.
/// [intel/vol3: "Advanced Programmable Interrupt Controller (APIC)"]
namespace nacre::hw::apic {

/// IA32_APIC_BASE. [intel/vol3: "Local APIC Status and Location"]
struct Base : Register<Base, u64> {
  static constexpr u32 model_register = 0x1b;
  using BootProcessor = Field<8, 8, bool>;
  using X2Apic = Field<10, 10, bool>;
  using Enabled = Field<11, 11, bool>;
  using Page = Field<51, 12, u64>;
};
static_assert(Base{}.with<Base::Page>(0xfee00).with<Base::Enabled>(true).bits == 0xfee0'0800);

inline constexpr PhysAddr default_local_address{0xfee0'0000};
inline constexpr u32 x2apic_first_register = 0x800;
/// IA32_TSC_DEADLINE. [intel/vol3: "TSC-Deadline Mode"]
inline constexpr u32 tsc_deadline_register = 0x6e0;

struct Id : Register<Id, u32> {
  static constexpr usize offset = 0x020;
  using Short = Field<31, 24, u8>;  // all 32 bits in x2APIC mode
};

struct Version : Register<Version, u32> {
  static constexpr usize offset = 0x030;
  using Number = Field<7, 0, u8>;
  using MaxLvtEntry = Field<23, 16, u8>;
};

/// Interrupts of this priority class and below wait.
struct TaskPriority : Register<TaskPriority, u32> {
  static constexpr usize offset = 0x080;
};

struct EndOfInterrupt : Register<EndOfInterrupt, u32> {
  static constexpr usize offset = 0x0b0;
};

struct SpuriousVector : Register<SpuriousVector, u32> {
  static constexpr usize offset = 0x0f0;
  using Vector = Field<7, 0, u8>;
  using SoftwareEnabled = Field<8, 8, bool>;
};
static_assert(SpuriousVector{}
                  .with<SpuriousVector::Vector>(0xff)
                  .with<SpuriousVector::SoftwareEnabled>(true)
                  .bits == 0x1ff);

struct ErrorStatus : Register<ErrorStatus, u32> {
  static constexpr usize offset = 0x280;
};

enum class DeliveryMode : u8 {
  Fixed = 0,
  LowestPriority = 1,
  Smi = 2,
  Nmi = 4,
  Init = 5,
  External = 7
};

/// What every entry of the local vector table has. [intel/vol3: "Local Vector Table"]
template <class Self, usize Offset>
struct LvtEntry : Register<Self, u32> {
  static constexpr usize offset = Offset;
  using Vector = Field<7, 0, u8>;
  using Delivery = Field<10, 8, DeliveryMode>;
  using ActiveLow = Field<13, 13, bool>;
  using LevelTriggered = Field<15, 15, bool>;
  using Masked = Field<16, 16, bool>;
};
struct LvtThermal : LvtEntry<LvtThermal, 0x330> {};
struct LvtPerformance : LvtEntry<LvtPerformance, 0x340> {};
struct LvtLint0 : LvtEntry<LvtLint0, 0x350> {};
struct LvtLint1 : LvtEntry<LvtLint1, 0x360> {};
struct LvtError : LvtEntry<LvtError, 0x370> {};

enum class TimerMode : u8 { OneShot = 0, Periodic = 1, TscDeadline = 2 };
struct LvtTimer : LvtEntry<LvtTimer, 0x320> {
  using Mode = Field<18, 17, TimerMode>;
};
static_assert(
    LvtTimer{}.with<LvtTimer::Vector>(0x30).with<LvtTimer::Mode>(TimerMode::TscDeadline).bits ==
    0x4'0030);
static_assert(LvtLint1{}.with<LvtLint1::Delivery>(DeliveryMode::Nmi).bits == 0x400);

/// Writing it starts the timer, zero stops it.
struct InitialCount : Register<InitialCount, u32> {
  static constexpr usize offset = 0x380;
};
struct CurrentCount : Register<CurrentCount, u32> {
  static constexpr usize offset = 0x390;
};
struct DivideConfiguration : Register<DivideConfiguration, u32> {
  static constexpr usize offset = 0x3e0;
};
inline constexpr DivideConfiguration divide_by_16 = DivideConfiguration::from(0x3);

/// CPUID leaf 1. [intel/vol2: "CPUID—CPU Identification"]
struct FeaturesEdx : Register<FeaturesEdx, u32> {
  using TimestampCounter = Field<4, 4, bool>;
  using LocalApic = Field<9, 9, bool>;
};
struct FeaturesEcx : Register<FeaturesEcx, u32> {
  using TscDeadline = Field<24, 24, bool>;
  using Hypervisor = Field<31, 31, bool>;
};

/// An I/O APIC shows its registers through these two. [82093aa: "I/O APIC Registers"]
struct IoSelect : Register<IoSelect, u32> {
  static constexpr usize offset = 0x00;
};
struct IoWindow : Register<IoWindow, u32> {
  static constexpr usize offset = 0x10;
};
inline constexpr u32 io_version_index = 0x01;
struct IoVersion : Register<IoVersion, u32> {
  using Number = Field<7, 0, u8>;
  using MaxEntry = Field<23, 16, u8>;
};

/// Where one input goes. [82093aa: "I/O Redirection Table Registers"]
struct RedirectionEntry : Register<RedirectionEntry, u64> {
  using Vector = Field<7, 0, u8>;
  using Delivery = Field<10, 8, DeliveryMode>;
  using Logical = Field<11, 11, bool>;
  using ActiveLow = Field<13, 13, bool>;
  using LevelTriggered = Field<15, 15, bool>;
  using Masked = Field<16, 16, bool>;
  using Destination = Field<63, 56, u8>;

  static constexpr u32 low_index(u8 entry) { return 0x10 + 2 * u32{entry}; }
  static constexpr u32 high_index(u8 entry) { return low_index(entry) + 1; }
};
static_assert(RedirectionEntry::high_index(23) == 0x3f);
static_assert(RedirectionEntry{}
                  .with<RedirectionEntry::Vector>(0x29)
                  .with<RedirectionEntry::LevelTriggered>(true)
                  .with<RedirectionEntry::Masked>(true)
                  .with<RedirectionEntry::Destination>(3)
                  .bits == 0x0300'0000'0001'8029);

}  // namespace nacre::hw::apic
