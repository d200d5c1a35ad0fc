#include "lib/text/regex.hpp"

#include <algorithm>

#include "lib/base/try.hpp"
#include "lib/text/first_character.hpp"
#include "lib/text/utf8.hpp"

namespace nacre::text {
namespace {

constexpr bool is_word(char byte) {
  auto const c = static_cast<u8>(byte);
  return c >= 0x80 || c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
         (c >= 'a' && c <= 'z');
}

constexpr char32_t lower(char32_t c) { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c; }
constexpr char32_t upper(char32_t c) { return c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c; }

}  // namespace

std::string_view describe(RegexError::Kind kind) {
  using enum RegexError::Kind;
  switch (kind) {
    case UnclosedGroup: return "a group is not closed";
    case UnopenedGroup: return "a group is closed that was not opened";
    case UnclosedBracket: return "a bracket is not closed";
    case BadRange: return "a range ends before it begins";
    case BadClass: return "there is no such class of characters";
    case BadInterval: return "not a number of repetitions, or more than 255";
    case NothingToRepeat: return "there is nothing to repeat";
    case TrailingBackslash: return "it ends with a backslash";
    case BackReference: return "back-references are not supported";
    case TooDeep: return "groups are nested too deep";
    case TooLarge: return "it is too large";
    case OutOfMemory: return "out of memory";
  }
  return "";
}

std::expected<void, base::OutOfMemory> Regex::prepare() {
  for (Threads* const threads : {&now_, &next_}) {
    TRY(threads->starts.try_resize(program_.size()));
    std::ranges::fill(threads->starts, none);
    TRY(threads->active.try_reserve(program_.size()));
  }
  // Each instruction waits once for each of the two that lead to it, at most.
  return pending_.try_reserve(2 * program_.size() + 1);
}

bool Regex::accepts(const Instruction& instruction, char32_t character) const {
  auto const in_set = [&](char32_t c) {
    return std::ranges::any_of(
        std::span(ranges_.data(), ranges_.size()).subspan(instruction.value, instruction.count),
        [c](const Range& range) { return range.low <= c && c <= range.high; });
  };
  switch (instruction.op) {
    case Op::Character: return (ignore_case_ ? lower(character) : character) == instruction.value;
    case Op::Any: return true;
    case Op::Set:
    case Op::OtherThan: {
      bool const found = in_set(character) ||
                         (ignore_case_ && (in_set(lower(character)) || in_set(upper(character))));
      return found == (instruction.op == Op::Set);
    }
    default: return false;
  }
}

/// A thread at `instruction`, and at all that can be reached from there without a character.
void Regex::add(Threads& threads, u32 instruction, usize start, std::string_view text, usize at) {
  pending_.clear();
  pending_.push_back_reserved(instruction);
  bool const word_before = at > 0 && is_word(text[at - 1]);
  bool const word_behind = at < text.size() && is_word(text[at]);
  while (!pending_.empty()) {
    u32 const index = pending_.back();
    pending_.pop_back();
    usize& known = threads.starts[index];
    if (known <= start) continue;
    if (known == none) threads.active.push_back_reserved(index);
    known = start;
    Instruction const& here = program_[index];
    auto const go = [&](i32 distance) {
      pending_.push_back_reserved(static_cast<u32>(static_cast<i32>(index) + distance));
    };
    switch (here.op) {
      case Op::Jump: go(here.first); break;
      case Op::Split:
        go(here.first);
        go(here.second);
        break;
      case Op::LineStart:
        if (at == 0) go(1);
        break;
      case Op::LineEnd:
        if (at == text.size()) go(1);
        break;
      case Op::WordStart:
        if (!word_before && word_behind) go(1);
        break;
      case Op::WordEnd:
        if (word_before && !word_behind) go(1);
        break;
      case Op::WordBoundary:
        if (word_before != word_behind) go(1);
        break;
      default: break;
    }
  }
}

std::optional<Regex::Match> Regex::find(std::string_view text, usize from) {
  std::optional<Match> best;
  auto const clear = [](Threads& threads) {
    for (u32 const index : threads.active) threads.starts[index] = none;
    threads.active.clear();
  };
  for (usize at = from;;) {
    // Who began earlier keeps its place: the first match counts.
    if (!best) add(now_, 0, at, text, at);
    auto const [character, size] =
        at < text.size() ? first_character(text.substr(at)) : Decoded{0, 0};
    for (u32 const index : now_.active) {
      usize const start = now_.starts[index];
      if (best && start > best->start) continue;
      if (program_[index].op == Op::Match)
        best = Match{start, at - start};
      else if (size != 0 && accepts(program_[index], character))
        add(next_, index + 1, start, text, at + size);
    }
    clear(now_);
    std::swap(now_, next_);
    if (size == 0 || (best && now_.active.empty())) break;
    at += size;
  }
  clear(now_);
  return best;
}

}  // namespace nacre::text
