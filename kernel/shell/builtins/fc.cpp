#include <algorithm>

#include "kernel/process/file_bytes.hpp"
#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/interpreter.hpp"
#include "lib/base/try.hpp"

/// What was entered, once more. [posix/xcu: "fc"]
namespace nacre::shell::builtin {
namespace {

/// How many lines `fc -l` shows if nothing else is said.
constexpr usize usual_count = 16;

struct Range {
  usize first;
  usize last;
};

/// The line that an operand means: its number, how many lines ago it was, or what it begins with.
std::optional<usize> find_line(const text::History& lines, usize size, std::string_view operand) {
  if (operand.starts_with('-') && operand.size() > 1) {
    auto const back = parse_number(operand.substr(1));
    if (!back || *back == 0) return std::nullopt;
    return size - static_cast<usize>(std::min<u64>(*back, size));
  }
  if (auto const number = parse_number(operand)) {
    if (*number == 0 || size == 0) return std::nullopt;
    return static_cast<usize>(std::min<u64>(*number, size)) - 1;
  }
  for (usize i = size; i-- > 0;)
    if (lines[i].starts_with(operand)) return i;
  return std::nullopt;
}

/// One call.
class Request {
 public:
  explicit Request(Invocation& call) : call_(call), lines_(*call.services.history) {
    // The call itself is the last line.
    size_ = lines_.size() == 0 ? 0 : lines_.size() - 1;
  }

  exec::Task<fs::Result<int>> run() {
    CO_TRY(bool const fine, co_await take_options());
    if (!fine) co_return status::usage;
    if (runs_again_) co_return co_await run_again();
    CO_TRY(auto const range, co_await range_of());
    if (!range) co_return status::failure;
    if (lists_) co_return co_await list(*range);
    co_return co_await edit(*range);
  }

 private:
  /// Numbers below zero are operands.
  exec::Task<fs::Result<bool>> take_options() {
    std::span<const base::String> words = call_.arguments.subspan(1);
    for (; !words.empty(); words = words.subspan(1)) {
      std::string_view const word = words[0];
      if (word.size() < 2 || word[0] != '-' || parse_number(word.substr(1))) break;
      if (word == "--") {
        words = words.subspan(1);
        break;
      }
      if (word == "-e" && words.size() > 1) {
        editor_ = words[1];
        words = words.subspan(1);
        continue;
      }
      for (char const letter : word.substr(1)) {
        bool* const option = letter == 'l'   ? &lists_
                             : letter == 'n' ? &hides_numbers_
                             : letter == 'r' ? &is_reversed_
                             : letter == 's' ? &runs_again_
                                             : nullptr;
        if (option == nullptr) {
          CO_TRY(co_await refuse(call_, {word, letter == 'e'}));
          co_return false;
        }
        *option = true;
      }
    }
    operands_ = words;
    co_return true;
  }

  exec::Task<fs::Result<std::optional<usize>>> line_of(std::string_view operand) {
    auto const found = find_line(lines_, size_, operand);
    if (!found || *found >= size_) {
      CO_TRY(base::String const shown, printable(operand));
      CO_TRY(co_await complain(call_, "{}: no such line", shown.view()));
      co_return std::nullopt;
    }
    co_return found;
  }

  exec::Task<fs::Result<std::optional<Range>>> range_of() {
    if (size_ == 0) {
      if (lists_) co_return Range{1, 0};
      CO_TRY(co_await complain(call_, "nothing was entered before"));
      co_return std::nullopt;
    }
    Range range{lists_ ? size_ - std::min(size_, usual_count) : size_ - 1, size_ - 1};
    if (!operands_.empty()) {
      CO_TRY(auto const first, co_await line_of(operands_[0]));
      if (!first) co_return std::nullopt;
      range.first = *first;
      if (!lists_) range.last = *first;
    }
    if (operands_.size() > 1) {
      CO_TRY(auto const last, co_await line_of(operands_[1]));
      if (!last) co_return std::nullopt;
      range.last = *last;
    }
    if (range.first > range.last) {
      std::swap(range.first, range.last);
      is_reversed_ = !is_reversed_;
    }
    co_return range;
  }

  template <class Visit>
  void for_each(Range range, Visit visit) const {
    for (usize i = range.first; i < range.last + 1; ++i)
      visit(is_reversed_ ? range.last - (i - range.first) : i);
  }

  exec::Task<fs::Result<int>> list(Range range) {
    base::String text;
    base::StringSink sink(text);
    for_each(range, [&](usize index) {
      if (!hides_numbers_) base::format_to(sink, "{}", index + 1);
      base::format_to(sink, "\t{}\n", lines_[index]);
    });
    CO_TRY(sink.result());
    CO_TRY(co_await write_text(*call_.streams.out, std::move(text)));
    co_return status::success;
  }

  /// Shows the commands, keeps them as entered instead of the call, and runs them.
  exec::Task<fs::Result<int>> run_text(std::string_view text) {
    CO_TRY(co_await print(*call_.streams.err, "{}\n", text));
    call_.services.history->drop_last();
    CO_TRY(call_.services.history->add(text));
    CO_TRY(int const status, co_await call_.interpreter.run_text(text));
    co_return status;
  }

  exec::Task<fs::Result<int>> run_again() {
    std::string_view change;
    if (!operands_.empty() && operands_[0].view().find('=') != std::string_view::npos) {
      change = operands_[0];
      operands_ = operands_.subspan(1);
    }
    CO_TRY(auto const range, co_await range_of());
    if (!range) co_return status::failure;
    std::string_view const line = lines_[range->first];
    base::String text;
    usize const equals = std::min(change.find('='), change.size());
    std::string_view const old = change.substr(0, equals);
    usize const at = old.empty() ? line.npos : line.find(old);
    if (at == line.npos) {
      CO_TRY(text.append(line));
    } else {
      CO_TRY(text.append(line.substr(0, at)));
      CO_TRY(text.append(change.substr(equals + 1)));
      CO_TRY(text.append(line.substr(at + old.size())));
    }
    co_return co_await run_text(text);
  }

  /// Has an editor change the lines, then runs them.
  exec::Task<fs::Result<int>> edit(Range range) {
    Variables& variables = call_.state.parameters.variables;
    CO_TRY(base::String const editor,
           base::String::create(editor_.empty() ? variables.value_or("FCEDIT", "") : editor_));
    if (editor.empty()) {
      CO_TRY(co_await complain(call_, "no editor is named, by -e or FCEDIT; fc -s needs none"));
      co_return status::failure;
    }
    std::array<base::String, 2> words;
    CO_TRY(words[0], editor.try_copy());
    CO_TRY(words[1], base::format("/tmp/fc.{}", call_.state.id.value));
    base::String edited;
    auto const done = co_await edit_file(words, range, edited);
    static_cast<void>(co_await call_.services.files.remove_file(call_.directory(), words[1]));
    if (!done && done.error().kind != fs::ErrorKind::OutOfMemory) {
      CO_TRY(co_await complain_about(call_, words[1], done.error()));
      co_return status::failure;
    }
    CO_TRY(int const status, done);
    if (status != status::success || edited.empty()) co_return status;
    co_return co_await run_text(
        edited.view().ends_with('\n') ? edited.view().substr(0, edited.size() - 1) : edited.view());
  }

  /// Runs the editor `words[0]` on a file with the lines, `words[1]`. Gives the status of the
  /// editor, and what the file holds then.
  exec::Task<fs::Result<int>> edit_file(std::span<const base::String> words, Range range,
                                        base::String& edited) {
    base::String text;
    base::StringSink sink(text);
    for_each(range, [&](usize index) { base::format_to(sink, "{}\n", lines_[index]); });
    CO_TRY(sink.result());
    fs::Vfs& files = call_.services.files;
    {
      CO_TRY(auto file,
             co_await files.open(
                 call_.directory(), words[1],
                 {.access = {.read = false, .write = true}, .create = true, .truncate = true}));
      CO_TRY(co_await write_text(file, std::move(text)));
    }
    CO_TRY(int const status, co_await call_.interpreter.run_words(words, true));
    CO_TRY(auto const bytes, co_await process::FileBytes::read(files, call_.directory(), words[1]));
    CO_TRY(edited.append(bytes.text()));
    co_return status;
  }

  Invocation& call_;
  const text::History& lines_;
  usize size_;
  std::span<const base::String> operands_;
  std::string_view editor_;
  bool lists_ = false;
  bool hides_numbers_ = false;
  bool is_reversed_ = false;
  bool runs_again_ = false;
};

}  // namespace

exec::Task<fs::Result<int>> fc(Invocation& call) {
  if (call.services.history == nullptr) {
    CO_TRY(co_await complain(call, "nobody enters lines here"));
    co_return status::failure;
  }
  Request request(call);
  co_return co_await request.run();
}

}  // namespace nacre::shell::builtin
