#include "kernel/memory/address_space.hpp"

#include <algorithm>
#include <utility>

#include "lib/base/try.hpp"

namespace nacre::memory {
namespace {

using hw::PageEntry;

/// Tables permit everything: the entry that maps the page decides.
PageEntry table_entry(hw::PhysAddr table) {
  return PageEntry{}
      .with<PageEntry::Present>(true)
      .with<PageEntry::Writable>(true)
      .with<PageEntry::User>(true)
      .with_address(table);
}

bool is_leaf(PageEntry entry, unsigned level) {
  return level == 1 || entry.get<PageEntry::Large>();
}

/// The largest page that can start at both addresses and fits into `bytes`.
u64 page_for(hw::VirtAddr virt, hw::PhysAddr phys, u64 bytes) {
  bool const large =
      (virt.value | phys.value) % hw::large_page_size == 0 && bytes >= hw::large_page_size;
  return large ? hw::large_page_size : hw::page_size;
}

std::expected<void, MapError> check_range(hw::VirtAddr virt, hw::PhysAddr phys,
                                          hw::PageCount count) {
  if ((virt.value | phys.value) % hw::page_size != 0) return std::unexpected(MapError::Misaligned);
  constexpr hw::PageCount half_the_space{u64{1} << 35};
  if (count > half_the_space) return std::unexpected(MapError::OutOfRange);
  if (phys > hw::physical_end || count.bytes() > hw::physical_end - phys) {
    return std::unexpected(MapError::OutOfRange);
  }
  if (count.value == 0) return {};
  hw::VirtAddr const last = virt + (count.bytes() - 1);
  bool const one_half = virt.value >> 63 == last.value >> 63;
  if (last < virt || !hw::is_canonical(virt) || !hw::is_canonical(last) || !one_half) {
    return std::unexpected(MapError::OutOfRange);
  }
  return {};
}

}  // namespace

std::expected<AddressSpace, OutOfMemory> AddressSpace::create(FrameAllocator& frames,
                                                              FlushPage flush,
                                                              NoExecute no_execute) {
  TRY(auto const root, frames.allocate_zeroed(single_frame));
  return AddressSpace(frames, flush, no_execute, root);
}

AddressSpace::AddressSpace(AddressSpace&& other) noexcept
    : frames_(other.frames_),
      flush_(other.flush_),
      no_execute_(other.no_execute_),
      root_(std::exchange(other.root_, hw::PhysAddr{})) {}

AddressSpace::~AddressSpace() {
  if (root_.value != 0) free_tables(root_, levels);
}

void AddressSpace::free_tables(hw::PhysAddr at, unsigned level) {
  if (level > 1) {
    for (PageEntry const entry : table(at)) {
      if (entry.get<PageEntry::Present>() && !is_leaf(entry, level))
        free_tables(entry.address(), level - 1);
    }
  }
  frames_->free(at, single_frame);
}

PageEntry AddressSpace::leaf(hw::PhysAddr phys, Access access, bool large) const {
  return PageEntry{}
      .with<PageEntry::Present>(true)
      .with<PageEntry::Writable>(access.write)
      .with<PageEntry::User>(access.user)
      .with<PageEntry::Global>(access.global)
      .with<PageEntry::Large>(large)
      // Entries 0, 1 and 3 of the page attribute table as the kernel sets it.
      .with<PageEntry::WriteThrough>(access.caching != Caching::WriteBack)
      .with<PageEntry::CacheDisable>(access.caching == Caching::Uncached)
      .with<PageEntry::NoExecute>(!access.execute && no_execute_ == NoExecute::Present)
      .with_address(phys);
}

PageEntry* AddressSpace::find(hw::VirtAddr at, unsigned& level) const {
  hw::PhysAddr next = root_;
  for (level = levels;; --level) {
    PageEntry& entry = table(next)[hw::table_index(at, level)];
    if (!entry.get<PageEntry::Present>()) return nullptr;
    if (is_leaf(entry, level)) return &entry;
    next = entry.address();
  }
}

std::expected<AddressSpace::Table*, MapError> AddressSpace::table_for(hw::VirtAddr at,
                                                                      unsigned level) {
  hw::PhysAddr next = root_;
  for (unsigned here = levels; here > level; --here) {
    PageEntry& entry = table(next)[hw::table_index(at, here)];
    if (!entry.get<PageEntry::Present>()) {
      auto const fresh = frames_->allocate_zeroed(single_frame);
      if (!fresh) return std::unexpected(MapError::OutOfMemory);
      entry = table_entry(*fresh);
    } else if (is_leaf(entry, here)) {
      return std::unexpected(MapError::AlreadyMapped);
    }
    next = entry.address();
  }
  return &table(next);
}

bool AddressSpace::has_small_pages(hw::VirtAddr at) const {
  hw::PhysAddr next = root_;
  for (unsigned level = levels; level >= 2; --level) {
    PageEntry const entry = table(next)[hw::table_index(at, level)];
    if (!entry.get<PageEntry::Present>() || is_leaf(entry, level)) return false;
    next = entry.address();
  }
  return true;
}

void AddressSpace::free_empty_tables(hw::VirtAddr at) {
  // The entries on the way down; `lowest` is the level of the last that points at a table.
  std::array<PageEntry*, levels + 1> path{};
  unsigned lowest = levels + 1;
  hw::PhysAddr next = root_;
  for (unsigned level = levels; level >= 2; --level) {
    PageEntry& entry = table(next)[hw::table_index(at, level)];
    if (!entry.get<PageEntry::Present>() || is_leaf(entry, level)) break;
    path[level] = &entry;
    lowest = level;
    next = entry.address();
  }
  for (unsigned level = lowest; level < levels; ++level) {
    hw::PhysAddr const candidate = path[level]->address();
    bool const empty = std::ranges::none_of(
        table(candidate), [](PageEntry entry) { return entry.get<PageEntry::Present>(); });
    if (!empty) return;
    *path[level] = {};
    // The CPU may have kept the way through this table. It may have read it at any time until now,
    // so the flush of the page comes too early for that.
    flush_(at);
    frames_->free(candidate, single_frame);
  }
}

std::expected<void, MapError> AddressSpace::map(hw::VirtAddr virt, hw::PhysAddr phys,
                                                hw::PageCount count, Access access) {
  TRY(check_range(virt, phys, count));
  u64 done = 0;
  while (done < count.bytes()) {
    u64 bytes = page_for(virt + done, phys + done, count.bytes() - done);
    if (bytes == hw::large_page_size && has_small_pages(virt + done)) bytes = hw::page_size;
    unsigned const level = bytes == hw::large_page_size ? 2 : 1;
    auto const found = table_for(virt + done, level);
    std::expected<void, MapError> result;
    if (!found) {
      result = std::unexpected(found.error());
    } else {
      PageEntry& entry = (**found)[hw::table_index(virt + done, level)];
      if (entry.get<PageEntry::Present>()) {
        result = std::unexpected(MapError::AlreadyMapped);
      } else {
        entry = leaf(phys + done, access, level == 2);
      }
    }
    if (!result) {
      remove(virt, done);
      free_empty_tables(virt + done);
      return result;
    }
    done += bytes;
  }
  return {};
}

void AddressSpace::remove(hw::VirtAddr virt, u64 bytes) {
  for (u64 done = 0; done < bytes;) {
    hw::VirtAddr const at = virt + done;
    unsigned level = 0;
    PageEntry* const entry = find(at, level);
    *entry = {};
    flush_(at);
    done += hw::bytes_per_entry(level);
    bool const last_of_its_table = hw::table_index(at, level) == hw::table_entries - 1;
    if (done >= bytes || last_of_its_table) free_empty_tables(at);
  }
}

std::expected<void, MapError> AddressSpace::check_mapped(hw::VirtAddr virt,
                                                         hw::PageCount count) const {
  for (u64 done = 0; done < count.bytes();) {
    unsigned level = 0;
    if (find(virt + done, level) == nullptr) return std::unexpected(MapError::NotMapped);
    u64 const page = hw::bytes_per_entry(level);
    done = base::align_down((virt + done).value, page) + page - virt.value;
  }
  return {};
}

std::expected<void, MapError> AddressSpace::split_at(hw::VirtAddr at) {
  unsigned level = 0;
  PageEntry* const entry = find(at, level);
  if (entry == nullptr || level == 1 || at.value % hw::bytes_per_entry(level) == 0) return {};
  auto const fresh = frames_->allocate(single_frame);
  if (!fresh) return std::unexpected(MapError::OutOfMemory);
  u64 const part = hw::bytes_per_entry(level - 1);
  for (usize i = 0; i < hw::table_entries; ++i) {
    table(*fresh)[i] =
        entry->with<PageEntry::Large>(level - 1 > 1).with_address(entry->address() + i * part);
  }
  *entry = table_entry(*fresh);
  flush_(at);
  return split_at(at);
}

std::expected<void, MapError> AddressSpace::unmap(hw::VirtAddr virt, hw::PageCount count) {
  TRY(check_range(virt, {}, count));
  TRY(check_mapped(virt, count));
  TRY(split_at(virt));
  TRY(split_at(virt + count.bytes()));
  remove(virt, count.bytes());
  return {};
}

std::expected<void, MapError> AddressSpace::protect(hw::VirtAddr virt, hw::PageCount count,
                                                    Access access) {
  TRY(check_range(virt, {}, count));
  TRY(check_mapped(virt, count));
  TRY(split_at(virt));
  TRY(split_at(virt + count.bytes()));
  for (u64 done = 0; done < count.bytes();) {
    unsigned level = 0;
    PageEntry* const entry = find(virt + done, level);
    *entry = leaf(entry->address(), access, level > 1);
    flush_(virt + done);
    done += hw::bytes_per_entry(level);
  }
  return {};
}

std::optional<AddressSpace::Mapping> AddressSpace::mapping_at(hw::VirtAddr at) const {
  if (!hw::is_canonical(at)) return std::nullopt;
  unsigned level = 0;
  const PageEntry* const entry = find(at, level);
  if (entry == nullptr) return std::nullopt;
  u64 const bytes = hw::bytes_per_entry(level);
  return Mapping{{base::align_down(at.value, bytes)}, *entry, bytes};
}

std::optional<hw::PhysAddr> AddressSpace::translate(hw::VirtAddr at) const {
  auto const mapping = mapping_at(at);
  if (!mapping) return std::nullopt;
  return mapping->entry.address() + (at - mapping->start);
}

void AddressSpace::for_each_mapping(Visit visit) const { visit_table(root_, levels, 0, visit); }

void AddressSpace::visit_table(hw::PhysAddr at, unsigned level, u64 start, Visit visit) const {
  u64 const bytes = hw::bytes_per_entry(level);
  for (usize i = 0; i < hw::table_entries; ++i) {
    PageEntry const entry = table(at)[i];
    if (!entry.get<PageEntry::Present>()) continue;
    u64 address = start + i * bytes;
    if (level == levels && i >= hw::table_entries / 2) address |= 0xffff'0000'0000'0000;
    if (is_leaf(entry, level)) {
      visit({{address}, entry, bytes});
    } else {
      visit_table(entry.address(), level - 1, address, visit);
    }
  }
}

}  // namespace nacre::memory
