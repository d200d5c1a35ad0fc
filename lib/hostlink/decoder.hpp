#pragma once

#include <array>
#include <expected>
#include <optional>
#include <span>

#include "lib/base/format.hpp"
#include "lib/hostlink/message.hpp"

namespace nacre::hostlink {

/// A frame that is not of the protocol. It was skipped: what follows can be read on.
struct FrameError {
  enum class Kind : u8 {
    UnknownType,  // or one of the other direction
    BadValue,     // not one that frames of this type have
    BadLength,    // not the length that frames of this type have
    Oversize,     // more than `max_payload`
  };
  Kind kind;
  u8 type = 0;
  u16 length = 0;
  friend constexpr bool operator==(FrameError, FrameError) = default;
};

/// One line without its end.
void format_value(base::Sink& sink, FrameError error);

/// Takes the bytes as they come and gives frames with payloads of at most `max_payload` bytes, the
/// same for both directions. Never allocates.
class FrameDecoder {
 public:
  struct Frame {
    u8 type;
    std::span<const u8> payload;
  };

  /// Takes bytes from the front of `input` up to the end of a frame. Nothing when it took all of
  /// them and the frame is not whole. The payload lies in `input` or in this decoder, until the
  /// next call. Errors: Oversize, once for each such frame; call on.
  std::expected<std::optional<Frame>, FrameError> next(std::span<const u8>& input);

 private:
  void take(std::span<const u8>& input, usize target);

  std::array<u8, max_frame> held_{};  // the frame's first bytes, header included
  usize held_size_ = 0;
  usize skipping_ = 0;  // bytes of an oversize payload that are still to come
};

namespace detail {
std::expected<GuestMessage, FrameError> parse_guest_message(FrameDecoder::Frame frame);
std::expected<HostMessage, FrameError> parse_host_message(FrameDecoder::Frame frame);
}  // namespace detail

/// Takes bytes from one side and gives what it says.
///
///     while (!input.empty()) {
///       auto const message = decoder.next(input);
///       if (!message) report(message.error());   // and go on
///       else if (*message) handle(**message);
///     }
template <class Message, auto parse>
class MessageDecoder {
 public:
  /// As `FrameDecoder::next`; bytes in the message are borrowed in the same way. Errors: every
  /// `FrameError`; call on.
  std::expected<std::optional<Message>, FrameError> next(std::span<const u8>& input) {
    TRY(auto const frame, frames_.next(input));
    if (!frame) return std::nullopt;
    TRY(auto message, parse(*frame));
    return message;
  }

 private:
  FrameDecoder frames_;
};

/// What the host says, read in the kernel.
using HostMessageDecoder = MessageDecoder<HostMessage, detail::parse_host_message>;
/// What the guest says, read on the host.
using GuestMessageDecoder = MessageDecoder<GuestMessage, detail::parse_guest_message>;

}  // namespace nacre::hostlink
