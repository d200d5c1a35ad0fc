#include "kernel/fs/copy_tree.hpp"

#include <optional>

#include "kernel/fs/node_map.hpp"
#include "lib/exec/wait.hpp"

namespace nacre::fs {
namespace {

struct Pair {
  NodeId from;
  NodeId to;
};

/// What was copied already and has further names, by inode.
using Copied = NodeMap<std::optional<NodeId>>;

/// The bytes of a file that are not in memory in one piece.
exec::Task<Result<void>> copy_bytes(FileSystem& from, NodeId file, TmpFileSystem& to, NodeId copy) {
  std::array<u8, 1024> piece;
  for (u64 offset = 0;;) {
    CO_TRY(usize const count, co_await from.read(file, offset, piece));
    if (count == 0) break;
    for (std::span<const u8> rest = std::span(piece).first(count); !rest.empty();) {
      CO_TRY(usize const written, co_await to.write(copy, offset, rest));
      rest = rest.subspan(written);
      offset += written;
    }
  }
  co_return Result<void>();
}

}  // namespace

exec::Task<Result<void>> copy_tree(FileSystem& from, NodeId directory, TmpFileSystem& to) {
  base::Vector<Pair> directories;
  CO_TRY(directories.try_push_back({directory, to.root()}));
  Copied copied;
  std::array<DirectoryEntry, 16> some;
  for (usize i = 0; i < directories.size(); ++i) {
    Pair const at = directories[i];
    for (u64 cookie = 0;;) {
      CO_TRY(usize const count, from.read_directory(at.from, cookie, some));
      if (count == 0) break;
      cookie = some[count - 1].next;
      for (const DirectoryEntry& entry : std::span(some).first(count)) {
        CO_TRY(auto const node, from.lookup(at.from, entry.name));
        if (!node) continue;
        Stat const stat = from.stat(*node);
        std::optional<NodeId>* copy = nullptr;
        if (entry.type != NodeType::Directory && stat.links > 1) {
          CO_TRY(copy, copied.find_or_add({stat.inode}));
          if (*copy) {
            CO_TRY(to.link(at.to, entry.name, **copy));
            to.set_attributes(**copy, stat);
            continue;
          }
        }
        NodeId made;
        switch (entry.type) {
          case NodeType::CharacterDevice: continue;
          case NodeType::Symlink: {
            CO_TRY(made, to.create_symlink(at.to, entry.name, from.link_text(*node)));
            break;
          }
          case NodeType::Directory: {
            CO_TRY(made, to.create(at.to, entry.name, NodeType::Directory));
            CO_TRY(directories.try_push_back({*node, made}));
            break;
          }
          case NodeType::File: {
            if (auto const bytes = from.contents(*node)) {
              CO_TRY(made, to.create_borrowing(at.to, entry.name, {*bytes, bytes->size(), {}}));
            } else {
              CO_TRY(made, to.create(at.to, entry.name, NodeType::File));
              CO_TRY(co_await copy_bytes(from, *node, to, made));
            }
            break;
          }
        }
        to.set_attributes(made, stat);
        if (copy != nullptr) *copy = made;
      }
      co_await exec::yield();
    }
  }
  // What was put into them has changed their times.
  for (const Pair& pair : directories) to.set_attributes(pair.to, from.stat(pair.from));
  co_return Result<void>();
}

}  // namespace nacre::fs
