#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string_view>

#include "lib/base/format.hpp"
#include "lib/base/function_ref.hpp"
#include "lib/base/string.hpp"
#include "lib/base/vector.hpp"
#include "lib/text/edit_key.hpp"
#include "lib/text/history.hpp"

namespace nacre::text {

/// What the bytes given to a `LineEditor` amounted to.
enum class EditEvent : u8 {
  None,
  Line,          // `line()` was entered; the cursor stands at the start of the next row
  Interrupt,     // Ctrl-C: the line was given up; so does the cursor
  EndOfInput,    // Ctrl-D on an empty line
  Complete,      // Tab: nothing happened to the line
  PasteRefused,  // what was pasted does not fit into the line, or memory: nothing of it is there
};

/// Edits one line after another on a terminal: takes the bytes that it sends, and writes those that
/// keep it showing the line, however many rows that takes. Only what changed is written, and only
/// in terms that every ANSI terminal knows. The line is valid UTF-8 without control characters but
/// line feeds, which only a pasted text brings: it is put into the line whole, and nothing of it
/// is entered before a key does that.
///
/// Keys: cursor keys, Home, End, Delete, Backspace, Ctrl-A B C D E F H K L N P R U W Y, and with
/// Alt or Ctrl by words. Ctrl-R looks for the text that is typed then in what was entered before,
/// and again for an older line; any other key takes the line that was found.
class LineEditor {
 public:
  /// A line that is longer takes no more characters.
  static constexpr usize max_size = usize{64} * 1024;

  /// The history must outlive the editor; adding to it is the caller's.
  explicit LineEditor(const History& history) : history_(history) {}

  /// Says for each byte of a line in which colour it is shown: what SGR calls it (30 to 37, 90 to
  /// 97), or 0. All bytes of a character have the same.
  using Painter = base::FunctionRef<void(std::string_view line, std::span<u8> colors)>;
  /// It is borrowed. Without one, or without memory, there are no colours.
  void set_painter(std::optional<Painter> painter) { painter_ = painter; }

  /// Starts an empty line behind `prompt`, which may contain control sequences, on a terminal of so
  /// many columns. The cursor stands at the start of a row. Errors: OutOfMemory; nothing was
  /// written.
  std::expected<void, base::OutOfMemory> begin(std::string_view prompt, u16 columns,
                                               base::Sink& terminal);
  /// Takes one byte. Errors: OutOfMemory, and the line is as it was.
  std::expected<EditEvent, base::OutOfMemory> feed(u8 byte, base::Sink& terminal);

  /// The line as it is, or as it was entered.
  std::string_view line() const { return line_; }
  /// Where in the line, in bytes, the cursor is.
  usize cursor() const { return cursor_; }

  /// Puts `text` at the cursor, as if it had been typed.
  std::expected<void, base::OutOfMemory> insert(std::string_view text, base::Sink& terminal);
  /// Writes prompt and line once more, after others have written: the cursor stands at the start
  /// of a row.
  void show(base::Sink& terminal);
  /// Takes prompt and line off the screen, for others to write: the cursor goes to where the prompt
  /// began. `show` brings them back.
  void hide(base::Sink& terminal);
  /// Leaves the line as it is on the screen: the cursor goes to the start of the row below it.
  void leave(base::Sink& terminal);

 private:
  /// A place on the terminal, relative to where the prompt starts.
  struct Place {
    usize row = 0;
    u16 column = 0;
    friend constexpr bool operator==(Place, Place) = default;
  };

  std::expected<EditEvent, base::OutOfMemory> apply(EditKey key, base::Sink& terminal);
  std::expected<bool, base::OutOfMemory> search(EditKey key, base::Sink& terminal);
  std::expected<void, base::OutOfMemory> find_before(usize index, base::Sink& terminal);
  void change_prompt(base::String prompt, base::Sink& terminal);
  Place end_of(std::string_view prompt) const;
  std::expected<void, base::OutOfMemory> paste(char32_t character);
  std::expected<EditEvent, base::OutOfMemory> end_paste(base::Sink& terminal);
  std::expected<void, base::OutOfMemory> kill(usize first, usize last, base::Sink& terminal);
  std::expected<void, base::OutOfMemory> recall(usize index, base::Sink& terminal);
  void erase(usize first, usize last, base::Sink& terminal);
  void move_cursor(usize index, base::Sink& terminal);
  void write_tail(base::Sink& terminal);
  void write_colored(std::string_view text, usize offset, base::Sink& terminal) const;
  void write_rows(std::string_view text, usize offset, base::Sink& terminal) const;
  usize paint(usize end);
  void go_to(Place place, base::Sink& terminal);

  bool is_boundary(usize index) const;
  usize before(usize index) const;
  usize after(usize index) const;
  usize word_before(usize index) const;
  usize word_after(usize index) const;
  Place advance(Place place, char32_t codepoint) const;
  Place advance(Place place, std::string_view text) const;
  Place place_of(usize index) const;

  const History& history_;
  std::optional<Painter> painter_;
  base::Vector<u8> colors_;  // as they are shown
  base::Vector<u8> next_colors_;
  EditKeyDecoder keys_;
  base::String prompt_;
  base::String line_;
  base::String killed_;
  base::String pasted_;  // until its end has come
  bool is_paste_refused_ = false;
  /// What is looked for, and the prompt that comes back; while `is_searching_`.
  base::String query_;
  base::String own_prompt_;
  bool is_searching_ = false;
  base::String draft_;  // what was typed before history was looked through
  usize cursor_ = 0;
  usize recalled_ = 0;  // the history's size while the draft is shown
  u16 columns_ = 80;
  Place start_;    // behind the prompt
  Place current_;  // of the cursor
};

}  // namespace nacre::text
