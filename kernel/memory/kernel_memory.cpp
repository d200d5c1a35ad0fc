#include "kernel/memory/kernel_memory.hpp"

#include <new>

#include "kernel/hw/cpu.hpp"
#include "kernel/hw/page_entry.hpp"
#include "kernel/memory/layout.hpp"
#include "lib/base/log.hpp"
#include "lib/base/try.hpp"

namespace nacre::memory {
namespace {

/// The one object, built in place: there is no heap before it.
alignas(KernelMemory) constinit std::array<u8, sizeof(KernelMemory)> storage{};
constinit KernelMemory* installed = nullptr;
constinit std::array<char, 96> description{};

static_assert(hw::MemoryMap::limit.value <= ranges_start - direct_map_start,
              "the direct map has room for all memory");

/// Firmware leaves its tables in reserved ranges of this size at most; larger ones are devices.
constexpr u64 largest_firmware_range = u64{64} << 20;
constexpr u64 low_memory_end = u64{1} << 20;

bool belongs_in_direct_map(const hw::MemoryRange& range) {
  switch (range.kind) {
    case hw::MemoryKind::Bad: return false;
    case hw::MemoryKind::Reserved: return range.size <= largest_firmware_range;
    default: return true;
  }
}

/// Maps all memory at its place in the direct map, neighbouring ranges in one piece so that large
/// pages fit.
std::expected<void, MapError> map_all_memory(AddressSpace& space, const hw::MemoryMap& map) {
  Access const access{.write = true, .global = true};
  hw::PhysAddr start{0};
  hw::PhysAddr end{low_memory_end};
  auto const flush = [&] {
    return space.map(direct_map_start + start.value, start, hw::PageCount::covering(end - start),
                     access);
  };
  for (auto const& range : map.ranges()) {
    if (!belongs_in_direct_map(range)) continue;
    hw::PhysAddr const from{base::align_down(range.start.value, hw::page_size)};
    hw::PhysAddr const to{base::align_up(range.end().value, hw::page_size)};
    if (to <= end) continue;
    if (from > end) {
      TRY(flush());
      start = from;
    }
    end = to;
  }
  return flush();
}

}  // namespace

KernelMemory::KernelMemory(FrameAllocator frames, hw::PhysAddr root, NoExecute no_execute)
    : frames_(std::move(frames)),
      space_(AddressSpace::with_root(frames_, hw::flush_tlb_page, no_execute, root)),
      ranges_(ranges_start, ranges_end),
      mapped_blocks_(frames_, space_, ranges_),
      heap_(frames_, &mapped_blocks_) {}

std::expected<KernelMemory*, MapError> KernelMemory::install(const hw::MemoryMap& map,
                                                             hw::PhysAddr mapped_by_boot,
                                                             std::span<const ImagePart> image,
                                                             u64 image_offset,
                                                             NoExecute no_execute) {
  auto const out_of_memory = [](OutOfMemory) { return MapError::OutOfMemory; };
  TRY(auto frames, FrameAllocator::create(map, PhysicalWindow(direct_map_start), mapped_by_boot)
                       .transform_error(out_of_memory));
  TRY(auto const root, frames.allocate_zeroed(single_frame).transform_error(out_of_memory));
  installed = new (storage.data()) KernelMemory(std::move(frames), root, no_execute);

  hw::write_model_register(hw::page_attribute_register, hw::page_attributes);
  TRY(map_all_memory(installed->space_, map));
  for (auto const& part : image) {
    hw::PhysAddr const phys{part.start.value - image_offset};
    auto const count = hw::PageCount::covering(part.end - part.start);
    TRY(installed->space_.map(part.start, phys, count, part.access));
    // What must not be written here must not be written through the direct map either.
    if (!part.access.write) {
      TRY(installed->space_.protect(direct_map(phys), count, {.global = true}));
    }
  }
  hw::load_page_table_root(installed->space_.root());
  installed->frames_.add_from(mapped_by_boot, map);
  return installed;
}

KernelMemory& kernel_memory() { return *installed; }
bool has_kernel_memory() { return installed != nullptr; }

std::string_view describe_address(hw::VirtAddr at) {
  if (installed == nullptr) return {};
  const VirtualRange* const range = installed->ranges().find(at);
  if (range == nullptr) return {};
  bool const inside = at >= range->start() && at < range->start() + range->size;
  base::BufferSink sink(description);
  base::format_to(sink, "({}{})", inside ? "in " : "guard page of ", range->name.view());
  return sink.view();
}

hw::VirtAddr direct_map(hw::PhysAddr phys) { return direct_map_start + phys.value; }

std::expected<hw::VirtAddr, MapError> map_device(hw::PhysAddr phys, u64 size, Caching caching) {
  if (size == 0 || phys >= hw::physical_end || size > hw::physical_end - phys) {
    return std::unexpected(MapError::OutOfRange);
  }
  u64 const within = phys.value % hw::page_size;
  hw::PageCount const count = hw::PageCount::covering(within + size);
  KernelMemory& memory = kernel_memory();
  base::FixedText<48> const name("device at {}", phys);
  u64 const alignment = count.bytes() >= hw::large_page_size ? hw::large_page_size : hw::page_size;
  auto const range = memory.ranges().allocate(name, count.bytes(), hw::page_size, alignment);
  if (!range) return std::unexpected(MapError::OutOfMemory);
  auto const mapped = memory.space().map((*range)->start(), {phys.value - within}, count,
                                         {.write = true, .global = true, .caching = caching});
  if (!mapped) {
    memory.ranges().free(**range);
    return std::unexpected(mapped.error());
  }
  return (*range)->start() + within;
}

}  // namespace nacre::memory
