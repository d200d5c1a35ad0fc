#pragma once

#include <array>
#include <expected>
#include <optional>

#include "kernel/hw/page_entry.hpp"
#include "kernel/memory/frame_allocator.hpp"
#include "kernel/memory/mmio.hpp"
#include "lib/base/function_ref.hpp"

namespace nacre::memory {

/// What may be done with a mapping. Reading always may.
struct Access {
  bool write = false;
  bool execute = false;
  bool user = false;
  bool global = false;  // the same in every address space: survives a change of the root in the TLB
  Caching caching = Caching::WriteBack;
};

/// Whether the CPU has no-execute pages: entries with the bit set are corrupt where it has not.
enum class NoExecute : bool { Absent, Present };

/// Four levels of page tables. Context: task or boot.
/// Source: [intel/vol3: "4-Level Paging and 5-Level Paging"]
class AddressSpace {
 public:
  using FlushPage = void (*)(hw::VirtAddr page);

  /// An empty one. `flush` drops one page's translation from the TLB.
  static std::expected<AddressSpace, OutOfMemory> create(FrameAllocator& frames, FlushPage flush,
                                                         NoExecute no_execute);
  /// One over a zeroed frame that the caller has allocated as its root.
  static AddressSpace with_root(FrameAllocator& frames, FlushPage flush, NoExecute no_execute,
                                hw::PhysAddr root) {
    return AddressSpace(frames, flush, no_execute, root);
  }
  AddressSpace(AddressSpace&& other) noexcept;
  AddressSpace& operator=(AddressSpace&&) = delete;
  /// Frees the tables, not what they map. It must not be the space in use.
  ~AddressSpace();

  /// Maps `count` pages at `virt` to consecutive frames from `phys`, in large pages where alignment
  /// and length allow. Errors: OutOfMemory, AlreadyMapped, Misaligned, OutOfRange; then nothing was
  /// mapped.
  std::expected<void, MapError> map(hw::VirtAddr virt, hw::PhysAddr phys, hw::PageCount count,
                                    Access access);
  /// Takes `count` pages' mappings away and flushes them. Errors: NotMapped when one of them has
  /// none, and then nothing changed; Misaligned; OutOfMemory when a large page had to be split and
  /// could not.
  std::expected<void, MapError> unmap(hw::VirtAddr virt, hw::PageCount count);
  /// Changes what may be done with `count` mapped pages. Errors as for `unmap`.
  std::expected<void, MapError> protect(hw::VirtAddr virt, hw::PageCount count, Access access);
  /// One entry that maps memory: the address where it begins, and the bytes that it covers.
  struct Mapping {
    hw::VirtAddr start;
    hw::PageEntry entry;
    u64 bytes = 0;
  };
  /// What maps `at`.
  std::optional<Mapping> mapping_at(hw::VirtAddr at) const;
  /// Where `at` is in physical memory.
  std::optional<hw::PhysAddr> translate(hw::VirtAddr at) const;

  hw::PhysAddr root() const { return root_; }

  /// Calls `visit` for every mapping, by ascending address.
  using Visit = base::FunctionRef<void(const Mapping& mapping)>;
  void for_each_mapping(Visit visit) const;

 private:
  using Table = std::array<hw::PageEntry, hw::table_entries>;
  static constexpr unsigned levels = 4;

  AddressSpace(FrameAllocator& frames, FlushPage flush, NoExecute no_execute, hw::PhysAddr root)
      : frames_(&frames), flush_(flush), no_execute_(no_execute), root_(root) {}

  Table& table(hw::PhysAddr at) const { return *frames_->window().at<Table>(at); }
  hw::PageEntry leaf(hw::PhysAddr phys, Access access, bool large) const;
  /// The entry that maps `at` and its level, or null.
  hw::PageEntry* find(hw::VirtAddr at, unsigned& level) const;
  /// The table at `level` that covers `at`, made where there is none. Errors: OutOfMemory,
  /// AlreadyMapped (a large page lies in the way).
  std::expected<Table*, MapError> table_for(hw::VirtAddr at, unsigned level);
  /// Whether a table of small pages lies where a large page at `at` would go.
  bool has_small_pages(hw::VirtAddr at) const;
  /// Frees the tables on the way to `at` in which nothing is left. Those that stand in the root
  /// stay: other address spaces may share them.
  void free_empty_tables(hw::VirtAddr at);
  /// Makes sure that no large page reaches across `at`.
  std::expected<void, MapError> split_at(hw::VirtAddr at);
  std::expected<void, MapError> check_mapped(hw::VirtAddr virt, hw::PageCount count) const;
  void remove(hw::VirtAddr virt, u64 bytes);
  void free_tables(hw::PhysAddr at, unsigned level);
  void visit_table(hw::PhysAddr at, unsigned level, u64 start, Visit visit) const;

  FrameAllocator* frames_;
  FlushPage flush_;
  NoExecute no_execute_;
  hw::PhysAddr root_;
};

}  // namespace nacre::memory
