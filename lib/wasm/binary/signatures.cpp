#include "lib/wasm/binary/signatures.hpp"

#include "lib/base/try.hpp"

namespace nacre::wasm {
namespace {

u64 hash_of(const Signature& signature) {
  u64 hash = 0xcbf2'9ce4'8422'2325;
  auto const mix = [&](u64 value) { hash = (hash ^ value) * 0x0000'0100'0000'01b3; };
  for (ValueType const type : signature.parameters) mix(static_cast<u32>(type));
  mix(0x100);
  for (ValueType const type : signature.results) mix(static_cast<u32>(type));
  return hash ^ hash >> 32;
}

}  // namespace

/// Where the signature stands, or the free bucket where it belongs.
usize SignatureTable::bucket_of(const Signature& signature) const {
  usize const mask = buckets_.size() - 1;
  usize bucket = hash_of(signature) & mask;
  while (buckets_[bucket] != 0 && !(types_[buckets_[bucket] - 1].signature() == signature))
    bucket = (bucket + 1) & mask;
  return bucket;
}

std::expected<void, base::OutOfMemory> SignatureTable::grow() {
  usize const size = buckets_.empty() ? 16 : buckets_.size() * 2;
  TRY(auto fresh, base::Vector<u32>::create(size));
  buckets_ = std::move(fresh);
  for (usize i = 0; i < types_.size(); ++i)
    buckets_[bucket_of(types_[i])] = static_cast<u32>(i + 1);
  return {};
}

std::expected<SignatureId, base::OutOfMemory> SignatureTable::intern(const Signature& signature) {
  if (types_.size() * 2 >= buckets_.size()) {
    TRY(grow());
  }
  usize const bucket = bucket_of(signature);
  if (buckets_[bucket] == 0) {
    if (types_.size() >= index_of(itself)) return std::unexpected(base::OutOfMemory{});
    TRY(auto type, FunctionType::create(signature));
    TRY(types_.try_push_back(std::move(type)));
    buckets_[bucket] = static_cast<u32>(types_.size());
  }
  return SignatureId{buckets_[bucket] - 1};
}

Loaded<SignatureId> SignatureTable::intern_next(const Signature& signature,
                                                std::span<const SignatureId> earlier) {
  numbered_.clear();
  for (auto const types : {signature.parameters, signature.results})
    for (ValueType type : types) {
      if (is_reference(type) && is_type_index(heap_type_of(type))) {
        u32 const index = index_of(heap_type_of(type));
        if (index > earlier.size()) return refuse(Invalid::UnknownType, 0);
        type = index < earlier.size() ? with_number(type, earlier)
                                      : reference_type(itself, is_nullable(type));
      }
      TRY(numbered_.try_push_back(type));
    }
  std::span<const ValueType> const all(numbered_.data(), numbered_.size());
  usize const parameters = signature.parameters.size();
  TRY(SignatureId const id, intern({all.first(parameters), all.subspan(parameters)}));
  return id;
}

}  // namespace nacre::wasm
