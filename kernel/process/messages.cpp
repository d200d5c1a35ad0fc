#include "kernel/process/messages.hpp"

namespace nacre::process {

exec::Task<std::expected<void, base::OutOfMemory>> tell(fs::Stream* stream, std::string_view text) {
  if (stream != nullptr) {
    std::span const bytes(static_cast<const base::u8*>(static_cast<const void*>(text.data())),
                          text.size());
    auto const written = co_await fs::write_all(*stream, bytes);
    if (!written && written.error().kind == fs::ErrorKind::OutOfMemory)
      co_return std::unexpected(base::OutOfMemory{});
  }
  co_return std::expected<void, base::OutOfMemory>{};
}

}  // namespace nacre::process
