// Any bytes are a terminal's input: the line stays text, the cursor on a character's border, and a
// terminal that gets what the editor writes shows the line.
#include "lib/text/line_editor.hpp"

#include <cstdint>
#include <string>

#include "lib/text/terminal.hpp"

namespace {

using namespace nacre::text;

struct Recorder final : nacre::base::Sink {
  void write(std::string_view text) override { written += text; }
  std::string written;
};

constexpr u16 columns = 9;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 200) return 0;
  History history(4);
  LineEditor editor(history);
  Recorder recorder;
  auto terminal = Terminal::create(columns, 200);
  NACRE_ASSERT(editor.begin("\x1b[1m>\x1b[m ", columns, recorder).has_value());
  auto const show = [&] {
    terminal->write(recorder.written);
    recorder.written.clear();
  };
  show();
  for (std::size_t i = 0; i < size; ++i) {
    auto const event = editor.feed(data[i], recorder);
    NACRE_ASSERT(event.has_value());
    NACRE_ASSERT(editor.cursor() <= editor.line().size());
    if (editor.cursor() < editor.line().size())
      NACRE_ASSERT(!is_utf8_continuation(editor.line()[editor.cursor()]));
    for_each_codepoint(editor.line(), [](char32_t codepoint) {
      NACRE_ASSERT((codepoint >= 0x20 && !(codepoint >= 0x7f && codepoint < 0xa0)) ||
                   codepoint == U'\n');
    });
    if (*event == EditEvent::Line) {
      NACRE_ASSERT(history.add(editor.line()).has_value());
      terminal->write("\x1b[H\x1b[2J");
      recorder.written.clear();
      NACRE_ASSERT(editor.begin("\x1b[1m>\x1b[m ", columns, recorder).has_value());
    } else if (*event == EditEvent::Interrupt) {
      return 0;
    }
    show();
  }
  // Ends what is pasted or searched, and first what could keep it from doing so; the prompt is
  // there again.
  for (char const byte : std::string_view("~\x1b[201~"))
    NACRE_ASSERT(editor.feed(static_cast<std::uint8_t>(byte), recorder).has_value());
  for (int i = 0; i < 2; ++i) NACRE_ASSERT(editor.feed('E' & 0x1f, recorder).has_value());
  show();
  // The same line, written in one go, looks the same.
  auto fresh = Terminal::create(columns, 200);
  if (editor.line().size() > 150 * columns) return 0;
  fresh->write("> ");
  // The blank shows whether the row before a line feed is full.
  for_each_codepoint(editor.line(), [&](char32_t codepoint) {
    fresh->write(codepoint == U'\n' ? " \r\n" : encode_utf8(codepoint).view());
  });
  for (u16 row = 0; row < 200; ++row)
    for (u16 column = 0; column < columns; ++column)
      NACRE_ASSERT(terminal->row(row)[column].codepoint == fresh->row(row)[column].codepoint);
  return 0;
}
