#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "lib/base/time.hpp"

namespace nacre::shell::builtin {

/// A point in time as the calendar has it, in UTC.
struct CalendarTime {
  base::i64 year = 1970;
  base::i64 month = 1;
  base::i64 day = 1;
  base::i64 hour = 0;
  base::i64 minute = 0;
  base::i64 second = 0;
  base::i64 weekday = 0;  // from Sunday
  base::i64 day_of_year = 1;
};

constexpr CalendarTime calendar_time(base::UnixTime time) {
  constexpr base::i64 day_seconds = 86'400;
  base::i64 days = time.seconds / day_seconds;
  base::i64 second = time.seconds % day_seconds;
  if (second < 0) {
    second += day_seconds;
    --days;
  }
  // Years that begin in March, in eras of 400 years, counted from 0000-03-01: the leap day ends
  // both.
  base::i64 const shifted = days + 719'468;
  base::i64 const era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
  base::i64 const day_of_era = shifted - era * 146'097;
  base::i64 const year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  base::i64 const day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  base::i64 const month = (5 * day_of_year + 2) / 153;  // 0 is March
  base::i64 const year = year_of_era + era * 400 + (month >= 10 ? 1 : 0);
  bool const is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return {
      .year = year,
      .month = month < 10 ? month + 3 : month - 9,
      .day = day_of_year - (153 * month + 2) / 5 + 1,
      .hour = second / 3'600,
      .minute = second / 60 % 60,
      .second = second % 60,
      .weekday = ((days + 4) % 7 + 7) % 7,
      .day_of_year = day_of_year < 306 ? day_of_year + 60 + (is_leap ? 1 : 0) : day_of_year - 305};
}
/// The point in time of a date, in UTC; nothing if there is no such day or time.
constexpr std::optional<base::UnixTime> unix_time(const CalendarTime& time) {
  bool const is_leap = time.year % 4 == 0 && (time.year % 100 != 0 || time.year % 400 == 0);
  constexpr std::array<base::i64, 12> lengths{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (time.month < 1 || time.month > 12 || time.day < 1 || time.year < 0 || time.year > 9999 ||
      time.hour > 23 || time.minute > 59 || time.second > 60)
    return std::nullopt;
  base::i64 const length =
      lengths[static_cast<base::usize>(time.month - 1)] + (is_leap && time.month == 2 ? 1 : 0);
  if (time.day > length) return std::nullopt;
  // As in `calendar_time`, backwards.
  base::i64 const year = time.month <= 2 ? time.year - 1 : time.year;
  base::i64 const era = (year >= 0 ? year : year - 399) / 400;
  base::i64 const year_of_era = year - era * 400;
  base::i64 const month = time.month > 2 ? time.month - 3 : time.month + 9;
  base::i64 const day_of_year = (153 * month + 2) / 5 + time.day - 1;
  base::i64 const days = era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
                         day_of_year - 719'468;
  return base::UnixTime{days * 86'400 + time.hour * 3'600 + time.minute * 60 + time.second};
}
static_assert(unix_time({.year = 2000, .month = 2, .day = 29})->seconds == 951'782'400);
static_assert(!unix_time({.year = 1900, .month = 2, .day = 29}));

/// Takes digits off the front of `text`; below 0 if there are not so many.
constexpr base::i64 take_digits(std::string_view& text, base::usize count) {
  base::i64 value = 0;
  for (base::usize i = 0; i < count; ++i) {
    if (i >= text.size() || text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

/// "2024-02-29", "2024-02-29 12:30:15", "2024-02-29T12:30Z", or "@SECONDS".
constexpr std::optional<base::UnixTime> parse_date(std::string_view text) {
  if (text.starts_with('@')) {
    text.remove_prefix(1);
    base::usize const size = text.size();
    if (size == 0 || size > 15) return std::nullopt;
    base::i64 const value = take_digits(text, size);
    return value < 0 ? std::nullopt : std::optional(base::UnixTime{value});
  }
  auto const take = [&](std::string_view mark) {
    if (text.empty() || !mark.contains(text[0])) return false;
    text.remove_prefix(1);
    return true;
  };
  CalendarTime time;
  time.year = take_digits(text, 4);
  if (!take("-")) return std::nullopt;
  time.month = take_digits(text, 2);
  if (!take("-")) return std::nullopt;
  time.day = take_digits(text, 2);
  if (take(" T")) {
    time.hour = take_digits(text, 2);
    if (!take(":")) return std::nullopt;
    time.minute = take_digits(text, 2);
    if (take(":")) time.second = take_digits(text, 2);
    take("Z");
  }
  bool const is_wrong = !text.empty() || time.hour < 0 || time.minute < 0 || time.second < 0;
  return is_wrong ? std::nullopt : unix_time(time);
}

/// "[[CC]YY]MMDDhhmm[.SS]"; without a year, that of `now`. [posix/xcu: "touch"]
constexpr std::optional<base::UnixTime> parse_stamp(std::string_view text, base::UnixTime now) {
  CalendarTime time;
  time.year = calendar_time(now).year;
  base::usize const digits = std::min(text.find('.'), text.size());
  if (digits == 12) time.year = take_digits(text, 4);
  if (digits == 10) {
    base::i64 const year = take_digits(text, 2);
    time.year = year < 69 ? year + 2000 : year + 1900;
  }
  if (digits != 8 && digits != 10 && digits != 12) return std::nullopt;
  time.month = take_digits(text, 2);
  time.day = take_digits(text, 2);
  time.hour = take_digits(text, 2);
  time.minute = take_digits(text, 2);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    time.second = take_digits(text, 2);
  }
  bool const is_wrong = !text.empty() || time.hour < 0 || time.minute < 0 || time.second < 0;
  return is_wrong ? std::nullopt : unix_time(time);
}

static_assert(calendar_time({}).weekday == 4 && calendar_time({}).day_of_year == 1);
static_assert(calendar_time({951'782'400}).day_of_year == 60);  // 2000-02-29

}  // namespace nacre::shell::builtin
