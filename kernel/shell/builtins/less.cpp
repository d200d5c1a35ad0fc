#include <algorithm>
#include <array>

#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/builtins/copy.hpp"
#include "kernel/shell/builtins/inputs.hpp"
#include "lib/base/try.hpp"
#include "lib/exec/wait.hpp"
#include "lib/text/pager.hpp"

namespace nacre::shell::builtin {
namespace {

using text::Pager;

/// A screen of its own, and keys as they are pressed. docs/terminal.md
constexpr std::string_view enter = "\x1b[?1049h\x1b[?6011h";
constexpr std::string_view leave = "\x1b[?6011l\x1b[?1049l\x1b[?25h";
constexpr u8 cancel_key = 'C' & 0x1f;
constexpr u8 stop_key = 'Z' & 0x1f;
constexpr u8 quit_key = 'q';
/// For so long nothing is told of what is being done.
constexpr base::Duration patience{200'000'000};
constexpr std::string_view no_memory = "There is no memory for more of it";

/// What the options say.
struct Settings {
  Pager::Options pager;
  bool leaves_what_fits = false;
  std::optional<std::string_view> pattern;
};

/// Which others there are to go to.
struct Neighbours {
  bool has_next;
  bool has_previous;
};

/// One text on the screen: brings the pager what it needs.
class Session {
 public:
  Session(Invocation& call, fs::Stream& from, std::string_view name, const Settings& settings,
          Neighbours neighbours)
      : call_(call),
        from_(from),
        terminal_(*call.streams.out),
        neighbours_(neighbours),
        leaves_what_fits_(settings.leaves_what_fits),
        pager_(name, settings.pager),
        shown_(call.services.executor.now()) {
    if (settings.pattern) pager_.search(*settings.pattern);
  }

  /// Until the person wants something else. `is_entered` tells whether the screen is the pager's.
  exec::Task<fs::Result<Pager::Wish>> run(bool& is_entered) {
    for (;;) {
      co_await call_.pace();
      auto const size = call_.services.tty->size();
      pager_.resize(size.columns, size.rows);
      Pager::Need const need = pager_.pursue();
      if (auto const key = next_key(need)) {
        CO_TRY(Pager::Wish const wish, co_await answer(*key, is_entered));
        if (wish != Pager::Wish::Nothing) co_return wish;
        continue;
      }
      bool const has_text = need == Pager::Need::Text && is_ready(from_);
      bool const is_busy = has_text || need == Pager::Need::Turn;
      if (leaves_what_fits_ && need == Pager::Need::Key) {
        if (pager_.shows_all()) {
          CO_TRY(co_await write_all_of_it());
          co_return Pager::Wish::NextText;
        }
        leaves_what_fits_ = false;
      }
      if (has_text) {
        CO_TRY(co_await take_text());
      }
      if (!leaves_what_fits_ && (is_busy ? takes_long() : !has_keys(is_entered))) {
        CO_TRY(co_await show(is_entered));
      }
      if (!is_busy) {
        CO_TRY(co_await wait(is_entered, need == Pager::Need::Text));
      }
      if (has_keys(is_entered)) {
        CO_TRY(co_await take_keys());
      }
    }
  }
  /// What is wrong with the text, if it ended for that.
  InputProblem problem() const { return problem_; }

 private:
  exec::Task<fs::Result<void>> take_text() {
    auto const count = co_await from_.read(buffer_);
    if (!count && count.error().kind != fs::ErrorKind::OutOfMemory) problem_ = count.error();
    if (count && *count != 0) {
      std::string_view const piece(static_cast<const char*>(static_cast<void*>(buffer_.data())),
                                   *count);
      if (pager_.text().append(piece)) co_return fs::Result<void>{};
    }
    pager_.text().end();
    if (problem_)
      pager_.say(describe(problem_->kind));
    else if (!count || *count != 0)
      pager_.say(no_memory);
    co_return fs::Result<void>{};
  }

  bool has_room_for_keys() const { return key_end_ < keys_.size(); }
  bool has_keys(bool is_entered) const {
    return is_entered && has_room_for_keys() && is_ready(terminal_);
  }
  exec::Task<fs::Result<void>> take_keys() {
    CO_TRY(usize const count, co_await terminal_.read(std::span(keys_).subspan(key_end_)));
    // Nobody is there any more.
    if (count == 0) keys_[key_end_] = quit_key;
    key_end_ += std::max<usize>(count, 1);
    co_return fs::Result<void>{};
  }
  /// The next key. While something is being done, it is one that ends that; the others wait.
  std::optional<u8> next_key(Pager::Need need) {
    if (need != Pager::Need::Key) {
      auto const waiting = std::span(keys_).first(key_end_).subspan(key_at_);
      auto const cancel = std::ranges::find(waiting, cancel_key);
      if (cancel != waiting.end())
        key_at_ += static_cast<usize>(cancel - waiting.begin());
      else if (waiting.empty() || waiting.front() != quit_key)
        return std::nullopt;
    }
    if (key_at_ == key_end_) return std::nullopt;
    u8 const key = keys_[key_at_++];
    if (key_at_ == key_end_) key_at_ = key_end_ = 0;
    return key;
  }
  exec::Task<fs::Result<Pager::Wish>> answer(u8 key, bool& is_entered) {
    if (key != stop_key) co_return possible(pager_.feed(key));
    CO_TRY(co_await stop(is_entered));
    co_return Pager::Wish::Nothing;
  }
  /// Whether it is time to show what is being done.
  bool takes_long() const { return call_.services.executor.now() - shown_ > patience; }

  /// Says so where there is no file to go to.
  Pager::Wish possible(Pager::Wish wish) {
    if (wish == Pager::Wish::NextText && !neighbours_.has_next) {
      pager_.say("This is the last file");
      return Pager::Wish::Nothing;
    }
    if (wish == Pager::Wish::PreviousText && !neighbours_.has_previous) {
      pager_.say("This is the first file");
      return Pager::Wish::Nothing;
    }
    return wish;
  }

  /// Gives the terminal to the shell, until somebody wants the pager again.
  exec::Task<fs::Result<void>> stop(bool& is_entered) {
    CO_TRY(co_await print(terminal_, "{}", leave));
    is_entered = false;
    call_.group.stop();
    co_await call_.pace();
    co_return fs::Result<void>{};
  }

  exec::Task<fs::Result<void>> show(bool& is_entered) {
    base::String drawn;
    base::StringSink sink(drawn);
    if (!is_entered) sink.write(enter);
    pager_.draw(sink);
    CO_TRY(sink.result());
    is_entered = true;
    CO_TRY(co_await write_text(terminal_, std::move(drawn)));
    shown_ = call_.services.executor.now();
    co_return fs::Result<void>{};
  }

  /// The text as it is.
  exec::Task<fs::Result<void>> write_all_of_it() {
    for (usize i = 0; i < pager_.text().line_count(); ++i) {
      CO_TRY(co_await print(terminal_, "{}\n", pager_.text().line(i)));
    }
    co_return fs::Result<void>{};
  }

  exec::Task<fs::Result<void>> wait(bool for_keys, bool for_text) {
    exec::WaitSet set;
    auto const add = [&](fs::Stream& stream) -> std::expected<void, base::OutOfMemory> {
      exec::WaitList* const list = stream.readiness_changed(fs::Direction::Read);
      return list == nullptr ? std::expected<void, base::OutOfMemory>{} : set.add(*list);
    };
    for_keys = for_keys && has_room_for_keys();
    if (for_keys) {
      CO_TRY(add(terminal_));
    }
    if (for_text) {
      CO_TRY(add(from_));
    }
    // What came while the screen was drawn has woken nobody.
    if ((for_keys && is_ready(terminal_)) || (for_text && is_ready(from_)))
      co_return fs::Result<void>{};
    co_await set.wait_until(base::Instant::never());
    co_return fs::Result<void>{};
  }

  static bool is_ready(const fs::Stream& stream) {
    return stream.readiness(fs::Direction::Read).ready;
  }

  Invocation& call_;
  fs::Stream& from_;
  fs::Stream& terminal_;
  Neighbours neighbours_;
  bool leaves_what_fits_;
  Pager pager_;
  InputProblem problem_;
  std::array<u8, 4096> buffer_;
  // Keys that were read and not yet answered, from `key_at_` to `key_end_`.
  std::array<u8, 64> keys_{};
  usize key_at_ = 0;
  usize key_end_ = 0;
  base::Instant shown_;
};

/// Shows one after another, until it is told to stop or has shown the last one.
exec::Task<fs::Result<int>> show_all(Invocation& call, std::span<const base::String> paths,
                                     const Settings& settings) {
  int result = status::success;
  bool is_entered = false;
  auto wish = Pager::Wish::NextText;
  usize const count = std::max<usize>(paths.size(), 1);
  for (usize i = 0; i < count && wish != Pager::Wish::Quit;
       wish == Pager::Wish::PreviousText ? --i : ++i) {
    std::string_view const path = paths.empty() ? "-" : paths[i].view();
    std::optional<fs::OpenFile> file;
    if (path != "-") {
      auto opened = co_await call.services.files.open(call.directory(), path);
      if (!opened) {
        if (std::exchange(is_entered, false)) {
          CO_TRY(co_await print(*call.streams.out, "{}", leave));
        }
        CO_TRY(co_await complain_about(call, path, opened.error()));
        result = status::failure;
        if (i == 0) wish = Pager::Wish::NextText;
        continue;
      }
      file.emplace(std::move(*opened));
    }
    Session session(call, file ? static_cast<fs::Stream&>(*file) : *call.streams.in,
                    path == "-" ? std::string_view("standard input") : path, settings,
                    {.has_next = i + 1 < count, .has_previous = i != 0});
    auto const ended = co_await session.run(is_entered);
    if (!ended || session.problem()) result = status::failure;
    if (!ended) {
      if (is_entered) {
        CO_TRY(co_await print(*call.streams.out, "{}", leave));
      }
      co_return std::unexpected(ended.error());
    }
    wish = *ended;
  }
  if (is_entered) {
    CO_TRY(co_await print(*call.streams.out, "{}", leave));
  }
  co_return result;
}

}  // namespace

exec::Task<fs::Result<int>> less(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  bool const is_seen = call.streams.out->is_terminal() && call.services.tty != nullptr;
  if (!is_seen) {
    co_return co_await for_each_input(
        call, options->operands(),
        [&](fs::Stream& from, std::string_view) -> exec::Task<fs::Result<InputProblem>> {
          co_return co_await copy(call, from);
        });
  }
  // The keys come from the terminal.
  bool const shows_input =
      options->operands().empty() ||
      std::ranges::find(options->operands(), "-", &base::String::view) != options->operands().end();
  if (shows_input && call.streams.in->is_terminal()) {
    CO_TRY(co_await complain(call, "a FILE is wanted, or a pipe into it"));
    co_return status::usage;
  }
  Settings const settings{.pager = {.ignores_case = options->has('i'),
                                    .numbers_lines = options->has('N'),
                                    .chops_lines = options->has('S')},
                          .leaves_what_fits = options->has('F'),
                          .pattern = options->value('p')};
  co_return co_await show_all(call, options->operands(), settings);
}

}  // namespace nacre::shell::builtin
