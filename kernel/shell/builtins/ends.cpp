#include <algorithm>
#include <array>

#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/builtins/inputs.hpp"
#include "kernel/shell/line_reader.hpp"
#include "lib/base/try.hpp"
#include "lib/exec/wait.hpp"

/// The first and the last of files: `head`, `tail` and `tac`.
namespace nacre::shell::builtin {
namespace {

using Lines = base::Vector<base::String>;

/// How long `tail -f` waits until it looks again.
constexpr base::Duration follow_pause{250'000'000};
/// Blocks that are kept until it is looked what is too old.
constexpr usize most_kept_ahead = 4;

std::span<const u8> bytes_of(std::string_view text) {
  return {static_cast<const u8*>(static_cast<const void*>(text.data())), text.size()};
}
/// Where the last bytes or lines begin. What has no line feed at the end is a line, too.
usize start_of_last(std::string_view text, u64 count, bool by_bytes) {
  if (by_bytes) return text.size() - static_cast<usize>(std::min<u64>(count, text.size()));
  if (count == 0) return text.size();
  usize at = text.size();
  if (text.ends_with('\n')) --at;
  for (; at > 0; --at)
    if (text[at - 1] == '\n' && --count == 0) return at;
  return 0;
}

std::span<u8> bytes_of(std::span<char> text) {
  return {static_cast<u8*>(static_cast<void*>(text.data())), text.size()};
}

exec::Task<fs::Result<InputProblem>> show_first_lines(Invocation& call, fs::Stream& from,
                                                      u64 count) {
  std::array<char, 4096> buffer;
  while (count > 0) {
    co_await call.pace();
    auto const got = co_await from.read(bytes_of(std::span(buffer)));
    if (!got) co_return got.error();
    if (*got == 0) break;
    std::string_view const text(buffer.data(), *got);
    usize end = 0;
    while (count > 0 && end < text.size()) {
      usize const feed = text.find('\n', end);
      end = feed == text.npos ? text.size() : feed + 1;
      if (feed != text.npos) --count;
    }
    // What follows them is for the next reader, where that can be.
    if (fs::OpenFile* const file = from.as_file(); file != nullptr && end < text.size())
      static_cast<void>(
          file->seek(-static_cast<base::i64>(text.size() - end), fs::OpenFile::Whence::Current));
    CO_TRY(co_await fs::write_all(*call.streams.out, bytes_of(text.substr(0, end))));
  }
  co_return std::nullopt;
}

/// Copies at most so many bytes.
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

/// The last bytes or lines, of which it keeps no more than it has to.
exec::Task<fs::Result<InputProblem>> show_last(Invocation& call, fs::Stream& from, u64 count,
                                               bool by_bytes) {
  base::String kept;
  u64 feeds = 0;
  std::array<char, 4096> buffer;
  auto const is_enough = [&] { return by_bytes ? kept.size() > count : feeds > count; };
  for (;;) {
    auto const got = co_await from.read(bytes_of(std::span(buffer)));
    if (!got) co_return got.error();
    if (*got == 0) break;
    co_await call.pace();
    std::string_view const piece(buffer.data(), *got);
    CO_TRY(kept.append(piece));
    feeds += static_cast<u64>(std::ranges::count(piece, '\n'));
    // Now and then what is too old goes.
    if (kept.size() < most_kept_ahead * buffer.size() || !is_enough()) continue;
    usize const cut = start_of_last(kept, count, by_bytes);
    if (cut < kept.size() / 2) continue;
    feeds -= static_cast<u64>(std::ranges::count(kept.view().substr(0, cut), '\n'));
    kept.erase(0, cut);
  }
  CO_TRY(co_await fs::write_all(
      *call.streams.out, bytes_of(kept.view().substr(start_of_last(kept, count, by_bytes)))));
  co_return std::nullopt;
}

/// From a byte or line on, counted from 1.
exec::Task<fs::Result<InputProblem>> show_from(Invocation& call, fs::Stream& from, u64 first,
                                               bool by_bytes) {
  std::array<char, 4096> buffer;
  u64 skipped = first == 0 ? 0 : first - 1;
  for (;;) {
    auto const got = co_await from.read(bytes_of(std::span(buffer)));
    if (!got) co_return got.error();
    if (*got == 0) co_return std::nullopt;
    co_await call.pace();
    std::string_view text(buffer.data(), *got);
    if (by_bytes) {
      auto const count = static_cast<usize>(std::min<u64>(skipped, text.size()));
      text.remove_prefix(count);
      skipped -= count;
    }
    while (!by_bytes && skipped > 0 && !text.empty()) {
      usize const feed = text.find('\n');
      text.remove_prefix(feed == text.npos ? text.size() : feed + 1);
      if (feed != text.npos) --skipped;
    }
    CO_TRY(co_await fs::write_all(*call.streams.out, bytes_of(text)));
  }
}

/// What comes later, until the call is ended.
exec::Task<fs::Result<InputProblem>> follow(Invocation& call, fs::Stream& from) {
  for (;;) {
    CO_TRY(auto const problem, co_await show_first_bytes(call, from, UINT64_MAX));
    if (problem) co_return problem;
    co_await exec::sleep_for(follow_pause);
  }
}

/// A heading for each input where there are several, `-v` is given, and `-q` is not.
class Headings {
 public:
  Headings(const Invocation& call, const Options& options)
      : call_(call),
        are_shown_(!options.has('q') && (options.has('v') || options.operands().size() > 1)) {}

  exec::Task<fs::Result<void>> show(std::string_view name) {
    if (!are_shown_) co_return fs::Result<void>{};
    bool const is_first = std::exchange(is_first_, false);
    co_return co_await print(*call_.streams.out, "{}==> {} <==\n", is_first ? "" : "\n",
                             name == "-" ? "standard input" : name);
  }

 private:
  const Invocation& call_;
  bool are_shown_;
  bool is_first_ = true;
};

}  // namespace

exec::Task<fs::Result<int>> head(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  bool const by_bytes = options->value('c').has_value();
  CO_TRY(auto const count, co_await number_option(call, *options, by_bytes ? 'c' : 'n', 10));
  if (!count) co_return status::usage;
  Headings headings(call, *options);
  auto const show = [&](fs::Stream& from,
                        std::string_view name) -> exec::Task<fs::Result<InputProblem>> {
    CO_TRY(co_await headings.show(name));
    co_return co_await (by_bytes ? show_first_bytes : show_first_lines)(call, from, *count);
  };
  co_return co_await for_each_input(call, options->operands(), show);
}

exec::Task<fs::Result<int>> tail(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  bool const by_bytes = options->value('c').has_value();
  std::string_view text = options->value(by_bytes ? 'c' : 'n').value_or("10");
  bool const from_start = text.starts_with('+');
  if (from_start || text.starts_with('-')) text.remove_prefix(1);
  auto const count = parse_number(text);
  if (!count) {
    CO_TRY(base::String const shown, printable(text));
    CO_TRY(co_await complain(call, "{}: not a number", shown.view()));
    co_return status::usage;
  }
  Headings headings(call, *options);
  bool const follows = options->has('f') && options->operands().size() < 2;
  auto const show = [&](fs::Stream& from,
                        std::string_view name) -> exec::Task<fs::Result<InputProblem>> {
    CO_TRY(co_await headings.show(name));
    CO_TRY(auto const problem, from_start ? co_await show_from(call, from, *count, by_bytes)
                                          : co_await show_last(call, from, *count, by_bytes));
    if (problem || !follows) co_return problem;
    co_return co_await follow(call, from);
  };
  if (options->has('f') && !follows) {
    CO_TRY(co_await complain(call, "-f follows one file"));
    co_return status::usage;
  }
  co_return co_await for_each_input(call, options->operands(), show);
}

exec::Task<fs::Result<int>> tac(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  auto const show = [&](fs::Stream& from,
                        std::string_view) -> exec::Task<fs::Result<InputProblem>> {
    Lines lines;
    LineReader reader(from);
    for (;;) {
      co_await call.pace();
      auto const line = co_await reader.next();
      if (!line) co_return line.error();
      if (!*line) break;
      CO_TRY(base::String copy, base::String::create(**line));
      CO_TRY(lines.try_push_back(std::move(copy)));
    }
    for (usize i = lines.size(); i-- > 0;) {
      CO_TRY(co_await print(*call.streams.out, "{}\n", lines[i].view()));
    }
    co_return std::nullopt;
  };
  co_return co_await for_each_input(call, options->operands(), show);
}

}  // namespace nacre::shell::builtin
