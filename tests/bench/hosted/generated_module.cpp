#include "tests/bench/hosted/generated_module.hpp"

#include <random>

namespace nacre::bench {
namespace {

using base::i32;
using base::u32;
using base::usize;
using test::Code;
using wasm::Opcode;
using wasm::ValueType;

constexpr u32 i32_locals = 6;  // the parameters are the first two
constexpr u32 i64_local = i32_locals;
constexpr u32 f64_local = i32_locals + 1;

/// Writes one function: statements that leave the operand stack as it was, made of expressions that
/// leave one i32.
class FunctionWriter {
 public:
  FunctionWriter(std::mt19937& random, u32 callees) : random_(random), callees_(callees) {}

  Code write() {
    u32 const statements = 4 + below(24);
    for (u32 i = 0; i < statements; ++i) statement(3);
    expression(2);
    return std::move(code_);
  }

 private:
  u32 below(u32 bound) { return static_cast<u32>(random_() % bound); }
  u32 any_local() { return below(i32_locals); }
  /// Most offsets are small, as those of fields and of the stack's frame are.
  u32 any_offset() { return below(4) == 0 ? below(1 << 20) : 4 * below(16); }

  void statement(u32 depth) {
    switch (below(depth == 0 ? 6 : 10)) {
      case 0:
      case 1:
        expression(2);
        code_.set(any_local());
        return;
      case 2:
      case 3:
        code_.get(any_local());
        expression(1);
        code_.memory(below(4) == 0 ? Opcode::I32Store8 : Opcode::I32Store, any_offset());
        return;
      case 4:
        expression(1);
        expression(1);
        code_.call(below(callees_));
        code_.set(any_local());
        return;
      case 5: wide_statement(); return;
      case 6:
        expression(1);
        block(Opcode::If, depth);
        return;
      case 7: block(Opcode::Loop, depth); return;
      case 8: dispatch(depth); return;
      default: block(Opcode::Block, depth); return;
    }
  }
  void wide_statement() {
    if (below(2) == 0) {
      code_.get(i64_local).i64(static_cast<i32>(random_())).op(Opcode::I64Mul).set(i64_local);
    } else {
      code_.get(f64_local).f64(0.5).op(Opcode::F64Mul).get(f64_local).op(Opcode::F64Add);
      code_.set(f64_local);
    }
  }
  /// Leaves the block early, or repeats the loop, on a condition.
  void block(Opcode kind, u32 depth) {
    code_.block(kind);
    u32 const statements = 1 + below(4);
    for (u32 i = 0; i < statements; ++i) statement(depth - 1);
    expression(1);
    code_.op(Opcode::I32Eqz).br_if(0);
    statement(depth - 1);
    code_.end();
  }
  void dispatch(u32 depth) {
    code_.block(Opcode::Block).block(Opcode::Block).block(Opcode::Block).get(any_local());
    code_.br_table({0, 1, 2, 1}).end();
    statement(depth - 1);
    code_.br(1).end();
    statement(depth - 1);
    code_.end();
  }
  void expression(u32 depth) {
    static constexpr std::array operators{Opcode::I32Add, Opcode::I32Add, Opcode::I32Sub,
                                          Opcode::I32And, Opcode::I32Shl, Opcode::I32Mul,
                                          Opcode::I32LtU, Opcode::I32Eq,  Opcode::I32GtS};
    u32 const choice = below(depth == 0 ? 4 : 10);
    if (choice < 2) {
      code_.get(any_local());
    } else if (choice == 2) {
      code_.i32(below(3) == 0 ? static_cast<i32>(random_()) : static_cast<i32>(below(64)));
    } else if (choice == 3) {
      code_.get(any_local());
      code_.memory(below(4) == 0 ? Opcode::I32Load8U : Opcode::I32Load, any_offset());
    } else if (choice == 4) {
      expression(depth - 1);
      code_.tee(any_local());
    } else {
      expression(depth - 1);
      expression(depth - 1);
      code_.op(operators[below(operators.size())]);
    }
  }

  std::mt19937& random_;
  u32 callees_;
  Code code_;
};

}  // namespace

test::Bytes generate_module(usize size) {
  constexpr u32 seed = 20;
  constexpr u32 callees = 1000;
  std::mt19937 random(seed);
  test::ModuleBuilder builder;
  u32 const type = builder.type({ValueType::I32, ValueType::I32}, {ValueType::I32});
  test::ModuleBuilder::Types locals(i32_locals - 2, ValueType::I32);
  locals.insert(locals.end(), {ValueType::I64, ValueType::F64});
  builder.memory(1);
  usize written = 0;
  for (u32 count = 0; written < size || count < callees; ++count) {
    Code const code = FunctionWriter(random, callees).write();
    written += code.bytes().size();
    builder.function(type, code, locals);
  }
  return builder.bytes();
}

}  // namespace nacre::bench
