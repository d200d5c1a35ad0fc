#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <source_location>

#include "kernel/hw/panic.hpp"
#include "lib/base/assert.hpp"

// The functions of the C++ language runtime that a freestanding program has to bring along.
// [itanium-abi: "Runtime support"]

extern "C" {

/// The stack protector's canary. Set to something random at boot.
std::uintptr_t __stack_chk_guard = 0x595e'9fbd'94fd'a766;
[[noreturn]] void __stack_chk_fail() { nacre::hw::panic("a stack buffer was overrun"); }

/// Objects with static storage are never destroyed: the kernel does not return.
void* __dso_handle = nullptr;
int __cxa_atexit(void (*)(void*), void*, void*) { return 0; }
[[noreturn]] void __cxa_pure_virtual() { nacre::hw::panic("a pure virtual function was called"); }
[[noreturn]] void abort() { nacre::hw::panic("abort"); }

std::size_t strlen(const char* text) {
  std::size_t length = 0;
  while (text[length] != '\0') ++length;
  return length;
}
/// Eight bytes at a time: a byte of `word` is zero where `value` is.
void* memchr(const void* bytes, int value, std::size_t size) {
  constexpr std::uint64_t ones = 0x0101'0101'0101'0101;
  auto const* at = static_cast<const unsigned char*>(bytes);
  auto const wanted = static_cast<unsigned char>(value);
  for (; size >= sizeof ones; size -= sizeof ones, at += sizeof ones) {
    std::uint64_t word = 0;
    __builtin_memcpy(&word, at, sizeof word);
    word ^= ones * wanted;
    std::uint64_t const zeros = (word - ones) & ~word & (ones << 7);
    if (zeros != 0) return const_cast<unsigned char*>(at + __builtin_ctzll(zeros) / 8);
  }
  for (; size > 0; --size, ++at) {
    if (*at == wanted) return const_cast<unsigned char*>(at);
  }
  return nullptr;
}
}

namespace std {
inline namespace __1 {
/// Where libc++ ends that cannot go on; its hardening checks end in an undefined instruction.
[[noreturn]] void __libcpp_verbose_abort(const char* format, ...) {
  nacre::hw::panic("libc++: {}", std::string_view(format));
}
}  // namespace __1
const nothrow_t nothrow{};
}  // namespace std

namespace nacre::base {

void assertion_failed(const char* condition, std::source_location where) {
  hw::panic("{}:{}: assertion failed: {}", std::string_view(where.file_name()), where.line(),
            std::string_view(condition));
}

}  // namespace nacre::base
