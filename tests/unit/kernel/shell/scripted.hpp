#pragma once

#include <gtest/gtest.h>
#include <string>

#include "tests/unit/kernel/shell/fakes.hpp"

namespace nacre::shell::test {

/// What a script did.
struct Outcome {
  int status = -1;
  std::string out;
  std::string err;
};

/// A shell that runs one script after another.
class Scripted : public testing::Test {
 protected:
  Outcome run(std::string_view script) {
    machine_.out.output.clear();
    machine_.err.output.clear();
    Outcome outcome;
    auto const task = [](Shell& shell, std::string_view text, int& status) -> exec::Task<void> {
      auto const result = co_await shell.run_line(text);
      if (result) status = *result;
    };
    EXPECT_TRUE(machine_.executor.spawn_detached("test", task(*shell_, script, outcome.status))
                    .has_value());
    machine_.executor.run_until_idle();
    outcome.out = machine_.out.output;
    outcome.err = machine_.err.output;
    return outcome;
  }
  std::string output(std::string_view script) {
    Outcome const outcome = run(script);
    EXPECT_EQ(outcome.status, 0) << script;
    EXPECT_EQ(outcome.err, "") << script;
    return outcome.out;
  }
  void expect_failure(std::string_view script, int status, std::string_view err) {
    Outcome const outcome = run(script);
    EXPECT_EQ(outcome.status, status) << script;
    EXPECT_EQ(outcome.err, err) << script;
  }

  Machine machine_;
  base::Box<Shell> shell_ = *Shell::create(machine_.services(), machine_.streams());
};

}  // namespace nacre::shell::test
