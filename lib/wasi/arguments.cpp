#include "lib/wasi/calls.hpp"

namespace nacre::wasi::calls {
namespace {

/// One list of texts, as `args_get` and `environ_get` give it.
struct Texts {
  const Host& host;
  u32 (Host::*count)() const;
  std::string_view (Host::*text)(u32) const;

  u32 size() const { return (host.*count)(); }
  std::string_view operator[](u32 index) const { return (host.*text)(index); }
};
Texts arguments_of(const Call& call) {
  return {call.host(), &Host::argument_count, &Host::argument};
}
Texts variables_of(const Call& call) {
  return {call.host(), &Host::variable_count, &Host::variable};
}

Result<void> get_sizes(const Call& call, const Texts& texts, u32 count_pointer, u32 size_pointer) {
  u64 bytes = 0;
  for (u32 i = 0; i < texts.size(); ++i) bytes += texts[i].size() + 1;
  if (bytes > UINT32_MAX) return fail(Errno::Overflow);
  TRY(call.check(size_pointer, sizeof(u32)));
  TRY(store(call.memory, count_pointer, texts.size()));
  return store(call.memory, size_pointer, static_cast<u32>(bytes));
}

/// Writes the texts to `buffer`, each with a NUL behind it, and where each begins to `pointers`.
Result<void> get_texts(const Call& call, const Texts& texts, u32 pointers, u32 buffer) {
  TRY(call.memory.array(pointers, texts.size(), sizeof(u32)));
  u64 at = buffer;
  for (u32 i = 0; i < texts.size(); ++i) {
    std::string_view const text = texts[i];
    // Where the buffer is known to lie inside of the memory, the address has 32 bits.
    if (at > UINT32_MAX) return fail(Errno::Fault);
    TRY(auto const target, call.memory.span(static_cast<u32>(at), text.size() + 1));
    text.copy(std::bit_cast<char*>(target.data()), text.size());
    target.back() = 0;
    TRY(store(call.memory, pointers + i * u32{sizeof(u32)}, static_cast<u32>(at)));
    at += text.size() + 1;
  }
  return {};
}

}  // namespace

Result<void> args_get(Call call, u32 pointers, u32 buffer) {
  return get_texts(call, arguments_of(call), pointers, buffer);
}
Result<void> args_sizes_get(Call call, u32 count, u32 size) {
  return get_sizes(call, arguments_of(call), count, size);
}
Result<void> environ_get(Call call, u32 pointers, u32 buffer) {
  return get_texts(call, variables_of(call), pointers, buffer);
}
Result<void> environ_sizes_get(Call call, u32 count, u32 size) {
  return get_sizes(call, variables_of(call), count, size);
}

}  // namespace nacre::wasi::calls
