#include "lib/text/pager.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "lib/base/format.hpp"
#include "lib/text/printable.hpp"
#include "lib/text/utf8.hpp"

namespace nacre::text {
namespace {

/// How much is looked through, or how many rows are gone, before others have their turn.
constexpr usize bytes_in_a_turn = usize{64} * 1024;
constexpr usize rows_in_a_turn = 200;
constexpr usize max_number = 1'000'000'000;
/// Where a search in a line that is longer begins for what is to be seen in another colour.
constexpr usize max_marked_line = usize{8} * 1024;
constexpr u16 number_width = 8;

constexpr std::string_view plain = "\x1b[m";
constexpr std::string_view reverse = "\x1b[7m";
constexpr std::string_view marked = "\x1b[30;43m";
constexpr std::string_view dim = "\x1b[2m";

constexpr std::string_view help_rows[] = {
    "",
    "  Space f PgDn     a page on               b PgUp         a page back",
    "  d Ctrl-D         half a page on          u Ctrl-U       half a page back",
    "  Enter j Down     a row on                k y Up         a row back",
    "  g < Home         to the start            G > End        to the end",
    "  N g              to line N               N p            to N percent",
    "",
    "  /PATTERN         look for it             ?PATTERN       look for it backwards",
    "  n                the next one            N              the other way",
    "",
    "  Left Right       sideways, where lines are chopped",
    "  -N  -S  -i       numbers, chopped lines, capitals alike: on and off",
    "  :n  :p           the next file, the one before",
    "  Ctrl-L           draw anew               Ctrl-C         stop looking or reading",
    "  h                this                    q              quit",
    "",
    "  A number before a key is how often, or where to. A pattern is a regular",
    "  expression, as for grep -E.",
};

}  // namespace

/// What the bytes of keys are.
class Pager::Keys {
 public:
  explicit Keys(Pager& pager) : pager_(pager) {}
  void print(char32_t character) {
    if (pager_.prompt_ == Prompt::None)
      pager_.character_key(character);
    else
      pager_.prompt_key(character);
  }
  void control(u8 byte) {
    if (pager_.prompt_ == Prompt::None)
      pager_.control_key(byte);
    else
      pager_.prompt_control(byte);
  }
  void escape(std::string_view intermediates, char final) {
    if (intermediates.empty() && final == 'v') control('B' & 0x1f);
  }
  void control_sequence(const ControlSequence& sequence) {
    if (pager_.prompt_ == Prompt::None) pager_.named_key(sequence);
  }
  void system_command(std::string_view, StringEnd) {}
  void device_control(std::string_view) {}

 private:
  Pager& pager_;
};

void Pager::resize(u16 columns, u16 rows) {
  columns = std::max<u16>(columns, 1);
  rows = std::max<u16>(rows, 2);
  if (columns == columns_ && rows == rows_) return;
  columns_ = columns;
  rows_ = rows;
  begin_row();
}

void Pager::begin_row() {
  if (is_there(top_)) top_ = text_.row_of(top_, layout());
}

// Keys.

Pager::Wish Pager::feed(u8 byte) {
  wish_ = Wish::Nothing;
  Keys keys(*this);
  // Delete is no character to the parser.
  if (byte == 0x7f)
    keys.control(byte);
  else
    parser_.feed(byte, keys);
  return wish_;
}

void Pager::character_key(char32_t character) {
  if (std::exchange(shows_help_, false)) return;
  message_ = {};
  if (character >= U'0' && character <= U'9') {
    number_ = std::min(number_.value_or(0) * 10 + (character - U'0'), max_number);
    return;
  }
  switch (character) {
    case U'q':
    case U'Q': wish_ = Wish::Quit; break;
    case U'j':
    case U'e': begin(Goal::Move, take_number(1)); break;
    case U'k':
    case U'y': begin(Goal::Move, take_number(1), Direction::Backward); break;
    case U' ':
    case U'f':
    case U'z': begin(Goal::Move, take_number(page())); break;
    case U'b':
    case U'w': begin(Goal::Move, take_number(page()), Direction::Backward); break;
    case U'd': begin(Goal::Move, take_number(std::max<usize>(page() / 2, 1))); break;
    case U'u':
      begin(Goal::Move, take_number(std::max<usize>(page() / 2, 1)), Direction::Backward);
      break;
    case U'g':
    case U'<': begin(Goal::Line, take_number(1)); break;
    case U'G':
    case U'>':
      if (number_)
        begin(Goal::Line, take_number(1));
      else
        begin(Goal::End, 0);
      break;
    case U'p':
    case U'%': begin(Goal::Percent, std::min<usize>(take_number(0), 100)); break;
    case U'/': prompt_ = Prompt::Forward; break;
    case U'?': prompt_ = Prompt::Backward; break;
    case U'n': search_again(pattern_direction_); break;
    case U'N':
      search_again(pattern_direction_ == Direction::Forward ? Direction::Backward
                                                            : Direction::Forward);
      break;
    case U'-': prompt_ = Prompt::Option; break;
    case U':': prompt_ = Prompt::Colon; break;
    case U'h':
    case U'H': shows_help_ = true; break;
    case U'r':
    case U'R':
    case U'=': break;
    default: say("There is no such key; h shows which there are"); break;
  }
  number_.reset();
  typed_size_ = 0;
}

void Pager::control_key(u8 byte) {
  auto const is = [byte](char letter) { return byte == (letter & 0x1f); };
  if (is('C')) return stop(goal_ == Goal::None ? "q quits" : "Stopped");
  // What a letter does, too.
  if (byte == '\r' || byte == '\n' || is('N') || is('E')) return character_key(U'j');
  if (is('P') || is('Y') || is('K')) return character_key(U'k');
  if (is('F') || is('V')) return character_key(U'f');
  if (is('B')) return character_key(U'b');
  if (is('D')) return character_key(U'd');
  if (is('U')) return character_key(U'u');
  if (is('L') || is('R')) return character_key(U'r');
}

void Pager::named_key(const ControlSequence& sequence) {
  switch (sequence.final()) {
    case 'A': return character_key(U'k');
    case 'B': return character_key(U'j');
    case 'C': return scroll_sideways(Direction::Forward);
    case 'D': return scroll_sideways(Direction::Backward);
    case 'F': return character_key(U'G');
    case 'H': return character_key(U'g');
    case '~': break;
    default: return;
  }
  switch (sequence.parameter(0, 0)) {
    case 1:
    case 7: return character_key(U'g');
    case 4:
    case 8: return character_key(U'G');
    case 5: return character_key(U'b');
    case 6: return character_key(U'f');
    default: return;
  }
}

void Pager::prompt_key(char32_t character) {
  if (prompt_ == Prompt::Option || prompt_ == Prompt::Colon) {
    Prompt const prompt = std::exchange(prompt_, Prompt::None);
    if (prompt == Prompt::Option) return toggle(character);
    if (character == U'n') wish_ = Wish::NextText;
    if (character == U'p') wish_ = Wish::PreviousText;
    if (character == U'q' || character == U'Q') wish_ = Wish::Quit;
    return;
  }
  auto const encoded = encode_utf8(character);
  if (typed_size_ + encoded.size > typed_.size()) return;
  for (char const byte : encoded.view()) typed_[typed_size_++] = byte;
}

void Pager::prompt_control(u8 byte) {
  bool const is_pattern = prompt_ == Prompt::Forward || prompt_ == Prompt::Backward;
  switch (byte) {
    case '\r':
    case '\n':
      if (is_pattern) return finish_pattern();
      break;
    case 'U' & 0x1f:
      typed_size_ = 0;
      if (is_pattern) return;
      break;
    case '\b':
    case 0x7f:
      if (!is_pattern || typed_size_ == 0) break;
      while (typed_size_ != 0 && is_utf8_continuation(typed_[--typed_size_])) {
      }
      return;
    case 'C' & 0x1f:
    case 'G' & 0x1f: break;
    default: return;
  }
  prompt_ = Prompt::None;
}

void Pager::finish_pattern() {
  Direction const direction = std::exchange(prompt_, Prompt::None) == Prompt::Forward
                                  ? Direction::Forward
                                  : Direction::Backward;
  pattern_direction_ = direction;
  if (typed_size_ == 0) return search_again(direction);
  auto compiled =
      Regex::compile({typed_.data(), typed_size_},
                     {.syntax = Regex::Syntax::Extended, .ignore_case = options_.ignores_case});
  if (!compiled) return say(describe(compiled.error().kind));
  pattern_ = std::move(*compiled);
  found_line_.reset();
  if (direction == Direction::Forward)
    begin(Goal::Search, top_.line);
  else
    search_again(direction);
}

void Pager::search(std::string_view pattern) {
  std::string_view const fitting = pattern.substr(0, max_pattern);
  typed_size_ = fitting.copy(typed_.data(), fitting.size());
  prompt_ = Prompt::Forward;
  if (fitting.size() == pattern.size()) return finish_pattern();
  prompt_ = Prompt::None;
  say("The pattern is too long");
}

void Pager::search_again(Direction direction) {
  if (!pattern_) return say("There is no pattern yet");
  usize const from = found_line_.value_or(top_.line);
  if (direction == Direction::Forward) return begin(Goal::Search, from + 1);
  if (from == 0) return say("Not found");
  begin(Goal::Search, from - 1, Direction::Backward);
}

void Pager::toggle(char32_t letter) {
  switch (letter) {
    case U'i':
    case U'I':
      options_.ignores_case = !options_.ignores_case;
      return say(options_.ignores_case
                     ? "Patterns from now on find capitals and small letters alike"
                     : "Patterns from now on tell capitals from small letters");
    case U'N':
      options_.numbers_lines = !options_.numbers_lines;
      say(options_.numbers_lines ? "Lines are numbered" : "Lines are not numbered");
      break;
    case U'S':
      options_.chops_lines = !options_.chops_lines;
      skipped_ = 0;
      say(options_.chops_lines ? "Long lines are chopped" : "Long lines are folded");
      break;
    default: return say("There is no such option; there are -i, -N and -S");
  }
  begin_row();
}

usize Pager::take_number(usize otherwise) {
  return std::exchange(number_, std::nullopt).value_or(otherwise);
}

void Pager::scroll_sideways(Direction direction) {
  message_ = {};
  if (!options_.chops_lines) return say("Lines are folded; -S chops them");
  usize const step = take_number(std::max<usize>(layout().columns / 2, 1));
  if (direction == Direction::Forward)
    skipped_ = std::min(skipped_ + step, max_number);
  else
    skipped_ -= std::min(skipped_, step);
}

// What keys ask for.

void Pager::begin(Goal goal, usize count, Direction direction) {
  goal_ = goal;
  count_ = count;
  direction_ = direction;
  if (goal != Goal::Search) found_line_.reset();
}

void Pager::stop(std::string_view message) {
  goal_ = Goal::None;
  number_.reset();
  shows_help_ = false;
  say(message);
}

Pager::Need Pager::pursue() {
  if (goal_ != Goal::None)
    if (auto const need = pursue_goal()) return *need;
  if (bottom().rows < page()) {
    if (!text_.has_ended()) return Need::Text;
    top_ = std::min(top_, last_top());
  }
  return Need::Key;
}

std::optional<Pager::Need> Pager::pursue_goal() {
  switch (goal_) {
    case Goal::None: break;
    case Goal::Move: return pursue_move();
    case Goal::Search: return pursue_search();
    case Goal::Line:
      if (text_.line_count() < count_ && !text_.has_ended()) return Need::Text;
      if (text_.line_count() < count_) say("There are fewer lines");
      show_line(std::max<usize>(count_, 1) - 1);
      break;
    case Goal::End:
      if (!text_.has_ended()) return Need::Text;
      top_ = last_top();
      break;
    case Goal::Percent: {
      if (!text_.has_ended()) return Need::Text;
      usize const wanted = text_.size() / 100 * count_ + text_.size() % 100 * count_ / 100;
      usize low = 0;
      for (usize high = text_.line_count(); low < high;) {
        usize const middle = low + (high - low) / 2;
        if (text_.offset_of(middle + 1) <= wanted)
          low = middle + 1;
        else
          high = middle;
      }
      show_line(low);
      break;
    }
  }
  goal_ = Goal::None;
  return std::nullopt;
}

std::optional<Pager::Need> Pager::pursue_move() {
  for (usize moved = 0; count_ != 0; ++moved, --count_) {
    if (moved == rows_in_a_turn) return Need::Turn;
    if (direction_ == Direction::Backward) {
      auto const before = text_.row_before(top_, layout());
      if (!before) break;
      top_ = *before;
      continue;
    }
    if (!is_there(bottom().place)) {
      if (!text_.has_ended()) return Need::Text;
      break;
    }
    top_ = text_.row_after(top_, layout());
  }
  goal_ = Goal::None;
  return std::nullopt;
}

std::optional<Pager::Need> Pager::pursue_search() {
  for (usize seen = 0; seen < bytes_in_a_turn;) {
    if (count_ >= text_.line_count()) {
      if (!text_.has_ended()) return Need::Text;
      stop("Not found");
      return std::nullopt;
    }
    std::string_view const line = text_.line(count_);
    seen += line.size() + 1;
    if (auto const match = pattern_->find(line)) {
      goal_ = Goal::None;
      found_line_ = count_;
      show_line(count_, match->start);
      return std::nullopt;
    }
    if (direction_ == Direction::Forward) {
      ++count_;
    } else if (count_-- == 0) {
      stop("Not found");
      return std::nullopt;
    }
  }
  return Need::Turn;
}

void Pager::show_line(usize line, usize offset) {
  usize const last = std::max<usize>(text_.line_count(), 1) - 1;
  top_ = {std::min(line, last), 0};
  if (line <= last && offset != 0) top_ = text_.row_of({line, offset}, layout());
  if (text_.has_ended()) top_ = std::min(top_, last_top());
}

// The screen.

u16 Pager::number_columns() const {
  return options_.numbers_lines && columns_ > 2 * number_width ? number_width : u16{0};
}

Pager::Layout Pager::layout() const {
  return {static_cast<u16>(columns_ - number_columns()), options_.chops_lines, skipped_};
}

Pager::Bottom Pager::bottom() const {
  Bottom bottom{top_, 0};
  while (bottom.rows < page() && is_there(bottom.place)) {
    bottom.place = text_.row_after(bottom.place, layout());
    ++bottom.rows;
  }
  return bottom;
}

Pager::Place Pager::last_top() const {
  Place place{text_.line_count(), 0};
  for (usize rows = 0; rows < page(); ++rows) {
    auto const before = text_.row_before(place, layout());
    if (!before) break;
    place = *before;
  }
  return place;
}

bool Pager::shows_all() const {
  return text_.has_ended() && top_ == Place{} && !is_there(bottom().place);
}

void Pager::draw(base::Sink& screen) {
  // What is wider than the screen ends at its edge.
  screen.write("\x1b[?2026h\x1b[?25l\x1b[?7l");
  Place place = top_;
  for (usize row = 0; row < page(); ++row) {
    base::format_to(screen, "\x1b[{}H\x1b[m\x1b[K", row + 1);
    if (shows_help_) {
      if (row < std::size(help_rows)) screen.write(help_rows[row].substr(0, columns_));
    } else if (is_there(place)) {
      Place const next = text_.row_after(place, layout());
      draw_row(screen, place, next);
      place = next;
    } else {
      base::format_to(screen, "{}~{}", dim, plain);
    }
  }
  base::format_to(screen, "\x1b[{}H\x1b[m\x1b[K", rows_);
  draw_words(screen);
  screen.write("\x1b[?7h\x1b[?2026l");
}

void Pager::draw_row(base::Sink& screen, Place place, Place next) {
  Layout const look = layout();
  std::string_view const line = text_.line(place.line);
  if (number_columns() != 0) {
    if (place.offset == 0)
      base::format_to(screen, "{}{:>7} {}", dim, place.line + 1, plain);
    else
      screen.write("        ");
  }
  usize const end = next.line == place.line ? next.offset : line.size();
  auto const find = [&](usize from) -> std::optional<Regex::Match> {
    if (!pattern_ || from > line.size()) return std::nullopt;
    return pattern_->find(line, from);
  };
  auto match = find(line.size() <= max_marked_line ? 0 : place.offset);
  std::string_view style = plain;
  usize column = 0;
  for (usize at = place.offset; at < end;) {
    PagedText::Shown const shown = PagedText::shown(line, at, column);
    while (match && match->start + match->size <= at)
      match = find(std::max(match->start + match->size, match->start + 1));
    bool const is_marked = match && match->start <= at;
    std::string_view const wanted = is_marked ? marked : shown.is_escaped ? reverse : plain;
    if (look.chops && column + shown.columns > look.skipped + look.columns) {
      base::format_to(screen, "{}\x1b[{}G{}>", plain, columns_, reverse);
      style = reverse;
      break;
    }
    bool const is_seen = !look.chops || column >= look.skipped;
    if (is_seen) {
      if (style != wanted) base::format_to(screen, "{}{}", plain, wanted);
      style = wanted;
      screen.write(shown.view());
    } else if (column + shown.columns > look.skipped) {
      // What is cut in two leaves its columns empty.
      for (usize i = look.skipped; i < column + shown.columns; ++i) screen.write(" ");
    }
    column += shown.columns;
    at += shown.size;
  }
  if (style != plain) screen.write(plain);
}

void Pager::draw_words(base::Sink& screen) const {
  // The end of it, where it is long.
  std::string_view typed(typed_.data(), typed_size_);
  typed.remove_prefix(typed.size() -
                      std::min<usize>(typed.size(), std::max<u16>(columns_, 3) - 2u));
  while (!typed.empty() && is_utf8_continuation(typed.front())) typed.remove_prefix(1);
  switch (prompt_) {
    case Prompt::Forward: base::format_to(screen, "/{}\x1b[?25h", typed); return;
    case Prompt::Backward: base::format_to(screen, "?{}\x1b[?25h", typed); return;
    case Prompt::Option: screen.write("-\x1b[?25h"); return;
    case Prompt::Colon: screen.write(":\x1b[?25h"); return;
    case Prompt::None: break;
  }
  if (shows_help_) {
    base::format_to(screen, "{} any key goes back {}", reverse, plain);
  } else if (!message_.empty()) {
    base::format_to(screen, "{} {} {}", reverse, message_.substr(0, columns_ - 1u), plain);
  } else if (goal_ != Goal::None) {
    base::format_to(screen, "{} {}; Ctrl-C stops {}", reverse,
                    goal_ == Goal::Search ? "Looking" : "Reading", plain);
  } else {
    draw_position(screen);
  }
  if (number_) base::format_to(screen, " {}", *number_);
}

void Pager::draw_position(base::Sink& screen) const {
  Bottom const end = bottom();
  usize const last = end.place.offset == 0 ? end.place.line : end.place.line + 1;
  base::format_to(screen, "{} {}", reverse, Printable{name_, 40});
  if (end.rows != 0) base::format_to(screen, "  {}-{}", top_.line + 1, last);
  if (!text_.has_ended()) {
    base::format_to(screen, " {}", plain);
  } else {
    if (end.rows != 0) base::format_to(screen, " of {}", text_.line_count());
    if (!is_there(end.place)) {
      screen.write("  end");
    } else {
      usize const percent = text_.offset_of(end.place.line) / (text_.size() / 100 + 1);
      base::format_to(screen, "  {} %", std::min<usize>(percent, 99));
    }
    base::format_to(screen, " {}", plain);
  }
  constexpr std::string_view hint = "h help  q quit";
  if (columns_ >= 72)
    base::format_to(screen, "\x1b[{}G{}{}{}", columns_ - hint.size(), dim, hint, plain);
}

}  // namespace nacre::text
