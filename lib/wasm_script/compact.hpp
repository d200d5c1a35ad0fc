#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "lib/base/byte_cursor.hpp"
#include "lib/base/format.hpp"
#include "lib/base/memory.hpp"
#include "lib/base/vector.hpp"
#include "lib/wasm_script/command.hpp"

/// A script as bytes: a mark, the number of commands, and the commands with all of their fields in
/// the order of `Command`. Numbers are little-endian; texts, modules and lists have their length in
/// front.
namespace nacre::wasm_script {

/// Why bytes are no script.
enum class Flaw : u8 { NotAScript, Truncated, TrailingBytes, UnknownCommand, WrongConstant };

struct ScriptError {
  std::variant<Flaw, base::OutOfMemory> cause;
  /// From the start of the script.
  usize offset = 0;

  ScriptError(Flaw flaw, usize where) : cause(flaw), offset(where) {}
  // Implicit, so that `TRY` passes them on.
  ScriptError(base::UnexpectedEnd end) : cause(Flaw::Truncated), offset(end.offset) {}
  ScriptError(base::OutOfMemory out) : cause(out) {}
};
/// One line: `not a script: it ends too soon, at byte 0x1f`.
void format_value(base::Sink& sink, const ScriptError& error);

/// Reads a script command by command. The bytes are borrowed and need not be trusted.
class Reader {
 public:
  static std::expected<Reader, ScriptError> create(std::span<const u8> script);

  /// The next command, or nothing at the end. Its constants are valid until the next call; the rest
  /// is borrowed from the script.
  std::expected<std::optional<Command>, ScriptError> next();

 private:
  explicit Reader(base::ByteCursor cursor, u32 commands) : cursor_(cursor), left_(commands) {}

  std::expected<std::span<const u8>, ScriptError> bytes();
  std::expected<std::string_view, ScriptError> text();
  std::expected<void, ScriptError> constants(base::Vector<Constant>& list);
  std::expected<Constant, ScriptError> constant();

  base::ByteCursor cursor_;
  u32 left_;
  base::Vector<Constant> arguments_;
  base::Vector<Constant> expected_;
};

/// Writes a script.
class Writer {
 public:
  /// Errors: OutOfMemory; then the script is of no use any more.
  std::expected<void, base::OutOfMemory> add(const Command& command);
  /// The whole script; the writer is as new.
  std::expected<base::Vector<u8>, base::OutOfMemory> take();

 private:
  using Done = std::expected<void, base::OutOfMemory>;
  template <class T>
  Done number(T value);
  Done bytes(std::span<const u8> content);
  Done text(std::string_view content);
  Done constants(std::span<const Constant> list);

  base::Vector<u8> bytes_;
  u32 commands_ = 0;
};

}  // namespace nacre::wasm_script
