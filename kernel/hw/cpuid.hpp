#pragma once

#include <array>
#include <span>
#include <string_view>

#include "kernel/hw/cpu.hpp"
#include "lib/base/function_ref.hpp"

/// What the instruction CPUID tells. [intel/vol2: "CPUID—CPU Identification"]
namespace nacre::hw {

using base::u8;
using base::usize;

/// The instruction, or what stands for it in a test.
using CpuidReader = base::FunctionRef<CpuidResult(u32 leaf, u32 subleaf)>;

enum class CpuidRegister : u8 { Eax, Ebx, Ecx, Edx };

/// A bit that says whether the processor can do something.
struct CpuidFeature {
  std::string_view name;
  u32 leaf;
  CpuidRegister where;
  u8 bit;
  /// Whether Nacre does it, too.
  bool is_of_use = false;
};

/// Those with a name here; the others `cpuid -r` shows as bits.
std::span<const CpuidFeature> cpuid_features();
bool has_feature(CpuidReader read, const CpuidFeature& feature);

/// Which processor it is. Texts have NULs behind them.
struct ProcessorIdentity {
  std::array<char, 12> vendor{};
  std::array<char, 48> brand{};
  u32 family = 0;
  u32 model = 0;
  u32 stepping = 0;
};
ProcessorIdentity identify_processor(CpuidReader read);

/// Family, model and stepping from register EAX of leaf 1.
constexpr void set_signature(ProcessorIdentity& identity, u32 eax) {
  u32 const family = eax >> 8 & 15;
  u32 const model = eax >> 4 & 15;
  identity.stepping = eax & 15;
  identity.family = family == 15 ? family + (eax >> 20 & 255) : family;
  identity.model = family == 6 || family == 15 ? model | (eax >> 16 & 15) << 4 : model;
}
static_assert([] {
  ProcessorIdentity identity;
  set_signature(identity, 0x0009'06ea);
  return identity.family == 6 && identity.model == 0x9e && identity.stepping == 10;
}());
static_assert([] {
  ProcessorIdentity identity;
  set_signature(identity, 0x00a2'0f10);
  return identity.family == 0x19 && identity.model == 0x21 && identity.stepping == 0;
}());

/// Calls `visit` for every leaf that there is: basic, extended, and of a hypervisor; those with
/// several parts as far as they say that there is more.
void for_each_cpuid_leaf(
    CpuidReader read,
    base::FunctionRef<void(u32 leaf, u32 subleaf, const CpuidResult& result)> visit);

}  // namespace nacre::hw
