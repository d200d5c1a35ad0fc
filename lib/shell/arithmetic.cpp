#include "lib/shell/arithmetic.hpp"

#include <algorithm>
#include <array>

#include "lib/base/try.hpp"
#include "lib/shell/characters.hpp"

namespace nacre::shell {
namespace {

using Kind = ArithmeticError::Kind;
using Value = std::expected<i64, ArithmeticError>;

constexpr usize max_depth = 50;

enum class Operator : u8 {
  Or,
  And,
  BitOr,
  BitXor,
  BitAnd,
  Equal,
  NotEqual,
  LessEqual,
  GreaterEqual,
  Less,
  Greater,
  ShiftLeft,
  ShiftRight,
  Add,
  Subtract,
  Multiply,
  Divide,
  Remainder,
};

struct Binary {
  std::string_view token;
  Operator operation;
  unsigned precedence;
  /// Whether it assigns with a `=` behind it.
  bool assigns = false;
};
/// The longer of those that begin alike come first.
constexpr auto binaries = std::to_array<Binary>({
    {"||", Operator::Or, 1},
    {"&&", Operator::And, 2},
    {"<<", Operator::ShiftLeft, 8, true},
    {">>", Operator::ShiftRight, 8, true},
    {"==", Operator::Equal, 6},
    {"!=", Operator::NotEqual, 6},
    {"<=", Operator::LessEqual, 7},
    {">=", Operator::GreaterEqual, 7},
    {"|", Operator::BitOr, 3, true},
    {"^", Operator::BitXor, 4, true},
    {"&", Operator::BitAnd, 5, true},
    {"<", Operator::Less, 7},
    {">", Operator::Greater, 7},
    {"+", Operator::Add, 9, true},
    {"-", Operator::Subtract, 9, true},
    {"*", Operator::Multiply, 10, true},
    {"/", Operator::Divide, 10, true},
    {"%", Operator::Remainder, 10, true},
});

constexpr i64 wrapped(u64 value) { return static_cast<i64>(value); }

constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

class Evaluator {
 public:
  Evaluator(std::string_view text, Parameters& parameters) : text_(text), parameters_(parameters) {}

  Value all() {
    skip_space();
    if (at_ == text_.size()) return 0;
    TRY(i64 const value, comma());
    if (at_ != text_.size()) return fail(Kind::Unexpected);
    return value;
  }

 private:
  /// How deep expressions stand in each other.
  struct Nested {
    explicit Nested(usize& depth) : depth_(depth) { ++depth_; }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;
    ~Nested() { --depth_; }
    usize& depth_;
  };

  Value comma() {
    for (;;) {
      TRY(i64 const value, assignment());
      if (!take(",")) return value;
    }
  }

  Value assignment() {
    Nested const nested(depth_);
    if (depth_ > max_depth) return fail(Kind::TooDeep);
    usize const start = at_;
    usize const size = name_size(text_.substr(at_));
    if (size != 0) {
      std::string_view const name = text_.substr(at_, size);
      at_ += size;
      skip_space();
      if (peek() == '=' && peek(1) != '=') {
        take("=");
        TRY(i64 const value, assignment());
        return assign(name, value);
      }
      for (const Binary& binary : binaries) {
        if (!binary.assigns || !is_next(binary.token) || peek(binary.token.size()) != '=') continue;
        at_ += binary.token.size() + 1;
        skip_space();
        TRY(i64 const left, value_of(name));
        TRY(i64 const right, assignment());
        TRY(i64 const value, apply(binary.operation, left, right));
        return assign(name, value);
      }
      at_ = start;
    }
    return conditional();
  }

  Value conditional() {
    TRY(i64 const condition, binary(1));
    if (!take("?")) return condition;
    bool const was_live = live_;
    live_ = was_live && condition != 0;
    auto const yes = comma();
    live_ = was_live && condition == 0;
    if (!yes) return yes;
    if (!take(":")) return fail(Kind::MissingColon);
    auto const no = assignment();
    live_ = was_live;
    if (!no) return no;
    return condition != 0 ? *yes : *no;
  }

  /// Operators that bind at least so tightly.
  Value binary(unsigned precedence) {
    TRY(i64 left, unary());
    for (;;) {
      const Binary* const found = next_binary();
      if (found == nullptr || found->precedence < precedence) return left;
      at_ += found->token.size();
      skip_space();
      bool const was_live = live_;
      if (found->operation == Operator::And) live_ = live_ && left != 0;
      if (found->operation == Operator::Or) live_ = live_ && left == 0;
      auto const right = binary(found->precedence + 1);
      if (!right) return right;
      auto const value = apply(found->operation, left, *right);
      live_ = was_live;
      if (!value) return value;
      left = *value;
    }
  }

  const Binary* next_binary() const {
    for (const Binary& binary : binaries) {
      if (!is_next(binary.token)) continue;
      bool const is_assignment = binary.assigns && peek(binary.token.size()) == '=';
      return is_assignment ? nullptr : &binary;
    }
    return nullptr;
  }

  Value unary() {
    Nested const nested(depth_);
    if (depth_ > max_depth) return fail(Kind::TooDeep);
    if (is_next("++") || is_next("--")) {
      bool const up = peek() == '+';
      usize const start = at_;
      at_ += 2;
      skip_space();
      if (std::string_view const name = take_name(); !name.empty()) {
        TRY(i64 const value, value_of(name));
        return assign(name, wrapped(static_cast<u64>(value) + (up ? 1 : u64{} - 1)));
      }
      at_ = start;  // Two signs.
    }
    if (take("-")) {
      TRY(i64 const value, unary());
      return wrapped(u64{} - static_cast<u64>(value));
    }
    if (take("+")) return unary();
    if (take("~")) {
      TRY(i64 const value, unary());
      return ~value;
    }
    if (peek() == '!' && peek(1) != '=') {
      take("!");
      TRY(i64 const value, unary());
      return value == 0 ? 1 : 0;
    }
    return primary();
  }

  Value primary() {
    if (take("(")) {
      TRY(i64 const value, comma());
      if (!take(")")) return fail(Kind::MissingParenthesis);
      return value;
    }
    if (std::string_view const name = take_name(); !name.empty()) {
      TRY(i64 const value, value_of(name));
      bool const up = is_next("++");
      if ((up || is_next("--")) && !has_value_at(at_ + 2)) {
        at_ += 2;
        skip_space();
        TRY(assign(name, wrapped(static_cast<u64>(value) + (up ? 1 : u64{} - 1))));
      }
      return value;
    }
    usize const start = at_;
    while (at_ < text_.size() && is_name_character(text_[at_])) ++at_;
    if (at_ == start) return fail(Kind::MissingValue);
    std::string_view const digits = text_.substr(start, at_ - start);
    auto const number = parse_integer(digits);
    if (!number) return std::unexpected(ArithmeticError(Kind::BadNumber, digits));
    skip_space();
    return *number;
  }

  Value apply(Operator operation, i64 left, i64 right) const {
    auto const a = static_cast<u64>(left);
    auto const b = static_cast<u64>(right);
    switch (operation) {
      case Operator::Or: return left != 0 || right != 0 ? 1 : 0;
      case Operator::And: return left != 0 && right != 0 ? 1 : 0;
      case Operator::BitOr: return left | right;
      case Operator::BitXor: return left ^ right;
      case Operator::BitAnd: return left & right;
      case Operator::Equal: return left == right ? 1 : 0;
      case Operator::NotEqual: return left != right ? 1 : 0;
      case Operator::LessEqual: return left <= right ? 1 : 0;
      case Operator::GreaterEqual: return left >= right ? 1 : 0;
      case Operator::Less: return left < right ? 1 : 0;
      case Operator::Greater: return left > right ? 1 : 0;
      case Operator::ShiftLeft: return wrapped(a << (b & 63));
      case Operator::ShiftRight: return left >> (b & 63);
      case Operator::Add: return wrapped(a + b);
      case Operator::Subtract: return wrapped(a - b);
      case Operator::Multiply: return wrapped(a * b);
      case Operator::Divide:
      case Operator::Remainder: break;
    }
    bool const divides = operation == Operator::Divide;
    if (right == 0) {
      if (!live_) return 0;
      return fail(Kind::DivisionByZero);
    }
    // The one quotient that has no room wraps around.
    if (right == -1) return divides ? wrapped(u64{} - a) : 0;
    return divides ? left / right : left % right;
  }

  Value value_of(std::string_view name) const {
    auto const text = parameters_.variables.value(name);
    if (!text && parameters_.options.no_unset && live_)
      return std::unexpected(ArithmeticError(Kind::NotSet, name));
    if (!text || !live_) return 0;
    if (std::ranges::all_of(*text, is_space)) return 0;
    auto const number = parse_integer(*text);
    if (!number) return std::unexpected(ArithmeticError(Kind::NotANumber, name));
    return *number;
  }

  Value assign(std::string_view name, i64 value) {
    if (!live_) return value;
    auto const done = parameters_.variables.set(name, base::FixedText<24>("{}", value));
    if (done) return value;
    if (done.error().kind == VariableError::Kind::OutOfMemory)
      return std::unexpected(base::OutOfMemory{});
    return std::unexpected(ArithmeticError(Kind::ReadOnly, name));
  }

  /// Whether what stands there begins a value: then two signs before it are signs. [posix/xcu:
  /// "Arithmetic Expansion"]
  bool has_value_at(usize at) const {
    while (at < text_.size() && is_space(text_[at])) ++at;
    return at < text_.size() &&
           (is_name_character(text_[at]) || std::string_view("(~").contains(text_[at]));
  }
  std::string_view take_name() {
    usize const size = name_size(text_.substr(at_));
    std::string_view const name = text_.substr(at_, size);
    at_ += size;
    if (size != 0) skip_space();
    return name;
  }
  char peek(usize ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool is_next(std::string_view token) const { return text_.substr(at_).starts_with(token); }
  bool take(std::string_view token) {
    if (!is_next(token)) return false;
    at_ += token.size();
    skip_space();
    return true;
  }
  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }
  std::unexpected<ArithmeticError> fail(Kind kind) const {
    return std::unexpected(ArithmeticError(kind, text_.substr(at_)));
  }

  std::string_view text_;
  usize at_ = 0;
  Parameters& parameters_;
  usize depth_ = 0;
  /// Whether what is evaluated counts: not so behind `0 &&`.
  bool live_ = true;
};

std::string_view describe(Kind kind) {
  switch (kind) {
    case Kind::MissingValue: return "a value is missing";
    case Kind::MissingParenthesis: return "a parenthesis is not closed";
    case Kind::MissingColon: return "a colon is missing";
    case Kind::BadNumber: return "not a number";
    case Kind::NotAVariable: return "not a variable";
    case Kind::Unexpected: return "this cannot stand here";
    case Kind::DivisionByZero: return "division by zero";
    case Kind::NotANumber: return "its value is not a number";
    case Kind::NotSet: return "parameter not set";
    case Kind::ReadOnly: return "is read only";
    case Kind::TooDeep: return "too many expressions in expressions";
    case Kind::OutOfMemory: return "out of memory";
  }
  return "";
}

}  // namespace

void format_value(base::Sink& sink, const ArithmeticError& error) {
  bool const is_about_text = error.kind != Kind::DivisionByZero && !error.where.empty();
  if (is_about_text) base::format_to(sink, "{}: ", error.where.substr(0, 40));
  sink.write(describe(error.kind));
}

std::expected<i64, ArithmeticError> evaluate(std::string_view expression, Parameters& parameters) {
  return Evaluator(expression, parameters).all();
}

std::optional<i64> parse_integer(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  bool const is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  u64 base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.size() > 1 && text[0] == '0') {
    base = 8;
    text.remove_prefix(1);
  }
  if (text.empty()) return std::nullopt;
  u64 value = 0;
  for (char const c : text) {
    u64 digit = 99;
    if (is_digit(c)) digit = static_cast<u64>(c - '0');
    if (c >= 'a' && c <= 'f') digit = static_cast<u64>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') digit = static_cast<u64>(c - 'A' + 10);
    if (digit >= base) return std::nullopt;
    if (value > (UINT64_MAX - digit) / base) return std::nullopt;
    value = value * base + digit;
  }
  return wrapped(is_negative ? u64{} - value : value);
}

}  // namespace nacre::shell
