#include "tests/support/wasm_slices.hpp"

#include <algorithm>

#include "lib/wasm/interpret/interpreter.hpp"
#include "lib/wasm/runtime/guest.hpp"
#include "lib/wasm/validate/validator.hpp"
#include "tests/support/wasm_imports.hpp"
#include "tools/hosted_platform/hosted_platform.hpp"

namespace nacre::test {
namespace {

using base::u32;
using base::u64;
using base::usize;

constexpr u64 fuel_of_a_call = 1'000;
constexpr u32 host_calls_of_a_call = 20;
constexpr usize calls_of_a_module = 12;
constexpr wasm::StoreLimits store_limits{.memory_pages = 16, .table_elements = 20'000};
constexpr wasm::GuestLimits guest_limits{.stack_size = 1 << 20, .call_depth = 200};

/// Forgets what it sees.
struct IdleObserver final : wasm::Observer {
  void before_instruction(const wasm::FunctionInstance&, usize, usize,
                          std::span<const wasm::Slot>) override {}
};

/// One of the two runs, with all that belongs to it.
class World {
 public:
  World(const wasm::Module& module, bool watched)
      : module_(module),
        interpreter_(watched ? wasm::Interpreter(observer_) : wasm::Interpreter()),
        store_(platform_, interpreter_, store_limits),
        linker_(store_) {}

  bool instantiate() {
    if (!define_imports(module_, store_, linker_)) return false;
    auto const made = store_.instantiate(module_, linker_);
    auto guest = wasm::Guest::create(store_, guest_limits);
    if (!made || !guest) return false;
    instance_ = *made;
    guest_.emplace(std::move(*guest));
    return true;
  }

  bool begin(u32 function) {
    return guest_
        ->begin(*instance_->functions[function], some_arguments(module_.type_of_function(function)))
        .has_value();
  }
  /// Runs what has begun in slices of 1, 2 and so on up to `longest`.
  wasm::Exit run(u64 longest) {
    u64 const end = guest_->fuel_left() - fuel_of_a_call;
    u32 host_calls = 0;
    for (u64 slice = 1;; slice = std::min(slice + 1, longest)) {
      u64 const rest = guest_->fuel_left() - end;
      if (rest == 0) return wasm::exit::EndOfSlice{};
      auto const exit = guest_->run(std::min(longest == fuel_of_a_call ? rest : slice, rest));
      if (auto const* const call = std::get_if<wasm::exit::HostCall>(&exit)) {
        if (++host_calls > host_calls_of_a_call) return exit;
        answer_host_call(module_, *guest_, *call, host_calls);
      } else if (!std::holds_alternative<wasm::exit::EndOfSlice>(exit)) {
        return exit;
      }
    }
  }

  wasm::Instance& instance() const { return *instance_; }
  const wasm::Guest& guest() const { return *guest_; }

 private:
  const wasm::Module& module_;
  tools::HostedPlatform platform_;
  IdleObserver observer_;
  wasm::Interpreter interpreter_;
  wasm::Store store_;
  wasm::Linker linker_;
  wasm::Instance* instance_ = nullptr;
  std::optional<wasm::Guest> guest_;
};

/// References are addresses, so only whether they are null can be compared.
bool is_same_value(wasm::ValueType type, std::span<const wasm::Slot> left,
                   std::span<const wasm::Slot> right) {
  if (is_reference(type)) return (left[0] == 0) == (right[0] == 0);
  return std::ranges::equal(left, right);
}

void compare_values(std::span<const wasm::ValueType> types, std::span<const wasm::Slot> left,
                    std::span<const wasm::Slot> right) {
  NACRE_ASSERT(left.size() == right.size());
  usize at = 0;
  for (auto const type : types) {
    usize const count = wasm::slots_of(std::span(&type, 1));
    NACRE_ASSERT(is_same_value(type, left.subspan(at, count), right.subspan(at, count)));
    at += count;
  }
}

void compare_ends(const wasm::FunctionType& type, const wasm::Exit& left, const wasm::Exit& right) {
  NACRE_ASSERT(left.index() == right.index());
  if (auto const* const trapped = std::get_if<wasm::exit::Trapped>(&left))
    NACRE_ASSERT(trapped->trap == std::get<wasm::exit::Trapped>(right).trap);
  if (auto const* const finished = std::get_if<wasm::exit::Finished>(&left))
    compare_values(type.results(), finished->results,
                   std::get<wasm::exit::Finished>(right).results);
}

/// Code that is not watched does a comparison and the jump that it decides at once, so where it
/// waits for fuel is not the same as in code that is.
void compare_calls(const wasm::Guest& left, const wasm::Guest& right, bool may_wait_elsewhere) {
  NACRE_ASSERT(left.fuel_left() == right.fuel_left());
  NACRE_ASSERT(left.active_calls() == right.active_calls());
  for (usize i = 0; i < std::min<usize>(left.active_calls(), 3); ++i) {
    NACRE_ASSERT(left.active_call(i).function->index == right.active_call(i).function->index);
    if (i == 0 && may_wait_elsewhere) continue;
    NACRE_ASSERT(left.active_call(i).offset == right.active_call(i).offset);
  }
}

void compare_state(const wasm::Instance& left, const wasm::Instance& right) {
  for (usize i = 0; i < left.memories.size(); ++i) {
    auto const& memory = *left.memories[i];
    auto const& other = *right.memories[i];
    NACRE_ASSERT(memory.size() == other.size());
    NACRE_ASSERT(memory.size() == 0 ||
                 std::memcmp(memory.data(), other.data(), memory.size()) == 0);
  }
  for (usize i = 0; i < left.globals.size(); ++i)
    NACRE_ASSERT(is_same_value(left.globals[i]->type.value, left.globals[i]->slots,
                               right.globals[i]->slots));
  for (usize i = 0; i < left.tables.size(); ++i) {
    auto const is_null = [](wasm::Slot slot) { return slot == 0; };
    NACRE_ASSERT(std::ranges::equal(left.tables[i]->elements(), right.tables[i]->elements(), {},
                                    is_null, is_null));
  }
}

}  // namespace

void compare_slices(std::span<const base::u8> bytes, u64 longest, bool watched) {
  auto const module = wasm::load(bytes);
  if (!module) return;
  World in_one_go(*module, false);
  World in_slices(*module, watched);
  bool const made = in_one_go.instantiate();
  NACRE_ASSERT(made == in_slices.instantiate());
  if (!made) return;
  usize calls = 0;
  auto const compare = [&](u32 function) {
    if (++calls > calls_of_a_module) return;
    bool const begun = in_one_go.begin(function);
    NACRE_ASSERT(begun == in_slices.begin(function));
    if (!begun) return;
    auto const left = in_one_go.run(fuel_of_a_call);
    auto const right = in_slices.run(longest);
    compare_ends(module->type_of_function(function), left, right);
    bool const waits = std::holds_alternative<wasm::exit::EndOfSlice>(left);
    compare_calls(in_one_go.guest(), in_slices.guest(), watched && waits);
    compare_state(in_one_go.instance(), in_slices.instance());
  };
  if (module->start) compare(*module->start);
  for (auto const& exported : module->exports)
    if (exported.kind == wasm::ExternKind::Function) compare(exported.index);
}

}  // namespace nacre::test
