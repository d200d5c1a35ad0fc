#pragma once

#include "lib/text/utf8.hpp"

namespace nacre::text {

/// What a person who edits a line wants.
enum class EditCommand : u8 {
  Insert,
  Accept,
  Interrupt,
  EndOrDelete,
  Left,
  Right,
  WordLeft,
  WordRight,
  Home,
  End,
  Previous,
  Next,
  Backspace,
  Delete,
  KillToEnd,
  KillToStart,
  KillWordLeft,
  KillWordRight,
  Yank,
  ClearScreen,
  Complete,
  Search,
  Paste,     // a character of a text that is being pasted
  PasteEnd,  // that was all of it
};

struct EditKey {
  EditCommand command;
  char32_t character = 0;  // of Insert and Paste
  friend constexpr bool operator==(EditKey, EditKey) = default;
};

/// Turns what a terminal sends into editing commands: UTF-8, control characters, and the escape
/// sequences of cursor and function keys, whichever way terminals write them. Unknown sequences are
/// swallowed whole. What stands between the marks of a pasted text is text and nothing else: line
/// ends become line feeds, tabs blanks, other control characters are dropped; but Ctrl-C ends it.
/// A state machine: any bytes, cut anywhere, are fine. [xterm/ctlseqs: "Bracketed Paste Mode"]
class EditKeyDecoder {
 public:
  /// Calls `emit(EditKey)` for what `byte` completes: nothing, one key or two.
  template <class Emit>
  void feed(u8 byte, Emit&& emit) {
    if (state_ == State::Ground) {
      utf8_.feed(byte, [&](char32_t codepoint) {
        if (codepoint >= 0xa0) {
          emit(EditKey{is_pasting_ ? EditCommand::Paste : EditCommand::Insert, codepoint});
        } else if (codepoint < 0x80) {
          ground(static_cast<u8>(codepoint), emit);
        }
      });
      return;
    }
    switch (state_) {
      case State::Escape: escape(byte, emit); break;
      case State::SingleShift:
        state_ = State::Ground;
        cursor_key(byte, false, emit);
        break;
      case State::Sequence: sequence(byte, emit); break;
      case State::Ground: break;
    }
  }

 private:
  enum class State : u8 { Ground, Escape, SingleShift, Sequence };

  template <class Emit>
  void ground(u8 byte, Emit& emit) {
    bool const after_return = after_return_;
    after_return_ = byte == '\r';
    if (is_pasting_) return paste(byte, after_return, emit);
    if (byte >= 0x20 && byte < 0x7f) {
      emit(EditKey{EditCommand::Insert, byte});
      return;
    }
    auto const control = [&](EditCommand command) { emit(EditKey{command}); };
    switch (byte) {
      case 'A' & 0x1f: return control(EditCommand::Home);
      case 'B' & 0x1f: return control(EditCommand::Left);
      case 'C' & 0x1f: return control(EditCommand::Interrupt);
      case 'D' & 0x1f: return control(EditCommand::EndOrDelete);
      case 'E' & 0x1f: return control(EditCommand::End);
      case 'F' & 0x1f: return control(EditCommand::Right);
      case '\b':
      case 0x7f: return control(EditCommand::Backspace);
      case '\t': return control(EditCommand::Complete);
      case '\n':  // CR LF is one end of line.
        if (!after_return) control(EditCommand::Accept);
        return;
      case 'K' & 0x1f: return control(EditCommand::KillToEnd);
      case 'L' & 0x1f: return control(EditCommand::ClearScreen);
      case '\r': return control(EditCommand::Accept);
      case 'N' & 0x1f: return control(EditCommand::Next);
      case 'P' & 0x1f: return control(EditCommand::Previous);
      case 'R' & 0x1f: return control(EditCommand::Search);
      case 'U' & 0x1f: return control(EditCommand::KillToStart);
      case 'W' & 0x1f: return control(EditCommand::KillWordLeft);
      case 'Y' & 0x1f: return control(EditCommand::Yank);
      case 0x1b: state_ = State::Escape; return;
      default: return;
    }
  }

  template <class Emit>
  void paste(u8 byte, bool after_return, Emit& emit) {
    auto const text = [&](char32_t character) { emit(EditKey{EditCommand::Paste, character}); };
    switch (byte) {
      case '\n':
        if (!after_return) text(U'\n');
        return;
      case '\r': return text(U'\n');
      case '\t': return text(U' ');
      case 'C' & 0x1f: is_pasting_ = false; return emit(EditKey{EditCommand::Interrupt});
      case 0x1b: state_ = State::Escape; return;
      default:
        if (byte >= 0x20 && byte < 0x7f) text(byte);
        return;
    }
  }

  template <class Emit>
  void escape(u8 byte, Emit& emit) {
    state_ = State::Ground;
    // Only the mark of the end is more than text.
    if (is_pasting_ && byte != '[') return ground(byte, emit);
    switch (byte) {
      case '[':
        state_ = State::Sequence;
        number_ = modifier_ = 0;
        in_modifier_ = false;
        return;
      case 'O': state_ = State::SingleShift; return;
      case 0x1b: state_ = State::Escape; return;
      case 'b': return emit(EditKey{EditCommand::WordLeft});
      case 'f': return emit(EditKey{EditCommand::WordRight});
      case 'd': return emit(EditKey{EditCommand::KillWordRight});
      case '\b':
      case 0x7f: return emit(EditKey{EditCommand::KillWordLeft});
      default:
        // Alt with anything else means nothing; controls keep their meaning.
        if (byte < 0x20) ground(byte, emit);
        return;
    }
  }

  template <class Emit>
  void sequence(u8 byte, Emit& emit) {
    if (byte >= '0' && byte <= '9') {
      u16& value = in_modifier_ ? modifier_ : number_;
      if (value < 1000) value = static_cast<u16>(value * 10 + (byte - '0'));
      return;
    }
    if (byte == ';') {
      in_modifier_ = true;
      modifier_ = 0;
      return;
    }
    if (byte >= 0x20 && byte < 0x40) return;
    state_ = State::Ground;
    if (byte < 0x20) return ground(byte, emit);
    if (is_pasting_) {
      if (byte != '~' || number_ != 201) return;
      is_pasting_ = false;
      return emit(EditKey{EditCommand::PasteEnd});
    }
    // The modifier is one more than a sum: 2 is Alt, 4 is Control.
    bool const by_word = modifier_ != 0 && ((modifier_ - 1) & 6) != 0;
    if (byte != '~') return cursor_key(byte, by_word, emit);
    switch (number_) {
      case 1:
      case 7: return emit(EditKey{EditCommand::Home});
      case 4:
      case 8: return emit(EditKey{EditCommand::End});
      case 200: is_pasting_ = true; return;
      case 3: return emit(EditKey{by_word ? EditCommand::KillWordRight : EditCommand::Delete});
      default: return;
    }
  }

  template <class Emit>
  void cursor_key(u8 byte, bool by_word, Emit& emit) {
    switch (byte) {
      case 'A': return emit(EditKey{EditCommand::Previous});
      case 'B': return emit(EditKey{EditCommand::Next});
      case 'C': return emit(EditKey{by_word ? EditCommand::WordRight : EditCommand::Right});
      case 'D': return emit(EditKey{by_word ? EditCommand::WordLeft : EditCommand::Left});
      case 'F': return emit(EditKey{EditCommand::End});
      case 'H': return emit(EditKey{EditCommand::Home});
      default: return;
    }
  }

  Utf8Decoder utf8_;
  State state_ = State::Ground;
  u16 number_ = 0;
  u16 modifier_ = 0;
  bool in_modifier_ = false;
  bool after_return_ = false;
  bool is_pasting_ = false;
};

}  // namespace nacre::text
