#include "lib/wasm_script/compact.hpp"

#include <algorithm>
#include <bit>

#include "lib/base/try.hpp"

namespace nacre::wasm_script {
namespace {

/// `NWS` and the form's version.
constexpr u32 mark = 0x01'53'57'4e;
constexpr usize header_size = 2 * sizeof(u32);
/// Kind, shape, two masks of NaNs, bits.
constexpr usize constant_size = 2 + 2 * sizeof(u16) + 2 * sizeof(u64);

constexpr u8 reads_global_flag = 1;
constexpr u8 is_text_flag = 2;

std::string_view text_of(Flaw flaw) {
  switch (flaw) {
    case Flaw::NotAScript: return "its mark is missing";
    case Flaw::Truncated: return "it ends too soon";
    case Flaw::TrailingBytes: return "something follows its last command";
    case Flaw::UnknownCommand: return "a command is unknown";
    case Flaw::WrongConstant: return "a constant makes no sense";
  }
  return "?";
}

/// Whether the alternatives of each `Either` are there, and none of them is another one.
bool alternatives_fit(std::span<const Constant> list) {
  for (usize i = 0; i < list.size(); ++i) {
    if (list[i].kind != ConstantKind::Either) continue;
    u64 const count = list[i].bits[0];
    if (count == 0 || count > list.size() - i - 1) return false;
    auto const alternatives = list.subspan(i + 1, count);
    if (std::ranges::contains(alternatives, ConstantKind::Either, &Constant::kind)) return false;
    i += count;
  }
  return true;
}

}  // namespace

void format_value(base::Sink& sink, const ScriptError& error) {
  if (auto const* const flaw = std::get_if<Flaw>(&error.cause))
    base::format_to(sink, "not a script: {}, at byte {:#x}", text_of(*flaw), error.offset);
  else
    sink.write("out of memory");
}

// ---- reading

std::expected<Reader, ScriptError> Reader::create(std::span<const u8> script) {
  base::ByteCursor cursor(script);
  TRY(u32 const found, cursor.little_endian<u32>());
  if (found != mark) return std::unexpected(ScriptError(Flaw::NotAScript, 0));
  TRY(u32 const commands, cursor.little_endian<u32>());
  return Reader(cursor, commands);
}

std::expected<std::optional<Command>, ScriptError> Reader::next() {
  usize const start = cursor_.offset();
  if (left_ == 0) {
    if (!cursor_.at_end()) return std::unexpected(ScriptError(Flaw::TrailingBytes, start));
    return std::nullopt;
  }
  --left_;
  Command command;
  TRY(u8 const kind, cursor_.next());
  TRY(u8 const flags, cursor_.next());
  if (kind >= command_kinds || flags > (reads_global_flag | is_text_flag))
    return std::unexpected(ScriptError(Flaw::UnknownCommand, start));
  command.kind = static_cast<CommandKind>(kind);
  command.reads_global = (flags & reads_global_flag) != 0;
  command.is_text = (flags & is_text_flag) != 0;
  TRY(command.line, cursor_.little_endian<u32>());
  TRY(command.name, text());
  TRY(command.module, text());
  TRY(command.bytes, bytes());
  TRY(command.text, text());
  TRY(command.field, text());
  TRY(constants(arguments_));
  TRY(constants(expected_));
  command.arguments = {arguments_.data(), arguments_.size()};
  command.expected = {expected_.data(), expected_.size()};
  return command;
}

std::expected<std::span<const u8>, ScriptError> Reader::bytes() {
  TRY(u32 const size, cursor_.little_endian<u32>());
  TRY(auto const taken, cursor_.take(size));
  return taken;
}

std::expected<std::string_view, ScriptError> Reader::text() {
  TRY(auto const taken, bytes());
  return std::string_view(std::bit_cast<const char*>(taken.data()), taken.size());
}

std::expected<void, ScriptError> Reader::constants(base::Vector<Constant>& list) {
  usize const start = cursor_.offset();
  TRY(u32 const count, cursor_.little_endian<u32>());
  list.clear();
  if (count > cursor_.remaining() / constant_size)
    return std::unexpected(ScriptError(Flaw::Truncated, start));
  TRY(list.try_reserve(count));
  for (u32 i = 0; i < count; ++i) {
    TRY(Constant const read, constant());
    list.push_back_reserved(read);
  }
  if (!alternatives_fit({list.data(), list.size()}))
    return std::unexpected(ScriptError(Flaw::WrongConstant, start));
  return {};
}

std::expected<Constant, ScriptError> Reader::constant() {
  usize const start = cursor_.offset();
  Constant read;
  TRY(u8 const kind, cursor_.next());
  TRY(u8 const shape, cursor_.next());
  if (kind >= constant_kinds || shape >= lane_shapes)
    return std::unexpected(ScriptError(Flaw::WrongConstant, start));
  read.kind = static_cast<ConstantKind>(kind);
  read.shape = static_cast<LaneShape>(shape);
  TRY(read.canonical_nans, cursor_.little_endian<u16>());
  TRY(read.arithmetic_nans, cursor_.little_endian<u16>());
  for (u64& half : read.bits) {
    TRY(half, cursor_.little_endian<u64>());
  }
  return read;
}

// ---- writing

template <class T>
Writer::Done Writer::number(T value) {
  for (usize i = 0; i < sizeof(T); ++i) {
    TRY(bytes_.try_push_back(static_cast<u8>(value >> (8 * i))));
  }
  return {};
}

Writer::Done Writer::bytes(std::span<const u8> content) {
  TRY(number(static_cast<u32>(content.size())));
  return bytes_.try_append(content);
}

Writer::Done Writer::text(std::string_view content) {
  return bytes({std::bit_cast<const u8*>(content.data()), content.size()});
}

Writer::Done Writer::constants(std::span<const Constant> list) {
  TRY(number(static_cast<u32>(list.size())));
  for (Constant const& constant : list) {
    TRY(number(static_cast<u8>(constant.kind)));
    TRY(number(static_cast<u8>(constant.shape)));
    TRY(number(constant.canonical_nans));
    TRY(number(constant.arithmetic_nans));
    for (u64 const half : constant.bits) {
      TRY(number(half));
    }
  }
  return {};
}

Writer::Done Writer::add(const Command& command) {
  if (bytes_.empty()) {
    TRY(number(mark));
    TRY(number(u32{0}));
  }
  u32 const flags =
      (command.reads_global ? reads_global_flag : 0u) | (command.is_text ? is_text_flag : 0u);
  TRY(number(static_cast<u8>(command.kind)));
  TRY(number(static_cast<u8>(flags)));
  TRY(number(command.line));
  TRY(text(command.name));
  TRY(text(command.module));
  TRY(bytes(command.bytes));
  TRY(text(command.text));
  TRY(text(command.field));
  TRY(constants(command.arguments));
  TRY(constants(command.expected));
  ++commands_;
  return {};
}

std::expected<base::Vector<u8>, base::OutOfMemory> Writer::take() {
  if (bytes_.empty()) {
    TRY(number(mark));
    TRY(number(u32{0}));
  }
  for (usize i = 0; i < sizeof(u32); ++i)
    bytes_[header_size - sizeof(u32) + i] = static_cast<u8>(commands_ >> (8 * i));
  commands_ = 0;
  return std::exchange(bytes_, {});
}

}  // namespace nacre::wasm_script
