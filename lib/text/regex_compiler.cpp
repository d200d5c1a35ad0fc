#include <algorithm>
#include <array>

#include "lib/base/try.hpp"
#include "lib/text/regex.hpp"
#include "lib/text/utf8.hpp"

namespace nacre::text {
namespace {

/// [posix/xbd: "limits.h"]
constexpr u32 most_repetitions = 255;
constexpr char32_t last_codepoint = 0x10ffff;

struct ClassRange {
  std::string_view name;
  char32_t low;
  char32_t high;
};
/// Beyond ASCII everything is taken for a letter.
constexpr std::array classes = std::to_array<ClassRange>({
    {"alpha", 'A', 'Z'},
    {"alpha", 'a', 'z'},
    {"alpha", 0x80, last_codepoint},
    {"digit", '0', '9'},
    {"alnum", '0', '9'},
    {"alnum", 'A', 'Z'},
    {"alnum", 'a', 'z'},
    {"alnum", 0x80, last_codepoint},
    {"upper", 'A', 'Z'},
    {"lower", 'a', 'z'},
    {"space", '\t', '\r'},
    {"space", ' ', ' '},
    {"blank", '\t', '\t'},
    {"blank", ' ', ' '},
    {"punct", '!', '/'},
    {"punct", ':', '@'},
    {"punct", '[', '`'},
    {"punct", '{', '~'},
    {"print", ' ', '~'},
    {"print", 0x80, last_codepoint},
    {"graph", '!', '~'},
    {"graph", 0x80, last_codepoint},
    {"cntrl", 0, 0x1f},
    {"cntrl", 0x7f, 0x7f},
    {"xdigit", '0', '9'},
    {"xdigit", 'A', 'F'},
    {"xdigit", 'a', 'f'},
    // Of `\w`.
    {"word", '0', '9'},
    {"word", 'A', 'Z'},
    {"word", '_', '_'},
    {"word", 'a', 'z'},
    {"word", 0x80, last_codepoint},
});

}  // namespace

/// Goes through the expression once and emits instructions whose targets are relative, so that a
/// part can be copied where it is repeated.
class RegexCompiler {
 public:
  using Kind = RegexError::Kind;
  using Done = std::expected<void, RegexError>;

  RegexCompiler(std::string_view pattern, Regex::Options options)
      : pattern_(pattern), options_(options) {
    regex_.ignore_case_ = options.ignore_case;
  }

  std::expected<Regex, RegexError> run() {
    if (options_.syntax == Regex::Syntax::Fixed) {
      while (!at_end()) {
        TRY(emit_character());
      }
    } else {
      TRY(alternatives(0));
      if (!at_end()) return fail(Kind::UnopenedGroup, at_);
    }
    TRY(emit({.op = Op::Match}));
    TRY(regex_.prepare());
    return std::move(regex_);
  }

 private:
  using Op = Regex::Op;
  using Instruction = Regex::Instruction;

  static std::unexpected<RegexError> fail(Kind kind, usize offset) {
    return std::unexpected(RegexError(kind, offset));
  }
  bool is_extended() const { return options_.syntax == Regex::Syntax::Extended; }
  bool at_end() const { return at_ == pattern_.size(); }
  bool is_next(std::string_view text) const { return pattern_.substr(at_).starts_with(text); }
  bool take(std::string_view text) {
    if (!is_next(text)) return false;
    at_ += text.size();
    return true;
  }
  /// An operator that basic expressions write with a backslash.
  bool is_operator(char which) const {
    std::array const escaped{'\\', which};
    return is_extended() ? is_next({&which, 1}) : is_next({escaped.data(), 2});
  }
  bool take_operator(char which) {
    if (!is_operator(which)) return false;
    at_ += is_extended() ? 1 : 2;
    return true;
  }

  usize size() const { return regex_.program_.size(); }
  Done emit(Instruction instruction) {
    if (size() >= Regex::max_instructions) return fail(Kind::TooLarge, at_);
    TRY(regex_.program_.try_push_back(instruction));
    return {};
  }
  Done insert(usize index, Instruction instruction) {
    if (size() >= Regex::max_instructions) return fail(Kind::TooLarge, at_);
    TRY(regex_.program_.try_insert(index, instruction));
    return {};
  }
  Done add_range(char32_t low, char32_t high) {
    TRY(regex_.ranges_.try_push_back({low, high}));
    return {};
  }
  Done add_class(std::string_view name, usize offset) {
    bool found = false;
    for (const ClassRange& range : classes) {
      if (range.name != name) continue;
      found = true;
      TRY(add_range(range.low, range.high));
    }
    if (!found) return fail(Kind::BadClass, offset);
    return {};
  }
  Done emit_set(Op op, usize first_range) {
    usize const count = regex_.ranges_.size() - first_range;
    if (count > UINT16_MAX) return fail(Kind::TooLarge, at_);
    return emit(
        {.op = op, .count = static_cast<u16>(count), .value = static_cast<u32>(first_range)});
  }

  /// The character here; a byte that is no UTF-8 is one that cannot be met.
  char32_t take_character() {
    Utf8Decoder decoder;
    std::optional<char32_t> found;
    usize const begin = at_;
    while (!found && !at_end())
      decoder.feed(static_cast<u8>(pattern_[at_++]),
                   [&](char32_t c) { found = found.value_or(c); });
    if (found == replacement_character && !pattern_.substr(begin).starts_with("\xef\xbf\xbd"))
      at_ = begin + 1;
    return found.value_or(replacement_character);
  }
  Done emit_character() {
    char32_t const c = take_character();
    bool const is_upper = options_.ignore_case && c >= 'A' && c <= 'Z';
    return emit({.op = Op::Character, .value = is_upper ? c + ('a' - 'A') : c});
  }

  /// Branches up to the end of the group or of all.
  Done alternatives(usize depth) {
    if (depth > Regex::max_depth) return fail(Kind::TooDeep, at_);
    // Jumps from the ends of branches, each with the distance to the one before until all are
    // known.
    usize last_jump = 0;
    for (;;) {
      usize const start = size();
      TRY(branch(depth));
      if (!take_operator('|')) break;
      auto const length = static_cast<i32>(size() - start);
      TRY(insert(start, {.op = Op::Split, .first = 1, .second = length + 2}));
      TRY(emit({.op = Op::Jump, .first = static_cast<i32>(last_jump)}));
      last_jump = size() - 1;
    }
    while (last_jump != 0) {
      Instruction& jump = regex_.program_[last_jump];
      auto const before = static_cast<usize>(jump.first);
      jump.first = static_cast<i32>(size() - last_jump);
      last_jump = before;
    }
    return {};
  }

  Done branch(usize depth) {
    usize const begin = at_;
    while (!at_end() && !is_operator('|') && !(is_operator(')') && depth > 0)) {
      if (is_operator(')')) return fail(Kind::UnopenedGroup, at_);
      usize const start = size();
      TRY(bool const is_repeatable, atom(at_ == begin, depth));
      if (!is_repeatable) continue;
      TRY(repetitions(start));
    }
    return {};
  }

  /// Something that may be repeated, or an anchor, which is not in a basic expression.
  std::expected<bool, RegexError> atom(bool is_first, usize depth) {
    usize const offset = at_;
    if (is_next("^") && (is_extended() || is_first)) {
      ++at_;
      TRY(emit({.op = Op::LineStart}));
      return false;
    }
    if (is_next("$") && (is_extended() || ends_branch(at_ + 1))) {
      ++at_;
      TRY(emit({.op = Op::LineEnd}));
      return false;
    }
    if (take_operator('(')) {
      TRY(alternatives(depth + 1));
      if (!take_operator(')')) return fail(Kind::UnclosedGroup, offset);
      return true;
    }
    if (is_extended() && (is_next("*") || is_next("+") || is_next("?") || is_interval()))
      return fail(Kind::NothingToRepeat, at_);
    if (take(".")) {
      TRY(emit({.op = Op::Any}));
    } else if (is_next("[")) {
      TRY(bracket());
    } else if (is_next("\\")) {
      TRY(escape());
    } else {
      TRY(emit_character());
    }
    return true;
  }

  bool ends_branch(usize offset) const {
    std::string_view const rest = pattern_.substr(offset);
    return rest.empty() || rest.starts_with("\\)") || rest.starts_with("\\|");
  }

  Done escape() {
    usize const offset = at_++;
    if (at_end()) return fail(Kind::TrailingBackslash, offset);
    char const c = pattern_[at_];
    if (c >= '1' && c <= '9') return fail(Kind::BackReference, offset);
    if (!is_extended() && (c == '{' || c == '+' || c == '?'))
      return fail(Kind::NothingToRepeat, offset);
    auto const single = [&](Op op) {
      ++at_;
      return emit({.op = op});
    };
    switch (c) {
      case '<': return single(Op::WordStart);
      case '>': return single(Op::WordEnd);
      case 'b': return single(Op::WordBoundary);
      case 'w':
      case 'W': {
        ++at_;
        usize const first = regex_.ranges_.size();
        TRY(add_class("word", offset));
        return emit_set(c == 'w' ? Op::Set : Op::OtherThan, first);
      }
      default: return emit_character();
    }
  }

  Done bracket() {
    usize const offset = at_++;
    usize const first = regex_.ranges_.size();
    bool const is_negated = take("^");
    for (bool is_first = true;; is_first = false) {
      if (at_end()) return fail(Kind::UnclosedBracket, offset);
      if (!is_first && take("]")) break;
      if (is_next("[:")) {
        usize const name = at_ + 2;
        usize const end = pattern_.find(":]", name);
        if (end == std::string_view::npos) return fail(Kind::UnclosedBracket, offset);
        TRY(add_class(pattern_.substr(name, end - name), at_));
        at_ = end + 2;
        continue;
      }
      usize const range = at_;
      TRY(char32_t const low, bracket_character(offset));
      char32_t high = low;
      if (is_next("-") && !is_next("-]")) {
        ++at_;
        if (at_end()) return fail(Kind::UnclosedBracket, offset);
        TRY(high, bracket_character(offset));
      }
      if (high < low) return fail(Kind::BadRange, range);
      TRY(add_range(low, high));
    }
    return emit_set(is_negated ? Op::OtherThan : Op::Set, first);
  }

  /// A character, as it is or as `[.x.]` or `[=x=]`.
  std::expected<char32_t, RegexError> bracket_character(usize bracket_offset) {
    for (std::string_view const mark : {".]", "=]"}) {
      std::array const opening{'[', mark[0]};
      if (!is_next({opening.data(), 2})) continue;
      usize const offset = at_;
      at_ += 2;
      if (at_end()) return fail(Kind::UnclosedBracket, bracket_offset);
      char32_t const c = take_character();
      if (!take(mark)) return fail(Kind::BadClass, offset);
      return c;
    }
    return take_character();
  }

  /// Whether an interval follows; elsewhere a brace is a character.
  bool is_interval() const {
    if (!is_operator('{')) return false;
    usize const digit = at_ + (is_extended() ? 1 : 2);
    return !is_extended() || (digit < pattern_.size() && is_digit(pattern_[digit]));
  }
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  /// All that repeats what was emitted from `start` on.
  Done repetitions(usize start) {
    for (;;) {
      auto const length = static_cast<i32>(size() - start);
      if (take("*")) {
        TRY(insert(start, {.op = Op::Split, .first = 1, .second = length + 2}));
        TRY(emit({.op = Op::Jump, .first = -(length + 1)}));
      } else if (take_operator('+')) {
        TRY(emit({.op = Op::Split, .first = -length, .second = 1}));
      } else if (take_operator('?')) {
        TRY(insert(start, {.op = Op::Split, .first = 1, .second = length + 1}));
      } else if (is_interval()) {
        TRY(interval(start));
      } else {
        return {};
      }
    }
  }

  std::optional<u32> take_number() {
    std::optional<u32> number;
    while (!at_end() && is_digit(pattern_[at_])) {
      number = number.value_or(0) * 10 + static_cast<u32>(pattern_[at_++] - '0');
      if (*number > most_repetitions) number = most_repetitions + 1;
    }
    return number;
  }

  Done interval(usize start) {
    usize const offset = at_;
    take_operator('{');
    auto const least = take_number();
    auto most = least;
    if (take(",")) most = take_number();
    bool const is_unbounded = !most;
    if (!least || *least > most_repetitions ||
        (most && (*most > most_repetitions || *most < *least)) || !take_operator('}'))
      return fail(Kind::BadInterval, offset);
    base::Vector<Instruction> part;
    TRY(part.try_append(
        std::span<const Instruction>(regex_.program_.data(), size()).subspan(start)));
    auto const length = static_cast<i32>(part.size());
    auto const copy = [&]() -> Done {
      for (const Instruction& instruction : part) {
        TRY(emit(instruction));
      }
      return {};
    };
    regex_.program_.truncate(start);
    for (u32 i = 0; i < *least; ++i) {
      TRY(copy());
    }
    if (is_unbounded) {
      if (*least > 0) return emit({.op = Op::Split, .first = -length, .second = 1});
      TRY(emit({.op = Op::Split, .first = 1, .second = length + 2}));
      TRY(copy());
      return emit({.op = Op::Jump, .first = -(length + 1)});
    }
    for (u32 i = *least; i < *most; ++i) {
      TRY(emit({.op = Op::Split, .first = 1, .second = length + 1}));
      TRY(copy());
    }
    return {};
  }

  std::string_view pattern_;
  Regex::Options options_;
  Regex regex_;
  usize at_ = 0;
};

std::expected<Regex, RegexError> Regex::compile(std::string_view pattern, Options options) {
  return RegexCompiler(pattern, options).run();
}

}  // namespace nacre::text
