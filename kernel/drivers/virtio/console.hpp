#pragma once

#include <expected>
#include <span>

#include "kernel/drivers/virtio/transport.hpp"
#include "kernel/memory/frame_allocator.hpp"
#include "lib/exec/task.hpp"
#include "lib/exec/wait.hpp"

namespace nacre::drivers {

/// A block of frames with one owner.
class FrameBlock {
 public:
  static std::expected<FrameBlock, base::OutOfMemory> create(memory::FrameAllocator& frames,
                                                             base::u64 size) {
    memory::Order const order = memory::Order::covering(size);
    TRY(auto const start, frames.allocate_zeroed(order));
    return FrameBlock(frames, start, order);
  }
  FrameBlock(FrameBlock&& other) noexcept
      : frames_(std::exchange(other.frames_, nullptr)),
        start_(other.start_),
        order_(other.order_) {}
  FrameBlock& operator=(FrameBlock&&) = delete;
  ~FrameBlock() {
    if (frames_ != nullptr) frames_->free(start_, order_);
  }
  hw::PhysAddr start() const { return start_; }

 private:
  FrameBlock(memory::FrameAllocator& frames, hw::PhysAddr start, memory::Order order)
      : frames_(&frames), start_(start), order_(order) {}

  memory::FrameAllocator* frames_;
  hw::PhysAddr start_;
  memory::Order order_;
};

/// The first named port of a virtio console: bytes both ways, clean for all values, some KiB at a
/// time. Whoever does not read holds the other end up, and nothing is lost. Route its interrupt to
/// `handle_interrupt` with the console as its context. Task context. [virtio: "Console Device"]
///
/// Port 0 is not used: it stands for a terminal, and QEMU drops what a terminal has no room for.
class VirtioConsole {
 public:
  static constexpr base::u16 receive_count = 16;
  static constexpr base::usize receive_size = 4096;
  static constexpr base::u16 send_count = 8;
  static constexpr base::usize send_size = 16384;

  /// Sets the device up and opens its port, which must have that name; it may interrupt from here
  /// on. The transport, the frames and the executor outlive it. Errors: as named; then the device
  /// was given up.
  static std::expected<base::Box<VirtioConsole>, VirtioError> create(VirtioTransport& transport,
                                                                     memory::FrameAllocator& frames,
                                                                     exec::Executor& executor,
                                                                     std::string_view port_name);
  VirtioConsole(const VirtioConsole&) = delete;
  VirtioConsole& operator=(const VirtioConsole&) = delete;
  ~VirtioConsole() { transport_.set_status(hw::virtio::Status{}); }

  /// As many bytes as have arrived and fit. How many.
  base::usize try_read(std::span<base::u8> into);
  /// Waits until bytes have arrived after `try_read` found none. A hint: read in a loop.
  auto readable() { return readable_.wait(); }

  /// Sends as much of `bytes` as there is room for. How many bytes.
  base::usize try_write(std::span<const base::u8> bytes);
  /// Waits until there is room again after `try_write` took less than all. A hint.
  auto writable() { return writable_.wait(); }
  /// Sends all of `bytes`, waiting for room as often as needed. `bytes` must live until this is
  /// done. Errors: OutOfMemory, and then nothing was sent.
  exec::Task<std::expected<void, base::OutOfMemory>> write(std::span<const base::u8> bytes) {
    while (true) {
      bytes = bytes.subspan(try_write(bytes));
      if (bytes.empty()) co_return std::expected<void, base::OutOfMemory>{};
      co_await writable();
    }
  }
  /// Whether the device has taken everything.
  bool all_sent();

  /// Whether the device broke its own rules; then it is given up: nothing arrives any more, and
  /// what is sent is lost.
  bool failed() const { return failed_; }

  /// Interrupt context.
  static void handle_interrupt(void* console) {
    static_cast<VirtioConsole*>(console)->interrupted();
  }

 private:
  using Direction = Virtqueue::Direction;
  static constexpr base::u16 port = 1;
  static constexpr base::u16 receive_queue = hw::virtio::console::receive_queue(port);
  static constexpr base::u16 send_queue = hw::virtio::console::send_queue(port);

  VirtioConsole(VirtioTransport& transport, exec::Executor& executor, memory::PhysicalWindow window,
                FrameBlock rings, FrameBlock receive_buffers, FrameBlock send_buffers);

  bool open_port(std::string_view name);
  std::span<base::u8> receive_buffer(base::u16 index) const;
  std::span<base::u8> send_buffer(base::u16 index) const;
  void offer_for_receiving(base::u16 index);
  bool take_received();
  void take_sent();
  void fail(VirtqueueError error);
  void interrupted();

  VirtioTransport& transport_;
  memory::PhysicalWindow window_;
  FrameBlock rings_;  // and what is said of ports
  FrameBlock receive_buffers_;
  FrameBlock send_buffers_;
  Virtqueue receive_;
  Virtqueue send_;
  Virtqueue control_receive_;
  Virtqueue control_send_;
  exec::Signal readable_;
  exec::Signal writable_;

  /// The received buffer that is being read.
  std::optional<Virtqueue::Used> received_;
  base::usize read_ = 0;
  /// Buffers that the device was not told of yet.
  base::u16 untold_ = 0;
  /// Buffers that are free for sending, as a stack.
  std::array<base::u16, send_count> free_{};
  base::u16 free_count_ = 0;
  bool failed_ = false;
};

}  // namespace nacre::drivers
