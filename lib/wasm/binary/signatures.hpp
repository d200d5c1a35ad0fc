#pragma once

#include <expected>
#include <span>

#include "lib/base/vector.hpp"
#include "lib/wasm/binary/error.hpp"
#include "lib/wasm/binary/types.hpp"

namespace nacre::wasm {

/// Equal signatures have equal ids throughout a table.
using SignatureId = base::Id<struct SignatureTag, u32>;

/// Gives equal signatures equal numbers, so that an indirect call compares two integers. A type
/// that is referred to in a signature stands there by its number too, not by its index in some
/// module. [wasm/core: "Recursive Types"]
class SignatureTable {
 public:
  /// In place of the number of a type that refers to itself.
  static constexpr HeapType itself{0xfffeff};

  /// Errors: OutOfMemory.
  std::expected<SignatureId, base::OutOfMemory> intern(const Signature& signature);
  /// The next type of a module, whose earlier types have the numbers `earlier`.
  /// Errors: Invalid::UnknownType where it refers to a type that comes after it; OutOfMemory.
  Loaded<SignatureId> intern_next(const Signature& signature, std::span<const SignatureId> earlier);
  /// Valid until the next one is interned.
  Signature operator[](SignatureId id) const { return types_[id.value]; }

 private:
  std::expected<void, base::OutOfMemory> grow();
  usize bucket_of(const Signature& signature) const;

  base::Vector<FunctionType> types_;
  /// Open addressing: a type's number plus one, or 0.
  base::Vector<u32> buckets_;
  base::Vector<ValueType> numbered_;
};

/// `type` with the number of the type that it refers to, if it does, in place of an index below
/// `numbers.size()`.
constexpr ValueType with_number(ValueType type, std::span<const SignatureId> numbers) {
  if (!is_reference(type) || !is_type_index(heap_type_of(type))) return type;
  u32 const number = numbers[index_of(heap_type_of(type))].value;
  return reference_type(heap_type_of_index(number), is_nullable(type));
}

}  // namespace nacre::wasm
