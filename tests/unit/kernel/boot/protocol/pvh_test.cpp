#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/boot_info_builder.hpp"

namespace nacre::boot {
namespace {

using base::operator""_KiB;
using base::operator""_MiB;
using base::operator""_GiB;
using hw::MemoryRange;
using enum hw::MemoryKind;
using test::Bytes;
using test::FakePhysicalMemory;
using test::map_entry;
using testing::ElementsAre;

constexpr u64 start_info_at = 0x6000;
constexpr u64 map_at = 0x7000;
constexpr u64 modules_at = 0x8000;
constexpr u64 text_at = 0x2'0000;

struct StartInfo {
  u32 magic = pvh_magic;
  u32 version = 1;
  u32 module_count = 0;
  u64 modules = modules_at;
  u64 command_line = 0;
  u64 acpi_root = 0;
  u64 map = map_at;
  u32 map_entries = 1;

  std::vector<u8> bytes() const {
    return Bytes()
        .put(magic)
        .put(version)
        .put(u32{0})
        .put(module_count)
        .put(modules)
        .put(command_line)
        .put(acpi_root)
        .put(map)
        .put(map_entries)
        .put(u32{0})
        .data;
  }
};

FakePhysicalMemory memory_with(const StartInfo& info, const Bytes& map) {
  FakePhysicalMemory memory;
  memory.put(start_info_at, info.bytes());
  memory.put(map_at, map.data);
  return memory;
}

TEST(Pvh, ReadsEverythingThatALoaderSays) {
  StartInfo info;
  info.module_count = 2;
  info.command_line = text_at;
  info.acpi_root = 0xf5a40;
  info.map_entries = 3;
  auto memory = memory_with(info, Bytes()
                                      .append(map_entry(0, 640_KiB, 1))
                                      .append(map_entry(1_MiB, 63_MiB, 1))
                                      .append(map_entry(0xfffc'0000, 256_KiB, 2)));
  auto const module = [](u64 at, u64 size) {
    return Bytes().put(at).put(size).put(u64{0}).put(u64{0});
  };
  memory.put(modules_at, Bytes().append(module(32_MiB, 1000)).append(module(40_MiB, 5)).data);
  memory.put(text_at, Bytes().text("log=debug quiet").put(u8{0}).align(4096).data);

  auto const boot = memory.boot_info(pvh_magic, start_info_at);
  ASSERT_TRUE(boot);
  EXPECT_EQ(boot->protocol, BootProtocol::Pvh);
  EXPECT_EQ(boot->command_line, "log=debug quiet");
  EXPECT_EQ(boot->acpi_root, hw::PhysAddr{0xf5a40});
  EXPECT_FALSE(boot->framebuffer);
  ASSERT_EQ(boot->module_count, 2u);
  EXPECT_EQ(boot->modules[0].start, hw::PhysAddr{32_MiB});
  EXPECT_EQ(boot->modules[0].size, 1000u);
  EXPECT_EQ(boot->modules[1].start, hw::PhysAddr{40_MiB});
  EXPECT_EQ(boot->memory.usable_bytes(), 63_MiB + 640_KiB);
}

TEST(Pvh, WhereTheCommandLineLiesIsInUse) {
  StartInfo info;
  info.command_line = 2_MiB;
  auto memory = memory_with(info, map_entry(1_MiB, 63_MiB, 1));
  memory.put(2_MiB, Bytes().text("quiet").put(u8{0}).align(4096).data);
  auto boot = memory.boot_info(pvh_magic, start_info_at);
  ASSERT_TRUE(boot);
  boot->memory.normalise();
  EXPECT_THAT(boot->memory.ranges(), testing::Contains(MemoryRange{{2_MiB}, 6, InUse}));
}

TEST(Pvh, WithoutACommandLineModulesAndAcpi) {
  auto const boot = memory_with({}, map_entry(0, 1_GiB, 1)).boot_info(pvh_magic, start_info_at);
  ASSERT_TRUE(boot);
  EXPECT_EQ(boot->command_line, "");
  EXPECT_EQ(boot->module_count, 0u);
  EXPECT_FALSE(boot->acpi_root);
}

TEST(Pvh, KindsOfMemory) {
  StartInfo info;
  info.map_entries = 7;
  Bytes map;
  for (u32 type = 1; type <= 7; ++type) map.append(map_entry(type * 1_MiB, 4096, type));
  auto const boot = memory_with(info, map).boot_info(pvh_magic, start_info_at);
  ASSERT_TRUE(boot);
  std::vector<hw::MemoryKind> kinds;
  for (auto const& range : boot->memory.ranges()) kinds.push_back(range.kind);
  EXPECT_THAT(kinds,
              ElementsAre(Usable, Reserved, AcpiReclaimable, AcpiNvs, Bad, Reserved, Reserved));
}

TEST(Pvh, MapsFrom20MiBTo8GiB) {
  for (u64 const size : {20_MiB, 64_MiB, 1_GiB, 3_GiB, 5_GiB, 8_GiB}) {
    u64 const low = std::min(size, 3_GiB);
    StartInfo info;
    info.map_entries = 3;
    auto const map = Bytes()
                         .append(map_entry(0, 640_KiB, 1))
                         .append(map_entry(1_MiB, low - 1_MiB, 1))
                         .append(map_entry(4_GiB, size - low, 1));
    auto const boot = memory_with(info, map).boot_info(pvh_magic, start_info_at);
    ASSERT_TRUE(boot);
    EXPECT_EQ(boot->memory.usable_bytes(), size - 384_KiB);
  }
}

TEST(Pvh, SaysWhatIsWrong) {
  auto const error_of = [](const StartInfo& info) {
    auto const boot = memory_with(info, map_entry(0, 1_MiB, 1)).boot_info(pvh_magic, start_info_at);
    return boot ? std::optional<BootInfoError>() : boot.error();
  };
  EXPECT_EQ(error_of({.magic = 0x1234}), BootInfoError::BadMagic);
  EXPECT_EQ(error_of({.version = 0}), BootInfoError::NoMemoryMap);
  EXPECT_EQ(error_of({.map_entries = 0}), BootInfoError::NoMemoryMap);
  EXPECT_EQ(error_of({.map_entries = 2}), BootInfoError::Truncated);
  EXPECT_EQ(error_of({.map_entries = 0xffff'ffff}), BootInfoError::Truncated);
  EXPECT_EQ(error_of({.map = ~u64{0}}), BootInfoError::Truncated);
  EXPECT_EQ(error_of({.module_count = 1}), BootInfoError::Truncated);
  EXPECT_EQ(error_of({.module_count = 0xffff'ffff}), BootInfoError::Truncated);
  EXPECT_EQ(FakePhysicalMemory().boot_info(pvh_magic, start_info_at).error(),
            BootInfoError::Truncated);
  EXPECT_EQ(FakePhysicalMemory().boot_info(0, start_info_at).error(),
            BootInfoError::UnknownProtocol);
}

TEST(Pvh, EveryTruncationIsAnError) {
  StartInfo info;
  info.module_count = 1;
  for (u64 const cut : {start_info_at, map_at, modules_at}) {
    auto memory = memory_with(info, map_entry(0, 1_MiB, 1));
    memory.put(modules_at, Bytes().put(1_MiB).put(u64{4096}).put(u64{0}).put(u64{0}).data);
    ASSERT_TRUE(memory.boot_info(pvh_magic, start_info_at));
    while (!memory.piece(cut).empty()) {
      memory.piece(cut).pop_back();
      EXPECT_EQ(memory.boot_info(pvh_magic, start_info_at).error(), BootInfoError::Truncated);
    }
  }
}

TEST(Pvh, AnUnreadableCommandLineIsNone) {
  auto const boot = memory_with({.command_line = 1_GiB}, map_entry(0, 1_MiB, 1))
                        .boot_info(pvh_magic, start_info_at);
  ASSERT_TRUE(boot);
  EXPECT_EQ(boot->command_line, "");
}

TEST(Pvh, ACommandLineWithoutAnEndIsCut) {
  auto memory = memory_with({.command_line = text_at}, map_entry(0, 1_MiB, 1));
  memory.put(text_at, std::vector<u8>(8192, 'x'));
  auto const boot = memory.boot_info(pvh_magic, start_info_at);
  ASSERT_TRUE(boot);
  EXPECT_EQ(boot->command_line.size(), 4096u);
}

TEST(Pvh, DropsModulesThatCannotBe) {
  auto memory = memory_with({.module_count = 4}, map_entry(0, 1_MiB, 1));
  Bytes modules;
  for (auto const& [at, size] :
       {std::pair<u64, u64>{1_MiB, ~u64{0}}, {~u64{0}, 4096}, {3_MiB, 0}, {2_MiB, 17}}) {
    modules.put(at).put(size).put(u64{0}).put(u64{0});
  }
  memory.put(modules_at, modules.data);
  auto const boot = memory.boot_info(pvh_magic, start_info_at);
  ASSERT_TRUE(boot);
  ASSERT_EQ(boot->module_count, 1u);
  EXPECT_EQ(boot->modules[0].size, 17u);
  EXPECT_EQ(boot->modules_dropped, 3u);
}

TEST(Pvh, CountsModulesThatAreTooMany) {
  auto memory = memory_with({.module_count = 11}, map_entry(0, 1_MiB, 1));
  Bytes modules;
  for (u64 i = 0; i < 11; ++i) modules.put((i + 1) * 1_MiB).put(u64{1}).put(u64{0}).put(u64{0});
  memory.put(modules_at, modules.data);
  auto const boot = memory.boot_info(pvh_magic, start_info_at);
  ASSERT_TRUE(boot);
  EXPECT_EQ(boot->module_count, boot->modules.size());
  EXPECT_EQ(boot->modules_dropped, 3u);
}

}  // namespace
}  // namespace nacre::boot
