#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "lib/text/escape_parser.hpp"
#include "lib/text/paged_text.hpp"
#include "lib/text/regex.hpp"

namespace nacre::text {

/// Shows a text page by page: takes it and the bytes that keys send, and draws the screen. The text
/// may have no end, for no more of it is asked for than is to be seen. Pure: waiting for text and
/// keys is the caller's.
///
/// The keys are those of `less`; `h` shows them.
class Pager {
 public:
  struct Options {
    bool ignores_case = false;
    bool numbers_lines = false;
    bool chops_lines = false;
    friend constexpr bool operator==(Options, Options) = default;
  };
  /// What the caller is to do for it to go on.
  enum class Need : u8 {
    Key,   // nothing happens before the next key
    Text,  // more text, or its end; keys are welcome meanwhile
    Turn,  // call it again: what it does takes long, and others may have a turn in between
  };
  /// What a person wants that is not the pager's to do.
  enum class Wish : u8 { Nothing, Quit, NextText, PreviousText };

  /// `name` is what the text is called; it outlives the pager.
  Pager(std::string_view name, Options options) : name_(name), options_(options) {}

  /// The size of the screen. What is smaller than a row of text above one of words is taken for
  /// that.
  void resize(u16 columns, u16 rows);
  PagedText& text() { return text_; }

  /// Takes a byte that a key sent. `pursue` does what it asks for.
  Wish feed(u8 byte);
  /// Looks for a pattern from the first row that is seen on, as `/` does.
  void search(std::string_view pattern);
  /// A line for the bottom of the screen, until the next key. It outlives that.
  void say(std::string_view message) { message_ = message; }
  /// Does what was asked for, as far as there is text.
  Need pursue();
  /// Whether all of the text is on the screen.
  bool shows_all() const;
  void draw(base::Sink& screen);

  /// The first row that is seen.
  PagedText::Place top() const { return top_; }
  Options options() const { return options_; }

  /// The longest pattern, in bytes.
  static constexpr usize max_pattern = 256;

 private:
  using Place = PagedText::Place;
  using Layout = PagedText::Layout;

  enum class Direction : u8 { Forward, Backward };
  /// What is being done.
  enum class Goal : u8 { None, Move, Line, End, Percent, Search };
  /// What is being typed in the row at the bottom.
  enum class Prompt : u8 { None, Forward, Backward, Option, Colon };
  class Keys;

  void character_key(char32_t character);
  void control_key(u8 byte);
  void named_key(const ControlSequence& sequence);
  void prompt_key(char32_t character);
  void prompt_control(u8 byte);
  void finish_pattern();
  void toggle(char32_t letter);
  void begin(Goal goal, usize count, Direction direction = Direction::Forward);
  void search_again(Direction direction);
  void stop(std::string_view message = {});
  void scroll_sideways(Direction direction);
  /// The number that was typed, or `otherwise`; it is forgotten.
  usize take_number(usize otherwise);

  std::optional<Need> pursue_goal();
  std::optional<Need> pursue_move();
  std::optional<Need> pursue_search();
  void show_line(usize line, usize offset = 0);
  /// Makes the top a row again where rows have become other ones.
  void begin_row();
  /// The last row that is the first one on a full screen, of a text that has ended.
  Place last_top() const;
  bool is_there(Place row) const { return row.line < text_.line_count(); }
  usize page() const { return rows_ - 1u; }
  u16 number_columns() const;
  Layout layout() const;
  /// The row behind the last one that is seen, and how many of them there are.
  struct Bottom {
    Place place;
    usize rows;
  };
  Bottom bottom() const;

  void draw_row(base::Sink& screen, Place place, Place next);
  void draw_words(base::Sink& screen) const;
  void draw_position(base::Sink& screen) const;

  std::string_view name_;
  Options options_;
  u16 columns_ = 80;
  u16 rows_ = 24;
  PagedText text_;
  Place top_;
  usize skipped_ = 0;  // columns of lines that are chopped

  Goal goal_ = Goal::None;
  Direction direction_ = Direction::Forward;
  usize count_ = 0;  // rows to go, the line, the percentage, or the next line to search
  std::optional<usize> found_line_;
  std::optional<Regex> pattern_;
  Direction pattern_direction_ = Direction::Forward;

  EscapeParser parser_;
  Wish wish_ = Wish::Nothing;
  std::optional<usize> number_;
  Prompt prompt_ = Prompt::None;
  std::array<char, max_pattern> typed_{};
  usize typed_size_ = 0;
  std::string_view message_;
  bool shows_help_ = false;
};

}  // namespace nacre::text
