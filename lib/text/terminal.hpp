#pragma once

#include <array>
#include <expected>
#include <span>
#include <string_view>

#include "lib/base/format.hpp"
#include "lib/base/vector.hpp"
#include "lib/text/cell.hpp"
#include "lib/text/damage.hpp"
#include "lib/text/escape_parser.hpp"
#include "lib/text/keymap.hpp"
#include "lib/text/screen.hpp"

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

/// Where the cursor is, zero-based, and how it is to be shown.
struct CursorState {
  u16 row = 0;
  u16 column = 0;
  bool visible = true;
  CursorShape shape = CursorShape::Block;
  friend constexpr bool operator==(const CursorState&, const CursorState&) = default;
};

/// The model of a VT100-like terminal as xterm extends it: takes the bytes that programs write,
/// keeps what is to be seen, says what changed. It draws nothing. After `create` nothing allocates
/// and no input can fail. [xterm/ctlseqs: "Functions using CSI"]
class Terminal {
 public:
  static constexpr u16 max_side = 1000;

  static std::expected<Terminal, TerminalError> create(u16 columns, u16 rows);

  /// Takes bytes, cut anywhere.
  void write(std::string_view bytes);

  u16 columns() const { return screen().columns(); }
  u16 rows() const { return screen().rows(); }
  std::span<const Cell> row(u16 index) const { return screen().row(index); }
  CursorState cursor() const;
  const Damage& damage() const { return damage_; }
  Damage& damage() { return damage_; }

  /// What the terminal answers to requests, for the program's input. Answers that do not fit until
  /// they are taken are lost.
  std::string_view answers() const { return {answers_.data(), answer_size_}; }
  void clear_answers() { answer_size_ = 0; }
  /// How many times the bell was rung.
  base::u64 bells() const { return bells_; }

  KeyModes key_modes() const { return key_modes_; }
  /// Whether the program wants pasted text to be marked.
  bool bracketed_paste() const { return bracketed_paste_; }
  /// Whether programs see all of the input there was, and no sequence is under way.
  bool is_ground() const { return parser_.is_ground(); }

 private:
  friend class EscapeParser;

  enum class Charset : u8 { Ascii, LineDrawing };
  /// What ESC 7 saves.
  struct Writing {
    u16 row = 0;
    u16 column = 0;
    /// A character was written in the last column: the next one goes to the next row.
    bool wrap_pending = false;
    bool origin_mode = false;
    Cell pen{};
    std::array<Charset, 2> charsets{};
    u8 active_charset = 0;
  };

  Terminal(Screen primary, Screen alternate, Damage damage);

  const Screen& screen() const { return is_alternate_ ? alternate_ : primary_; }
  Screen& screen() { return is_alternate_ ? alternate_ : primary_; }
  Cell blank() const { return {.background = at_.pen.background}; }

  // What the parser finds.
  void print(char32_t codepoint);
  void control(u8 byte);
  void escape(std::string_view intermediates, char final);
  void control_sequence(const ControlSequence& sequence);

  void private_sequence(const ControlSequence& sequence);
  void set_modes(const ControlSequence& sequence, bool on);
  void set_private_mode(u16 mode, bool on);
  void select_graphics(const ControlSequence& sequence);
  usize select_color(const ControlSequence& sequence, usize index, Color& color);
  void report(u16 request, bool is_private);

  void put(char32_t codepoint, u16 width);
  usize put_plain_run(std::string_view bytes);
  void move_to(int row, int column);
  void move_to_origin(int row, int column);
  void move_vertically(int lines);
  void index();
  void reverse_index();
  void tab(int count);
  void scroll_region(u16 top, int lines);
  void erase(u16 row, u16 first, u16 last);
  void erase_display(u16 mode);
  void erase_line(u16 mode);
  void fill_with_test_pattern();
  void switch_screen(bool alternate);
  void reset();
  void reset_tabs();

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
  base::Vector<bool> tab_stops_;
  EscapeParser parser_;

  Writing at_;
  std::array<Writing, 2> saved_{};  // of the primary and the alternate screen
  u16 region_top_ = 0;
  u16 region_bottom_ = 0;
  char32_t last_printed_ = U' ';

  bool is_alternate_ = false;
  bool autowrap_ = true;
  bool insert_mode_ = false;
  bool newline_mode_ = false;
  bool cursor_visible_ = true;
  bool bracketed_paste_ = false;
  CursorShape cursor_shape_ = CursorShape::Block;
  KeyModes key_modes_{};

  std::array<char, 128> answers_{};
  usize answer_size_ = 0;
  base::u64 bells_ = 0;
};

}  // namespace nacre::text
