#pragma once

#include <array>

#include "tests/support/random.hpp"
#include "tests/support/wasm_pieces.hpp"

namespace nacre::test {

using Snippet = std::vector<InstructionPiece>;

/// What an instruction takes from the stack and leaves there, where its opcode alone says so.
struct StackEffect {
  std::array<wasm::ValueType, 3> operand_types{};
  base::u8 operand_count = 0;
  std::optional<wasm::ValueType> result;

  std::span<const wasm::ValueType> operands() const {
    return std::span(operand_types).first(operand_count);
  }
  friend bool operator==(const StackEffect&, const StackEffect&) = default;
};
std::optional<StackEffect> effect_of(const wasm::OpcodeInfo& info);

/// A number of `bits` bits at which something may change: 0, -1, powers of two and their
/// neighbours, or any.
base::u64 interesting_number(Random& random, unsigned bits);

/// Makes code that leaves the operand stack as it finds it, and so may stand anywhere in a body.
class SnippetMaker {
 public:
  /// All are borrowed. `local_count` counts parameters too.
  SnippetMaker(const ModulePieces& module, BodyPiece& body, base::u64 parameters, Random& random)
      : module_(module), body_(body), parameters_(parameters), random_(random) {}

  Snippet make() { return make(3); }
  /// Leaves one value of the type, whose bytes these are.
  Snippet value_of(std::span<const base::u8> type);
  Snippet value_of(wasm::ValueType type);
  /// With immediates that the module has, or empty where it has none.
  std::optional<InstructionPiece> instruction(const wasm::OpcodeInfo& info);
  /// `inner` within a block of some kind that has no parameters and no results.
  Snippet wrapped(Snippet inner);
  /// The index of a new local; others may come behind it.
  base::u64 add_local(std::span<const base::u8> type);

 private:
  Snippet make(unsigned depth);
  Snippet numeric();
  Snippet call();
  Snippet throwing();
  Snippet bulk();
  Snippet counted_loop(unsigned depth);
  void append_values(Snippet& to, const std::vector<Bytes>& types);

  const ModulePieces& module_;
  BodyPiece& body_;
  base::u64 parameters_;
  Random& random_;
};

}  // namespace nacre::test
