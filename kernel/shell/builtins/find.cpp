#include <algorithm>
#include <array>

#include "kernel/fs/path.hpp"
#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/builtins/question.hpp"
#include "kernel/shell/builtins/walk.hpp"
#include "kernel/shell/interpreter.hpp"
#include "lib/base/try.hpp"
#include "lib/shell/pattern.hpp"

namespace nacre::shell::builtin {
namespace {

/// Expressions in parentheses stand in each other this deep at most.
constexpr usize max_parentheses = 20;
/// `-exec ... {} +` gives a command this many paths at a time.
constexpr usize most_paths = 256;
constexpr u64 minute_seconds = 60;
constexpr u64 day_seconds = 86'400;

/// A number with a sign that says what is compared: `+3` more, `-3` less, `3` as much.
struct Amount {
  char sign = '=';
  u64 number = 0;

  bool fits(u64 value) const {
    if (sign == '+') return value > number;
    if (sign == '-') return value < number;
    return value == number;
  }
};

/// One test or action, or what joins others.
struct Term {
  enum class Kind : u8 {
    Name,
    Path,
    Type,
    Size,
    Modified,
    Newer,
    Empty,
    True,
    Print,
    PrintZero,
    Delete,
    Prune,
    Quit,
    Execute,
    Not,
    And,
    Or,
  };
  Kind kind = Kind::True;
  std::string_view text{};
  bool ignores_case = false;
  Amount amount{};
  u64 unit = 1;  // of a size, or seconds of an age
  base::UnixTime time{};
  /// The words of a command, whether somebody is asked before, and whether it gets many paths at
  /// once.
  std::span<const base::String> command{};
  bool asks = false;
  bool gathers = false;
  usize gathered = 0;  // which of the lists
  /// Those that are joined, by their numbers.
  usize left = 0;
  usize right = 0;
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// One call of `find`. [posix/xcu: "find"]
class Search {
 public:
  explicit Search(Invocation& call) : call_(call), words_(call.arguments.subspan(1)) {}

  exec::Task<fs::Result<int>> run() {
    usize paths = 0;
    auto const begins_expression = [](std::string_view word) {
      return word.starts_with('-') || word == "!" || word == "(";
    };
    while (paths < words_.size() && !begins_expression(words_[paths])) ++paths;
    at_ = paths;
    CO_TRY(bool const is_fine, co_await parse());
    if (!is_fine) {
      CO_TRY(base::String const shown, printable(problem_));
      CO_TRY(co_await complain(call_, "{}: {}; see find --help", shown.view(), what_is_wrong_));
      co_return status::usage;
    }
    for (usize i = 0; i < std::max<usize>(paths, 1) && !quits_; ++i) {
      CO_TRY(co_await search(paths == 0 ? "." : words_[i].view()));
    }
    for (const Term& term : terms_) {
      if (!term.gathers) continue;
      CO_TRY(co_await run_gathered(term));
    }
    co_return result_;
  }

 private:
  using Kind = Term::Kind;

  std::string_view word() const { return at_ < words_.size() ? words_[at_].view() : ""; }
  bool set_problem(std::string_view about, std::string_view what) {
    if (what_is_wrong_.empty()) {
      problem_ = about;
      what_is_wrong_ = what;
    }
    return false;
  }
  fs::Result<usize> add(Term term) {
    TRY(terms_.try_push_back(term));
    return terms_.size() - 1;
  }

  exec::Task<fs::Result<bool>> parse() {
    usize root = 0;
    if (at_ < words_.size()) {
      CO_TRY(bool const is_fine, co_await disjunction(root));
      if (!is_fine) co_return false;
      if (at_ < words_.size()) co_return set_problem(word(), "this cannot stand here");
    } else {
      CO_TRY(root, add({}));
    }
    if (!acts_) {
      CO_TRY(usize const print, add({.kind = Kind::Print}));
      CO_TRY(root, add({.kind = Kind::And, .left = root, .right = print}));
    }
    root_ = root;
    co_return true;
  }

  exec::Task<fs::Result<bool>> disjunction(usize& into) {
    CO_TRY(bool is_fine, co_await conjunction(into));
    while (is_fine && (word() == "-o" || word() == "-or")) {
      ++at_;
      usize right = 0;
      CO_TRY(is_fine, co_await conjunction(right));
      CO_TRY(into, add({.kind = Kind::Or, .left = into, .right = right}));
    }
    co_return is_fine;
  }

  exec::Task<fs::Result<bool>> conjunction(usize& into) {
    CO_TRY(bool is_fine, co_await negation(into));
    while (is_fine && at_ < words_.size() && word() != ")" && word() != "-o" && word() != "-or") {
      if (word() == "-a" || word() == "-and") ++at_;
      usize right = 0;
      CO_TRY(is_fine, co_await negation(right));
      CO_TRY(into, add({.kind = Kind::And, .left = into, .right = right}));
    }
    co_return is_fine;
  }

  exec::Task<fs::Result<bool>> negation(usize& into) {
    bool is_negated = false;
    while (word() == "!" || word() == "-not") {
      is_negated = !is_negated;
      ++at_;
    }
    bool is_fine = false;
    if (word() == "(") {
      ++at_;
      if (++depth_ > max_parentheses) co_return set_problem("(", "too many parentheses");
      CO_TRY(is_fine, co_await disjunction(into));
      --depth_;
      if (is_fine && word() != ")") co_return set_problem("(", "a parenthesis is not closed");
      ++at_;
    } else {
      CO_TRY(is_fine, co_await primary(into));
    }
    if (is_fine && is_negated) {
      CO_TRY(into, add({.kind = Kind::Not, .left = into}));
    }
    co_return is_fine;
  }

  exec::Task<fs::Result<bool>> primary(usize& into) {
    std::string_view const name = word();
    if (name.empty()) co_return set_problem(name, "an expression is missing");
    ++at_;
    Term term;
    struct Alone {
      std::string_view name;
      Kind kind;
    };
    constexpr auto alone = std::to_array<Alone>({{"-print", Kind::Print},
                                                 {"-print0", Kind::PrintZero},
                                                 {"-delete", Kind::Delete},
                                                 {"-prune", Kind::Prune},
                                                 {"-quit", Kind::Quit},
                                                 {"-empty", Kind::Empty},
                                                 {"-true", Kind::True},
                                                 {"-depth", Kind::True}});
    auto const* const known = std::ranges::find(alone, name, &Alone::name);
    if (known != alone.end()) {
      term.kind = known->kind;
      bool const acts =
          term.kind == Kind::Print || term.kind == Kind::PrintZero || term.kind == Kind::Delete;
      acts_ = acts_ || acts;
      inside_first_ = inside_first_ || name == "-depth" || term.kind == Kind::Delete;
      CO_TRY(into, add(term));
      co_return true;
    }
    bool const executes = name == "-exec" || name == "-ok";
    if (executes) co_return co_await take_command(into, name == "-ok");
    bool const takes_value = std::ranges::contains(
        std::to_array<std::string_view>({"-name", "-iname", "-path", "-type", "-size", "-mtime",
                                         "-mmin", "-newer", "-maxdepth", "-mindepth"}),
        name);
    if (!takes_value) co_return set_problem(name, "no such test or action");
    if (at_ >= words_.size()) co_return set_problem(name, "a value is missing");
    std::string_view const value = words_[at_++];
    CO_TRY(bool const is_fine, co_await take_value(name, value, term));
    if (!is_fine) co_return set_problem(value, "not a value of this test");
    CO_TRY(into, add(term));
    co_return true;
  }

  exec::Task<fs::Result<bool>> take_value(std::string_view name, std::string_view value,
                                          Term& term) {
    term.text = value;
    if (name == "-name" || name == "-iname" || name == "-path") {
      term.kind = name == "-path" ? Kind::Path : Kind::Name;
      term.ignores_case = name == "-iname";
      co_return true;
    }
    if (name == "-type") {
      term.kind = Kind::Type;
      co_return value.size() == 1 && std::string_view("bcdflps").contains(value[0]);
    }
    if (name == "-newer") {
      auto const stat = co_await call_.services.files.stat(call_.directory(), value);
      if (!stat && stat.error().kind == fs::ErrorKind::OutOfMemory)
        co_return std::unexpected(stat.error());
      if (!stat) co_return set_problem(value, fs::describe(stat.error().kind));
      term.kind = Kind::Newer;
      term.time = stat->modified;
      co_return true;
    }
    if (name == "-maxdepth" || name == "-mindepth") {
      auto const depth = parse_number(value);
      if (!depth) co_return false;
      (name == "-maxdepth" ? max_depth_ : min_depth_) = *depth;
      co_return true;
    }
    if (value.starts_with('+') || value.starts_with('-')) {
      term.amount.sign = value[0];
      value.remove_prefix(1);
    }
    term.kind = name == "-size" ? Kind::Size : Kind::Modified;
    term.unit = name == "-mmin" ? minute_seconds : day_seconds;
    if (term.kind == Kind::Size) {
      // Blocks of 512 bytes, if no letter says something else.
      constexpr std::string_view letters = "bcwkMG";
      constexpr std::array<u64, 6> units{512, 1, 2, 1024, 1u << 20, 1u << 30};
      usize const letter = value.empty() ? letters.npos : letters.find(value.back());
      term.unit = letter == letters.npos ? units[0] : units[letter];
      if (letter != letters.npos) value.remove_suffix(1);
    }
    auto const number = parse_number(value);
    term.amount.number = number.value_or(0);
    co_return number.has_value();
  }

  /// Up to `;`, or `{} +`.
  exec::Task<fs::Result<bool>> take_command(usize& into, bool asks) {
    usize const start = at_;
    Term term{.kind = Kind::Execute, .asks = asks};
    for (; at_ < words_.size(); ++at_) {
      bool const gathers = word() == "+" && !asks && at_ > start + 1 && words_[at_ - 1] == "{}";
      if (word() != ";" && !gathers) continue;
      term.command = words_.subspan(start, at_ - start - (gathers ? 1 : 0));
      term.gathers = gathers;
      ++at_;
      if (term.command.empty()) break;
      acts_ = true;
      if (gathers) {
        term.gathered = gathered_.size();
        CO_TRY(gathered_.try_emplace_back());
      }
      CO_TRY(into, add(term));
      co_return true;
    }
    co_return set_problem(asks ? "-ok" : "-exec", "a command with ; or {} + behind it is wanted");
  }

  exec::Task<fs::Result<void>> search(std::string_view path) {
    Walk walk(call_, inside_first_);
    CO_TRY(co_await walk.begin(path));
    walk.set_limit(max_depth_);
    while (!quits_) {
      CO_TRY(auto visit, co_await walk.next());
      if (!visit) break;
      if (visit->depth < min_depth_ || visit->depth > max_depth_) continue;
      is_pruned_ = false;
      CO_TRY(co_await value_of(root_, *visit));
      if (is_pruned_) walk.skip_inside();
    }
    result_ = std::max(result_, walk.status());
    co_return fs::Result<void>{};
  }

  exec::Task<fs::Result<bool>> value_of(usize index, const Visit& visit) {
    const Term term = terms_[index];
    switch (term.kind) {
      case Kind::Not: {
        CO_TRY(bool const value, co_await value_of(term.left, visit));
        co_return !value;
      }
      case Kind::And:
      case Kind::Or: {
        CO_TRY(bool const value, co_await value_of(term.left, visit));
        if (quits_ || value == (term.kind == Kind::Or)) co_return value;
        co_return co_await value_of(term.right, visit);
      }
      case Kind::Name: {
        std::string_view const last = fs::last_name(visit.path);
        co_return matches(term, last.empty() ? visit.path.view() : last);
      }
      case Kind::Path: co_return matches(term, visit.path);
      case Kind::Type: co_return letter_of(visit.stat.type) == term.text[0];
      case Kind::Size: co_return term.amount.fits((visit.stat.size + term.unit - 1) / term.unit);
      case Kind::Modified: {
        base::i64 age = 0;
        // A time that lies too far away is of long ago, or to come.
        if (__builtin_sub_overflow(call_.services.system.now().seconds, visit.stat.modified.seconds,
                                   &age))
          age = visit.stat.modified.seconds < 0 ? INT64_MAX : 0;
        co_return term.amount.fits(static_cast<u64>(std::max<base::i64>(age, 0)) / term.unit);
      }
      case Kind::Newer: co_return visit.stat.modified > term.time;
      case Kind::Empty:
        co_return visit.stat.size == 0 &&
            (visit.stat.type == fs::NodeType::File || visit.stat.type == fs::NodeType::Directory);
      case Kind::True: co_return true;
      case Kind::Prune: is_pruned_ = true; co_return true;
      case Kind::Quit: quits_ = true; co_return true;
      case Kind::Print: {
        CO_TRY(co_await print(*call_.streams.out, "{}\n", visit.path.view()));
        co_return true;
      }
      case Kind::PrintZero: {
        CO_TRY(co_await print(*call_.streams.out, "{}{}", visit.path.view(), '\0'));
        co_return true;
      }
      case Kind::Delete: co_return co_await remove(visit);
      case Kind::Execute: co_return co_await execute(term, visit);
    }
    co_return false;
  }

  static char letter_of(fs::NodeType type) {
    switch (type) {
      case fs::NodeType::File: return 'f';
      case fs::NodeType::Directory: return 'd';
      case fs::NodeType::Symlink: return 'l';
      case fs::NodeType::CharacterDevice: return 'c';
    }
    return '?';
  }

  static fs::Result<bool> matches(const Term& term, std::string_view text) {
    base::String pattern_text;
    base::String lowered;
    TRY(pattern_text.append(term.text));
    if (!term.ignores_case) {
      TRY(auto pattern, Pattern::create(pattern_text));
      return pattern.matches(text);
    }
    pattern_text.clear();
    for (char const c : term.text) {
      TRY(pattern_text.append(lower(c)));
    }
    for (char const c : text) {
      TRY(lowered.append(lower(c)));
    }
    TRY(auto pattern, Pattern::create(pattern_text));
    return pattern.matches(lowered);
  }

  exec::Task<fs::Result<bool>> remove(const Visit& visit) {
    // Where one stands, or began, has no name to take away.
    std::string_view const name = fs::last_name(visit.path);
    if (name.empty() || name == "." || name == "..") co_return true;
    fs::Vfs& files = call_.services.files;
    auto const done = visit.stat.type == fs::NodeType::Directory
                          ? co_await files.remove_directory(call_.directory(), visit.path)
                          : co_await files.remove_file(call_.directory(), visit.path);
    if (done) co_return true;
    if (done.error().kind == fs::ErrorKind::OutOfMemory) co_return std::unexpected(done.error());
    result_ = status::failure;
    CO_TRY(co_await complain_about(call_, visit.path, done.error()));
    co_return false;
  }

  exec::Task<fs::Result<bool>> execute(const Term& term, const Visit& visit) {
    if (term.gathers) {
      auto& paths = gathered_[term.gathered];
      CO_TRY(base::String copy, visit.path.try_copy());
      CO_TRY(paths.try_push_back(std::move(copy)));
      if (paths.size() == most_paths) {
        CO_TRY(co_await run_gathered(term));
      }
      co_return true;
    }
    if (term.asks) {
      CO_TRY(base::String const what, printable(term.command[0]));
      CO_TRY(bool const is_wanted, co_await asks(call_, what, visit.path));
      if (!is_wanted) co_return false;
    }
    base::Vector<base::String> words;
    for (const base::String& one : term.command) {
      base::String text;
      for (std::string_view rest = one; !rest.empty();) {
        usize const at = std::min(rest.find("{}"), rest.size());
        CO_TRY(text.append(rest.substr(0, at)));
        rest.remove_prefix(at);
        if (rest.empty()) break;
        CO_TRY(text.append(visit.path));
        rest.remove_prefix(2);
      }
      CO_TRY(words.try_push_back(std::move(text)));
    }
    CO_TRY(int const status,
           co_await call_.interpreter.run_words({words.data(), words.size()}, false));
    co_return status == status::success;
  }

  exec::Task<fs::Result<void>> run_gathered(const Term& term) {
    base::Vector<base::String> words;
    base::Vector<base::String> paths = std::move(gathered_[term.gathered]);
    gathered_[term.gathered] = {};
    if (paths.empty()) co_return fs::Result<void>{};
    for (const base::String& one : term.command) {
      CO_TRY(base::String copy, one.try_copy());
      CO_TRY(words.try_push_back(std::move(copy)));
    }
    for (base::String& path : paths) {
      CO_TRY(words.try_push_back(std::move(path)));
    }
    CO_TRY(int const status,
           co_await call_.interpreter.run_words({words.data(), words.size()}, false));
    if (status != status::success) result_ = status::failure;
    co_return fs::Result<void>{};
  }

  Invocation& call_;
  std::span<const base::String> words_;
  usize at_ = 0;
  usize depth_ = 0;
  base::Vector<Term> terms_;
  base::Vector<base::Vector<base::String>> gathered_;
  usize root_ = 0;
  bool acts_ = false;
  bool inside_first_ = false;
  bool is_pruned_ = false;
  bool quits_ = false;
  u64 min_depth_ = 0;
  u64 max_depth_ = UINT64_MAX;
  int result_ = status::success;
  std::string_view problem_;
  std::string_view what_is_wrong_;
};

}  // namespace

exec::Task<fs::Result<int>> find(Invocation& call) {
  Search search(call);
  co_return co_await search.run();
}

}  // namespace nacre::shell::builtin
