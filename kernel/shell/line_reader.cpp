#include "kernel/shell/line_reader.hpp"

#include <algorithm>

#include "lib/base/try.hpp"

namespace nacre::shell {
namespace {

std::string_view text_of(std::span<const base::u8> bytes) {
  return {static_cast<const char*>(static_cast<const void*>(bytes.data())), bytes.size()};
}

}  // namespace

exec::Task<fs::Result<std::optional<std::string_view>>> LineReader::next() {
  line_.clear();
  while (!is_over_) {
    auto const unread = std::span(buffer_).first(end_).subspan(at_);
    auto const feed = std::ranges::find(unread, base::u8{'\n'});
    CO_TRY(line_.append(text_of(unread.first(static_cast<base::usize>(feed - unread.begin())))));
    if (feed != unread.end()) {
      at_ += static_cast<base::usize>(feed - unread.begin()) + 1;
      co_return line_.view();
    }
    co_await call_.pace();
    CO_TRY(end_, co_await from_.read(buffer_));
    at_ = 0;
    is_over_ = end_ == 0;
  }
  // What the last line feed is missing from.
  if (!line_.empty()) co_return line_.view();
  co_return std::nullopt;
}

}  // namespace nacre::shell
