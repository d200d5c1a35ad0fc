#include "kernel/boot/protocol/options.hpp"

#include <gtest/gtest.h>
#include <string>

namespace nacre::boot {
namespace {

struct Parsed {
  Options options;
  std::string warnings;
};
Parsed parse(std::string_view line) {
  Parsed parsed;
  parsed.options = parse_options(line, [&](std::string_view word, std::string_view problem) {
    parsed.warnings += std::string(word) + ' ' + std::string(problem) + '\n';
  });
  return parsed;
}

TEST(Options, EachIsRead) {
  auto const [options, warnings] = parse(" job=/run/job  hold verbose\tpic bench screen=640x480 ");
  EXPECT_EQ(options.job, "/run/job");
  EXPECT_TRUE(options.hold && options.verbose && options.force_pic && options.bench);
  EXPECT_EQ(options.screen_width, 640u);
  EXPECT_EQ(options.screen_height, 480u);
  EXPECT_EQ(warnings, "");
}

TEST(Options, NothingIsTheDefault) {
  auto const [options, warnings] = parse("");
  EXPECT_TRUE(options.job.empty());
  EXPECT_FALSE(options.hold || options.verbose || options.force_pic || options.no_screen);
  EXPECT_EQ(options.screen_width, 1024u);
}

TEST(Options, WhatIsUnknownIsNamedAndTheRestHolds) {
  auto const [options, warnings] = parse("quiet hold splash=1 verbose");
  EXPECT_TRUE(options.hold && options.verbose);
  EXPECT_EQ(warnings, "quiet is unknown\nsplash=1 is unknown\n");
}

TEST(Options, BadValuesAreNamed) {
  EXPECT_EQ(parse("hold=yes").warnings, "hold=yes takes no value\n");
  EXPECT_EQ(parse("job=relative").warnings, "job=relative is not job=PATH with an absolute path\n");
  EXPECT_EQ(parse("job").warnings, "job is not job=PATH with an absolute path\n");
  for (auto const* bad : {"screen=", "screen=x", "screen=640x", "screen=640x480x2",
                          "screen=99999x99999", "screen=1x1"}) {
    EXPECT_NE(parse(bad).warnings, "") << bad;
    EXPECT_EQ(parse(bad).options.screen_width, 1024u) << bad;
  }
  EXPECT_TRUE(parse("screen=none").options.no_screen);
  EXPECT_TRUE(parse("").options.status_line);
  EXPECT_FALSE(parse("status=none").options.status_line);
}

}  // namespace
}  // namespace nacre::boot
