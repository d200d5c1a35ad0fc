#include "kernel/process/tracer.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "lib/base/try.hpp"
#include "lib/text/printable.hpp"

namespace nacre::process {
namespace {

using base::i32;
using base::i64;
using base::u32;
using base::u64;
using base::u8;
using base::usize;
using wasm::from_slot;

/// How many code points of a text, and how many buffers of a list, are shown.
constexpr usize longest_text = 64;
constexpr u32 most_buffers = 8;
/// The most parameters that a host function has.
constexpr usize most_slots = 16;

/// The number at an address of the guest; nothing if that is outside.
template <class T>
std::optional<T> number_at(const wasm::GuestMemory& memory, u32 address) {
  auto const bytes = memory.span(address, sizeof(T));
  if (!bytes) return std::nullopt;
  T value;
  std::memcpy(&value, bytes->data(), sizeof value);
  return value;
}

void write_text(base::Sink& sink, const wasm::GuestMemory& memory, u32 address, u32 length) {
  auto const text = memory.text(address, length);
  if (text)
    base::format_to(sink, "\"{}\"", text::Printable{*text, longest_text});
  else
    base::format_to(sink, "{{{:#x}, {}}}", address, length);
}

void write_buffers(base::Sink& sink, const wasm::GuestMemory& memory, u32 list, u32 count) {
  sink.write("[");
  for (u32 i = 0; i < std::min(count, most_buffers); ++i) {
    auto const entry = list + i * 8;
    auto const address = number_at<u32>(memory, entry);
    auto const size = number_at<u32>(memory, entry + 4);
    if (i != 0) sink.write(", ");
    if (address && size)
      base::format_to(sink, "{{{:#x}, {}}}", *address, *size);
    else
      sink.write("?");
  }
  base::format_to(sink, "{}], {}", count > most_buffers ? ", ..." : "", count);
}

}  // namespace

std::expected<void, base::OutOfMemory> Tracer::watch(const wasm::Import& import, wasm::Store& store,
                                                     wasm::Linker& linker) {
  auto const found = linker.find(import.module, import.name);
  auto* const* const function = found ? std::get_if<wasm::FunctionInstance*>(&*found) : nullptr;
  if (function == nullptr || (*function)->code == call) return {};
  TRY(auto name, base::String::create(import.name));
  TRY(auto made, base::try_make<Watched>(*this, find_traced(import.module, import.name),
                                         std::move(name), **function));
  TRY(watched_.try_reserve(watched_.size() + 1));
  bool const answers_at_once = (*function)->kind == wasm::FunctionInstance::Kind::Host &&
                               (*function)->parameter_slots <= most_slots;
  if (answers_at_once) {
    wasm::FunctionInstance wrapper = **function;
    wrapper.code = call;
    wrapper.context = made.get();
    TRY(auto* const added, store.add_function(wrapper, store.signature((*function)->signature)));
    TRY(linker.define(import.module, import.name, wasm::Extern(added)));
  }
  watched_.push_back_reserved(std::move(made));
  return {};
}

std::expected<void, wasm::Trap> Tracer::call(void* object, wasm::Caller& caller, Slot* slots) {
  const Watched& watched = *static_cast<const Watched*>(object);
  const wasm::FunctionInstance& function = watched.function;
  std::array<Slot, most_slots> copy{};
  std::copy_n(slots, function.parameter_slots, copy.begin());
  auto const arguments = std::span<const Slot>(copy).first(function.parameter_slots);
  watched.tracer.write_call(watched, arguments, caller.memory());
  auto const answered = function.code(function.context, caller, slots);
  bool const has_result = answered && function.result_slots != 0;
  watched.tracer.write_result(watched, arguments, caller.memory(),
                              has_result ? std::optional(slots[0]) : std::nullopt);
  if (watched.tracer.guest_ != nullptr) watched.tracer.guest_->request_stop();
  return answered;
}

const Tracer::Watched* Tracer::watched(wasm::HostCallId id) const {
  auto const* const found = std::ranges::find_if(watched_, [&](const base::Box<Watched>& one) {
    return one->function.kind == wasm::FunctionInstance::Kind::Waiting &&
           one->function.waiting == id;
  });
  return found == watched_.end() ? nullptr : found->get();
}

void Tracer::begin(const wasm::exit::HostCall& call) {
  if (const Watched* const known = watched(call.id))
    write_call(*known, call.arguments, call.memory());
}

void Tracer::end(const wasm::exit::HostCall& call, std::optional<u32> answer) {
  const Watched* const known = watched(call.id);
  if (known == nullptr) return;
  write_result(*known, call.arguments, call.memory(),
               answer ? std::optional(wasm::to_slot(*answer)) : std::nullopt);
}

void Tracer::write_call(const Watched& watched, std::span<const Slot> arguments,
                        const wasm::GuestMemory& memory) {
  base::StringSink sink(text_);
  base::format_to(sink, "{}(", text::Printable{watched.name, longest_text});
  bool is_first = true;
  usize at = 0;
  auto const next = [&] { return at < arguments.size() ? arguments[at++] : Slot{}; };
  auto const show = [&](char kind) {
    if (kind == 'o' || kind == 'O') {
      next();
      return;
    }
    if (!is_first) sink.write(", ");
    is_first = false;
    Slot const slot = next();
    switch (kind) {
      case 'n': return base::format_to(sink, "{}", from_slot<u32>(slot));
      case 'd': return base::format_to(sink, "{}", from_slot<i32>(slot));
      case 'l': return base::format_to(sink, "{}", from_slot<i64>(slot));
      case 'x': return base::format_to(sink, "{:#x}", from_slot<u32>(slot));
      case 's': return write_text(sink, memory, from_slot<u32>(slot), from_slot<u32>(next()));
      case 'v': return write_buffers(sink, memory, from_slot<u32>(slot), from_slot<u32>(next()));
      default: return base::format_to(sink, "{:#x}", from_slot<u64>(slot));
    }
  };
  if (watched.known != nullptr) {
    for (char const kind : watched.known->arguments) show(kind);
  } else {
    while (at < arguments.size()) show('X');
  }
  sink.write(")");
}

void Tracer::write_result(const Watched& watched, std::span<const Slot> arguments,
                          const wasm::GuestMemory& memory, std::optional<Slot> result) {
  base::StringSink sink(text_);
  bool const returns = watched.function.result_slots != 0;
  char const kind = watched.known != nullptr ? watched.known->result : 'X';
  if (!returns) return sink.write("\n");
  if (!result) return sink.write(" = ?\n");
  if (kind == 'l') return base::format_to(sink, " = {}\n", from_slot<i64>(*result));
  if (kind == 'X') return base::format_to(sink, " = {:#x}\n", from_slot<u64>(*result));
  u32 const number = from_slot<u32>(*result);
  base::format_to(sink, " = {}", number);
  if (kind == 'e' && number != 0) base::format_to(sink, " {}", errno_name(number));
  if (kind == 'e' && number == 0) {
    bool is_first = true;
    usize at = 0;
    for (char const argument : watched.known->arguments) {
      usize const place = at;
      at += argument == 's' || argument == 'v' ? 2 : 1;
      if (argument != 'o' && argument != 'O') continue;
      u32 const address = from_slot<u32>(arguments[place]);
      auto const value =
          argument == 'o'
              ? number_at<u32>(memory, address).transform([](u32 narrow) { return u64{narrow}; })
              : number_at<u64>(memory, address);
      sink.write(std::exchange(is_first, false) ? " (" : ", ");
      if (value)
        base::format_to(sink, "{}", *value);
      else
        sink.write("?");
    }
    if (!is_first) sink.write(")");
  }
  sink.write("\n");
}

}  // namespace nacre::process
