#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "lib/text/utf8.hpp"

namespace nacre::text {

/// A control sequence: CSI, parameters, intermediate bytes, a final byte.
/// [ecma-48: "Control sequences"]
class ControlSequence {
 public:
  static constexpr usize max_parameters = 32;
  static constexpr usize max_intermediates = 2;

  /// '?', '>', '=', '<', or 0: a sequence of the terminal's maker.
  char marker() const { return marker_; }
  char final() const { return final_; }
  std::string_view intermediates() const { return {intermediates_.data(), intermediate_count_}; }
  usize count() const { return count_ < max_parameters ? count_ : max_parameters; }
  /// A parameter, or `otherwise` where there is none or it is 0.
  u16 parameter(usize index, u16 otherwise) const {
    u16 const value = index < count() ? values_[index] : u16{0};
    return value == 0 ? otherwise : value;
  }
  /// Whether a parameter is part of the one before it: it stands behind a colon.
  bool is_part(usize index) const { return index < count() && parts_[index]; }

 private:
  friend class EscapeParser;

  // The last place takes what is beyond the last parameter.
  std::array<u16, max_parameters + 1> values_{};
  std::array<bool, max_parameters + 1> parts_{};
  u8 count_ = 0;
  char marker_ = 0;
  char final_ = 0;
  std::array<char, max_intermediates> intermediates_{};
  u8 intermediate_count_ = 0;
};

/// What ended a string; an answer to it ends alike.
enum class StringEnd : u8 { Bell, Terminator };

/// What receives what a terminal is told.
template <class Handler>
concept TerminalHandler =
    requires(Handler& handler, char32_t codepoint, u8 control, std::string_view text,
             const ControlSequence& csi, StringEnd end) {
      handler.print(codepoint);
      handler.control(control);
      handler.escape(text, char{});
      handler.control_sequence(csi);
      handler.system_command(text, end);
      handler.device_control(text);
    };

/// Takes a terminal's input apart: characters, control characters, escape and control sequences,
/// system commands (OSC) and device control strings (DCS). The other strings (APC, PM, SOS) are
/// swallowed, and so are those that are longer than `max_string`. A state machine: any bytes, cut
/// anywhere, are fine, and it never holds more than one sequence. A sequence ends where a character
/// beyond ASCII begins. The 8-bit controls are not known: their bytes are UTF-8's.
class EscapeParser {
 public:
  static constexpr usize max_string = 1024;

  template <TerminalHandler Handler>
  void feed(u8 byte, Handler& handler) {
    if (byte >= 0x80 && state_ != State::String) state_ = State::Ground;
    if (state_ == State::Ground && (byte >= 0x80 || !utf8_.at_boundary())) {
      utf8_.feed(byte, [&](char32_t codepoint) {
        if (codepoint >= 0x80) {
          // Controls of the second set are not used with UTF-8.
          if (codepoint >= 0xa0) handler.print(codepoint);
        } else {
          feed_ascii(static_cast<u8>(codepoint), handler);
        }
      });
      return;
    }
    feed_ascii(byte, handler);
  }
  /// The short way for most of what a control sequence is: takes the bytes of parameters that
  /// `bytes` begins with, as `feed` would, and returns how many; none outside of a sequence.
  usize take_parameters(std::string_view bytes) {
    auto const is_parameter = [](char byte) { return byte >= '0' && byte <= ';'; };
    if (state_ != State::Csi || bytes.empty() || !is_parameter(bytes.front())) return 0;
    usize index = sequence_.count_ == 0 ? 0 : sequence_.count_ - 1u;
    unsigned value = sequence_.values_[index];
    usize taken = 0;
    for (; taken < bytes.size() && is_parameter(bytes[taken]); ++taken) {
      char const byte = bytes[taken];
      if (byte <= '9') {
        value = std::min(value * 10 + static_cast<unsigned>(byte - '0'), 0x7fffu);
        continue;
      }
      sequence_.values_[index] = static_cast<u16>(value);
      value = 0;
      // What is beyond the last parameter is dropped, as other terminals do.
      index = std::min(index + 1, ControlSequence::max_parameters);
      sequence_.parts_[index] = byte == ':';
    }
    sequence_.values_[index] = static_cast<u16>(value);
    sequence_.count_ = static_cast<u8>(index + 1);
    return taken;
  }
  /// Whether the next byte begins something new.
  bool is_ground() const { return state_ == State::Ground && utf8_.at_boundary(); }

 private:
  enum class State : u8 {
    Ground,
    Escape,
    EscapeIntermediate,
    Csi,
    CsiIntermediate,
    CsiIgnore,
    String,
    StringEscape,
  };
  enum class StringKind : u8 { Swallowed, SystemCommand, DeviceControl };

  template <TerminalHandler Handler>
  void feed_ascii(u8 byte, Handler& handler) {
    // These act in any state, in strings only to end them.
    if (byte == 0x18 || byte == 0x1a) {
      state_ = State::Ground;
      return;
    }
    if (byte == 0x1b) {
      state_ = state_ == State::String ? State::StringEscape : State::Escape;
      sequence_ = {};
      return;
    }
    if (state_ == State::String) {
      // A bell ends what xterm made, not what DEC did.
      if (byte == 0x07 && string_kind_ == StringKind::SystemCommand) {
        finish_string(StringEnd::Bell, handler);
      } else {
        add_to_string(byte);
      }
      return;
    }
    if (state_ == State::StringEscape) {
      // ESC \ ends the string; another sequence cuts it off.
      if (byte == '\\') {
        finish_string(StringEnd::Terminator, handler);
        return;
      }
      state_ = State::Escape;
    }
    if (byte < 0x20) {
      handler.control(byte);
      return;
    }
    if (byte == 0x7f) return;

    switch (state_) {
      case State::Ground: handler.print(byte); break;
      case State::Escape:
        if (byte == '[') {
          state_ = State::Csi;
          break;
        }
        if (byte == ']' || byte == 'P' || byte == 'X' || byte == '^' || byte == '_') {
          begin_string(byte);
          break;
        }
        [[fallthrough]];
      case State::EscapeIntermediate:
        if (byte < 0x30) {
          collect(byte);
          state_ = State::EscapeIntermediate;
        } else {
          state_ = State::Ground;
          handler.escape(sequence_.intermediates(), static_cast<char>(byte));
        }
        break;
      case State::Csi:
      case State::CsiIntermediate:
      case State::CsiIgnore: csi(byte, handler); break;
      case State::String:
      case State::StringEscape: break;
    }
  }

  template <TerminalHandler Handler>
  void csi(u8 byte, Handler& handler) {
    if (byte >= 0x40) {
      bool const ignored = state_ == State::CsiIgnore;
      state_ = State::Ground;
      sequence_.final_ = static_cast<char>(byte);
      if (!ignored) handler.control_sequence(sequence_);
    } else if (state_ == State::CsiIgnore) {
      return;
    } else if (byte < 0x30) {
      collect(byte);
      state_ = State::CsiIntermediate;
    } else if (state_ == State::CsiIntermediate) {
      state_ = State::CsiIgnore;
    } else if (byte >= '<') {
      if (sequence_.marker_ != 0 || sequence_.count_ != 0) {
        state_ = State::CsiIgnore;
      } else {
        sequence_.marker_ = static_cast<char>(byte);
      }
    } else {
      char const parameter = static_cast<char>(byte);
      take_parameters({&parameter, 1});
    }
  }

  void begin_string(u8 introducer) {
    state_ = State::String;
    string_kind_ = introducer == ']'   ? StringKind::SystemCommand
                   : introducer == 'P' ? StringKind::DeviceControl
                                       : StringKind::Swallowed;
    string_size_ = 0;
    string_is_too_long_ = false;
  }
  void add_to_string(u8 byte) {
    if (string_size_ < max_string) {
      string_[string_size_++] = static_cast<char>(byte);
    } else {
      string_is_too_long_ = true;
    }
  }
  template <TerminalHandler Handler>
  void finish_string(StringEnd end, Handler& handler) {
    state_ = State::Ground;
    if (string_is_too_long_) return;
    std::string_view const text(string_.data(), string_size_);
    if (string_kind_ == StringKind::SystemCommand) handler.system_command(text, end);
    if (string_kind_ == StringKind::DeviceControl) handler.device_control(text);
  }

  void collect(u8 byte) {
    if (sequence_.intermediate_count_ < ControlSequence::max_intermediates)
      sequence_.intermediates_[sequence_.intermediate_count_++] = static_cast<char>(byte);
  }

  State state_ = State::Ground;
  Utf8Decoder utf8_;
  ControlSequence sequence_;
  StringKind string_kind_ = StringKind::Swallowed;
  bool string_is_too_long_ = false;
  u16 string_size_ = 0;
  std::array<char, max_string> string_{};
};

}  // namespace nacre::text
