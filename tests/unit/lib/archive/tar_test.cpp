#include "lib/archive/tar.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "tests/support/failing_allocator.hpp"
#include "tests/support/tar_builder.hpp"

namespace nacre::archive {
namespace {

using test::TarBuilder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Contents {
  std::vector<u8> bytes;  // what the members borrow from
  std::vector<Member> members;
  std::vector<ProblemKind> kinds;
  std::vector<std::string> problems;
  std::vector<base::u64> offsets;

  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const Member& member : members)
      names.emplace_back(std::string_view(*member.name.to_string()));
    return names;
  }
};

std::string text_of(std::span<const u8> bytes) { return {bytes.begin(), bytes.end()}; }

Contents read(std::span<const u8> bytes) {
  Contents contents;
  contents.bytes.assign(bytes.begin(), bytes.end());
  auto const listener = [&](const Problem& problem) {
    contents.kinds.push_back(problem.kind);
    contents.offsets.push_back(problem.offset);
    auto const line = base::format("{}", problem);
    contents.problems.emplace_back(std::string_view(*line));
    for (char const c : contents.problems.back()) EXPECT_TRUE(c >= ' ' && c <= '~');
  };
  TarReader reader(contents.bytes, listener);
  while (auto const member = reader.next()) contents.members.push_back(*member);
  EXPECT_FALSE(reader.next()) << "the end stays the end";
  return contents;
}
Contents read(const TarBuilder& builder) { return read(builder.bytes()); }

std::string repeated(char c, usize count) { return std::string(count, c); }

/// The header of an old GNU sparse member with these fields of its map.
TarBuilder::Header gnu_sparse(std::string name, std::string fields, u64 size) {
  // Behind the map stand the mark of a continuation and the real size, all in the prefix's place.
  fields.resize(97, '\0');
  return {.name = std::move(name),
          .type = 'S',
          .prefix = std::string(41, '\0') + fields + TarBuilder::octal(size, 11),
          .magic = std::string("ustar  \0", 8)};
}

// ---- Good archives

TEST(Tar, ReadsUstar) {
  TarBuilder builder;
  builder.directory("dir/").file("dir/a.txt", "hello").symlink("dir/link", "a.txt");
  builder.hard_link("hard", "dir/a.txt").end();
  auto const contents = read(builder);
  EXPECT_THAT(contents.problems, IsEmpty());
  ASSERT_THAT(contents.names(), ElementsAre("dir", "dir/a.txt", "dir/link", "hard"));
  EXPECT_EQ(contents.members[0].type, MemberType::Directory);
  const Member& file = contents.members[1];
  EXPECT_EQ(file.type, MemberType::File);
  EXPECT_EQ(text_of(file.data), "hello");
  EXPECT_EQ(file.data.data(), contents.bytes.data() + 1024) << "borrowed, not copied";
  EXPECT_EQ(file.mode, 0644u);
  EXPECT_EQ(file.offset, 512u);
  EXPECT_EQ(file.user_id, 1000);
  EXPECT_EQ(file.group_id, 100);
  EXPECT_EQ(file.user_name, "root");
  EXPECT_EQ(file.group_name, "wheel");
  EXPECT_EQ(file.modified, (base::UnixTime{1'700'000'000, 0}));
  EXPECT_FALSE(file.truncated);
  EXPECT_EQ(contents.members[2].type, MemberType::Symlink);
  EXPECT_EQ(contents.members[2].link_target, "a.txt");
  EXPECT_EQ(contents.members[3].type, MemberType::HardLink);
  EXPECT_EQ(contents.members[3].link_target, "dir/a.txt");
}

TEST(Tar, AnEmptyArchiveHasNoMembersAndNoProblems) {
  EXPECT_THAT(read(TarBuilder().end()).problems, IsEmpty());
  EXPECT_THAT(read(TarBuilder().zeros(100)).problems, IsEmpty());
  EXPECT_THAT(read(TarBuilder()).problems, IsEmpty());
}

TEST(Tar, NeedsNoEndMarker) {
  auto const contents = read(TarBuilder().file("a", "1"));
  EXPECT_THAT(contents.names(), ElementsAre("a"));
  EXPECT_THAT(contents.problems, IsEmpty());
}

TEST(Tar, JoinsPrefixAndName) {
  std::string const prefix = repeated('p', 155);
  std::string const name = repeated('n', 100);
  auto const contents = read(TarBuilder().member({.name = name, .prefix = prefix}, "x").end());
  EXPECT_THAT(contents.names(), ElementsAre(prefix + "/" + name));
  EXPECT_THAT(contents.problems, IsEmpty());
}

TEST(Tar, ReadsV7) {
  TarBuilder builder;
  builder.member({.name = "old/", .type = '\0', .magic = ""});
  builder.member({.name = "old/f", .type = '\0', .prefix = "no prefix here", .magic = ""}, "x");
  auto const contents = read(builder.end());
  EXPECT_THAT(contents.names(), ElementsAre("old", "old/f"));
  EXPECT_EQ(contents.members[0].type, MemberType::Directory);
  EXPECT_EQ(contents.members[1].type, MemberType::File);
  EXPECT_EQ(contents.members[1].user_name, "");
  EXPECT_THAT(contents.problems, IsEmpty());
}

TEST(Tar, ReadsGnuLongNamesAndLinks) {
  std::string const name = repeated('n', 200) + "/" + repeated('m', 200);
  std::string const target = repeated('t', 300);
  TarBuilder builder;
  builder.gnu_long('K', target).gnu_long('L', name).symlink("short", "short");
  builder.file("after", "x").end();
  auto const contents = read(builder);
  EXPECT_THAT(contents.names(), ElementsAre(name, "after"));
  EXPECT_EQ(contents.members[0].link_target, target);
  EXPECT_THAT(contents.problems, IsEmpty());
}

TEST(Tar, GnuHeadersHaveNoPrefix) {
  auto const contents = read(TarBuilder().member(
      {.name = "f", .prefix = "14524770400", .magic = std::string("ustar  \0", 8)}, "x"));
  EXPECT_THAT(contents.names(), ElementsAre("f"));
}

TEST(Tar, ReadsBase256Numbers) {
  auto const contents = read(TarBuilder().member({.name = "f",
                                                  .user_id = TarBuilder::base256(3'000'000'000, 8),
                                                  .modified = TarBuilder::base256(-1, 12),
                                                  .size_field = TarBuilder::base256(3, 12)},
                                                 "abc"));
  ASSERT_EQ(contents.members.size(), 1u);
  EXPECT_EQ(contents.members[0].user_id, 3'000'000'000);
  EXPECT_EQ(contents.members[0].modified.seconds, -1);
  EXPECT_EQ(text_of(contents.members[0].data), "abc");
  EXPECT_THAT(contents.problems, IsEmpty());
}

TEST(Tar, ReadsPaxRecords) {
  TarBuilder builder;
  builder.pax({{"path", "a name/with=equals\nand newline"},
               {"size", "4"},
               {"mtime", "-1.5"},
               {"uid", "4000000000"},
               {"gid", "7"},
               {"uname", "someone"},
               {"gname", "some"},
               {"comment", "ignored"},
               {"SCHILY.xattr.user.x", std::string("\0\1", 2)}});
  // The header's own size may not hold the real one.
  builder.header({.name = "short", .size_field = "00000000000"}, 0).raw("data").pad(512);
  builder.pax({{"linkpath", repeated('l', 200)}}).symlink("link", "short");
  builder.file("after", "x").end();
  auto const contents = read(builder);
  EXPECT_THAT(contents.problems, IsEmpty());
  ASSERT_THAT(contents.names(), ElementsAre("a name/with=equals\nand newline", "link", "after"));
  const Member& file = contents.members[0];
  EXPECT_EQ(text_of(file.data), "data");
  EXPECT_EQ(file.modified, (base::UnixTime{-2, 500'000'000}));
  EXPECT_EQ(file.user_id, 4'000'000'000);
  EXPECT_EQ(file.group_id, 7);
  EXPECT_EQ(file.user_name, "someone");
  EXPECT_EQ(file.group_name, "some");
  EXPECT_EQ(contents.members[1].link_target, repeated('l', 200));
  EXPECT_EQ(contents.members[2].user_name, "root") << "a local header is for one member";
}

TEST(Tar, GlobalPaxRecordsLastUntilTheArchiveEnds) {
  TarBuilder builder;
  builder.pax({{"uname", "everyone"}, {"mtime", "1"}}, 'g').file("a", "");
  builder.pax({{"uname", "one"}}).file("b", "").pax({{"uname", ""}}).file("c", "").end();
  builder.file("d", "").end();
  auto const contents = read(builder);
  ASSERT_THAT(contents.names(), ElementsAre("a", "b", "c", "d"));
  EXPECT_EQ(contents.members[0].user_name, "everyone");
  EXPECT_EQ(contents.members[0].modified.seconds, 1);
  EXPECT_EQ(contents.members[1].user_name, "one");
  EXPECT_EQ(contents.members[1].modified.seconds, 1);
  EXPECT_EQ(contents.members[2].user_name, "root") << "an empty value takes the global one back";
  EXPECT_EQ(contents.members[3].user_name, "root");
  EXPECT_THAT(contents.problems, IsEmpty());
}

TEST(Tar, PaxPathsWinOverGnuNames) {
  TarBuilder builder;
  builder.gnu_long('L', "gnu").pax({{"path", "pax"}}).file("own", "x").end();
  EXPECT_THAT(read(builder).names(), ElementsAre("pax"));
}

TEST(Tar, SignedChecksumsAreValid) {
  TarBuilder unsigned_sum;
  unsigned_sum.member({.name = "\xc3\xa4"});
  // Two bytes with the top bit set: the signed sum is 512 less.
  unsigned sum = 0;
  for (usize i = 0; i < 512; ++i)
    sum += i >= 148 && i < 156 ? unsigned{' '} : unsigned{unsigned_sum.bytes()[i]};
  TarBuilder builder;
  builder.member({.name = "\xc3\xa4", .checksum = TarBuilder::octal(sum - 512, 6)});
  EXPECT_THAT(read(builder).names(), ElementsAre("\xc3\xa4"));
}

TEST(Tar, ArchivesBackToBackAreOne) {
  for (usize const alignment : {usize{1}, usize{4}, usize{512}, usize{10240}}) {
    for (usize const zeros : {0u, 512u, 1024u, 9216u}) {
      TarBuilder builder;
      builder.file("a", "12345").cut(507).zeros(zeros).pad(alignment);
      builder.file("b", "2").file("c", "3").zeros(zeros).pad(alignment).file("d", "4").end();
      auto const contents = read(builder);
      EXPECT_THAT(contents.names(), ElementsAre("a", "b", "c", "d"))
          << alignment << " after " << zeros;
      EXPECT_THAT(contents.problems, IsEmpty()) << alignment << " after " << zeros;
    }
  }
}

TEST(Tar, SkipsLabelsAndReadsDumpedDirectories) {
  TarBuilder builder;
  builder.member({.name = "label", .type = 'V'}).member({.name = "d/", .type = 'D'}, "Yfile");
  builder.member({.name = "contiguous", .type = '7'}, "x").end();
  auto const contents = read(builder);
  EXPECT_THAT(contents.names(), ElementsAre("d", "contiguous"));
  EXPECT_EQ(contents.members[0].type, MemberType::Directory);
  EXPECT_THAT(contents.problems, IsEmpty());
}

TEST(Tar, ASizeOnALinkIsNotAlwaysFollowedByData) {
  for (bool const body : {false, true}) {
    TarBuilder builder;
    builder.header({.name = "h", .type = '1', .link = "a"}, 5);
    if (body) builder.raw("12345").pad(512);
    builder.file("after", "x").end();
    auto const contents = read(builder);
    EXPECT_THAT(contents.names(), ElementsAre("h", "after")) << body;
    EXPECT_THAT(contents.problems, IsEmpty()) << body;
  }
}

TEST(Tar, NamesAreWalkedByComponents) {
  auto const contents = read(TarBuilder().file("./a//b/./c", "x").directory("./").end());
  EXPECT_THAT(contents.names(), ElementsAre("a/b/c", ""));
  EXPECT_THAT(contents.problems, IsEmpty());
}

// ---- Bad ones

TEST(Tar, ABadChecksumLosesOneMember) {
  TarBuilder builder;
  builder.file("good1", "1");
  builder.member({.name = "bad\x1b[31m", .checksum = "000001"}, "lost");
  builder.file("good2", "2").end();
  auto const contents = read(builder);
  EXPECT_THAT(contents.names(), ElementsAre("good1", "good2"));
  ASSERT_THAT(contents.kinds, ElementsAre(ProblemKind::BadHeader));
  EXPECT_EQ(contents.problems[0],
            "byte 1024: 'bad\\x1b[31m': the checksum of its header is wrong; 1024 bytes were "
            "skipped");
}

TEST(Tar, ResynchronisesBehindGarbage) {
  TarBuilder builder;
  builder.file("a", "1").raw(repeated('g', 700)).pad(4).file("b", "2").end();
  auto const contents = read(builder);
  EXPECT_THAT(contents.names(), ElementsAre("a", "b"));
  EXPECT_THAT(contents.kinds, ElementsAre(ProblemKind::BadHeader));
  EXPECT_THAT(contents.offsets, ElementsAre(1024u));
}

TEST(Tar, ADamagedHeaderTakesItsLongNameWithIt) {
  TarBuilder builder;
  builder.gnu_long('L', "long").member({.name = "bad", .checksum = "000001"}).file("b", "2").end();
  EXPECT_THAT(read(builder).names(), ElementsAre("b"));
}

TEST(Tar, TruncatedDataAreWhatIsThere) {
  auto const contents = read(TarBuilder().file("a", "1").file("b", repeated('x', 600)).cut(500));
  ASSERT_THAT(contents.names(), ElementsAre("a", "b"));
  EXPECT_FALSE(contents.members[0].truncated);
  EXPECT_TRUE(contents.members[1].truncated);
  EXPECT_EQ(text_of(contents.members[1].data), repeated('x', 524));
  EXPECT_THAT(contents.problems,
              ElementsAre("byte 1024: 'b': the archive ends after 524 of its 600 bytes"));
}

TEST(Tar, ATruncatedHeaderIsReported) {
  auto const contents = read(TarBuilder().file("a", "1").file("b", "2").cut(800));
  EXPECT_THAT(contents.names(), ElementsAre("a"));
  EXPECT_THAT(contents.kinds, ElementsAre(ProblemKind::PartialBlock));
}

TEST(Tar, MembersBehindAnImpossibleSizeAreRead) {
  for (const std::string& size :
       {TarBuilder::octal(077777777777, 11), TarBuilder::base256(INT64_MAX, 12)}) {
    TarBuilder builder;
    builder.member({.name = "huge", .size_field = size}, "data").file("after", "x").end();
    auto const contents = read(builder);
    EXPECT_THAT(contents.names(), ElementsAre("huge", "after"));
    EXPECT_TRUE(contents.members[0].truncated);
    EXPECT_THAT(contents.kinds, ElementsAre(ProblemKind::PastEnd));
  }
}

TEST(Tar, MembersBehindASizeThatIsNoNumberAreRead) {
  for (const std::string& size : {TarBuilder::base256(-1, 12), std::string("9x9"),
                                  std::string(12, '\xff').replace(0, 1, "\xbf")}) {
    TarBuilder builder;
    builder.member({.name = "bad", .size_field = size}, "data").file("after", "x").end();
    auto const contents = read(builder);
    EXPECT_THAT(contents.names(), ElementsAre("after"));
    EXPECT_THAT(contents.kinds, ElementsAre(ProblemKind::BadSize));
  }
}

TEST(Tar, NamesOutsideTheRootAreRefused) {
  TarBuilder builder;
  builder.file("../a", "1").file("b/../../c", "2").directory("..").pax({{"path", "x/.."}});
  builder.file("d", "3").member({.name = "e", .prefix = "f/.."}, "4").file("good", "5").end();
  auto const contents = read(builder);
  EXPECT_THAT(contents.names(), ElementsAre("good"));
  EXPECT_EQ(contents.kinds, std::vector(5, ProblemKind::OutsideRoot));
  EXPECT_EQ(contents.problems[0], "byte 0: '../a': its name has `..` in it; it was left out");
}

TEST(Tar, AbsoluteNamesAreBelowTheRoot) {
  auto const contents = read(TarBuilder().file("/etc/x", "1").file("//y", "2").end());
  EXPECT_THAT(contents.names(), ElementsAre("etc/x", "y"));
  EXPECT_EQ(contents.kinds, std::vector(2, ProblemKind::AbsoluteName));
}

TEST(Tar, LinksOutsideTheRootAreReported) {
  TarBuilder builder;
  builder.symlink("a/in", "../b").symlink("a/out", "../../b").symlink("top", "..");
  builder.symlink("absolute", "/etc/passwd").symlink("absolute-out", "/../x");
  builder.hard_link("hard", "a/../b").end();
  auto const contents = read(builder);
  EXPECT_THAT(contents.names(), ElementsAre("a/in", "a/out", "top", "absolute", "absolute-out"));
  EXPECT_THAT(contents.kinds,
              ElementsAre(ProblemKind::SymlinkOutsideRoot, ProblemKind::SymlinkOutsideRoot,
                          ProblemKind::SymlinkOutsideRoot, ProblemKind::HardLinkOutsideRoot));
}

TEST(Tar, StrangeNamesAreReportedAndPrintable) {
  TarBuilder builder;
  builder.file("bad\xff", "1").file("", "2").file(".", "3");
  builder.pax({{"path", repeated('a', 256)}}).file("d", "4");
  builder.pax({{"path", repeated('/', 4097) + "x"}}).file("e", "5");
  builder.pax({{"path", std::string("nul\0x", 5)}}).file("own", "6");
  builder.pax({{"path", std::string("x/") + repeated('y', 250) + "/" + repeated('z', 250)}});
  builder.file("long", "7").end();
  auto const contents = read(builder);
  EXPECT_EQ(contents.members.size(), 3u);
  EXPECT_EQ(contents.names()[1], "nul");
  EXPECT_THAT(contents.kinds, ElementsAre(ProblemKind::NameNotUtf8, ProblemKind::EmptyName,
                                          ProblemKind::EmptyName, ProblemKind::NameTooLong,
                                          ProblemKind::NameTooLong, ProblemKind::NulInPaxValue));
  EXPECT_EQ(contents.problems[0], "byte 0: 'bad\\xff': its name is not UTF-8");
  EXPECT_THAT(contents.problems[3], HasSubstr("..."));
}

TEST(Tar, MalformedPaxRecordsLeaveTheMember) {
  for (std::string_view const record :
       {"999 path=x\n", "5 path=x\n", "0 path=x\n", "11 path=abc\n", "9 path+x\n", "10 path=xy ",
        "99999999999999999999999999999 path=x\n", " path=x\n", "path"}) {
    TarBuilder builder;
    builder.member({.name = "pax", .type = 'x'},
                   TarBuilder::record("uname", "u") + std::string(record));
    builder.file("own", "1").file("after", "2").end();
    auto const contents = read(builder);
    EXPECT_THAT(contents.names(), ElementsAre("own", "after")) << record;
    EXPECT_EQ(contents.members[0].user_name, "u") << "what stands before the damage counts";
    EXPECT_THAT(contents.kinds, ElementsAre(ProblemKind::BadPaxRecord)) << record;
    EXPECT_THAT(contents.offsets, ElementsAre(512u + 11)) << record;
  }
}

TEST(Tar, BadNumbersAreIgnored) {
  TarBuilder builder;
  builder.member({.name = "a", .mode = "rwxr-xr", .user_id = "x", .group_id = "8", .modified = "9"},
                 "1");
  builder.pax({{"size", "-4"}, {"mtime", "soon"}, {"uid", "me"}}).file("b", "22").end();
  auto const contents = read(builder);
  EXPECT_THAT(contents.names(), ElementsAre("a", "b"));
  EXPECT_EQ(contents.members[0].mode, 0644u);
  EXPECT_EQ(text_of(contents.members[1].data), "22");
  EXPECT_EQ(contents.kinds, std::vector(7, ProblemKind::BadNumber));
}

TEST(Tar, ExtensionsWithoutAMemberAreReported) {
  EXPECT_THAT(read(TarBuilder().gnu_long('L', "name").end()).kinds,
              ElementsAre(ProblemKind::DanglingExtension));
  EXPECT_THAT(read(TarBuilder().file("a", "").pax({{"path", "x"}})).problems,
              ElementsAre("byte 512: a pax header with no member behind it"));
  EXPECT_THAT(read(TarBuilder()
                       .member({.name = "L", .type = 'L', .size_field = "77777777777"})
                       .file("after", "x"))
                  .names(),
              ElementsAre("after"));
}

TEST(Tar, SparseMembersOfEveryKindAreRead) {
  // Twelve bytes: "abc" from 2 on, "de" from 8 on, zeros around them.
  std::string const file("\0\0abc\0\0\0de\0\0", 12);
  TarBuilder builder;
  builder.pax({{"GNU.sparse.size", "12"},
               {"GNU.sparse.numblocks", "2"},
               {"GNU.sparse.offset", "2"},
               {"GNU.sparse.numbytes", "3"},
               {"GNU.sparse.offset", "8"},
               {"GNU.sparse.numbytes", "2"}});
  builder.file("version 0.0", "abcde");
  builder.pax({{"GNU.sparse.size", "12"},
               {"GNU.sparse.numblocks", "2"},
               {"GNU.sparse.name", "version 0.1"},
               {"GNU.sparse.map", "2,3,8,2"}});
  builder.file("GNUSparseFile.0/made up", "abcde");
  builder.pax({{"GNU.sparse.major", "1"},
               {"GNU.sparse.minor", "0"},
               {"GNU.sparse.name", "version 1.0"},
               {"GNU.sparse.realsize", "12"}});
  std::string const map = "2\n2\n3\n8\n2\n";
  builder.file("GNUSparseFile.0/made up", map + std::string(512 - map.size(), '\0') + "abcde");
  std::string fields;
  for (u64 const number : {2u, 3u, 8u, 2u}) fields += TarBuilder::octal(number, 11) + '\0';
  builder.member(gnu_sparse("old", fields, 12), "abcde");
  builder.pax({{"GNU.sparse.size", "12"}, {"GNU.sparse.numblocks", "0"}}).file("hole", "");
  builder.file("after", "z").end();

  auto const contents = read(builder);
  EXPECT_THAT(contents.problems, IsEmpty());
  ASSERT_THAT(contents.names(),
              ElementsAre("version 0.0", "version 0.1", "version 1.0", "old", "hole", "after"));
  EXPECT_FALSE(contents.members[5].sparse_map);
  for (usize i = 0; i < 5; ++i) {
    const Member& member = contents.members[i];
    ASSERT_TRUE(member.sparse_map) << i;
    EXPECT_EQ(member.size, 12u);
    std::string const expected = i == 4 ? std::string(12, '\0') : file;
    for (usize offset = 0; offset <= 13; ++offset) {
      for (usize size = 0; size <= 13; ++size) {
        std::vector<u8> buffer(size, 0xff);
        usize const count = read_sparse(*member.sparse_map, member.data, 12, offset, buffer);
        EXPECT_EQ(text_of(std::span(buffer).first(count)),
                  expected.substr(std::min<usize>(offset, 12), size))
            << i << " at " << offset;
      }
    }
  }
}

TEST(Tar, OldSparseMapsMayGoOnInFurtherBlocks) {
  std::string fields;
  for (u64 i = 0; i < 4; ++i)
    fields += TarBuilder::octal(i * 10, 11) + '\0' + TarBuilder::octal(1, 11) + '\0';
  auto header = gnu_sparse("old", fields + '\1', 1000);
  std::string block;
  for (u64 i = 4; i < 25; ++i)
    block += TarBuilder::octal(i * 10, 11) + '\0' + TarBuilder::octal(1, 11) + '\0';
  TarBuilder builder;
  builder.header(header, 26).raw(block).raw(std::string("\1\0\0\0\0\0\0\0", 8));
  builder.raw(TarBuilder::octal(990, 11) + '\0' + TarBuilder::octal(1, 11) + '\0').pad(512);
  builder.raw("abcdefghijklmnopqrstuvwxyz").pad(512).file("after", "x").end();
  auto const contents = read(builder);
  EXPECT_THAT(contents.problems, IsEmpty());
  ASSERT_THAT(contents.names(), ElementsAre("old", "after"));
  std::array<u8, 1000> whole{};
  EXPECT_EQ(read_sparse(*contents.members[0].sparse_map, contents.members[0].data, 1000, 0, whole),
            1000u);
  EXPECT_EQ(whole[0], 'a');
  EXPECT_EQ(whole[40], 'e');
  EXPECT_EQ(whole[240], 'y');
  EXPECT_EQ(whole[990], 'z');
  EXPECT_EQ(whole[991], 0);

  TarBuilder cut;
  cut.header(header, 26).raw(block.substr(0, 100));
  EXPECT_THAT(read(cut).kinds, testing::Contains(ProblemKind::DamagedSparseMap));
}

TEST(Tar, SparseMembersWithDamagedMapsAreNamedAndLeftOut) {
  TarBuilder builder;
  for (const char* map :
       {"2,3,4,2", "2,3,8", "0,6", "8,2,2,3", "2,x", "-1,2", "11,2", "9223372036854775807,5"})
    builder.pax({{"GNU.sparse.size", "12"}, {"GNU.sparse.map", map}}).file(map, "abcde");
  builder.pax({{"GNU.sparse.major", "1"}, {"GNU.sparse.realsize", "9"}}).file("no map", "x");
  builder.pax({{"GNU.sparse.major", "1"}}).file("no size", "0\n" + std::string(510, '\0'));
  builder.pax({{"GNU.sparse.major", "2"}, {"GNU.sparse.realsize", "9"}}).file("new", "x");
  builder.pax({{"SUN.holesdata", " 0 1"}}).file("sun", "x");
  builder.file("after", "z").end();
  auto const contents = read(builder);
  EXPECT_THAT(contents.names(), ElementsAre("after"));
  EXPECT_EQ(contents.kinds, std::vector(12, ProblemKind::DamagedSparseMap));
  EXPECT_THAT(contents.problems[0], HasSubstr("'2,3,4,2': a sparse file whose map"));
}

TEST(Tar, DevicesAndUnknownTypesAreReported) {
  TarBuilder builder;
  builder.member({.name = "c", .type = '3', .device_major = "0000005", .device_minor = "0000001"});
  builder.member({.name = "b", .type = '4'}).member({.name = "p", .type = '6'});
  builder.member({.name = "z", .type = 'Z'}, "data").member({.name = "m", .type = 'M'}, "part");
  builder.symlink("s", "").end();
  auto const contents = read(builder);
  EXPECT_THAT(contents.names(), ElementsAre("c", "b", "p", "z"));
  EXPECT_EQ(contents.members[0].type, MemberType::CharacterDevice);
  EXPECT_EQ(contents.members[0].device_major, 5);
  EXPECT_EQ(contents.members[0].device_minor, 1);
  EXPECT_EQ(text_of(contents.members[3].data), "data");
  EXPECT_THAT(contents.kinds,
              ElementsAre(ProblemKind::DeviceMember, ProblemKind::DeviceMember,
                          ProblemKind::DeviceMember, ProblemKind::UnknownType,
                          ProblemKind::ContinuedMember, ProblemKind::EmptyLinkTarget));
}

TEST(Tar, WhatIsNoTarIsSaidSo) {
  EXPECT_THAT(read(TarBuilder().raw("\x1f\x8b compressed")).problems,
              ElementsAre("byte 0: this is no tar archive, but looks compressed with gzip; "
                          "decompress it first"));
  EXPECT_THAT(read(TarBuilder().raw(repeated('x', 5000))).problems,
              ElementsAre("byte 0: this is no tar archive"));
  EXPECT_THAT(read(TarBuilder().raw("x")).kinds, ElementsAre(ProblemKind::NotTar));
}

TEST(Tar, GarbageBehindTheEndIsAWarning) {
  auto const contents = read(TarBuilder().file("a", "1").end().raw(repeated('g', 700)));
  EXPECT_THAT(contents.names(), ElementsAre("a"));
  EXPECT_THAT(contents.kinds, ElementsAre(ProblemKind::TrailingGarbage));
}

TEST(Tar, EachProblemSaysHowBadItIs) {
  EXPECT_EQ((Problem{.kind = ProblemKind::BadHeader, .offset = 0}.severity()), Severity::Error);
  EXPECT_EQ((Problem{.kind = ProblemKind::AbsoluteName, .offset = 0}.severity()),
            Severity::Warning);
}

TEST(Tar, ReadsWithoutAllocating) {
  TarBuilder builder;
  builder.pax({{"path", "a/b"}}, 'g').gnu_long('L', repeated('x', 100)).file("a", "1");
  builder.raw(repeated('g', 2048)).file("../b", "2").symlink("c", "d").end();
  usize members = 0;
  usize problems = 0;
  EXPECT_EQ(test::fail_each_allocation([&] {
              auto const count = [&](const Problem&) { ++problems; };
              TarReader reader(builder.bytes(), count);
              while (reader.next()) ++members;
            }),
            0u)
      << "no allocation was tried";
  EXPECT_EQ(members, 3u);
  EXPECT_EQ(problems, 1u);
}

TEST(MemberName, FailsToBeJoinedWithoutMemory) {
  MemberName const name("some/long/prefix/that/fits", "no/small/buffer");
  EXPECT_GT(test::fail_each_allocation([&] {
              if (auto const text = name.to_string())
                EXPECT_EQ(*text, "some/long/prefix/that/fits/no/small/buffer");
            }),
            0u);
}

TEST(MemberName, ComparesWithPlainPaths) {
  EXPECT_TRUE(MemberName("./a//", "b/") == "a/b");
  EXPECT_FALSE(MemberName("a", "b") == "a/bc");
  EXPECT_FALSE(MemberName("a", "bc") == "a/b");
}

}  // namespace
}  // namespace nacre::archive
