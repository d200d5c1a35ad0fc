#pragma once

#include <string_view>

#include "kernel/fs/error.hpp"
#include "lib/base/string.hpp"

namespace nacre::fs {

/// Longest path and longest name, in bytes.
inline constexpr usize max_path = 4096;
inline constexpr usize max_name = 255;

/// Takes the next component off the front of `rest`, with the slashes before it; empty at the end.
/// What is left begins with the slash behind it, if there is one.
constexpr std::string_view take_component(std::string_view& rest) {
  usize begin = 0;
  while (begin < rest.size() && rest[begin] == '/') ++begin;
  usize end = begin;
  while (end < rest.size() && rest[end] != '/') ++end;
  std::string_view const component = rest.substr(begin, end - begin);
  rest.remove_prefix(end);
  return component;
}

/// `path` as seen from `directory`, an absolute path, as an absolute path of plain names: `.`, `..`
/// and doubled slashes are gone, and `..` at the root stays there. By the text alone: symbolic
/// links are not looked at, so `a/link/..` is `a`. Errors: NameTooLong, InvalidPath, OutOfMemory.
Result<base::String> normalise(std::string_view directory, std::string_view path);

/// The last name of a path; empty for the root and for nothing.
constexpr std::string_view last_name(std::string_view path) {
  std::string_view last;
  while (true) {
    std::string_view const component = take_component(path);
    if (component.empty()) return last;
    last = component;
  }
}
static_assert(last_name("/a/bc//") == "bc" && last_name("//").empty());

/// What stands before the last name of a path, without slashes at its end; empty if that is one
/// name, or the root.
constexpr std::string_view without_last_name(std::string_view path) {
  auto const drop_slashes = [&] {
    while (path.ends_with('/')) path.remove_suffix(1);
  };
  drop_slashes();
  path.remove_suffix(last_name(path).size());
  drop_slashes();
  return path;
}
static_assert(without_last_name("/a//bc//") == "/a" && without_last_name("a/").empty());
static_assert(without_last_name("/a").empty() && without_last_name("//").empty());

}  // namespace nacre::fs
