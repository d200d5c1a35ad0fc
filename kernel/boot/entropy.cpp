#include "kernel/boot/entropy.hpp"

#include <cstring>

#include "kernel/hw/cpu.hpp"
#include "kernel/hw/port.hpp"
#include "lib/base/log.hpp"
#include "lib/exec/wait.hpp"

namespace nacre::boot {
namespace {

using base::u64;
using base::u8;
using base::usize;

/// Stirs `value` into `key`: the key becomes the first half of the block that it makes with the
/// value as the nonce.
void stir(base::ChaCha20::Key& key, u64 value) {
  base::ChaCha20::Nonce nonce{};
  std::memcpy(nonce.data(), &value, sizeof(value));
  auto const block = base::ChaCha20::block(key, 0, nonce);
  std::memcpy(key.data(), block.data(), key.size());
}

struct Gathered {
  base::ChaCha20::Key key{};
  bool from_processor = true;
};

Gathered gather(base::UnixTime now) {
  Gathered gathered;
  auto& [key, from_processor] = gathered;
  stir(key, static_cast<u64>(now.seconds));
  stir(key, now.nanoseconds);
  for (usize i = 0; i < key.size() / sizeof(u64); ++i) {
    auto const random = hw::processor_random();
    from_processor = from_processor && random.has_value();
    stir(key, random.value_or(i));
  }
  // How long a port access takes varies in its low digits: a little of what cannot be known, for
  // machines whose processor has nothing better.
  constexpr base::u16 harmless_port = 0x80;
  for (int i = 0; i < 32; ++i) {
    hw::port_write_u8(harmless_port, 0);
    stir(key, hw::read_timestamp());
  }
  return gathered;
}

}  // namespace

base::ChaCha20::Key gather_entropy(base::UnixTime now) {
  auto const [key, from_processor] = gather(now);
  if (!from_processor)
    base::log_warning("random", "the processor has no random numbers: timing has to do");
  return key;
}

exec::Task<void> keep_mixing(base::SecureRandom& random, base::UnixTime (*now)()) {
  using namespace base::literals;
  for (base::Duration pause = 1_s;; pause = 60_s) {
    co_await exec::sleep_for(pause);
    random.mix(gather(now()).key);
  }
}

}  // namespace nacre::boot
