#include <algorithm>
#include <array>

#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/builtins/inputs.hpp"
#include "kernel/shell/builtins/new_file.hpp"
#include "lib/base/try.hpp"

/// What takes text line by line.
namespace nacre::shell::builtin {
namespace {

std::span<const u8> bytes_of(std::string_view text) {
  return {static_cast<const u8*>(static_cast<const void*>(text.data())), text.size()};
}

[[clang::coro_wrapper]] exec::Task<fs::Result<void>> write_line(Invocation& call,
                                                                std::string_view line) {
  return write_text(*call.streams.out, base::format("{}\n", line));
}

/// `3`, `2-4`, `-3`, `5-`, with commas between them.
class Ranges {
 public:
  static std::expected<std::optional<Ranges>, base::OutOfMemory> create(std::string_view text) {
    Ranges ranges;
    for (std::string_view rest = text; !rest.empty();) {
      std::string_view const one = rest.substr(0, rest.find_first_of(", "));
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

/// Bytes, or characters of UTF-8.
std::expected<base::String, base::OutOfMemory> cut_line(std::string_view line, const Ranges& ranges,
                                                        bool by_characters) {
  base::String out;
  u64 number = 0;
  for (char const c : line) {
    bool const goes_on = by_characters && number > 0 && (static_cast<u8>(c) & 0xc0) == 0x80;
    if (!goes_on) ++number;
    if (ranges.contains(number)) {
      TRY(out.append(c));
    }
  }
  TRY(out.append('\n'));
  return out;
}

}  // namespace

exec::Task<fs::Result<int>> wc(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  struct Counts {
    u64 lines = 0;
    u64 words = 0;
    u64 bytes = 0;
    u64 characters = 0;
    u64 longest = 0;  // line, in characters
  };
  Counts total;
  bool const is_all = std::ranges::none_of(std::string_view("lwcmL"),
                                           [&](char letter) { return options->has(letter); });
  auto const show = [&](const Counts& counts,
                        std::string_view name) -> exec::Task<fs::Result<void>> {
    base::String text;
    base::StringSink sink(text);
    if (is_all || options->has('l')) base::format_to(sink, " {}", counts.lines);
    if (is_all || options->has('w')) base::format_to(sink, " {}", counts.words);
    if (options->has('m')) base::format_to(sink, " {}", counts.characters);
    if (is_all || options->has('c')) base::format_to(sink, " {}", counts.bytes);
    if (options->has('L')) base::format_to(sink, " {}", counts.longest);
    if (!options->operands().empty()) base::format_to(sink, " {}", name);
    sink.write("\n");
    CO_TRY(sink.result());
    co_return co_await fs::write_all(*call.streams.out, bytes_of(text.view().substr(1)));
  };
  auto const count = [&](fs::Stream& from,
                         std::string_view name) -> exec::Task<fs::Result<InputProblem>> {
    Counts counts;
    bool in_word = false;
    u64 line = 0;
    std::array<u8, 4096> buffer;
    for (;;) {
      auto const got = co_await from.read(buffer);
      if (!got) co_return got.error();
      if (*got == 0) break;
      co_await call.pace();
      counts.bytes += *got;
      for (u8 const byte : std::span(buffer).first(*got)) {
        bool const begins_character = (byte & 0xc0) != 0x80;
        counts.characters += begins_character ? 1 : 0;
        line = byte == '\n' ? 0 : line + (begins_character ? 1 : 0);
        counts.longest = std::max(counts.longest, line);
        if (byte == '\n') ++counts.lines;
        bool const is_space = byte == ' ' || (byte >= '\t' && byte <= '\r');
        if (!is_space && !in_word) ++counts.words;
        in_word = !is_space;
      }
    }
    total.lines += counts.lines;
    total.words += counts.words;
    total.bytes += counts.bytes;
    total.characters += counts.characters;
    total.longest = std::max(total.longest, counts.longest);
    CO_TRY(co_await show(counts, name));
    co_return std::nullopt;
  };
  CO_TRY(int const result, co_await for_each_input(call, options->operands(), count));
  if (options->operands().size() > 1) {
    CO_TRY(co_await show(total, "total"));
  }
  co_return result;
}

exec::Task<fs::Result<int>> uniq(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  CO_TRY(auto const fields, co_await number_option(call, *options, 'f', 0));
  CO_TRY(auto const skipped, co_await number_option(call, *options, 's', 0));
  if (!fields || !skipped) co_return status::usage;
  if (options->operands().size() > 2) {
    CO_TRY(co_await complain(call, "one input and one output at most; see uniq --help"));
    co_return status::usage;
  }
  // What counts of a line. [posix/xcu: "uniq"]
  auto const is_same = [&](std::string_view a, std::string_view b) {
    auto const rest = [&](std::string_view line) {
      for (u64 i = 0; i < *fields && !line.empty(); ++i) {
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        line.remove_prefix(std::min(line.find_first_of(" \t"), line.size()));
      }
      return line.substr(static_cast<usize>(std::min<u64>(*skipped, line.size())));
    };
    auto const lower = [&](char c) {
      return options->has('i') && c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    };
    return std::ranges::equal(rest(a), rest(b), {}, lower, lower);
  };
  // It may be the input, and stays as it was if that cannot be read.
  std::optional<NewFile> target;
  if (options->operands().size() == 2 && options->operands()[1] != "-") {
    CO_TRY(auto file,
           co_await NewFile::create(call.services.files, call.directory(), options->operands()[1]));
    target.emplace(std::move(file));
    call.streams.out = &target->file();
  }
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
    co_return co_await for_each_line(call, from,
                                     [&](std::string_view line) -> exec::Task<fs::Result<void>> {
                                       if (last && is_same(*last, line)) {
                                         ++times;
                                         co_return fs::Result<void>{};
                                       }
                                       CO_TRY(co_await show());
                                       CO_TRY(last, base::String::create(line));
                                       times = 1;
                                       co_return fs::Result<void>{};
                                     });
  };
  std::span<const base::String> const inputs =
      options->operands().first(std::min<usize>(options->operands().size(), 1));
  CO_TRY(int const result, co_await for_each_input(call, inputs, compare));
  CO_TRY(co_await show());
  if (target && result == status::success) {
    CO_TRY(co_await target->commit());
  }
  co_return result;
}

exec::Task<fs::Result<int>> cut(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  bool const by_fields = options->value('f').has_value();
  bool const by_characters = options->value('c').has_value();
  auto const list = options->value(by_fields ? 'f' : by_characters ? 'c' : 'b');
  CO_TRY(auto const ranges, Ranges::create(list.value_or("")));
  if (!ranges) {
    CO_TRY(co_await complain(call, "a list such as 1,3-5 is wanted; see cut --help"));
    co_return status::usage;
  }
  std::string_view const separator = options->value('d').value_or("\t");
  if (separator.size() != 1) {
    CO_TRY(co_await complain(call, "one character is wanted between fields; see cut --help"));
    co_return status::usage;
  }
  auto const show = [&](fs::Stream& from,
                        std::string_view) -> exec::Task<fs::Result<InputProblem>> {
    co_return co_await for_each_line(
        call, from, [&](std::string_view line) -> exec::Task<fs::Result<void>> {
          co_return co_await write_text(
              *call.streams.out, by_fields
                                     ? cut_fields(line, *ranges, separator[0], options->has('s'))
                                     : cut_line(line, *ranges, by_characters));
        });
  };
  co_return co_await for_each_input(call, options->operands(), show);
}

exec::Task<fs::Result<int>> tee(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  int result = status::success;
  struct Target {
    std::string_view path;
    std::optional<fs::OpenFile> file;  // nothing once it took no more
  };
  base::Vector<Target> targets;
  for (std::string_view const path : options->operands()) {
    fs::OpenOptions open{.access = {.read = false, .write = true}, .create = true};
    open.flags.append = options->has('a');
    open.truncate = !options->has('a');
    auto file = co_await call.services.files.open(call.directory(), path, open);
    if (file) {
      CO_TRY(targets.try_push_back({path, std::move(*file)}));
      continue;
    }
    if (file.error().kind == fs::ErrorKind::OutOfMemory) co_return std::unexpected(file.error());
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
    for (Target& target : targets) {
      if (!target.file) continue;
      auto const written = co_await fs::write_all(*target.file, bytes);
      if (written) continue;
      CO_TRY(co_await complain_about(call, target.path, written.error()));
      target.file.reset();
      result = status::failure;
    }
  }
}

}  // namespace nacre::shell::builtin
