#include "lib/wasi/requests.hpp"

#include <algorithm>

#include "lib/base/try.hpp"

namespace nacre::wasi {

Result<Buffers> Buffers::create(GuestMemory memory, u32 list, u32 count) {
  if (count > max_count) return std::unexpected(Errno::Invalid);
  if (!memory.array(list, count, sizeof(Iovec))) return std::unexpected(Errno::Fault);
  u64 total = 0;
  Buffers check(memory, list, count);
  while (check.left_ != 0) {
    TRY(auto const buffer, check.take());
    total += buffer.size();
  }
  if (total > UINT32_MAX) return std::unexpected(Errno::Invalid);
  return Buffers(memory, list, count);
}

Result<std::span<u8>> Buffers::take() {
  TRY(Iovec const iovec, load<Iovec>(memory_, list_));
  list_ += sizeof(Iovec);
  --left_;
  auto const buffer = memory_.span(iovec.address, iovec.size);
  if (!buffer) return std::unexpected(Errno::Fault);
  return *buffer;
}

std::optional<std::span<u8>> Buffers::next() {
  while (left_ != 0) {
    auto const buffer = take();
    if (!buffer) return std::nullopt;
    if (!buffer->empty()) return *buffer;
  }
  return std::nullopt;
}

Result<TransferRequest> TransferRequest::decode(const wasm::exit::HostCall& call) {
  GuestMemory const memory = call.memory();
  u32 const result = call.argument<u32>(3);
  TRY(Buffers const buffers, Buffers::create(memory, call.argument<u32>(1), call.argument<u32>(2)));
  if (!memory.span(result, sizeof(u32))) return std::unexpected(Errno::Fault);
  return TransferRequest(memory, call.argument<u32>(0), buffers, result);
}

Errno TransferRequest::finish(u64 moved) const {
  auto const stored = store(memory_, result_, static_cast<u32>(moved));
  return stored ? Errno::Success : stored.error();
}

Result<RandomRequest> RandomRequest::decode(const wasm::exit::HostCall& call) {
  auto const buffer = call.memory().span(call.argument<u32>(0), call.argument<u32>(1));
  if (!buffer) return std::unexpected(Errno::Fault);
  return RandomRequest{*buffer};
}

Result<PollRequest> PollRequest::decode(const wasm::exit::HostCall& call, const Host& host) {
  GuestMemory const memory = call.memory();
  PollRequest request(memory, call.argument<u32>(0), call.argument<u32>(1), call.argument<u32>(2),
                      call.argument<u32>(3));
  if (request.count_ == 0 || request.count_ > max_subscriptions)
    return std::unexpected(Errno::Invalid);
  if (!memory.array(request.subscriptions_, request.count_, sizeof(Subscription)) ||
      !memory.array(request.events_, request.count_, sizeof(Event)) ||
      !memory.span(request.result_, sizeof(u32)))
    return std::unexpected(Errno::Fault);

  for (u32 clock = 0; clock < clocks; ++clock)
    request.start_[clock] = host.clock_time(ClockId{clock}).value_or(0);
  return request;
}

Result<Subscription> PollRequest::subscription(u32 index) const {
  return load<Subscription>(memory_, subscriptions_ + index * u32{sizeof(Subscription)});
}

u64 PollRequest::wait_ns(const Host& host) const {
  u64 least = UINT64_MAX;
  for (u32 i = 0; i < count_ && least != 0; ++i) {
    auto const wanted = subscription(i);
    least = std::min(least, wanted ? due(*wanted, host).in_ns : 0);
  }
  return least;
}

PollRequest::Due PollRequest::due(const Subscription& wanted, const Host& host) const {
  u32 const clock = wanted.clock;
  switch (wanted.type) {
    case EventType::Clock: {
      // A clock that stands still while the guest waits would never come to any time.
      if (clock != static_cast<u32>(ClockId::Realtime) &&
          clock != static_cast<u32>(ClockId::Monotonic))
        return {0, clock < clocks ? Errno::NotSupported : Errno::Invalid};
      auto const now = host.clock_time(ClockId{clock});
      if (!now) return {0, now.error()};
      bool const absolute = (wanted.flags & Subscription::absolute) != 0;
      u64 const passed = *now - std::min(*now, start_[clock]);
      u64 const reached = absolute ? *now : passed;
      return {wanted.timeout - std::min(wanted.timeout, reached), Errno::Success};
    }
    case EventType::DescriptorRead:
    case EventType::DescriptorWrite: {
      auto const stat = host.stat(clock);
      return {0, stat ? Errno::Success : stat.error()};
    }
  }
  return {0, Errno::Invalid};
}

Errno PollRequest::finish(const Host& host) const {
  u32 events = 0;
  for (u32 i = 0; i < count_; ++i) {
    auto const wanted = subscription(i);
    if (!wanted) return wanted.error();
    auto const [in_ns, error] = due(*wanted, host);
    if (in_ns != 0) continue;
    Event const event{.user_data = wanted->user_data, .error = error, .type = wanted->type};
    auto const stored = store(memory_, events_ + events * u32{sizeof(Event)}, event);
    if (!stored) return stored.error();
    ++events;
  }
  auto const stored = store(memory_, result_, events);
  return stored ? Errno::Success : stored.error();
}

}  // namespace nacre::wasi
