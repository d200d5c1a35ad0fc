#include <algorithm>
#include <array>

#include "kernel/shell/builtins/builtins.hpp"
#include "lib/base/try.hpp"
#include "lib/shell/arithmetic.hpp"

namespace nacre::shell::builtin {
namespace {

/// Expressions in parentheses stand in each other this deep at most.
constexpr usize max_parentheses = 20;

constexpr auto unary_operators =
    std::to_array<std::string_view>({"-b", "-c", "-d", "-e", "-f", "-g", "-h", "-L", "-n", "-p",
                                     "-r", "-S", "-s", "-t", "-u", "-w", "-x", "-z"});
constexpr auto binary_operators = std::to_array<std::string_view>(
    {"!=", "-ef", "-eq", "-ge", "-gt", "-le", "-lt", "-ne", "-nt", "-ot", "<", "=", ">"});

bool is_unary(std::string_view word) { return std::ranges::contains(unary_operators, word); }
bool is_binary(std::string_view word) { return std::ranges::contains(binary_operators, word); }

/// One expression. [posix/xcu: "test"]
class Expression {
 public:
  Expression(const Invocation& call, std::span<const base::String> words)
      : call_(call), words_(words) {}

  /// Why it has no value, if it has none.
  std::string_view problem() const { return problem_; }
  std::string_view problem_word() const { return problem_word_; }

  exec::Task<fs::Result<bool>> value() {
    if (words_.empty()) co_return false;
    CO_TRY(bool const result, co_await disjunction());
    if (at_ < words_.size() && problem_.empty()) set_problem("this cannot stand here", word());
    co_return result;
  }

 private:
  std::string_view word(usize ahead = 0) const {
    return at_ + ahead < words_.size() ? words_[at_ + ahead].view() : std::string_view();
  }
  usize left() const { return words_.size() - at_; }
  bool take(std::string_view expected) {
    if (left() == 0 || word() != expected) return false;
    ++at_;
    return true;
  }
  void set_problem(std::string_view problem, std::string_view about) {
    if (!problem_.empty()) return;
    problem_ = problem;
    problem_word_ = about;
  }

  exec::Task<fs::Result<bool>> disjunction() {
    CO_TRY(bool result, co_await conjunction());
    while (problem_.empty() && take("-o")) {
      CO_TRY(bool const right, co_await conjunction());
      result = result || right;
    }
    co_return result;
  }

  exec::Task<fs::Result<bool>> conjunction() {
    CO_TRY(bool result, co_await term());
    while (problem_.empty() && take("-a")) {
      CO_TRY(bool const right, co_await term());
      result = result && right;
    }
    co_return result;
  }

  exec::Task<fs::Result<bool>> term() {
    bool is_negated = false;
    // An operator between two words is one, whatever they are.
    while (left() > 1 && word() == "!" && !(left() >= 3 && is_binary(word(1)))) {
      ++at_;
      is_negated = !is_negated;
    }
    CO_TRY(bool const result, co_await primary());
    co_return result != is_negated;
  }

  exec::Task<fs::Result<bool>> primary() {
    if (left() == 0) {
      set_problem("an expression is missing", "");
      co_return false;
    }
    if (left() >= 3 && is_binary(word(1))) {
      std::string_view const first = word();
      std::string_view const operation = word(1);
      std::string_view const second = word(2);
      at_ += 3;
      co_return co_await compare(first, operation, second);
    }
    if (left() >= 3 && word() == "(") {
      ++at_;
      if (++depth_ > max_parentheses) {
        set_problem("too many parentheses in parentheses", "");
        co_return false;
      }
      CO_TRY(bool const result, co_await disjunction());
      --depth_;
      if (!take(")")) set_problem("a parenthesis is not closed", "");
      co_return result;
    }
    if (left() >= 2 && is_unary(word())) {
      char const operation = word()[1];
      std::string_view const operand = word(1);
      at_ += 2;
      co_return co_await examine(operation, operand);
    }
    // A word alone: whether it is empty.
    std::string_view const text = word();
    ++at_;
    co_return !text.empty();
  }

  exec::Task<fs::Result<bool>> examine(char operation, std::string_view operand) {
    if (operation == 'n') co_return !operand.empty();
    if (operation == 'z') co_return operand.empty();
    if (operation == 't') {
      auto const number = parse_number(operand);
      fs::Stream* const stream = number && *number < Descriptors::count
                                     ? call_.state.descriptors.stream(static_cast<usize>(*number))
                                     : nullptr;
      co_return stream != nullptr && stream->is_terminal();
    }
    bool const follows = operation != 'h' && operation != 'L';
    auto const stat =
        co_await call_.services.files.stat(call_.directory(), operand, {.follow_last = follows});
    if (!stat) {
      if (stat.error().kind == fs::ErrorKind::OutOfMemory) co_return std::unexpected(stat.error());
      co_return false;
    }
    using Type = fs::NodeType;
    switch (operation) {
      case 'c': co_return stat->type == Type::CharacterDevice;
      case 'd': co_return stat->type == Type::Directory;
      case 'f': co_return stat->type == Type::File;
      case 'h':
      case 'L': co_return stat->type == Type::Symlink;
      case 's': co_return stat->size > 0;
      case 'g': co_return (stat->mode & 02000) != 0;
      case 'u': co_return (stat->mode & 04000) != 0;
      // There is one user, who may do everything.
      case 'e':
      case 'r':
      case 'w': co_return true;
      case 'x': co_return stat->type == Type::Directory || (stat->mode & 0111) != 0;
      default: co_return false;  // there are no sockets, pipes with names, block devices
    }
  }

  exec::Task<fs::Result<bool>> compare(std::string_view first, std::string_view operation,
                                       std::string_view second) {
    if (operation == "=") co_return first == second;
    if (operation == "!=") co_return first != second;
    if (operation == "<") co_return first < second;
    if (operation == ">") co_return first > second;
    if (operation == "-nt" || operation == "-ot" || operation == "-ef")
      co_return co_await compare_files(first, operation, second);
    auto const left = decimal(first);
    auto const right = decimal(second);
    if (!left || !right) {
      set_problem("not a number", left ? second : first);
      co_return false;
    }
    if (operation == "-eq") co_return *left == *right;
    if (operation == "-ne") co_return *left != *right;
    if (operation == "-lt") co_return *left < *right;
    if (operation == "-le") co_return *left <= *right;
    if (operation == "-gt") co_return *left > *right;
    co_return *left >= *right;
  }

  exec::Task<fs::Result<bool>> compare_files(std::string_view first, std::string_view operation,
                                             std::string_view second) {
    auto const a = co_await call_.services.files.stat(call_.directory(), first);
    auto const b = co_await call_.services.files.stat(call_.directory(), second);
    if (operation == "-nt") co_return a && (!b || a->modified > b->modified);
    if (operation == "-ot") co_return b && (!a || a->modified < b->modified);
    co_return a&& b && a->inode == b->inode && a->file_system == b->file_system;
  }

  /// Zeros in front mean nothing here.
  static std::optional<i64> decimal(std::string_view text) {
    while (!text.empty() && (text[0] == ' ' || text[0] == '\t')) text.remove_prefix(1);
    bool const is_negative = text.starts_with('-');
    if (is_negative || text.starts_with('+')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    auto const number = parse_number(text);
    if (!number || *number > static_cast<u64>(INT64_MAX)) return std::nullopt;
    auto const value = static_cast<i64>(*number);
    return is_negative ? -value : value;
  }

  const Invocation& call_;
  std::span<const base::String> words_;
  usize at_ = 0;
  usize depth_ = 0;
  std::string_view problem_;
  std::string_view problem_word_;
};

}  // namespace

exec::Task<fs::Result<int>> test(Invocation& call) {
  std::span<const base::String> words = call.arguments.subspan(1);
  if (call.name() == "[") {
    if (words.empty() || words.back() != "]") {
      CO_TRY(co_await complain(call, "] is missing at the end"));
      co_return status::usage;
    }
    words = words.first(words.size() - 1);
  }
  Expression expression(call, words);
  CO_TRY(bool const is_so, co_await expression.value());
  if (!expression.problem().empty()) {
    CO_TRY(base::String const shown, printable(expression.problem_word()));
    CO_TRY(co_await complain(call, "{}{}{}", shown.view(), shown.empty() ? "" : ": ",
                             expression.problem()));
    co_return status::usage;
  }
  co_return is_so ? status::success : status::failure;
}

}  // namespace nacre::shell::builtin
