#include "lib/text/layout_file.hpp"

#include <algorithm>
#include <charconv>

#include "lib/base/try.hpp"

namespace nacre::text {
namespace {

using Kind = LayoutError::Kind;

constexpr char us_text[] = {
#embed "layouts/us.layout"
};
constexpr char uk_text[] = {
#embed "layouts/uk.layout"
};
constexpr char de_text[] = {
#embed "layouts/de.layout"
};
constexpr char fr_text[] = {
#embed "layouts/fr.layout"
};
constexpr char es_text[] = {
#embed "layouts/es.layout"
};
constexpr char dvorak_text[] = {
#embed "layouts/dvorak.layout"
};

constexpr std::array files = std::to_array<LayoutFile>({
    {"us", {us_text, sizeof us_text}},
    {"uk", {uk_text, sizeof uk_text}},
    {"de", {de_text, sizeof de_text}},
    {"fr", {fr_text, sizeof fr_text}},
    {"es", {es_text, sizeof es_text}},
    {"dvorak", {dvorak_text, sizeof dvorak_text}},
});

/// The keys that write characters but have a name instead of one; letters and digits come besides.
struct NamedKey {
  std::string_view name;
  Key key;
};
constexpr std::array named_keys = std::to_array<NamedKey>({
    {"Space", Key::Space},
    {"Minus", Key::Minus},
    {"Equal", Key::Equal},
    {"LeftBracket", Key::LeftBracket},
    {"RightBracket", Key::RightBracket},
    {"Backslash", Key::Backslash},
    {"Semicolon", Key::Semicolon},
    {"Apostrophe", Key::Apostrophe},
    {"Grave", Key::Grave},
    {"Comma", Key::Comma},
    {"Period", Key::Period},
    {"Slash", Key::Slash},
    {"NonUsBackslash", Key::NonUsBackslash},
});

struct Mark {
  std::string_view name;
  char32_t mark;
};
constexpr std::array marks = std::to_array<Mark>({
    {"grave", 0x300},
    {"acute", 0x301},
    {"circumflex", 0x302},
    {"tilde", 0x303},
    {"macron", 0x304},
    {"breve", 0x306},
    {"dot", 0x307},
    {"diaeresis", 0x308},
    {"ring", 0x30a},
    {"double-acute", 0x30b},
    {"caron", 0x30c},
    {"cedilla", 0x327},
    {"ogonek", 0x328},
});

constexpr Key key_after(Key first, int count) {
  return static_cast<Key>(static_cast<int>(first) + count);
}

std::optional<Key> find_key(std::string_view name) {
  if (name.size() == 1 && name[0] >= 'A' && name[0] <= 'Z') return key_after(Key::A, name[0] - 'A');
  constexpr std::string_view digit = "Digit";
  if (name.size() == digit.size() + 1 && name.starts_with(digit)) {
    char const which = name.back();
    if (which == '0') return Key::Digit0;
    if (which >= '1' && which <= '9') return key_after(Key::Digit1, which - '1');
  }
  auto const found = std::ranges::find(named_keys, name, &NamedKey::name);
  if (found == named_keys.end()) return std::nullopt;
  return found->key;
}

/// What a word says that a key writes; 0 for `none`.
std::optional<char32_t> parse_character(std::string_view word) {
  if (word == "none") return U'\0';
  if (word.size() > 2 && word.starts_with("U+")) {
    base::u32 value = 0;
    const char* const end = word.data() + word.size();
    auto const [read, error] = std::from_chars(word.data() + 2, end, value, 16);
    bool const is_scalar = value >= 0x20 && value <= 0x10ffff && (value < 0xd800 || value > 0xdfff);
    if (error != std::errc{} || read != end || !is_scalar) return std::nullopt;
    return value;
  }
  constexpr std::string_view dead = "dead:";
  if (word.starts_with(dead)) {
    auto const found = std::ranges::find(marks, word.substr(dead.size()), &Mark::name);
    if (found == marks.end()) return std::nullopt;
    return found->mark;
  }
  char32_t character = 0;
  usize count = 0;
  for_each_codepoint(word, [&](char32_t codepoint) {
    character = codepoint;
    ++count;
  });
  if (count != 1 || character <= 0x20 || character == 0x7f || character == replacement_character)
    return std::nullopt;
  return character;
}

/// Caps lock is for letters: keys whose two characters are one letter in both cases.
constexpr bool are_cases(char32_t lower, char32_t upper) {
  bool const is_ascii = lower >= U'a' && lower <= U'z';
  bool const is_latin = lower >= 0xe0 && lower <= 0xfe && lower != 0xf7;
  return (is_ascii || is_latin) && upper + 0x20 == lower;
}

std::string_view next_word(std::string_view& line) {
  usize const begin = std::min(line.find_first_not_of(" \t\r"), line.size());
  usize const end = std::min(line.find_first_of(" \t\r", begin), line.size());
  auto const word = line.substr(begin, end - begin);
  line.remove_prefix(end);
  return word;
}

std::expected<void, Kind> read_name(std::string_view line, Layout& layout) {
  if (next_word(line) != "layout") return std::unexpected(Kind::NoName);
  auto const name = next_word(line);
  auto const is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  };
  if (name.empty() || name.size() > Layout::longest_name || !std::ranges::all_of(name, is_plain) ||
      !next_word(line).empty())
    return std::unexpected(Kind::BadName);
  name.copy(layout.name_bytes.data(), name.size());
  layout.name_size = static_cast<u8>(name.size());
  return {};
}

std::expected<void, Kind> read_key(std::string_view line, Layout& layout) {
  auto const key = find_key(next_word(line));
  if (!key) return std::unexpected(Kind::UnknownKey);
  std::array<char32_t, 4> written{};
  usize count = 0;
  for (auto word = next_word(line); !word.empty(); word = next_word(line)) {
    if (count == written.size()) return std::unexpected(Kind::TooManyWords);
    auto const character = parse_character(word);
    if (!character) return std::unexpected(Kind::UnknownWord);
    written[count++] = *character;
  }
  auto const begin = layout.key_table.begin();
  auto const end = begin + layout.key_count;
  auto found = std::find_if(begin, end, [&](const LayoutKey& one) { return one.key == *key; });
  if (found == layout.key_table.end()) return std::unexpected(Kind::TooManyKeys);
  if (found == end) ++layout.key_count;
  *found = {.key = *key,
            .plain = written[0],
            .shifted = written[1],
            .alt_gr = written[2],
            .shifted_alt_gr = written[3],
            .is_letter = are_cases(written[0], written[1])};
  return {};
}

}  // namespace

std::string_view describe(LayoutError::Kind kind) {
  switch (kind) {
    case Kind::NoName: return "it does not begin with: layout NAME";
    case Kind::BadName: return "a bad name";
    case Kind::UnknownKey: return "there is no such key";
    case Kind::UnknownWord: return "neither a character nor none, U+HEX or dead:MARK";
    case Kind::TooManyWords: return "more than four characters for a key";
    case Kind::TooManyKeys: return "too many keys";
  }
  return "";
}

std::expected<Layout, LayoutError> parse_layout(std::string_view text) {
  Layout layout = us_layout;
  bool is_named = false;
  usize number = 0;
  while (!text.empty()) {
    ++number;
    usize const end = std::min(text.find('\n'), text.size());
    auto const line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    auto rest = line;
    auto const first = next_word(rest);
    if (first.empty() || first == "#") continue;
    auto const read = is_named ? read_key(line, layout) : read_name(line, layout);
    if (!read) return std::unexpected(LayoutError{read.error(), number});
    is_named = true;
  }
  if (!is_named) return std::unexpected(LayoutError{Kind::NoName, number});
  return layout;
}

std::span<const LayoutFile> layout_files() { return files; }

std::optional<Layout> find_layout(std::string_view name) {
  auto const found = std::ranges::find(files, name, &LayoutFile::name);
  if (found == files.end()) return std::nullopt;
  auto layout = parse_layout(found->text);
  if (!layout) return std::nullopt;
  return *layout;
}

}  // namespace nacre::text
