#include "lib/wasi/version.hpp"

#include <algorithm>

namespace nacre::wasi {
namespace {

struct UnstableFileStat {
  u64 device = 0;
  u64 inode = 0;
  FileType type = FileType::Unknown;
  std::array<u8, 3> padding{};
  u32 links = 0;
  u64 size = 0;
  u64 accessed = 0;
  u64 modified = 0;
  u64 changed = 0;
};
static_assert(sizeof(UnstableFileStat) == 56 && offsetof(UnstableFileStat, links) == 20 &&
              offsetof(UnstableFileStat, size) == 24 && offsetof(UnstableFileStat, accessed) == 32);

/// A clock had a number that the program chose in front of its id.
struct UnstableSubscription {
  u64 user_data = 0;
  EventType type = EventType::Clock;
  std::array<u8, 7> padding{};
  union {
    u64 identifier;
    u32 descriptor;
  };
  u32 clock = 0;
  u32 more_padding = 0;
  u64 timeout = 0;
  u64 precision = 0;
  u16 flags = 0;
  std::array<u8, 6> last_padding{};
};
static_assert(sizeof(UnstableSubscription) == 56 && offsetof(UnstableSubscription, type) == 8 &&
              offsetof(UnstableSubscription, descriptor) == 16 &&
              offsetof(UnstableSubscription, clock) == 24 &&
              offsetof(UnstableSubscription, timeout) == 32 &&
              offsetof(UnstableSubscription, flags) == 48);

}  // namespace

Result<Whence> whence_of(Version version, u32 number) {
  static constexpr std::array unstable{Whence::Current, Whence::End, Whence::Start};
  if (number > static_cast<u32>(Whence::End)) return fail(Errno::Invalid);
  return version == Version::Preview1 ? static_cast<Whence>(number) : unstable[number];
}

Result<void> store_stat(Version version, GuestMemory memory, u32 address, const FileStat& stat) {
  if (version == Version::Preview1) return store(memory, address, stat);
  return store(memory, address,
               UnstableFileStat{.device = stat.device,
                                .inode = stat.inode,
                                .type = stat.type,
                                .links = static_cast<u32>(std::min<u64>(stat.links, UINT32_MAX)),
                                .size = stat.size,
                                .accessed = stat.accessed,
                                .modified = stat.modified,
                                .changed = stat.changed});
}

u32 size_of_stat(Version version) {
  return version == Version::Preview1 ? sizeof(FileStat) : sizeof(UnstableFileStat);
}

Result<Subscription> load_subscription(Version version, GuestMemory memory, u32 list, u32 index) {
  u32 const address = list + index * size_of_subscription(version);
  if (version == Version::Preview1) return load<Subscription>(memory, address);
  TRY(auto const old, load<UnstableSubscription>(memory, address));
  return Subscription{.user_data = old.user_data,
                      .type = old.type,
                      .clock = old.type == EventType::Clock ? old.clock : old.descriptor,
                      .timeout = old.timeout,
                      .precision = old.precision,
                      .flags = old.flags};
}

u32 size_of_subscription(Version version) {
  return version == Version::Preview1 ? sizeof(Subscription) : sizeof(UnstableSubscription);
}

}  // namespace nacre::wasi
