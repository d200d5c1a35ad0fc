// Archives made by many tools, and what three other readers make of each.
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "lib/archive/tar.hpp"
#include "tests/support/json.hpp"
#include "tests/support/shared_data.hpp"

namespace nacre::archive {
namespace {

using test::Json;

struct Found {
  std::string name;
  MemberType type;
  usize size;
  std::string link;
  bool truncated;
};

std::string joined(const MemberName& name) {
  return std::string(std::string_view(*name.to_string()));
}

bool is_refused(const Problem& problem) {
  return problem.kind == ProblemKind::OutsideRoot || problem.kind == ProblemKind::EmptyName ||
         problem.kind == ProblemKind::EmptyLinkTarget ||
         problem.kind == ProblemKind::ContinuedMember;
}

std::optional<MemberType> type_of(const std::string& type) {
  static const std::map<std::string, MemberType> types{
      {"0", MemberType::File},        {std::string(1, '\0'), MemberType::File},
      {"7", MemberType::File},        {"1", MemberType::HardLink},
      {"2", MemberType::Symlink},     {"3", MemberType::CharacterDevice},
      {"4", MemberType::BlockDevice}, {"5", MemberType::Directory},
      {"D", MemberType::Directory},   {"6", MemberType::Fifo}};
  auto const found = types.find(type);
  return found == types.end() ? std::nullopt : std::optional(found->second);
}

/// Here all readers count the same, but name the members differently: times in the prefix field of
/// GNU headers that one takes for names, and names taken back by an empty record.
const std::set<std::string> names_differ{"gnu/incremental.tar", "go/invalid-go17.tar",
                                         "go/pax-global-records.tar"};

/// One of them counts the map in front of a sparse member's data as data.
constexpr const char* size_differs = "go/pax-nil-sparse-data.tar";

class SharedArchives : public testing::Test {
 protected:
  void SetUp() override {
    auto const folder = test::shared_data("tar");
    if (!folder) GTEST_SKIP() << "no archives: set NACRE_SHARED to the folder that has `tar`";
    folder_ = *folder;
    auto const text = test::read_file(folder_ / "expected.json");
    auto expected = Json::parse({reinterpret_cast<const char*>(text.data()), text.size()});
    ASSERT_TRUE(expected) << "expected.json";
    expected_ = std::move(*expected);
  }

  struct Reading {
    std::vector<Found> members;
    std::vector<std::string> problems;
    usize errors = 0;   // problems that cost a member or a part of one
    usize refused = 0;  // of these, members that other readers show and this one knowingly does not
  };
  Reading read(const std::string& name) {
    auto const bytes = test::read_file(folder_ / name);
    Reading reading;
    auto const listener = [&](const Problem& problem) {
      auto const line = base::format("{}", problem);
      reading.problems.emplace_back(std::string_view(*line));
      if (problem.severity() == Severity::Error) ++reading.errors;
      if (is_refused(problem)) ++reading.refused;
      EXPECT_LE(problem.offset, bytes.size());
    };
    TarReader reader(bytes, listener);
    while (auto const member = reader.next()) {
      reading.members.push_back({joined(member->name), member->type,
                                 static_cast<usize>(member->size), std::string(member->link_target),
                                 member->truncated});
      EXPECT_LE(reading.members.size(), bytes.size() / block_size);
      for (std::string_view const component : member->name) {
        EXPECT_NE(component, "..");
        EXPECT_FALSE(component.contains('/'));
      }
    }
    return reading;
  }

  std::filesystem::path folder_;
  Json expected_;
};

std::string all_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "\n  " + line;
  return text;
}

TEST_F(SharedArchives, AreReadAsOtherReadersDo) {
  usize agreeing = 0;
  usize damaged = 0;
  for (auto const& [name, readers] : expected_.members()) {
    SCOPED_TRACE(name);
    auto const reading = read(name);
    const Json& python = readers["python"];
    bool const agreed = python.contains("entries") && readers["gnutar"]["rc"].integer() == 0 &&
                        readers["bsdtar"]["rc"].integer() == 0 &&
                        python["entries"].integer() == readers["gnutar"]["lines"].integer() &&
                        python["entries"].integer() == readers["bsdtar"]["lines"].integer();
    bool const compressed = !reading.problems.empty() && reading.members.empty() &&
                            reading.problems[0].contains("no tar archive");
    if (compressed) {
      EXPECT_EQ(reading.problems.size(), 1u);
      continue;
    }
    if (agreed) {
      ++agreeing;
      EXPECT_EQ(reading.errors, reading.refused) << all_of(reading.problems);
    } else {
      ++damaged;
    }
    if (name.starts_with("crafted/ok-")) {
      EXPECT_EQ(reading.errors, 0u) << all_of(reading.problems);
      EXPECT_EQ(reading.members.size(), static_cast<usize>(python["entries"].integer()));
    }

    // Whatever was read by the others stands here too, in their order, or its loss was reported.
    usize at = 0;
    usize missing = 0;
    for (const Json& entry : python["first60"].elements()) {
      std::string const type = entry["type"].text();
      if (type == "V") continue;
      std::string full = entry["name"].text();
      full.resize(std::min(full.find('\0'), full.size()));
      std::string const wanted = joined(MemberName(full));
      usize const before = at;
      while (at < reading.members.size() && reading.members[at].name != wanted) ++at;
      if (at == reading.members.size()) {
        at = before;
        ++missing;
        continue;
      }
      const Found& found = reading.members[at++];
      if (!agreed) continue;
      auto const expected_type = type_of(type);
      if (expected_type && !full.ends_with('/')) EXPECT_EQ(found.type, *expected_type) << wanted;
      if (found.type == MemberType::File && name != size_differs)
        EXPECT_EQ(found.size, static_cast<usize>(entry["size"].integer())) << wanted;
      if (found.type == MemberType::Symlink || found.type == MemberType::HardLink)
        EXPECT_EQ(found.link, entry["link"].text()) << wanted;
      EXPECT_FALSE(found.truncated) << wanted;
    }
    if (names_differ.contains(name))
      EXPECT_EQ(reading.members.size(), static_cast<usize>(python["entries"].integer()));
    else if (agreed)
      EXPECT_LE(missing, reading.refused) << all_of(reading.problems);
    else if (missing > 0 && reading.problems.empty())
      EXPECT_EQ(reading.members.size(), static_cast<usize>(readers["gnutar"]["lines"].integer()));
    if (std::getenv("NACRE_VERBOSE") != nullptr) {
      std::printf("%s: %zu members, others %s%s\n", name.c_str(), reading.members.size(),
                  python["entries"].text().c_str(),
                  all_of(reading.problems).substr(0, 400).c_str());
    }
  }
  std::printf("%zu archives that all readers agree on, %zu that they do not\n", agreeing, damaged);
  EXPECT_GT(agreeing, 50u);
}

TEST_F(SharedArchives, SurviveBeingCutAnywhere) {
  for (auto const& [name, readers] : expected_.members()) {
    SCOPED_TRACE(name);
    auto const bytes = test::read_file(folder_ / name);
    if (bytes.size() > 100'000) continue;
    for (usize size = 0; size < bytes.size(); size += 1 + bytes.size() / 97) {
      std::vector<u8> const cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
      usize members = 0;
      auto const ignore = [](const Problem&) {};
      TarReader reader(cut, ignore);
      while (reader.next()) ++members;
      EXPECT_LE(members, size / block_size);
    }
  }
}

}  // namespace
}  // namespace nacre::archive
