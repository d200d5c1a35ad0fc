#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>

#include "lib/wasm/validate/function_validator.hpp"

// Most of a module is instructions of a few kinds whose operands are numbers of the right type.
// They are checked here, many at once: what is asked of each stands in a table, and all of it is
// looked at in the same way, so that the processor has only one branch to foresee. Blocks without
// values, branches that carry none and direct calls follow. Whatever is anything else, or wrong, is
// left to the rules of each instruction, which alone report errors.
namespace nacre::wasm {
namespace {

constexpr u8 no_limit = 0xff;
constexpr u8 all_bits = 0xff;
constexpr i8 same_type = -1;
/// Leaves of a number's type what all of them have in common.
constexpr i8 any_number = -4;
constexpr u8 number_type = 0x7c;
static_assert(static_cast<u32>(ValueType::F64) == number_type &&
              static_cast<u32>(ValueType::I32) == (number_type | 3));

/// What is asked of an instruction of one byte. Value types of numbers fit in a byte.
struct Rule {
  /// What it needs of what may not be there.
  u8 needs = need_rule;
  /// How many operands it takes, and by how many the stack has grown behind it.
  u8 operands = 0;
  i8 growth = 0;
  /// What the topmost operand and the one below it are, in the bits that count.
  u8 top = 0;
  i8 top_bits = 0;
  u8 second = 0;
  i8 second_bits = 0;
  u8 result = 0;
  /// All bits where it names something whose type it takes or gives, and of which list.
  u8 named_bits = 0;
  NamedTypes::List names = NamedTypes::Locals;
  /// Its size without its LEB128 number, where that begins, and how many bytes that may have:
  /// fewer than could have too many bits.
  u8 size = 1;
  u8 number_at = 1;
  u8 most_number_bytes = no_limit;
  /// All bits where it has such a number.
  u8 number_bits = 0;
  /// Of its second byte, which is an alignment.
  u8 most_alignment = no_limit;

  static constexpr u8 need_rule = 1;
  static constexpr u8 need_memory = 2;
};

constexpr u8 byte_of(ValueType type) { return static_cast<u8>(type); }
/// Bytes of which no number of 32 or 64 bits has too many.
constexpr u8 short_u32 = 4;
constexpr u8 short_i64 = 7;

constexpr Rule name_rule(NamedTypes::List names, u8 operands, i8 growth) {
  return {.needs = 0,
          .operands = operands,
          .growth = growth,
          .top_bits = operands == 0 ? i8{0} : same_type,
          .named_bits = all_bits,
          .names = names,
          .size = 2,
          .most_number_bytes = 1};
}

/// Of a constant with a LEB128 number, or one of `size` bytes in all.
constexpr Rule number_rule(ValueType type, u8 most_bytes) {
  return {.needs = 0,
          .growth = 1,
          .result = byte_of(type),
          .most_number_bytes = most_bytes,
          .number_bits = all_bits};
}
constexpr Rule float_rule(ValueType type, u8 size) {
  return {.needs = 0, .growth = 1, .result = byte_of(type), .size = size};
}

constexpr Rule special_rule(Opcode opcode) {
  switch (opcode) {
    case Opcode::LocalGet: return name_rule(NamedTypes::Locals, 0, 1);
    case Opcode::LocalSet: return name_rule(NamedTypes::Locals, 1, -1);
    case Opcode::LocalTee: return name_rule(NamedTypes::Locals, 1, 0);
    case Opcode::GlobalGet: return name_rule(NamedTypes::Globals, 0, 1);
    case Opcode::GlobalSet: return name_rule(NamedTypes::MutableGlobals, 1, -1);
    case Opcode::I32Const: return number_rule(ValueType::I32, short_u32);
    case Opcode::I64Const: return number_rule(ValueType::I64, short_i64);
    case Opcode::F32Const: return float_rule(ValueType::F32, 5);
    case Opcode::F64Const: return float_rule(ValueType::F64, 9);
    case Opcode::Drop:
      return {.needs = 0, .operands = 1, .growth = -1, .top = number_type, .top_bits = any_number};
    default: return {};
  }
}

constexpr Rule access_rule(OpcodeInfo const& info) {
  bool const is_store = info.shape == OpcodeShape::Store;
  u8 const address = byte_of(ValueType::I32);
  return {.needs = Rule::need_memory,
          .operands = static_cast<u8>(is_store ? 2 : 1),
          .growth = static_cast<i8>(is_store ? -2 : 0),
          .top = is_store ? byte_of(info.operand) : address,
          .top_bits = same_type,
          .second = address,
          .second_bits = is_store ? same_type : i8{0},
          .result = byte_of(info.result),
          .size = 2,
          .number_at = 2,
          .most_number_bytes = short_u32,
          .number_bits = all_bits,
          .most_alignment = info.access_log2};
}

constexpr Rule rule_of(OpcodeInfo const& info) {
  u8 const operand = byte_of(info.operand);
  u8 const result = byte_of(info.result);
  switch (info.shape) {
    case OpcodeShape::Special: return special_rule(info.opcode);
    case OpcodeShape::Load:
    case OpcodeShape::Store: return access_rule(info);
    case OpcodeShape::Unary:
      return {.needs = 0, .operands = 1, .top = operand, .top_bits = same_type, .result = result};
    case OpcodeShape::Binary:
      return {.needs = 0,
              .operands = 2,
              .growth = -1,
              .top = operand,
              .top_bits = same_type,
              .second = operand,
              .second_bits = same_type,
              .result = result};
    default: return {};
  }
}

constexpr auto rules = [] {
  std::array<Rule, 256> table{};
  for (OpcodeInfo const& info : opcode_table) {
    auto const encoding = static_cast<u32>(info.opcode);
    if (encoding < table.size()) table[encoding] = rule_of(info);
  }
  return table;
}();

/// How far behind an instruction's first byte is read.
constexpr usize read_ahead = 16;
/// How many operands are made room for at a time.
constexpr usize room = 256;
/// The longest that an instruction with a label or a callee is, as far as they are checked here.
constexpr std::ptrdiff_t longest_structured = 4;
constexpr u8 empty_block = 0x40;
/// From here on, the first byte of a LEB128 number is not its last.
constexpr usize continues = 0x80;

/// How many bytes the LEB128 number at `bytes` has; eight if it has more.
usize size_of_number(const u8* bytes) {
  constexpr u64 marks = 0x8080'8080'8080'8080;
  constexpr u64 last_mark = 0x8000'0000'0000'0000;
  u64 word;
  std::memcpy(&word, bytes, sizeof word);
  return static_cast<usize>(std::countr_zero((~word & marks) | last_mark)) / 8 + 1;
}

}  // namespace

/// Instructions that are checked many at once. All of it is to become one loop with its state in
/// registers.
class FunctionValidator::StraightLine {
 public:
  StraightLine(FunctionValidator& validator, std::span<const u8> code, Operand* stack)
      : validator_(validator),
        at_(code.data()),
        last_(at_ + code.size()),
        stack_(stack),
        limit_(stack + validator.operands_.size() + room),
        floor_(stack + validator.labels_.back().height),
        top_(stack + validator.operands_.size()),
        highest_(top_),
        lacking_(Rule::need_rule | (validator.module_.memories.empty() ? Rule::need_memory : 0)) {}

  /// Goes on as long as it can; `readable` is the last place from where it is safe to read ahead.
  [[gnu::always_inline]] Loaded<u32> run(const u8* readable) {
    u32 count = 0;
    for (; at_ < last_ && at_ <= readable && top_ < limit_; ++count) {
      if (simple()) [[likely]]
        continue;
      TRY(bool const passed, structured());
      if (!passed) break;
    }
    return count;
  }
  const u8* at() const { return at_; }
  usize size() const { return static_cast<usize>(top_ - stack_); }
  usize largest_size() const { return static_cast<usize>(highest_ - stack_); }

 private:
  [[gnu::always_inline]] bool simple() {
    Rule const& rule = rules[at_[0]];
    u32 const type = validator_.named_types_.of(rule.names, at_[1]) & rule.named_bits;
    usize const number_size = size_of_number(at_ + rule.number_at);
    const u8* const next = at_ + rule.size + (number_size & rule.number_bits);
    auto const differing = [](Operand found, u32 wanted, i8 bits) {
      return (found ^ wanted) & static_cast<u32>(i32{bits});
    };
    // Not one after the other: each would be a branch.
    u32 wrong = rule.needs & lacking_;
    wrong |= differing(top_[-1], rule.top | type, rule.top_bits);
    wrong |= differing(top_[-2], rule.second, rule.second_bits);
    wrong |= static_cast<u32>(at_[1] > rule.most_alignment);
    wrong |= static_cast<u32>(number_size > rule.most_number_bytes);
    wrong |= static_cast<u32>(type == 0) & rule.named_bits;
    wrong |= static_cast<u32>(top_ - floor_ < rule.operands);
    wrong |= static_cast<u32>(next > last_);
    if (wrong != 0) return false;
    top_[-std::ptrdiff_t{rule.operands}] = rule.result | type;
    top_ += rule.growth;
    highest_ = std::max(highest_, top_);
    at_ = next;
    return true;
  }

  [[gnu::always_inline]] Loaded<bool> structured() {
    if (last_ - at_ < longest_structured) return false;
    switch (auto const opcode = static_cast<Opcode>(at_[0])) {
      case Opcode::Block:
      case Opcode::Loop: return begin_block(opcode);
      case Opcode::If: {
        if (!has_condition() || at_[1] != empty_block) return false;
        --top_;
        return begin_block(opcode);
      }
      case Opcode::End: return end();
      case Opcode::Br: {
        if (top_ != floor_ || !is_empty_target()) return false;
        validator_.labels_.back().unreachable = true;
        at_ += 2;
        return true;
      }
      case Opcode::BrIf: {
        if (!has_condition() || !is_empty_target()) return false;
        --top_;
        at_ += 2;
        return true;
      }
      case Opcode::Call: return call();
      default: return false;
    }
  }

  bool has_condition() const { return top_ > floor_ && top_[-1] == operand(ValueType::I32); }
  /// Whether a branch to the label carries nothing.
  bool is_empty_target() const {
    auto const& labels = validator_.labels_;
    return at_[1] < std::min<usize>(labels.size(), continues) &&
           validator_.branch_types(labels[labels.size() - 1 - at_[1]]).empty();
  }

  [[gnu::always_inline]] Loaded<bool> begin_block(Opcode opcode) {
    if (at_[1] != empty_block) return false;
    TRY(validator_.labels_.try_push_back(Label{opcode, BlockType{}, static_cast<u32>(top_ - stack_),
                                               false,
                                               static_cast<u32>(validator_.set_locals_.size())}));
    validator_.max_labels_ =
        std::max(validator_.max_labels_, static_cast<u32>(validator_.labels_.size()));
    floor_ = top_;
    at_ += 2;
    return true;
  }

  [[gnu::always_inline]] bool end() {
    auto& labels = validator_.labels_;
    Label const& ended = labels.back();
    bool const is_plain = ended.opcode == Opcode::Block || ended.opcode == Opcode::Loop ||
                          ended.opcode == Opcode::If || ended.opcode == Opcode::Else;
    if (!is_plain || labels.size() == 1 || ended.type.kind != BlockType::Kind::Empty ||
        top_ != floor_ || validator_.set_locals_.size() != ended.set_locals)
      return false;
    labels.pop_back();
    floor_ = stack_ + labels.back().height;
    ++at_;
    return true;
  }

  [[gnu::always_inline]] bool call() {
    usize const size = size_of_number(at_ + 1);
    if (size >= longest_structured) return false;
    u32 index = 0;
    for (usize i = 0; i < size; ++i) index |= (at_[1 + i] & 0x7fu) << (7 * i);
    Module const& module = validator_.module_;
    if (index >= module.functions.size()) return false;
    FunctionType const& type = module.type_of_function(index);
    Types const parameters = type.parameters();
    Types const results = type.results();
    if (static_cast<usize>(top_ - floor_) < parameters.size() ||
        static_cast<usize>(limit_ - top_) < results.size())
      return false;
    Operand* const arguments = top_ - parameters.size();
    for (usize i = 0; i < parameters.size(); ++i)
      if (!is_number(parameters[i]) || arguments[i] != operand(parameters[i])) return false;
    if (!std::ranges::all_of(results, is_number)) return false;
    top_ = std::ranges::transform(results, arguments, operand).out;
    highest_ = std::max(highest_, top_);
    at_ += 1 + size;
    return true;
  }

  FunctionValidator& validator_;
  const u8* at_;
  const u8* const last_;
  Operand* const stack_;
  Operand* const limit_;
  Operand* floor_;
  Operand* top_;
  Operand* highest_;
  u32 const lacking_;
};

/// Checks instructions as long as it can, within `size` bytes, and moves the cursor behind them.
/// Returns how many.
Loaded<u32> FunctionValidator::straight_line(Cursor& cursor, usize size) {
  auto const module = module_.bytes;
  if (module.size() < read_ahead) return 0;
  TRY(Operand* const stack, operands_.begin_with_room(room));
  auto const rest = cursor.rest();
  StraightLine line(*this, rest.first(std::min(rest.size(), size)), stack);
  TRY(u32 const count, line.run(module.data() + module.size() - read_ahead));
  operands_.end_with(line.size(), line.largest_size());
  cursor.skip(static_cast<usize>(line.at() - cursor.rest().data()));
  return count;
}

}  // namespace nacre::wasm
