#include "kernel/process/program.hpp"

#include "lib/base/try.hpp"
#include "lib/wasm/binary/decoder.hpp"
#include "lib/wasm/validate/validator.hpp"

namespace nacre::process {
namespace {

/// How many names one message shows.
constexpr usize max_names = 20;

void write_module_error(base::Sink& sink, const wasm::ModuleError& error) {
  std::string_view const text = wasm::text_of(error);
  if (std::holds_alternative<wasm::Malformed>(error.cause))
    base::format_to(sink, "not a WebAssembly module: {} at byte {:#x}", text, error.offset);
  else if (std::holds_alternative<wasm::Invalid>(error.cause))
    base::format_to(sink, "not a valid WebAssembly module: {} at byte {:#x}", text, error.offset);
  else
    base::format_to(sink, "{}", error);
}

void write_missing(base::Sink& sink, const MissingImports& missing) {
  auto const unknown = [&](const wasm::Import& import) {
    return !missing.linker->find(import.module, import.name);
  };
  auto const& imports = missing.module->imports;
  auto const count = std::ranges::count_if(imports, unknown);
  sink.write(count == 1 ? "unknown import" : "unknown imports");
  usize written = 0;
  for (wasm::Import const& import : imports) {
    if (!unknown(import)) continue;
    if (written == max_names) {
      base::format_to(sink, " and {} more", static_cast<usize>(count) - written);
      break;
    }
    base::format_to(sink, "{} {}.{}", written++ == 0 ? "" : ",", import.module, import.name);
  }
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
      (module != nullptr && std::holds_alternative<base::OutOfMemory>(module->cause)) ||
      (instance != nullptr && (std::holds_alternative<base::OutOfMemory>(instance->cause) ||
                               std::holds_alternative<wasm::TooLarge>(instance->cause)));
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
        else if constexpr (std::is_same_v<Cause, wasm::InstantiateError>)
          base::format_to(sink, "{}", cause);
        else if constexpr (std::is_same_v<Cause, NoEntry>)
          sink.write("no program: it exports no function _start without parameters");
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
  co_return link(wasi, game);
}

std::expected<void, LoadError> Program::link(WasiHost& wasi, GameHost& game) {
  TRY(wasi::define_preview1_for(module_, linker_, wasi));
  TRY(game.define_for(module_, linker_));
  for (wasm::Import const& import : module_.imports)
    if (!linker_.find(import.module, import.name))
      return std::unexpected(MissingImports{&module_, &linker_});
  TRY(instance_, store_.instantiate(module_, linker_));
  entry_ = instance_->find_function("_start");
  if (!is_entry(store_, entry_)) entry_ = instance_->find_function("main");
  if (!is_entry(store_, entry_)) return std::unexpected(NoEntry{});
  TRY(auto guest, wasm::Guest::create(store_, limits_.guest));
  guest_.emplace(std::move(guest));
  return {};
}

}  // namespace nacre::process
