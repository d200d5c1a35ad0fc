// What programs switch on and off, and what resets set back.
#include <algorithm>

#include "lib/text/terminal.hpp"

namespace nacre::text {
namespace {

struct PrivateFlag {
  u16 number;
  bool TerminalModes::* flag;
};

/// Modes that are on or off and nothing else.
constexpr std::array private_flags = std::to_array<PrivateFlag>({
    {1, &TerminalModes::application_cursor},
    {5, &TerminalModes::reversed_screen},
    {7, &TerminalModes::autowrap},
    {12, &TerminalModes::cursor_blinks},
    {25, &TerminalModes::cursor_visible},
    {66, &TerminalModes::application_keypad},
    {1004, &TerminalModes::focus_reports},
    {1006, &TerminalModes::numbered_mouse},
    {2004, &TerminalModes::bracketed_paste},
    {2026, &TerminalModes::synchronized},
});

constexpr const PrivateFlag* find_flag(u16 mode) {
  auto const found = std::ranges::find(private_flags, mode, &PrivateFlag::number);
  return found == private_flags.end() ? nullptr : &*found;
}

constexpr MouseReports mouse_reports(u16 mode) {
  return mode == 1000   ? MouseReports::Buttons
         : mode == 1002 ? MouseReports::Drags
                        : MouseReports::Motion;
}

}  // namespace

void Terminal::set_ansi_mode(u16 mode, bool on) {
  if (mode == 4) modes_.insert = on;
  if (mode == 20) modes_.newline = on;
}

std::optional<bool> Terminal::ansi_mode(u16 mode) const {
  if (mode == 4) return modes_.insert;
  if (mode == 20) return modes_.newline;
  return std::nullopt;
}

void Terminal::set_private_mode(u16 mode, bool on) {
  if (const PrivateFlag* const found = find_flag(mode)) {
    modes_.*found->flag = on;
    if (mode == 5) damage_.mark_all();
    if (mode == 7 && !on) at_.wrap_pending = false;
    return;
  }
  switch (mode) {
    case 6:
      at_.origin_mode = on;
      move_to_origin(0, 0);
      break;
    case 47: switch_screen(on); break;
    case 1000:
    case 1002:
    case 1003: modes_.mouse = on ? mouse_reports(mode) : MouseReports::None; break;
    case 1047:
      if (!on && is_alternate_) alternate_.clear(blank());
      switch_screen(on);
      break;
    case 1048: on ? save_cursor() : restore_cursor(); break;
    case 1049:
      if (on == is_alternate_) break;
      if (on) save_cursor();
      switch_screen(on);
      if (on) alternate_.clear(blank());
      if (!on) restore_cursor();
      break;
    default: break;
  }
}

/// Whether a mode is on; nothing if there is no such mode.
std::optional<bool> Terminal::private_mode(u16 mode) const {
  if (const PrivateFlag* const found = find_flag(mode)) return modes_.*found->flag;
  switch (mode) {
    case 6: return at_.origin_mode;
    case 47:
    case 1047:
    case 1049: return is_alternate_;
    case 1000:
    case 1002:
    case 1003: return modes_.mouse == mouse_reports(mode);
    default: return std::nullopt;
  }
}

void Terminal::save_private_mode(u16 mode) {
  const PrivateFlag* const found = find_flag(mode);
  if (found == nullptr) return;
  u32 const bit = u32{1} << (found - private_flags.data());
  saved_modes_ = modes_.*found->flag ? saved_modes_ | bit : saved_modes_ & ~bit;
}

void Terminal::restore_private_mode(u16 mode) {
  const PrivateFlag* const found = find_flag(mode);
  if (found == nullptr) return;
  set_private_mode(mode, (saved_modes_ >> (found - private_flags.data()) & 1) != 0);
}

/// [xterm/ctlseqs: "Set cursor style (DECSCUSR)"]
void Terminal::set_cursor_style(u16 style) {
  if (style > 6) return;
  cursor_shape_ = style <= 2   ? CursorShape::Block
                  : style <= 4 ? CursorShape::Underline
                               : CursorShape::Bar;
  modes_.cursor_blinks = style == 1 || style == 3 || style == 5;
}

/// Modes and pen, not what is on the screen. [dec/vt220: "Soft terminal reset"]
void Terminal::soft_reset() {
  at_ = {.row = at_.row, .column = at_.column};
  saved_ = {};
  saved_modes_ = 0;
  single_shift_ = 0;
  region_top_ = 0;
  region_bottom_ = rows();
  modes_ = {.reversed_screen = modes_.reversed_screen,
            .bracketed_paste = modes_.bracketed_paste,
            .mouse = modes_.mouse};
  cursor_shape_ = CursorShape::Block;
  key_reports_ = {};
}

InputRequests Terminal::input_requests() const {
  return {.mouse = modes_.mouse,
          .numbered_mouse = modes_.numbered_mouse,
          .bracketed_paste = modes_.bracketed_paste,
          .focus_reports = modes_.focus_reports,
          .key_reports = key_reports_};
}

void Terminal::set_input_requests(const InputRequests& requests) {
  modes_.mouse = requests.mouse;
  modes_.numbered_mouse = requests.numbered_mouse;
  modes_.bracketed_paste = requests.bracketed_paste;
  modes_.focus_reports = requests.focus_reports;
  key_reports_ = requests.key_reports;
}

/// All but the scroll-back and the title. [dec/vt220: "Hard terminal reset"]
void Terminal::reset() {
  leave_scroll_back();
  soft_reset();
  at_ = {};
  modes_ = {};
  is_alternate_ = false;
  primary_.clear({});
  alternate_.clear({});
  reset_tabs(0);
  set_theme(theme_);
}

}  // namespace nacre::text
