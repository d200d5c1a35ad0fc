#include "lib/archive/tar_writer.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "tests/support/failing_allocator.hpp"

namespace nacre::archive {
namespace {

/// The archive of one member, and what the reader makes of it.
class TarWriterTest : public testing::Test {
 protected:
  Member write(const NewMember& member, std::string_view data = {}) {
    output_.clear();
    EXPECT_TRUE(append_header(member, output_));
    headers_ = output_.size();
    for (char const c : data) EXPECT_TRUE(output_.try_push_back(static_cast<u8>(c)));
    EXPECT_TRUE(output_.try_append(padding_behind(data.size())));
    EXPECT_TRUE(output_.try_append(end_of_archive()));
    EXPECT_EQ(output_.size() % block_size, 0u);
    auto const listener = [](const Problem& problem) {
      auto const text = base::format("{}", problem);
      ADD_FAILURE() << std::string_view(*text);
    };
    TarReader reader({output_.data(), output_.size()}, listener);
    auto const read = reader.next();
    EXPECT_TRUE(read);
    EXPECT_FALSE(reader.next());
    return read.value_or(Member{});
  }
  std::string name_of(const Member& member) {
    return std::string(std::string_view(*member.name.to_string()));
  }
  bool has_pax_header() const { return headers_ > block_size; }

  base::Vector<u8> output_;
  usize headers_ = 0;
};

TEST_F(TarWriterTest, WritesWhatUstarHolds) {
  Member const member = write({.name = "a/b.txt",
                               .mode = 0104755,
                               .size = 5,
                               .modified = {1'700'000'000, 999},
                               .user_id = 1000,
                               .group_id = 100},
                              "hello");
  EXPECT_FALSE(has_pax_header());
  EXPECT_EQ(name_of(member), "a/b.txt");
  EXPECT_EQ(member.type, MemberType::File);
  EXPECT_EQ(member.mode, 04755u);
  EXPECT_EQ(std::string(member.data.begin(), member.data.end()), "hello");
  EXPECT_EQ(member.modified, (base::UnixTime{1'700'000'000, 0}));
  EXPECT_EQ(member.user_id, 1000);
  EXPECT_EQ(member.group_id, 100);
}

TEST_F(TarWriterTest, WritesLinksAndDirectories) {
  Member member =
      write({.type = MemberType::Symlink, .name = "a/l", .link_target = "../x", .size = 9});
  EXPECT_EQ(member.type, MemberType::Symlink);
  EXPECT_EQ(member.link_target, "../x");
  member = write({.type = MemberType::HardLink, .name = "h", .link_target = "a/b"});
  EXPECT_EQ(member.type, MemberType::HardLink);
  EXPECT_EQ(member.link_target, "a/b");
  member = write({.type = MemberType::Directory, .name = "d", .mode = 0700});
  EXPECT_EQ(member.type, MemberType::Directory);
  EXPECT_EQ(output_[1], '/');
}

TEST_F(TarWriterTest, DividesNamesBeforeItTakesAPaxHeader) {
  std::string const hundred(100, 'n');
  for (std::string const& name :
       {hundred, "d/" + hundred, std::string(155, 'p') + "/" + hundred,
        std::string(100, 'a') + "/" + std::string(54, 'b') + "/" + hundred}) {
    EXPECT_EQ(name_of(write({.name = name})), name);
    EXPECT_FALSE(has_pax_header()) << name;
  }
  for (std::string const& name : {std::string(101, 'n'), std::string(156, 'p') + "/" + hundred,
                                  "d/" + hundred + "n", std::string(200, 'x') + "/y"}) {
    EXPECT_EQ(name_of(write({.name = name})), name);
    EXPECT_TRUE(has_pax_header()) << name;
  }
}

TEST_F(TarWriterTest, TakesAPaxHeaderForWhatDoesNotFit) {
  std::string const target(101, 't');
  EXPECT_EQ(write({.type = MemberType::Symlink, .name = "l", .link_target = target}).link_target,
            target);
  EXPECT_EQ(write({.name = "f", .modified = {-5, 0}}).modified, (base::UnixTime{-5, 0}));
  EXPECT_EQ(write({.name = "f", .modified = {i64{1} << 40, 0}}).modified.seconds, i64{1} << 40);
  EXPECT_EQ(write({.name = "f", .user_id = 3'000'000'000}).user_id, 3'000'000'000);
  EXPECT_EQ(write({.name = "f", .group_id = 2'097'152}).group_id, 2'097'152);
}

TEST_F(TarWriterTest, TellsTheSizeOfWhatIsLarge) {
  ASSERT_TRUE(append_header({.name = "f", .size = u64{1} << 33}, output_));
  EXPECT_EQ(output_.size(), 3 * block_size);
  std::string const records(output_.begin() + block_size, output_.begin() + 2 * block_size);
  EXPECT_EQ(records.substr(0, 20), "19 size=8589934592\n" + std::string(1, '\0'));
}

/// The length of a record counts itself: it has a digit more from some length on.
TEST_F(TarWriterTest, CountsTheLengthOfItsRecords) {
  for (usize size : {101u, 300u, 985u, 986u, 987u, 988u, 989u, 990u, 991u, 992u, 993u, 1000u}) {
    std::string name;
    while (name.size() + 101 < size) name += std::string(100, 'd') + "/";
    name += std::string(size - name.size(), 'f');
    ASSERT_EQ(name_of(write({.name = name})), name) << size;
  }
}

TEST_F(TarWriterTest, SaysSoWhenMemoryRunsOut) {
  std::string const name(300, 'n');
  EXPECT_GT(
      test::fail_each_allocation([&] {
        base::Vector<u8> output;
        static_cast<void>(append_header({.type = MemberType::Directory, .name = name}, output));
      }),
      3u);
}

}  // namespace
}  // namespace nacre::archive
