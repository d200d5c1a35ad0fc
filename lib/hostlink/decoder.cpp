#include "lib/hostlink/decoder.hpp"

#include <algorithm>

namespace nacre::hostlink {
namespace {

usize payload_length(std::span<const u8> header) {
  return static_cast<usize>(header[1] | header[2] << 8);
}

std::unexpected<FrameError> fail(FrameError::Kind kind, FrameDecoder::Frame frame) {
  return std::unexpected(FrameError{kind, frame.type, static_cast<u16>(frame.payload.size())});
}

u32 little_endian(std::span<const u8> bytes) {
  u32 value = 0;
  for (usize i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
  return value;
}

/// Of the types that carry bytes.
constexpr usize any_length = SIZE_MAX;

template <class Message, class Make>
std::optional<std::expected<Message, FrameError>> parse_as(u8 type, usize length,
                                                           FrameDecoder::Frame frame, Make make) {
  if (frame.type != type) return std::nullopt;
  if (length != any_length && frame.payload.size() != length)
    return fail(FrameError::Kind::BadLength, frame);
  return Message(make(frame.payload));
}

}  // namespace

void format_value(base::Sink& sink, FrameError error) {
  base::format_to(sink, "a frame of type 0x{:02x} ", error.type);
  switch (error.kind) {
    case FrameError::Kind::UnknownType: return sink.write("which this side does not know");
    case FrameError::Kind::BadValue: return sink.write("with a value that it cannot have");
    case FrameError::Kind::BadLength:
      return base::format_to(sink, "cannot have {} bytes", error.length);
    case FrameError::Kind::Oversize:
      return base::format_to(sink, "with {} bytes, more than {}", error.length, max_payload);
  }
}

/// Moves bytes from `input` until `target` are held.
void FrameDecoder::take(std::span<const u8>& input, usize target) {
  if (held_size_ >= target) return;
  usize const count = std::min(target - held_size_, input.size());
  std::ranges::copy(input.first(count), held_.begin() + static_cast<std::ptrdiff_t>(held_size_));
  held_size_ += count;
  input = input.subspan(count);
}

std::expected<std::optional<FrameDecoder::Frame>, FrameError> FrameDecoder::next(
    std::span<const u8>& input) {
  usize const skipped = std::min(skipping_, input.size());
  skipping_ -= skipped;
  input = input.subspan(skipped);

  // A frame that is whole in the input is used where it lies.
  if (held_size_ == 0 && input.size() >= header_size) {
    usize const length = payload_length(input);
    if (length <= max_payload && input.size() - header_size >= length) {
      Frame const frame{input[0], input.subspan(header_size, length)};
      input = input.subspan(header_size + length);
      return frame;
    }
  }
  take(input, header_size);
  if (held_size_ < header_size) return std::nullopt;
  usize const length = payload_length(held_);
  if (length > max_payload) {
    held_size_ = 0;
    skipping_ = length;
    return std::unexpected(
        FrameError{FrameError::Kind::Oversize, held_[0], static_cast<u16>(length)});
  }
  take(input, header_size + length);
  if (held_size_ < header_size + length) return std::nullopt;
  held_size_ = 0;
  return Frame{held_[0], std::span<const u8>(held_).subspan(header_size, length)};
}

namespace detail {

std::expected<GuestMessage, FrameError> parse_guest_message(FrameDecoder::Frame frame) {
  using Bytes = std::span<const u8>;
  auto const as = [&](u8 type, usize length, auto make) {
    return parse_as<GuestMessage>(type, length, frame, make);
  };
  if (auto m = as(Stdout::type, any_length, [](Bytes b) { return Stdout{b}; })) return *m;
  if (auto m = as(Stderr::type, any_length, [](Bytes b) { return Stderr{b}; })) return *m;
  if (auto m = as(Exit::type, 4, [](Bytes b) { return Exit{static_cast<i32>(little_endian(b))}; }))
    return *m;
  if (auto m = as(Credit::type, 4, [](Bytes b) { return Credit{little_endian(b)}; })) return *m;
  if (auto m = as(Hello::type, 1, [](Bytes b) { return Hello{b[0]}; })) return *m;
  if (auto m = as(Changed::type, any_length, [](Bytes b) { return Changed{b}; })) return *m;
  auto const sync = [](Bytes b) { return Sync{little_endian(b.first(4)), b[4] != 0}; };
  if (auto m = as(Sync::type, 5, sync)) {
    if (*m && frame.payload[4] > 1) return fail(FrameError::Kind::BadValue, frame);
    return *m;
  }
  return fail(FrameError::Kind::UnknownType, frame);
}

std::expected<HostMessage, FrameError> parse_host_message(FrameDecoder::Frame frame) {
  using Bytes = std::span<const u8>;
  auto const as = [&](u8 type, usize length, auto make) {
    return parse_as<HostMessage>(type, length, frame, make);
  };
  auto const window_size = [](Bytes b) {
    u32 const both = little_endian(b);
    return WindowSize{static_cast<u16>(both), static_cast<u16>(both >> 16)};
  };
  if (auto m = as(Stdin::type, any_length, [](Bytes b) { return Stdin{b}; })) return *m;
  if (auto m = as(StdinEnd::type, 0, [](Bytes) { return StdinEnd{}; })) return *m;
  if (auto m = as(Interrupt::type, 0, [](Bytes) { return Interrupt{}; })) return *m;
  if (auto m = as(WindowSize::type, 4, window_size)) return *m;
  auto const synced = [](Bytes b) {
    return Synced{little_endian(b.first(4)), static_cast<Synced::Outcome>(b[4])};
  };
  if (auto m = as(Synced::type, 5, synced)) {
    if (*m && frame.payload[4] > static_cast<u8>(Synced::Outcome::Failed))
      return fail(FrameError::Kind::BadValue, frame);
    return *m;
  }
  return fail(FrameError::Kind::UnknownType, frame);
}

}  // namespace detail
}  // namespace nacre::hostlink
