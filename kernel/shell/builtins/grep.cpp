#include <algorithm>
#include <optional>

#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/line_reader.hpp"
#include "lib/base/try.hpp"
#include "lib/text/regex.hpp"

namespace nacre::shell::builtin {
namespace {

/// With no line found, and with something wrong. [posix/xcu: "grep"]
constexpr int nothing_found = 1;
constexpr int went_wrong = 2;

/// One call of `grep`.
class Search {
 public:
  Search(Invocation& call, const Options& options, text::Regex regex, bool names_files)
      : call_(call), options_(options), regex_(std::move(regex)), names_files_(names_files) {}

  bool found_any() const { return found_any_; }

  /// Whether something was wrong with the input; the error is that of the output.
  exec::Task<fs::Result<std::optional<fs::Error>>> search(fs::Stream& from, std::string_view name) {
    LineReader lines(from);
    u64 number = 0;
    u64 count = 0;
    for (;;) {
      co_await call_.pace();
      auto const line = co_await lines.next();
      if (!line) co_return line.error();
      if (!*line) break;
      ++number;
      if (is_wanted(**line) == options_.has('v')) continue;
      ++count;
      found_any_ = true;
      // Nothing more can change the answer.
      if (options_.has('q')) co_return std::nullopt;
      if (options_.has('l')) break;
      if (!options_.has('c')) {
        CO_TRY(co_await show(name, number, **line));
      }
    }
    if (options_.has('l')) {
      if (count > 0) {
        CO_TRY(co_await print(*call_.streams.out, "{}\n", name));
      }
    } else if (options_.has('c') && !options_.has('q')) {
      CO_TRY(co_await print(*call_.streams.out, "{}{}{}\n", names_files_ ? name : "",
                            names_files_ ? ":" : "", count));
    }
    co_return std::nullopt;
  }

 private:
  bool is_wanted(std::string_view line) {
    auto const match = regex_.find(line);
    return match && (!options_.has('x') || (match->start == 0 && match->size == line.size()));
  }

  exec::Task<fs::Result<void>> show(std::string_view name, u64 number, std::string_view line) {
    base::String text;
    base::StringSink sink(text);
    if (names_files_) base::format_to(sink, "{}:", name);
    if (options_.has('n')) base::format_to(sink, "{}:", number);
    base::format_to(sink, "{}\n", line);
    CO_TRY(sink.result());
    co_return co_await write_text(*call_.streams.out, std::move(text));
  }

  Invocation& call_;
  const Options& options_;
  text::Regex regex_;
  bool names_files_;
  bool found_any_ = false;
};

}  // namespace

exec::Task<fs::Result<int>> grep(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) {
    CO_TRY(co_await refuse(call, options.error()));
    co_return went_wrong;
  }
  std::span<const base::String> files = options->operands();
  if (!options->value('e') && files.empty()) {
    CO_TRY(co_await complain(call, "a pattern is missing; see grep --help"));
    co_return went_wrong;
  }
  std::string_view const pattern = options->value('e') ? *options->value('e') : files[0].view();
  if (!options->value('e')) files = files.subspan(1);
  using Syntax = text::Regex::Syntax;
  auto regex = text::Regex::compile(pattern, {.syntax = options->has('F')   ? Syntax::Fixed
                                                        : options->has('E') ? Syntax::Extended
                                                                            : Syntax::Basic,
                                              .ignore_case = options->has('i')});
  if (!regex) {
    if (regex.error().kind == text::RegexError::Kind::OutOfMemory)
      co_return fs::fail(fs::ErrorKind::OutOfMemory);
    CO_TRY(base::String const shown, printable(pattern));
    CO_TRY(co_await complain(call, "{}: at byte {}: {}", shown.view(), regex.error().offset + 1,
                             describe(regex.error().kind)));
    co_return went_wrong;
  }
  Search search(call, *options, std::move(*regex), files.size() > 1);
  bool is_wrong = false;
  for (usize i = 0; i < std::max<usize>(files.size(), 1); ++i) {
    std::string_view const path = files.empty() ? "-" : files[i].view();
    std::optional<fs::Error> problem;
    if (path == "-") {
      CO_TRY(problem, co_await search.search(*call.streams.in, "(input)"));
    } else {
      auto file = co_await call.services.files.open(call.directory(), path);
      if (file) {
        CO_TRY(problem, co_await search.search(*file, path));
      } else {
        problem = file.error();
      }
    }
    if (problem) {
      CO_TRY(co_await complain_about(call, path, *problem));
      is_wrong = true;
    }
    if (options->has('q') && search.found_any()) co_return status::success;
  }
  co_return is_wrong ? went_wrong : search.found_any() ? status::success : nothing_found;
}

}  // namespace nacre::shell::builtin
