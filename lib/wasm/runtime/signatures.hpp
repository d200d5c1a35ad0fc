#pragma once

#include <expected>

#include "lib/base/vector.hpp"
#include "lib/wasm/runtime/instance.hpp"

namespace nacre::wasm {

/// Gives equal signatures equal numbers, so that an indirect call compares two integers.
class SignatureTable {
 public:
  std::expected<SignatureId, base::OutOfMemory> intern(const Signature& signature);
  Signature operator[](SignatureId id) const { return types_[id.value]; }

 private:
  std::expected<void, base::OutOfMemory> grow();
  usize bucket_of(const Signature& signature) const;

  base::Vector<FunctionType> types_;
  /// Open addressing: a type's number plus one, or 0.
  base::Vector<u32> buckets_;
};

}  // namespace nacre::wasm
