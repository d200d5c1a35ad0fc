#include "lib/wasm_script/ledger.hpp"

#include <charconv>
#include <optional>

#include "lib/base/try.hpp"

namespace nacre::wasm_script {
namespace {

/// What stands before the first `separator`, which is taken away with it.
std::string_view take_until(std::string_view& text, char separator) {
  usize const end = text.find(separator);
  std::string_view const taken = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return taken;
}

std::optional<u32> number_of(std::string_view text) {
  u32 value = 0;
  auto const* const end = text.data() + text.size();
  auto const result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc{} || result.ptr != end) return std::nullopt;
  return value;
}

/// Calls `parse_line` with each line that means something. It returns an entry or nothing.
template <class Entry, class ParseLine>
std::expected<base::Vector<Entry>, TextError> parse_lines(std::string_view text,
                                                          ParseLine&& parse_line) {
  base::Vector<Entry> entries;
  for (u32 number = 1; !text.empty(); ++number) {
    std::string_view const line = take_until(text, '\n');
    if (line.empty() || line.starts_with('#')) continue;
    std::optional<Entry> const entry = parse_line(line);
    if (!entry) return std::unexpected(WrongLine{number});
    TRY(entries.try_push_back(*entry));
  }
  return entries;
}

}  // namespace

void format_value(base::Sink& sink, const TextError& error) {
  if (auto const* const wrong = std::get_if<WrongLine>(&error.cause))
    base::format_to(sink, "line {} is not formed as it should be", wrong->number);
  else
    sink.write("out of memory");
}

std::expected<Ledger, TextError> Ledger::parse(std::string_view text) {
  Ledger ledger;
  TRY(ledger.entries_,
      parse_lines<LedgerEntry>(text, [](std::string_view line) -> std::optional<LedgerEntry> {
        auto const script = take_until(line, ' ');
        auto const passed = number_of(take_until(line, ' '));
        auto const skipped = number_of(line);
        if (!passed || !skipped) return std::nullopt;
        return LedgerEntry{script, *passed, *skipped};
      }));
  return ledger;
}

const LedgerEntry* Ledger::find(std::string_view script) const {
  for (LedgerEntry const& entry : entries_)
    if (entry.script == script) return &entry;
  return nullptr;
}

std::expected<Differences, TextError> Differences::parse(std::string_view text) {
  Differences differences;
  TRY(differences.entries_,
      parse_lines<Difference>(text, [](std::string_view line) -> std::optional<Difference> {
        auto const script = take_until(line, ' ');
        auto const number = number_of(take_until(line, ' '));
        if (!number || line.empty()) return std::nullopt;
        return Difference{script, *number, line};
      }));
  return differences;
}

std::expected<base::Vector<Difference>, base::OutOfMemory> Differences::of(
    std::string_view script) const {
  base::Vector<Difference> found;
  for (Difference const& entry : entries_)
    if (entry.script == script) {
      TRY(found.try_push_back(entry));
    }
  return found;
}

}  // namespace nacre::wasm_script
