#include "lib/base/log.hpp"

#include <algorithm>

namespace nacre::base {

void Log::write(LogLevel level, std::string_view area, std::string_view text) {
  if (next_ >= max_records) ++dropped_;
  Stored& stored = records_[next_++ % max_records];
  stored.time = clock_ != nullptr ? clock_() : Instant{};
  stored.level = level;
  stored.area = area;
  stored.size = static_cast<u8>(std::min(text.size(), max_text));
  text.copy(stored.text.data(), stored.size);
  if (listener_ != nullptr)
    listener_({stored.time, level, area, {stored.text.data(), stored.size}});
}

void Log::for_each(FunctionRef<void(const LogRecord&)> visit) const {
  for (u64 i = next_ > max_records ? next_ - max_records : 0; i < next_; ++i) {
    const Stored& stored = records_[i % max_records];
    visit({stored.time, stored.level, stored.area, {stored.text.data(), stored.size}});
  }
}

Log& log() {
  static constinit Log instance;
  return instance;
}

}  // namespace nacre::base
