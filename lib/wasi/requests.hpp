#pragma once

#include <array>
#include <optional>
#include <span>

#include "lib/wasi/host.hpp"
#include "lib/wasi/preview1.hpp"
#include "lib/wasm/runtime/tier.hpp"

/// What a guest's owner does about a `WaitingCall`: decode it, wait and move bytes, and give the
/// number that `finish` makes to `Guest::finish_host_call`. Each `decode` looks at everything that
/// could be wrong with the call before anything happens; its error is the answer then.
///
/// `WaitingCall::Exit` is never answered: its owner stops running the guest. `Yield` has no
/// request; its answer is `Errno::Success`.
namespace nacre::wasi {

/// The answer of most calls.
constexpr u32 answer(Errno error) { return static_cast<u32>(error); }

/// A guest's buffers, one after another. A guest may let them overlap with their own list, so each
/// is read and checked when its turn comes.
class Buffers {
 public:
  /// As many as POSIX systems take. [posix: "limits.h", IOV_MAX]
  static constexpr u32 max_count = 1024;

  /// Checks all of them. Errors: Fault; Invalid when there are too many, or more bytes in all than
  /// a `size` can count.
  static Result<Buffers> create(GuestMemory memory, u32 list, u32 count);

  /// The next one that is not empty; nothing at the end.
  std::optional<std::span<u8>> next();

 private:
  Buffers(GuestMemory memory, u32 list, u32 count) : memory_(memory), list_(list), left_(count) {}
  Result<std::span<u8>> take();

  GuestMemory memory_;
  u32 list_;
  u32 left_;
};

/// `fd_read`, `fd_write`: bytes between a descriptor and buffers.
class TransferRequest {
 public:
  static Result<TransferRequest> decode(const wasm::exit::HostCall& call);
  u32 descriptor() const { return descriptor_; }
  Buffers& buffers() { return buffers_; }
  /// Tells the guest how many bytes were moved in all.
  Errno finish(u64 moved) const;

 private:
  TransferRequest(GuestMemory memory, u32 descriptor, Buffers buffers, u32 result)
      : memory_(memory), descriptor_(descriptor), buffers_(buffers), result_(result) {}

  GuestMemory memory_;
  u32 descriptor_;
  Buffers buffers_;
  u32 result_;
};

/// `random_get`: a buffer to fill, which may be as large as the guest's memory.
struct RandomRequest {
  std::span<u8> buffer;
  static Result<RandomRequest> decode(const wasm::exit::HostCall& call);
};

/// `poll_oneoff`: waits until the first of some clocks has come to a time. Descriptors that are
/// asked for are always ready: reading from them then waits.
class PollRequest {
 public:
  static constexpr u32 max_subscriptions = 4096;

  /// Errors: Fault; Invalid when there is nothing to wait for, or too much.
  static Result<PollRequest> decode(const wasm::exit::HostCall& call, const Host& host);
  /// How long to wait from now on, in nanoseconds; 0 once there is something to tell.
  u64 wait_ns(const Host& host) const;
  /// Tells the guest what has happened by now.
  Errno finish(const Host& host) const;

 private:
  static constexpr usize clocks = 4;
  struct Due {
    u64 in_ns;  // 0: now
    Errno error;
  };

  PollRequest(GuestMemory memory, u32 subscriptions, u32 events, u32 count, u32 result)
      : memory_(memory),
        subscriptions_(subscriptions),
        events_(events),
        count_(count),
        result_(result) {}
  Result<Subscription> subscription(u32 index) const;
  Due due(const Subscription& wanted, const Host& host) const;

  GuestMemory memory_;
  u32 subscriptions_;
  u32 events_;
  u32 count_;
  u32 result_;
  /// When the request came, on each clock: relative times count from there.
  std::array<u64, clocks> start_{};
};

/// `proc_exit`: the status that the guest ends with.
inline u32 exit_status(const wasm::exit::HostCall& call) { return call.argument<u32>(0); }

}  // namespace nacre::wasi
