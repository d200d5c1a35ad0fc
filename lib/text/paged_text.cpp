#include "lib/text/paged_text.hpp"

#include "lib/base/assert.hpp"
#include "lib/base/try.hpp"
#include "lib/text/first_character.hpp"
#include "lib/text/width.hpp"

namespace nacre::text {
namespace {

constexpr usize tab_columns = 8;

class ShownWriter {
 public:
  ShownWriter(usize offset, usize size, bool is_escaped)
      : shown_{offset, size, {}, 0, 0, is_escaped} {}
  ShownWriter& add(std::string_view text) {
    for (char const character : text) shown_.text[shown_.text_size++] = character;
    return *this;
  }
  ShownWriter& add_hex(u8 byte) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    return add(digits.substr(byte >> 4, 1)).add(digits.substr(byte & 15, 1));
  }
  PagedText::Shown columns(usize count) {
    shown_.columns = static_cast<u8>(count);
    return shown_;
  }
  PagedText::Shown as_long_as_it_is() { return columns(shown_.text_size); }

 private:
  PagedText::Shown shown_;
};

}  // namespace

std::expected<void, base::OutOfMemory> PagedText::append(std::string_view text) {
  usize const size = text_.size();
  usize const lines = ends_.size();
  auto const added = [&]() -> std::expected<void, base::OutOfMemory> {
    TRY(text_.append(text));
    for (usize i = 0; i < text.size(); ++i)
      if (text[i] == '\n') {
        TRY(ends_.try_push_back(size + i + 1));
      }
    // The end needs no memory then.
    return ends_.try_reserve(ends_.size() + 1);
  }();
  if (!added) {
    text_.truncate(size);
    ends_.truncate(lines);
  }
  return added;
}

void PagedText::end() {
  if (has_ended_) return;
  has_ended_ = true;
  if (text_.size() == offset_of(ends_.size())) return;
  ends_.push_back_reserved(text_.size());
  lacks_line_feed_ = true;
}

std::string_view PagedText::line(usize number) const {
  usize const start = offset_of(number);
  usize const feed = lacks_line_feed_ && number + 1 == ends_.size() ? 0 : 1;
  return text_.view().substr(start, ends_[number] - feed - start);
}

PagedText::Shown PagedText::shown(std::string_view line, usize offset, usize column) {
  NACRE_ASSERT(offset < line.size());
  auto const byte = static_cast<u8>(line[offset]);
  if (byte == '\t') {
    usize const count = tab_columns - column % tab_columns;
    return ShownWriter(offset, 1, false)
        .add(std::string_view("        ").substr(0, count))
        .columns(count);
  }
  if (byte < 0x20 || byte == 0x7f) {
    char const letter = static_cast<char>(byte ^ 0x40);
    return ShownWriter(offset, 1, true).add("^").add({&letter, 1}).as_long_as_it_is();
  }
  auto const [character, size] = first_character(line.substr(offset));
  if (character >= first_stray_byte || (character >= 0x80 && character < 0xa0))
    return ShownWriter(offset, 1, true).add("<").add_hex(byte).add(">").as_long_as_it_is();
  return ShownWriter(offset, size, false)
      .add(line.substr(offset, size))
      .columns(codepoint_width(character));
}

PagedText::Place PagedText::row_after(Place place, const Layout& layout) const {
  Place const next{place.line + 1, 0};
  if (layout.chops || place.line >= ends_.size()) return next;
  std::string_view const text = line(place.line);
  usize column = 0;
  for (usize at = place.offset; at < text.size();) {
    Shown const character = shown(text, at, column);
    // A character that is wider than the screen has a row of its own.
    if (column != 0 && column + character.columns > layout.columns) return {place.line, at};
    column += character.columns;
    at += character.size;
  }
  return next;
}

PagedText::Place PagedText::row_of(Place place, const Layout& layout) const {
  Place row{place.line, 0};
  for (;;) {
    Place const next = row_after(row, layout);
    if (next.line != place.line || next.offset > place.offset) return row;
    row = next;
  }
}

std::optional<PagedText::Place> PagedText::row_before(Place place, const Layout& layout) const {
  if (place.offset != 0) return row_of({place.line, place.offset - 1}, layout);
  if (place.line == 0) return std::nullopt;
  return row_of({place.line - 1, SIZE_MAX}, layout);
}

}  // namespace nacre::text
