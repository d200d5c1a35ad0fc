#include "lib/wasm/interpret/unwind.hpp"

#include <algorithm>

#include "lib/wasm/interpret/function_code.hpp"

namespace nacre::wasm::interpret {
namespace {

/// The clause of `function` that handles what happens at `position`; null if none does.
const HandlerClause* find_clause(const FunctionInstance& function, const Word* position,
                                 const Exception& exception) {
  TranslatedCode const code = code_of(function);
  auto const at = static_cast<u32>(position - code.words.data());
  u32 deepest = TryRange::nothing;
  for (TryRange const& range : code.ranges) {
    if (at < range.begin || at >= range.end || range.depth > deepest) continue;
    if (range.delegate_depth != TryRange::nothing) deepest = range.delegate_depth;
    for (u32 number = range.first_clause; number != TryRange::nothing;) {
      HandlerClause const& clause = code.clauses[number];
      if (clause.tag == HandlerClause::any_tag ||
          function.instance->tags[clause.tag] == exception.tag)
        return &clause;
      number = clause.next;
    }
  }
  return nullptr;
}

}  // namespace

std::optional<Landing> unwind(Machine& machine, const Word* position, Slot* slots,
                              Exception& exception) {
  for (Frame* frame = machine.top; frame != machine.frames_begin; --frame) {
    FunctionInstance const& function = *frame->function;
    if (auto const* const clause = find_clause(function, position, exception)) {
      if (clause->wants_values) std::ranges::copy(exception.slots(), slots + clause->values_slot);
      if (clause->wants_exception) slots[clause->exception_slot] = reference_to(&exception);
      machine.top = frame;
      return Landing{static_cast<const Word*>(function.entry) + clause->target, slots,
                     function.instance};
    }
    // The call's own operation ends where it returns to.
    position = frame->return_to - 1;
    slots = frame->caller_slots;
  }
  return std::nullopt;
}

}  // namespace nacre::wasm::interpret
