#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <span>

#include "kernel/process/standard_streams.hpp"
#include "lib/base/function_ref.hpp"
#include "lib/exec/wait.hpp"
#include "lib/hostlink/change.hpp"
#include "lib/hostlink/decoder.hpp"
#include "lib/hostlink/message.hpp"

namespace nacre::process {

using base::i32;
using base::u16;
using base::u32;
using base::u64;
using base::u8;
using base::usize;

/// A line to the host that carries bytes unchanged and in order. Errors of both: OutOfMemory, and
/// then nothing happened.
class BytePort {
 public:
  /// Waits for bytes, and takes what has come: at least one, unless `buffer` is empty.
  virtual exec::Task<std::expected<usize, base::OutOfMemory>> read(std::span<u8> buffer) = 0;
  /// Queues all of `bytes`, waiting for room.
  virtual exec::Task<std::expected<void, base::OutOfMemory>> write(std::span<const u8> bytes) = 0;
  /// Returns when everything queued has left the machine.
  virtual void flush() = 0;

 protected:
  ~BytePort() = default;
};

/// A `drivers::VirtioConsole` or `drivers::SerialPort` as one.
template <class Port>
class DeviceBytePort final : public BytePort {
 public:
  explicit DeviceBytePort(Port& port) : port_(port) {}
  exec::Task<std::expected<usize, base::OutOfMemory>> read(std::span<u8> buffer) override {
    for (;;) {
      if (usize const count = port_.try_read(buffer); count != 0 || buffer.empty()) co_return count;
      co_await port_.readable();
    }
  }
  [[clang::coro_wrapper]] exec::Task<std::expected<void, base::OutOfMemory>> write(
      std::span<const u8> bytes) override {
    return port_.write(bytes);
  }
  /// The host may take its time, and nothing may be lost: what is queued goes on by itself.
  void flush() override {
    while (!port_.all_sent()) {
    }
  }

 private:
  Port& port_;
};

/// Bytes in the order in which they came, up to a number.
template <usize Capacity>
class ByteQueue {
 public:
  usize size() const { return size_; }
  usize room() const { return Capacity - size_; }
  bool empty() const { return size_ == 0; }
  /// All of `bytes`, for which there is room.
  void push(std::span<const u8> bytes) {
    NACRE_ASSERT(bytes.size() <= room());
    while (!bytes.empty()) {
      usize const at = (first_ + size_) % Capacity;
      usize const count = std::min(bytes.size(), Capacity - at);
      std::memcpy(bytes_.data() + at, bytes.data(), count);
      size_ += count;
      bytes = bytes.subspan(count);
    }
  }
  /// The first bytes, as far as they lie together; all of them after two `drop`s at most. They stay
  /// where they are while more is pushed.
  std::span<const u8> front() const {
    return std::span(bytes_).subspan(first_, std::min(size_, Capacity - first_));
  }
  /// Takes `count` of the first bytes off, which there are.
  void drop(usize count) {
    NACRE_ASSERT(count <= size_);
    first_ = (first_ + count) % Capacity;
    size_ -= count;
  }
  /// Takes up to `out.size()` bytes off the front. How many.
  usize pop(std::span<u8> out) {
    usize taken = 0;
    while (taken < out.size() && size_ != 0) {
      auto const bytes = front().first(std::min(front().size(), out.size() - taken));
      std::memcpy(out.data() + taken, bytes.data(), bytes.size());
      taken += bytes.size();
      drop(bytes.size());
    }
    return taken;
  }

 private:
  std::array<u8, Capacity> bytes_{};
  usize first_ = 0;
  usize size_ = 0;
};

/// The kernel's end of the host channel: the standard streams of what the host started, its exit
/// status and its Ctrl-C. Frames are queued whole, so a writer that is cancelled in between leaves
/// nothing torn, and everything arrives in the order in which it was written.
///
/// `send` and `receive` are its tasks; spawn both. It is some 180 KiB large.
class HostChannel {
 public:
  static constexpr usize queue_size = 65536;

  explicit HostChannel(BytePort& port);
  HostChannel(const HostChannel&) = delete;
  HostChannel& operator=(const HostChannel&) = delete;

  /// Sends what was queued, Hello first, for ever.
  exec::Task<void> send();
  /// Takes what the host says, for ever.
  exec::Task<void> receive();

  /// Nothing is asked of the host's input before the first read.
  fs::Stream& standard_input() { return input_; }
  fs::Stream& standard_output() { return output_; }
  fs::Stream& standard_error() { return error_; }
  StandardStreams streams() { return {&input_, &output_, &error_}; }

  /// Waits until a change of a folder can be put; who puts it does so at once. Errors: OutOfMemory.
  exec::Task<fs::Result<void>> room_for_change();
  void put_change(const hostlink::Change& change);
  /// Waits until the host has made all changes that were put before, on its disk if `durable`.
  /// Errors: NoSpace, ReadOnly, DeviceFailed, OutOfMemory.
  exec::Task<fs::Result<void>> sync(bool durable);

  /// Waits until everything has been sent, the program's status last. The machine may go then.
  exec::Task<std::expected<void, base::OutOfMemory>> finish(i32 status);

  struct WindowSize {
    u16 columns;
    u16 rows;
  };
  /// Of the host's terminal, once it has told.
  std::optional<WindowSize> window_size() const { return window_size_; }

  /// While it lives, Ctrl-C at the host calls `call`, in the receiving task; it is borrowed. One at
  /// a time. A Ctrl-C that came before there was one is told at once.
  class OnInterrupt {
   public:
    OnInterrupt(HostChannel& channel, base::FunctionRef<void()> call);
    OnInterrupt(const OnInterrupt&) = delete;
    OnInterrupt& operator=(const OnInterrupt&) = delete;
    ~OnInterrupt() { channel_.on_interrupt_.reset(); }

   private:
    HostChannel& channel_;
  };

  /// Frames from the host that made no sense, and input that it had no credit for.
  u64 errors() const { return errors_; }

 private:
  class Input final : public fs::Stream {
   public:
    explicit Input(HostChannel& channel) : channel_(channel) {}
    exec::Task<fs::Result<usize>> read(std::span<u8> buffer) override;
    exec::Task<fs::Result<usize>> write(std::span<const u8> bytes) override;
    fs::Readiness readiness(fs::Direction direction) const override;
    exec::WaitList* readiness_changed(fs::Direction direction) override;

   private:
    HostChannel& channel_;
  };
  class Output final : public fs::Stream {
   public:
    Output(HostChannel& channel, u8 type) : channel_(channel), type_(type) {}
    exec::Task<fs::Result<usize>> read(std::span<u8> buffer) override;
    exec::Task<fs::Result<usize>> write(std::span<const u8> bytes) override;
    fs::Readiness readiness(fs::Direction direction) const override;
    exec::WaitList* readiness_changed(fs::Direction direction) override;
    /// The host tells the size of its terminal if its output goes to one.
    bool is_terminal() const override { return channel_.window_size_.has_value(); }

   private:
    HostChannel& channel_;
    u8 type_;
  };

  /// A task that waits for the host's answer.
  struct Syncing : base::ListNode<Syncing> {
    u32 number = 0;
    std::optional<hostlink::Synced::Outcome> outcome;
  };

  void queue(const hostlink::GuestMessage& message);
  void queue_credit();
  void want_input();
  void take(const hostlink::HostMessage& message);

  BytePort& port_;
  Input input_;
  Output output_;
  Output error_;

  ByteQueue<queue_size> to_host_;  // whole frames, of which the first may have been sent in part
  exec::WaitList to_host_changed_;
  exec::WaitList room_changed_;
  exec::WaitList all_sent_;

  ByteQueue<queue_size> from_host_;
  exec::WaitList from_host_changed_;
  bool input_wanted_ = false;
  bool input_ended_ = false;
  u32 credit_owed_ = 0;   // room that the host does not know of
  u32 credit_given_ = 0;  // what the host may still send

  u32 syncs_ = 0;
  base::IntrusiveList<Syncing> syncing_;
  exec::WaitList synced_;

  std::array<u8, hostlink::max_frame> received_{};
  std::array<u8, hostlink::max_payload> change_{};
  hostlink::HostMessageDecoder decoder_;
  std::optional<WindowSize> window_size_;
  std::optional<base::FunctionRef<void()>> on_interrupt_;
  bool interrupted_ = false;
  u64 errors_ = 0;
};

}  // namespace nacre::process
