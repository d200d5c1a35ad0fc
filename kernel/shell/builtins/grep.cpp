#include <algorithm>
#include <optional>

#include "kernel/process/file_bytes.hpp"
#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/builtins/inputs.hpp"
#include "kernel/shell/builtins/walk.hpp"
#include "kernel/shell/line_reader.hpp"
#include "lib/base/try.hpp"
#include "lib/shell/characters.hpp"
#include "lib/text/regex.hpp"

namespace nacre::shell::builtin {
namespace {

/// With no line found, and with something wrong. [posix/xcu: "grep"]
constexpr int nothing_found = 1;
constexpr int went_wrong = 2;

/// What is looked for: any of several patterns.
class Patterns {
 public:
  /// Adds each line of `text`. What is wrong with a pattern is told; then false.
  exec::Task<fs::Result<bool>> add(const Invocation& call, const Options& options,
                                   std::string_view text) {
    using Syntax = text::Regex::Syntax;
    for (bool goes_on = true; goes_on;) {
      std::string_view const line = text.substr(0, text.find('\n'));
      goes_on = line.size() < text.size();
      text.remove_prefix(std::min(line.size() + 1, text.size()));
      auto regex = text::Regex::compile(line, {.syntax = options.has('F')   ? Syntax::Fixed
                                                         : options.has('E') ? Syntax::Extended
                                                                            : Syntax::Basic,
                                               .ignore_case = options.has('i')});
      if (!regex) {
        if (regex.error().kind == text::RegexError::Kind::OutOfMemory)
          co_return fs::fail(fs::ErrorKind::OutOfMemory);
        CO_TRY(base::String const shown, printable(line));
        CO_TRY(co_await complain(call, "{}: at byte {}: {}", shown.view(), regex.error().offset + 1,
                                 describe(regex.error().kind)));
        co_return false;
      }
      CO_TRY(patterns_.try_push_back({std::move(*regex)}));
      // A line feed at the end ends the last one.
      if (text.empty()) goes_on = false;
    }
    co_return true;
  }

  using Found = text::Regex::Match;
  static usize next_character(std::string_view line, usize at) {
    do ++at;
    while (at < line.size() && (static_cast<u8>(line[at]) & 0xc0) == 0x80);
    return at;
  }
  /// The first place in `line`, from `from` on, and the longest there. Looks in one line begin at 0
  /// and go on from left to right.
  std::optional<Found> find(std::string_view line, usize from, const Options& options) {
    std::optional<Found> best;
    for (Pattern& pattern : patterns_) {
      // What was found before lies ahead, or there is nothing.
      bool const is_known = from != 0 && (!pattern.found || pattern.found->start >= from);
      if (!is_known) pattern.found = find_one(pattern.regex, line, from, options);
      auto const found = pattern.found;
      bool const is_better = found && (!best || found->start < best->start ||
                                       (found->start == best->start && found->size > best->size));
      if (is_better) best = found;
    }
    return best;
  }

 private:
  static std::optional<Found> find_one(text::Regex& regex, std::string_view line, usize from,
                                       const Options& options) {
    while (from <= line.size()) {
      auto const match = regex.find(line, from);
      if (!match) return std::nullopt;
      Found const found = *match;
      bool const is_whole_line = found.start == 0 && found.size == line.size();
      if (options.has('x') && !is_whole_line) return std::nullopt;
      if (!options.has('w') || is_word(line, found)) return found;
      from = next_character(line, found.start);
    }
    return std::nullopt;
  }
  static bool is_word(std::string_view line, Found found) {
    usize const end = found.start + found.size;
    return (found.start == 0 || !is_name_character(line[found.start - 1])) &&
           (end == line.size() || !is_name_character(line[end]));
  }

  struct Pattern {
    text::Regex regex;
    std::optional<Found> found{};
  };
  base::Vector<Pattern> patterns_;
};

/// One call of `grep`.
class Search {
 public:
  Search(Invocation& call, const Options& options, Patterns patterns, bool names_files)
      : call_(call), options_(options), patterns_(std::move(patterns)), names_files_(names_files) {}

  /// Sets how many lines are shown around what is found, and how many are found at most.
  void set_limits(u64 before, u64 after, u64 most) {
    before_ = before;
    after_ = after;
    most_ = most;
  }
  bool found_any() const { return found_any_; }

  /// Whether something was wrong with the input; the error is that of the output.
  exec::Task<fs::Result<InputProblem>> search(fs::Stream& from, std::string_view name) {
    LineReader lines(call_, from);
    number_ = 0;
    shown_ = 0;
    kept_.clear();
    oldest_kept_ = 0;
    u64 count = 0;
    u64 still_shown = 0;
    while (count < most_ || still_shown > 0) {
      co_await call_.pace();
      auto const line = co_await lines.next();
      if (!line) co_return line.error();
      if (!*line) break;
      ++number_;
      bool const is_found =
          count < most_ && patterns_.find(**line, 0, options_).has_value() != options_.has('v');
      if (is_found) {
        ++count;
        found_any_ = true;
        // Nothing more can change the answer.
        if (options_.has('q')) co_return std::nullopt;
        if (options_.has('l') || options_.has('L')) break;
        if (options_.has('c')) continue;
        CO_TRY(co_await show_kept(name));
        CO_TRY(co_await show(name, number_, **line, ':'));
        still_shown = after_;
      } else if (still_shown > 0) {
        --still_shown;
        CO_TRY(co_await show(name, number_, **line, '-'));
      } else if (before_ > 0) {
        CO_TRY(keep(**line));
      }
    }
    if (options_.has('l') || options_.has('L')) {
      if ((count > 0) == options_.has('l')) {
        CO_TRY(co_await print(*call_.streams.out, "{}\n", name));
      }
    } else if (options_.has('c') && !options_.has('q')) {
      CO_TRY(co_await print(*call_.streams.out, "{}{}{}\n", names_files_ ? name : "",
                            names_files_ ? ":" : "", count));
    }
    co_return std::nullopt;
  }

 private:
  /// In case that what follows is found; in place of the oldest, once there are enough.
  std::expected<void, base::OutOfMemory> keep(std::string_view line) {
    TRY(base::String copy, base::String::create(line));
    if (kept_.size() < before_) return kept_.try_push_back(std::move(copy));
    kept_[oldest_kept_] = std::move(copy);
    oldest_kept_ = (oldest_kept_ + 1) % kept_.size();
    return {};
  }

  exec::Task<fs::Result<void>> show_kept(std::string_view name) {
    u64 number = number_ - kept_.size();
    bool const is_apart = has_shown_ && (shown_ == 0 || shown_ + 1 < number);
    if (is_apart && (options_.has('A') || options_.has('B') || options_.has('C'))) {
      CO_TRY(co_await print(*call_.streams.out, "--\n"));
    }
    for (usize i = 0; i < kept_.size(); ++i) {
      CO_TRY(co_await show(name, number++, kept_[(oldest_kept_ + i) % kept_.size()], '-'));
    }
    kept_.clear();
    oldest_kept_ = 0;
    co_return fs::Result<void>{};
  }

  /// A line, or with `-o` what was found in it.
  exec::Task<fs::Result<void>> show(std::string_view name, u64 number, std::string_view line,
                                    char mark) {
    shown_ = number;
    has_shown_ = true;
    base::String text;
    base::StringSink sink(text);
    auto const begin = [&] {
      if (names_files_) base::format_to(sink, "{}{}", name, mark);
      if (options_.has('n')) base::format_to(sink, "{}{}", number, mark);
    };
    if (!options_.has('o')) {
      begin();
      base::format_to(sink, "{}\n", line);
    } else if (mark == ':' && !options_.has('v')) {
      for (usize at = 0; at <= line.size();) {
        co_await call_.pace();
        auto const found = patterns_.find(line, at, options_);
        if (!found) break;
        at = found->size > 0 ? found->start + found->size
                             : Patterns::next_character(line, found->start);
        if (found->size == 0) continue;
        begin();
        base::format_to(sink, "{}\n", line.substr(found->start, found->size));
      }
    }
    CO_TRY(sink.result());
    co_return co_await write_text(*call_.streams.out, std::move(text));
  }

  Invocation& call_;
  const Options& options_;
  Patterns patterns_;
  bool names_files_;
  bool found_any_ = false;
  u64 before_ = 0;
  u64 after_ = 0;
  u64 most_ = UINT64_MAX;
  u64 number_ = 0;
  u64 shown_ = 0;  // the last line of this file
  bool has_shown_ = false;
  base::Vector<base::String> kept_;  // those before, as a ring
  usize oldest_kept_ = 0;
};

/// Adds what `-e`, `-f` and the first operand say. False: it was refused.
exec::Task<fs::Result<bool>> gather_patterns(Invocation& call, const Options& options,
                                             std::span<const base::String>& files,
                                             Patterns& patterns) {
  base::Vector<std::string_view> texts;
  base::Vector<std::string_view> paths;
  bool is_full = false;
  auto const gather_into = [&](base::Vector<std::string_view>& values, char letter) {
    options.for_each_value(letter, [&](std::string_view value) {
      is_full = is_full || !values.try_push_back(value).has_value();
    });
  };
  gather_into(texts, 'e');
  gather_into(paths, 'f');
  if (is_full) co_return fs::fail(fs::ErrorKind::OutOfMemory);
  for (std::string_view const text : texts) {
    CO_TRY(bool const is_fine, co_await patterns.add(call, options, text));
    if (!is_fine) co_return false;
  }
  for (std::string_view const path : paths) {
    if (path == "-") {
      Lines lines;
      CO_TRY(auto const problem, co_await gather_lines(call, *call.streams.in, lines));
      if (problem) {
        CO_TRY(co_await complain_about(call, path, *problem));
        co_return false;
      }
      for (const base::String& line : lines) {
        CO_TRY(bool const is_fine, co_await patterns.add(call, options, line));
        if (!is_fine) co_return false;
      }
      continue;
    }
    auto const bytes =
        co_await process::FileBytes::read(call.services.files, call.directory(), path);
    if (!bytes) {
      CO_TRY(co_await complain_about(call, path, bytes.error()));
      co_return false;
    }
    if (bytes->text().empty()) continue;
    CO_TRY(bool const is_fine, co_await patterns.add(call, options, bytes->text()));
    if (!is_fine) co_return false;
  }
  if (!texts.empty() || !paths.empty()) co_return true;
  if (files.empty()) {
    CO_TRY(co_await complain(call, "a pattern is missing; see grep --help"));
    co_return false;
  }
  std::string_view const text = files[0];
  files = files.subspan(1);
  co_return co_await patterns.add(call, options, text);
}

}  // namespace

exec::Task<fs::Result<int>> grep(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) {
    CO_TRY(co_await refuse(call, options.error()));
    co_return went_wrong;
  }
  std::span<const base::String> files = options->operands();
  Patterns patterns;
  CO_TRY(bool const is_fine, co_await gather_patterns(call, *options, files, patterns));
  if (!is_fine) co_return went_wrong;
  CO_TRY(auto const around, co_await number_option(call, *options, 'C', 0));
  CO_TRY(auto const before, co_await number_option(call, *options, 'B', around.value_or(0)));
  CO_TRY(auto const after, co_await number_option(call, *options, 'A', around.value_or(0)));
  CO_TRY(auto const most, co_await number_option(call, *options, 'm', UINT64_MAX));
  if (!around || !before || !after || !most) co_return went_wrong;
  bool const is_deep = options->has('r');
  bool const names_files = (files.size() > 1 || is_deep || options->has('H')) && !options->has('h');
  Search search(call, *options, std::move(patterns), names_files);
  search.set_limits(*before, *after, *most);
  bool is_wrong = false;
  auto const tell = [&](std::string_view path, fs::Error error) -> exec::Task<fs::Result<void>> {
    is_wrong = true;
    if (error.kind == fs::ErrorKind::OutOfMemory) co_return std::unexpected(error);
    if (options->has('s')) co_return fs::Result<void>{};
    co_return co_await complain_about(call, path, error);
  };
  auto const search_file = [&](std::string_view path) -> exec::Task<fs::Result<void>> {
    InputProblem problem;
    auto file = co_await call.services.files.open(call.directory(), path);
    if (file) {
      CO_TRY(problem, co_await search.search(*file, path));
    } else {
      problem = file.error();
    }
    if (problem) co_return co_await tell(path, *problem);
    co_return fs::Result<void>{};
  };
  auto const search_tree = [&](std::string_view path) -> exec::Task<fs::Result<void>> {
    // A link that is named is followed, one that is found is not.
    CO_TRY(base::String start, base::String::create(path));
    auto const link =
        co_await call.services.files.read_link(call.directory(), path, {.follow_last = false});
    auto const target = co_await call.services.files.stat(call.directory(), path);
    if (target && target->type != fs::NodeType::Directory) co_return co_await search_file(path);
    if (link && target) {
      CO_TRY(start.append('/'));
    }
    Walk walk(call);
    CO_TRY(co_await walk.begin(start));
    for (;;) {
      CO_TRY(auto const visit, co_await walk.next());
      if (!visit) break;
      if (visit->stat.type != fs::NodeType::File) continue;
      std::string_view const found = visit->path;
      CO_TRY(co_await search_file(files.empty() ? found.substr(2) : found));
      if (options->has('q') && search.found_any()) break;
    }
    is_wrong = is_wrong || walk.status() != status::success;
    co_return fs::Result<void>{};
  };
  bool const from_input = files.empty() && !is_deep;
  for (usize i = 0; i < std::max<usize>(files.size(), 1); ++i) {
    std::string_view const path = from_input ? "-" : files.empty() ? "." : files[i].view();
    if (path == "-") {
      CO_TRY(InputProblem const problem,
             co_await search.search(*call.streams.in, "(standard input)"));
      if (problem) {
        CO_TRY(co_await tell(path, *problem));
      }
    } else if (is_deep) {
      CO_TRY(co_await search_tree(path));
    } else {
      CO_TRY(co_await search_file(path));
    }
    if (options->has('q') && search.found_any()) co_return status::success;
  }
  co_return is_wrong ? went_wrong : search.found_any() ? status::success : nothing_found;
}

}  // namespace nacre::shell::builtin
