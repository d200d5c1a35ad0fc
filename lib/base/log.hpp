#pragma once

#include <array>
#include <string_view>

#include "lib/base/format.hpp"
#include "lib/base/function_ref.hpp"
#include "lib/base/time.hpp"

namespace nacre::base {

enum class LogLevel : u8 { Debug, Info, Warning, Error };

/// What one log call recorded. The texts are borrowed from the log.
struct LogRecord {
  Instant time;
  LogLevel level;
  std::string_view area;  // "memory", "apic", ...: a literal
  std::string_view text;
};

/// The last records, in a fixed ring of bytes: it never allocates, so it works before there is a
/// heap and in a panic. The oldest records make room for new ones. Task or boot context, never an
/// interrupt.
class Log {
 public:
  /// Receives each record as it is written. A borrowed callable that lives as long as the log.
  using Listener = void (*)(const LogRecord&);
  using Clock = Instant (*)();

  constexpr Log() = default;
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void set_clock(Clock clock) { clock_ = clock; }
  void set_listener(Listener listener) { listener_ = listener; }
  void write(LogLevel level, std::string_view area, std::string_view text);
  /// Calls `visit` for the kept records, oldest first.
  void for_each(FunctionRef<void(const LogRecord&)> visit) const;
  /// How many records were overwritten.
  u64 dropped() const { return dropped_; }

 private:
  static constexpr usize max_records = 256;
  static constexpr usize max_text = 200;
  struct Stored {
    Instant time{};
    LogLevel level{};
    u8 size = 0;
    std::string_view area{};
    std::array<char, max_text> text{};
  };

  std::array<Stored, max_records> records_{};
  u64 next_ = 0;
  u64 dropped_ = 0;
  Clock clock_ = nullptr;
  Listener listener_ = nullptr;
};

/// The log of this kernel or process.
Log& log();

template <class... Arguments>
void log_at(LogLevel level, std::string_view area,
            FormatString<std::type_identity_t<Arguments>...> format,
            const Arguments&... arguments) {
  FixedText<200> const text(format, arguments...);
  log().write(level, area, text);
}
template <class... Arguments>
void log_debug(std::string_view area, FormatString<std::type_identity_t<Arguments>...> format,
               const Arguments&... arguments) {
  log_at(LogLevel::Debug, area, format, arguments...);
}
template <class... Arguments>
void log_info(std::string_view area, FormatString<std::type_identity_t<Arguments>...> format,
              const Arguments&... arguments) {
  log_at(LogLevel::Info, area, format, arguments...);
}
template <class... Arguments>
void log_warning(std::string_view area, FormatString<std::type_identity_t<Arguments>...> format,
                 const Arguments&... arguments) {
  log_at(LogLevel::Warning, area, format, arguments...);
}
template <class... Arguments>
void log_error(std::string_view area, FormatString<std::type_identity_t<Arguments>...> format,
               const Arguments&... arguments) {
  log_at(LogLevel::Error, area, format, arguments...);
}

}  // namespace nacre::base
