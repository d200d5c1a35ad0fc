// Runs the official WebAssembly test suite and compares the score with the ledger, which may only
// improve:  spec_runner SUITE LEDGER DIFFERENCES [--update] [--only SCRIPT]
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "lib/base/assert.hpp"
#include "tests/conformance/script.hpp"

namespace nacre::conformance {
namespace {

namespace fs = std::filesystem;

constexpr int skip_return_code = 77;

/// What of the suite concerns the features that the engine has.
constexpr const char* groups[] = {"json-2.0/core",         "json-2.0/simd",
                                  "json-3.0/core",         "json-3.0/bulk-memory",
                                  "json-3.0/multi-memory", "json-3.0/exceptions",
                                  "json-3.0/simd",         "json-3.0/relaxed-simd",
                                  "json-3.0/legacy-exceptions"};

struct Entry {
  unsigned passed = 0;
  unsigned skipped = 0;
};

/// Lines of `script passed skipped`.
std::map<std::string, Entry> read_ledger(const std::string& path) {
  std::map<std::string, Entry> ledger;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream fields(line);
    std::string script;
    Entry entry;
    fields >> script >> entry.passed >> entry.skipped;
    ledger[script] = entry;
  }
  return ledger;
}

void write_ledger(const std::string& path, const std::map<std::string, Score>& scores) {
  std::ofstream file(path);
  file
      << "# The score of the official WebAssembly test suite: script, passed, skipped. It may only "
         "improve.\n";
  for (auto const& [script, score] : scores)
    file << script << ' ' << score.passed << ' ' << score.skipped << '\n';
}

/// Lines of `script line reason`.
std::map<std::string, KnownDifferences> read_differences(const std::string& path) {
  std::map<std::string, KnownDifferences> differences;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream fields(line);
    std::string script;
    std::string reason;
    unsigned number = 0;
    fields >> script >> number >> std::ws;
    std::getline(fields, reason);
    differences[script][number] = reason;
  }
  return differences;
}

bool is_worse(const std::string& script, const Score& score,
              const std::map<std::string, Entry>& ledger) {
  auto const before = ledger.find(script);
  if (before == ledger.end()) {
    std::printf("not in the ledger: %s\n", script.c_str());
    return true;
  }
  if (score.passed >= before->second.passed && score.skipped <= before->second.skipped)
    return false;
  std::printf("worse than the ledger: %s passed %u (was %u), skipped %u (was %u)\n", script.c_str(),
              score.passed, before->second.passed, score.skipped, before->second.skipped);
  return true;
}

int run(int count, char** arguments) {
  if (count < 4) {
    std::fprintf(stderr,
                 "usage: spec_runner SUITE LEDGER DIFFERENCES [--update] [--only SCRIPT]\n");
    return 2;
  }
  fs::path const suite = arguments[1];
  bool update = false;
  std::string only;
  for (int i = 4; i < count; ++i) {
    if (std::string_view(arguments[i]) == "--update") update = true;
    if (std::string_view(arguments[i]) == "--only" && i + 1 < count) only = arguments[++i];
  }
  if (!fs::is_directory(suite)) {
    std::printf("skipped: the official WebAssembly test suite is not at %s\n", arguments[1]);
    return skip_return_code;
  }
  auto const ledger = read_ledger(arguments[2]);
  auto const differences = read_differences(arguments[3]);

  std::map<std::string, Score> scores;
  bool good = true;
  Score total;
  for (std::string const group : groups) {
    std::vector<std::string> names;
    for (auto const& folder : fs::directory_iterator(suite / group))
      names.push_back(folder.path().filename());
    std::ranges::sort(names);
    Score sum;
    for (auto const& name : names) {
      std::string const script = group + "/" + name;
      if (!only.empty() && script != only) continue;
      auto const known = differences.find(script);
      Score const score = Script(suite / script, script,
                                 known == differences.end() ? KnownDifferences{} : known->second)
                              .run();
      if (!update && is_worse(script, score, ledger)) good = false;
      scores[script] = score;
      sum.add(score);
    }
    std::printf("%-22s %6u passed %4u failed %5u skipped, %u of %u refusals in the same words\n",
                group.c_str(), sum.passed, sum.failed, sum.skipped, sum.same_words, sum.refusals);
    for (auto const& [reason, number] : sum.reasons)
      std::printf("  %5u skipped: %s\n", number, reason.c_str());
    total.add(sum);
  }
  std::printf("%-22s %6u passed %4u failed %5u skipped\n", "all", total.passed, total.failed,
              total.skipped);
  if (update && only.empty()) write_ledger(arguments[2], scores);
  return good && total.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace nacre::conformance

int main(int count, char** arguments) { return nacre::conformance::run(count, arguments); }
