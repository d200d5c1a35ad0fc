#include "kernel/shell/builtins/mode.hpp"

#include <algorithm>

#include "kernel/shell/builtins/builtins.hpp"
#include "lib/base/try.hpp"

/// The permissions of files: nothing checks them, but they are kept.
namespace nacre::shell::builtin {
namespace {

constexpr u32 permissions = 0777;
constexpr u32 set_user_id = 04000;
constexpr u32 set_group_id = 02000;
constexpr u32 sticky = 01000;
constexpr u32 any_execute = 0111;

constexpr u32 who_bits(char who) {
  switch (who) {
    case 'u': return 0700 | set_user_id;
    case 'g': return 0070 | set_group_id;
    case 'o': return 0007 | sticky;
    case 'a': return permissions | set_user_id | set_group_id | sticky;
    default: return 0;
  }
}

/// The three bits of one class for all three.
constexpr u32 for_all(u32 bits) { return bits | bits << 3 | bits << 6; }

std::optional<u32> octal(std::string_view text) {
  if (text.empty() || text.size() > 5) return std::nullopt;
  u32 value = 0;
  for (char const c : text) {
    if (c < '0' || c > '7') return std::nullopt;
    value = value * 8 + static_cast<u32>(c - '0');
  }
  return value <= 07777 ? std::optional(value) : std::nullopt;
}

/// One of the parts between commas.
class Clause {
 public:
  Clause(u32 mode, u32 mask, bool is_directory)
      : mode_(mode), mask_(mask), is_directory_(is_directory) {}

  std::optional<u32> apply(std::string_view text) {
    u32 who = 0;
    for (; !text.empty() && who_bits(text[0]) != 0; text.remove_prefix(1)) who |= who_bits(text[0]);
    bool const is_named = who != 0;
    if (!is_named) who = who_bits('a') & ~mask_;
    if (text.empty()) return std::nullopt;
    while (!text.empty()) {
      char const operation = text[0];
      if (operation != '+' && operation != '-' && operation != '=') return std::nullopt;
      text.remove_prefix(1);
      auto const bits = take_bits(text);
      if (!bits) return std::nullopt;
      // What is for nobody by name is for all, but for what makes files in a directory be of a
      // group.
      u32 const kept = is_named ? ~who : is_directory_ ? set_user_id | set_group_id : 0;
      if (operation == '=') mode_ &= kept;
      mode_ = operation == '-' ? mode_ & ~(*bits & who) : mode_ | (*bits & who);
    }
    return mode_;
  }

 private:
  std::optional<u32> take_bits(std::string_view& text) const {
    // The permissions that another class has.
    if (!text.empty() && std::string_view("ugo").contains(text[0])) {
      unsigned const shift = text[0] == 'u' ? 6 : text[0] == 'g' ? 3 : 0;
      text.remove_prefix(1);
      return for_all(mode_ >> shift & 07);
    }
    u32 bits = 0;
    for (; !text.empty(); text.remove_prefix(1)) {
      switch (text[0]) {
        case 'r': bits |= for_all(04); break;
        case 'w': bits |= for_all(02); break;
        case 'x': bits |= for_all(01); break;
        case 'X':
          if (is_directory_ || (mode_ & any_execute) != 0) bits |= for_all(01);
          break;
        case 's': bits |= set_user_id | set_group_id; break;
        case 't': bits |= sticky; break;
        case '+':
        case '-':
        case '=': return bits;
        default: return std::nullopt;
      }
    }
    return bits;
  }

  u32 mode_;
  u32 mask_;
  bool is_directory_;
};

exec::Task<fs::Result<int>> refuse_mode(Invocation& call, std::string_view text) {
  CO_TRY(base::String const shown, printable(text));
  CO_TRY(co_await complain(call, "{}: not a mode; see {} --help", shown.view(), call.name()));
  co_return status::usage;
}

exec::Task<fs::Result<void>> change_mode(Invocation& call, std::string_view path,
                                         std::string_view text) {
  fs::Vfs& files = call.services.files;
  CO_TRY(fs::Stat const stat, co_await files.stat(call.directory(), path));
  auto const mode =
      changed_mode(text, stat.mode, call.state.creation_mask, stat.type == fs::NodeType::Directory);
  co_return co_await files.set_mode(call.directory(), path, mode.value_or(stat.mode));
}

}  // namespace

std::array<char, 10> mode_text(const fs::Stat& stat) {
  std::array<char, 10> text{'-', 'r', 'w', 'x', 'r', 'w', 'x', 'r', 'w', 'x'};
  if (stat.type == fs::NodeType::Directory) text[0] = 'd';
  if (stat.type == fs::NodeType::Symlink) text[0] = 'l';
  if (stat.type == fs::NodeType::CharacterDevice) text[0] = 'c';
  for (unsigned bit = 0; bit < 9; ++bit)
    if ((stat.mode >> (8 - bit) & 1) == 0) text[bit + 1] = '-';
  auto const mark = [&](u32 bit, usize at, char with, char without) {
    if ((stat.mode & bit) != 0) text[at] = text[at] == 'x' ? with : without;
  };
  mark(set_user_id, 3, 's', 'S');
  mark(set_group_id, 6, 's', 'S');
  mark(sticky, 9, 't', 'T');
  return text;
}

void write_symbolic(base::Sink& sink, u32 mode) {
  for (unsigned shift : {6u, 3u, 0u}) {
    sink.write(shift == 6 ? "u=" : shift == 3 ? ",g=" : ",o=");
    u32 const bits = mode >> shift;
    if ((bits & 04) != 0) sink.write("r");
    if ((bits & 02) != 0) sink.write("w");
    if ((bits & 01) != 0) sink.write("x");
  }
}

std::optional<u32> changed_mode(std::string_view text, u32 mode, u32 mask, bool is_directory) {
  if (auto const value = octal(text)) return value;
  if (text.empty()) return std::nullopt;
  for (;;) {
    usize const comma = std::min(text.find(','), text.size());
    auto const next = Clause(mode, mask, is_directory).apply(text.substr(0, comma));
    if (!next) return std::nullopt;
    mode = *next;
    if (comma == text.size()) return mode;
    text.remove_prefix(comma + 1);
  }
}

exec::Task<fs::Result<int>> umask(Invocation& call) {
  std::span<const base::String> words = call.arguments.subspan(1);
  bool const is_symbolic = !words.empty() && words[0] == "-S";
  if (is_symbolic) words = words.subspan(1);
  if (!words.empty() && words[0] == "--") words = words.subspan(1);
  u32& mask = call.state.creation_mask;
  if (words.empty()) {
    base::String text;
    base::StringSink sink(text);
    if (is_symbolic)
      write_symbolic(sink, ~mask);
    else
      base::format_to(sink, "{:04o}", mask);
    sink.write("\n");
    CO_TRY(sink.result());
    CO_TRY(co_await write_text(*call.streams.out, std::move(text)));
    co_return status::success;
  }
  // Letters say what is given, digits what is not.
  auto const digits = octal(words[0]);
  auto const given = changed_mode(words[0], ~mask & permissions, 0, false);
  if (!given) co_return co_await refuse_mode(call, words[0]);
  mask = (digits ? *digits : ~*given) & permissions;
  co_return status::success;
}

exec::Task<fs::Result<int>> chmod(Invocation& call) {
  // A mode may begin as options do.
  std::span<const base::String> words = call.arguments.subspan(1);
  bool const is_deep = !words.empty() && words[0] == "-R";
  if (is_deep) words = words.subspan(1);
  if (!words.empty() && words[0] == "--") words = words.subspan(1);
  if (words.size() < 2) {
    CO_TRY(co_await complain(call, "a mode and a file are wanted; see chmod --help"));
    co_return status::usage;
  }
  if (!changed_mode(words[0], 0, 0, false)) co_return co_await refuse_mode(call, words[0]);
  int result = status::success;
  auto const tell = [&](std::string_view path, fs::Error error) -> exec::Task<fs::Result<void>> {
    if (error.kind == fs::ErrorKind::OutOfMemory) co_return std::unexpected(error);
    result = status::failure;
    co_return co_await complain_about(call, path, error);
  };
  base::Vector<base::String> left;
  for (usize i = words.size(); i-- > 1;) {
    CO_TRY(base::String path, words[i].try_copy());
    CO_TRY(left.try_push_back(std::move(path)));
  }
  while (!left.empty()) {
    base::String const path = std::move(left.back());
    left.pop_back();
    co_await call.pace();
    if (auto const done = co_await change_mode(call, path, words[0]); !done) {
      CO_TRY(co_await tell(path, done.error()));
      continue;
    }
    if (!is_deep) continue;
    auto opened =
        co_await call.services.files.open_directory(call.directory(), path, {.follow_last = false});
    if (!opened) {
      // Nothing is in what is no directory; a link is none.
      bool const is_other = opened.error().kind == fs::ErrorKind::NotADirectory ||
                            opened.error().kind == fs::ErrorKind::TooManyLinks;
      if (!is_other) {
        CO_TRY(co_await tell(path, opened.error()));
      }
      continue;
    }
    std::array<fs::DirectoryEntry, 32> entries;
    for (;;) {
      auto const count = opened->read(entries);
      if (!count) {
        CO_TRY(co_await tell(path, count.error()));
        break;
      }
      if (*count == 0) break;
      for (const fs::DirectoryEntry& entry : std::span(entries).first(*count)) {
        // Where links lead is not below it.
        if (entry.type == fs::NodeType::Symlink) continue;
        CO_TRY(base::String child, base::format("{}{}{}", path.view(),
                                                path.view().ends_with('/') ? "" : "/", entry.name));
        CO_TRY(left.try_push_back(std::move(child)));
      }
    }
  }
  co_return result;
}

}  // namespace nacre::shell::builtin
