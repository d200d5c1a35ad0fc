#pragma once

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
static_assert(calendar_time({}).weekday == 4 && calendar_time({}).day_of_year == 1);
static_assert(calendar_time({951'782'400}).day_of_year == 60);  // 2000-02-29

}  // namespace nacre::shell::builtin
