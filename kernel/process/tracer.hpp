#pragma once

#include <optional>
#include <string_view>

#include "kernel/process/trace_table.hpp"
#include "lib/base/string.hpp"
#include "lib/base/vector.hpp"
#include "lib/wasm/runtime/guest.hpp"
#include "lib/wasm/runtime/linker.hpp"

namespace nacre::process {

/// Puts what one program calls of its hosts into words: `fd_write(1, [{0x20, 7}], 1) = 0 (7)`.
/// Functions that answer at once are linked through it, and the program's owner tells of the
/// others; for a program without a tracer nothing changes. Outlives the program's store.
class Tracer {
 public:
  Tracer() = default;
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  /// Follows the calls of what `linker` has for an import.
  std::expected<void, base::OutOfMemory> watch(const wasm::Import& import, wasm::Store& store,
                                               wasm::Linker& linker);
  /// Who calls. It is asked to stop when there is something to show.
  void set_guest(wasm::Guest& guest) { guest_ = &guest; }

  /// A call that its owner answers, before it does, and after, with what it answered.
  void begin(const wasm::exit::HostCall& call);
  void end(const wasm::exit::HostCall& call, std::optional<base::u32> answer);

  /// What is to be shown: whole lines, but for a call that waits. What there is no memory for is
  /// left out.
  std::string_view text() const { return text_; }
  void clear() { text_.clear(); }

 private:
  using Slot = wasm::Slot;

  struct Watched {
    Tracer& tracer;
    const TracedFunction* known;
    base::String name;
    const wasm::FunctionInstance& function;
  };

  static std::expected<void, wasm::Trap> call(void* watched, wasm::Caller& caller, Slot* slots);
  void write_call(const Watched& watched, std::span<const Slot> arguments,
                  const wasm::GuestMemory& memory);
  void write_result(const Watched& watched, std::span<const Slot> arguments,
                    const wasm::GuestMemory& memory, std::optional<Slot> result);
  const Watched* watched(wasm::HostCallId id) const;

  base::String text_;
  base::Vector<base::Box<Watched>> watched_;
  wasm::Guest* guest_ = nullptr;
};

}  // namespace nacre::process
