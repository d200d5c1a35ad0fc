#include "kernel/process/host_channel.hpp"

#include <variant>

#include "lib/base/log.hpp"

namespace nacre::process {
namespace {

using namespace base::literals;

/// How long to wait for memory.
constexpr base::Duration pause_without_memory = 10_ms;
/// Room that a writer waits for: frames with a byte each would be mostly headers.
constexpr usize least_room = 4096;

}  // namespace

HostChannel::HostChannel(BytePort& port)
    : port_(port),
      input_(*this),
      output_(*this, hostlink::Stdout::type),
      error_(*this, hostlink::Stderr::type) {
  queue(hostlink::Hello{});
}

/// There is room for it.
void HostChannel::queue(const hostlink::GuestMessage& message) {
  std::array<u8, 16> buffer;
  auto const frame = hostlink::encode(message, buffer);
  NACRE_ASSERT(frame);
  to_host_.push(*frame);
  to_host_changed_.wake_all();
}

/// Credit goes out in large pieces. The host always has credit for the other half of the queue, so
/// it never waits for a piece that does not come.
void HostChannel::queue_credit() {
  if (credit_owed_ < queue_size / 2 || to_host_.room() < least_room) return;
  queue(hostlink::Credit{credit_owed_});
  credit_given_ += std::exchange(credit_owed_, 0);
}

exec::Task<void> HostChannel::send() {
  for (;;) {
    queue_credit();
    auto const bytes = to_host_.front();
    if (bytes.empty()) {
      all_sent_.wake_all();
      co_await to_host_changed_.wait();
      continue;
    }
    while (!co_await port_.write(bytes)) co_await exec::sleep_for(pause_without_memory);
    to_host_.drop(bytes.size());
    room_changed_.wake_all();
  }
}

exec::Task<void> HostChannel::receive() {
  for (;;) {
    auto const count = co_await port_.read(received_);
    if (!count) {
      co_await exec::sleep_for(pause_without_memory);
      continue;
    }
    std::span<const u8> bytes = std::span(received_).first(*count);
    while (!bytes.empty()) {
      auto const message = decoder_.next(bytes);
      if (!message) {
        ++errors_;
        base::log_warning("host", "{}", message.error());
      } else if (*message) {
        take(**message);
      }
    }
  }
}

void HostChannel::take(const hostlink::HostMessage& message) {
  if (auto const* const input = std::get_if<hostlink::Stdin>(&message)) {
    usize const count = std::min<usize>(input->bytes.size(), credit_given_);
    if (count < input->bytes.size()) {
      ++errors_;
      base::log_warning("host", "{} bytes of input without credit", input->bytes.size() - count);
    }
    credit_given_ -= static_cast<u32>(count);
    from_host_.push(input->bytes.first(count));
    from_host_changed_.wake_all();
  } else if (std::holds_alternative<hostlink::StdinEnd>(message)) {
    input_ended_ = true;
    from_host_changed_.wake_all();
  } else if (auto const* const size = std::get_if<hostlink::WindowSize>(&message)) {
    window_size_ = {size->columns, size->rows};
  } else if (auto const* const synced = std::get_if<hostlink::Synced>(&message)) {
    for (Syncing& waiting : syncing_)
      if (waiting.number == synced->number) waiting.outcome = synced->outcome;
    synced_.wake_all();
  } else if (on_interrupt_) {
    (*on_interrupt_)();
  } else {
    interrupted_ = true;
  }
}

exec::Task<fs::Result<void>> HostChannel::room_for_change() {
  while (to_host_.room() < hostlink::max_frame) co_await room_changed_.wait();
  co_return fs::Result<void>();
}

void HostChannel::put_change(const hostlink::Change& change) {
  auto const payload = hostlink::encode_change(change, change_);
  NACRE_ASSERT(payload);
  to_host_.push(hostlink::encode_header(hostlink::Changed::type, payload->size()));
  to_host_.push(*payload);
  to_host_changed_.wake_all();
}

exec::Task<fs::Result<void>> HostChannel::sync(bool durable) {
  while (to_host_.room() < least_room) co_await room_changed_.wait();
  Syncing waiting;
  waiting.number = ++syncs_;
  syncing_.push_back(waiting);
  queue(hostlink::Sync{waiting.number, durable});
  while (!waiting.outcome) co_await synced_.wait();
  switch (*waiting.outcome) {
    case hostlink::Synced::Outcome::Done: break;
    case hostlink::Synced::Outcome::NoSpace: co_return fs::fail(fs::ErrorKind::NoSpace);
    case hostlink::Synced::Outcome::Denied: co_return fs::fail(fs::ErrorKind::ReadOnly);
    case hostlink::Synced::Outcome::Failed: co_return fs::fail(fs::ErrorKind::DeviceFailed);
  }
  co_return fs::Result<void>();
}

exec::Task<std::expected<void, base::OutOfMemory>> HostChannel::finish(i32 status) {
  while (to_host_.room() < least_room) co_await room_changed_.wait();
  queue(hostlink::Exit{status});
  while (!to_host_.empty()) co_await all_sent_.wait();
  port_.flush();
  co_return std::expected<void, base::OutOfMemory>{};
}

HostChannel::OnInterrupt::OnInterrupt(HostChannel& channel, base::FunctionRef<void()> call)
    : channel_(channel) {
  NACRE_ASSERT(!channel.on_interrupt_);
  channel.on_interrupt_ = call;
  if (std::exchange(channel.interrupted_, false)) call();
}

/// Somebody reads: the host may send.
void HostChannel::want_input() {
  if (std::exchange(input_wanted_, true)) return;
  credit_owed_ = queue_size;
  to_host_changed_.wake_all();
}

exec::Task<fs::Result<usize>> HostChannel::Input::read(std::span<u8> buffer) {
  channel_.want_input();
  for (;;) {
    usize const count = channel_.from_host_.pop(buffer);
    if (count != 0) {
      channel_.credit_owed_ += static_cast<u32>(count);
      channel_.to_host_changed_.wake_all();
    }
    if (count != 0 || buffer.empty() || channel_.input_ended_) co_return count;
    co_await channel_.from_host_changed_.wait();
  }
}
exec::Task<fs::Result<usize>> HostChannel::Input::write(std::span<const u8>) {
  co_return fs::fail(fs::ErrorKind::NotOpenForWriting);
}
fs::Readiness HostChannel::Input::readiness(fs::Direction direction) const {
  if (direction == fs::Direction::Write) return {};
  return {.ready = !channel_.from_host_.empty() || channel_.input_ended_,
          .bytes = channel_.from_host_.size(),
          .hung_up = channel_.input_ended_};
}
exec::WaitList* HostChannel::Input::readiness_changed(fs::Direction direction) {
  if (direction == fs::Direction::Write) return nullptr;
  channel_.want_input();
  return &channel_.from_host_changed_;
}

exec::Task<fs::Result<usize>> HostChannel::Output::read(std::span<u8>) {
  co_return fs::fail(fs::ErrorKind::NotOpenForReading);
}
exec::Task<fs::Result<usize>> HostChannel::Output::write(std::span<const u8> bytes) {
  usize const whole = hostlink::header_size + bytes.size();
  while (channel_.to_host_.room() < std::min(whole, least_room))
    co_await channel_.room_changed_.wait();
  usize const room = channel_.to_host_.room() - hostlink::header_size;
  usize const count = std::min({bytes.size(), room, hostlink::max_payload});
  if (count == 0) co_return usize{0};
  channel_.to_host_.push(hostlink::encode_header(type_, count));
  channel_.to_host_.push(bytes.first(count));
  channel_.to_host_changed_.wake_all();
  co_return count;
}
fs::Readiness HostChannel::Output::readiness(fs::Direction direction) const {
  if (direction == fs::Direction::Read) return {};
  usize const room = channel_.to_host_.room();
  return {.ready = room >= least_room,
          .bytes = room - std::min(room, usize{hostlink::header_size})};
}
exec::WaitList* HostChannel::Output::readiness_changed(fs::Direction direction) {
  return direction == fs::Direction::Write ? &channel_.room_changed_ : nullptr;
}

}  // namespace nacre::process
