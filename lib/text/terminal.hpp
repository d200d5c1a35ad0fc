#pragma once

#include <array>
#include <expected>
#include <optional>
#include <span>
#include <string_view>

#include "lib/base/format.hpp"
#include "lib/base/vector.hpp"
#include "lib/text/cell.hpp"
#include "lib/text/damage.hpp"
#include "lib/text/escape_parser.hpp"
#include "lib/text/input_requests.hpp"
#include "lib/text/keymap.hpp"
#include "lib/text/palette.hpp"
#include "lib/text/screen.hpp"
#include "lib/text/scroll_back.hpp"
#include "lib/text/terminal_modes.hpp"

namespace nacre::text {

struct TerminalError {
  enum class Kind : u8 {
    BadSize,  // no columns or rows, or more than `Terminal::max_side`
    OutOfMemory,
  };
  Kind kind;

  constexpr TerminalError(Kind error) : kind(error) {}
  constexpr TerminalError(base::OutOfMemory) : kind(Kind::OutOfMemory) {}
  friend constexpr bool operator==(TerminalError, TerminalError) = default;
};

enum class CursorShape : u8 { Block, Underline, Bar };

/// Where the cursor is seen, zero-based, and how it is to be shown.
struct CursorState {
  u16 row = 0;
  u16 column = 0;
  bool visible = true;
  CursorShape shape = CursorShape::Block;
  bool blinks = false;
  friend constexpr bool operator==(const CursorState&, const CursorState&) = default;
};

/// The model of a VT220-like terminal as xterm extends it: takes the bytes that programs write,
/// keeps what is to be seen, says what changed. It draws nothing. Only `create`, `resize` and
/// `keep_scroll_back` allocate, and no input can fail. [xterm/ctlseqs: "Functions using CSI"]
class Terminal {
 public:
  static constexpr u16 max_side = 1000;

  static std::expected<Terminal, TerminalError> create(u16 columns, u16 rows,
                                                       const Theme& theme = nacre_theme);

  /// Makes the screens larger or smaller. Rows are not wrapped anew: what does not fit on the right
  /// is lost, and rows leave at the top, into the scroll-back, as far as the cursor would be below
  /// the last one. Errors: BadSize, OutOfMemory; nothing changed then.
  std::expected<void, TerminalError> resize(u16 columns, u16 rows);
  /// Keeps rows that leave at the top from now on. Errors: OutOfMemory; there is none then.
  std::expected<void, base::OutOfMemory> keep_scroll_back(usize cells, usize lines);

  /// Takes bytes, cut anywhere.
  void write(std::string_view bytes);

  u16 columns() const { return screen().columns(); }
  u16 rows() const { return screen().rows(); }
  /// What programs wrote to a row of the screen.
  std::span<const Cell> row(u16 index) const { return screen().row(index); }
  /// What is seen in a row: of the scroll-back while that is looked at, and then it may be shorter
  /// or longer than the screen is wide; what it lacks is blank.
  std::span<const Cell> visible_row(u16 index) const;
  CursorState cursor() const;

  /// Rows have numbers that stay theirs while they scroll into the scroll-back: from `first_line`,
  /// the oldest one that is kept, up to, not including, `end_of_lines`. What is written over keeps
  /// its number.
  base::u64 first_line() const { return scroll_back_.pushed() - scroll_back_.size(); }
  base::u64 end_of_lines() const { return scroll_back_.pushed() + rows(); }
  base::u64 number_of_visible_row(u16 row) const {
    return scroll_back_.pushed() - view_offset_ + row;
  }
  /// A row by its number; it may be shorter or longer than the screen is wide, and is empty if it
  /// is not kept.
  std::span<const Cell> line(base::u64 number) const;

  const Damage& damage() const { return damage_; }
  Damage& damage() { return damage_; }
  const Palette& palette() const { return palette_; }
  /// Colours that programs changed are the theme's again.
  void set_theme(const Theme& theme);
  const TerminalModes& modes() const { return modes_; }

  const ScrollBack& scroll_back() const { return scroll_back_; }
  /// How many rows back the view begins; 0 is the screen itself.
  usize view_offset() const { return view_offset_; }
  /// Looks further back by `lines`, or less far if that is negative, as far as there is something.
  void scroll_view(int lines);
  void leave_scroll_back() { scroll_view(-static_cast<int>(view_offset_)); }

  /// What the terminal answers to requests, for the program's input. Answers that do not fit until
  /// they are taken are lost.
  std::string_view answers() const { return {answers_.data(), answer_size_}; }
  void clear_answers() { answer_size_ = 0; }
  /// How many times the bell was rung.
  base::u64 bells() const { return bells_; }
  /// What the program calls its window, as it wrote it.
  std::string_view title() const { return {title_.data(), title_size_}; }
  /// How large a cell is, for those who ask.
  void set_cell_pixels(u16 width, u16 height) { cell_pixels_ = {width, height}; }

  KeyModes key_modes() const {
    return {modes_.application_cursor, modes_.application_keypad,
            key_reports_[is_alternate_].current()};
  }
  /// What programs asked for, for whoever has the terminal later.
  InputRequests input_requests() const;
  void set_input_requests(const InputRequests& requests);
  /// Whether the program wants pasted text to be marked.
  bool bracketed_paste() const { return modes_.bracketed_paste; }
  /// Whether a cell that is seen may blink: no promise that there is one, but that there is none.
  bool may_blink() const { return may_blink_; }
  /// Somebody has looked: no cell that is seen does.
  void nothing_blinks() { may_blink_ = at_.pen.attributes.has(Attribute::Blink); }
  /// Whether the alternate screen is shown, which has no scroll-back.
  bool is_alternate() const { return is_alternate_; }
  /// Whether programs see all of the input there was, and no sequence is under way.
  bool is_ground() const { return parser_.is_ground(); }

 private:
  friend class EscapeParser;

  enum class Charset : u8 { Ascii, LineDrawing, British };
  /// What ESC 7 saves.
  struct Writing {
    u16 row = 0;
    u16 column = 0;
    /// A character was written in the last column: the next one goes to the next row.
    bool wrap_pending = false;
    bool origin_mode = false;
    Cell pen{};
    std::array<Charset, 4> charsets{};
    u8 active_charset = 0;
  };

  Terminal(Screen primary, Screen alternate, Damage damage, const Theme& theme);

  const Screen& screen() const { return is_alternate_ ? alternate_ : primary_; }
  Screen& screen() { return is_alternate_ ? alternate_ : primary_; }
  Cell blank() const { return {.background = at_.pen.background}; }

  // What the parser finds.
  void print(char32_t codepoint);
  void control(u8 byte);
  void escape(std::string_view intermediates, char final);
  void control_sequence(const ControlSequence& sequence);
  void system_command(std::string_view text, StringEnd end);
  void device_control(std::string_view text);

  // Writing, and where.
  usize put_plain_run(std::string_view bytes);
  char32_t translate(char32_t codepoint);
  void put(char32_t codepoint, u16 width);
  void put_mark(char32_t mark);
  void move_to(int row, int column);
  void move_to_origin(int row, int column);
  void move_vertically(int lines);
  void index();
  void reverse_index();
  void tab(int count);
  void scroll_up(int lines);
  void scroll_region(u16 top, int lines);
  void erase(u16 row, u16 first, u16 last);
  void mark_changed(u16 row, u16 first, u16 last, bool is_beyond);
  void erase_unprotected(u16 row, u16 first, u16 last);
  void erase_display(u16 mode, bool is_selective);
  void erase_line(u16 mode, bool is_selective);
  void fill_with_test_pattern();
  void save_cursor() { saved_[is_alternate_] = at_; }
  void restore_cursor() {
    at_ = saved_[is_alternate_];
    pen_changed();
  }
  void pen_changed() {
    if (at_.pen.attributes.has(Attribute::Blink)) may_blink_ = has_blinked_ = true;
  }
  void switch_screen(bool alternate);
  void reset_tabs(usize first);

  // Sequences.
  void designate_charset(std::string_view intermediates, char final);
  void private_sequence(const ControlSequence& sequence);
  void marked_sequence(const ControlSequence& sequence);
  void change_key_reports(const ControlSequence& sequence);
  void set_region(const ControlSequence& sequence);

  // Modes.
  std::optional<bool> private_mode(u16 mode) const;
  std::optional<bool> ansi_mode(u16 mode) const;
  void set_ansi_mode(u16 mode, bool on);
  void set_private_mode(u16 mode, bool on);
  void save_private_mode(u16 mode);
  void restore_private_mode(u16 mode);
  void set_cursor_style(u16 style);
  void reset();
  void soft_reset();

  // Answers.
  void report_status(u16 request);
  void report_private_status(u16 request);
  void report_mode(const ControlSequence& sequence);
  void report_window(const ControlSequence& sequence);
  void report_setting(std::string_view name);
  void change_indexed_colors(std::string_view text, StringEnd end);
  void change_dynamic_colors(unsigned first, std::string_view text, StringEnd end);
  void reset_indexed_colors(std::string_view text);
  void colors_changed() { damage_.mark_all(); }

  template <class... Arguments>
  void answer(base::FormatString<std::type_identity_t<Arguments>...> format,
              const Arguments&... arguments) {
    base::BufferSink sink(std::span(answers_).subspan(answer_size_));
    base::format_to(sink, format, arguments...);
    if (!sink.truncated()) answer_size_ += sink.view().size();
  }

  Screen primary_;
  Screen alternate_;
  Damage damage_;
  ScrollBack scroll_back_;
  usize view_offset_ = 0;
  base::Vector<bool> tab_stops_;
  EscapeParser parser_;

  Writing at_;
  std::array<Writing, 2> saved_{};  // of the primary and the alternate screen
  u16 region_top_ = 0;
  u16 region_bottom_ = 0;
  char32_t last_printed_ = U' ';
  u8 single_shift_ = 0;  // the set of the next character alone; 0 is none

  bool is_alternate_ = false;
  TerminalModes modes_;
  std::array<KeyReportStack, 2> key_reports_{};  // of the primary and the alternate screen
  base::u32 saved_modes_ = 0;                    // a bit for each of those that can be saved
  CursorShape cursor_shape_ = CursorShape::Block;
  bool may_blink_ = false;
  bool has_blinked_ = false;  // somewhere, at some time

  Theme theme_;
  Palette palette_;
  std::array<u16, 2> cell_pixels_{8, 16};
  std::array<char, 96> title_{};
  usize title_size_ = 0;

  std::array<char, 1024> answers_{};
  usize answer_size_ = 0;
  base::u64 bells_ = 0;
};

}  // namespace nacre::text
