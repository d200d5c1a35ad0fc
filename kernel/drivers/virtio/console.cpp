#include "kernel/drivers/virtio/console.hpp"

#include <algorithm>
#include <cstring>

#include "lib/base/log.hpp"
#include "lib/base/try.hpp"

namespace nacre::drivers {
namespace {

using base::u16;
using base::u32;
using base::u64;
using base::u8;
using base::usize;

using hw::virtio::console::ControlMessage;

constexpr u64 queue_count = 4;
constexpr u64 control_offset = queue_count * Virtqueue::memory_size;
constexpr u64 ring_memory = control_offset + 4096;
// Of the page for what is said of ports, the first half is for the device.
constexpr u16 control_count = 8;
constexpr u32 control_size = 256;
constexpr u64 control_send_offset = control_offset + control_count * control_size;

/// How often to look for the device's answer: each time takes an access to its registers. In all it
/// is about a second.
constexpr int patience = 500'000;

std::string_view reason(VirtqueueError error) {
  switch (error) {
    case VirtqueueError::BadIndex: return "it has used more than it was given";
    case VirtqueueError::BadDescriptor: return "it has used a buffer that it was not given";
    case VirtqueueError::BadLength: return "it has written more than a buffer holds";
  }
  return "";
}

}  // namespace

std::expected<base::Box<VirtioConsole>, VirtioError> VirtioConsole::create(
    VirtioTransport& transport, memory::FrameAllocator& frames, exec::Executor& executor,
    std::string_view port_name) {
  using namespace hw::virtio::console;
  TRY(reset_virtio(transport, several_ports_bit));
  auto const give_up = [&](VirtioProblem problem) {
    fail_virtio(transport);
    return std::unexpected(VirtioError(problem));
  };
  if (transport.largest_queue(receive_queue) < receive_count ||
      transport.largest_queue(send_queue) < send_count ||
      transport.largest_queue(control_receive_queue) < control_count ||
      transport.largest_queue(control_send_queue) < control_count)
    return give_up(VirtioProblem::NoQueue);
  auto rings = FrameBlock::create(frames, ring_memory);
  auto receive_buffers = FrameBlock::create(frames, receive_count * receive_size);
  auto send_buffers = FrameBlock::create(frames, send_count * send_size);
  if (!rings || !receive_buffers || !send_buffers) return give_up(VirtioProblem::OutOfMemory);
  base::Box<VirtioConsole> console(
      new (std::nothrow) VirtioConsole(transport, executor, frames.window(), std::move(*rings),
                                       std::move(*receive_buffers), std::move(*send_buffers)));
  if (!console) return give_up(VirtioProblem::OutOfMemory);

  transport.enable_queue(receive_queue, console->receive_);
  transport.enable_queue(send_queue, console->send_);
  transport.enable_queue(control_receive_queue, console->control_receive_);
  transport.enable_queue(control_send_queue, console->control_send_);
  console->send_.set_interrupts(false);
  console->control_receive_.set_interrupts(false);
  console->control_send_.set_interrupts(false);
  for (u16 i = 0; i < receive_count; ++i) console->offer_for_receiving(i);
  for (u16 i = 0; i < send_count; ++i) console->free_[console->free_count_++] = i;
  start_virtio(transport);
  if (!console->open_port(port_name)) return give_up(VirtioProblem::NoPort);
  transport.notify(receive_queue);
  return console;
}

/// Tells the device that its driver is there, and opens the port when the device has told its name.
/// The device may say more about ports later; nobody listens.
bool VirtioConsole::open_port(std::string_view name) {
  using namespace hw::virtio::console;
  using Event = ControlMessage::Event;
  hw::PhysAddr const incoming = rings_.start() + control_offset;
  hw::PhysAddr const outgoing = rings_.start() + control_send_offset;
  u16 said = 0;
  auto const say = [&](Event event, u32 about) {
    if (said == control_count) return;
    hw::PhysAddr const at = outgoing + said * sizeof(ControlMessage);
    *window_.at<ControlMessage>(at) = {about, event, 1};
    control_send_.offer(said++, at, sizeof(ControlMessage), Direction::ToDevice);
    transport_.notify(control_send_queue);
  };
  auto const listen = [&](u16 index) {
    control_receive_.offer(index, incoming + index * control_size, control_size,
                           Direction::FromDevice);
  };
  for (u16 i = 0; i < control_count; ++i) listen(i);
  transport_.notify(control_receive_queue);
  say(Event::DeviceReady, 0);
  for (int i = 0; i < patience; ++i) {
    if (transport_.status().get<hw::virtio::Status::NeedsReset>()) return false;
    auto const used = control_receive_.take_used();
    if (!used) return false;
    if (!*used) continue;
    hw::PhysAddr const at = incoming + (*used)->buffer * control_size;
    if ((*used)->length >= sizeof(ControlMessage)) {
      ControlMessage const message = *window_.at<ControlMessage>(at);
      std::string_view told(window_.at<char>(at + sizeof(ControlMessage)),
                            (*used)->length - sizeof(ControlMessage));
      told = told.substr(0, told.find('\0'));
      if (message.event == Event::PortAdd && message.port == port) say(Event::PortReady, port);
      if (message.event == Event::PortName && message.port == port) {
        if (told != name) return false;
        say(Event::PortOpen, port);
        return true;
      }
    }
    listen((*used)->buffer);
    transport_.notify(control_receive_queue);
  }
  return false;
}

VirtioConsole::VirtioConsole(VirtioTransport& transport, exec::Executor& executor,
                             memory::PhysicalWindow window, FrameBlock rings,
                             FrameBlock receive_buffers, FrameBlock send_buffers)
    : transport_(transport),
      window_(window),
      rings_(std::move(rings)),
      receive_buffers_(std::move(receive_buffers)),
      send_buffers_(std::move(send_buffers)),
      receive_(window, rings_.start(), receive_count),
      send_(window, rings_.start() + Virtqueue::memory_size, send_count),
      control_receive_(window, rings_.start() + 2 * Virtqueue::memory_size, control_count),
      control_send_(window, rings_.start() + 3 * Virtqueue::memory_size, control_count),
      readable_(executor),
      writable_(executor) {}

std::span<u8> VirtioConsole::receive_buffer(u16 index) const {
  return {window_.at<u8>(receive_buffers_.start() + index * receive_size), receive_size};
}
std::span<u8> VirtioConsole::send_buffer(u16 index) const {
  return {window_.at<u8>(send_buffers_.start() + index * send_size), send_size};
}

void VirtioConsole::offer_for_receiving(u16 index) {
  receive_.offer(index, receive_buffers_.start() + index * receive_size, receive_size,
                 Direction::FromDevice);
}

void VirtioConsole::fail(VirtqueueError error) {
  base::log_error("virtio", "the console is given up: {}", reason(error));
  failed_ = true;
  received_.reset();
  fail_virtio(transport_);
}

/// Makes the next buffer with bytes the one that is read.
bool VirtioConsole::take_received() {
  while (!failed_) {
    auto const used = receive_.take_used();
    if (!used) {
      fail(used.error());
      break;
    }
    if (!*used) break;
    if ((*used)->length != 0) {
      received_ = **used;
      read_ = 0;
      return true;
    }
    offer_for_receiving((*used)->buffer);
    ++untold_;
  }
  return false;
}

usize VirtioConsole::try_read(std::span<u8> into) {
  usize count = 0;
  while (count < into.size()) {
    if (!received_ && !take_received()) {
      if (count != 0 || failed_) break;
      // What comes from here on interrupts; what came just before does not.
      receive_.set_interrupts(true);
      if (!take_received()) break;
    }
    receive_.set_interrupts(false);
    auto const bytes = receive_buffer(received_->buffer).first(received_->length).subspan(read_);
    usize const taken = std::min(bytes.size(), into.size() - count);
    std::memcpy(into.data() + count, bytes.data(), taken);
    count += taken;
    read_ += taken;
    if (read_ < received_->length) break;
    offer_for_receiving(received_->buffer);
    received_.reset();
    ++untold_;
  }
  // A device with half of the buffers has no need to hear of each of the others. One that has run
  // out gets here, since all that it used is read before anybody waits.
  if (untold_ >= receive_count / 2) {
    untold_ = 0;
    if (receive_.wants_notification()) transport_.notify(receive_queue);
  }
  return count;
}

/// Takes back the buffers that were sent.
void VirtioConsole::take_sent() {
  while (!failed_) {
    auto const used = send_.take_used();
    if (!used) return fail(used.error());
    if (!*used) return;
    free_[free_count_++] = (*used)->buffer;
  }
}

usize VirtioConsole::try_write(std::span<const u8> bytes) {
  usize count = 0;
  bool offered = false;
  take_sent();
  while (count < bytes.size() && !failed_) {
    if (free_count_ == 0) {
      send_.set_interrupts(true);
      take_sent();
      if (free_count_ == 0) break;
    }
    send_.set_interrupts(false);
    u16 const index = free_[--free_count_];
    usize const size = std::min(bytes.size() - count, send_size);
    std::memcpy(send_buffer(index).data(), bytes.data() + count, size);
    send_.offer(index, send_buffers_.start() + index * send_size, static_cast<u32>(size),
                Direction::ToDevice);
    count += size;
    offered = true;
  }
  if (failed_) return bytes.size();
  if (offered && send_.wants_notification()) transport_.notify(send_queue);
  return count;
}

bool VirtioConsole::all_sent() {
  take_sent();
  return failed_ || send_.outstanding() == 0;
}

void VirtioConsole::interrupted() {
  if (transport_.take_interrupt_causes().bits == 0) return;
  readable_.notify();
  writable_.notify();
}

}  // namespace nacre::drivers
