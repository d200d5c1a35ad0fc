#pragma once

#include <cstring>
#include <optional>
#include <span>
#include <type_traits>

#include "lib/base/types.hpp"

namespace nacre::drivers {

/// The `T` at `offset` of bytes that came from the firmware; nothing where they end before.
template <class T>
  requires std::is_trivially_copyable_v<T>
std::optional<T> copy_at(std::span<const base::u8> bytes, base::usize offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

/// As much of a `T` as the bytes hold, the rest zero: tables grew with ACPI's versions.
template <class T>
  requires std::is_trivially_copyable_v<T>
T copy_what_is_there(std::span<const base::u8> bytes) {
  T value{};
  std::memcpy(&value, bytes.data(), bytes.size() < sizeof(T) ? bytes.size() : sizeof(T));
  return value;
}

}  // namespace nacre::drivers
