#include "kernel/process/limits.hpp"

#include <gmock/gmock.h>
#include <tuple>

#include "kernel/fs/tmp_file_system.hpp"
#include "kernel/fs/vfs.hpp"
#include "tests/unit/kernel/process/programs.hpp"

namespace nacre::process {
namespace {

using namespace test;
using testing::StartsWith;

class LimitsTest : public RunTest {};

TEST_F(LimitsTest, WhoUsesTooMuchMemoryIsEnded) {
  auto request = machine.request();
  request.limits.memory = 512 << 10;
  std::string const message = "prog: over its limit of 512 KiB of memory\n";
  ModuleBuilder large;
  large.memory(9);
  large.entry({});
  EXPECT_EQ(machine.run(large.build().span(), request), 137);
  EXPECT_EQ(machine.error.text, message);

  machine.error.text.clear();
  ModuleBuilder grows;
  u32 const exit = import_exit(grows);
  grows.memory(1);
  grows.entry(loop(i32_const(1) + memory_grow + drop + branch(0)) + i32_const(3) + call(exit));
  EXPECT_EQ(machine.run(grows.build().span(), request), 137);
  EXPECT_EQ(machine.error.text, message);
  EXPECT_EQ(machine.platform.reservations, 0);

  // What is not there for others is refused, and no reason to end.
  ModuleBuilder fits;
  u32 const end = import_exit(fits);
  fits.memory(1);
  fits.entry(i32_const(3) + memory_grow + call(end));
  EXPECT_EQ(machine.run(fits.build().span(), request), 1);
}

TEST_F(LimitsTest, WhoRunsForTooLongIsEnded) {
  auto request = machine.request();
  request.limits.cpu_time = base::Duration{2'000'000'000};
  fake_tick = {10'000'000};
  EXPECT_EQ(machine.run(spins().span(), request), 124);
  EXPECT_EQ(machine.error.text, "prog: over its limit of 2 s of processor time\n");
}

/// Closes its output, then reads all of its input.
TEST_F(LimitsTest, WhoFillsFilesIsEnded) {
  fs::Vfs vfs = *fs::Vfs::create(*fs::TmpFileSystem::create({}));
  auto file =
      *machine.finish(vfs.open(vfs.root(), "/file", {.access = {.write = true}, .create = true}));
  ASSERT_TRUE(file);
  auto request = machine.request();
  request.streams.output = &*file;
  request.limits.file_space = 100'000;
  ModuleBuilder module;
  u32 const write = import_write(module);
  module.memory(1);
  module.data(0, word(64) + word(1000));
  module.entry(loop(i32_const(1) + i32_const(0) + i32_const(1) + i32_const(16) + call(write) +
                    drop + branch(0)));
  EXPECT_EQ(machine.run(module.build().span(), request), 153);
  EXPECT_EQ(machine.error.text, "prog: over its limit of 97 KiB of file space\n");
  EXPECT_GT(file->stat().size, 90'000u);
  EXPECT_LT(file->stat().size, 200'000u);
}

TEST_F(LimitsTest, FuelAndCallDepthCanBeLimited) {
  auto request = machine.request();
  request.limits.guest.fuel = 100'000;
  EXPECT_EQ(machine.run(spins().span(), request), 124);
  EXPECT_THAT(machine.error.text, StartsWith("prog: trap: out of fuel\n"));
  machine.error.text.clear();
  request = machine.request();
  request.limits.guest.call_depth = 10;
  ModuleBuilder recursion;
  recursion.entry(call(0));
  EXPECT_EQ(machine.run(recursion.build().span(), request), 134);
  EXPECT_EQ(std::ranges::count(machine.error.text, '\n'), 1 + 10);
}

TEST(LimitNames, AreSetFromText) {
  Limits limits;
  auto const shown = [&](std::string_view name) {
    std::string out;
    struct Sink final : base::Sink {
      std::string& to;
      explicit Sink(std::string& target) : to(target) {}
      void write(std::string_view part) override { to += part; }
    } sink(out);
    write_limit(sink, limits, name);
    return out;
  };
  EXPECT_EQ(shown("memory"), "1048576K");
  EXPECT_EQ(shown("cpu"), "28800");
  for (auto const [name, value, as] : {std::tuple("memory", "64M", "65536K"),
                                       {"memory", "2G", "2097152K"},
                                       {"memory", "unlimited", "unlimited"},
                                       {"memory", "4096", "4K"},
                                       {"cpu", "7", "7"},
                                       {"cpu", "unlimited", "unlimited"},
                                       {"descriptors", "20", "20"},
                                       {"space", "10M", "10240K"},
                                       {"space", "unlimited", "unlimited"},
                                       {"depth", "100", "100"},
                                       {"fuel", "1000", "1000"},
                                       {"fuel", "unlimited", "unlimited"}}) {
    EXPECT_TRUE(set_limit(limits, name, value)) << name << value;
    EXPECT_EQ(shown(name), as);
  }
  for (auto const [name, value] : {std::pair("memory", ""),
                                   {"memory", "K"},
                                   {"memory", "1T"},
                                   {"memory", "99999999999G"},
                                   {"cpu", "1M"},
                                   {"cpu", "-1"},
                                   {"cpu", "18446744073709551616"},
                                   {"cpu", "10000000000"},
                                   {"descriptors", "unlimited"},
                                   {"space", "-"},
                                   {"depth", "0"},
                                   {"depth", "99999999"},
                                   {"colour", "1"}})
    EXPECT_FALSE(set_limit(limits, name, value)) << name << value;
  for (std::string_view const name : limit_names()) EXPECT_NE(shown(name), "");
}

}  // namespace
}  // namespace nacre::process
