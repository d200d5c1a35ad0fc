// Runs the official WebAssembly test suite and compares the score with the ledger, which may only
// improve:  spec_runner SUITE LEDGER DIFFERENCES [--update] [--only SCRIPT]
#include <cstdio>
#include <fstream>
#include <map>

#include "lib/wasm/interpret/interpreter.hpp"
#include "lib/wasm_script/runner.hpp"
#include "tests/conformance/suite.hpp"
#include "tools/hosted_platform/hosted_platform.hpp"
#include "tools/wasm_script/json_reader.hpp"

namespace nacre::conformance {
namespace {

using base::u32;
using wasm_script::Differences;
using wasm_script::Ledger;
using wasm_script::Score;

constexpr int skip_return_code = 77;
constexpr int usage_return_code = 2;

struct FileSink final : base::Sink {
  void write(std::string_view text) override { std::fwrite(text.data(), 1, text.size(), stdout); }
};

template <class... Arguments>
void say(base::FormatString<std::type_identity_t<Arguments>...> format,
         const Arguments&... arguments) {
  FileSink sink;
  base::format_to(sink, format, arguments...);
}

struct Options {
  std::filesystem::path suite;
  std::string ledger;
  std::string differences;
  std::string only;
  bool update = false;
};

std::optional<Options> parse(int count, char** arguments) {
  if (count < 4) return std::nullopt;
  Options options;
  options.suite = arguments[1];
  options.ledger = arguments[2];
  options.differences = arguments[3];
  for (int i = 4; i < count; ++i) {
    std::string_view const argument = arguments[i];
    if (argument == "--update")
      options.update = true;
    else if (argument == "--only" && i + 1 < count)
      options.only = arguments[++i];
    else
      return std::nullopt;
  }
  return options;
}

/// What is parsed borrows the text.
template <class Parsed>
struct Kept {
  std::string text;
  std::optional<Parsed> parsed;
};

template <class Parsed>
bool read(const std::string& path, Kept<Parsed>& kept) {
  auto text = read_text(path);
  if (!text) {
    say("{}: cannot be opened\n", path);
    return false;
  }
  kept.text = std::move(*text);
  auto parsed = Parsed::parse(kept.text);
  if (!parsed) {
    say("{}: {}\n", path, parsed.error());
    return false;
  }
  kept.parsed = std::move(*parsed);
  return true;
}

/// A script that cannot be run at all is one failure.
Score run_one(const Options& options, const std::string& script, const Differences& differences) {
  Score score;
  auto const fail = [&](u32 line, std::string_view why) {
    say("FAILED {} line {}: {}\n", script, line, why);
  };
  auto const bytes = tools::read_json_script(file_of(options.suite, script));
  auto const known = differences.of(script);
  if (!bytes || !known) {
    fail(0, bytes ? "out of memory" : bytes.error());
    score.failed = 1;
    return score;
  }
  tools::HostedPlatform platform;
  wasm::Interpreter interpreter;
  auto done = wasm_script::run_script(platform, interpreter, {bytes->data(), bytes->size()},
                                      {known->data(), known->size()}, fail);
  if (done) return std::move(*done);
  fail(0, base::FixedText<200>("{}", done.error()));
  score.failed = 1;
  return score;
}

bool is_worse(const std::string& script, const Score& score, const Ledger& ledger) {
  auto const* const before = ledger.find(script);
  if (before == nullptr) {
    say("not in the ledger: {}\n", script);
    return true;
  }
  bool const worse = score.passed < before->passed || score.skipped > before->skipped;
  if (worse || score.passed != before->passed || score.skipped != before->skipped)
    say("{} than the ledger: {} passed {} (was {}), skipped {} (was {})\n",
        worse ? "worse" : "better", script, score.passed, before->passed, score.skipped,
        before->skipped);
  return worse;
}

void write_ledger(const std::string& path, const std::map<std::string, Score>& scores) {
  std::ofstream file(path);
  file
      << "# The score of the official WebAssembly test suite: script, passed, skipped. It may only "
         "improve.\n";
  for (auto const& [script, score] : scores)
    file << script << ' ' << score.passed << ' ' << score.skipped << '\n';
}

int run(const Options& options) {
  if (!std::filesystem::is_directory(options.suite)) {
    say("skipped: the official WebAssembly test suite is not at {}\n", options.suite.string());
    return skip_return_code;
  }
  Kept<Ledger> ledger;
  Kept<Differences> differences;
  if (!read(options.ledger, ledger) || !read(options.differences, differences))
    return usage_return_code;
  std::map<std::string, Score> scores;
  FileSink sink;
  bool good = true;
  Score total;
  for (std::string const group : groups) {
    Score sum;
    auto const scripts = scripts_of(options.suite, group);
    if (scripts.empty()) {
      say("the suite has no scripts in {}\n", group);
      good = false;
    }
    for (auto const& script : scripts) {
      if (!options.only.empty() && script != options.only) continue;
      Score score = run_one(options, script, *differences.parsed);
      if (!options.update && is_worse(script, score, *ledger.parsed)) good = false;
      if (!sum.add(score)) return 1;
      scores.emplace(script, std::move(score));
    }
    if (options.only.empty()) write_score(sink, group, sum);
    if (!total.add(sum)) return 1;
  }
  if (scores.empty()) {
    say("there is no script {}\n", options.only);
    return usage_return_code;
  }
  write_score(sink, "all", total);
  if (options.update && options.only.empty()) write_ledger(options.ledger, scores);
  return good && total.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace nacre::conformance

int main(int count, char** arguments) {
  auto const options = nacre::conformance::parse(count, arguments);
  if (!options) {
    std::fprintf(stderr,
                 "usage: spec_runner SUITE LEDGER DIFFERENCES [--update] [--only SCRIPT]\n");
    return nacre::conformance::usage_return_code;
  }
  return nacre::conformance::run(*options);
}
