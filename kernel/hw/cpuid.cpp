#include "kernel/hw/cpuid.hpp"

#include <algorithm>

namespace nacre::hw {
namespace {

constexpr u32 first_extended = 0x8000'0000;
constexpr u32 first_hypervisor = 0x4000'0000;
constexpr u32 first_brand = 0x8000'0002;
constexpr u32 last_brand = 0x8000'0004;
/// Whatever the processor says of itself.
constexpr u32 most_leaves = 64;
constexpr u32 most_subleaves = 16;

using enum CpuidRegister;

/// [intel/vol2: "CPUID—CPU Identification"]
constexpr std::array features = std::to_array<CpuidFeature>({
    {"fpu", 1, Edx, 0, true},
    {"pse", 1, Edx, 3},
    {"tsc", 1, Edx, 4, true},
    {"msr", 1, Edx, 5, true},
    {"pae", 1, Edx, 6, true},
    {"mce", 1, Edx, 7},
    {"cx8", 1, Edx, 8},
    {"apic", 1, Edx, 9, true},
    {"sep", 1, Edx, 11},
    {"mtrr", 1, Edx, 12},
    {"pge", 1, Edx, 13, true},
    {"cmov", 1, Edx, 15},
    {"pat", 1, Edx, 16},
    {"clflush", 1, Edx, 19},
    {"mmx", 1, Edx, 23},
    {"fxsr", 1, Edx, 24, true},
    {"sse", 1, Edx, 25, true},
    {"sse2", 1, Edx, 26, true},
    {"htt", 1, Edx, 28},
    {"sse3", 1, Ecx, 0},
    {"pclmulqdq", 1, Ecx, 1},
    {"monitor", 1, Ecx, 3},
    {"vmx", 1, Ecx, 5},
    {"ssse3", 1, Ecx, 9},
    {"fma", 1, Ecx, 12},
    {"cx16", 1, Ecx, 13},
    {"pcid", 1, Ecx, 17},
    {"sse4.1", 1, Ecx, 19},
    {"sse4.2", 1, Ecx, 20},
    {"x2apic", 1, Ecx, 21},
    {"movbe", 1, Ecx, 22},
    {"popcnt", 1, Ecx, 23},
    {"tsc-deadline", 1, Ecx, 24, true},
    {"aes", 1, Ecx, 25},
    {"xsave", 1, Ecx, 26},
    {"avx", 1, Ecx, 28},
    {"f16c", 1, Ecx, 29},
    {"rdrand", 1, Ecx, 30, true},
    {"hypervisor", 1, Ecx, 31, true},
    {"fsgsbase", 7, Ebx, 0},
    {"bmi1", 7, Ebx, 3},
    {"avx2", 7, Ebx, 5},
    {"smep", 7, Ebx, 7, true},
    {"bmi2", 7, Ebx, 8},
    {"erms", 7, Ebx, 9},
    {"invpcid", 7, Ebx, 10},
    {"avx512f", 7, Ebx, 16},
    {"rdseed", 7, Ebx, 18, true},
    {"adx", 7, Ebx, 19},
    {"smap", 7, Ebx, 20, true},
    {"sha", 7, Ebx, 29},
    {"umip", 7, Ecx, 2, true},
    {"pku", 7, Ecx, 3},
    {"la57", 7, Ecx, 16},
    {"rdpid", 7, Ecx, 22},
    {"lahf", 0x8000'0001, Ecx, 0},
    {"svm", 0x8000'0001, Ecx, 2},
    {"lzcnt", 0x8000'0001, Ecx, 5},
    {"syscall", 0x8000'0001, Edx, 11},
    {"nx", 0x8000'0001, Edx, 20, true},
    {"pdpe1gb", 0x8000'0001, Edx, 26},
    {"rdtscp", 0x8000'0001, Edx, 27},
    {"lm", 0x8000'0001, Edx, 29, true},
    {"invariant-tsc", 0x8000'0007, Edx, 8},
});

u32 value_of(const CpuidResult& result, CpuidRegister where) {
  switch (where) {
    case Eax: return result.eax;
    case Ebx: return result.ebx;
    case Ecx: return result.ecx;
    case Edx: return result.edx;
  }
  return 0;
}

bool has_leaf(CpuidReader read, u32 leaf) {
  u32 const first = leaf & 0xc000'0000;
  u32 const last = read(first, 0).eax;
  return last >= leaf && last - first < 0x1'0000;
}

void put(std::span<char> text, usize at, u32 word) {
  for (unsigned i = 0; i < 4; ++i) text[at + i] = static_cast<char>(word >> (8 * i));
}

/// Whether another part of the leaf follows this one.
bool has_more(u32 leaf, u32 subleaf, const CpuidResult& result) {
  switch (leaf) {
    case 4: return (result.eax & 31) != 0;          // caches, up to one of no kind
    case 0xb: return (result.ecx >> 8 & 255) != 0;  // levels, up to one of no kind
    case 0xd: return subleaf < 1;
    default: return false;
  }
}

}  // namespace

std::span<const CpuidFeature> cpuid_features() { return features; }

bool has_feature(CpuidReader read, const CpuidFeature& feature) {
  if (!has_leaf(read, feature.leaf)) return false;
  return (value_of(read(feature.leaf, 0), feature.where) >> feature.bit & 1) != 0;
}

ProcessorIdentity identify_processor(CpuidReader read) {
  ProcessorIdentity identity;
  CpuidResult const vendor = read(0, 0);
  put(identity.vendor, 0, vendor.ebx);
  put(identity.vendor, 4, vendor.edx);
  put(identity.vendor, 8, vendor.ecx);
  if (has_leaf(read, 1)) set_signature(identity, read(1, 0).eax);
  if (!has_leaf(read, last_brand)) return identity;
  for (u32 leaf = first_brand; leaf <= last_brand; ++leaf) {
    CpuidResult const part = read(leaf, 0);
    usize const at = (leaf - first_brand) * usize{16};
    put(identity.brand, at, part.eax);
    put(identity.brand, at + 4, part.ebx);
    put(identity.brand, at + 8, part.ecx);
    put(identity.brand, at + 12, part.edx);
  }
  return identity;
}

void for_each_cpuid_leaf(
    CpuidReader read,
    base::FunctionRef<void(u32 leaf, u32 subleaf, const CpuidResult& result)> visit) {
  bool const is_guest = (read(1, 0).ecx >> 31) != 0;
  for (u32 const first : {u32{0}, first_hypervisor, first_extended}) {
    if (first == first_hypervisor && !is_guest) continue;
    u32 const last = read(first, 0).eax;
    if (last < first) continue;
    for (u32 leaf = first; leaf <= std::min(last, first + most_leaves - 1); ++leaf) {
      u32 parts = 0;
      for (u32 subleaf = 0; subleaf < most_subleaves; ++subleaf) {
        CpuidResult const result = read(leaf, subleaf);
        visit(leaf, subleaf, result);
        if (leaf == 7 && subleaf == 0) parts = result.eax;
        bool const goes_on = leaf == 7 ? subleaf < parts : has_more(leaf, subleaf, result);
        if (!goes_on) break;
      }
    }
  }
}

}  // namespace nacre::hw
