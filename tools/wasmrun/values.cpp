#include "tools/wasmrun/values.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>

namespace nacre::tools {
namespace {

using base::u32;
using base::u64;
using wasm::Value;
using wasm::ValueType;

/// An integer of that many bits, signed or not.
std::optional<u64> parse_integer(const std::string& text, unsigned bits) {
  char* end = nullptr;
  errno = 0;
  bool fits = true;
  u64 value = 0;
  if (text.starts_with('-')) {
    long long const number = std::strtoll(text.c_str(), &end, 0);
    value = static_cast<u64>(number);
    fits = number >> (bits - 1) == -1 || number == 0;
  } else {
    value = std::strtoull(text.c_str(), &end, 0);
    fits = bits == 64 || value >> bits == 0;
  }
  if (text.empty() || *end != '\0' || errno != 0 || !fits) return std::nullopt;
  return value;
}

/// A v128 is one hexadecimal number, as it is printed: the first lane comes last.
std::optional<Value> parse_vector(std::string_view text) {
  constexpr std::string_view prefix = "0x";
  constexpr std::size_t digits = 16;
  if (!text.starts_with(prefix)) return std::nullopt;
  text.remove_prefix(prefix.size());
  if (text.empty() || text.size() > 2 * digits) return std::nullopt;
  wasm::ValueSlots slots{};
  auto const read = [](std::string_view part, u64& into) {
    if (part.empty()) return true;
    auto const [end, error] = std::from_chars(part.begin(), part.end(), into, 16);
    return error == std::errc() && end == part.end();
  };
  std::size_t const split = text.size() - std::min(text.size(), digits);
  if (!read(text.substr(0, split), slots[1]) || !read(text.substr(split), slots[0]))
    return std::nullopt;
  return Value(ValueType::V128, slots);
}

template <class... Arguments>
std::string print(const char* format, Arguments... arguments) {
  char text[64];
  std::snprintf(text, sizeof text, format, arguments...);
  return text;
}

}  // namespace

std::optional<Value> parse_value(ValueType type, const std::string& text) {
  char* end = nullptr;
  Value value;
  switch (type) {
    case ValueType::I32: {
      auto const bits = parse_integer(text, 32);
      if (!bits) return std::nullopt;
      return Value::of(static_cast<u32>(*bits));
    }
    case ValueType::I64: {
      auto const bits = parse_integer(text, 64);
      if (!bits) return std::nullopt;
      return Value::of(*bits);
    }
    case ValueType::F32: value = Value::of(std::strtof(text.c_str(), &end)); break;
    case ValueType::F64: value = Value::of(std::strtod(text.c_str(), &end)); break;
    case ValueType::V128: return parse_vector(text);
    default: return std::nullopt;
  }
  if (text.empty() || *end != '\0') return std::nullopt;
  return value;
}

std::string text_of_value(ValueType type, std::span<const wasm::Slot> slots) {
  wasm::Slot const slot = slots[0];
  switch (type) {
    case ValueType::I32: return print("%" PRId32, wasm::from_slot<base::i32>(slot));
    case ValueType::I64: return print("%" PRId64, wasm::from_slot<base::i64>(slot));
    case ValueType::F32: return print("%.9g", static_cast<double>(wasm::from_slot<float>(slot)));
    case ValueType::F64: return print("%.17g", wasm::from_slot<double>(slot));
    case ValueType::V128: return print("0x%016" PRIx64 "%016" PRIx64, slots[1], slot);
    default: return slot == 0 ? "null" : "reference";
  }
}

}  // namespace nacre::tools
