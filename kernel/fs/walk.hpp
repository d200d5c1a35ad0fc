#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <optional>
#include <span>
#include <string_view>

#include "kernel/fs/error.hpp"
#include "kernel/fs/path.hpp"
#include "lib/base/try.hpp"

namespace nacre::fs {

/// How a path is followed.
struct WalkOptions {
  /// Whether a symbolic link at the path's end is followed. Those on the way always are.
  bool follow_last = true;
  /// Whether the path must stay in the directory where it starts: absolute paths and links, and
  /// `..` there, are errors.
  bool beneath = false;
};

/// Where a path leads.
template <class Node>
struct Walked {
  /// The directory of the last name. The end itself when the path does not end in a name.
  Node parent;
  /// The last name, borrowed from the path or from a link. Empty for the root and after `.` or
  /// `..`.
  std::string_view name;
  /// The end. Nothing when the directory has no such name; the path may then be used to create it.
  std::optional<Node> node;
  /// Whether the path ended in a slash, so that only a directory may be there.
  bool must_be_directory = false;
};

/// A tree of directories that paths can be walked in.
template <class T>
concept WalkableTree = requires(T& tree, typename T::Node node, std::string_view name) {
  { node == node } -> std::convertible_to<bool>;
  { tree.root() } -> std::same_as<typename T::Node>;
  { tree.is_directory(node) } -> std::same_as<bool>;
  /// Of a directory. That of the root is the root.
  { tree.parent(node) } -> std::same_as<typename T::Node>;
  /// In a directory. Nothing when it has no such name.
  { tree.lookup(node, name) } -> std::same_as<Result<std::optional<typename T::Node>>>;
  /// The text of a symbolic link; nothing for other nodes.
  { tree.link_text(node) } -> std::same_as<std::optional<std::string_view>>;
};

/// How many symbolic links one path may lead through.
inline constexpr usize max_links = 40;

/// Follows `path` from `start`, or from the root if it is absolute. `..` is the parent of the real
/// directory, also behind a symbolic link; the root's is the root, so no path leads out of the
/// tree. [posix/xbd: "Pathname Resolution"] Errors: NotFound, NotADirectory, TooManyLinks,
/// NameTooLong, InvalidPath, OutsideDirectory, those of the tree. A link that leads nowhere is
/// shown as the part of `path` that names it.
template <WalkableTree Tree>
Result<Walked<typename Tree::Node>> walk(Tree& tree, typename Tree::Node start,
                                         std::string_view path, WalkOptions options = {}) {
  using Node = typename Tree::Node;
  if (path.empty()) return fail(ErrorKind::NotFound);
  if (path.size() > max_path) return fail(ErrorKind::NameTooLong);
  if (path.contains('\0')) return fail(ErrorKind::InvalidPath);

  Node at = start;
  std::string_view rest = path;
  // What is to be walked after the links that are being followed, innermost last.
  std::array<std::string_view, max_links> pending;
  usize depth = 0;
  usize links = 0;
  usize shown = 0;  // end of the last component that was taken from `path` itself
  Walked<Node> walked{at, {}, at};

  auto const begin = [&](usize end) -> Result<void> {
    if (!rest.starts_with('/')) return {};
    if (options.beneath) return fail(ErrorKind::OutsideDirectory, end);
    at = tree.root();
    walked = {at, {}, at};
    return {};
  };
  auto const is_slashes = [](std::string_view text) {
    return text.find_first_not_of('/') == std::string_view::npos;
  };
  TRY(begin(1));
  while (true) {
    std::string_view const component = take_component(rest);
    if (component.empty()) {
      if (depth == 0) break;
      rest = pending[--depth];
      continue;
    }
    usize const before = shown;
    if (depth == 0) shown = path.size() - rest.size();
    if (!tree.is_directory(at)) return fail(ErrorKind::NotADirectory, depth == 0 ? before : shown);
    if (component == "." || component == "..") {
      if (component == "..") {
        if (options.beneath && at == start) return fail(ErrorKind::OutsideDirectory, shown);
        at = tree.parent(at);
      }
      walked = {at, {}, at};
      continue;
    }
    if (component.size() > max_name) return fail(ErrorKind::NameTooLong, shown);

    std::span<const std::string_view> const later(pending.data(), depth);
    bool const last = is_slashes(rest) && std::ranges::all_of(later, is_slashes);
    bool const slash =
        last &&
        (!rest.empty() || std::ranges::any_of(later, [](auto text) { return !text.empty(); }));
    auto const found = tree.lookup(at, component);
    if (!found) return fail(found.error().kind, shown);
    if (!*found) {
      if (!last) return fail(ErrorKind::NotFound, shown);
      return Walked<Node>{at, component, std::nullopt, slash};
    }
    if (!last || slash || options.follow_last) {
      if (auto const text = tree.link_text(**found)) {
        if (++links > max_links) return fail(ErrorKind::TooManyLinks, shown);
        if (text->empty()) return fail(ErrorKind::NotFound, shown);
        pending[depth++] = rest;
        rest = *text;
        TRY(begin(shown));
        continue;
      }
    }
    if (slash && !tree.is_directory(**found)) return fail(ErrorKind::NotADirectory, shown);
    walked = {at, component, *found, slash};
    at = **found;
  }
  return walked;
}

}  // namespace nacre::fs
