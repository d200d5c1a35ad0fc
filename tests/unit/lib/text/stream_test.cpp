// Streams and what they must show, from the files in streams/, whose README tells how they are
// written. Each one is written whole, byte by byte, and cut in two everywhere.
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "lib/text/terminal.hpp"
#include "tests/unit/lib/text/row_text.hpp"

namespace nacre::text {
namespace {

using test::row_text;

namespace fs = std::filesystem;

struct Look {
  u16 row = 0;
  u16 column = 0;
  std::string style;
};

struct Case {
  std::string file;
  std::string name;
  u16 columns = 10;
  u16 rows = 4;
  std::string stream;
  std::map<u16, std::string> shown;
  std::optional<std::string> cursor;
  std::optional<std::string> answers;
  std::optional<std::string> title;
  std::vector<Look> looks;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.file << ": " << test.name; }

/// \e \r \n \t \b \a \v \f \\ \xHH, all else as it is.
std::string unescaped(std::string_view text) {
  static const std::map<char, char> letters{{'e', '\x1b'}, {'r', '\r'}, {'n', '\n'},
                                            {'t', '\t'},   {'b', '\b'}, {'a', '\a'},
                                            {'v', '\v'},   {'f', '\f'}, {'\\', '\\'}};
  std::string result;
  for (usize i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      result += text[i];
      continue;
    }
    char const letter = text.at(++i);
    if (letter == 'x') {
      result += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      result += letters.at(letter);
    }
  }
  return result;
}

std::pair<u16, u16> two_numbers(const std::string& text) {
  unsigned first = 0;
  unsigned second = 0;
  char between = 0;
  std::istringstream(text) >> first >> between >> second;
  return {static_cast<u16>(first), static_cast<u16>(second)};
}

std::vector<Case> read_cases() {
  std::vector<Case> cases;
  std::vector<fs::path> paths;
  for (auto const& entry :
       fs::directory_iterator(fs::path(NACRE_SOURCE_DIR) / "tests/unit/lib/text/streams"))
    if (entry.path().extension() == ".txt") paths.push_back(entry.path());
  std::ranges::sort(paths);
  for (auto const& path : paths) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
      if (line.empty() || line[0] == '#') continue;
      usize const space = line.find(' ');
      std::string const word = line.substr(0, space);
      std::string const rest = space == std::string::npos ? "" : line.substr(space + 1);
      if (word == "case") {
        cases.emplace_back();
        cases.back().file = path.filename();
        cases.back().name = rest;
        continue;
      }
      Case& test = cases.back();
      if (word == "size") {
        std::tie(test.columns, test.rows) = two_numbers(rest);
      } else if (word == "write") {
        test.stream += unescaped(rest);
      } else if (word == "raw") {
        std::ifstream recorded(path.parent_path() / rest, std::ios::binary);
        EXPECT_TRUE(recorded) << rest;
        test.stream.assign(std::istreambuf_iterator<char>(recorded), {});
      } else if (word == "cursor") {
        test.cursor = rest;
      } else if (word == "answer") {
        test.answers = test.answers.value_or("") + unescaped(rest);
      } else if (word == "title") {
        test.title = rest;
      } else if (word == "look") {
        usize const style = rest.find(' ');
        auto const [row, column] = two_numbers(rest.substr(0, style));
        test.looks.push_back({row, column, rest.substr(style + 1)});
      } else {
        // A row: its number, `|`, and what stands in it.
        usize const bar = line.find('|');
        EXPECT_NE(bar, std::string::npos) << path << ": " << line;
        test.shown[static_cast<u16>(std::stoi(line.substr(0, bar)))] = line.substr(bar + 1);
      }
    }
  }
  return cases;
}

std::string color_text(Color color) {
  switch (color.kind()) {
    case Color::Kind::Default: return "";
    case Color::Kind::Indexed: return std::to_string(color.index());
    case Color::Kind::Direct: break;
  }
  std::array<char, 8> digits{};
  std::snprintf(digits.data(), digits.size(), "#%06x", unsigned{color.rgb().packed()});
  return digits.data();
}

std::string style_of(const Cell& cell) {
  static const std::vector<std::pair<Attribute, std::string>> names{
      {Attribute::Bold, "bold"},        {Attribute::Dim, "dim"},
      {Attribute::Italic, "italic"},    {Attribute::Underline, "underline"},
      {Attribute::Blink, "blink"},      {Attribute::Reverse, "reverse"},
      {Attribute::Hidden, "hidden"},    {Attribute::Strikethrough, "strike"},
      {Attribute::WideHead, "wide"},    {Attribute::WideTail, "tail"},
      {Attribute::Protected, "protect"}};
  std::string style;
  auto const add = [&](const std::string& word) { style += (style.empty() ? "" : " ") + word; };
  for (auto const& [attribute, name] : names)
    if (cell.attributes.has(attribute)) add(name);
  if (auto const color = color_text(cell.foreground); !color.empty()) add("on-" + color);
  if (auto const color = color_text(cell.background); !color.empty()) add("back-" + color);
  return style.empty() ? "plain" : style;
}

std::string escaped(std::string_view bytes) {
  std::string text;
  for (char const byte : bytes) text += byte == '\x1b' ? "\\e" : std::string(1, byte);
  return text;
}

class StreamTest : public testing::TestWithParam<Case> {
 protected:
  void expect_shown(const Terminal& terminal, const std::string& how) {
    const Case& test = GetParam();
    for (u16 row = 0; row < test.rows; ++row) {
      auto const wanted = test.shown.find(static_cast<u16>(row + 1));
      EXPECT_EQ(row_text(terminal, row), wanted == test.shown.end() ? "" : wanted->second)
          << how << ", row " << row + 1;
    }
    if (test.cursor) {
      auto const cursor = terminal.cursor();
      EXPECT_EQ(std::to_string(cursor.row + 1) + ";" + std::to_string(cursor.column + 1),
                *test.cursor)
          << how;
    }
    EXPECT_EQ(escaped(terminal.answers()), escaped(test.answers.value_or(""))) << how;
    if (test.title) EXPECT_EQ(terminal.title(), *test.title) << how;
    for (const Look& look : test.looks)
      EXPECT_EQ(style_of(terminal.row(static_cast<u16>(look.row - 1))[look.column - 1u]),
                look.style)
          << how << ", at " << look.row << ";" << look.column;
  }
};

TEST_P(StreamTest, ShowsWhatItMust) {
  const Case& test = GetParam();
  std::string_view const stream = test.stream;
  Terminal whole = *Terminal::create(test.columns, test.rows);
  whole.write(stream);
  expect_shown(whole, "whole");
  Terminal bytes = *Terminal::create(test.columns, test.rows);
  for (usize i = 0; i < stream.size(); ++i) bytes.write(stream.substr(i, 1));
  expect_shown(bytes, "byte by byte");
  if (stream.size() > 400) return;  // A recorded one: that would take long and tell nothing more.
  for (usize cut = 1; cut < stream.size() && !HasFailure(); ++cut) {
    Terminal terminal = *Terminal::create(test.columns, test.rows);
    terminal.write(stream.substr(0, cut));
    terminal.write(stream.substr(cut));
    expect_shown(terminal, "cut before byte " + std::to_string(cut));
  }
}

INSTANTIATE_TEST_SUITE_P(Streams, StreamTest, testing::ValuesIn(read_cases()),
                         [](const auto& info) {
                           std::string name;
                           for (char const c : info.param.name)
                             if (std::isalnum(static_cast<unsigned char>(c))) name += c;
                           return name + std::to_string(info.index);
                         });

TEST(Streams, ThereAreMany) { EXPECT_GE(read_cases().size(), 150u); }

}  // namespace
}  // namespace nacre::text
