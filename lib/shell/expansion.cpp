#include "lib/shell/expansion.hpp"

#include <algorithm>

#include "lib/base/format.hpp"
#include "lib/base/try.hpp"
#include "lib/shell/arithmetic.hpp"
#include "lib/shell/characters.hpp"
#include "lib/shell/fields.hpp"

namespace nacre::shell {
namespace {

constexpr std::string_view default_separators = " \t\n";
constexpr usize colon_missing = std::string_view::npos;

template <class... Arguments>
std::unexpected<ExpansionError> fail(base::FormatString<std::type_identity_t<Arguments>...> format,
                                     const Arguments&... arguments) {
  auto text = base::format(format, arguments...);
  if (!text) return std::unexpected(ExpansionError(base::OutOfMemory{}));
  return std::unexpected(ExpansionError(std::move(*text)));
}

usize count_characters(std::string_view text) {
  return static_cast<usize>(
      std::ranges::count_if(text, [](char c) { return (static_cast<u8>(c) & 0xc0) != 0x80; }));
}

bool is_all_arguments(std::string_view name) { return name == "@" || name == "*"; }

/// The end of the tilde and the name behind it at the front of `text`; 0 if it is no such prefix.
usize tilde_size(std::string_view text, bool is_assignment) {
  if (!text.starts_with('~')) return 0;
  usize const end = text.find_first_of(is_assignment ? "/:" : "/");
  return std::min(end, text.size());
}

/// Puts the home directory in place of tildes at the front of a word; in an assignment behind each
/// colon, too. There is one user: a name behind the tilde is nobody's.
/// [posix/xcu: "Tilde Expansion"]
std::expected<void, base::OutOfMemory> add_with_tildes(std::string_view text, bool is_whole,
                                                       bool is_assignment, std::string_view home,
                                                       auto&& add_quoted, auto&& add_literal) {
  for (;;) {
    usize const size = tilde_size(text, is_assignment);
    // A name that goes on in another part is not known here.
    if (size == 1 && (is_whole || text.size() > 1)) {
      TRY(add_quoted(home));
      text.remove_prefix(1);
    }
    usize const colon = is_assignment ? text.find(':') : text.npos;
    if (colon == text.npos) return add_literal(text);
    TRY(add_literal(text.substr(0, colon + 1)));
    text.remove_prefix(colon + 1);
  }
}

}  // namespace

exec::Task<Expanded<void>> Expander::add_fields(const Word& word,
                                                base::Vector<base::String>& fields) {
  CO_TRY(base::String const separators,
         base::String::create(parameters_.variables.value_or("IFS", default_separators)));
  Fields made(separators, true);
  CO_TRY(co_await add_word({word.parts.data(), word.parts.size()}, made));
  CO_TRY(made.finish());
  for (Fields::Field& field : made.fields()) {
    if (field.is_pattern && !parameters_.options.no_glob) {
      CO_TRY(co_await add_paths(field.text, fields));
      continue;
    }
    CO_TRY(base::String plain, unescaped(field.text));
    CO_TRY(fields.try_push_back(std::move(plain)));
  }
  co_return Expanded<void>{};
}

/// What may begin with a tilde.
exec::Task<Expanded<void>> Expander::add_word(std::span<const WordPart> parts, Fields& fields) {
  if (!parts.empty() && parts[0].kind == WordPart::Kind::Literal && !parts[0].is_quoted) {
    CO_TRY(add_with_tildes(
        parts[0].text, parts.size() == 1, false, parameters_.variables.value_or("HOME", "/"),
        [&](std::string_view text) { return fields.add_quoted(text); },
        [&](std::string_view text) { return fields.add_literal(text); }));
    parts = parts.subspan(1);
  }
  co_return co_await add_parts(parts, false, fields);
}

exec::Task<Expanded<base::String>> Expander::text_of(const Word& word, bool is_assignment) {
  Fields made({}, false);
  std::string_view const home = parameters_.variables.value_or("HOME", "/");
  for (const WordPart& part : word.parts) {
    bool const is_first = &part == word.parts.begin();
    bool const may_have_tilde =
        part.kind == WordPart::Kind::Literal && !part.is_quoted && (is_first || is_assignment);
    if (!may_have_tilde) {
      CO_TRY(co_await add_parts({&part, 1}, false, made));
      continue;
    }
    bool const is_last = &part == &word.parts.back();
    // Only at the front, or behind a colon, does a tilde mean something.
    usize const colon = part.text.view().find(':');
    usize const skipped = is_first ? 0 : colon == colon_missing ? part.text.size() : colon + 1;
    CO_TRY(made.add_literal(part.text.view().substr(0, skipped)));
    CO_TRY(add_with_tildes(
        part.text.view().substr(skipped), is_last, is_assignment, home,
        [&](std::string_view text) { return made.add_quoted(text); },
        [&](std::string_view text) { return made.add_literal(text); }));
  }
  CO_TRY(base::String text, unescaped(made.take_text()));
  co_return text;
}

exec::Task<Expanded<base::String>> Expander::pattern_of(const Word& word) {
  co_return co_await pattern_of_parts({word.parts.data(), word.parts.size()});
}

exec::Task<Expanded<base::String>> Expander::pattern_of_parts(std::span<const WordPart> parts) {
  Fields made({}, false);
  CO_TRY(co_await add_word(parts, made));
  co_return made.take_text();
}

/// Parts as one text. In quotes a tilde is one.
exec::Task<Expanded<base::String>> Expander::text_of_parts(std::span<const WordPart> parts,
                                                           bool is_quoted) {
  Fields made({}, false);
  CO_TRY(is_quoted ? co_await add_parts(parts, false, made) : co_await add_word(parts, made));
  CO_TRY(base::String text, unescaped(made.take_text()));
  co_return text;
}

exec::Task<Expanded<void>> Expander::add_parts(std::span<const WordPart> parts, bool is_quoted,
                                               Fields& fields) {
  for (const WordPart& part : parts) {
    bool const quoted = is_quoted || part.is_quoted;
    switch (part.kind) {
      case WordPart::Kind::Literal: {
        CO_TRY(quoted ? fields.add_quoted(part.text) : fields.add_literal(part.text));
        break;
      }
      case WordPart::Kind::Parameter: {
        CO_TRY(co_await add_parameter(part, quoted, fields));
        break;
      }
      case WordPart::Kind::Commands: {
        CO_TRY(base::String const output, co_await host_.output_of(part.commands));
        std::string_view text = output;
        while (text.ends_with('\n')) text.remove_suffix(1);
        CO_TRY(quoted ? fields.add_quoted(text) : fields.add_split(text));
        break;
      }
      case WordPart::Kind::Arithmetic: {
        CO_TRY(base::String const expression,
               co_await text_of_parts({part.operand.data(), part.operand.size()}, true));
        auto const value = evaluate(expression, parameters_);
        if (!value) {
          if (value.error().kind == ArithmeticError::Kind::OutOfMemory)
            co_return std::unexpected(ExpansionError(base::OutOfMemory{}));
          co_return fail("arithmetic: {}", value.error());
        }
        base::FixedText<24> const text("{}", *value);
        CO_TRY(quoted ? fields.add_quoted(text) : fields.add_split(text));
        break;
      }
    }
  }
  co_return Expanded<void>{};
}

/// The word of a parameter's form, in place of its value: what is not quoted in it is split, too.
exec::Task<Expanded<void>> Expander::add_operand(std::span<const WordPart> parts, bool is_quoted,
                                                 Fields& fields) {
  for (const WordPart& part : parts) {
    bool const is_plain = part.kind == WordPart::Kind::Literal && !part.is_quoted && !is_quoted;
    if (!is_plain) {
      CO_TRY(co_await add_parts({&part, 1}, is_quoted, fields));
      continue;
    }
    bool const is_first = &part == parts.data();
    std::string_view text = part.text;
    if (is_first && tilde_size(text, false) == 1 && (text.size() > 1 || parts.size() == 1)) {
      CO_TRY(fields.add_quoted(parameters_.variables.value_or("HOME", "/")));
      text.remove_prefix(1);
    }
    CO_TRY(fields.add_split(text));
  }
  co_return Expanded<void>{};
}

exec::Task<Expanded<void>> Expander::add_parameter(const WordPart& part, bool is_quoted,
                                                   Fields& fields) {
  using Form = ParameterForm;
  bool const is_all = is_all_arguments(part.text);
  std::optional<base::String> value;
  if (is_all) {
    if (!parameters_.arguments.empty()) {
      CO_TRY(value, joined_arguments());
    }
  } else {
    CO_TRY(value, value_of(part.text));
  }
  bool const is_unset = !value || (part.empty_is_unset && value->empty());
  std::span<const WordPart> const operand(part.operand.data(), part.operand.size());
  switch (part.form) {
    case Form::Default:
      if (is_unset) {
        // There may be nothing to it, but in quotes it is there.
        if (is_quoted && part.text != "@") fields.begin_field();
        co_return co_await add_operand(operand, is_quoted, fields);
      }
      break;
    case Form::Alternative:
      if (!is_unset) co_return co_await add_operand(operand, is_quoted, fields);
      if (is_quoted && part.text != "@") fields.begin_field();
      co_return Expanded<void>{};
    case Form::Assign: {
      if (!is_unset) break;
      if (!is_name(part.text)) co_return fail("{}: cannot be assigned", part.text.view());
      CO_TRY(base::String text, co_await text_of_parts(operand, is_quoted));
      if (auto const done = parameters_.variables.set(part.text, text); !done) {
        if (done.error().kind == VariableError::Kind::OutOfMemory)
          co_return std::unexpected(ExpansionError(base::OutOfMemory{}));
        co_return fail("{}: is read only", part.text.view());
      }
      value = std::move(text);
      break;
    }
    case Form::Require:
      if (is_unset) co_return co_await complain_unset(part);
      break;
    default: break;
  }
  if (!value && parameters_.options.no_unset && !is_all && part.form != Form::Default)
    co_return fail("{}: parameter not set", part.text.view());
  if (part.form == Form::Length) {
    base::FixedText<24> const length(
        "{}", is_all ? parameters_.arguments.size() : count_characters(value ? value->view() : ""));
    CO_TRY(is_quoted ? fields.add_quoted(length) : fields.add_split(length));
    co_return Expanded<void>{};
  }
  // Of nothing, nothing can be taken: the pattern is not looked at.
  if (part.form >= Form::ShortestSuffix && value)
    co_return co_await add_without_pattern(part, is_quoted, *value, fields);
  if (is_all) co_return add_arguments(part, is_quoted, fields);
  std::string_view const text = value ? value->view() : std::string_view();
  CO_TRY(is_quoted ? fields.add_quoted(text) : fields.add_split(text));
  co_return Expanded<void>{};
}

/// A value without what a pattern matches at its front or end.
exec::Task<Expanded<void>> Expander::add_without_pattern(const WordPart& part, bool is_quoted,
                                                         std::string_view value, Fields& fields) {
  using Form = ParameterForm;
  CO_TRY(base::String const text,
         co_await pattern_of_parts({part.operand.data(), part.operand.size()}));
  CO_TRY(auto pattern, Pattern::create(text));
  bool const is_longest = part.form == Form::LongestPrefix || part.form == Form::LongestSuffix;
  auto const length = is_longest ? Pattern::Length::Longest : Pattern::Length::Shortest;
  if (part.form == Form::ShortestPrefix || part.form == Form::LongestPrefix)
    value.remove_prefix(pattern.find_prefix(value, length).value_or(0));
  else
    value.remove_suffix(pattern.find_suffix(value, length).value_or(0));
  CO_TRY(is_quoted ? fields.add_quoted(value) : fields.add_split(value));
  co_return Expanded<void>{};
}

exec::Task<Expanded<void>> Expander::complain_unset(const WordPart& part) {
  CO_TRY(base::String const text,
         co_await text_of_parts({part.operand.data(), part.operand.size()}, false));
  if (!text.empty()) co_return fail("{}: {}", part.text.view(), text.view());
  co_return fail("{}: parameter not set", part.text.view());
}

/// `$@` and `$*`.
Expanded<void> Expander::add_arguments(const WordPart& part, bool is_quoted, Fields& fields) const {
  if (is_quoted && (part.text == "*" || !fields.splits())) {
    TRY(base::String const joined, joined_arguments());
    TRY(fields.add_quoted(joined));
    return {};
  }
  if (!fields.splits()) {
    TRY(base::String const joined, joined_arguments());
    TRY(fields.add_literal(joined));
    return {};
  }
  for (const base::String& argument : parameters_.arguments) {
    // Each is a field of its own, or several.
    if (&argument != parameters_.arguments.begin()) {
      TRY(is_quoted ? fields.end_field() : fields.finish());
    }
    TRY(is_quoted ? fields.add_quoted(argument) : fields.add_split(argument));
  }
  return {};
}

std::expected<base::String, base::OutOfMemory> Expander::joined_arguments() const {
  std::string_view const separators = parameters_.variables.value_or("IFS", default_separators);
  base::String joined;
  for (const base::String& argument : parameters_.arguments) {
    if (&argument != parameters_.arguments.begin()) {
      TRY(joined.append(separators.substr(0, 1)));
    }
    TRY(joined.append(argument));
  }
  return joined;
}

std::expected<std::optional<base::String>, base::OutOfMemory> Expander::value_of(
    std::string_view name) const {
  auto const number = [](auto value) { return base::format("{}", value); };
  auto const text = [](std::string_view value) { return base::String::create(value); };
  if (is_digit(name[0])) {
    auto const index =
        parse_integer(name.substr(std::min(name.find_first_not_of('0'), name.size() - 1)));
    if (!index || static_cast<u64>(*index) > parameters_.arguments.size()) return std::nullopt;
    if (*index == 0) return text(parameters_.shell_name);
    return text(parameters_.arguments[static_cast<usize>(*index) - 1]);
  }
  switch (name[0]) {
    case '?': return number(parameters_.last_status);
    case '$': return number(parameters_.process_id);
    case '#': return number(parameters_.arguments.size());
    case '!':
      if (!parameters_.last_background) return std::nullopt;
      return number(*parameters_.last_background);
    case '-': {
      base::String letters;
      ShellOptions options = parameters_.options;
      for (char const letter : option_letters)
        if (*option_of(options, letter)) {
          TRY(letters.append(letter));
        }
      return letters;
    }
    default: break;
  }
  auto const value = parameters_.variables.value(name);
  if (value) return text(*value);
  if (name == "LINENO") return number(parameters_.line);
  return std::nullopt;
}

/// Adds the paths that match, sorted; the text of the pattern if there are none.
/// [posix/xcu: "Patterns Used for Filename Expansion"]
exec::Task<Expanded<void>> Expander::add_paths(std::string_view pattern,
                                               base::Vector<base::String>& fields) {
  base::Vector<base::String> paths;
  CO_TRY(paths.try_emplace_back());
  bool was_pattern = false;
  for (std::string_view rest = pattern; !rest.empty() && !paths.empty();) {
    usize const slashes = std::min(rest.find_first_not_of('/'), rest.size());
    for (base::String& path : paths) {
      CO_TRY(path.append(rest.substr(0, slashes)));
    }
    rest.remove_prefix(slashes);
    if (rest.empty()) break;
    std::string_view const component = rest.substr(0, rest.find('/'));
    rest.remove_prefix(component.size());
    bool const is_pattern = component.find_first_of("*?[") != component.npos;
    if (!is_pattern) {
      CO_TRY(base::String const plain, unescaped(component));
      for (base::String& path : paths) {
        CO_TRY(path.append(plain));
      }
      continue;
    }
    was_pattern = true;
    CO_TRY(auto matcher, Pattern::create(component));
    base::Vector<base::String> found;
    for (const base::String& path : paths) {
      base::Vector<base::String> names;
      CO_TRY(
          co_await host_.list_directory(path.empty() ? std::string_view(".") : path.view(), names));
      for (const base::String& name : names) {
        // A dot in front is matched by a dot alone.
        if (name.view().starts_with('.') && component[0] != '.') continue;
        if (!matcher.matches(name)) continue;
        CO_TRY(base::String whole, path.try_copy());
        CO_TRY(whole.append(name));
        CO_TRY(found.try_push_back(std::move(whole)));
      }
    }
    paths = std::move(found);
  }
  usize const before = fields.size();
  for (base::String& path : paths) {
    CO_TRY(bool const is_there, co_await host_.exists(path));
    if (!was_pattern || !is_there) continue;
    CO_TRY(fields.try_push_back(std::move(path)));
  }
  if (fields.size() == before) {
    CO_TRY(base::String plain, unescaped(pattern));
    CO_TRY(fields.try_push_back(std::move(plain)));
    co_return Expanded<void>{};
  }
  std::ranges::sort(std::span(fields.begin() + before, fields.end()), {},
                    [](const base::String& path) { return path.view(); });
  co_return Expanded<void>{};
}

}  // namespace nacre::shell
