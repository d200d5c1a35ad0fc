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

constexpr u64 info_at = 0x10'0000;

class Info {
 public:
  Info& tag(u32 type, const Bytes& body) {
    tags_.put(type).put(static_cast<u32>(8 + body.data.size())).append(body).align(8);
    return *this;
  }
  Info& raw(const Bytes& bytes) {
    tags_.append(bytes);
    return *this;
  }
  Info& memory_map(std::initializer_list<Bytes> entries, u32 entry_size = 24) {
    Bytes body;
    body.put(entry_size).put(u32{0});
    for (auto const& entry : entries) body.append(entry);
    return tag(6, body);
  }
  std::vector<u8> bytes(bool end = true) const {
    Bytes all = tags_;
    if (end) all.put(u32{0}).put(u32{8});
    Bytes whole;
    whole.put(static_cast<u32>(8 + all.data.size())).put(u32{0}).append(all);
    return whole.data;
  }
  std::expected<BootInfo, BootInfoError> read(bool end = true) const {
    memory_.put(info_at, bytes(end));
    return memory_.boot_info(multiboot2_magic, info_at);
  }

 private:
  Bytes tags_;
  mutable FakePhysicalMemory memory_;  // the result borrows from it
};

Info minimal() { return std::move(Info().memory_map({map_entry(1_MiB, 63_MiB, 1)})); }

Bytes framebuffer(u8 type) {
  return Bytes()
      .put(u64{0xfd00'0000})
      .put(u32{4096})
      .put(u32{1024})
      .put(u32{768})
      .put(u8{32})
      .put(type)
      .put(u16{0})
      .put(u8{16})
      .put(u8{8})
      .put(u8{8})
      .put(u8{8})
      .put(u8{0})
      .put(u8{8});
}

Bytes module(u32 start, u32 end) { return Bytes().put(start).put(end).text("name").put(u8{0}); }

TEST(Multiboot2, ReadsEverythingThatALoaderSays) {
  Info const info =
      std::move(Info()
                    .tag(1, Bytes().text("quiet").put(u8{0}))
                    .tag(2, Bytes().text("GRUB").put(u8{0}))
                    .tag(3, module(32_MiB, 32_MiB + 1000))
                    .memory_map({map_entry(0, 640_KiB, 1), map_entry(1_MiB, 63_MiB, 1)})
                    .tag(8, framebuffer(1))
                    .tag(14, Bytes().text("RSD PTR ").align(20)));
  auto const boot = info.read();
  ASSERT_TRUE(boot);
  EXPECT_EQ(boot->protocol, BootProtocol::Multiboot2);
  EXPECT_EQ(boot->command_line, "quiet");
  ASSERT_EQ(boot->module_count, 1u);
  EXPECT_EQ(boot->modules[0].start, hw::PhysAddr{32_MiB});
  EXPECT_EQ(boot->modules[0].size, 1000u);
  EXPECT_EQ(boot->memory.usable_bytes(), 63_MiB + 640_KiB);
  ASSERT_TRUE(boot->framebuffer);
  EXPECT_EQ(boot->framebuffer->start, hw::PhysAddr{0xfd00'0000});
  EXPECT_EQ(boot->framebuffer->pitch, 4096u);
  EXPECT_EQ(boot->framebuffer->width, 1024u);
  EXPECT_EQ(boot->framebuffer->height, 768u);
  EXPECT_EQ(boot->framebuffer->bits_per_pixel, 32);
  EXPECT_EQ(boot->framebuffer->red.position, 16);
  EXPECT_EQ(boot->framebuffer->green.position, 8);
  EXPECT_EQ(boot->framebuffer->blue.position, 0);
  EXPECT_EQ(boot->framebuffer->blue.size, 8);
  ASSERT_TRUE(boot->acpi_root);
  auto const bytes = info.bytes();
  EXPECT_EQ(std::memcmp(bytes.data() + (*boot->acpi_root - hw::PhysAddr{info_at}), "RSD PTR ", 8),
            0);
}

TEST(Multiboot2, TheInformationItselfIsInUse) {
  Info const info = minimal();
  auto boot = info.read();
  ASSERT_TRUE(boot);
  boot->memory.normalise();
  EXPECT_THAT(boot->memory.ranges(),
              testing::Contains(MemoryRange{{info_at}, info.bytes().size(), InUse}));
}

TEST(Multiboot2, TheNewerAcpiRootWinsInEitherOrder) {
  Bytes const old = Bytes().align(20).put(u32{0}).put(u64{0}).put(u64{0});
  Bytes const fresh = Bytes().put(u64{0}).put(u64{0}).put(u64{0}).put(u64{0}).put(u32{0});
  auto const first = minimal().tag(14, old).tag(15, fresh).read();
  auto const second = minimal().tag(15, fresh).tag(14, old).read();
  ASSERT_TRUE(first && second && first->acpi_root && second->acpi_root);
  auto const only_new = minimal().tag(15, fresh).read();
  EXPECT_EQ(second->acpi_root, only_new->acpi_root);
  EXPECT_GT(*first->acpi_root, *second->acpi_root);
}

TEST(Multiboot2, AnAcpiTagTooShortForARootPointerIsNone) {
  auto const boot = minimal().tag(14, Bytes().put(u64{0})).tag(15, Bytes().put(u64{0})).read();
  ASSERT_TRUE(boot);
  EXPECT_FALSE(boot->acpi_root);
}

TEST(Multiboot2, OnlyDirectColourFramebuffersAreUsed) {
  for (u8 const type : {u8{0}, u8{2}, u8{255}}) {
    auto const boot = minimal().tag(8, framebuffer(type)).read();
    ASSERT_TRUE(boot);
    EXPECT_FALSE(boot->framebuffer) << int{type};
  }
}

TEST(Multiboot2, MapEntriesMayBeLongerThanKnown) {
  auto const boot =
      Info()
          .memory_map({map_entry(0, 1_MiB, 1).put(u64{7}), map_entry(1_MiB, 1_MiB, 3).put(u64{7})},
                      32)
          .read();
  ASSERT_TRUE(boot);
  EXPECT_EQ(boot->memory.ranges()[0], (MemoryRange{{0}, 1_MiB, Usable}));
  EXPECT_EQ(boot->memory.ranges()[1], (MemoryRange{{1_MiB}, 1_MiB, AcpiReclaimable}));
}

TEST(Multiboot2, HostileMapEntrySizes) {
  for (u32 const entry_size : {0u, 1u, 20u, 23u}) {
    EXPECT_EQ(Info().memory_map({map_entry(0, 1_MiB, 1)}, entry_size).read().error(),
              BootInfoError::Truncated);
  }
  EXPECT_EQ(Info().memory_map({map_entry(0, 1_MiB, 1)}, 0xffff'ffff).read().error(),
            BootInfoError::NoMemoryMap);
}

TEST(Multiboot2, SaysWhatIsWrong) {
  EXPECT_EQ(Info().read().error(), BootInfoError::NoMemoryMap);
  EXPECT_EQ(minimal().read(false).error(), BootInfoError::Truncated);
  EXPECT_EQ(minimal().raw(Bytes().put(u32{1}).put(u32{7})).read().error(),
            BootInfoError::Truncated);
  EXPECT_EQ(minimal().raw(Bytes().put(u32{1}).put(u32{0xffff'ffff})).read().error(),
            BootInfoError::Truncated);
  EXPECT_EQ(minimal().tag(3, Bytes().put(u32{1})).read().error(), BootInfoError::Truncated);
  EXPECT_EQ(minimal().tag(8, Bytes().put(u32{1})).read().error(), BootInfoError::Truncated);
  EXPECT_EQ(FakePhysicalMemory().boot_info(multiboot2_magic, info_at).error(),
            BootInfoError::Truncated);
}

TEST(Multiboot2, EveryTotalSizeThatIsTooSmallIsAnError) {
  auto const bytes = minimal().bytes();
  for (u32 total = 0; total < bytes.size(); ++total) {
    auto cut = bytes;
    std::memcpy(cut.data(), &total, sizeof(total));
    FakePhysicalMemory memory;
    memory.put(info_at, cut);
    EXPECT_FALSE(memory.boot_info(multiboot2_magic, info_at)) << total;
  }
}

TEST(Multiboot2, EveryTruncationIsAnError) {
  FakePhysicalMemory memory;
  memory.put(info_at, minimal().tag(8, framebuffer(1)).bytes());
  ASSERT_TRUE(memory.boot_info(multiboot2_magic, info_at));
  while (!memory.piece(info_at).empty()) {
    memory.piece(info_at).pop_back();
    EXPECT_EQ(memory.boot_info(multiboot2_magic, info_at).error(), BootInfoError::Truncated);
  }
}

TEST(Multiboot2, ManyModulesAndImpossibleOnes) {
  Info info = minimal();
  info.tag(3, module(5_MiB, 5_MiB)).tag(3, module(5_MiB, 4_MiB));
  for (u32 i = 0; i < 10; ++i) info.tag(3, module((i + 8) << 20, (i + 9) << 20));
  auto const boot = info.read();
  ASSERT_TRUE(boot);
  EXPECT_EQ(boot->module_count, 8u);
  EXPECT_EQ(boot->modules[0].start, hw::PhysAddr{8_MiB});
  EXPECT_EQ(boot->modules_dropped, 4u);
}

TEST(Multiboot2, MapsFrom20MiBTo8GiB) {
  for (u64 const size : {20_MiB, 64_MiB, 1_GiB, 3_GiB, 5_GiB, 8_GiB}) {
    u64 const low = std::min(size, 2_GiB);
    auto const boot = Info()
                          .memory_map({map_entry(0, 640_KiB, 1), map_entry(1_MiB, low - 1_MiB, 1),
                                       map_entry(4_GiB, size - low, 1)})
                          .read();
    ASSERT_TRUE(boot);
    EXPECT_EQ(boot->memory.usable_bytes(), size - 384_KiB);
  }
}

}  // namespace
}  // namespace nacre::boot
