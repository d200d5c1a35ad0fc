#include <algorithm>
#include <array>

#include "kernel/shell/builtins/builtins.hpp"
#include "lib/base/try.hpp"
#include "lib/shell/characters.hpp"

namespace nacre::shell::builtin {
namespace {

/// Takes a byte of a set of `tr` off the front of `text`, which is not empty: as it is, or behind a
/// backslash.
char take_byte(std::string_view& text) {
  char c = text[0];
  text.remove_prefix(1);
  if (c != '\\' || text.empty()) return c;
  if (is_octal(text[0])) {
    unsigned value = 0;
    for (usize digits = 0; digits < 3 && !text.empty() && is_octal(text[0]); ++digits) {
      value = value * 8 + static_cast<unsigned>(text[0] - '0');
      text.remove_prefix(1);
    }
    return static_cast<char>(value & 0xff);
  }
  c = text[0];
  text.remove_prefix(1);
  constexpr std::string_view letters = "abfnrtv";
  constexpr std::string_view meanings = "\a\b\f\n\r\t\v";
  usize const at = letters.find(c);
  return at == letters.npos ? c : meanings[at];
}

/// `[x*3]`, or `[x*]` for as many as are missing.
struct Repetition {
  char byte = 0;
  u64 count = 0;  // 0 for what is missing
};
/// Takes one off the front of `text`, if there is one.
std::optional<Repetition> take_repetition(std::string_view& text) {
  std::string_view rest = text;
  if (rest.size() < 4 || rest[0] != '[') return std::nullopt;
  rest.remove_prefix(1);
  Repetition found{.byte = take_byte(rest)};
  if (!rest.starts_with('*')) return std::nullopt;
  rest.remove_prefix(1);
  u64 const base = rest.starts_with('0') ? 8 : 10;
  for (; !rest.empty() && rest[0] != ']'; rest.remove_prefix(1)) {
    auto const digit = static_cast<u64>(static_cast<u8>(rest[0])) - u64{'0'};
    if (digit >= base) return std::nullopt;
    found.count = std::min<u64>(found.count * base + digit, UINT32_MAX);
  }
  if (rest.empty()) return std::nullopt;
  text = rest.substr(1);
  return found;
}

/// The bytes that a set of `tr` names: `a-z`, `\n`, `[:digit:]`; with `wanted`, how many there are
/// to be, also `[x*3]` and, once, `[x*]`. Nothing if a range goes backwards. [posix/xcu: "tr"]
std::expected<std::optional<base::String>, base::OutOfMemory> set_of(
    std::string_view text, std::optional<usize> wanted = std::nullopt) {
  base::String set;
  while (!text.empty()) {
    struct Class {
      std::string_view name;
      std::array<std::string_view, 4> ranges;
    };
    constexpr auto classes = std::to_array<Class>({{"[:digit:]", {"09"}},
                                                   {"[:lower:]", {"az"}},
                                                   {"[:upper:]", {"AZ"}},
                                                   {"[:alpha:]", {"AZ", "az"}},
                                                   {"[:alnum:]", {"09", "AZ", "az"}},
                                                   {"[:space:]", {"\t\r", "  "}},
                                                   {"[:blank:]", {"\t\t", "  "}},
                                                   {"[:punct:]", {"!/", ":@", "[`", "{~"}},
                                                   {"[:xdigit:]", {"09", "AF", "af"}},
                                                   {"[:cntrl:]", {"\x01\x1f", "\x7f\x7f"}},
                                                   {"[:print:]", {" ~"}},
                                                   {"[:graph:]", {"!~"}}});
    const auto* const known =
        std::ranges::find_if(classes, [&](const Class& one) { return text.starts_with(one.name); });
    if (known != classes.end()) {
      for (std::string_view const range : known->ranges)
        for (int c = range.empty() ? 1 : range[0]; c <= (range.empty() ? 0 : range[1]); ++c) {
          TRY(set.append(static_cast<char>(c)));
        }
      text.remove_prefix(known->name.size());
      continue;
    }
    auto const repetition = wanted ? take_repetition(text) : std::nullopt;
    if (repetition) {
      usize const room = *wanted > set.size() ? *wanted - set.size() : 0;
      // More than there is room for means nothing.
      u64 count = std::min<u64>(repetition->count, std::max<usize>(room, 1));
      if (repetition->count == 0 && room > 0) {
        TRY(auto const rest, set_of(text, 0));
        if (!rest) return std::nullopt;
        count = room > rest->size() ? room - rest->size() : 0;
      }
      for (u64 i = 0; i < count; ++i) {
        TRY(set.append(repetition->byte));
      }
      continue;
    }
    char const first = take_byte(text);
    char last = first;
    if (text.size() > 1 && text[0] == '-') {
      text.remove_prefix(1);
      last = take_byte(text);
    }
    if (static_cast<u8>(last) < static_cast<u8>(first)) return std::nullopt;
    for (int c = static_cast<u8>(first); c <= static_cast<u8>(last); ++c) {
      TRY(set.append(static_cast<char>(c)));
    }
  }
  return set;
}

/// All bytes that are not in a set, in their order.
std::expected<base::String, base::OutOfMemory> all_but(std::string_view set) {
  base::String others;
  for (int c = 0; c < 256; ++c) {
    if (set.contains(static_cast<char>(c))) continue;
    TRY(others.append(static_cast<char>(c)));
  }
  return others;
}

}  // namespace

exec::Task<fs::Result<int>> tr(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  std::span<const base::String> const operands = options->operands();
  bool const deletes = options->has('d');
  if (operands.empty() || operands.size() > 2 ||
      (operands.size() == 1 && !deletes && !options->has('s'))) {
    CO_TRY(co_await complain(call, "two sets are wanted; see tr --help"));
    co_return status::usage;
  }
  CO_TRY(auto first, set_of(operands[0]));
  if (first && (options->has('c') || options->has('C'))) {
    CO_TRY(first, all_but(*first));
  }
  CO_TRY(auto const second, set_of(operands.size() > 1 ? operands[1].view() : "",
                                   first && !deletes ? first->size() : 0));
  if (!first || !second) {
    CO_TRY(co_await complain(call, "a range goes backwards; see tr --help"));
    co_return status::usage;
  }
  bool const has_second = !second->empty();
  if (operands.size() > 1 && !has_second && !deletes) {
    CO_TRY(co_await complain(call, "the second set is empty"));
    co_return status::usage;
  }
  // What becomes of each byte; below 0 it goes.
  std::array<int, 256> becomes;
  for (usize i = 0; i < becomes.size(); ++i) becomes[i] = static_cast<int>(i);
  for (usize i = 0; i < first->size(); ++i) {
    int& target = becomes[static_cast<u8>((*first)[i])];
    if (deletes)
      target = -1;
    else if (has_second)
      target = static_cast<u8>((*second)[std::min(i, second->size() - 1)]);
  }
  std::array<bool, 256> squeezes{};
  if (options->has('s'))
    for (char const c : (has_second ? *second : *first).view()) squeezes[static_cast<u8>(c)] = true;
  std::array<u8, 4096> buffer;
  int last = -1;
  for (;;) {
    CO_TRY(usize const got, co_await call.streams.in->read(buffer));
    if (got == 0) co_return status::success;
    co_await call.pace();
    usize kept = 0;
    for (u8 const byte : std::span(buffer).first(got)) {
      int const target = becomes[byte];
      if (target < 0) continue;
      if (target == last && squeezes[static_cast<usize>(target)]) continue;
      last = target;
      buffer[kept++] = static_cast<u8>(target);
    }
    CO_TRY(co_await fs::write_all(*call.streams.out, std::span(buffer).first(kept)));
  }
}

}  // namespace nacre::shell::builtin
