#include "kernel/process/program.hpp"

#include "lib/base/try.hpp"
#include "lib/text/printable.hpp"
#include "lib/wasi/functions.hpp"
#include "lib/wasm/binary/decoder.hpp"
#include "lib/wasm/runtime/instantiation.hpp"
#include "lib/wasm/validate/validator.hpp"

namespace nacre::process {
namespace {

/// How many names one message shows, how many bytes of them, and how many code points of each.
constexpr usize max_names = 200;
constexpr usize max_names_size = 3000;
constexpr usize max_name = 100;
/// How many imports are looked at between two looks at the clock.
constexpr usize imports_at_once = 64;

/// `env.put_pixel`
struct NameOfImport {
  std::string_view module;
  std::string_view name;
};
void format_value(base::Sink& sink, const NameOfImport& import) {
  base::format_to(sink, "{}.{}", text::Printable{import.module, max_name},
                  text::Printable{import.name, max_name});
}

void write_module_error(base::Sink& sink, const wasm::ModuleError& error) {
  std::string_view const text = wasm::text_of(error);
  auto const* const feature = std::get_if<wasm::Feature>(&error.cause);
  if (feature != nullptr && *feature == wasm::Feature::Components)
    sink.write("this is a component, preview 2 is not supported yet");
  else if (std::holds_alternative<wasm::Malformed>(error.cause))
    base::format_to(sink, "not a WebAssembly module: {} at byte {:#x}", text, error.offset);
  else if (std::holds_alternative<wasm::Invalid>(error.cause))
    base::format_to(sink, "not a valid WebAssembly module: {} at byte {:#x}", text, error.offset);
  else
    base::format_to(sink, "{}", error);
}

void write_missing(base::Sink& sink, const MissingImports& missing) {
  sink.write(missing.count == 1 ? "unknown import" : "unknown imports");
  usize written = 0;
  usize size = 0;
  for (u32 const index : missing.first) {
    wasm::Import const& import = missing.module->imports[index];
    base::FixedText<8 * max_name + 10> const name("{}", NameOfImport{import.module, import.name});
    size += name.view().size();
    if (size > max_names_size) break;
    base::format_to(sink, "{} {}", written++ == 0 ? "" : ",", name.view());
  }
  if (written < missing.count) base::format_to(sink, " and {} more", missing.count - written);
}

void write_wrong(base::Sink& sink, const WrongImport& wrong) {
  auto const& [module, linker, store, import] = wrong;
  base::format_to(sink, "import {} is wanted as a {}", NameOfImport{import.module, import.name},
                  name_of(import.wanted));
  // Two imports may share a name; their texts lie in different places.
  auto const wanted =
      std::ranges::find(module->imports, import.name.data(),
                        [](const wasm::Import& candidate) { return candidate.name.data(); });
  if (import.wanted == wasm::ExternKind::Function && wanted != module->imports.end())
    base::format_to(sink, " {}", module->type_of_function(wanted->index));
  base::format_to(sink, ", and is a {}", name_of(import.found));
  auto const found = linker->find(import.module, import.name);
  auto* const* const function = found ? std::get_if<wasm::FunctionInstance*>(&*found) : nullptr;
  if (function != nullptr) base::format_to(sink, " {}", store->signature((*function)->signature));
}

/// What the module's own memories and tables need to begin with.
void write_needs(base::Sink& sink, const wasm::Module& module) {
  u64 pages = 0;
  u64 elements = 0;
  for (usize i = module.imported_memories; i < module.memories.size(); ++i)
    pages += module.memories[i].limits.minimum;
  for (usize i = module.imported_tables; i < module.tables.size(); ++i)
    elements += module.tables[i].type.limits.minimum;
  base::format_to(sink, "it begins with {} KiB of memory and {} elements of tables",
                  pages * wasm::MemoryType::page_size >> 10, elements);
}

bool is_entry(const wasm::Store& store, const wasm::FunctionInstance* function) {
  return function != nullptr && store.signature(function->signature).parameters.empty();
}

}  // namespace

ExitStatus LoadError::status() const {
  auto const* const module = std::get_if<wasm::ModuleError>(&cause);
  auto const* const instance = std::get_if<wasm::InstantiateError>(&cause);
  bool const memory =
      std::holds_alternative<base::OutOfMemory>(cause) ||
      std::holds_alternative<NotEnough>(cause) ||
      (module != nullptr && std::holds_alternative<base::OutOfMemory>(module->cause));
  if (memory) return status::out_of_memory;
  if (instance != nullptr && std::holds_alternative<wasm::Trap>(instance->cause))
    return status::trapped;
  return status::not_executable;
}

void format_value(base::Sink& sink, const LoadError& error) {
  std::visit(
      [&](auto const& cause) {
        using Cause = std::remove_cvref_t<decltype(cause)>;
        if constexpr (std::is_same_v<Cause, wasm::ModuleError>)
          write_module_error(sink, cause);
        else if constexpr (std::is_same_v<Cause, MissingImports>)
          write_missing(sink, cause);
        else if constexpr (std::is_same_v<Cause, WrongImport>)
          write_wrong(sink, cause);
        else if constexpr (std::is_same_v<Cause, NotEnough>) {
          base::format_to(sink, "{}: ", cause.error);
          write_needs(sink, *cause.module);
        } else if constexpr (std::is_same_v<Cause, wasm::InstantiateError>)
          base::format_to(sink, "{}", cause);
        else if constexpr (std::is_same_v<Cause, NoEntry>)
          sink.write("no program: it exports neither _start nor main without parameters");
        else
          sink.write("out of memory");
      },
      error.cause);
}

exec::Task<std::expected<void, LoadError>> Program::load(std::span<const u8> bytes, WasiHost& wasi,
                                                         GameHost& game, Turn& turn) {
  wasm::Decoder decoder(bytes);
  while (!decoder.done()) {
    CO_TRY(decoder.step());
    co_await turn.pause_if_over();
  }
  module_ = decoder.take();
  wasm::Validator validator(module_);
  while (!validator.done()) {
    CO_TRY(validator.step());
    co_await turn.pause_if_over();
  }
  CO_TRY(co_await define_imports(wasi, game, turn));
  wasm::Instantiation instantiation(store_, module_, linker_);
  while (!instantiation.done()) {
    if (auto const stepped = instantiation.step(); !stepped)
      co_return std::unexpected(told(stepped.error()));
    co_await turn.pause_if_over();
  }
  instance_ = &instantiation.instance();
  co_return prepare_to_run();
}

exec::Task<std::expected<void, LoadError>> Program::define_imports(WasiHost& wasi, GameHost& game,
                                                                   Turn& turn) {
  CO_TRY(game.define_for(module_, linker_));
  std::span<const wasm::Import> const imports(module_.imports.data(), module_.imports.size());
  usize missing = 0;
  for (usize i = 0; i < imports.size(); ++i) {
    CO_TRY(wasi::define_for(imports.subspan(i, 1), linker_, wasi.system()));
    bool const is_known = linker_.find(imports[i].module, imports[i].name).has_value();
    if (!is_known && ++missing <= max_names) {
      CO_TRY(missing_.try_push_back(static_cast<u32>(i)));
    }
    if (tracer_ != nullptr && is_known) {
      CO_TRY(tracer_->watch(imports[i], store_, linker_));
    }
    if (i % imports_at_once == 0) co_await turn.pause_if_over();
  }
  if (missing != 0)
    co_return std::unexpected(
        MissingImports{&module_, {missing_.data(), missing_.size()}, missing});
  co_return std::expected<void, LoadError>{};
}

std::expected<void, LoadError> Program::prepare_to_run() {
  entry_ = instance_->find_function("_start");
  if (!is_entry(store_, entry_)) entry_ = instance_->find_function("main");
  if (!is_entry(store_, entry_)) return std::unexpected(NoEntry{});
  TRY(auto guest, wasm::Guest::create(store_, limits_.guest));
  guest_.emplace(std::move(guest));
  if (tracer_ != nullptr) tracer_->set_guest(*guest_);
  return {};
}

/// With what the message needs to know of the module.
LoadError Program::told(const wasm::InstantiateError& error) const {
  if (auto const* const import = std::get_if<wasm::IncompatibleImport>(&error.cause))
    return WrongImport{&module_, &linker_, &store_, *import};
  if (std::holds_alternative<base::OutOfMemory>(error.cause) ||
      std::holds_alternative<wasm::TooLarge>(error.cause))
    return NotEnough{&module_, error};
  return error;
}

}  // namespace nacre::process
