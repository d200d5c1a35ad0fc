#include "lib/wasm_script/score.hpp"

#include "lib/base/try.hpp"

namespace nacre::wasm_script {

std::expected<usize, base::OutOfMemory> Score::reason(std::string_view text) {
  for (usize i = 0; i < reasons.size(); ++i)
    if (reasons[i].text == text) return i;
  TRY(auto copy, base::String::create(text));
  TRY(reasons.try_push_back(Reason{std::move(copy), 0}));
  return reasons.size() - 1;
}

std::expected<void, base::OutOfMemory> Score::add(const Score& other) {
  for (Reason const& theirs : other.reasons) {
    TRY(usize const ours, reason(theirs.text));
    reasons[ours].count += theirs.count;
  }
  passed += other.passed;
  failed += other.failed;
  skipped += other.skipped;
  refusals += other.refusals;
  same_words += other.same_words;
  return {};
}

void write_score(base::Sink& sink, std::string_view name, const Score& score) {
  base::format_to(sink, "{:<28} {:>6} passed, {} failed, {} skipped", name, score.passed,
                  score.failed, score.skipped);
  if (score.refusals != 0)
    base::format_to(sink, "; {} of {} refusals in the same words", score.same_words,
                    score.refusals);
  sink.write("\n");
  for (Score::Reason const& reason : score.reasons)
    if (reason.count != 0)
      base::format_to(sink, "  {:>6} skipped: {}\n", reason.count, reason.text.view());
}

}  // namespace nacre::wasm_script
