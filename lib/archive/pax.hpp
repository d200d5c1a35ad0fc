#pragma once

#include <array>
#include <expected>
#include <optional>
#include <string_view>

#include "lib/base/time.hpp"
#include "lib/base/types.hpp"

namespace nacre::archive {

using base::i64;
using base::u64;
using base::usize;

/// The records of a pax extended header, `LENGTH KEYWORD=VALUE\n` each. Borrowed.
/// [posix/xcu: "pax Extended Header"]
class PaxRecords {
 public:
  struct Record {
    std::string_view keyword;
    std::string_view value;
  };
  /// A record that is not formed so; what follows it cannot be told apart either.
  struct Malformed {
    usize offset;
  };

  constexpr explicit PaxRecords(std::string_view text) : text_(text) {}

  /// The next record, or nothing at the end.
  constexpr std::expected<std::optional<Record>, Malformed> next() {
    // Some writers count the NULs that fill up the block.
    if (at_ < text_.size() && text_[at_] == 0) at_ = text_.size();
    if (at_ == text_.size()) return std::nullopt;
    std::string_view const rest = text_.substr(at_);
    usize length = 0;
    usize digits = 0;
    while (digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9') {
      length = length * 10 + static_cast<usize>(rest[digits++] - '0');
      if (length > rest.size()) return std::unexpected(Malformed{at_});
    }
    if (digits == 0 || digits == rest.size() || rest[digits] != ' ' || length < digits + 3 ||
        rest[length - 1] != '\n')
      return std::unexpected(Malformed{at_});
    std::string_view const body = rest.substr(digits + 1, length - digits - 2);
    usize const equals = body.find('=');
    if (equals == std::string_view::npos || equals == 0) return std::unexpected(Malformed{at_});
    at_ += length;
    return Record{body.substr(0, equals), body.substr(equals + 1)};
  }

 private:
  std::string_view text_;
  usize at_ = 0;
};
static_assert(PaxRecords("12 path=a=b\n").next().value()->value == "a=b");
static_assert(PaxRecords("12 path=a=b\n\0\0").next().value()->keyword == "path");
static_assert(!PaxRecords("11 path=a=b\n").next() && !PaxRecords("99 path=a\n").next() &&
              !PaxRecords("0 a=b\n").next() && !PaxRecords("5 ab\n").next());

/// A decimal number with no sign in front of it but `-`; empty when it is none or does not fit.
constexpr std::optional<i64> parse_pax_integer(std::string_view text) {
  bool const negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  i64 value = 0;
  for (char const c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    if (__builtin_mul_overflow(value, 10, &value) || __builtin_sub_overflow(value, c - '0', &value))
      return std::nullopt;
  }
  // Counted downwards, because the smallest number has no positive counterpart.
  if (negative) return value;
  if (value == INT64_MIN) return std::nullopt;
  return -value;
}
static_assert(parse_pax_integer("9223372036854775807") == INT64_MAX &&
              parse_pax_integer("-9223372036854775808") == INT64_MIN &&
              !parse_pax_integer("9223372036854775808") && !parse_pax_integer("+1") &&
              !parse_pax_integer("-"));

/// Seconds with an optional fraction, of which nine digits are kept.
constexpr std::optional<base::UnixTime> parse_pax_time(std::string_view text) {
  usize const point = text.find('.');
  auto const seconds = parse_pax_integer(text.substr(0, point));
  if (!seconds) return std::nullopt;
  base::UnixTime time{*seconds, 0};
  if (point == std::string_view::npos) return time;
  base::u32 unit = 100'000'000;
  for (char const c : text.substr(point + 1)) {
    if (c < '0' || c > '9') return std::nullopt;
    time.nanoseconds += static_cast<base::u32>(c - '0') * unit;
    unit /= 10;
  }
  // The fraction points away from zero, nanoseconds always forward.
  if (text.starts_with('-') && time.nanoseconds != 0) {
    if (time.seconds == INT64_MIN) return std::nullopt;
    time.nanoseconds = 1'000'000'000 - time.nanoseconds;
    --time.seconds;
  }
  return time;
}
static_assert(parse_pax_time("12.5") == base::UnixTime{12, 500'000'000} &&
              parse_pax_time("-1.25") == base::UnixTime{-2, 750'000'000} && !parse_pax_time("1.x"));

/// What extended headers say about members: the keywords that this reader knows. An empty value
/// takes back what an outer header said. Values are borrowed.
class PaxFields {
 public:
  enum class Keyword : base::u8 {
    Path,
    LinkPath,
    Size,
    ModificationTime,
    UserId,
    GroupId,
    UserName,
    GroupName,
    SparseName,
    SparseMap,
    SparseMajor,   // version 1: the map stands in front of the data
    SparseSize,    // of the whole file
    SparseOffset,  // some record of a map of version 0.0
    SunHoles,      // a map of another kind, which is not read
  };
  static constexpr usize keyword_count = 14;

  /// The keyword's meaning here; empty for those that say nothing to this reader (access times,
  /// extended attributes, comments).
  static constexpr std::optional<Keyword> find(std::string_view keyword) {
    constexpr std::array<std::string_view, keyword_count> names{"path",
                                                                "linkpath",
                                                                "size",
                                                                "mtime",
                                                                "uid",
                                                                "gid",
                                                                "uname",
                                                                "gname",
                                                                "GNU.sparse.name",
                                                                "GNU.sparse.map",
                                                                "GNU.sparse.major",
                                                                "GNU.sparse.realsize",
                                                                "GNU.sparse.offset",
                                                                "SUN.holesdata"};
    for (usize i = 0; i < names.size(); ++i)
      if (keyword == names[i]) return static_cast<Keyword>(i);
    // What version 1 calls the real size.
    if (keyword == "GNU.sparse.size") return Keyword::SparseSize;
    return std::nullopt;
  }
  constexpr void set(Keyword keyword, std::string_view value) {
    values_[static_cast<usize>(keyword)] = value;
    any_ = true;
  }
  /// Empty when no record of this header has the keyword.
  constexpr std::optional<std::string_view> get(Keyword keyword) const {
    return values_[static_cast<usize>(keyword)];
  }
  constexpr bool any() const { return any_; }
  /// Cheap when nothing was set.
  constexpr void clear() {
    if (any_) *this = PaxFields();
  }

 private:
  std::array<std::optional<std::string_view>, keyword_count> values_{};
  bool any_ = false;
};

}  // namespace nacre::archive
