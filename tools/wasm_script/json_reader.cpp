#include "tools/wasm_script/json_reader.hpp"

#include <charconv>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "lib/base/try.hpp"
#include "lib/wasm_script/compact.hpp"

namespace nacre::tools {
namespace {

using base::u16;
using base::u32;
using base::u64;
using base::u8;
using base::usize;
using wasm_script::Command;
using wasm_script::CommandKind;
using wasm_script::Constant;
using wasm_script::ConstantKind;
using wasm_script::LaneShape;

using Json = nlohmann::json;
template <class T>
using Parsed = std::expected<T, std::string>;

std::optional<CommandKind> kind_of(std::string_view type) {
  static constexpr std::pair<std::string_view, CommandKind> kinds[] = {
      {"module", CommandKind::Module},
      {"module_definition", CommandKind::ModuleDefinition},
      {"module_instance", CommandKind::ModuleInstance},
      {"register", CommandKind::Register},
      {"action", CommandKind::Action},
      {"assert_return", CommandKind::AssertReturn},
      {"assert_trap", CommandKind::AssertTrap},
      {"assert_exhaustion", CommandKind::AssertExhaustion},
      {"assert_exception", CommandKind::AssertException},
      {"assert_malformed", CommandKind::AssertMalformed},
      {"assert_invalid", CommandKind::AssertInvalid},
      {"assert_unlinkable", CommandKind::AssertUnlinkable},
      {"assert_uninstantiable", CommandKind::AssertUninstantiable}};
  for (auto const& [name, kind] : kinds)
    if (name == type) return kind;
  return std::nullopt;
}

std::optional<LaneShape> shape_of(std::string_view lane_type) {
  static constexpr std::pair<std::string_view, LaneShape> shapes[] = {
      {"i8", LaneShape::I8x16},  {"i16", LaneShape::I16x8}, {"i32", LaneShape::I32x4},
      {"i64", LaneShape::I64x2}, {"f32", LaneShape::F32x4}, {"f64", LaneShape::F64x2}};
  for (auto const& [name, shape] : shapes)
    if (name == lane_type) return shape;
  return std::nullopt;
}

std::optional<ConstantKind> number_kind_of(std::string_view type) {
  if (type == "i32") return ConstantKind::I32;
  if (type == "i64") return ConstantKind::I64;
  if (type == "f32") return ConstantKind::F32;
  if (type == "f64") return ConstantKind::F64;
  return std::nullopt;
}

/// The text behind `key`, empty where there is none.
Parsed<std::string> text(const Json& object, const char* key) {
  if (!object.is_object()) return std::unexpected("an object is expected");
  auto const found = object.find(key);
  if (found == object.end()) return std::string();
  if (!found->is_string()) return std::unexpected(std::string(key) + " is no text");
  return found->get<std::string>();
}

/// An integer of `width` bits, written as a signed or an unsigned one.
Parsed<u64> integer(const std::string& digits, u32 width) {
  auto const* const begin = digits.data();
  auto const* const end = begin + digits.size();
  std::from_chars_result result{};
  u64 bits = 0;
  bool fits = true;
  if (digits.starts_with('-')) {
    base::i64 value = 0;
    result = std::from_chars(begin, end, value);
    bits = static_cast<u64>(value);
    fits = value >> (width - 1) == -1;
  } else {
    result = std::from_chars(begin, end, bits);
    fits = width == 64 || bits >> width == 0;
  }
  if (result.ec != std::errc{} || result.ptr != end || !fits)
    return std::unexpected("\"" + digits + "\" is no number of " + std::to_string(width) + " bits");
  return width == 64 ? bits : bits & ((u64{1} << width) - 1);
}

/// Puts one lane's value, or which NaN it is, into its place.
Parsed<void> put_lane(Constant& constant, const std::string& value, u32 lane, u32 width) {
  if (value == "nan:canonical") {
    constant.canonical_nans = static_cast<u16>(constant.canonical_nans | 1u << lane);
  } else if (value == "nan:arithmetic") {
    constant.arithmetic_nans = static_cast<u16>(constant.arithmetic_nans | 1u << lane);
  } else {
    TRY(u64 const bits, integer(value, width));
    u32 const at = lane * width;
    constant.bits[at / 64] |= bits << (at % 64);
  }
  return {};
}

Parsed<Constant> vector(const Json& json) {
  Constant constant;
  constant.kind = ConstantKind::V128;
  TRY(auto const lane_type, text(json, "lane_type"));
  auto const shape = shape_of(lane_type);
  if (!shape) return std::unexpected("a lane type is unknown: " + lane_type);
  constant.shape = *shape;
  u32 const width = bits_of_lane(*shape);
  auto const lanes = json.find("value");
  if (lanes == json.end() || !lanes->is_array() || lanes->size() != 128 / width)
    return std::unexpected("a v128 has not the lanes that it should have");
  for (u32 lane = 0; lane < lanes->size(); ++lane) {
    if (!(*lanes)[lane].is_string()) return std::unexpected("a lane is no text");
    TRY(put_lane(constant, (*lanes)[lane].get<std::string>(), lane, width));
  }
  return constant;
}

/// A reference of any type: the types of the call say which.
Parsed<Constant> reference(const std::string& value) {
  Constant constant;
  if (value == "null") {
    constant.kind = ConstantKind::NullReference;
  } else if (value == "any") {
    constant.kind = ConstantKind::SomeReference;
  } else {
    constant.kind = ConstantKind::HostReference;
    TRY(constant.bits[0], integer(value, 64));
  }
  return constant;
}

Parsed<void> constants(const Json& list, std::vector<Constant>& out);

/// One constant; an `either` is followed by its alternatives.
Parsed<void> constant(const Json& json, std::vector<Constant>& out) {
  TRY(auto const type, text(json, "type"));
  if (type == "either") {
    auto const values = json.find("values");
    if (values == json.end()) return std::unexpected("an either has no values");
    Constant choice;
    choice.kind = ConstantKind::Either;
    choice.bits[0] = values->size();
    out.push_back(choice);
    return constants(*values, out);
  }
  if (type == "v128") {
    TRY(auto const made, vector(json));
    out.push_back(made);
    return {};
  }
  TRY(auto const value, text(json, "value"));
  if (auto const kind = number_kind_of(type)) {
    Constant made;
    made.kind = *kind;
    bool const wide = *kind == ConstantKind::I64 || *kind == ConstantKind::F64;
    TRY(put_lane(made, value, 0, wide ? 64 : 32));
    out.push_back(made);
    return {};
  }
  if (!type.contains("ref")) return std::unexpected("a type is unknown: " + type);
  TRY(auto const made, reference(value));
  out.push_back(made);
  return {};
}

Parsed<void> constants(const Json& list, std::vector<Constant>& out) {
  if (!list.is_array()) return std::unexpected("a list of values is expected");
  for (auto const& entry : list) {
    TRY(constant(entry, out));
  }
  return {};
}

Parsed<std::vector<u8>> read_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::unexpected(path.string() + ": cannot be opened");
  return std::vector<u8>(std::istreambuf_iterator<char>(file), {});
}

/// What a command borrows until it is written.
struct Texts {
  std::string name;
  std::string module;
  std::string text;
  std::string field;
  std::vector<u8> bytes;
  std::vector<Constant> arguments;
  std::vector<Constant> expected;
};

Parsed<void> read_action(const Json& json, Command& command, Texts& texts) {
  auto const action = json.find("action");
  if (action == json.end()) return std::unexpected("there is no action");
  TRY(auto const type, text(*action, "type"));
  if (type != "invoke" && type != "get") return std::unexpected("an action is unknown: " + type);
  command.reads_global = type == "get";
  TRY(texts.module, text(*action, "module"));
  TRY(texts.field, text(*action, "field"));
  if (auto const arguments = action->find("args"); arguments != action->end()) {
    TRY(constants(*arguments, texts.arguments));
  }
  // What others expect is only types.
  if (command.kind != CommandKind::AssertReturn) return {};
  auto const expected = json.find("expected");
  if (expected == json.end()) return std::unexpected("it does not say what it expects");
  return constants(*expected, texts.expected);
}

Parsed<void> read_module(const Json& json, const std::filesystem::path& folder, Command& command,
                         Texts& texts) {
  TRY(auto const module_type, text(json, "module_type"));
  TRY(auto const file_name, text(json, "filename"));
  command.is_text = module_type == "text";
  if (command.is_text) return {};
  TRY(texts.bytes, read_bytes(folder / file_name));
  return {};
}

Parsed<void> read_command(const Json& json, const std::filesystem::path& folder,
                          wasm_script::Writer& writer) {
  TRY(auto const type, text(json, "type"));
  auto const kind = kind_of(type);
  if (!kind) return std::unexpected("a command is unknown: " + type);
  Command command;
  Texts texts;
  command.kind = *kind;
  if (auto const line = json.find("line"); line != json.end() && line->is_number_unsigned())
    command.line = line->get<u32>();
  TRY(texts.name, text(json, "name"));
  TRY(texts.text, text(json, "text"));
  switch (*kind) {
    case CommandKind::ModuleInstance: {
      TRY(texts.name, text(json, "instance"));
      TRY(texts.module, text(json, "module"));
      break;
    }
    case CommandKind::Register: {
      texts.module = texts.name;
      TRY(texts.name, text(json, "as"));
      break;
    }
    case CommandKind::Action:
    case CommandKind::AssertReturn:
    case CommandKind::AssertTrap:
    case CommandKind::AssertExhaustion:
    case CommandKind::AssertException: {
      TRY(read_action(json, command, texts));
      break;
    }
    case CommandKind::Module:
    case CommandKind::ModuleDefinition:
    case CommandKind::AssertMalformed:
    case CommandKind::AssertInvalid:
    case CommandKind::AssertUnlinkable:
    case CommandKind::AssertUninstantiable: {
      TRY(read_module(json, folder, command, texts));
      break;
    }
  }
  command.name = texts.name;
  command.module = texts.module;
  command.text = texts.text;
  command.field = texts.field;
  command.bytes = texts.bytes;
  command.arguments = texts.arguments;
  command.expected = texts.expected;
  if (!writer.add(command)) return std::unexpected("out of memory");
  return {};
}

}  // namespace

std::expected<base::Vector<u8>, std::string> read_json_script(const std::filesystem::path& file) {
  auto const complain = [&](const std::string& what) {
    return std::unexpected(file.string() + ": " + what);
  };
  std::ifstream stream(file);
  if (!stream) return complain("cannot be opened");
  Json const script = Json::parse(stream, nullptr, false);
  if (script.is_discarded() || !script.is_object()) return complain("it is not JSON");
  auto const commands = script.find("commands");
  if (commands == script.end() || !commands->is_array()) return complain("it has no commands");
  wasm_script::Writer writer;
  for (usize i = 0; i < commands->size(); ++i)
    if (auto const done = read_command((*commands)[i], file.parent_path(), writer); !done)
      return complain("command " + std::to_string(i) + ": " + done.error());
  auto bytes = writer.take();
  if (!bytes) return complain("out of memory");
  return std::move(*bytes);
}

}  // namespace nacre::tools
