#include "lib/wasm/binary/types.hpp"

#include <algorithm>

namespace nacre::wasm {

bool operator==(const Signature& left, const Signature& right) {
  return std::ranges::equal(left.parameters, right.parameters) &&
         std::ranges::equal(left.results, right.results);
}

namespace {

void write_types(base::Sink& sink, std::span<const ValueType> types) {
  sink.write("(");
  for (usize i = 0; i < types.size(); ++i) {
    if (i != 0) sink.write(", ");
    sink.write(name_of(types[i]));
  }
  sink.write(")");
}

}  // namespace

void format_value(base::Sink& sink, const Signature& signature) {
  write_types(sink, signature.parameters);
  sink.write(" -> ");
  write_types(sink, signature.results);
}

std::expected<FunctionType, base::OutOfMemory> FunctionType::create(Signature signature) {
  FunctionType type;
  TRY(type.values_.try_reserve(signature.parameters.size() + signature.results.size()));
  TRY(type.values_.try_append(signature.parameters));
  TRY(type.values_.try_append(signature.results));
  type.parameter_count_ = static_cast<u32>(signature.parameters.size());
  return type;
}

}  // namespace nacre::wasm
