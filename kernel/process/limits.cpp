#include "kernel/process/limits.hpp"

#include <algorithm>
#include <array>

namespace nacre::process {
namespace {

constexpr std::array<std::string_view, 6> names{"memory", "cpu",   "descriptors",
                                                "space",  "depth", "fuel"};
constexpr std::string_view unlimited = "unlimited";
constexpr i64 ns_per_second = 1'000'000'000;

/// A number in decimal, with K, M or G behind it if it counts bytes.
std::optional<u64> parse(std::string_view text, bool is_size) {
  u64 unit = 1;
  if (is_size && !text.empty()) {
    usize const shift = std::string_view("KMG").find(text.back());
    if (shift != std::string_view::npos) {
      unit = u64{1} << (10 * (shift + 1));
      text.remove_suffix(1);
    }
  }
  if (text.empty()) return std::nullopt;
  u64 value = 0;
  for (char const digit : text) {
    if (digit < '0' || digit > '9') return std::nullopt;
    if (__builtin_mul_overflow(value, u64{10}, &value)) return std::nullopt;
    if (__builtin_add_overflow(value, static_cast<u64>(digit - '0'), &value)) return std::nullopt;
  }
  if (__builtin_mul_overflow(value, unit, &value)) return std::nullopt;
  return value;
}

}  // namespace

std::span<const std::string_view> limit_names() { return names; }

bool set_limit(Limits& limits, std::string_view name, std::string_view value) {
  if (value == unlimited) {
    if (name == "memory")
      limits.memory = UINT64_MAX;
    else if (name == "cpu")
      limits.cpu_time.reset();
    else if (name == "space")
      limits.file_space = UINT64_MAX;
    else if (name == "fuel")
      limits.guest.fuel = UINT64_MAX;
    else
      return false;
    return true;
  }
  auto const number = parse(value, name == "memory" || name == "space");
  if (!number) return false;
  if (name == "memory") {
    limits.memory = *number;
  } else if (name == "cpu" && *number <= static_cast<u64>(INT64_MAX / ns_per_second)) {
    limits.cpu_time = base::Duration{static_cast<i64>(*number) * ns_per_second};
  } else if (name == "descriptors" && *number <= UINT32_MAX) {
    limits.descriptors = static_cast<u32>(*number);
  } else if (name == "space") {
    limits.file_space = *number;
  } else if (name == "depth" && *number >= 1 && *number <= wasm::GuestLimits{}.call_depth) {
    limits.guest.call_depth = static_cast<u32>(*number);
  } else if (name == "fuel") {
    limits.guest.fuel = *number;
  } else {
    return false;
  }
  return true;
}

void write_limit(base::Sink& sink, const Limits& limits, std::string_view name) {
  auto const number = [&](u64 value) { base::format_to(sink, "{}", value); };
  auto const kibibytes = [&](u64 bytes) { base::format_to(sink, "{}K", bytes >> 10); };
  if (name == "memory" && limits.memory != UINT64_MAX)
    kibibytes(limits.memory);
  else if (name == "cpu" && limits.cpu_time)
    number(static_cast<u64>(limits.cpu_time->ns / ns_per_second));
  else if (name == "descriptors")
    number(limits.descriptors);
  else if (name == "space" && limits.file_space != UINT64_MAX)
    kibibytes(limits.file_space);
  else if (name == "depth")
    number(limits.guest.call_depth);
  else if (name == "fuel" && limits.guest.fuel != UINT64_MAX)
    number(limits.guest.fuel);
  else
    sink.write(unlimited);
}

std::expected<void, base::OutOfMemory> LimitedPlatform::commit(u8* address, usize size) {
  if (size > left_) {
    exceeded_ = true;
    return std::unexpected(base::OutOfMemory{});
  }
  auto const committed = inner_.commit(address, size);
  if (committed) left_ -= size;
  return committed;
}

}  // namespace nacre::process
