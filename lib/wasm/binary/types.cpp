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
    format_value(sink, types[i]);
  }
  sink.write(")");
}

}  // namespace

void format_value(base::Sink& sink, const HeapType& heap) {
  switch (heap) {
    case HeapType::NoExn: return sink.write("noexn");
    case HeapType::NoFunc: return sink.write("nofunc");
    case HeapType::NoExtern: return sink.write("noextern");
    case HeapType::Func: return sink.write("func");
    case HeapType::Extern: return sink.write("extern");
    case HeapType::Exn: return sink.write("exn");
  }
  base::format_to(sink, "{}", index_of(heap));
}

void format_value(base::Sink& sink, const ValueType& type) {
  switch (type) {
    case ValueType::I32: return sink.write("i32");
    case ValueType::I64: return sink.write("i64");
    case ValueType::F32: return sink.write("f32");
    case ValueType::F64: return sink.write("f64");
    case ValueType::V128: return sink.write("v128");
    case ValueType::NullExnRef: return sink.write("nullexnref");
    case ValueType::NullFuncRef: return sink.write("nullfuncref");
    case ValueType::NullExternRef: return sink.write("nullexternref");
    case ValueType::FuncRef: return sink.write("funcref");
    case ValueType::ExternRef: return sink.write("externref");
    case ValueType::ExnRef: return sink.write("exnref");
  }
  base::format_to(sink, "(ref {}{})", is_nullable(type) ? "null " : "", heap_type_of(type));
}

void format_value(base::Sink& sink, const Signature& signature) {
  write_types(sink, signature.parameters);
  sink.write(" -> ");
  write_types(sink, signature.results);
}

std::expected<FunctionType, base::OutOfMemory> FunctionType::create(Signature signature,
                                                                    usize offset) {
  FunctionType type;
  TRY(type.values_.try_reserve(signature.parameters.size() + signature.results.size()));
  TRY(type.values_.try_append(signature.parameters));
  TRY(type.values_.try_append(signature.results));
  type.offset_ = offset;
  type.parameter_count_ = static_cast<u32>(signature.parameters.size());
  return type;
}

}  // namespace nacre::wasm
