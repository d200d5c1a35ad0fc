#include "lib/hostlink/change.hpp"

#include <array>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace nacre::hostlink {
namespace {

using Kind = Change::Kind;
using Bytes = std::vector<u8>;

Bytes encoded(const Change& change) {
  std::array<u8, max_payload> room{};
  auto const payload = encode_change(change, room);
  EXPECT_TRUE(payload);
  return payload ? Bytes(payload->begin(), payload->end()) : Bytes();
}
ChangeError error_of(const Change& change) {
  auto const decoded = decode_change(encoded(change));
  EXPECT_FALSE(decoded);
  return decoded ? ChangeError::Truncated : decoded.error();
}

TEST(HostLinkChange, ComesBackAsItWas) {
  Bytes const data{0, 1, 255};
  std::string const long_path = std::string(250, 'p') + "/" + std::string(200, 'q');
  for (Change const& change :
       {Change{.kind = Kind::MakeDirectory, .path = "a"},
        Change{.kind = Kind::MakeFile, .folder = 255, .path = "a/b"},
        Change{.kind = Kind::MakeLink, .path = "a/b", .other = "../../anywhere"},
        Change{.kind = Kind::AddName, .path = "a", .other = "b"},
        Change{.kind = Kind::RemoveFile, .path = "..."},
        Change{.kind = Kind::RemoveDirectory, .path = long_path},
        Change{.kind = Kind::Rename, .path = "a", .other = long_path},
        Change{.kind = Kind::Write, .path = "a", .first = ~u64{0}, .bytes = data},
        Change{.kind = Kind::Resize, .path = "a", .first = u64{1} << 40},
        Change{.kind = Kind::SetTimes, .path = "a", .first = no_time, .second = ~u64{0}}}) {
    Bytes const payload = encoded(change);
    auto const back = decode_change(payload);
    ASSERT_TRUE(back) << static_cast<int>(change.kind);
    EXPECT_EQ(back->kind, change.kind);
    EXPECT_EQ(back->folder, change.folder);
    EXPECT_EQ(back->path, change.path);
    EXPECT_EQ(back->other, change.other);
    EXPECT_EQ(back->first, change.first);
    EXPECT_EQ(back->second, change.second);
    EXPECT_EQ(Bytes(back->bytes.begin(), back->bytes.end()),
              Bytes(change.bytes.begin(), change.bytes.end()));
    for (usize size = 0; size < payload.size() - change.bytes.size(); ++size)
      EXPECT_EQ(decode_change(std::span(payload).first(size)).error(), ChangeError::Truncated);
  }
}

TEST(HostLinkChange, IsLaidOutAsTheHostReadsIt) {
  Bytes const data{'x', 'y'};
  EXPECT_EQ(encoded({Kind::Write, 3, "ab", "", 0x0102, 0, data}),
            (Bytes{8, 3, 2, 0, 0, 0, 2, 1, 0, 0,   0,   0,   0,
                   0, 0, 0, 0, 0, 0, 0, 0, 0, 'a', 'b', 'x', 'y'}));
}

TEST(HostLinkChange, PathsThatLeadOutAreRefused) {
  std::string const name(256, 'n');
  std::string too_long = "a";
  while (too_long.size() <= max_change_path) too_long += "/a";
  for (std::string_view const path :
       {std::string_view(), std::string_view("/a"), std::string_view("a/"),
        std::string_view("a//b"), std::string_view(".."), std::string_view("a/../../b"),
        std::string_view("./a"), std::string_view("a/."), std::string_view("a\0b", 3),
        std::string_view(name), std::string_view(too_long)}) {
    EXPECT_FALSE(is_plain_path(path)) << path;
    if (path.size() > max_change_path) continue;
    EXPECT_EQ(error_of({.kind = Kind::RemoveFile, .path = path}), ChangeError::BadPath) << path;
    EXPECT_EQ(error_of({.kind = Kind::Rename, .path = "a", .other = path}), ChangeError::BadPath);
  }
  EXPECT_TRUE(is_plain_path("..a/b../.c"));
}

TEST(HostLinkChange, WhatAKindHasNotIsRefused) {
  Bytes const data{1};
  EXPECT_EQ(error_of({.kind = static_cast<Kind>(0), .path = "a"}), ChangeError::UnknownKind);
  EXPECT_EQ(error_of({.kind = static_cast<Kind>(11), .path = "a"}), ChangeError::UnknownKind);
  EXPECT_EQ(error_of({.kind = Kind::MakeFile, .path = "a", .bytes = data}), ChangeError::Surplus);
  EXPECT_EQ(error_of({.kind = Kind::MakeFile, .path = "a", .other = "b"}), ChangeError::Surplus);
  EXPECT_EQ(error_of({.kind = Kind::MakeFile, .path = "a", .first = 1}), ChangeError::Surplus);
  EXPECT_EQ(error_of({.kind = Kind::Resize, .path = "a", .second = 1}), ChangeError::Surplus);
  EXPECT_EQ(error_of({.kind = Kind::MakeLink, .path = "a"}), ChangeError::BadPath);
}

TEST(HostLinkChange, WhatDoesNotFitIsNotEncoded) {
  std::array<u8, max_payload> room{};
  std::string const path(max_change_path, 'p');
  Bytes const most(max_change_bytes, 7);
  EXPECT_TRUE(encode_change({Kind::Write, 0, path, "", 0, 0, most}, room));
  Bytes const more(max_change_bytes + 1, 7);
  EXPECT_EQ(encode_change({Kind::Write, 0, path, "", 0, 0, more}, room).error(),
            EncodeError::PayloadTooLong);
  EXPECT_EQ(
      encode_change({.kind = Kind::MakeFile, .path = "abc"}, std::span(room).first(24)).error(),
      EncodeError::NoRoom);
}

}  // namespace
}  // namespace nacre::hostlink
