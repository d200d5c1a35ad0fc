#include "kernel/hw/memory_map.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <random>

namespace nacre::hw {
namespace {

using base::operator""_MiB;
using enum MemoryKind;
using testing::ElementsAre;

MemoryMap map_of(std::initializer_list<MemoryRange> ranges) {
  MemoryMap map;
  for (auto const& range : ranges) EXPECT_TRUE(map.add(range));
  map.normalise();
  return map;
}

TEST(MemoryMap, SortsRangesAndKeepsHoles) {
  auto const map = map_of({{{4_MiB}, 1_MiB, Usable}, {{0}, 1_MiB, Usable}, {{2_MiB}, 1_MiB, Bad}});
  EXPECT_THAT(map.ranges(),
              ElementsAre(MemoryRange{{0}, 1_MiB, Usable}, MemoryRange{{2_MiB}, 1_MiB, Bad},
                          MemoryRange{{4_MiB}, 1_MiB, Usable}));
  EXPECT_EQ(map.usable_bytes(), 2_MiB);
}

TEST(MemoryMap, LeavesOutEmptyRanges) {
  auto const map = map_of({{{1_MiB}, 0, Usable}, {{~u64{0}}, 0, Reserved}});
  EXPECT_TRUE(map.ranges().empty());
  EXPECT_EQ(map.usable_bytes(), 0u);
}

TEST(MemoryMap, JoinsNeighboursOfOneKindOnly) {
  auto const map = map_of({{{2_MiB}, 1_MiB, Usable},
                           {{1_MiB}, 1_MiB, Usable},
                           {{3_MiB}, 1_MiB, AcpiNvs},
                           {{4_MiB}, 1_MiB, AcpiReclaimable}});
  EXPECT_THAT(map.ranges(),
              ElementsAre(MemoryRange{{1_MiB}, 2_MiB, Usable}, MemoryRange{{3_MiB}, 1_MiB, AcpiNvs},
                          MemoryRange{{4_MiB}, 1_MiB, AcpiReclaimable}));
}

TEST(MemoryMap, TheLessUsableKindWinsWhereRangesOverlap) {
  auto const map = map_of({{{0}, 8_MiB, Usable},
                           {{2_MiB}, 2_MiB, AcpiReclaimable},
                           {{3_MiB}, 2_MiB, Reserved},
                           {{7_MiB}, 2_MiB, Bad}});
  EXPECT_THAT(
      map.ranges(),
      ElementsAre(MemoryRange{{0}, 2_MiB, Usable}, MemoryRange{{2_MiB}, 1_MiB, AcpiReclaimable},
                  MemoryRange{{3_MiB}, 2_MiB, Reserved}, MemoryRange{{5_MiB}, 2_MiB, Usable},
                  MemoryRange{{7_MiB}, 2_MiB, Bad}));
  EXPECT_EQ(map.usable_bytes(), 4_MiB);
}

TEST(MemoryMap, ARangeInsideAStrongerOneDisappears) {
  auto const map = map_of({{{2_MiB}, 1_MiB, Usable}, {{0}, 8_MiB, Reserved}});
  EXPECT_THAT(map.ranges(), ElementsAre(MemoryRange{{0}, 8_MiB, Reserved}));
}

TEST(MemoryMap, TheSameRangeTwiceIsOnce) {
  auto const map = map_of({{{1_MiB}, 1_MiB, Usable}, {{1_MiB}, 1_MiB, Usable}});
  EXPECT_THAT(map.ranges(), ElementsAre(MemoryRange{{1_MiB}, 1_MiB, Usable}));
}

TEST(MemoryMap, CutsAtTheLimit) {
  u64 const limit = MemoryMap::limit.value;
  auto const map = map_of({{{limit - 1_MiB}, ~u64{0}, Usable},  // would wrap around
                           {{limit}, 1_MiB, Usable},
                           {{u64{1} << 52}, 1_MiB, Reserved},
                           {{~u64{0}}, ~u64{0}, Reserved}});
  EXPECT_THAT(map.ranges(), ElementsAre(MemoryRange{{limit - 1_MiB}, 1_MiB, Usable}));
}

TEST(MemoryMap, ARangeOverEverythingIsCutToTheLimit) {
  auto const map = map_of({{{0}, ~u64{0}, Usable}});
  EXPECT_EQ(map.usable_bytes(), MemoryMap::limit.value);
}

TEST(MemoryMap, TakesOutOfTheMiddle) {
  auto map = map_of({{{0}, 8_MiB, Usable}});
  map.take({2_MiB}, 1_MiB);
  EXPECT_THAT(map.ranges(),
              ElementsAre(MemoryRange{{0}, 2_MiB, Usable}, MemoryRange{{2_MiB}, 1_MiB, InUse},
                          MemoryRange{{3_MiB}, 5_MiB, Usable}));
}

TEST(MemoryMap, TakingAcrossKindsTakesWhatIsUsable) {
  auto map = map_of({{{0}, 2_MiB, Usable}, {{2_MiB}, 1_MiB, Reserved}, {{3_MiB}, 2_MiB, Usable}});
  map.take({1_MiB}, 3_MiB);
  EXPECT_THAT(map.ranges(),
              ElementsAre(MemoryRange{{0}, 1_MiB, Usable}, MemoryRange{{1_MiB}, 1_MiB, InUse},
                          MemoryRange{{2_MiB}, 1_MiB, Reserved}, MemoryRange{{3_MiB}, 1_MiB, InUse},
                          MemoryRange{{4_MiB}, 1_MiB, Usable}));
}

TEST(MemoryMap, TakingWhatNobodyNamedAddsIt) {
  auto map = map_of({{{0}, 1_MiB, Usable}});
  map.take({5_MiB}, 1_MiB);
  EXPECT_EQ(map.ranges().size(), 2u);
  EXPECT_EQ(map.usable_bytes(), 1_MiB);
}

TEST(MemoryMap, JoinsNeighboursRatherThanDroppingThem) {
  MemoryMap map;
  for (u64 i = 0; i < 3 * MemoryMap::capacity; ++i)
    EXPECT_TRUE(map.add({{i * 1_MiB}, 1_MiB, Usable}));
  map.normalise();
  EXPECT_EQ(map.usable_bytes(), 3 * MemoryMap::capacity * 1_MiB);
  EXPECT_EQ(map.dropped(), 0u);
}

TEST(MemoryMap, CountsWhatDoesNotFit) {
  MemoryMap map;
  for (u64 i = 0; i < MemoryMap::capacity; ++i)
    EXPECT_TRUE(map.add({{2 * i * 1_MiB}, 1_MiB, Usable}));
  EXPECT_FALSE(map.add({{1000_MiB}, 1_MiB, Usable}));
  EXPECT_EQ(map.dropped(), 1u);
  map.normalise();
  EXPECT_EQ(map.ranges().size(), MemoryMap::capacity);
}

TEST(MemoryMap, AFullMapForgetsUsableMemoryRatherThanReservations) {
  MemoryMap map;
  for (u64 i = 0; i < MemoryMap::capacity; ++i) map.add({{2 * i * 2_MiB}, 1_MiB + i, Usable});
  // The middle of the last range must not be used.
  u64 const last = 2 * (MemoryMap::capacity - 1) * 2_MiB;
  map.add({{last + 4096}, 4096, Reserved});
  map.normalise();
  for (auto const& range : map.ranges()) {
    if (range.kind != Usable) continue;
    EXPECT_TRUE(range.end().value <= last + 4096 || range.start.value >= last + 8192);
  }
  EXPECT_NE(map.dropped(), 0u);
  map.take({4_MiB}, 4096);
  for (auto const& range : map.ranges())
    EXPECT_FALSE(range.kind == Usable && range.start <= PhysAddr{4_MiB} &&
                 range.end() > PhysAddr{4_MiB});
}

TEST(MemoryMap, AfterForgettingAReservationNothingUsableIsBelieved) {
  MemoryMap map;
  for (u64 i = 0; i < MemoryMap::capacity; ++i)
    EXPECT_TRUE(map.add({{2 * i * 1_MiB}, 4096, Reserved}));
  EXPECT_FALSE(map.add({{1000_MiB}, 1_MiB, Reserved}));
  EXPECT_FALSE(map.add({{999_MiB}, 4_MiB, Usable}));
  EXPECT_EQ(map.usable_bytes(), 0u);
}

// A page has the least usable kind of all ranges that cover it.
TEST(MemoryMap, AgreesWithAModelOnRandomMaps) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 500; ++round) {
    MemoryMap map;
    std::map<u64, MemoryKind> model;
    u64 const ranges = random() % 40;
    for (u64 i = 0; i < ranges; ++i) {
      u64 const start = random() % 64;
      u64 const size = random() % 16;
      auto const kind = static_cast<MemoryKind>(random() % 6);
      EXPECT_TRUE(map.add({{start}, size, kind}));
      for (u64 at = start; at < start + size; ++at) {
        auto const [place, fresh] = model.emplace(at, kind);
        if (!fresh) place->second = std::max(place->second, kind);
      }
    }
    map.normalise();
    EXPECT_EQ(map.dropped(), 0u);
    std::map<u64, MemoryKind> found;
    u64 last_end = 0;
    MemoryKind last_kind = Bad;
    for (auto const& range : map.ranges()) {
      EXPECT_GE(range.start.value, last_end);
      EXPECT_GT(range.size, 0u);
      if (range.start.value == last_end && last_end != 0) {
        EXPECT_NE(range.kind, last_kind);
      }
      last_end = range.end().value;
      last_kind = range.kind;
      for (u64 at = range.start.value; at < last_end; ++at) found.emplace(at, range.kind);
    }
    EXPECT_EQ(found, model);
  }
}

// However full it gets: nothing usable that somebody said was not.
TEST(MemoryMap, NeverMakesUsableWhatWasNotOnRandomFullMaps) {
  std::mt19937_64 random(2);
  for (int round = 0; round < 10; ++round) {
    MemoryMap map;
    std::map<u64, MemoryKind> model;
    for (u64 i = 0; i < 300; ++i) {
      u64 const start = random() % 1000;
      u64 const size = random() % 4;
      auto const kind = static_cast<MemoryKind>(random() % 6);
      map.add({{start}, size, kind});
      for (u64 at = start; at < start + size; ++at) {
        auto const [place, fresh] = model.emplace(at, kind);
        if (!fresh) place->second = std::max(place->second, kind);
      }
    }
    map.normalise();
    for (auto const& range : map.ranges()) {
      for (u64 at = range.start.value; range.kind == Usable && at < range.end().value; ++at)
        ASSERT_EQ(model.at(at), Usable) << at;
    }
  }
}

}  // namespace
}  // namespace nacre::hw
