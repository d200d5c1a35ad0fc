#pragma once

#include <cstdio>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/types.hpp"

namespace nacre::test {

/// Writes tar archives block by block, the broken ones too.
class TarBuilder {
 public:
  /// Fields of one header; what is not set gets what a writer of today would put there.
  struct Header {
    std::string name;
    char type = '0';
    std::string link = {};
    std::string prefix = {};
    std::string magic = std::string("ustar\00000", 8);
    std::string mode = "0000644";
    std::string user_id = "0001750";
    std::string group_id = "0000144";
    std::string modified = "14524770400";  // 2023-11-14 22:13:20
    std::string size_field = {};           // instead of the data's size
    std::string checksum = {};             // instead of the right one
    std::string device_major = {};
    std::string device_minor = {};
  };

  TarBuilder& header(const Header& fields, base::u64 size) {
    std::string block(512, '\0');
    auto const put = [&](std::size_t offset, std::string_view text) {
      block.replace(offset, text.size(), text);
    };
    put(0, fields.name);
    put(100, fields.mode);
    put(108, fields.user_id);
    put(116, fields.group_id);
    put(124, fields.size_field.empty() ? octal(size, 11) : fields.size_field);
    put(136, fields.modified);
    put(148, "        ");
    block[156] = fields.type;
    put(157, fields.link);
    put(257, fields.magic);
    if (!fields.magic.empty()) {
      put(265, "root");
      put(297, "wheel");
    }
    put(329, fields.device_major);
    put(337, fields.device_minor);
    put(345, fields.prefix);
    unsigned sum = 0;
    for (char const c : block) sum += static_cast<unsigned char>(c);
    put(148, fields.checksum.empty() ? octal(sum, 6) + std::string("\0 ", 2) : fields.checksum);
    bytes_ += block;
    return *this;
  }
  TarBuilder& member(const Header& fields, std::string_view data = {}) {
    header(fields, data.size());
    bytes_ += data;
    return pad(512);
  }
  TarBuilder& file(std::string name, std::string_view data) {
    return member({.name = std::move(name)}, data);
  }
  TarBuilder& directory(std::string name) {
    return member({.name = std::move(name), .type = '5', .mode = "0000755"});
  }
  TarBuilder& symlink(std::string name, std::string target) {
    return member({.name = std::move(name), .type = '2', .link = std::move(target)});
  }
  TarBuilder& hard_link(std::string name, std::string target) {
    return member({.name = std::move(name), .type = '1', .link = std::move(target)});
  }
  /// A pax header of records that are formed rightly.
  TarBuilder& pax(std::vector<std::pair<std::string, std::string>> records, char type = 'x') {
    std::string text;
    for (auto const& [keyword, value] : records) text += record(keyword, value);
    return member({.name = "PaxHeaders/x", .type = type}, text);
  }
  static std::string record(const std::string& keyword, const std::string& value) {
    std::string const body = " " + keyword + "=" + value + "\n";
    std::size_t length = body.size();
    while (std::to_string(length).size() + body.size() != length)
      length = std::to_string(length).size() + body.size();
    return std::to_string(length) + body;
  }
  /// A GNU header with a long name ('L') or link target ('K').
  TarBuilder& gnu_long(char type, std::string_view text) {
    return member({.name = "././@LongLink", .type = type, .magic = std::string("ustar  \0", 8)},
                  std::string(text) + '\0');
  }
  TarBuilder& raw(std::string_view bytes) {
    bytes_ += bytes;
    return *this;
  }
  TarBuilder& zeros(std::size_t count) {
    bytes_.append(count, '\0');
    return *this;
  }
  TarBuilder& pad(std::size_t alignment) {
    return zeros((alignment - bytes_.size() % alignment) % alignment);
  }
  TarBuilder& end() { return zeros(1024); }
  TarBuilder& cut(std::size_t count) {
    bytes_.resize(bytes_.size() - count);
    return *this;
  }

  std::size_t size() const { return bytes_.size(); }
  std::span<const base::u8> bytes() const {
    return {static_cast<const base::u8*>(static_cast<const void*>(bytes_.data())), bytes_.size()};
  }

  static std::string octal(base::u64 value, std::size_t digits) {
    char text[32];
    std::snprintf(text, sizeof text, "%0*llo", static_cast<int>(digits),
                  static_cast<unsigned long long>(value));
    return text;
  }
  /// A number in GNU's base 256.
  static std::string base256(base::i64 value, std::size_t width) {
    std::string field(width, value < 0 ? '\xff' : '\0');
    for (std::size_t i = 0; i < 8 && i < width; ++i)
      field[width - 1 - i] = static_cast<char>(value >> (8 * i));
    field[0] = static_cast<char>(field[0] | '\x80');
    return field;
  }

 private:
  std::string bytes_;
};

}  // namespace nacre::test
