#include "lib/hostlink/message.hpp"

#include <algorithm>

#include "lib/base/try.hpp"

namespace nacre::hostlink {
namespace {

/// Writes a frame of a type and a payload.
std::expected<std::span<const u8>, EncodeError> write_frame(u8 type, std::span<const u8> payload,
                                                            std::span<u8> out) {
  if (payload.size() > max_payload) return std::unexpected(EncodeError::PayloadTooLong);
  usize const size = header_size + payload.size();
  if (out.size() < size) return std::unexpected(EncodeError::NoRoom);
  std::ranges::copy(encode_header(type, payload.size()), out.begin());
  std::ranges::copy(payload, out.begin() + header_size);
  return out.first(size);
}

template <class Unsigned>
std::array<u8, sizeof(Unsigned)> little_endian(Unsigned value) {
  std::array<u8, sizeof(Unsigned)> bytes{};
  for (usize i = 0; i < sizeof(Unsigned); ++i) bytes[i] = static_cast<u8>(value >> (8 * i));
  return bytes;
}

/// Calls `use` with the payload of each kind of message.
struct Payload {
  std::span<u8> out;

  template <class Bytes>
    requires requires(const Bytes& message) { std::span<const u8>(message.bytes); }
  auto operator()(const Bytes& message) const {
    return write_frame(Bytes::type, message.bytes, out);
  }
  auto operator()(const Exit& message) const {
    return write_frame(Exit::type, little_endian(static_cast<u32>(message.code)), out);
  }
  auto operator()(const Credit& message) const {
    return write_frame(Credit::type, little_endian(message.bytes), out);
  }
  auto operator()(const Hello& message) const {
    return write_frame(Hello::type, little_endian(message.version), out);
  }
  auto operator()(const Sync& message) const {
    return write_numbered(Sync::type, message.number, message.durable ? 1 : 0);
  }
  auto operator()(const Synced& message) const {
    return write_numbered(Synced::type, message.number, static_cast<u8>(message.outcome));
  }
  auto operator()(const StdinEnd&) const { return write_frame(StdinEnd::type, {}, out); }
  auto operator()(const Interrupt&) const { return write_frame(Interrupt::type, {}, out); }
  auto operator()(const WindowSize& message) const {
    return write_frame(WindowSize::type,
                       little_endian(static_cast<u32>(message.columns | message.rows << 16)), out);
  }

  std::expected<std::span<const u8>, EncodeError> write_numbered(u8 type, u32 number,
                                                                 u8 more) const {
    auto const digits = little_endian(number);
    return write_frame(type, std::array<u8, 5>{digits[0], digits[1], digits[2], digits[3], more},
                       out);
  }
};

}  // namespace

std::expected<std::span<const u8>, EncodeError> encode(const GuestMessage& message,
                                                       std::span<u8> out) {
  return std::visit(Payload{out}, message);
}
std::expected<std::span<const u8>, EncodeError> encode(const HostMessage& message,
                                                       std::span<u8> out) {
  return std::visit(Payload{out}, message);
}

}  // namespace nacre::hostlink
