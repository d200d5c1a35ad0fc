#include "kernel/memory/address_space.hpp"

#include <gtest/gtest.h>
#include <map>
#include <optional>
#include <random>
#include <set>

#include "tests/support/physical_arena.hpp"

namespace nacre::memory {
namespace {

using base::operator""_MiB;
using base::operator""_GiB;
using hw::PageCount;
using hw::PageEntry;
using hw::PhysAddr;
using hw::VirtAddr;
using test::ArenaFrames;
using test::FrameShortage;

std::vector<VirtAddr> flushed;
void flush(VirtAddr page) { flushed.push_back(page); }

class AddressSpaceTest : public testing::Test {
 protected:
  AddressSpaceTest() { flushed.clear(); }

  u64 mapped_bytes() const {
    u64 total = 0;
    space.for_each_mapping([&](const AddressSpace::Mapping& mapping) { total += mapping.bytes; });
    return total;
  }
  std::vector<u64> mapping_sizes() const {
    std::vector<u64> sizes;
    space.for_each_mapping(
        [&](const AddressSpace::Mapping& mapping) { sizes.push_back(mapping.bytes); });
    return sizes;
  }

  ArenaFrames memory{32_MiB};
  u64 free_before = memory.frames.free_bytes();
  AddressSpace space = *AddressSpace::create(memory.frames, flush, NoExecute::Present);
};

constexpr VirtAddr here{0x4000'0000};
constexpr PhysAddr there{0x1'2345'6000};
constexpr PhysAddr large_there{0x2'0000'0000};

TEST_F(AddressSpaceTest, TranslatesWhatItMapped) {
  ASSERT_TRUE(space.map(here, there, {3}, {.write = true}));
  EXPECT_EQ(space.translate(here), there);
  EXPECT_EQ(space.translate(here + 0x2fff), there + 0x2fff);
  EXPECT_EQ(space.translate(here + 0x3000), std::nullopt);
  EXPECT_EQ(space.translate({here.value - 1}), std::nullopt);
  ASSERT_TRUE(space.unmap(here + 4096, {1}));
  EXPECT_EQ(space.translate(here + 4096), std::nullopt);
  EXPECT_EQ(space.translate(here + 8192), there + 8192);
}

TEST_F(AddressSpaceTest, AddressesThatAreNotCanonicalHaveNoTranslation) {
  // These differ from mapped ones only in bits that page tables do not look at.
  ASSERT_TRUE(space.map({0xffff'8000'0000'0000}, there, {1}, {}));
  EXPECT_EQ(space.translate({0x0000'8000'0000'0000}), std::nullopt);
  EXPECT_EQ(space.translate({0x1234'8000'0000'0000}), std::nullopt);
  EXPECT_TRUE(space.translate({0xffff'8000'0000'0000}));
}

TEST_F(AddressSpaceTest, EntriesSayWhatMayBeDone) {
  struct Case {
    Access access;
    u64 bits;
  };
  constexpr u64 no_execute = u64{1} << 63;
  for (auto const& [access, bits] : {
           Case{{}, 1 | no_execute},
           Case{{.write = true}, 3 | no_execute},
           Case{{.execute = true}, 1},
           Case{{.user = true}, 5 | no_execute},
           Case{{.global = true}, 0x101 | no_execute},
           Case{{.caching = Caching::Uncached}, 0x19 | no_execute},
           Case{{.caching = Caching::WriteCombining}, 0x09 | no_execute},
       }) {
    ASSERT_TRUE(space.map(here, there, {1}, access));
    EXPECT_EQ(space.mapping_at(here)->entry.bits, bits | there.value);
    ASSERT_TRUE(space.unmap(here, {1}));
    ASSERT_TRUE(space.map(here, large_there, PageCount::covering(2_MiB), access));
    EXPECT_EQ(space.mapping_at(here)->entry.bits, bits | 0x80 | large_there.value);
    ASSERT_TRUE(space.unmap(here, PageCount::covering(2_MiB)));
  }
}

TEST_F(AddressSpaceTest, WithoutNoExecuteTheBitIsNeverSet) {
  auto old = AddressSpace::create(memory.frames, flush, NoExecute::Absent);
  ASSERT_TRUE(old && old->map(here, there, {1}, {}));
  EXPECT_FALSE(old->mapping_at(here)->entry.get<PageEntry::NoExecute>());
}

TEST_F(AddressSpaceTest, UsesLargePagesWhereBothAddressesAllow) {
  ASSERT_TRUE(space.map({here.value - 8192}, {large_there.value - 8192},
                        PageCount::covering(4_MiB + 12288), {}));
  EXPECT_EQ(mapping_sizes(), (std::vector<u64>{4096, 4096, 2_MiB, 2_MiB, 4096}));
  ASSERT_TRUE(space.unmap({here.value - 8192}, PageCount::covering(4_MiB + 12288)));
  ASSERT_TRUE(space.map(here, large_there + 4096, PageCount::covering(2_MiB), {}));
  EXPECT_EQ(mapping_sizes().size(), 512u);
}

TEST_F(AddressSpaceTest, SplitsALargePageToChangeAPart) {
  ASSERT_TRUE(space.map(here, large_there, PageCount::covering(4_MiB), {.write = true}));
  flushed.clear();
  ASSERT_TRUE(space.protect(here + 1_MiB, {1}, {.execute = true}));
  EXPECT_EQ(mapping_sizes().size(), 513u);
  EXPECT_EQ(mapped_bytes(), 4_MiB);
  for (u64 at = 0; at < 4_MiB; at += 4096) {
    ASSERT_EQ(space.translate(here + at), large_there + at);
    bool const changed = at == 1_MiB;
    EXPECT_EQ(space.mapping_at(here + at)->entry.get<PageEntry::Writable>(), !changed);
    EXPECT_EQ(space.mapping_at(here + at)->entry.get<PageEntry::NoExecute>(), !changed);
  }
  ASSERT_TRUE(space.unmap(here + 3_MiB, PageCount::covering(1_MiB)));
  EXPECT_EQ(mapped_bytes(), 3_MiB);
  EXPECT_EQ(space.translate(here + (3_MiB - 1)), large_there + (3_MiB - 1));
  EXPECT_EQ(space.translate(here + 3_MiB), std::nullopt);
}

TEST_F(AddressSpaceTest, SaysWhatIsWrongWithAddresses) {
  auto const error_of = [](std::expected<void, MapError> result) {
    return result ? std::optional<MapError>() : result.error();
  };
  using enum MapError;
  EXPECT_EQ(error_of(space.map(here + 1, there, {1}, {})), Misaligned);
  EXPECT_EQ(error_of(space.map(here, there + 8, {1}, {})), Misaligned);
  EXPECT_EQ(error_of(space.unmap(here + 512, {1})), Misaligned);
  EXPECT_EQ(error_of(space.protect(here + 512, {1}, {})), Misaligned);
  EXPECT_EQ(error_of(space.map({0x0000'7fff'ffff'f000}, there, {2}, {})), OutOfRange);
  EXPECT_EQ(error_of(space.map({0x0000'8000'0000'0000}, there, {1}, {})), OutOfRange);
  EXPECT_EQ(error_of(space.map({0xffff'ffff'ffff'f000}, there, {2}, {})), OutOfRange);
  EXPECT_EQ(error_of(space.map(here, there, {~u64{0}}, {})), OutOfRange);
  EXPECT_EQ(error_of(space.map(here, {hw::physical_end.value - 4096}, {2}, {})), OutOfRange);
  EXPECT_EQ(error_of(space.map(here, hw::physical_end, {1}, {})), OutOfRange);
  EXPECT_EQ(error_of(space.map(here, {~u64{0} - 4095}, {1}, {})), OutOfRange);
  EXPECT_EQ(error_of(space.unmap(here, {1})), NotMapped);
  EXPECT_EQ(error_of(space.protect(here, {1}, {})), NotMapped);
  EXPECT_EQ(mapped_bytes(), 0u);
  EXPECT_TRUE(space.map(here, there, {0}, {}));
  EXPECT_TRUE(space.unmap(here, {0}));
  EXPECT_EQ(mapped_bytes(), 0u);
}

TEST_F(AddressSpaceTest, MapsUpToTheEndsOfBothHalves) {
  ASSERT_TRUE(space.map({0x0000'7fff'ffff'f000}, there, {1}, {}));
  ASSERT_TRUE(space.map({0xffff'ffff'ffe0'0000}, large_there, PageCount::covering(2_MiB), {}));
  ASSERT_TRUE(space.map({0xffff'8000'0000'0000}, there, {1}, {}));
  EXPECT_EQ(space.translate({~u64{0}}), large_there + (2_MiB - 1));
  ASSERT_TRUE(space.protect({0xffff'ffff'ffff'f000}, {1}, {.write = true}));
  ASSERT_TRUE(space.unmap({0xffff'ffff'ffff'f000}, {1}));
  ASSERT_TRUE(space.unmap({0x0000'7fff'ffff'f000}, {1}));
  EXPECT_EQ(space.translate({0xffff'8000'0000'0000}), there);
  EXPECT_EQ(mapped_bytes(), 2_MiB);
}

TEST_F(AddressSpaceTest, NothingIsLeftOfAMapThatMeetsAnother) {
  ASSERT_TRUE(space.map(here + 5_MiB, there, {1}, {}));
  u64 const free = memory.frames.free_bytes();
  auto const result =
      space.map({here.value - 8192}, {large_there.value - 8192}, PageCount::covering(6_MiB), {});
  EXPECT_EQ(result.error(), MapError::AlreadyMapped);
  EXPECT_EQ(mapped_bytes(), 4096u);
  EXPECT_EQ(space.translate(here + 5_MiB), there);
  EXPECT_EQ(memory.frames.free_bytes(), free);
}

TEST_F(AddressSpaceTest, ALargePageDoesNotGoOverSmallOnes) {
  ASSERT_TRUE(space.map(here + 4096, there, {1}, {}));
  EXPECT_EQ(space.map(here, large_there, PageCount::covering(2_MiB), {}).error(),
            MapError::AlreadyMapped);
  EXPECT_EQ(mapped_bytes(), 4096u);
  ASSERT_TRUE(space.unmap(here + 4096, {1}));
  ASSERT_TRUE(space.map(here, large_there, PageCount::covering(2_MiB), {}));
  EXPECT_EQ(mapping_sizes(), std::vector<u64>{2_MiB});
}

TEST_F(AddressSpaceTest, UnmappingWhatIsPartlyMappedChangesNothing) {
  ASSERT_TRUE(space.map(here, there, {1}, {}));
  ASSERT_TRUE(space.map(here + 8192, there, {1}, {}));
  flushed.clear();
  EXPECT_EQ(space.unmap(here, {3}).error(), MapError::NotMapped);
  EXPECT_EQ(space.protect(here, {3}, {.write = true}).error(), MapError::NotMapped);
  EXPECT_EQ(mapped_bytes(), 8192u);
  EXPECT_FALSE(space.mapping_at(here)->entry.get<PageEntry::Writable>());
  EXPECT_TRUE(flushed.empty());
}

TEST_F(AddressSpaceTest, FreesTablesWithTheirLastMapping) {
  ASSERT_TRUE(space.map(here, there, {1}, {}));
  u64 const with_one = memory.frames.free_bytes();
  ASSERT_TRUE(space.map(here + 1_GiB, there, PageCount::covering(3_MiB), {}));
  ASSERT_TRUE(space.unmap(here + 1_GiB, PageCount::covering(3_MiB)));
  EXPECT_EQ(memory.frames.free_bytes(), with_one);
  ASSERT_TRUE(space.unmap(here, {1}));
  // The root and the one table in it.
  EXPECT_EQ(memory.frames.free_bytes(), free_before - 2 * 4096);
}

TEST_F(AddressSpaceTest, TablesInTheRootStay) {
  // Another address space may have copied the root's entry.
  VirtAddr const at{0xffff'c000'0000'0000};
  ASSERT_TRUE(space.map(at, there, {1}, {}));
  u64 const entry = memory.frames.window().at<u64>(space.root())[hw::table_index(at, 4)];
  ASSERT_TRUE(space.unmap(at, {1}));
  EXPECT_EQ(memory.frames.window().at<u64>(space.root())[hw::table_index(at, 4)], entry);
  ASSERT_NE(entry, 0u);
}

TEST_F(AddressSpaceTest, FlushesAfterTakingATableAway) {
  ASSERT_TRUE(space.map(here, there, {1}, {}));
  flushed.clear();
  ASSERT_TRUE(space.unmap(here, {1}));
  // The page; then for each table of the two that went, what the CPU remembers of the way through
  // it.
  EXPECT_EQ(flushed, (std::vector<VirtAddr>{here, here, here}));
}

TEST_F(AddressSpaceTest, OutOfMemoryAtEveryTableLeavesNothing) {
  VirtAddr const start{here.value - 4096};
  constexpr u64 size = 4_MiB;
  // The table in the root stays, so have it now.
  ASSERT_TRUE(space.map(start, there, {1}, {}) && space.unmap(start, {1}));
  u64 left = 0;
  for (bool mapped = false; !mapped; ++left) {
    FrameShortage const shortage(memory.frames, left);
    auto const result = space.map(start, there, PageCount::covering(size), {});
    mapped = result.has_value();
    if (mapped) {
      ASSERT_TRUE(space.unmap(start, PageCount::covering(size)));
    } else {
      EXPECT_EQ(result.error(), MapError::OutOfMemory);
    }
    EXPECT_EQ(mapped_bytes(), 0u);
    EXPECT_EQ(memory.frames.free_bytes(), left * 4096);
  }
  // Two level-2 tables, and four or so of level 1.
  EXPECT_GE(left, 5u);
  EXPECT_EQ(memory.frames.free_bytes(), free_before - 2 * 4096);
}

TEST_F(AddressSpaceTest, OutOfMemoryInTheRootLeavesNothing) {
  FrameShortage const shortage(memory.frames, 1);
  // One frame serves the table in the root; the next one is not there.
  EXPECT_EQ(space.map(here, there, {1}, {}).error(), MapError::OutOfMemory);
  EXPECT_EQ(mapped_bytes(), 0u);
}

TEST_F(AddressSpaceTest, OutOfMemoryWhileSplittingChangesNothing) {
  ASSERT_TRUE(space.map(here, large_there, PageCount::covering(4_MiB), {.write = true}));
  for (u64 left = 0; left < 2; ++left) {
    FrameShortage const shortage(memory.frames, left);
    // Both ends lie within large pages.
    EXPECT_EQ(space.unmap(here + 1_MiB, PageCount::covering(2_MiB)).error(), MapError::OutOfMemory);
    EXPECT_EQ(space.protect(here + 1_MiB, PageCount::covering(2_MiB), {}).error(),
              MapError::OutOfMemory);
    for (u64 at = 0; at < 4_MiB; at += 4096) {
      ASSERT_EQ(space.translate(here + at), large_there + at);
      ASSERT_TRUE(space.mapping_at(here + at)->entry.get<PageEntry::Writable>());
    }
  }
}

TEST_F(AddressSpaceTest, CreationCanFail) {
  FrameShortage const shortage(memory.frames, 0);
  EXPECT_FALSE(AddressSpace::create(memory.frames, flush, NoExecute::Present));
}

TEST_F(AddressSpaceTest, ItsEndGivesBackEveryTable) {
  u64 const before = memory.frames.free_bytes();
  {
    auto other = AddressSpace::create(memory.frames, flush, NoExecute::Present);
    ASSERT_TRUE(other);
    for (u64 i = 0; i < 20; ++i)
      ASSERT_TRUE(other->map({i * 0x30'0000'1000}, there, PageCount::covering(3_MiB), {}));
    AddressSpace const moved = std::move(*other);
    EXPECT_EQ(moved.translate({0x30'0000'1000}), there);
  }
  EXPECT_EQ(memory.frames.free_bytes(), before);
}

// Random operations on a few stretches of addresses, against a map from pages to what they show.
TEST_F(AddressSpaceTest, AgreesWithAModel) {
  struct Page {
    u64 phys;
    bool write;
    bool execute;
    bool operator==(const Page&) const = default;
  };
  std::map<u64, Page> model;
  std::mt19937_64 random(11);
  constexpr u64 stretch = 6_MiB;
  constexpr std::array<u64, 3> stretches{0x7f'ffe0'0000, 0xffff'bfff'ffd0'0000,
                                         0xffff'ffff'ffa0'0000};
  int successes = 0;
  for (int step = 0; step < 250; ++step) {
    u64 offset = random() % (stretch / 4096) * 4096;
    if (random() % 3 == 0) offset = base::align_down(offset, 2_MiB);
    u64 count = random() % 4 == 0 ? random() % 1200 + 1 : random() % 20 + 1;
    if (random() % 4 == 0) count = 512 * (random() % 2 + 1);
    u64 const start = stretches[random() % stretches.size()] + offset;
    count = std::min(count, (stretch - offset) / 4096);
    Access const access{.write = random() % 2 == 0, .execute = random() % 2 == 0};
    auto const is_mapped = [&](u64 page) { return model.contains(page); };
    u64 mapped = 0;
    for (u64 i = 0; i < count; ++i) mapped += is_mapped(start + i * 4096);
    flushed.clear();
    std::set<u64> changed;
    switch (random() % 3) {
      case 0: {
        u64 const phys = random() % 2 == 0 ? 4_GiB + start % 2_MiB : random() % 1000 * 4096;
        auto const result = space.map({start}, {phys}, {count}, access);
        ASSERT_EQ(result.has_value(), mapped == 0);
        if (!result) {
          ASSERT_EQ(result.error(), MapError::AlreadyMapped);
          break;
        }
        for (u64 i = 0; i < count; ++i)
          model[start + i * 4096] = {phys + i * 4096, access.write, access.execute};
        ++successes;
        break;
      }
      case 1: {
        auto const result = space.unmap({start}, {count});
        ASSERT_EQ(result.has_value(), mapped == count);
        if (!result) {
          ASSERT_EQ(result.error(), MapError::NotMapped);
          break;
        }
        for (u64 i = 0; i < count; ++i) changed.insert(start + i * 4096);
        for (u64 const page : changed) model.erase(page);
        ++successes;
        break;
      }
      default: {
        auto const result = space.protect({start}, {count}, access);
        ASSERT_EQ(result.has_value(), mapped == count);
        if (!result) break;
        for (u64 i = 0; i < count; ++i) {
          changed.insert(start + i * 4096);
          model[start + i * 4096].write = access.write;
          model[start + i * 4096].execute = access.execute;
        }
        ++successes;
      }
    }
    // Every changed page was flushed, by itself or with the large page that it was in.
    for (u64 const page : changed) {
      bool const found = std::ranges::any_of(flushed, [&](VirtAddr at) {
        return at.value == page || base::align_down(page, 2_MiB) == at.value;
      });
      ASSERT_TRUE(found) << std::hex << page;
    }
    std::map<u64, Page> found;
    space.for_each_mapping([&](const AddressSpace::Mapping& mapping) {
      for (u64 at = 0; at < mapping.bytes; at += 4096) {
        found[mapping.start.value + at] = {(mapping.entry.address() + at).value,
                                           mapping.entry.get<PageEntry::Writable>(),
                                           !mapping.entry.get<PageEntry::NoExecute>()};
      }
    });
    ASSERT_EQ(found.size(), model.size()) << step;
    ASSERT_TRUE(found == model) << step;
    for (u64 i = 0; i < count; i += 7) {
      auto const page = model.find(start + i * 4096);
      auto const phys = space.translate({start + i * 4096 + 5});
      ASSERT_EQ(phys.has_value(), page != model.end());
      if (phys) {
        ASSERT_EQ(phys->value, page->second.phys + 5);
      }
    }
  }
  EXPECT_GT(successes, 30);
  for (auto const& [page, value] : model) ASSERT_TRUE(space.unmap({page}, {1}));
  // The root and its tables: two of the stretches lie across a border between two.
  EXPECT_EQ(memory.frames.free_bytes(), free_before - 6 * 4096);
}

}  // namespace
}  // namespace nacre::memory
