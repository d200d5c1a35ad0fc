#include <algorithm>

#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/builtins/inputs.hpp"
#include "kernel/shell/builtins/new_file.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell::builtin {
namespace {

/// With something wrong, where 1 says that lines are out of order. [posix/xcu: "sort"]
constexpr int went_wrong = 2;
/// So many lines are merged until others may have their turn.
constexpr usize merged_at_once = 64;

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

/// How texts are compared. [posix/xcu: "sort"]
struct Manner {
  bool numeric = false;
  bool human = false;  // numbers with K, M, G behind them
  bool reverse = false;
  bool ignore_case = false;
  bool skips_blanks = false;
  bool only_words = false;    // letters, digits and blanks
  bool only_printed = false;  // what prints

  bool is_set() const {
    return numeric || human || reverse || ignore_case || skips_blanks || only_words || only_printed;
  }
  /// False if there is no such letter.
  bool set(char letter) {
    switch (letter) {
      case 'n': numeric = true; return true;
      case 'h': human = true; return true;
      case 'r': reverse = true; return true;
      case 'f': ignore_case = true; return true;
      case 'b': skips_blanks = true; return true;
      case 'd': only_words = true; return true;
      case 'i': only_printed = true; return true;
      default: return false;
    }
  }
};

/// A place in a line: a field and a character of it, both from 1; 0 is its end.
struct Place {
  u64 field = 0;
  u64 character = 0;
  bool skips_blanks = false;
};

struct Key {
  Place start{1, 1};
  std::optional<Place> end{};
  Manner manner{};
};

/// `2`, `2,3`, `2.3n,4.1`.
std::optional<Key> parse_key(std::string_view text) {
  Key key;
  auto const take_number = [&]() -> std::optional<u64> {
    usize size = 0;
    while (size < text.size() && is_digit(text[size])) ++size;
    auto const number = parse_number(text.substr(0, size));
    text.remove_prefix(size);
    return number;
  };
  auto const take_place = [&](Place& place) {
    auto const field = take_number();
    if (!field || *field == 0) return false;
    place.field = *field;
    if (text.starts_with('.')) {
      text.remove_prefix(1);
      auto const character = take_number();
      if (!character) return false;
      place.character = *character;
    }
    while (!text.empty() && text[0] != ',') {
      place.skips_blanks = place.skips_blanks || text[0] == 'b';
      if (!key.manner.set(text[0])) return false;
      text.remove_prefix(1);
    }
    return true;
  };
  key.start.character = 1;
  if (!take_place(key.start) || key.start.character == 0) return std::nullopt;
  if (text.empty()) return key;
  text.remove_prefix(1);
  key.end.emplace();
  if (!take_place(*key.end) || !text.empty()) return std::nullopt;
  return key;
}

/// How lines are ordered.
class Order {
 public:
  std::optional<char> separator{};
  Manner manner{};
  bool is_stable = false;

  /// One that says nothing of the manner has that of all, which is set before.
  std::expected<void, base::OutOfMemory> add(Key key) {
    if (!key.manner.is_set()) {
      key.manner = manner;
      key.start.skips_blanks = manner.skips_blanks;
      if (key.end) key.end->skips_blanks = manner.skips_blanks;
    }
    return keys_.try_push_back(key);
  }

  /// Below 0, 0, above 0.
  int compare(std::string_view left, std::string_view right) const {
    if (keys_.empty()) {
      Key whole_line;
      whole_line.start.skips_blanks = manner.skips_blanks;
      return compare(text_of(left, whole_line), text_of(right, whole_line), manner);
    }
    for (const Key& key : keys_) {
      int const result = compare(text_of(left, key), text_of(right, key), key.manner);
      if (result != 0) return result;
    }
    return 0;
  }
  bool is_before(std::string_view left, std::string_view right) const {
    int const by_keys = compare(left, right);
    if (by_keys != 0 || is_stable) return by_keys < 0;
    int const by_bytes = left.compare(right);
    return manner.reverse ? by_bytes > 0 : by_bytes < 0;
  }

 private:
  /// Where a field begins and ends. Without a separator, blanks in front belong to it.
  std::pair<usize, usize> field_of(std::string_view line, u64 number) const {
    usize start = 0;
    for (u64 i = 1;; ++i) {
      usize end = start;
      if (separator) {
        end = std::min(line.find(*separator, start), line.size());
      } else {
        while (end < line.size() && is_blank(line[end])) ++end;
        while (end < line.size() && !is_blank(line[end])) ++end;
      }
      if (i == number) return {start, end};
      if (end == line.size()) return {end, end};
      start = end + (separator ? 1 : 0);
    }
  }
  std::string_view text_of(std::string_view line, const Key& key) const {
    auto const behind = [&](usize at, const Place& place, u64 count) {
      while (place.skips_blanks && at < line.size() && is_blank(line[at])) ++at;
      return at + static_cast<usize>(std::min<u64>(count, line.size() - at));
    };
    usize const start =
        behind(field_of(line, key.start.field).first, key.start, key.start.character - 1);
    usize end = line.size();
    if (key.end) {
      auto const [last, last_end] = field_of(line, key.end->field);
      end = key.end->character == 0 ? last_end : behind(last, *key.end, key.end->character);
    }
    return start < end ? line.substr(start, end - start) : std::string_view();
  }

  static int compare(std::string_view a, std::string_view b, const Manner& manner) {
    int const result = manner.numeric || manner.human ? compare_numbers(a, b, manner.human)
                                                      : compare_texts(a, b, manner);
    return manner.reverse ? -result : result;
  }
  static int compare_texts(std::string_view a, std::string_view b, const Manner& manner) {
    auto const skip = [&](std::string_view& text) {
      auto const counts = [&](char c) {
        if (!manner.only_words) return static_cast<u8>(c) >= 0x20 && c != 0x7f;
        return is_blank(c) || is_digit(c) || (upper(c) >= 'A' && upper(c) <= 'Z');
      };
      if (!manner.only_words && !manner.only_printed) return;
      while (!text.empty() && !counts(text[0])) text.remove_prefix(1);
    };
    for (;;) {
      skip(a);
      skip(b);
      if (a.empty() || b.empty()) return a.empty() ? (b.empty() ? 0 : -1) : 1;
      auto const x = static_cast<u8>(manner.ignore_case ? upper(a[0]) : a[0]);
      auto const y = static_cast<u8>(manner.ignore_case ? upper(b[0]) : b[0]);
      if (x != y) return x < y ? -1 : 1;
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
  }

  /// Digits of any length, with a fraction.
  struct Number {
    bool is_negative = false;
    std::string_view whole;
    std::string_view fraction;
    usize power = 0;  // of what letter is behind it

    explicit Number(std::string_view text) {
      while (!text.empty() && is_blank(text[0])) text.remove_prefix(1);
      is_negative = text.starts_with('-');
      if (is_negative) text.remove_prefix(1);
      auto const take_digits = [&] {
        usize size = 0;
        while (size < text.size() && is_digit(text[size])) ++size;
        std::string_view const digits = text.substr(0, size);
        text.remove_prefix(size);
        return digits;
      };
      whole = take_digits();
      whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size()));
      if (text.starts_with('.')) {
        text.remove_prefix(1);
        fraction = take_digits();
        while (fraction.ends_with('0')) fraction.remove_suffix(1);
      }
      constexpr std::string_view letters = "KMGTPE";
      usize const letter =
          text.empty() ? letters.npos : letters.find(text[0] == 'k' ? 'K' : text[0]);
      power = letter == letters.npos ? 0 : letter + 1;
      if (whole.empty() && fraction.empty()) is_negative = false;
    }
  };
  static int compare_numbers(std::string_view a, std::string_view b, bool human) {
    Number const x(a);
    Number const y(b);
    if (x.is_negative != y.is_negative) return x.is_negative ? -1 : 1;
    int result = 0;
    bool const has_zero =
        (x.whole.empty() && x.fraction.empty()) || (y.whole.empty() && y.fraction.empty());
    if (human && !has_zero && x.power != y.power)
      result = x.power < y.power ? -1 : 1;
    else if (x.whole.size() != y.whole.size())
      result = x.whole.size() < y.whole.size() ? -1 : 1;
    else if (int const by_whole = x.whole.compare(y.whole); by_whole != 0)
      result = by_whole;
    else
      result = x.fraction.compare(y.fraction);
    return x.is_negative ? -result : result;
  }

  base::Vector<Key> keys_;
};

/// Sorts by merging, so that what is alike stays in order, giving way now and then.
exec::Task<fs::Result<void>> sort_lines(Invocation& call, Lines& lines, const Order& order) {
  Lines other;
  CO_TRY(other.try_resize(lines.size()));
  for (usize width = 1; width < lines.size(); width *= 2) {
    for (usize start = 0; start < lines.size(); start += 2 * width) {
      usize const middle = std::min(start + width, lines.size());
      usize const end = std::min(start + 2 * width, lines.size());
      usize left = start;
      usize right = middle;
      for (usize to = start; to < end; ++to) {
        bool const takes_right =
            right < end && (left == middle || order.is_before(lines[right], lines[left]));
        other[to] = std::move(takes_right ? lines[right++] : lines[left++]);
        if (to % merged_at_once == 0) co_await call.pace();
      }
    }
    std::swap(lines, other);
  }
  co_return fs::Result<void>{};
}

/// Whether all is in order already: `-c`, and `-C` silently.
exec::Task<fs::Result<int>> check(Invocation& call, const Lines& lines, const Order& order,
                                  bool is_unique, bool is_silent) {
  for (usize i = 1; i < lines.size(); ++i) {
    co_await call.pace();
    bool const is_wrong = is_unique ? order.compare(lines[i - 1], lines[i]) >= 0
                                    : order.is_before(lines[i], lines[i - 1]);
    if (!is_wrong) continue;
    if (is_silent) co_return status::failure;
    CO_TRY(base::String const shown, printable(lines[i]));
    CO_TRY(co_await complain(call, "line {} is out of order: {}", i + 1, shown.view()));
    co_return status::failure;
  }
  co_return status::success;
}

exec::Task<fs::Result<void>> write_lines(Invocation& call, fs::Stream& to, const Lines& lines,
                                         const Order& order, bool is_unique) {
  const base::String* last = nullptr;
  for (const base::String& line : lines) {
    bool const is_again = is_unique && last != nullptr && order.compare(*last, line) == 0;
    if (is_again) continue;
    last = &line;
    co_await call.pace();
    CO_TRY(co_await print(to, "{}\n", line.view()));
  }
  co_return fs::Result<void>{};
}

/// To a file, which may be one of the inputs and stays as it was if it cannot be written whole.
exec::Task<fs::Result<void>> write_file(Invocation& call, std::string_view path, const Lines& lines,
                                        const Order& order, bool is_unique) {
  CO_TRY(auto file, co_await NewFile::create(call.services.files, call.directory(), path));
  CO_TRY(co_await write_lines(call, file.file(), lines, order, is_unique));
  co_return co_await file.commit();
}

}  // namespace

exec::Task<fs::Result<int>> sort(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  Order order;
  order.is_stable = options->has('s') || options->has('u');
  for (char const letter : std::string_view("nhrfbd"))
    if (options->has(letter)) order.manner.set(letter);
  if (auto const separator = options->value('t')) {
    if (separator->size() != 1) {
      CO_TRY(co_await complain(call, "one character is wanted between fields; see sort --help"));
      co_return went_wrong;
    }
    order.separator = (*separator)[0];
  }
  std::optional<std::string_view> wrong;
  bool is_full = false;
  options->for_each_value('k', [&](std::string_view text) {
    auto const key = parse_key(text);
    if (!key)
      wrong = text;
    else
      is_full = is_full || !order.add(*key);
  });
  if (is_full) co_return fs::fail(fs::ErrorKind::OutOfMemory);
  if (wrong) {
    CO_TRY(base::String const shown, printable(*wrong));
    CO_TRY(co_await complain(call, "{}: not a key; see sort --help", shown.view()));
    co_return went_wrong;
  }
  Lines lines;
  CO_TRY(int const read,
         co_await for_each_input(
             call, options->operands(),
             [&](fs::Stream& from, std::string_view) -> exec::Task<fs::Result<InputProblem>> {
               co_return co_await gather_lines(call, from, lines);
             }));
  // A part of the lines, sorted, would look like all of them.
  if (read != status::success) co_return went_wrong;
  bool const is_unique = options->has('u');
  if (options->has('c') || options->has('C'))
    co_return co_await check(call, lines, order, is_unique, options->has('C'));
  CO_TRY(co_await sort_lines(call, lines, order));
  auto const path = options->value('o');
  if (!path) {
    CO_TRY(co_await write_lines(call, *call.streams.out, lines, order, is_unique));
    co_return status::success;
  }
  auto const written = co_await write_file(call, *path, lines, order, is_unique);
  if (written) co_return status::success;
  if (written.error().kind == fs::ErrorKind::OutOfMemory)
    co_return std::unexpected(written.error());
  CO_TRY(co_await complain_about(call, *path, written.error()));
  co_return went_wrong;
}

}  // namespace nacre::shell::builtin
