#include "lib/text/line_editor.hpp"

#include <algorithm>

#include "lib/text/escape_parser.hpp"
#include "lib/text/width.hpp"

namespace nacre::text {
namespace {

/// Visits the characters of a prompt, not its control sequences.
template <class Visit>
struct PrintedOnly {
  Visit& visit;
  void print(char32_t codepoint) { visit(codepoint); }
  void control(u8) {}
  void escape(std::string_view, char) {}
  void control_sequence(const ControlSequence&) {}
  void system_command(std::string_view, StringEnd) {}
  void device_control(std::string_view) {}
};

bool is_space(char character) { return character == ' ' || character == '\n'; }

}  // namespace

std::expected<void, base::OutOfMemory> LineEditor::begin(std::string_view prompt, u16 columns,
                                                         base::Sink& terminal) {
  TRY(prompt_.assign(prompt));
  line_.clear();
  draft_.clear();
  pasted_.clear();
  is_paste_refused_ = false;
  cursor_ = 0;
  recalled_ = history_.size();
  columns_ = columns < 2 ? u16{2} : columns;
  is_searching_ = false;
  start_ = end_of(prompt);
  show(terminal);
  return {};
}

/// Where the cursor is behind a prompt.
LineEditor::Place LineEditor::end_of(std::string_view prompt) const {
  Place place;
  EscapeParser parser;
  auto const step = [&](char32_t codepoint) { place = advance(place, codepoint); };
  PrintedOnly<decltype(step)> handler{step};
  for (char const byte : prompt) parser.feed(static_cast<u8>(byte), handler);
  return place;
}

void LineEditor::change_prompt(base::String prompt, base::Sink& terminal) {
  hide(terminal);
  prompt_ = std::move(prompt);
  start_ = end_of(prompt_);
  show(terminal);
}

/// What a key does to a search, or that it begins one. False if the key is for the line, which is
/// then edited as usual.
std::expected<bool, base::OutOfMemory> LineEditor::search(EditKey key, base::Sink& terminal) {
  if (key.command == EditCommand::Paste) return false;
  if (key.command == EditCommand::Search) {
    if (is_searching_) {
      TRY(find_before(recalled_, terminal));
      return true;
    }
    TRY(base::String prompt, base::String::create("search: "));
    TRY(own_prompt_.assign(prompt_));
    if (recalled_ == history_.size()) {
      TRY(draft_.assign(line_));
    }
    query_.clear();
    is_searching_ = true;
    change_prompt(std::move(prompt), terminal);
    return true;
  }
  if (!is_searching_) return false;
  bool const erases = key.command == EditCommand::Backspace;
  if (key.command != EditCommand::Insert && !erases) {
    is_searching_ = false;
    change_prompt(std::move(own_prompt_), terminal);
    return false;
  }
  if (erases) {
    usize size = query_.size();
    while (size > 0 && is_utf8_continuation(query_[size - 1])) --size;
    query_.truncate(size > 0 ? size - 1 : 0);
  } else {
    TRY(query_.append(encode_utf8(key.character).view()));
  }
  TRY(base::String prompt, base::format("search {}: ", query_.view()));
  change_prompt(std::move(prompt), terminal);
  // The line that is shown may hold the longer text, too.
  TRY(find_before(erases ? history_.size() : std::min(recalled_ + 1, history_.size()), terminal));
  return true;
}

/// Shows the newest of the lines before `index` that has in it what is looked for.
std::expected<void, base::OutOfMemory> LineEditor::find_before(usize index, base::Sink& terminal) {
  while (index-- > 0)
    if (history_[index].contains(query_)) return recall(index, terminal);
  terminal.write("\a");
  return {};
}

void LineEditor::show(base::Sink& terminal) {
  terminal.write(prompt_);
  if (start_.column == 0 && start_.row > 0) terminal.write(" \r");
  current_ = start_;
  usize const cursor = cursor_;
  cursor_ = 0;
  write_tail(terminal);
  move_cursor(cursor, terminal);
}

void LineEditor::hide(base::Sink& terminal) {
  go_to({}, terminal);
  terminal.write("\x1b[J");
}

void LineEditor::leave(base::Sink& terminal) {
  move_cursor(line_.size(), terminal);
  // At the start of a row the line fills the one above: the next row is begun already.
  if (current_.column != 0) terminal.write("\r\n");
}

std::expected<EditEvent, base::OutOfMemory> LineEditor::feed(u8 byte, base::Sink& terminal) {
  std::expected<EditEvent, base::OutOfMemory> result = EditEvent::None;
  keys_.feed(byte, [&](EditKey key) {
    if (result && *result == EditEvent::None) result = apply(key, terminal);
  });
  return result;
}

std::expected<EditEvent, base::OutOfMemory> LineEditor::apply(EditKey key, base::Sink& terminal) {
  TRY(bool const is_taken, search(key, terminal));
  if (is_taken) return EditEvent::None;
  std::expected<void, base::OutOfMemory> edited;
  switch (key.command) {
    case EditCommand::Insert: edited = insert(encode_utf8(key.character).view(), terminal); break;
    case EditCommand::Accept: leave(terminal); return EditEvent::Line;
    case EditCommand::Interrupt:
      move_cursor(line_.size(), terminal);
      terminal.write("^C\r\n");
      line_.clear();
      cursor_ = 0;
      return EditEvent::Interrupt;
    case EditCommand::EndOrDelete:
      if (line_.empty()) return EditEvent::EndOfInput;
      erase(cursor_, after(cursor_), terminal);
      break;
    case EditCommand::Left: move_cursor(before(cursor_), terminal); break;
    case EditCommand::Right: move_cursor(after(cursor_), terminal); break;
    case EditCommand::WordLeft: move_cursor(word_before(cursor_), terminal); break;
    case EditCommand::WordRight: move_cursor(word_after(cursor_), terminal); break;
    case EditCommand::Home: move_cursor(0, terminal); break;
    case EditCommand::End: move_cursor(line_.size(), terminal); break;
    case EditCommand::Previous:
      if (recalled_ > 0) edited = recall(recalled_ - 1, terminal);
      break;
    case EditCommand::Next:
      if (recalled_ < history_.size()) edited = recall(recalled_ + 1, terminal);
      break;
    case EditCommand::Backspace: erase(before(cursor_), cursor_, terminal); break;
    case EditCommand::Delete: erase(cursor_, after(cursor_), terminal); break;
    case EditCommand::KillToEnd: edited = kill(cursor_, line_.size(), terminal); break;
    case EditCommand::KillToStart: edited = kill(0, cursor_, terminal); break;
    case EditCommand::KillWordLeft: edited = kill(word_before(cursor_), cursor_, terminal); break;
    case EditCommand::KillWordRight: edited = kill(cursor_, word_after(cursor_), terminal); break;
    case EditCommand::Yank: edited = insert(killed_, terminal); break;
    case EditCommand::ClearScreen:
      terminal.write("\x1b[H\x1b[2J");
      show(terminal);
      break;
    case EditCommand::Complete: return EditEvent::Complete;
    case EditCommand::Search: break;
    case EditCommand::Paste: edited = paste(key.character); break;
    case EditCommand::PasteEnd: return end_paste(terminal);
  }
  TRY(std::move(edited));
  return EditEvent::None;
}

std::expected<void, base::OutOfMemory> LineEditor::insert(std::string_view text,
                                                          base::Sink& terminal) {
  if (text.size() > max_size - line_.size()) {
    terminal.write("\a");
    return {};
  }
  TRY(line_.insert(cursor_, text));
  usize const target = cursor_ + text.size();
  if (target < line_.size()) terminal.write("\x1b[J");
  write_tail(terminal);
  move_cursor(target, terminal);
  return {};
}

/// Keeps a character for the end of what is pasted. A part of a text is none: what does not fit is
/// left out whole.
std::expected<void, base::OutOfMemory> LineEditor::paste(char32_t character) {
  if (is_paste_refused_) return {};
  auto const encoded = encode_utf8(character);
  is_paste_refused_ = encoded.size > max_size - line_.size() - pasted_.size();
  if (is_paste_refused_) return {};
  auto const kept = pasted_.append(encoded.view());
  is_paste_refused_ = !kept;
  return kept;
}

std::expected<EditEvent, base::OutOfMemory> LineEditor::end_paste(base::Sink& terminal) {
  base::String const pasted = std::exchange(pasted_, {});
  if (std::exchange(is_paste_refused_, false)) return EditEvent::PasteRefused;
  // The last line end is left to the one who pastes.
  std::string_view text = pasted;
  if (text.ends_with('\n')) text.remove_suffix(1);
  TRY(insert(text, terminal));
  return EditEvent::None;
}

void LineEditor::erase(usize first, usize last, base::Sink& terminal) {
  if (first == last) return;
  move_cursor(first, terminal);
  line_.erase(first, last - first);
  terminal.write("\x1b[J");
  usize const cursor = cursor_;
  write_tail(terminal);
  move_cursor(cursor, terminal);
}

std::expected<void, base::OutOfMemory> LineEditor::kill(usize first, usize last,
                                                        base::Sink& terminal) {
  if (first == last) return {};
  TRY(killed_.assign(line_.view().substr(first, last - first)));
  erase(first, last, terminal);
  return {};
}

std::expected<void, base::OutOfMemory> LineEditor::recall(usize index, base::Sink& terminal) {
  bool const leaves_draft = recalled_ == history_.size();
  TRY(auto line, base::String::create(index == history_.size() ? draft_.view() : history_[index]));
  if (leaves_draft) {
    TRY(draft_.assign(line_));
  }
  recalled_ = index;
  move_cursor(0, terminal);
  bool const was_empty = line_.empty();
  line_ = std::move(line);
  if (!was_empty) terminal.write("\x1b[J");
  write_tail(terminal);
  return {};
}

/// Writes what stands from the cursor on and leaves the cursor at the end of the line.
void LineEditor::write_tail(base::Sink& terminal) {
  // What stands before may mean something else now.
  move_cursor(paint(cursor_), terminal);
  std::string_view const tail = line_.view().substr(cursor_);
  if (tail.empty()) return;
  write_colored(tail, cursor_, terminal);
  current_ = advance(current_, tail);
  cursor_ = line_.size();
  // Terminals differ in whether a full row moves the cursor on at once or with the next character.
  // A space settles it.
  if (current_.column == 0) terminal.write(" \r");
}

/// Finds the colours of the line as it is now. Gives where they begin to differ from those that are
/// shown, `end` if they do not before that.
usize LineEditor::paint(usize end) {
  if (!painter_) return end;
  if (!next_colors_.try_resize(line_.size())) {
    colors_.clear();
    return end;
  }
  std::ranges::fill(next_colors_, u8{0});
  (*painter_)(line_, {next_colors_.data(), next_colors_.size()});
  usize first = 0;
  while (first < std::min(end, colors_.size()) && colors_[first] == next_colors_[first]) ++first;
  std::swap(colors_, next_colors_);
  return std::min(first, end);
}

void LineEditor::write_colored(std::string_view text, usize offset, base::Sink& terminal) const {
  u8 shown = 0;
  while (!text.empty()) {
    auto const color_at = [&](usize index) {
      return offset + index < colors_.size() ? colors_[offset + index] : u8{0};
    };
    u8 const color = color_at(0);
    usize size = 1;
    while (size < text.size() && color_at(size) == color) ++size;
    if (color != shown) base::format_to(terminal, "\x1b[{}m", color == 0 ? 39 : color);
    shown = color;
    write_rows(text.substr(0, size), offset, terminal);
    text.remove_prefix(size);
    offset += size;
  }
  if (shown != 0) terminal.write("\x1b[39m");
}

/// Writes what has line feeds in it, from `offset` of the line on. A row that is full before one
/// is settled first, as at the end of the line.
void LineEditor::write_rows(std::string_view text, usize offset, base::Sink& terminal) const {
  for (;;) {
    usize const end = text.find('\n');
    terminal.write(text.substr(0, end));
    if (end == std::string_view::npos) return;
    usize const at = offset + end;
    bool const is_full = at > 0 && line_[at - 1] != '\n' && place_of(at).column == 0;
    terminal.write(is_full ? " \r\n" : "\r\n");
    text.remove_prefix(end + 1);
    offset += end + 1;
  }
}

void LineEditor::move_cursor(usize index, base::Sink& terminal) {
  if (index == cursor_) return;
  go_to(place_of(index), terminal);
  cursor_ = index;
}

void LineEditor::go_to(Place place, base::Sink& terminal) {
  if (place.row < current_.row) base::format_to(terminal, "\x1b[{}A", current_.row - place.row);
  if (place.row > current_.row) base::format_to(terminal, "\x1b[{}B", place.row - current_.row);
  int const columns = place.column - current_.column;
  if (columns == 0) {
  } else if (place.column == 0) {
    terminal.write("\r");
  } else if (columns == -1) {
    terminal.write("\b");
  } else if (columns < 0) {
    base::format_to(terminal, "\x1b[{}D", -columns);
  } else {
    base::format_to(terminal, "\x1b[{}C", columns);
  }
  current_ = place;
}

/// Whether a character begins at `index` that stands by itself: a mark belongs to what it follows.
bool LineEditor::is_boundary(usize index) const {
  if (index == 0 || index == line_.size()) return true;
  if (is_utf8_continuation(line_[index])) return false;
  bool is_mark = false;
  Utf8Decoder decoder;
  bool is_whole = false;
  for (usize at = index; at < line_.size() && !is_whole; ++at) {
    decoder.feed(static_cast<u8>(line_[at]), [&](char32_t codepoint) {
      is_mark = codepoint_width(codepoint) == 0 && codepoint != U'\n';
      is_whole = true;
    });
  }
  return !is_mark;
}

usize LineEditor::before(usize index) const {
  if (index == 0) return 0;
  do {
    --index;
  } while (!is_boundary(index));
  return index;
}

usize LineEditor::after(usize index) const {
  if (index == line_.size()) return index;
  do {
    ++index;
  } while (!is_boundary(index));
  return index;
}

usize LineEditor::word_before(usize index) const {
  while (index > 0 && is_space(line_[index - 1])) --index;
  while (index > 0 && !is_space(line_[index - 1])) --index;
  return is_boundary(index) ? index : before(index);
}

usize LineEditor::word_after(usize index) const {
  while (index < line_.size() && is_space(line_[index])) ++index;
  while (index < line_.size() && !is_space(line_[index])) ++index;
  return index;
}

LineEditor::Place LineEditor::advance(Place place, char32_t codepoint) const {
  if (codepoint == U'\n') return {place.row + 1, 0};
  unsigned const width = codepoint_width(codepoint);
  if (width == 0) return place;
  // A wide character that does not fit leaves the last column empty.
  if (place.column + width > columns_) place = {place.row + 1, 0};
  place.column = static_cast<u16>(place.column + width);
  if (place.column == columns_) place = {place.row + 1, 0};
  return place;
}

LineEditor::Place LineEditor::advance(Place place, std::string_view text) const {
  for_each_codepoint(text, [&](char32_t codepoint) { place = advance(place, codepoint); });
  return place;
}

LineEditor::Place LineEditor::place_of(usize index) const {
  if (index >= cursor_) return advance(current_, line_.view().substr(cursor_, index - cursor_));
  return advance(start_, line_.view().substr(0, index));
}

}  // namespace nacre::text
