// What control characters, escape sequences and control sequences do.
#include <algorithm>

#include "lib/text/graphics.hpp"
#include "lib/text/terminal.hpp"

namespace nacre::text {

void Terminal::control(u8 byte) {
  switch (byte) {
    case 0x07: ++bells_; break;
    case '\b':
      if (at_.column > 0) --at_.column;
      at_.wrap_pending = false;
      break;
    case '\t': tab(1); break;
    case '\n':
    case '\v':
    case '\f':
      at_.wrap_pending = false;
      index();
      if (modes_.newline) at_.column = 0;
      break;
    case '\r':
      at_.column = 0;
      at_.wrap_pending = false;
      break;
    case 0x0e: at_.active_charset = 1; break;
    case 0x0f: at_.active_charset = 0; break;
    default: break;
  }
}

void Terminal::escape(std::string_view intermediates, char final) {
  if (intermediates == "#") {
    if (final == '8') fill_with_test_pattern();
    return;
  }
  if (!intermediates.empty()) return designate_charset(intermediates, final);
  switch (final) {
    case '7': save_cursor(); break;
    case '8': restore_cursor(); break;
    case '=': modes_.application_keypad = true; break;
    case '>': modes_.application_keypad = false; break;
    case 'D':
      at_.wrap_pending = false;
      index();
      break;
    case 'E':
      at_.wrap_pending = false;
      at_.column = 0;
      index();
      break;
    case 'H': tab_stops_[at_.column] = true; break;
    case 'M':
      at_.wrap_pending = false;
      reverse_index();
      break;
    case 'N': single_shift_ = 2; break;
    case 'O': single_shift_ = 3; break;
    case 'V': at_.pen.attributes.set(Attribute::Protected); break;
    case 'W': at_.pen.attributes.clear(Attribute::Protected); break;
    case 'Z': answer("\x1b[?62;22c"); break;
    case 'c': reset(); break;
    case 'n': at_.active_charset = 2; break;
    case 'o': at_.active_charset = 3; break;
    default: break;
  }
}

/// Other sets than these are ASCII where they matter: UTF-8 has the rest.
void Terminal::designate_charset(std::string_view intermediates, char final) {
  usize const set = std::string_view("()*+").find(intermediates.front());
  if (set == std::string_view::npos) return;
  Charset charset = Charset::Ascii;
  if (intermediates.size() == 1 && final == '0') charset = Charset::LineDrawing;
  if (intermediates.size() == 1 && final == 'A') charset = Charset::British;
  at_.charsets[set] = charset;
}

void Terminal::control_sequence(const ControlSequence& sequence) {
  if (sequence.marker() == '?' && sequence.intermediates().empty())
    return private_sequence(sequence);
  if (sequence.marker() != 0 || !sequence.intermediates().empty()) return marked_sequence(sequence);
  int const count = sequence.parameter(0, 1);
  u16 const mode = sequence.parameter(0, 0);
  // Never more than there are cells, so that no loop and no sum runs away.
  auto const cells = std::min(sequence.parameter(0, 1), columns());
  auto const left_neighbour = static_cast<u16>(at_.column > 0 ? at_.column - 1 : 0);
  switch (sequence.final()) {
    case '@':
      at_.wrap_pending = false;
      screen().insert_cells(at_.row, at_.column, cells, blank());
      damage_.mark(at_.row, left_neighbour, columns());
      break;
    case 'A': move_vertically(-count); break;
    case 'B':
    case 'e': move_vertically(count); break;
    case 'C':
    case 'a': move_to(at_.row, at_.column + count); break;
    case 'D': move_to(at_.row, at_.column - count); break;
    case 'E':
      at_.column = 0;
      move_vertically(count);
      break;
    case 'F':
      at_.column = 0;
      move_vertically(-count);
      break;
    case 'G':
    case '`': move_to(at_.row, count - 1); break;
    case 'H':
    case 'f': move_to_origin(count - 1, sequence.parameter(1, 1) - 1); break;
    case 'I': tab(count); break;
    case 'J': erase_display(mode, false); break;
    case 'K': erase_line(mode, false); break;
    case 'L':
    case 'M':
      if (at_.row < region_top_ || at_.row >= region_bottom_) break;
      scroll_region(at_.row, sequence.final() == 'L' ? -count : count);
      at_.column = 0;
      at_.wrap_pending = false;
      break;
    case 'P':
      at_.wrap_pending = false;
      screen().delete_cells(at_.row, at_.column, cells, blank());
      damage_.mark(at_.row, left_neighbour, columns());
      break;
    case 'S': scroll_up(count); break;
    case 'T':
      // With five parameters it is a highlighting of the mouse that nobody uses.
      if (sequence.count() <= 1) scroll_region(region_top_, -count);
      break;
    case 'X':
      at_.wrap_pending = false;
      erase(at_.row, at_.column, std::min(static_cast<u16>(at_.column + cells), columns()));
      break;
    case 'Z': tab(-count); break;
    case '^': scroll_region(region_top_, -count); break;
    case 'b':
      for (int i = 0; i < std::min(count, columns() * rows()); ++i) print(last_printed_);
      break;
    case 'c':
      if (mode == 0) answer("\x1b[?62;22c");
      break;
    case 'd': move_to_origin(count - 1, at_.column); break;
    case 'g':
      if (mode == 0) tab_stops_[at_.column] = false;
      if (mode == 3) std::ranges::fill(tab_stops_, false);
      break;
    case 'h':
    case 'l':
      for (usize i = 0; i < sequence.count(); ++i)
        set_ansi_mode(sequence.parameter(i, 0), sequence.final() == 'h');
      break;
    case 'm':
      select_graphics(sequence, at_.pen);
      pen_changed();
      break;
    case 'n': report_status(mode); break;
    case 'r': set_region(sequence); break;
    case 's': save_cursor(); break;
    case 't': report_window(sequence); break;
    case 'u': restore_cursor(); break;
    case 'x':
      // No parity, eight bits, 9600 bits a second in both directions. [dec/vt100: "DECREPTPARM"]
      if (mode <= 1) answer("\x1b[{};1;1;112;112;1;0x", mode + 2);
      break;
    default: break;
  }
}

/// Sequences that begin with `?`.
void Terminal::private_sequence(const ControlSequence& sequence) {
  u16 const mode = sequence.parameter(0, 0);
  auto const for_each_mode = [&](auto&& act) {
    for (usize i = 0; i < sequence.count(); ++i) act(sequence.parameter(i, 0));
  };
  switch (sequence.final()) {
    case 'J': erase_display(mode, true); break;
    case 'K': erase_line(mode, true); break;
    case 'W':
      if (mode == 5) reset_tabs(0);
      break;
    case 'h': for_each_mode([&](u16 one) { set_private_mode(one, true); }); break;
    case 'l': for_each_mode([&](u16 one) { set_private_mode(one, false); }); break;
    case 'n': report_private_status(mode); break;
    case 'r': for_each_mode([&](u16 one) { restore_private_mode(one); }); break;
    case 's': for_each_mode([&](u16 one) { save_private_mode(one); }); break;
    case 'u': answer("\x1b[?{}u", key_modes().reports); break;
    default: break;
  }
}

/// Sequences with another marker or with intermediate bytes.
void Terminal::marked_sequence(const ControlSequence& sequence) {
  u16 const mode = sequence.parameter(0, 0);
  char const marker = sequence.marker();
  std::string_view const intermediates = sequence.intermediates();
  char const final = sequence.final();
  if (intermediates == "$" && final == 'p' && (marker == 0 || marker == '?'))
    return report_mode(sequence);
  if (intermediates.empty()) {
    if (marker == '>' && final == 'c' && mode == 0) answer("\x1b[>1;10;0c");
    if (marker == '=' && final == 'c' && mode == 0) answer("\x1bP!|00000000\x1b\\");
    if (marker == '>' && final == 'q' && mode == 0) answer("\x1bP>|Nacre\x1b\\");
    if (final == 'u') change_key_reports(sequence);
    return;
  }
  if (marker != 0) return;
  if (intermediates == "!" && final == 'p') soft_reset();
  if (intermediates == " " && final == 'q') set_cursor_style(mode);
  if (intermediates == "\"" && final == 'q') {
    if (mode == 1) at_.pen.attributes.set(Attribute::Protected);
    if (mode == 0 || mode == 2) at_.pen.attributes.clear(Attribute::Protected);
  }
}

/// [kitty/keyboard: "Progressive enhancement"]
void Terminal::change_key_reports(const ControlSequence& sequence) {
  KeyReportStack& reports = key_reports_[is_alternate_];
  switch (sequence.marker()) {
    case '>': reports.push(sequence.parameter(0, 0)); break;
    case '<': reports.pop(sequence.parameter(0, 1)); break;
    case '=': reports.change(sequence.parameter(0, 0), sequence.parameter(1, 1)); break;
    default: break;
  }
}

void Terminal::set_region(const ControlSequence& sequence) {
  u16 const top = static_cast<u16>(sequence.parameter(0, 1) - 1);
  u16 const bottom = std::min(sequence.parameter(1, rows()), rows());
  if (top + 1 >= bottom) return;
  region_top_ = top;
  region_bottom_ = bottom;
  move_to_origin(0, 0);
}

}  // namespace nacre::text
