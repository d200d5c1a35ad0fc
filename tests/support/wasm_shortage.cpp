#include "tests/support/wasm_shortage.hpp"

#include "lib/wasm/interpret/interpreter.hpp"
#include "lib/wasm/runtime/guest.hpp"
#include "lib/wasm/validate/validator.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/support/random.hpp"
#include "tests/support/wasm_imports.hpp"
#include "tools/hosted_platform/hosted_platform.hpp"

namespace nacre::test {
namespace {

using base::u32;
using base::u64;
using base::u8;
using base::usize;

constexpr int failures_of_a_module = 4;
constexpr u64 fuel_of_a_slice = 200;
constexpr int slices_of_a_call = 3;
constexpr usize calls_of_a_module = 10;
constexpr wasm::StoreLimits store_limits{.memory_pages = 16, .table_elements = 20'000};
constexpr wasm::GuestLimits guest_limits{.stack_size = 1 << 20, .call_depth = 200};

/// Its pages count as allocations.
class ScarcePlatform final : public tools::HostedPlatform {
 public:
  std::expected<u8*, base::OutOfMemory> reserve(usize size) override {
    if (allocation_fails_now()) return std::unexpected(base::OutOfMemory{});
    return HostedPlatform::reserve(size);
  }
  std::expected<void, base::OutOfMemory> commit(u8* address, usize size) override {
    if (allocation_fails_now()) return std::unexpected(base::OutOfMemory{});
    return HostedPlatform::commit(address, size);
  }
};

void run(wasm::Instance& instance, wasm::Guest& guest, u32 function) {
  wasm::Module const& module = instance.module();
  if (!guest.begin(*instance.functions[function],
                   some_arguments(module.type_of_function(function))))
    return;
  for (int slice = 0; slice < slices_of_a_call; ++slice) {
    auto const exit = guest.run(fuel_of_a_slice);
    if (auto const* const call = std::get_if<wasm::exit::HostCall>(&exit))
      answer_host_call(module, guest, *call, 1);
    else if (!std::holds_alternative<wasm::exit::EndOfSlice>(exit))
      break;
  }
  for (usize i = 0; i < guest.active_calls() && i < 3; ++i) static_cast<void>(guest.active_call(i));
}

void run_all(wasm::Instance& instance, wasm::Guest& guest) {
  wasm::Module const& module = instance.module();
  if (module.start) run(instance, guest, *module.start);
  usize calls = 0;
  for (auto const& exported : module.exports)
    if (exported.kind == wasm::ExternKind::Function && ++calls <= calls_of_a_module)
      run(instance, guest, exported.index);
}

/// One of a run's allocations fails. Returns how many there were up to that.
u64 attempt(std::span<const u8> bytes, u64 fail_at) {
  ScarcePlatform platform;
  wasm::Interpreter interpreter;
  std::optional<FailingAllocations> failing(fail_at);
  auto const module = wasm::load(bytes);
  if (!module) {
    NACRE_ASSERT(failing->triggered() &&
                 std::holds_alternative<base::OutOfMemory>(module.error().cause));
    return failing->made();
  }
  wasm::Store store(platform, interpreter, store_limits);
  wasm::Linker linker(store);
  if (!define_imports(*module, store, linker)) return failing->made();
  auto const instance = store.instantiate(*module, linker);
  auto guest = wasm::Guest::create(store, guest_limits);
  if (!instance || !guest) return failing->made();
  run_all(**instance, *guest);
  u64 const made = failing->made();
  failing.reset();
  run_all(**instance, *guest);
  return made;
}

}  // namespace

void survive_shortage(std::span<const u8> bytes, u64 seed) {
  if (!wasm::load(bytes)) return;
  u64 const all = attempt(bytes, UINT64_MAX);
  Random random(seed);
  for (int i = 0; i < failures_of_a_module; ++i) attempt(bytes, random.below(all));
}

}  // namespace nacre::test
