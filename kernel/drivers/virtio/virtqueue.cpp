#include "kernel/drivers/virtio/virtqueue.hpp"

#include <atomic>
#include <bit>

#include "lib/base/assert.hpp"

namespace nacre::drivers {
namespace {

using base::u16;
using base::u32;
using hw::virtio::Descriptor;
using hw::virtio::RingHeader;
using hw::virtio::UsedEntry;

static_assert(Virtqueue::max_size * sizeof(Descriptor) + sizeof(RingHeader) +
                  Virtqueue::max_size * sizeof(u16) <=
              2048);
static_assert(2048 + sizeof(RingHeader) + Virtqueue::max_size * sizeof(UsedEntry) <=
              Virtqueue::memory_size);

/// The device reads and writes at the same time: each access is one, in the order that is said.
template <class T>
T load(T& from, std::memory_order order) {
  return std::atomic_ref(from).load(order);
}
template <class T>
void store(T& into, T value, std::memory_order order) {
  std::atomic_ref(into).store(value, order);
}

}  // namespace

Virtqueue::Virtqueue(memory::PhysicalWindow window, hw::PhysAddr start, u16 size)
    : window_(window), start_(start), size_(size) {
  NACRE_ASSERT(std::has_single_bit(size) && size <= max_size);
  NACRE_ASSERT(start.value % memory_size == 0);
}

void Virtqueue::offer(u16 buffer, hw::PhysAddr memory, u32 length, Direction direction) {
  NACRE_ASSERT(buffer < size_ && !lent_[buffer].lent);
  bool const device_writes = direction == Direction::FromDevice;
  lent_[buffer] = {true, device_writes ? length : 0};
  ++outstanding_;
  descriptor(buffer) = {memory.value, length,
                        device_writes ? Descriptor::device_writes_flag : u16{0}, 0};
  driver_entry(offered_ % size_) = buffer;
  // What was written above is there when the device sees the index.
  store(driver_header().index, ++offered_, std::memory_order_release);
}

bool Virtqueue::wants_notification() const {
  // The device looks at the index after it has changed its flag: one of the two sees the other's.
  std::atomic_thread_fence(std::memory_order_seq_cst);
  return (load(device_header().flags, std::memory_order_relaxed) & RingHeader::quiet_flag) == 0;
}

std::expected<std::optional<Virtqueue::Used>, VirtqueueError> Virtqueue::take_used() {
  u16 const index = load(device_header().index, std::memory_order_acquire);
  if (index == taken_) return std::nullopt;
  if (static_cast<u16>(index - taken_) > outstanding_)
    return std::unexpected(VirtqueueError::BadIndex);
  UsedEntry& entry = device_entry(taken_ % size_);
  u32 const number = load(entry.descriptor, std::memory_order_relaxed);
  u32 const length = load(entry.length, std::memory_order_relaxed);
  if (number >= size_ || !lent_[number].lent) return std::unexpected(VirtqueueError::BadDescriptor);
  if (length > lent_[number].writable) return std::unexpected(VirtqueueError::BadLength);
  lent_[number] = {};
  --outstanding_;
  ++taken_;
  return Used{static_cast<u16>(number), length};
}

void Virtqueue::set_interrupts(bool on) {
  if (on == interrupts_) return;
  interrupts_ = on;
  store(driver_header().flags, on ? u16{0} : RingHeader::quiet_flag, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_seq_cst);
}

}  // namespace nacre::drivers
