#include "kernel/drivers/acpi.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>

#include "kernel/drivers/acpi_bytes.hpp"
#include "lib/base/log.hpp"
#include "lib/base/try.hpp"

namespace nacre::drivers {
namespace {

using base::u32;
using base::u64;
using base::u8;
using base::usize;
using hw::PhysAddr;
using Bytes = std::span<const u8>;
using namespace hw::acpi;

// Longer than any table of a real machine; bounds the time that a hostile one takes.
constexpr u32 longest_table = 4 << 20;
constexpr usize most_tables = 256;

bool sums_to_zero(Bytes bytes) {
  return std::accumulate(bytes.begin(), bytes.end(), u8{0},
                         [](u8 a, u8 b) { return static_cast<u8>(a + b); }) == 0;
}

std::string_view text_of(const Signature& signature) {
  return {signature.data(), signature.size()};
}

/// A root pointer, and where it is.
struct FoundRoot {
  RootPointer pointer;
  PhysAddr at;
};

/// The root pointer at `at`, if there is a right one.
std::optional<RootPointer> root_pointer_at(PhysicalReader read, PhysAddr at) {
  Bytes bytes = read(at, root_pointer_v1_size);
  if (bytes.size() < root_pointer_v1_size || !sums_to_zero(bytes.first(root_pointer_v1_size)))
    return std::nullopt;
  auto pointer = copy_what_is_there<RootPointer>(bytes.first(root_pointer_v1_size));
  if (std::string_view(pointer.signature.data(), pointer.signature.size()) !=
      root_pointer_signature)
    return std::nullopt;
  if (pointer.revision < 2) return pointer;
  bytes = read(at, sizeof(RootPointer));
  if (bytes.size() < sizeof(RootPointer)) return std::nullopt;
  auto const extended = copy_what_is_there<RootPointer>(bytes.first(sizeof(RootPointer)));
  u32 const length = extended.length;
  if (length < sizeof(RootPointer) || length > hw::page_size) return pointer;
  bytes = read(at, length);
  if (bytes.size() < length || !sums_to_zero(bytes.first(length))) {
    base::log_warning("acpi",
                      "root pointer at {}: bad extended checksum, only its first half is used", at);
    return pointer;
  }
  return extended;
}

std::optional<FoundRoot> scan_for_root_pointer(PhysicalReader read, PhysAddr start, u64 size) {
  Bytes const area = read(start, size);
  for (u64 offset = 0; offset + root_pointer_v1_size <= area.size();
       offset += root_pointer_alignment) {
    if (std::memcmp(area.data() + offset, root_pointer_signature.data(),
                    root_pointer_signature.size()) != 0)
      continue;
    if (auto const found = root_pointer_at(read, start + offset))
      return FoundRoot{*found, start + offset};
  }
  return std::nullopt;
}

std::optional<FoundRoot> find_root_pointer(PhysicalReader read, std::optional<PhysAddr> given) {
  if (given) {
    if (auto const found = root_pointer_at(read, *given)) return FoundRoot{*found, *given};
    base::log_warning("acpi", "the loader's root pointer at {} is not one", *given);
  }
  if (auto const segment = copy_at<base::u16>(read(extended_bios_data_segment, 2), 0)) {
    PhysAddr const area{u64{*segment} << 4};
    if (area.value >= 0x400)
      if (auto const found = scan_for_root_pointer(read, area, extended_bios_data_size))
        return found;
  }
  return scan_for_root_pointer(read, bios_area, bios_area_size);
}

/// All bytes of the table at `at`, if they are there and their checksum is right.
std::optional<Bytes> table_at(PhysicalReader read, PhysAddr at, std::string_view what) {
  auto const header = copy_at<TableHeader>(read(at, sizeof(TableHeader)), 0);
  if (!header) {
    base::log_warning("acpi", "{} at {}: there is no memory", what, at);
    return std::nullopt;
  }
  u32 const length = header->length;
  Bytes bytes;
  if (length >= sizeof(TableHeader) && length <= longest_table) bytes = read(at, length);
  if (bytes.size() < length || bytes.empty()) {
    base::log_warning("acpi", "{} at {}: bad length {}, ignored", what, at, length);
    return std::nullopt;
  }
  bytes = bytes.first(length);
  if (!sums_to_zero(bytes)) {
    base::log_warning("acpi", "{} at {}: bad checksum, ignored", what, at);
    return std::nullopt;
  }
  return bytes;
}

/// What the root table lists, either kind.
struct RootTable {
  Bytes bytes;
  usize entry_size = 0;
  usize count() const { return (bytes.size() - sizeof(TableHeader)) / entry_size; }
  PhysAddr entry(usize index) const {
    usize const offset = sizeof(TableHeader) + index * entry_size;
    if (entry_size == 8) return {copy_at<u64>(bytes, offset).value_or(0)};
    return {copy_at<u32>(bytes, offset).value_or(0)};
  }
};

std::optional<RootTable> read_root_table(PhysicalReader read, const RootPointer& pointer) {
  if (pointer.revision >= 2 && pointer.xsdt != 0) {
    auto const bytes = table_at(read, {pointer.xsdt}, "XSDT");
    if (bytes && copy_at<TableHeader>(*bytes, 0)->signature == signature("XSDT"))
      return RootTable{*bytes, 8};
  }
  if (pointer.rsdt != 0) {
    auto const bytes = table_at(read, {pointer.rsdt}, "RSDT");
    if (bytes && copy_at<TableHeader>(*bytes, 0)->signature == signature("RSDT"))
      return RootTable{*bytes, 4};
  }
  return std::nullopt;
}

std::expected<void, AcpiError> read_pci_windows(Bytes table, Acpi& acpi) {
  for (usize offset = mcfg_entries_offset;; offset += sizeof(McfgEntry)) {
    auto const entry = copy_at<McfgEntry>(table, offset);
    if (!entry) return {};
    if (entry->last_bus < entry->first_bus) continue;
    TRY(acpi.pci_windows.try_push_back(
        {{entry->address}, entry->segment, entry->first_bus, entry->last_bus}));
  }
}

}  // namespace

std::expected<Acpi, AcpiError> read_acpi(PhysicalReader read, std::optional<PhysAddr> root) {
  auto const found_root = find_root_pointer(read, root);
  if (!found_root) return std::unexpected(AcpiProblem::NotFound);
  auto const tables = read_root_table(read, found_root->pointer);
  if (!tables) return std::unexpected(AcpiProblem::NoTables);

  Acpi acpi;
  acpi.root = found_root->at;
  std::optional<SleepTypes> soft_off;
  for (usize i = 0; i < std::min(tables->count(), most_tables); ++i) {
    PhysAddr const at = tables->entry(i);
    auto const header = copy_at<TableHeader>(read(at, sizeof(TableHeader)), 0);
    if (!header) {
      base::log_warning("acpi", "table {} of the root table at {}: there is no memory", i, at);
      continue;
    }
    Signature const name = header->signature;
    bool const wanted = name == signature("APIC") || name == signature("FACP") ||
                        name == signature("HPET") || name == signature("MCFG") ||
                        (name == signature("SSDT") && !soft_off);
    if (!wanted) continue;
    auto const table = table_at(read, at, text_of(name));
    if (!table) continue;
    if (name == signature("APIC") && !acpi.interrupts) {
      TRY(acpi.interrupts, read_acpi_interrupts(*table));
    } else if (name == signature("FACP") && !acpi.power) {
      acpi.power = read_acpi_power(*table);
      auto const fixed = copy_what_is_there<FixedDescription>(*table);
      PhysAddr const dsdt{fixed.extended_dsdt != 0 ? fixed.extended_dsdt : u64{fixed.dsdt}};
      if (dsdt.value != 0)
        if (auto const code = table_at(read, dsdt, "DSDT")) {
          if (auto const found = find_soft_off(*code)) soft_off = found;
          TRY(find_virtio_devices(*code, acpi.virtio_devices));
        }
    } else if (name == signature("HPET")) {
      auto const hpet = copy_at<HpetTable>(*table, 0);
      if (hpet && hpet->address.space == AddressSpace::Memory)
        acpi.hpet = PhysAddr{hpet->address.address};
    } else if (name == signature("MCFG")) {
      TRY(read_pci_windows(*table, acpi));
    } else if (name == signature("SSDT")) {
      if (auto const found = find_soft_off(*table)) soft_off = found;
    }
  }
  if (acpi.power) acpi.power->soft_off = soft_off;
  return acpi;
}

namespace {

/// The table at `at`, right or not; nothing where it cannot be read.
std::optional<AcpiTable> any_table_at(PhysicalReader read, PhysAddr at) {
  auto const header = copy_at<TableHeader>(read(at, sizeof(TableHeader)), 0);
  if (!header || header->length < sizeof(TableHeader) || header->length > longest_table)
    return std::nullopt;
  Bytes const bytes = read(at, header->length);
  if (bytes.size() < header->length) return std::nullopt;
  return AcpiTable{at, *header, bytes.first(header->length),
                   sums_to_zero(bytes.first(header->length))};
}

}  // namespace

void for_each_acpi_table(PhysicalReader read, PhysAddr root,
                         base::FunctionRef<void(const AcpiTable&)> visit) {
  auto const pointer = root_pointer_at(read, root);
  if (!pointer) return;
  auto const tables = read_root_table(read, *pointer);
  if (!tables) return;
  PhysAddr const at{tables->entry_size == 8 ? pointer->xsdt : u64{pointer->rsdt}};
  if (auto const table = any_table_at(read, at)) visit(*table);
  for (usize i = 0; i < std::min(tables->count(), most_tables); ++i) {
    auto const table = any_table_at(read, tables->entry(i));
    if (!table) continue;
    visit(*table);
    if (table->header.signature != signature("FACP")) continue;
    auto const fixed = copy_what_is_there<FixedDescription>(table->bytes);
    PhysAddr const dsdt{fixed.extended_dsdt != 0 ? fixed.extended_dsdt : u64{fixed.dsdt}};
    if (dsdt.value == 0) continue;
    if (auto const code = any_table_at(read, dsdt)) visit(*code);
  }
}

}  // namespace nacre::drivers
