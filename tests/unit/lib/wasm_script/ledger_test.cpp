#include "lib/wasm_script/ledger.hpp"

#include <gtest/gtest.h>

#include "tests/support/failing_allocator.hpp"

namespace nacre::wasm_script {
namespace {

template <class Parsed>
u32 wrong_line(std::string_view text) {
  auto const parsed = Parsed::parse(text);
  return parsed ? 0 : std::get<WrongLine>(parsed.error().cause).number;
}

TEST(LedgerTest, FindsScripts) {
  auto const ledger = Ledger::parse("# a remark\n\na/b 1 2\na/c 30 0\n");
  ASSERT_TRUE(ledger);
  ASSERT_NE(ledger->find("a/b"), nullptr);
  EXPECT_EQ(ledger->find("a/b")->passed, 1u);
  EXPECT_EQ(ledger->find("a/b")->skipped, 2u);
  EXPECT_EQ(ledger->find("a/c")->passed, 30u);
  EXPECT_EQ(ledger->find("a"), nullptr);
}

TEST(LedgerTest, NamesTheLineThatIsWrong) {
  EXPECT_EQ(wrong_line<Ledger>("a 1 2\nb 1\n"), 2u);
  EXPECT_EQ(wrong_line<Ledger>("# x\n\na 1 2 3\n"), 3u);
  EXPECT_EQ(wrong_line<Ledger>("a -1 2"), 1u);
  EXPECT_EQ(wrong_line<Ledger>("a 1 4294967296"), 1u);
  EXPECT_EQ(wrong_line<Differences>("a 1 why\na 2\n"), 2u);
  EXPECT_EQ(wrong_line<Differences>("a x why"), 1u);
  base::FixedText<100> const text("{}", Ledger::parse("a").error());
  EXPECT_EQ(text.view(), "line 1 is not formed as it should be");
}

TEST(LedgerTest, FindsTheDifferencesOfAScript) {
  auto const differences = Differences::parse("b 7 of b\na 5 a reason\nb 6 one more\n");
  ASSERT_TRUE(differences);
  auto const found = differences->of("b");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 2u);
  EXPECT_EQ((*found)[0].line, 7u);
  EXPECT_EQ((*found)[1].reason, "one more");
  EXPECT_TRUE(differences->of("c")->empty());
}

TEST(LedgerTest, MemoryMayRunOut) {
  auto const failures = test::fail_each_allocation([] {
    auto const differences = Differences::parse("a 1 why\na 2 why\n");
    auto const found = differences ? differences->of("a") : base::Vector<Difference>();
    EXPECT_TRUE(!found || found->empty() || found->size() == 2);
  });
  EXPECT_GT(failures, 2u);
}

TEST(ScoreTest, ScoresAddUp) {
  Score first;
  first.passed = 3;
  first.skip(*first.reason("one"));
  first.skip(*first.reason("two"));
  Score second;
  second.failed = 1;
  second.skip(*second.reason("two"));
  ASSERT_TRUE(second.reason("never"));
  ASSERT_TRUE(first.add(second));
  EXPECT_EQ(first.skipped, 3u);
  base::String text;
  base::StringSink sink(text);
  write_score(sink, "all", first);
  EXPECT_EQ(text.view(),
            "all                               3 passed, 1 failed, 3 skipped\n"
            "       1 skipped: one\n       2 skipped: two\n");
}

}  // namespace
}  // namespace nacre::wasm_script
