#include <gtest/gtest.h>
#include <memory>
#include <thread>

#include "lib/base/byte_cursor.hpp"
#include "lib/base/intrusive_list.hpp"
#include "lib/base/recent_queue.hpp"
#include "lib/base/ring.hpp"
#include "lib/base/string.hpp"
#include "lib/base/vector.hpp"
#include "tests/support/failing_allocator.hpp"

namespace nacre::base {
namespace {

TEST(Vector, GrowsInsertsAndErases) {
  Vector<std::unique_ptr<int>> vector;
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(vector.try_push_back(std::make_unique<int>(i)));
  ASSERT_TRUE(vector.try_insert(50, std::make_unique<int>(-1)));
  EXPECT_EQ(*vector[50], -1);
  EXPECT_EQ(*vector[51], 50);
  vector.erase(50);
  vector.erase(0);
  EXPECT_EQ(vector.size(), 99u);
  EXPECT_EQ(*vector.front(), 1);
  EXPECT_EQ(*vector.back(), 99);
}

TEST(Vector, AFailedGrowthChangesNothing) {
  Vector<int> vector;
  ASSERT_TRUE(vector.try_reserve(1));
  ASSERT_TRUE(vector.try_push_back(7));
  {
    test::FailingAllocations const failing(0);
    EXPECT_FALSE(vector.try_push_back(8));
    EXPECT_TRUE(failing.triggered());
  }
  ASSERT_EQ(vector.size(), 1u);
  EXPECT_EQ(vector[0], 7);
}

TEST(Vector, RefusesSizesThatNoMemoryHas) {
  Vector<u64> vector;
  EXPECT_FALSE(vector.try_resize(SIZE_MAX / 2));
  EXPECT_FALSE(vector.try_reserve(SIZE_MAX));
  EXPECT_TRUE(vector.empty());
}

TEST(VectorDeathTest, ChecksItsIndex) {
  Vector<int> vector;
  EXPECT_DEATH(static_cast<void>(vector[0]), "index < size_");
}

TEST(String, AppendsInsertsAndCompares) {
  auto text = String::create("helo");
  ASSERT_TRUE(text);
  ASSERT_TRUE(text->insert(3, 'l'));
  ASSERT_TRUE(text->append(" world"));
  EXPECT_EQ(*text, "hello world");
  text->truncate(5);
  EXPECT_EQ(text->view(), "hello");
}

TEST(String, InsertsAndErasesRanges) {
  auto text = String::create("begin end");
  ASSERT_TRUE(text);
  ASSERT_TRUE(text->insert(6, "middle "));
  EXPECT_EQ(*text, "begin middle end");
  text->erase(0, 6);
  text->erase(6, 4);
  text->erase(6, 0);
  EXPECT_EQ(*text, "middle");
  test::FailingAllocations const failing(0);
  while (text->insert(0, "x")) {
  }
  EXPECT_TRUE(text->view().ends_with("xmiddle"));
}

TEST(ByteCursor, NeverReadsPastTheEnd) {
  std::array<u8, 5> const bytes{1, 2, 3, 4, 5};
  ByteCursor cursor(bytes);
  EXPECT_EQ(cursor.little_endian<u32>(), 0x04030201u);
  EXPECT_EQ(cursor.little_endian<u16>().error(), UnexpectedEnd{4});
  EXPECT_EQ(cursor.next(), 5);
  EXPECT_EQ(cursor.next().error(), UnexpectedEnd{5});
  EXPECT_EQ(cursor.take(SIZE_MAX).error(), UnexpectedEnd{5});
}

struct Item : ListNode<Item> {
  explicit Item(int n) : number(n) {}
  int number;
};

TEST(IntrusiveList, ElementsLeaveWhenDestroyed) {
  IntrusiveList<Item> list;
  Item first(1);
  Item last(3);
  {
    Item middle(2);
    list.push_back(first);
    list.push_back(middle);
    list.push_back(last);
    EXPECT_EQ(std::next(list.begin())->number, 2);
  }
  EXPECT_EQ(list.pop_front(), &first);
  EXPECT_EQ(list.pop_front(), &last);
  EXPECT_EQ(list.pop_front(), nullptr);
}

TEST(SpscRing, KeepsOrderBetweenTwoThreads) {
  SpscRing<int, 64> ring;
  constexpr int count = 200'000;
  std::thread producer([&] {
    for (int i = 0; i < count;) i += ring.try_push(i) ? 1 : 0;
  });
  int expected = 0;
  while (expected < count) {
    if (auto const item = ring.try_pop()) ASSERT_EQ(*item, expected++);
  }
  producer.join();
  EXPECT_TRUE(ring.empty());
}

TEST(SpscRing, AFullRingRefuses) {
  SpscRing<int, 2> ring;
  EXPECT_TRUE(ring.try_push(1));
  EXPECT_TRUE(ring.try_push(2));
  EXPECT_FALSE(ring.try_push(3));
  EXPECT_EQ(ring.try_pop(), 1);
  EXPECT_TRUE(ring.try_push(3));
}

TEST(RecentQueue, GivesItemsInOrderAndForgetsTheOldest) {
  RecentQueue<int, 3> queue;
  EXPECT_FALSE(queue.pop());
  for (int i = 0; i < 10; ++i) {
    queue.push(i);
    EXPECT_EQ(queue.size(), static_cast<usize>(std::min(i + 1, 3)));
  }
  EXPECT_EQ(queue.pop(), 7);
  queue.push(10);
  for (int const expected : {8, 9, 10}) EXPECT_EQ(queue.pop(), expected);
  EXPECT_FALSE(queue.pop());
  queue.push(11);
  queue.clear();
  EXPECT_TRUE(queue.empty());
  EXPECT_FALSE(queue.pop());
}

}  // namespace
}  // namespace nacre::base
