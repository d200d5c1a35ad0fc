// Modules that must be refused or survived: what three other implementations all refuse is refused,
// what they all accept is loaded unless it needs a feature that is missing, and everything is run
// within limits:  malformed FOLDER
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/wasm_survival.hpp"

namespace nacre {
namespace {

constexpr int skip_return_code = 77;

enum class Verdict { Refused, Accepted, Divided };

/// What all implementations say that say something; one that took too long does not.
Verdict verdict_of(const nlohmann::json& labels) {
  bool all_accept = true;
  bool all_refuse = true;
  for (auto const& label : labels) {
    if (!label.is_boolean()) continue;
    if (label.get<bool>())
      all_refuse = false;
    else
      all_accept = false;
  }
  if (all_accept == all_refuse) return Verdict::Divided;
  return all_accept ? Verdict::Accepted : Verdict::Refused;
}

int run(const std::string& folder) {
  if (!std::filesystem::is_directory(folder)) {
    std::printf("skipped: the malformed modules are not at %s\n", folder.c_str());
    return skip_return_code;
  }
  std::ifstream file(folder + "/labels.json");
  auto const labels = nlohmann::json::parse(file, nullptr, false);
  unsigned passed = 0;
  unsigned failed = 0;
  unsigned divided = 0;
  std::map<std::string, unsigned> skipped;
  for (auto const& [name, label] : labels.items()) {
    std::ifstream input(folder + "/" + name, std::ios::binary);
    std::vector<base::u8> const bytes{std::istreambuf_iterator<char>(input), {}};
    auto const begin = std::chrono::steady_clock::now();
    auto const done = test::survive(bytes);
    auto const seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (seconds > 1) std::printf("slow: %s took %.1f s\n", name.c_str(), seconds);
    Verdict const verdict = verdict_of(label);
    if (!done && std::holds_alternative<wasm::Feature>(done.error().cause) &&
        verdict != Verdict::Refused) {
      ++skipped[std::string(text_of(done.error()))];
    } else if (verdict == Verdict::Divided) {
      ++divided;
    } else if (done.has_value() == (verdict == Verdict::Accepted)) {
      ++passed;
    } else {
      ++failed;
      base::FixedText<200> const why("{}",
                                     done ? std::string_view("accepted") : text_of(done.error()));
      std::printf("FAILED %s: %.*s\n", name.c_str(), static_cast<int>(why.view().size()),
                  why.view().data());
    }
  }
  std::printf("malformed: %u passed, %u failed, %u where others disagree\n", passed, failed,
              divided);
  for (auto const& [reason, count] : skipped)
    std::printf("  %5u skipped: needs %s\n", count, reason.c_str());
  return failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace nacre

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "usage: malformed FOLDER\n");
    return 2;
  }
  return nacre::run(arguments[1]);
}
