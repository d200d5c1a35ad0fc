// Any bytes come from the host: messages are the same however the bytes are cut, and a job is read
// or refused.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>

#include "lib/base/assert.hpp"
#include "lib/hostlink/change.hpp"
#include "lib/hostlink/decoder.hpp"
#include "lib/hostlink/job.hpp"

namespace {

using nacre::base::u64;
using nacre::base::u8;
using nacre::base::usize;
using namespace nacre::hostlink;

/// A number that changes with everything that was decoded.
struct Digest {
  u64 value = 14695981039346656037u;
  void add(std::span<const u8> bytes) {
    for (u8 const byte : bytes) value = (value ^ byte) * 1099511628211u;
  }
  void add(u64 number) { value = (value ^ number) * 1099511628211u; }
};

u64 decode(std::span<const u8> bytes, usize piece) {
  Digest digest;
  HostMessageDecoder decoder;
  while (!bytes.empty()) {
    auto input = bytes.first(std::min(piece, bytes.size()));
    bytes = bytes.subspan(input.size());
    while (!input.empty()) {
      auto const message = decoder.next(input);
      if (!message) {
        digest.add(u64{message.error().type} << 16 | message.error().length);
      } else if (*message) {
        std::array<u8, max_frame> room{};
        auto const frame = encode(**message, room);
        NACRE_ASSERT(frame.has_value());
        digest.add(*frame);
      }
    }
  }
  return digest.value;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::span<const u8> const bytes(data + 1, size - 1);
  NACRE_ASSERT(decode(bytes, size) == decode(bytes, 1 + data[0]));
  if (auto const change = decode_change(bytes)) {
    std::array<u8, max_payload> room{};
    NACRE_ASSERT(is_plain_path(change->path));
    if (bytes.size() <= max_payload)
      NACRE_ASSERT(std::ranges::equal(*encode_change(*change, room), bytes));
  }
  auto const job = parse_job({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  if (job) {
    NACRE_ASSERT(job->program.has_value() != job->shell.has_value());
    NACRE_ASSERT(job->working_directory.starts_with('/'));
  }
  return 0;
}
