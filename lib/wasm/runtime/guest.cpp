#include "lib/wasm/runtime/guest.hpp"

#include <algorithm>

#include "lib/base/try.hpp"
#include "lib/wasm/binary/names.hpp"

namespace nacre::wasm {
namespace {

/// How often a request to stop is looked for.
constexpr u64 fuel_between_looks = 16'384;
/// How many calls a backtrace shows at the innermost end, and at the outermost.
constexpr usize innermost_calls = 24;
constexpr usize outermost_calls = 8;

}  // namespace

std::string_view text_of(BeginError error) {
  switch (error) {
    case BeginError::WrongArguments: return "the arguments do not fit the function's type";
    case BeginError::OutOfMemory: return "out of memory";
  }
  return "error";
}

std::expected<Guest, base::OutOfMemory> Guest::create(Store& store, const GuestLimits& limits) {
  TRY(auto execution, store.tier().create_execution(store.platform(), limits));
  store.add(*execution);
  return Guest(store, std::move(execution), limits.fuel);
}

std::expected<void, BeginError> Guest::begin(FunctionInstance& function,
                                             std::span<const Value> arguments) {
  bool const fits = std::ranges::equal(store_->signature(function.signature).parameters, arguments,
                                       [&](ValueType type, const Value& argument) {
                                         return store_->accepts(type, function.signature, argument);
                                       });
  if (!fits) return std::unexpected(BeginError::WrongArguments);
  base::Vector<Slot> slots;
  for (Value const& argument : arguments)
    if (!slots.try_append(std::span(argument.slots).first(slots_of(argument.type))))
      return std::unexpected(BeginError::OutOfMemory);
  if (!execution_->begin(function, {slots.data(), slots.size()}))
    return std::unexpected(BeginError::OutOfMemory);
  return {};
}

Exit Guest::run(u64 slice) {
  while (slice != 0 && !stop_requested_.exchange(false, std::memory_order_relaxed)) {
    u64 const given = std::min({slice, fuel_left_, fuel_between_looks});
    if (given == 0) return exit::Trapped{Trap::OutOfFuel};
    u64 fuel = given;
    Exit exit = execution_->run(fuel);
    u64 const used = given - fuel;
    slice -= used;
    fuel_left_ -= used;
    if (!std::holds_alternative<exit::EndOfSlice>(exit)) return exit;
  }
  return exit::EndOfSlice{};
}

void Guest::finish_host_call(std::span<const Slot> results) {
  execution_->finish_host_call(results);
}

void Guest::fail_host_call(Trap trap) { execution_->fail_host_call(trap); }

void Guest::write_backtrace(base::Sink& sink) const {
  usize const count = active_calls();
  for (usize i = 0; i < count; ++i) {
    if (i == innermost_calls && count > innermost_calls + outermost_calls) {
      usize const left_out = count - innermost_calls - outermost_calls;
      base::format_to(sink, "  ... {} more\n", left_out);
      i += left_out;
    }
    ActiveCall const call = active_call(i);
    Module const& module = call.function->instance->module();
    base::format_to(sink, "  #{} {} (function {}) at byte {:#x}\n", i,
                    name_of_function(module, call.function->index).value_or("?"),
                    call.function->index, call.offset);
  }
}

}  // namespace nacre::wasm
