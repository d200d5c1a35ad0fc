#pragma once

#include <array>
#include <expected>
#include <optional>

#include "kernel/hw/cmos.hpp"
#include "kernel/hw/port.hpp"
#include "lib/base/time.hpp"
#include "lib/base/types.hpp"

namespace nacre::drivers {

/// A date and time of day in UTC.
struct CalendarTime {
  base::u32 year = 1970;
  base::u8 month = 1, day = 1, hour = 0, minute = 0, second = 0;
  friend constexpr bool operator==(const CalendarTime&, const CalendarTime&) = default;
};

constexpr bool is_leap_year(base::u32 year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}
constexpr base::u8 days_in_month(base::u32 year, base::u8 month) {
  constexpr std::array<base::u8, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return static_cast<base::u8>(days[month - 1u] + (month == 2 && is_leap_year(year) ? 1 : 0));
}
/// `time` is a valid date from 1970 on.
constexpr base::UnixTime unix_time(const CalendarTime& time) {
  base::u64 const past = time.year - 1u;
  base::u64 days = past * 365 + past / 4 - past / 100 + past / 400 - 719'162;
  for (base::u8 month = 1; month < time.month; ++month) days += days_in_month(time.year, month);
  days += time.day - 1u;
  base::u64 const seconds = ((days * 24 + time.hour) * 60 + time.minute) * 60 + time.second;
  return {static_cast<base::i64>(seconds), 0};
}
static_assert(unix_time({}).seconds == 0);
static_assert(unix_time({2000, 3, 1, 0, 0, 0}).seconds == 951'868'800);
static_assert(unix_time({2038, 1, 19, 3, 14, 8}).seconds == base::i64{1} << 31);

/// `NotPresent`: nothing answers, or it never stops updating. `BadDate`: what it holds is no date,
/// as with an empty battery.
enum class RtcError : base::u8 { NotPresent, BadDate };

/// Reads the date from the real-time clock, which is taken to run in UTC. `century_register` is
/// where ACPI says that the century is, or zero. Boot or task context; takes up to two milliseconds
/// while the clock updates itself.
template <hw::PortAccess Io = hw::PortIo>
std::expected<CalendarTime, RtcError> read_rtc(base::u8 century_register, Io io = {}) {
  using namespace hw::cmos;
  using base::u8;
  auto const read = [&](u8 index) {
    io.out8(index_port, index);
    return io.in8(data_port);
  };
  auto const read_index = [&](Index index) { return read(static_cast<u8>(index)); };
  using Raw = std::array<u8, 7>;
  auto const read_raw = [&]() -> Raw {
    return {read_index(Index::Seconds),
            read_index(Index::Minutes),
            read_index(Index::Hours),
            read_index(Index::Day),
            read_index(Index::Month),
            read_index(Index::Year),
            century_register == 0 ? u8{0} : read(century_register)};
  };
  auto const updating = [&] {
    return StatusA::from(read_index(StatusA::index)).template get<StatusA::UpdateInProgress>();
  };

  // An update may begin between any two reads: two equal readings in a row are one.
  std::optional<Raw> agreed;
  for (int attempt = 0; attempt < 10'000 && !agreed; ++attempt) {
    if (updating()) continue;
    Raw const first = read_raw();
    if (!updating() && read_raw() == first) agreed = first;
  }
  if (!agreed) return std::unexpected(RtcError::NotPresent);

  auto const mode = StatusB::from(read_index(StatusB::index));
  bool valid = true;
  auto const number = [&](u8 raw) {
    if (mode.template get<StatusB::Binary>()) return raw;
    valid = valid && (raw & 0xf) < 10 && raw >> 4 < 10;
    return static_cast<u8>((raw >> 4) * 10 + (raw & 0xf));
  };
  auto const [second, minute, hour, day, month, year, century] = *agreed;
  CalendarTime time;
  time.second = number(second);
  time.minute = number(minute);
  time.hour = number(hour & static_cast<u8>(~afternoon));
  time.day = number(day);
  time.month = number(month);
  u8 const short_year = number(year);
  u8 const hundreds = century_register == 0 ? u8{0} : number(century);
  bool const has_century = hundreds >= 19 && hundreds < 30;
  time.year =
      has_century ? hundreds * 100u + short_year : (short_year < 70 ? 2000u : 1900u) + short_year;
  if (!mode.template get<StatusB::Hours24>()) {
    valid = valid && time.hour >= 1 && time.hour <= 12;
    time.hour = static_cast<u8>(time.hour % 12 + ((hour & afternoon) != 0 ? 12 : 0));
  }
  valid = valid && short_year < 100 && time.year >= 1970 && time.month >= 1 && time.month <= 12 &&
          time.hour < 24 && time.minute < 60 && time.second < 61;
  if (!valid || time.day < 1 || time.day > days_in_month(time.year, time.month))
    return std::unexpected(RtcError::BadDate);
  return time;
}

}  // namespace nacre::drivers
