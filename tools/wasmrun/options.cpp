#include "tools/wasmrun/options.hpp"

#include <charconv>
#include <limits>
#include <optional>

#include "lib/base/try.hpp"

namespace nacre::tools {
namespace {

using base::u32;
using base::u64;
using base::usize;

template <class T>
using Parsed = std::expected<T, std::string>;

/// A decimal number, or a hexadecimal one behind `0x`; the rest of `text` is left in it.
std::optional<u64> take_number(std::string_view& text) {
  bool const is_hexadecimal = text.starts_with("0x");
  if (is_hexadecimal) text.remove_prefix(2);
  u64 value = 0;
  auto const* const end = text.data() + text.size();
  auto const result = std::from_chars(text.data(), end, value, is_hexadecimal ? 16 : 10);
  if (result.ec != std::errc{}) return std::nullopt;
  text = {result.ptr, end};
  return value;
}

Parsed<u64> number(const std::string& option, const std::string& value, u64 least, u64 most) {
  std::string_view rest = value;
  auto const parsed = take_number(rest);
  if (!parsed || !rest.empty()) return std::unexpected(option + ": \"" + value + "\" is no number");
  if (*parsed < least)
    return std::unexpected(option + ": " + value + " is less than " + std::to_string(least));
  if (*parsed > most)
    return std::unexpected(option + ": " + value + " is more than " + std::to_string(most));
  return *parsed;
}

/// Bytes, with a unit behind the number or none.
Parsed<u64> size(const std::string& option, const std::string& value) {
  constexpr std::string_view units = "KMG";
  std::string_view rest = value;
  auto const parsed = take_number(rest);
  unsigned shift = 0;
  if (rest.size() == 1 && units.contains(rest[0])) {
    shift = 10 * (static_cast<unsigned>(units.find(rest[0])) + 1);
    rest = {};
  }
  if (!parsed || !rest.empty() || *parsed == 0 ||
      *parsed > (std::numeric_limits<u64>::max() >> shift))
    return std::unexpected(option + ": \"" + value + "\" is no size");
  return *parsed << shift;
}

/// Reads the arguments one after the other.
class Parser {
 public:
  explicit Parser(const std::vector<std::string>& arguments) : arguments_(arguments) {}

  Parsed<Options> parse() {
    while (next_ < arguments_.size()) {
      std::string const& argument = arguments_[next_++];
      if (argument == "--") {
        options_.program_arguments.assign(rest(), arguments_.end());
        for_running(argument);
        break;
      }
      if (argument.starts_with('-')) {
        TRY(option(argument));
      } else if (options_.file.empty()) {
        options_.file = argument;
      } else if (takes_values_) {
        options_.values.push_back(argument);
      } else {
        return std::unexpected("unexpected argument " + argument +
                               " (what the program is to get stands behind --)");
      }
    }
    return checked();
  }

 private:
  std::vector<std::string>::const_iterator rest() const {
    return arguments_.begin() + static_cast<std::ptrdiff_t>(next_);
  }
  Parsed<std::string> value_of(const std::string& option) {
    if (next_ == arguments_.size()) return std::unexpected(option + " needs a value");
    return arguments_[next_++];
  }
  /// Remembers an option that means nothing where no program is run.
  void for_running(const std::string& option) { running_option_ = option; }

  Parsed<void> choose(Options::Action action, const std::string& option) {
    if (!action_option_.empty() && action_option_ != option)
      return std::unexpected(action_option_ + " and " + option + " do not go together");
    action_option_ = option;
    options_.action = action;
    return {};
  }

  Parsed<void> option(const std::string& name) {
    using Action = Options::Action;
    if (name == "--help" || name == "-h") return choose(Action::Help, name);
    if (name == "--validate") return choose(Action::Validate, name);
    if (name == "--dump") return choose(Action::Dump, name);
    if (name == "--disassemble") return choose(Action::Disassemble, name);
    if (name == "--script") {
      TRY(script_, value_of(name));
      return choose(Action::Script, name);
    }
    if (name == "--trace") {
      options_.trace = true;
      return {};
    }
    // Numbers below zero are values as others are.
    if (takes_values_ && !name.starts_with("--")) {
      options_.values.push_back(name);
      return {};
    }
    for_running(name);
    if (name == "--invoke") {
      TRY(options_.invoke, value_of(name));
      takes_values_ = true;
    } else if (name == "--env") {
      TRY(auto const variable, value_of(name));
      if (variable.find('=') == std::string::npos || variable.starts_with('='))
        return std::unexpected("--env: \"" + variable + "\" is not of the form K=V");
      options_.variables.push_back(variable);
    } else if (name == "--dir") {
      TRY(auto const folder, value_of(name));
      auto const split = folder.find("::");
      if (folder.empty() || split == 0 || folder.ends_with("::"))
        return std::unexpected("--dir: \"" + folder + "\" is not of the form HOST[::GUEST]");
      options_.folders.push_back({folder.substr(0, split),
                                  split == std::string::npos ? folder : folder.substr(split + 2)});
    } else if (name == "--fuel") {
      TRY(auto const text, value_of(name));
      TRY(options_.guest.fuel, number(name, text, 0, std::numeric_limits<u64>::max()));
    } else if (name == "--pages") {
      TRY(auto const text, value_of(name));
      TRY(u64 const pages, number(name, text, 0, wasm::MemoryType::max_pages));
      options_.store.memory_pages = static_cast<u32>(pages);
    } else if (name == "--call-depth") {
      TRY(auto const text, value_of(name));
      TRY(u64 const depth, number(name, text, 1, std::numeric_limits<u32>::max()));
      options_.guest.call_depth = static_cast<u32>(depth);
    } else if (name == "--stack") {
      TRY(auto const text, value_of(name));
      TRY(options_.guest.stack_size, size(name, text));
    } else {
      return std::unexpected("unknown option " + name);
    }
    return {};
  }

  Parsed<Options> checked() {
    using Action = Options::Action;
    if (options_.action == Action::Help) return options_;
    if (options_.action == Action::Script) {
      if (!options_.file.empty())
        return std::unexpected("unexpected argument " + options_.file + " (--script has its file)");
      options_.file = script_;
    }
    if (options_.file.empty()) return std::unexpected("no file is given");
    bool const runs = options_.action == Action::Run;
    if (!runs && !running_option_.empty())
      return std::unexpected(running_option_ + " and " + action_option_ + " do not go together");
    if (options_.trace && !runs && options_.action != Action::Script)
      return std::unexpected("--trace and " + action_option_ + " do not go together");
    if (takes_values_ && !options_.program_arguments.empty())
      return std::unexpected("-- and --invoke do not go together");
    return options_;
  }

  const std::vector<std::string>& arguments_;
  usize next_ = 0;
  Options options_;
  /// Behind `--invoke`.
  bool takes_values_ = false;
  std::string script_;
  std::string action_option_;
  std::string running_option_;
};

}  // namespace

std::expected<Options, std::string> parse_options(const std::vector<std::string>& arguments) {
  return Parser(arguments).parse();
}

}  // namespace nacre::tools
