#include <algorithm>
#include <array>

#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/builtins/inputs.hpp"
#include "kernel/shell/line_reader.hpp"
#include "lib/base/try.hpp"
#include "lib/shell/arithmetic.hpp"

/// What takes text line by line.
namespace nacre::shell::builtin {
namespace {

using Lines = base::Vector<base::String>;

std::span<const u8> bytes_of(std::string_view text) {
  return {static_cast<const u8*>(static_cast<const void*>(text.data())), text.size()};
}

[[clang::coro_wrapper]] exec::Task<fs::Result<void>> write_line(Invocation& call,
                                                                std::string_view line) {
  return write_text(*call.streams.out, base::format("{}\n", line));
}

/// Adds the lines of a stream.
exec::Task<fs::Result<InputProblem>> gather(Invocation& call, fs::Stream& from, Lines& lines) {
  LineReader reader(from);
  for (;;) {
    co_await call.pace();
    auto const line = co_await reader.next();
    if (!line) co_return line.error();
    if (!*line) co_return std::nullopt;
    CO_TRY(base::String copy, base::String::create(**line));
    CO_TRY(lines.try_push_back(std::move(copy)));
  }
}

exec::Task<fs::Result<InputProblem>> show_first_lines(Invocation& call, fs::Stream& from,
                                                      u64 count) {
  LineReader reader(from);
  for (u64 i = 0; i < count; ++i) {
    co_await call.pace();
    auto const line = co_await reader.next();
    if (!line) co_return line.error();
    if (!*line) break;
    CO_TRY(co_await write_line(call, **line));
  }
  co_return std::nullopt;
}

exec::Task<fs::Result<InputProblem>> show_first_bytes(Invocation& call, fs::Stream& from,
                                                      u64 count) {
  std::array<u8, 4096> buffer;
  while (count > 0) {
    auto const wanted = static_cast<usize>(std::min<u64>(count, buffer.size()));
    auto const got = co_await from.read(std::span(buffer).first(wanted));
    if (!got) co_return got.error();
    if (*got == 0) break;
    co_await call.pace();
    CO_TRY(co_await fs::write_all(*call.streams.out, std::span(buffer).first(*got)));
    count -= *got;
  }
  co_return std::nullopt;
}

/// The last lines, of which it keeps no more than it has to.
exec::Task<fs::Result<InputProblem>> show_last_lines(Invocation& call, fs::Stream& from,
                                                     u64 count) {
  Lines kept;
  u64 seen = 0;
  LineReader reader(from);
  for (;;) {
    co_await call.pace();
    auto const line = co_await reader.next();
    if (!line) co_return line.error();
    if (!*line) break;
    if (count == 0) continue;
    CO_TRY(base::String copy, base::String::create(**line));
    if (kept.size() < count) {
      CO_TRY(kept.try_push_back(std::move(copy)));
    } else {
      kept[static_cast<usize>(seen % count)] = std::move(copy);
    }
    ++seen;
  }
  for (u64 i = 0; i < kept.size(); ++i) {
    CO_TRY(co_await write_line(call, kept[static_cast<usize>((seen + i) % kept.size())]));
  }
  co_return std::nullopt;
}

exec::Task<fs::Result<InputProblem>> show_last_bytes(Invocation& call, fs::Stream& from,
                                                     u64 count) {
  base::String kept;
  std::array<char, 4096> buffer;
  for (;;) {
    auto const got =
        co_await from.read({static_cast<u8*>(static_cast<void*>(buffer.data())), buffer.size()});
    if (!got) co_return got.error();
    if (*got == 0) break;
    co_await call.pace();
    CO_TRY(kept.append({buffer.data(), *got}));
    if (kept.size() > count + buffer.size()) kept.erase(0, kept.size() - static_cast<usize>(count));
  }
  std::string_view const all = kept;
  usize const skipped = all.size() > count ? all.size() - static_cast<usize>(count) : 0;
  CO_TRY(co_await fs::write_all(*call.streams.out, bytes_of(all.substr(skipped))));
  co_return std::nullopt;
}

using Show = exec::Task<fs::Result<InputProblem>> (*)(Invocation&, fs::Stream&, u64);

/// `head` and `tail`: so many lines or bytes of each input, with a heading where there are several.
exec::Task<fs::Result<int>> show_part(Invocation& call, Show lines, Show bytes) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  bool const by_bytes = options->value('c').has_value();
  CO_TRY(auto const count, co_await number_option(call, *options, by_bytes ? 'c' : 'n', 10));
  if (!count) co_return status::usage;
  bool const has_headings = options->operands().size() > 1;
  bool is_first = true;
  auto const show = [&](fs::Stream& from,
                        std::string_view name) -> exec::Task<fs::Result<InputProblem>> {
    if (has_headings) {
      CO_TRY(co_await print(*call.streams.out, "{}==> {} <==\n", is_first ? "" : "\n", name));
      is_first = false;
    }
    co_return co_await (by_bytes ? bytes : lines)(call, from, *count);
  };
  co_return co_await for_each_input(call, options->operands(), show);
}

/// How `sort` compares. [posix/xcu: "sort"]
struct Order {
  bool numeric = false;
  bool reverse = false;
  bool ignore_case = false;
  u64 field = 0;  // from 1; 0 is the whole line
  std::optional<char> separator{};

  std::string_view key_of(std::string_view line) const {
    for (u64 i = 1; i < field; ++i) {
      usize end = 0;
      if (separator) {
        end = line.find(*separator);
        end = end == line.npos ? line.size() : end + 1;
      } else {
        while (end < line.size() && line[end] == ' ') ++end;
        while (end < line.size() && line[end] != ' ') ++end;
      }
      line.remove_prefix(end);
    }
    return line;
  }
  static i64 number_at(std::string_view text) {
    while (!text.empty() && (text[0] == ' ' || text[0] == '\t')) text.remove_prefix(1);
    usize size = text.starts_with('-') ? 1 : 0;
    while (size < text.size() && text[size] >= '0' && text[size] <= '9') ++size;
    bool const is_negative = text.starts_with('-');
    u64 const value =
        parse_number(text.substr(is_negative ? 1 : 0, size - (is_negative ? 1 : 0))).value_or(0);
    auto const bounded = static_cast<i64>(std::min<u64>(value, INT64_MAX));
    return is_negative ? -bounded : bounded;
  }
  static char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
  /// Below 0, 0, above 0.
  int compare(std::string_view left, std::string_view right) const {
    std::string_view const a = key_of(left);
    std::string_view const b = key_of(right);
    if (numeric) {
      i64 const x = number_at(a);
      i64 const y = number_at(b);
      if (x != y) return x < y ? -1 : 1;
      return 0;
    }
    if (!ignore_case) return a.compare(b);
    for (usize i = 0; i < std::min(a.size(), b.size()); ++i)
      if (lower(a[i]) != lower(b[i])) return lower(a[i]) < lower(b[i]) ? -1 : 1;
    return a.size() < b.size() ? -1 : a.size() > b.size() ? 1 : 0;
  }
  bool is_before(std::string_view left, std::string_view right) const {
    int const by_key = compare(left, right);
    int const result = by_key != 0 ? by_key : left.compare(right);
    return reverse ? result > 0 : result < 0;
  }
};

/// `3`, `2-4`, `-3`, `5-`, with commas between them.
class Ranges {
 public:
  static std::expected<std::optional<Ranges>, base::OutOfMemory> create(std::string_view text) {
    Ranges ranges;
    for (std::string_view rest = text; !rest.empty();) {
      std::string_view const one = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(one.size() + 1, rest.size()));
      usize const dash = one.find('-');
      std::string_view const last_text = dash == one.npos ? one : one.substr(dash + 1);
      std::string_view const first_text = one.substr(0, dash);
      auto const first = first_text.empty() ? u64{1} : parse_number(first_text);
      auto const last = last_text.empty() ? UINT64_MAX : parse_number(last_text);
      if (one == "-" || one.empty() || !first || !last || *first == 0 || *last < *first)
        return std::nullopt;
      TRY(ranges.ranges_.try_push_back({*first, *last}));
    }
    if (ranges.ranges_.empty()) return std::nullopt;
    return ranges;
  }
  bool contains(u64 number) const {
    return std::ranges::any_of(
        ranges_, [&](const Range& range) { return number >= range.first && number <= range.last; });
  }

 private:
  struct Range {
    u64 first;
    u64 last;
  };
  base::Vector<Range> ranges_;
};

std::expected<base::String, base::OutOfMemory> cut_fields(std::string_view line,
                                                          const Ranges& ranges, char separator,
                                                          bool only_separated) {
  base::String out;
  if (!line.contains(separator)) {
    if (!only_separated) {
      TRY(out.append(line));
      TRY(out.append('\n'));
    }
    return out;
  }
  bool is_first = true;
  u64 number = 0;
  for (bool goes_on = true; goes_on;) {
    usize const end = line.find(separator);
    std::string_view const field = line.substr(0, end);
    goes_on = end != line.npos;
    if (goes_on) line.remove_prefix(end + 1);
    if (!ranges.contains(++number)) continue;
    if (!std::exchange(is_first, false)) {
      TRY(out.append(separator));
    }
    TRY(out.append(field));
  }
  TRY(out.append('\n'));
  return out;
}

std::expected<base::String, base::OutOfMemory> cut_bytes(std::string_view line,
                                                         const Ranges& ranges) {
  base::String out;
  for (usize i = 0; i < line.size(); ++i)
    if (ranges.contains(i + 1)) {
      TRY(out.append(line[i]));
    }
  TRY(out.append('\n'));
  return out;
}

/// The bytes that a set of `tr` names: `a-z`, `\n`, `[:digit:]`.
std::expected<base::String, base::OutOfMemory> set_of(std::string_view text) {
  base::String set;
  auto const take = [&] {
    char c = text[0];
    text.remove_prefix(1);
    if (c != '\\' || text.empty()) return c;
    c = text[0];
    text.remove_prefix(1);
    return c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
  };
  while (!text.empty()) {
    struct Class {
      std::string_view name;
      std::array<std::string_view, 3> ranges;
    };
    constexpr auto classes = std::to_array<Class>({{"[:digit:]", {"09"}},
                                                   {"[:lower:]", {"az"}},
                                                   {"[:upper:]", {"AZ"}},
                                                   {"[:alpha:]", {"AZ", "az"}},
                                                   {"[:alnum:]", {"09", "AZ", "az"}},
                                                   {"[:space:]", {"\t\r", "  "}},
                                                   {"[:blank:]", {"\t\t", "  "}},
                                                   {"[:punct:]", {"!/", ":@", "[`"}}});
    const auto* const known =
        std::ranges::find_if(classes, [&](const Class& one) { return text.starts_with(one.name); });
    if (known != classes.end()) {
      for (std::string_view const range : known->ranges)
        for (int c = range.empty() ? 1 : range[0]; c <= (range.empty() ? 0 : range[1]); ++c) {
          TRY(set.append(static_cast<char>(c)));
        }
      text.remove_prefix(known->name.size());
      continue;
    }
    char const first = take();
    char last = first;
    if (text.size() > 1 && text[0] == '-') {
      text.remove_prefix(1);
      last = take();
    }
    for (int c = static_cast<u8>(first); c <= static_cast<u8>(last); ++c) {
      TRY(set.append(static_cast<char>(c)));
    }
  }
  return set;
}

}  // namespace

[[clang::coro_wrapper]] exec::Task<fs::Result<int>> head(Invocation& call) {
  return show_part(call, show_first_lines, show_first_bytes);
}
[[clang::coro_wrapper]] exec::Task<fs::Result<int>> tail(Invocation& call) {
  return show_part(call, show_last_lines, show_last_bytes);
}

exec::Task<fs::Result<int>> wc(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  struct Counts {
    u64 lines = 0;
    u64 words = 0;
    u64 bytes = 0;
  };
  Counts total;
  bool const is_all = !options->has('l') && !options->has('w') && !options->has('c');
  auto const show = [&](const Counts& counts,
                        std::string_view name) -> exec::Task<fs::Result<void>> {
    base::String text;
    base::StringSink sink(text);
    if (is_all || options->has('l')) base::format_to(sink, " {}", counts.lines);
    if (is_all || options->has('w')) base::format_to(sink, " {}", counts.words);
    if (is_all || options->has('c')) base::format_to(sink, " {}", counts.bytes);
    if (name != "-") base::format_to(sink, " {}", name);
    sink.write("\n");
    CO_TRY(sink.result());
    co_return co_await fs::write_all(*call.streams.out, bytes_of(text.view().substr(1)));
  };
  auto const count = [&](fs::Stream& from,
                         std::string_view name) -> exec::Task<fs::Result<InputProblem>> {
    Counts counts;
    bool in_word = false;
    std::array<u8, 4096> buffer;
    for (;;) {
      auto const got = co_await from.read(buffer);
      if (!got) co_return got.error();
      if (*got == 0) break;
      co_await call.pace();
      counts.bytes += *got;
      for (u8 const byte : std::span(buffer).first(*got)) {
        if (byte == '\n') ++counts.lines;
        bool const is_space = byte == ' ' || (byte >= '\t' && byte <= '\r');
        if (!is_space && !in_word) ++counts.words;
        in_word = !is_space;
      }
    }
    total.lines += counts.lines;
    total.words += counts.words;
    total.bytes += counts.bytes;
    CO_TRY(co_await show(counts, name));
    co_return std::nullopt;
  };
  CO_TRY(int const result, co_await for_each_input(call, options->operands(), count));
  if (options->operands().size() > 1) {
    CO_TRY(co_await show(total, "total"));
  }
  co_return result;
}

exec::Task<fs::Result<int>> sort(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  CO_TRY(auto const field, co_await number_option(call, *options, 'k', 0));
  if (!field) co_return status::usage;
  Order order{.numeric = options->has('n'),
              .reverse = options->has('r'),
              .ignore_case = options->has('f'),
              .field = *field};
  if (auto const separator = options->value('t'); separator && !separator->empty())
    order.separator = (*separator)[0];
  Lines lines;
  CO_TRY(int const result,
         co_await for_each_input(
             call, options->operands(),
             [&](fs::Stream& from, std::string_view) -> exec::Task<fs::Result<InputProblem>> {
               co_return co_await gather(call, from, lines);
             }));
  std::ranges::sort(lines, [&](const base::String& left, const base::String& right) {
    return order.is_before(left, right);
  });
  const base::String* last = nullptr;
  for (const base::String& line : lines) {
    bool const is_again = options->has('u') && last != nullptr && order.compare(*last, line) == 0;
    last = &line;
    if (is_again) continue;
    co_await call.pace();
    CO_TRY(co_await write_line(call, line));
  }
  co_return result;
}

exec::Task<fs::Result<int>> uniq(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  std::optional<base::String> last;
  u64 times = 0;
  auto const show = [&]() -> exec::Task<fs::Result<void>> {
    bool const is_wanted =
        last && (!options->has('d') || times > 1) && (!options->has('u') || times == 1);
    if (!is_wanted) co_return fs::Result<void>{};
    if (options->has('c'))
      co_return co_await print(*call.streams.out, "{:>7} {}\n", times, last->view());
    co_return co_await write_line(call, *last);
  };
  auto const compare = [&](fs::Stream& from,
                           std::string_view) -> exec::Task<fs::Result<InputProblem>> {
    LineReader reader(from);
    for (;;) {
      co_await call.pace();
      auto const line = co_await reader.next();
      if (!line) co_return line.error();
      if (!*line) co_return std::nullopt;
      if (last && *last == **line) {
        ++times;
        continue;
      }
      CO_TRY(co_await show());
      CO_TRY(last, base::String::create(**line));
      times = 1;
    }
  };
  CO_TRY(int const result, co_await for_each_input(call, options->operands(), compare));
  CO_TRY(co_await show());
  co_return result;
}

exec::Task<fs::Result<int>> cut(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  bool const by_fields = options->value('f').has_value();
  auto const list = by_fields ? options->value('f') : options->value('c');
  CO_TRY(auto const ranges, Ranges::create(list.value_or("")));
  if (!ranges) {
    CO_TRY(co_await complain(call, "a list such as 1,3-5 is wanted; see cut --help"));
    co_return status::usage;
  }
  std::string_view const separator = options->value('d').value_or("\t");
  auto const show = [&](fs::Stream& from,
                        std::string_view) -> exec::Task<fs::Result<InputProblem>> {
    LineReader reader(from);
    for (;;) {
      co_await call.pace();
      auto const line = co_await reader.next();
      if (!line) co_return line.error();
      if (!*line) co_return std::nullopt;
      CO_TRY(base::String const text,
             by_fields ? cut_fields(**line, *ranges, separator.empty() ? '\t' : separator[0],
                                    options->has('s'))
                       : cut_bytes(**line, *ranges));
      CO_TRY(co_await fs::write_all(*call.streams.out, bytes_of(text)));
    }
  };
  co_return co_await for_each_input(call, options->operands(), show);
}

exec::Task<fs::Result<int>> tr(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  std::span<const base::String> const operands = options->operands();
  bool const deletes = options->has('d');
  if (operands.empty() || operands.size() > 2 ||
      (operands.size() == 1 && !deletes && !options->has('s'))) {
    CO_TRY(co_await complain(call, "two sets are wanted; see tr --help"));
    co_return status::usage;
  }
  CO_TRY(base::String const first, set_of(operands[0]));
  CO_TRY(base::String const second, set_of(operands.size() > 1 ? operands[1].view() : ""));
  // What becomes of each byte; below 0 it goes.
  std::array<int, 256> becomes;
  std::array<bool, 256> is_in_first{};
  std::array<bool, 256> squeezes{};
  for (char const c : first.view()) is_in_first[static_cast<u8>(c)] = true;
  if (options->has('c'))
    for (bool& is_in : is_in_first) is_in = !is_in;
  for (usize i = 0; i < becomes.size(); ++i) {
    becomes[i] = static_cast<int>(i);
    if (!is_in_first[i]) continue;
    if (deletes) {
      becomes[i] = -1;
    } else if (!second.empty()) {
      usize const at =
          options->has('c') ? second.size() - 1 : first.view().rfind(static_cast<char>(i));
      becomes[i] = static_cast<u8>(second[std::min(at, second.size() - 1)]);
    }
  }
  if (options->has('s')) {
    std::string_view const set = second.empty() ? first.view() : second.view();
    for (char const c : set) squeezes[static_cast<u8>(c)] = true;
  }
  std::array<u8, 4096> buffer;
  int last = -1;
  for (;;) {
    CO_TRY(usize const got, co_await call.streams.in->read(buffer));
    if (got == 0) co_return status::success;
    co_await call.pace();
    usize kept = 0;
    for (u8 const byte : std::span(buffer).first(got)) {
      int const target = becomes[byte];
      if (target < 0) continue;
      if (target == last && squeezes[static_cast<usize>(target)]) continue;
      last = target;
      buffer[kept++] = static_cast<u8>(target);
    }
    CO_TRY(co_await fs::write_all(*call.streams.out, std::span(buffer).first(kept)));
  }
}

exec::Task<fs::Result<int>> tee(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  int result = status::success;
  base::Vector<fs::OpenFile> files;
  for (const base::String& path : options->operands()) {
    fs::OpenOptions open{.access = {.read = false, .write = true}, .create = true};
    open.flags.append = options->has('a');
    open.truncate = !options->has('a');
    auto file = co_await call.services.files.open(call.directory(), path, open);
    if (file) {
      CO_TRY(files.try_push_back(std::move(*file)));
      continue;
    }
    CO_TRY(co_await complain_about(call, path, file.error()));
    result = status::failure;
  }
  std::array<u8, 4096> buffer;
  for (;;) {
    CO_TRY(usize const got, co_await call.streams.in->read(buffer));
    if (got == 0) co_return result;
    co_await call.pace();
    auto const bytes = std::span(buffer).first(got);
    CO_TRY(co_await fs::write_all(*call.streams.out, bytes));
    for (fs::OpenFile& file : files) {
      if (auto const written = co_await fs::write_all(file, bytes); written) continue;
      CO_TRY(co_await complain(call, "a file took no more"));
      co_return status::failure;
    }
  }
}

exec::Task<fs::Result<int>> seq(Invocation& call) {
  std::span<const base::String> words = call.arguments.subspan(1);
  std::array<i64, 3> numbers{1, 1, 1};  // first, step, last
  bool is_fine = !words.empty() && words.size() <= 3;
  for (usize i = 0; is_fine && i < words.size(); ++i) {
    auto const number = parse_integer(words[i]);
    is_fine = number.has_value();
    if (!is_fine) break;
    bool const is_last = i + 1 == words.size();
    numbers[is_last ? 2 : i] = *number;
  }
  auto const [first, step, last] = numbers;
  if (!is_fine || step == 0) {
    CO_TRY(co_await complain(call, "one to three whole numbers are wanted; see seq --help"));
    co_return status::usage;
  }
  for (i64 number = first; step > 0 ? number <= last : number >= last;) {
    co_await call.pace();
    CO_TRY(co_await print(*call.streams.out, "{}\n", number));
    if (__builtin_add_overflow(number, step, &number)) break;
  }
  co_return status::success;
}

}  // namespace nacre::shell::builtin
