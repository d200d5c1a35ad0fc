#include "lib/wasm/interpret/function_code.hpp"

#include <cstring>

namespace nacre::wasm::interpret {
namespace {

/// Stands in front of the words; the ranges and then the clauses stand behind them.
struct Header {
  u32 word_count;
  u32 range_count;
  u32 clause_count;
  u32 unused = 0;

  usize ranges_at() const {
    return base::align_up(sizeof(Header) + word_count * sizeof(Word), alignof(TryRange));
  }
  usize clauses_at() const { return ranges_at() + range_count * sizeof(TryRange); }
  usize size() const { return clauses_at() + clause_count * sizeof(HandlerClause); }
};
static_assert(alignof(Header) >= alignof(TryRange) && alignof(TryRange) == alignof(HandlerClause));

const Header& header_of(const FunctionInstance& function) {
  return *(static_cast<const Header*>(function.entry) - 1);
}

template <class T>
void copy(u8* target, std::span<const T> source) {
  if (!source.empty()) std::memcpy(target, source.data(), source.size_bytes());
}

}  // namespace

std::expected<void, base::OutOfMemory> install(FunctionInstance& function,
                                               const TranslatedCode& code) {
  Header const header{static_cast<u32>(code.words.size()), static_cast<u32>(code.ranges.size()),
                      static_cast<u32>(code.clauses.size())};
  auto* const memory = static_cast<u8*>(base::allocate(header.size(), alignof(Header)));
  if (memory == nullptr) return std::unexpected(base::OutOfMemory{});
  std::memcpy(memory, &header, sizeof(header));
  copy(memory + sizeof(header), code.words);
  copy(memory + header.ranges_at(), code.ranges);
  copy(memory + header.clauses_at(), code.clauses);
  function.entry = memory + sizeof(header);
  return {};
}

TranslatedCode code_of(const FunctionInstance& function) {
  Header const& header = header_of(function);
  auto const* const memory = std::bit_cast<const u8*>(&header);
  return {{static_cast<const Word*>(function.entry), header.word_count},
          {std::bit_cast<const TryRange*>(memory + header.ranges_at()), header.range_count},
          {std::bit_cast<const HandlerClause*>(memory + header.clauses_at()), header.clause_count}};
}

void uninstall(FunctionInstance& function) {
  Header const& header = header_of(function);
  base::deallocate(const_cast<Header*>(&header), header.size(), alignof(Header));
  function.entry = nullptr;
}

}  // namespace nacre::wasm::interpret
