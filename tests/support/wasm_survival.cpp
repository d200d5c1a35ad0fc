#include "tests/support/wasm_survival.hpp"

#include <algorithm>
#include <optional>

#include "lib/wasm/binary/decoder.hpp"
#include "lib/wasm/binary/disassemble.hpp"
#include "lib/wasm/binary/names.hpp"
#include "lib/wasm/interpret/interpreter.hpp"
#include "lib/wasm/interpret/translator.hpp"
#include "lib/wasm/runtime/guest.hpp"
#include "lib/wasm/runtime/linker.hpp"
#include "lib/wasm/validate/validator.hpp"
#include "tests/support/wasm_imports.hpp"
#include "tools/hosted_platform/hosted_platform.hpp"

namespace nacre::test {
namespace {

using base::u32;
using base::u64;
using base::usize;

constexpr u64 fuel_of_a_slice = 500;
constexpr int slices_of_a_call = 4;
/// Of a function that is translated in all ways there are, in bytes.
constexpr usize largest_translated = 16'384;
constexpr int turns_of_two_calls = 100;
constexpr usize calls_of_a_module = 20;
constexpr wasm::StoreLimits store_limits{.memory_pages = 64, .table_elements = 20'000};
constexpr wasm::GuestLimits guest_limits{.stack_size = 1 << 20, .call_depth = 500};

/// Looks at all text and forgets it.
struct NullSink final : base::Sink {
  void write(std::string_view text) override { length += text.size(); }
  usize length = 0;
};

/// Makes a call ready, if its arguments may be null.
bool begin(wasm::Instance& instance, wasm::Guest& guest, u32 function) {
  auto const arguments = some_arguments(instance.module().type_of_function(function));
  return guest.begin(*instance.functions[function], arguments).has_value();
}

/// Whether it goes on.
bool run_slice(const wasm::Module& module, wasm::Guest& guest, u64 fuel) {
  auto const exit = guest.run(fuel);
  if (auto const* const call = std::get_if<wasm::exit::HostCall>(&exit)) {
    answer_host_call(module, guest, *call, 0);
    return true;
  }
  return std::holds_alternative<wasm::exit::EndOfSlice>(exit);
}

void run(wasm::Instance& instance, wasm::Guest& guest, u32 function) {
  if (!begin(instance, guest, function)) return;
  for (int slice = 0; slice < slices_of_a_call; ++slice)
    if (!run_slice(instance.module(), guest, fuel_of_a_slice)) break;
  NullSink sink;
  if (guest.active_calls() < 20) guest.write_backtrace(sink);
}

/// Two calls in turn, which share whatever the instance has.
void run_in_turn(wasm::Instance& instance, wasm::Guest& guest, wasm::Guest& other, u32 function,
                 u32 other_function) {
  bool is_running = begin(instance, guest, function);
  bool is_other_running = begin(instance, other, other_function);
  for (int turn = 0; turn < turns_of_two_calls && (is_running || is_other_running); ++turn) {
    if (is_running) is_running = run_slice(instance.module(), guest, 3);
    if (is_other_running) is_other_running = run_slice(instance.module(), other, 2);
  }
}

bool is_same_body(const wasm::FunctionBody& left, const wasm::FunctionBody& right) {
  return left.local_count == right.local_count && left.max_operands == right.max_operands &&
         left.max_labels == right.max_labels && left.instruction_count == right.instruction_count;
}

/// Validates at both paces, which have to agree on everything.
wasm::Loaded<wasm::Module> load(std::span<const base::u8> bytes) {
  TRY(auto slowly, wasm::decode(bytes));
  auto const verdict = wasm::validate(slowly, wasm::Pace::EachInstruction);
  auto module = wasm::load(bytes);
  NACRE_ASSERT(verdict.has_value() == module.has_value());
  if (!verdict) {
    NACRE_ASSERT(verdict.error().cause == module.error().cause &&
                 verdict.error().offset == module.error().offset);
  } else {
    NACRE_ASSERT(std::ranges::equal(slowly.bodies, module->bodies, is_same_body));
  }
  return module;
}

/// What can be validated can be translated, except where a frame would be too large.
void translate(const wasm::Module& module, u32 function) {
  for (bool const traced : {false, true}) {
    wasm::interpret::Translator translator(module, function, traced);
    if (auto const done =
            translator.begin().and_then([&] { return translator.proceed(UINT32_MAX); });
        !done) {
      NACRE_ASSERT(done.error() == wasm::Trap::StackExhausted);
      continue;
    }
    auto const code = translator.code();
    auto const& body = module.bodies[function - module.imported_functions];
    usize const offset =
        wasm::interpret::Translator::find_offset(module, function, code.words.size() - 1, traced);
    NACRE_ASSERT(offset >= body.code.offset && offset < body.code.offset + body.code.bytes.size());
  }
}

}  // namespace

wasm::Loaded<void> survive(std::span<const base::u8> bytes) {
  TRY(auto const module, load(bytes));
  NullSink sink;
  for (u32 i = 0; i < module.bodies.size(); ++i)
    if (module.bodies[i].code.bytes.size() <= largest_translated)
      translate(module, module.imported_functions + i);
  for (auto const& body : module.bodies) {
    TRY(wasm::disassemble(sink, body));
  }
  static_cast<void>(wasm::name_of_function(module, 0));

  tools::HostedPlatform platform;
  wasm::Interpreter interpreter;
  wasm::Store store(platform, interpreter, store_limits);
  wasm::Linker linker(store);
  if (!define_imports(module, store, linker)) return {};
  auto const instance = store.instantiate(module, linker);
  auto guest = wasm::Guest::create(store, guest_limits);
  auto other = wasm::Guest::create(store, guest_limits);
  if (!instance || !guest || !other) return {};
  if (module.start) run(**instance, *guest, *module.start);
  usize calls = 0;
  std::optional<u32> last;
  for (auto const& exported : module.exports) {
    if (exported.kind != wasm::ExternKind::Function) continue;
    if (++calls > calls_of_a_module) break;
    run(**instance, *guest, exported.index);
    run_in_turn(**instance, *guest, *other, exported.index, last.value_or(exported.index));
    last = exported.index;
  }
  return {};
}

}  // namespace nacre::test
