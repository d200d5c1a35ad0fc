#include "lib/wasm/runtime/linker.hpp"

namespace nacre::wasm {
namespace {

/// Both names at once; most lookups then compare one number.
u64 hash_of(std::string_view module, std::string_view name) {
  u64 hash = 0xcbf2'9ce4'8422'2325;
  auto const mix = [&](u8 byte) { hash = (hash ^ byte) * 0x0000'0100'0000'01b3; };
  for (char const c : module) mix(static_cast<u8>(c));
  mix(0xff);  // Not part of any UTF-8 name.
  for (char const c : name) mix(static_cast<u8>(c));
  return hash;
}

}  // namespace

std::expected<void, base::OutOfMemory> Linker::define_waiting(std::string_view module,
                                                              std::string_view name,
                                                              const Signature& signature,
                                                              HostCallId id) {
  FunctionInstance function;
  function.kind = FunctionInstance::Kind::Waiting;
  function.waiting = id;
  TRY(auto* const added, store_.add_function(function, signature));
  return define(module, name, Extern(added));
}

std::expected<void, base::OutOfMemory> Linker::define(std::string_view module,
                                                      std::string_view name, Extern thing) {
  TRY(auto module_copy, base::String::create(module));
  TRY(auto name_copy, base::String::create(name));
  return entries_.try_push_back(
      Entry{hash_of(module, name), std::move(module_copy), std::move(name_copy), thing});
}

std::expected<void, base::OutOfMemory> Linker::define_instance(std::string_view module,
                                                               const Instance& instance) {
  for (auto const& exported : instance.module().exports) {
    TRY(define(module, exported.name, *instance.find_export(exported.name)));
  }
  return {};
}

std::optional<Extern> Linker::find(std::string_view module, std::string_view name) const {
  u64 const hash = hash_of(module, name);
  for (usize i = entries_.size(); i != 0; --i) {
    Entry const& entry = entries_[i - 1];
    if (entry.hash == hash && entry.module == module && entry.name == name) return entry.thing;
  }
  return std::nullopt;
}

}  // namespace nacre::wasm
