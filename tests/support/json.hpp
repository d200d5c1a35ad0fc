#pragma once

#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nacre::test {

/// A JSON value, for test expectations. A lone surrogate U+DCxx, which Python writes for a byte
/// that is not UTF-8, becomes that byte again.
class Json {
 public:
  enum class Kind { Null, Bool, Number, Text, Array, Object };

  /// Empty when `text` is not one JSON value.
  static std::optional<Json> parse(std::string_view text) {
    Parser parser{text};
    Json value;
    if (!parser.value(value)) return std::nullopt;
    parser.blanks();
    if (!parser.rest.empty()) return std::nullopt;
    return value;
  }

  Kind kind() const { return kind_; }
  const std::string& text() const { return text_; }
  bool boolean() const { return text_ == "true"; }
  long long integer() const { return std::strtoll(text_.c_str(), nullptr, 10); }
  double number() const { return std::strtod(text_.c_str(), nullptr); }
  const std::vector<Json>& elements() const { return elements_; }
  const std::map<std::string, Json>& members() const { return members_; }
  bool contains(const std::string& key) const { return members_.contains(key); }
  /// Null when there is no such member.
  const Json& operator[](const std::string& key) const {
    static const Json null;
    auto const found = members_.find(key);
    return found == members_.end() ? null : found->second;
  }

 private:
  struct Parser {
    std::string_view rest;

    void blanks() {
      while (!rest.empty() && std::string_view(" \t\r\n").contains(rest.front()))
        rest.remove_prefix(1);
    }
    bool take(std::string_view token) {
      blanks();
      if (!rest.starts_with(token)) return false;
      rest.remove_prefix(token.size());
      return true;
    }
    bool value(Json& out) {
      blanks();
      if (rest.empty()) return false;
      if (rest.front() == '"') {
        out.kind_ = Kind::Text;
        return string(out.text_);
      }
      if (take("{")) {
        out.kind_ = Kind::Object;
        if (take("}")) return true;
        do {
          std::string key;
          blanks();
          if (!string(key) || !take(":") || !value(out.members_[key])) return false;
        } while (take(","));
        return take("}");
      }
      if (take("[")) {
        out.kind_ = Kind::Array;
        if (take("]")) return true;
        do {
          if (!value(out.elements_.emplace_back())) return false;
        } while (take(","));
        return take("]");
      }
      for (std::string_view const word : {"null", "true", "false"}) {
        if (!take(word)) continue;
        out.kind_ = word == "null" ? Kind::Null : Kind::Bool;
        out.text_ = word;
        return true;
      }
      std::size_t const size = rest.find_first_not_of("+-.0123456789eE");
      out.kind_ = Kind::Number;
      out.text_ = rest.substr(0, size);
      rest.remove_prefix(out.text_.size());
      return !out.text_.empty();
    }
    bool string(std::string& out) {
      if (!take("\"")) return false;
      while (!rest.empty() && rest.front() != '"') {
        char const c = rest.front();
        rest.remove_prefix(1);
        if (c != '\\') {
          out += c;
          continue;
        }
        if (rest.empty()) return false;
        char const escape = rest.front();
        rest.remove_prefix(1);
        if (escape == 'u') {
          auto code = hex();
          if (!code) return false;
          if (*code >= 0xd800 && *code < 0xdc00 && rest.starts_with("\\u")) {
            rest.remove_prefix(2);
            auto const low = hex();
            if (!low) return false;
            code = 0x10000 + ((*code - 0xd800) << 10) + (*low - 0xdc00);
          }
          append(out, *code);
        } else {
          constexpr std::string_view names = "bfnrt";
          std::size_t const at = names.find(escape);
          out += at == std::string_view::npos ? escape : "\b\f\n\r\t"[at];
        }
      }
      return take("\"");
    }
    std::optional<unsigned> hex() {
      if (rest.size() < 4) return std::nullopt;
      unsigned const code =
          static_cast<unsigned>(std::strtoul(std::string(rest.substr(0, 4)).c_str(), nullptr, 16));
      rest.remove_prefix(4);
      return code;
    }
    static void append(std::string& out, unsigned code) {
      auto const put = [&](unsigned byte) { out += static_cast<char>(byte); };
      if (code < 0x80) return put(code);
      if (code >= 0xdc80 && code <= 0xdcff) return put(code - 0xdc00);
      if (code < 0x800) {
        put(0xc0 | code >> 6);
      } else if (code < 0x10000) {
        put(0xe0 | code >> 12);
        put(0x80 | (code >> 6 & 0x3f));
      } else {
        put(0xf0 | code >> 18);
        put(0x80 | (code >> 12 & 0x3f));
        put(0x80 | (code >> 6 & 0x3f));
      }
      put(0x80 | (code & 0x3f));
    }
  };

  Kind kind_ = Kind::Null;
  std::string text_;
  std::vector<Json> elements_;
  std::map<std::string, Json> members_;
};

}  // namespace nacre::test
