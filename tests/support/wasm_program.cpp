#include "tests/support/wasm_program.hpp"

#include <cstdio>
#include <cstdlib>
#include <ostream>

#include "lib/wasm/validate/validator.hpp"
#include "tests/support/opcode_use.hpp"

namespace nacre::test {
namespace {

constexpr base::u64 plenty_of_fuel = 100'000'000;

wasm::Module load_or_abort(const Bytes& bytes) {
  auto module = wasm::load(bytes);
  if (!module) {
    base::FixedText<200> const text("{}", module.error());
    std::fprintf(stderr, "the test's module is refused: %.*s\n",
                 static_cast<int>(text.view().size()), text.view().data());
    std::abort();
  }
  return std::move(*module);
}

}  // namespace

void PrintTo(const Outcome& outcome, std::ostream* stream) {
  if (outcome.trap) *stream << "trap: " << text_of(*outcome.trap);
  for (auto const slot : outcome.results) *stream << "0x" << std::hex << slot << std::dec << ' ';
}

Program::Program(const ModuleBuilder& builder, const wasm::StoreLimits& store_limits,
                 const wasm::GuestLimits& guest_limits)
    : bytes_(builder.bytes()),
      module_(load_or_abort(bytes_)),
      store_(platform_, interpreter_, store_limits),
      linker_(store_),
      guest_(*wasm::Guest::create(store_, guest_limits)) {}

std::expected<wasm::Instance*, wasm::InstantiateError> Program::instantiate() {
  auto const made = store_.instantiate(module_, linker_);
  if (made) instance_ = *made;
  return made;
}

void Program::begin(std::string_view name, const std::vector<wasm::Value>& arguments) {
  if (instance_ == nullptr) NACRE_ASSERT(instantiate().has_value());
  auto* const function = instance_->find_function(name);
  NACRE_ASSERT(function != nullptr && guest_.begin(*function, arguments).has_value());
}

Outcome Program::call(std::string_view name, const std::vector<wasm::Value>& arguments) {
  begin(name, arguments);
  auto const exit = guest_.run(plenty_of_fuel);
  note_executed(*instance_);
  if (auto const* const trapped = std::get_if<wasm::exit::Trapped>(&exit)) {
    note_trap(guest_);
    return traps(trapped->trap);
  }
  auto const* const finished = std::get_if<wasm::exit::Finished>(&exit);
  NACRE_ASSERT(finished != nullptr);
  return returns({finished->results.begin(), finished->results.end()});
}

}  // namespace nacre::test
