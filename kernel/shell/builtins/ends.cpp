#include <algorithm>
#include <array>

#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/builtins/inputs.hpp"
#include "lib/base/try.hpp"
#include "lib/exec/wait.hpp"

/// The first and the last of files: `head`, `tail` and `tac`.
namespace nacre::shell::builtin {
namespace {

/// How long `tail -f` waits until it looks again.
constexpr base::Duration follow_pause{250'000'000};
/// Bytes that are kept until it is looked what is too old.
constexpr usize kept_ahead = 16'384;

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

/// Reads to the end and has the last bytes or lines in `kept`, and meanwhile not much more. Those
/// before are written, if they are `wanted`.
exec::Task<fs::Result<InputProblem>> keep_last(Invocation& call, fs::Stream& from, u64 count,
                                               bool by_bytes, bool wanted, base::String& kept) {
  auto const let_go = [&]() -> exec::Task<fs::Result<void>> {
    usize const cut = start_of_last(kept, count, by_bytes);
    if (wanted) {
      CO_TRY(co_await fs::write_all(*call.streams.out, bytes_of(kept.view().substr(0, cut))));
    }
    kept.erase(0, cut);
    co_return fs::Result<void>{};
  };
  // Twice as much as was needed at the last look, so that looking takes no longer than reading.
  usize next_look = kept_ahead;
  std::array<char, 4096> buffer;
  for (;;) {
    auto const got = co_await from.read(bytes_of(std::span(buffer)));
    if (!got) co_return got.error();
    if (*got == 0) break;
    co_await call.pace();
    CO_TRY(kept.append(std::string_view(buffer.data(), *got)));
    if (kept.size() < next_look) continue;
    CO_TRY(co_await let_go());
    next_look = std::max(kept_ahead, 2 * kept.size());
  }
  CO_TRY(co_await let_go());
  co_return std::nullopt;
}

exec::Task<fs::Result<InputProblem>> show_last(Invocation& call, fs::Stream& from, u64 count,
                                               bool by_bytes) {
  base::String kept;
  CO_TRY(auto const problem, co_await keep_last(call, from, count, by_bytes, false, kept));
  if (problem) co_return problem;
  CO_TRY(co_await fs::write_all(*call.streams.out, bytes_of(kept)));
  co_return std::nullopt;
}

/// All but the last.
exec::Task<fs::Result<InputProblem>> show_before_last(Invocation& call, fs::Stream& from, u64 count,
                                                      bool by_bytes) {
  base::String kept;
  co_return co_await keep_last(call, from, count, by_bytes, true, kept);
}

/// The value of `-n` or `-c`, which may have a sign.
struct Count {
  char sign = 0;
  u64 number = 0;
};
exec::Task<fs::Result<std::optional<Count>>> count_option(const Invocation& call,
                                                          const Options& options, char letter) {
  std::string_view text = options.value(letter).value_or("10");
  Count count;
  if (text.starts_with('+') || text.starts_with('-')) {
    count.sign = text[0];
    text.remove_prefix(1);
  }
  if (auto const number = parse_number(text)) {
    count.number = *number;
    co_return count;
  }
  CO_TRY(base::String const shown, printable(text));
  CO_TRY(co_await complain(call, "{}: not a number", shown.view()));
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

/// What comes later, until the call is ended. What is no file comes once.
exec::Task<fs::Result<InputProblem>> follow(Invocation& call, fs::Stream& from) {
  if (from.as_file() == nullptr) co_return std::nullopt;
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
  CO_TRY(auto const count, co_await count_option(call, *options, by_bytes ? 'c' : 'n'));
  if (!count) co_return status::usage;
  Headings headings(call, *options);
  auto const show = [&](fs::Stream& from,
                        std::string_view name) -> exec::Task<fs::Result<InputProblem>> {
    CO_TRY(co_await headings.show(name));
    if (count->sign == '-')
      co_return co_await show_before_last(call, from, count->number, by_bytes);
    co_return co_await (by_bytes ? show_first_bytes : show_first_lines)(call, from, count->number);
  };
  co_return co_await for_each_input(call, options->operands(), show);
}

exec::Task<fs::Result<int>> tail(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  bool const by_bytes = options->value('c').has_value();
  CO_TRY(auto const count, co_await count_option(call, *options, by_bytes ? 'c' : 'n'));
  if (!count) co_return status::usage;
  Headings headings(call, *options);
  bool const follows = options->has('f') && options->operands().size() < 2;
  auto const show = [&](fs::Stream& from,
                        std::string_view name) -> exec::Task<fs::Result<InputProblem>> {
    CO_TRY(co_await headings.show(name));
    CO_TRY(auto const problem, co_await (count->sign == '+' ? show_from : show_last)(
                                   call, from, count->number, by_bytes));
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
    CO_TRY(auto const problem, co_await gather_lines(call, from, lines));
    if (problem) co_return problem;
    for (usize i = lines.size(); i-- > 0;) {
      co_await call.pace();
      CO_TRY(co_await print(*call.streams.out, "{}\n", lines[i].view()));
    }
    co_return std::nullopt;
  };
  co_return co_await for_each_input(call, options->operands(), show);
}

}  // namespace nacre::shell::builtin
