#include "kernel/console/console.hpp"

#include "kernel/console/builtin_fonts.hpp"
#include "lib/base/try.hpp"

namespace nacre::console {
namespace {

ConsoleError console_error(text::FontError error) {
  return error.kind == text::FontError::Kind::OutOfMemory ? ConsoleError::Kind::OutOfMemory
                                                          : ConsoleError::Kind::BadFont;
}
ConsoleError console_error(text::TerminalError error) {
  return error == text::TerminalError::Kind::OutOfMemory ? ConsoleError::Kind::OutOfMemory
                                                         : ConsoleError::Kind::ScreenTooSmall;
}

}  // namespace

std::expected<Console, ConsoleError> Console::create(drivers::Framebuffer& screen,
                                                     const text::Theme& theme) {
  auto const convert = [](auto error) { return console_error(error); };
  TRY(auto regular, text::Font::parse(builtin_font()).transform_error(convert));
  TRY(auto bold, text::Font::parse(builtin_bold_font()).transform_error(convert));
  TRY(auto renderer, TerminalRenderer::create(std::move(regular), std::move(bold), screen));
  TRY(auto terminal,
      text::Terminal::create(renderer.columns(), renderer.rows(), theme).transform_error(convert));
  Console console(std::move(terminal), std::move(renderer), screen);
  console.redraw();
  return console;
}

}  // namespace nacre::console
