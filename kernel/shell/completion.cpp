#include "kernel/shell/completion.hpp"

#include <algorithm>
#include <array>

#include "lib/base/try.hpp"
#include "lib/shell/characters.hpp"
#include "lib/shell/reserved_words.hpp"

namespace nacre::shell {
namespace {

using Result = std::expected<void, base::OutOfMemory>;

constexpr std::string_view separators = " \t;|&()<>";
constexpr std::string_view special = " \t;|&()<>'\"\\$`*?[]#~!{}";
/// More are not looked at.
constexpr usize max_candidates = 1000;

/// Where the word begins that `line` ends with.
usize word_start(std::string_view line) {
  usize start = 0;
  for (usize i = 0; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (separators.contains(line[i])) {
      start = i + 1;
    }
  }
  return std::min(start, line.size());
}

/// Takes a word and the blanks around it off the front.
std::string_view take_word(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  std::string_view const word = rest.substr(0, rest.find_first_of(" \t"));
  rest.remove_prefix(word.size());
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  return word;
}

/// The name of the command whose argument `word` is, at the end of `line`; empty if it is the
/// command that is typed.
std::string_view command_before(std::string_view line, std::string_view word) {
  usize const start = line.find_last_of(";|&(") == line.npos ? 0 : line.find_last_of(";|&(") + 1;
  std::string_view rest = line.substr(start);
  for (;;) {
    std::string_view const name = take_word(rest);
    usize const variable = name_size(name);
    bool const is_assignment = variable != 0 && name.substr(variable).starts_with('=');
    if (!command_follows(name) && !is_assignment) return name;
    bool const has_option = rest.empty() ? word.starts_with('-') : rest.starts_with('-');
    if (name != "time" || !has_option) continue;
    if (take_word(rest) != "-p") return name;
  }
}

class Collector {
 public:
  Collector(const Services& services, const ShellState& state, Completion& into)
      : services_(services), state_(state), into_(into) {}

  Result add(std::string_view start, std::string_view text, std::string_view end = {}) {
    bool const is_wanted = text.starts_with(into_.word.view().substr(start.size()));
    if (!is_wanted || into_.candidates.size() == max_candidates) return {};
    TRY(auto whole, base::format("{}{}{}", start, text, end));
    return into_.candidates.try_push_back(std::move(whole));
  }

  Result variables() {
    for (const auto& [name, variable] : state_.parameters.variables.all())
      if (variable.value) {
        TRY(add("$", name));
      }
    return {};
  }

  Result options(std::string_view command) {
    const Builtin* const builtin = find_builtin(command);
    for (std::string_view rest = builtin == nullptr ? "" : builtin->details; !rest.empty();) {
      std::string_view const line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(line.size() + 1, rest.size()));
      if (line.starts_with("  -") && line.size() > 4 && line[4] == ' ') {
        TRY(add("", line.substr(2, 2)));
      }
    }
    return add("", "--help");
  }

  exec::Task<Result> commands() {
    for (const Builtin& builtin : builtins()) {
      CO_TRY(add("", builtin.name));
    }
    for (const auto& [name, body] : state_.functions.entries()) {
      CO_TRY(add("", name));
    }
    for (const auto& [name, text] : state_.aliases.entries()) {
      CO_TRY(add("", name));
    }
    CO_TRY(base::String const search,
           base::String::create(state_.parameters.variables.value_or("PATH", "")));
    for (std::string_view rest = search; !rest.empty();) {
      std::string_view const directory = rest.substr(0, rest.find(':'));
      rest.remove_prefix(std::min(directory.size() + 1, rest.size()));
      CO_TRY(co_await names_in(directory, "", true));
    }
    co_return Result{};
  }

  exec::Task<Result> paths() {
    usize const slash = into_.word.view().rfind('/');
    std::string_view const directory = into_.word.view().substr(0, slash + 1);
    co_return co_await names_in(slash == std::string_view::npos ? "." : directory,
                                slash == std::string_view::npos ? "" : directory, false);
  }

 private:
  /// With `programs`, without what a program's name may end in.
  exec::Task<Result> names_in(std::string_view directory, std::string_view start, bool programs) {
    auto opened = co_await services_.files.open_directory(state_.directory.location(), directory);
    if (!opened) co_return Result{};
    bool const hidden_too = into_.word.view().substr(start.size()).starts_with('.');
    std::array<fs::DirectoryEntry, 64> entries;
    for (;;) {
      auto const count = opened->read(entries);
      if (!count || *count == 0) co_return Result{};
      for (const fs::DirectoryEntry& entry : std::span(entries).first(*count)) {
        std::string_view name = entry.name;
        if (name.starts_with('.') && !hidden_too) continue;
        if (programs && name.ends_with(".wasm")) name.remove_suffix(5);
        bool const is_directory = !programs && entry.type == fs::NodeType::Directory;
        CO_TRY(add(start, name, is_directory ? "/" : ""));
      }
    }
  }

  const Services& services_;
  const ShellState& state_;
  Completion& into_;
};

}  // namespace

std::string_view Completion::common_rest() const {
  if (candidates.empty()) return {};
  std::string_view common = candidates[0];
  for (const base::String& one : candidates) {
    usize const size =
        static_cast<usize>(std::ranges::mismatch(common, one.view()).in1 - common.begin());
    common = common.substr(0, size);
  }
  return common.substr(std::min(word.size(), common.size()));
}

exec::Task<std::expected<Completion, base::OutOfMemory>> complete(const Services& services,
                                                                  const ShellState& state,
                                                                  std::string_view line) {
  Completion completion;
  usize const start = word_start(line);
  for (usize i = start; i < line.size(); ++i) {
    if (line[i] == '"' || line[i] == '\'') co_return completion;
    if (line[i] == '\\' && ++i == line.size()) break;
    CO_TRY(completion.word.append(line[i]));
  }
  std::string_view const command = command_before(line.substr(0, start), completion.word);
  Collector collector(services, state, completion);
  std::string_view const word = completion.word;
  bool const follows_redirection =
      line.substr(0, start).find_last_not_of(" \t") != line.npos &&
      std::string_view("<>").contains(line[line.substr(0, start).find_last_not_of(" \t")]);
  if (word.starts_with('$')) {
    CO_TRY(collector.variables());
  } else if (command.empty() && !word.contains('/') && !follows_redirection) {
    CO_TRY(co_await collector.commands());
  } else if (word.starts_with('-')) {
    CO_TRY(collector.options(command));
  } else {
    CO_TRY(co_await collector.paths());
  }
  auto& found = completion.candidates;
  std::ranges::sort(
      found, [](const base::String& a, const base::String& b) { return a.view() < b.view(); });
  auto const again = std::ranges::unique(
      found, [](const base::String& a, const base::String& b) { return a.view() == b.view(); });
  found.truncate(found.size() - again.size());
  co_return completion;
}

std::expected<base::String, base::OutOfMemory> escaped(std::string_view text) {
  base::String out;
  for (char const c : text) {
    if (special.contains(c)) {
      TRY(out.append('\\'));
    }
    TRY(out.append(c));
  }
  return out;
}

}  // namespace nacre::shell
