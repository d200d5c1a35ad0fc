#include <array>

#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/builtins/inputs.hpp"
#include "kernel/shell/interpreter.hpp"
#include "kernel/shell/streams.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell::builtin {
namespace {

/// Words and bytes that a command gets at most.
constexpr u64 most_words = 512;
constexpr usize most_bytes = 65'536;
/// Statuses of its own, and the one of a command that has it end at once. [posix/xcu: "xargs"]
constexpr int some_failed = 123;
constexpr int was_told_to_end = 124;
constexpr int tells_to_end = 255;

/// What words end with: blanks and line feeds, line feeds alone, or NULs. But for the last, quotes
/// and backslashes keep what is in them.
enum class WordEnd : u8 { Blank, Line, Nul };

/// The words of a stream.
class WordReader {
 public:
  WordReader(Invocation& call, WordEnd word_end) : call_(call), word_end_(word_end) {}

  /// A quote is not closed in its line: then there are no more words.
  bool has_open_quote() const { return quote_ != 0; }
  /// The next word; nothing at the end.
  exec::Task<fs::Result<std::optional<base::String>>> next() {
    base::String word;
    bool is_word = false;
    for (;;) {
      if (at_ == end_) {
        co_await call_.pace();
        CO_TRY(end_, co_await call_.streams.in->read(buffer_));
        at_ = 0;
        if (end_ == 0) break;
      }
      char const c = static_cast<char>(buffer_[at_++]);
      if (word_end_ == WordEnd::Nul) {
        if (c == 0) co_return word;
        is_word = true;
        CO_TRY(word.append(c));
        continue;
      }
      if (after_backslash_) {
        after_backslash_ = false;
        is_word = true;
        CO_TRY(word.append(c));
      } else if (quote_ != 0) {
        if (c == quote_) {
          quote_ = 0;
        } else if (c == '\n') {
          co_return std::nullopt;
        } else {
          CO_TRY(word.append(c));
        }
      } else if (c == '\'' || c == '"') {
        quote_ = c;
        is_word = true;
      } else if (c == '\\') {
        after_backslash_ = true;
      } else if (c == '\n' || (is_blank(c) && (word_end_ == WordEnd::Blank || !is_word))) {
        if (is_word) co_return word;
      } else {
        is_word = true;
        CO_TRY(word.append(c));
      }
    }
    if (!is_word || has_open_quote()) co_return std::nullopt;
    co_return word;
  }

 private:
  static bool is_blank(char c) { return c == ' ' || c == '\t'; }

  Invocation& call_;
  WordEnd word_end_;
  std::array<u8, 512> buffer_;
  usize at_ = 0;
  usize end_ = 0;
  char quote_ = 0;
  bool after_backslash_ = false;
};

/// Has nothing to read in place of the input, as long as it lives: what is there is not for the
/// commands.
class WithoutInput {
 public:
  static std::expected<WithoutInput, base::OutOfMemory> create(Descriptors& descriptors) {
    TRY(SharedStream nothing, own(NullStream{}));
    WithoutInput without(descriptors);
    descriptors.set(0, std::move(nothing));
    return without;
  }
  WithoutInput(WithoutInput&& other) noexcept
      : descriptors_(std::exchange(other.descriptors_, nullptr)), input_(std::move(other.input_)) {}
  WithoutInput& operator=(WithoutInput&&) = delete;
  ~WithoutInput() {
    if (descriptors_ != nullptr) descriptors_->set(0, std::move(input_));
  }

 private:
  explicit WithoutInput(Descriptors& descriptors)
      : descriptors_(&descriptors), input_(descriptors.shared(0)) {}

  Descriptors* descriptors_;
  SharedStream input_;
};

/// A command that gets words until it has enough.
class Batch {
 public:
  Batch(Invocation& call, std::span<const base::String> command, std::string_view mark)
      : call_(call), command_(command), mark_(mark) {}

  usize size() const { return words_.size(); }
  bool is_full(std::string_view word) const { return bytes_ + word.size() + 1 > most_bytes; }
  std::expected<void, base::OutOfMemory> add(base::String word) {
    bytes_ += word.size() + 1;
    return words_.try_push_back(std::move(word));
  }
  exec::Task<fs::Result<int>> run() {
    base::Vector<base::String> words;
    if (command_.empty()) {
      CO_TRY(base::String echo, base::String::create("echo"));
      CO_TRY(words.try_push_back(std::move(echo)));
    }
    for (const base::String& one : command_) {
      CO_TRY(base::String text, mark_.empty() ? one.try_copy() : replaced(one));
      CO_TRY(words.try_push_back(std::move(text)));
    }
    for (base::String& word : words_) {
      if (!mark_.empty()) break;
      CO_TRY(words.try_push_back(std::move(word)));
    }
    words_.clear();
    bytes_ = 0;
    CO_TRY(auto const without_input, WithoutInput::create(call_.state.descriptors));
    CO_TRY(int const status,
           co_await call_.interpreter.run_words({words.data(), words.size()}, false));
    co_return status;
  }

 private:
  /// With the first word in place of each mark.
  std::expected<base::String, base::OutOfMemory> replaced(std::string_view text) const {
    base::String result;
    for (;;) {
      usize const at = std::min(text.find(mark_), text.size());
      TRY(result.append(text.substr(0, at)));
      if (at == text.size()) return result;
      TRY(result.append(words_[0]));
      text.remove_prefix(at + mark_.size());
    }
  }

  Invocation& call_;
  std::span<const base::String> command_;
  std::string_view mark_;
  base::Vector<base::String> words_;
  usize bytes_ = 0;
};

}  // namespace

exec::Task<fs::Result<int>> xargs(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  std::string_view const mark = options->value('I').value_or("");
  CO_TRY(auto most, co_await number_option(call, *options, 'n', most_words));
  if (!most) co_return status::usage;
  if (*most == 0) {
    CO_TRY(co_await complain(call, "one word at a time is the least; see xargs --help"));
    co_return status::usage;
  }
  if (!mark.empty()) most = 1;
  WordReader words(call, options->has('0') ? WordEnd::Nul
                         : mark.empty()    ? WordEnd::Blank
                                           : WordEnd::Line);
  Batch batch(call, options->operands(), mark);
  int result = status::success;
  bool has_run = false;
  // False: nothing more is to be run.
  auto const run = [&]() -> exec::Task<fs::Result<bool>> {
    has_run = true;
    CO_TRY(int const status, co_await batch.run());
    if (status == status::success) co_return true;
    bool const cannot_run = status == status::not_found || status == status::cannot_execute;
    result = cannot_run ? status : status == tells_to_end ? was_told_to_end : some_failed;
    if (status == tells_to_end) {
      CO_TRY(co_await complain(call, "the command ended with {}: nothing more is run", status));
    }
    co_return result == some_failed;
  };
  for (;;) {
    co_await call.pace();
    CO_TRY(auto word, co_await words.next());
    if (!word || call.state.is_leaving()) break;
    if (batch.size() > 0 && batch.is_full(*word)) {
      CO_TRY(bool const goes_on, co_await run());
      if (!goes_on) co_return result;
    }
    CO_TRY(batch.add(std::move(*word)));
    if (batch.size() >= *most) {
      CO_TRY(bool const goes_on, co_await run());
      if (!goes_on) co_return result;
    }
  }
  if (words.has_open_quote()) {
    CO_TRY(co_await complain(call, "a quote is not closed"));
    co_return status::failure;
  }
  bool const runs_empty = !has_run && !options->has('r') && mark.empty();
  if (batch.size() > 0 || runs_empty) {
    CO_TRY(co_await run());
  }
  co_return result;
}

}  // namespace nacre::shell::builtin
