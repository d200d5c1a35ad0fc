#include "kernel/fs/mirror_file_system.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <random>
#include <string>

#include "kernel/fs/tmp_file_system.hpp"
#include "tests/support/bytes_of.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/unit/kernel/fs/run_task.hpp"

namespace nacre::fs {
namespace {

using nacre::test::bytes_of;
using test::run;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

/// A folder as the host has it: paths to directories, links, and files that may have several names.
class Host final : public MirrorPeer {
 public:
  struct Node {
    NodeType type;
    std::string text;  // of a file or link
    i64 modified_ns = 0;
  };
  std::map<std::string, std::shared_ptr<Node>> tree;
  std::vector<std::string> log;  // without times
  usize writes = 0;
  /// How many changes it takes before it has no room.
  usize left = SIZE_MAX;
  std::optional<ErrorKind> outcome;
  int durable_syncs = 0;
  int syncs = 0;

  exec::Task<Result<void>> room() override {
    while (left == 0) co_await changed_.wait();
    co_return Result<void>();
  }
  void make_room(usize count) {
    left = count;
    changed_.wake_all();
  }
  exec::Task<Result<void>> sync(bool durable) override {
    ++syncs;
    durable_syncs += durable;
    if (outcome) co_return fail(*std::exchange(outcome, std::nullopt));
    co_return Result<void>();
  }
  void put(const MirrorChange& change) override {
    ASSERT_NE(left, 0u) << "nobody asked for room";
    left -= left == SIZE_MAX ? 0 : 1;
    std::string const path(change.path);
    std::string const other(change.other);
    switch (change.kind) {
      case MirrorChange::Kind::MakeDirectory: return add("mkdir", path, NodeType::Directory, "");
      case MirrorChange::Kind::MakeFile: return add("make", path, NodeType::File, "");
      case MirrorChange::Kind::MakeLink: return add("symlink", path, NodeType::Symlink, other);
      case MirrorChange::Kind::AddName:
        log.push_back("link " + path + " " + other);
        ASSERT_TRUE(tree.contains(path)) << path;
        ASSERT_FALSE(tree.contains(other)) << other;
        tree[other] = tree[path];
        return;
      case MirrorChange::Kind::RemoveFile:
      case MirrorChange::Kind::RemoveDirectory:
        log.push_back("remove " + path);
        ASSERT_EQ(tree.erase(path), 1u) << path;
        return;
      case MirrorChange::Kind::Rename: return rename(path, other);
      case MirrorChange::Kind::Write: {
        ++writes;
        log.push_back("write " + path + " " + std::to_string(change.offset) + "+" +
                      std::to_string(change.bytes.size()));
        std::string& text = file(path).text;
        if (text.size() < change.offset + change.bytes.size())
          text.resize(change.offset + change.bytes.size());
        std::ranges::copy(change.bytes, text.begin() + static_cast<std::ptrdiff_t>(change.offset));
        return;
      }
      case MirrorChange::Kind::Resize:
        log.push_back("resize " + path + " " + std::to_string(change.offset));
        file(path).text.resize(change.offset);
        return;
      case MirrorChange::Kind::SetTimes:
        ASSERT_TRUE(tree.contains(path)) << path;
        tree[path]->modified_ns = change.modified_ns;
        return;
    }
  }

 private:
  Node& file(const std::string& path) {
    EXPECT_TRUE(tree.contains(path) && tree[path]->type == NodeType::File) << path;
    return *tree[path];
  }
  void add(std::string_view what, const std::string& path, NodeType type, std::string text) {
    log.push_back(std::string(what) + " " + path);
    ASSERT_FALSE(tree.contains(path)) << path;
    tree[path] = std::make_shared<Node>(Node{type, std::move(text)});
  }
  void rename(const std::string& path, const std::string& other) {
    log.push_back("rename " + path + " " + other);
    ASSERT_TRUE(tree.contains(path)) << path;
    std::map<std::string, std::shared_ptr<Node>> moved;
    for (auto at = tree.begin(); at != tree.end();) {
      if (at->first == path || at->first.starts_with(path + "/")) {
        moved[other + at->first.substr(path.size())] = at->second;
        at = tree.erase(at);
      } else {
        ++at;
      }
    }
    for (auto& [name, node] : moved) tree[name] = node;
  }

  exec::WaitList changed_;
};

base::UnixTime now() { return {1000, 7}; }

class MirrorTest : public testing::Test {
 protected:
  MirrorTest() {
    auto inner = *TmpFileSystem::create({.limits = {}, .now = now, .key = {1, 2}});
    mirror_ = std::make_unique<MirrorFileSystem>(std::move(inner), host_);
    root_ = mirror_->root();
  }

  NodeId make(std::string_view name, NodeType type = NodeType::File) {
    return make(root_, name, type);
  }
  NodeId make(NodeId directory, std::string_view name, NodeType type = NodeType::File) {
    auto const made = mirror_->create(directory, name, type);
    EXPECT_TRUE(made);
    return *made;
  }
  void write(NodeId file, u64 offset, std::string_view text) {
    EXPECT_EQ(run(mirror_->write(file, offset, bytes_of(text))), text.size());
  }
  bool sync() { return run(mirror_->sync(root_, SyncScope::Everything)).has_value(); }
  std::string text_of(NodeId file) {
    std::string text(mirror_->stat(file).size, '\0');
    for (usize done = 0; done < text.size();) {
      auto const count = *run(
          mirror_->read(file, done, {std::bit_cast<u8*>(text.data()) + done, text.size() - done}));
      if (count == 0) break;
      done += count;
    }
    return text;
  }
  /// What the guest sees, as `Host::tree` has it.
  void list(NodeId directory, const std::string& prefix,
            std::map<std::string, std::pair<NodeType, std::string>>& found) {
    std::array<DirectoryEntry, 4> some;
    for (u64 cookie = 0;;) {
      usize const count = *mirror_->read_directory(directory, cookie, some);
      if (count == 0) return;
      for (const DirectoryEntry& entry : std::span(some).first(count)) {
        std::string const path = prefix + std::string(entry.name);
        NodeId const node = **mirror_->lookup(directory, entry.name);
        found[path] = {entry.type, entry.type == NodeType::File ? text_of(node)
                                   : entry.type == NodeType::Symlink
                                       ? std::string(mirror_->link_text(node))
                                       : ""};
        if (entry.type == NodeType::Directory) list(node, path + "/", found);
        cookie = entry.next;
      }
    }
  }
  void expect_same() {
    std::map<std::string, std::pair<NodeType, std::string>> guest;
    list(root_, "", guest);
    std::map<std::string, std::pair<NodeType, std::string>> host;
    for (auto const& [path, node] : host_.tree) host[path] = {node->type, node->text};
    ASSERT_EQ(guest.size(), host.size());
    for (auto const& [path, node] : guest) {
      ASSERT_TRUE(host.contains(path)) << path;
      ASSERT_EQ(host[path].first, node.first) << path;
      ASSERT_TRUE(host[path].second == node.second) << path << " has other bytes";
    }
  }

  Host host_;
  std::unique_ptr<MirrorFileSystem> mirror_;
  NodeId root_;
};

TEST_F(MirrorTest, NothingIsToldBeforeSomebodySyncs) {
  NodeId const file = make("f");
  write(file, 0, "hello");
  EXPECT_THAT(host_.log, IsEmpty());
  EXPECT_TRUE(sync());
  EXPECT_THAT(host_.log, ElementsAre("make f", "write f 0+5"));
  EXPECT_EQ(host_.durable_syncs, 1);
  EXPECT_EQ(mirror_->pending(), 0u);
  EXPECT_EQ(host_.tree["f"]->modified_ns, 1'000'000'000'007);
  EXPECT_TRUE(sync());
  EXPECT_EQ(host_.log.size(), 2u);
  EXPECT_EQ(host_.syncs, 2);
  expect_same();
}

TEST_F(MirrorTest, ManyWritesAreToldOnce) {
  NodeId const file = make("f");
  for (int i = 0; i < 1000; ++i) write(file, static_cast<u64>(i), "ab");
  write(file, 5000, "far");
  EXPECT_TRUE(sync());
  EXPECT_THAT(host_.log, ElementsAre("make f", "write f 0+1001", "write f 5000+3"));
  expect_same();
}

TEST_F(MirrorTest, LongWritesGoInPieces) {
  NodeId const file = make("f");
  write(file, 0, std::string(100'000, 'x'));
  EXPECT_TRUE(sync());
  EXPECT_EQ(host_.writes, (100'000 + MirrorChange::max_bytes - 1) / MirrorChange::max_bytes);
  expect_same();
}

TEST_F(MirrorTest, DataGoBeforeTheRenameThatFollowsThem) {
  write(make("target"), 0, "old");
  EXPECT_TRUE(sync());
  host_.log.clear();
  write(make("new"), 0, "new text");
  ASSERT_TRUE(mirror_->rename(root_, "new", root_, "target"));
  EXPECT_TRUE(sync());
  EXPECT_THAT(host_.log, ElementsAre("make new", "write new 0+8", "rename new target"));
  expect_same();
}

TEST_F(MirrorTest, WhatIsCutOffAndGrownIsZeros) {
  NodeId const file = make("f");
  write(file, 0, "0123456789");
  EXPECT_TRUE(sync());
  ASSERT_TRUE(mirror_->resize(file, 3));
  ASSERT_TRUE(mirror_->resize(file, 12));
  write(file, 8, "x");
  EXPECT_TRUE(sync());
  EXPECT_EQ(host_.tree["f"]->text, std::string("012\0\0\0\0\0x\0\0\0", 12));
  ASSERT_TRUE(mirror_->resize(file, 0));
  EXPECT_TRUE(sync());
  EXPECT_EQ(host_.tree["f"]->text, "");
  ASSERT_TRUE(run(mirror_->allocate(file, 10, 10)));
  EXPECT_TRUE(sync());
  EXPECT_EQ(host_.tree["f"]->text, std::string(20, '\0'));
}

TEST_F(MirrorTest, AnOpenFileIsFollowedThroughItsNames) {
  NodeId const directory = make("d", NodeType::Directory);
  NodeId const file = make(directory, "f");
  mirror_->hold(file);
  ASSERT_TRUE(mirror_->rename(directory, "f", root_, "g"));
  ASSERT_TRUE(mirror_->rename(root_, "d", root_, "e"));
  write(file, 0, "one");
  EXPECT_TRUE(sync());
  EXPECT_EQ(host_.tree["g"]->text, "one");

  // A second name; the one by which it was opened goes.
  ASSERT_TRUE(mirror_->link(directory, "second", file));
  ASSERT_TRUE(mirror_->remove(root_, "g", NodeType::File));
  write(file, 0, "two");
  EXPECT_TRUE(sync());
  EXPECT_EQ(host_.tree["e/second"]->text, "two");
  expect_same();

  // Without a name it is nobody's concern.
  host_.log.clear();
  ASSERT_TRUE(mirror_->remove(directory, "second", NodeType::File));
  write(file, 0, "three");
  EXPECT_TRUE(sync());
  EXPECT_THAT(host_.log, ElementsAre("remove e/second"));
  EXPECT_EQ(text_of(file), "three");
  mirror_->release(file);
  expect_same();
}

TEST_F(MirrorTest, AFileThatIsRemovedBeforeItWasToldIsNotRead) {
  NodeId const file = make("f");
  write(file, 0, "temporary");
  ASSERT_TRUE(mirror_->remove(root_, "f", NodeType::File));
  EXPECT_TRUE(sync());
  EXPECT_THAT(host_.log, ElementsAre("make f", "remove f"));
  EXPECT_EQ(host_.tree.size(), 0u);
}

TEST_F(MirrorTest, WhatFailsIsNotTold) {
  make("f");
  EXPECT_FALSE(mirror_->create(root_, "f", NodeType::File));
  EXPECT_FALSE(mirror_->remove(root_, "f", NodeType::Directory));
  EXPECT_FALSE(mirror_->remove(root_, "g", NodeType::File));
  EXPECT_FALSE(mirror_->rename(root_, "g", root_, "h"));
  ASSERT_TRUE(mirror_->link(root_, "same", **mirror_->lookup(root_, "f")));
  EXPECT_TRUE(mirror_->rename(root_, "f", root_, "same"));
  EXPECT_TRUE(sync());
  EXPECT_THAT(host_.log, ElementsAre("make f", "link f same"));
  NodeId const directory = make("d", NodeType::Directory);
  mirror_->hold(directory);
  ASSERT_TRUE(mirror_->remove(root_, "d", NodeType::Directory));
  EXPECT_EQ(mirror_->create(directory, "x", NodeType::File).error().kind, ErrorKind::NotFound);
  mirror_->release(directory);
  EXPECT_TRUE(sync());
  expect_same();
}

TEST_F(MirrorTest, TimesAreTold) {
  NodeId const file = make("f");
  NodeId const directory = make("d", NodeType::Directory);
  ASSERT_TRUE(mirror_->set_times(file, std::nullopt, base::UnixTime{5, 6}));
  ASSERT_TRUE(mirror_->set_times(directory, std::nullopt, base::UnixTime{-1, 999'999'999}));
  EXPECT_TRUE(mirror_->set_times(root_, std::nullopt, base::UnixTime{5, 6}));
  EXPECT_TRUE(sync());
  EXPECT_EQ(host_.tree["f"]->modified_ns, 5'000'000'006);
  EXPECT_EQ(host_.tree["d"]->modified_ns, -1);
}

TEST_F(MirrorTest, TheHostsErrorsAreTheSyncs) {
  make("f");
  host_.outcome = ErrorKind::NoSpace;
  auto const failed = run(mirror_->sync_all());
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::NoSpace);
  EXPECT_TRUE(run(mirror_->sync_all()));
  EXPECT_TRUE(run(mirror_->deliver()));
  EXPECT_EQ(host_.durable_syncs, 2);
}

TEST_F(MirrorTest, WhatComesTogetherIsToldByItself) {
  exec::Executor executor([] { return base::Instant{}; });
  auto const task = executor.spawn("mirror", mirror_->run());
  ASSERT_TRUE(task);
  for (int i = 0; i < 255; ++i) make("f" + std::to_string(i));
  executor.run_until_idle();
  EXPECT_THAT(host_.log, IsEmpty());
  make("last");
  executor.run_until_idle();
  EXPECT_EQ(host_.log.size(), 256u);
  EXPECT_EQ(mirror_->pending(), 0u);

  NodeId const file = make("large");
  for (int i = 0; i < 16; ++i) write(file, static_cast<u64>(i) << 16, std::string(65536, 'x'));
  executor.run_until_idle();
  EXPECT_EQ(mirror_->pending(), 0u);
  EXPECT_EQ(host_.syncs, 0);
  expect_same();
}

TEST_F(MirrorTest, ASyncThatIsStoppedLosesNothing) {
  NodeId const file = make("f");
  write(file, 0, std::string(10 * MirrorChange::max_bytes, 'x'));
  ASSERT_TRUE(mirror_->resize(file, 100));
  write(file, 5 * MirrorChange::max_bytes, std::string(3 * MirrorChange::max_bytes, 'y'));
  make("d", NodeType::Directory);
  ASSERT_TRUE(mirror_->rename(root_, "f", root_, "g"));
  exec::Executor executor([] { return base::Instant{}; });
  for (int i = 0; i < 30; ++i) {
    host_.left = 0;
    auto task = executor.spawn("sync", mirror_->sync_all());
    ASSERT_TRUE(task);
    executor.run_until_idle();
    host_.make_room(1);
    executor.run_until_idle();
    task->cancel();
  }
  host_.make_room(SIZE_MAX);
  EXPECT_TRUE(sync());
  expect_same();
}

/// Anything that programs do, synced now and then, with a host that is slow and syncs that are
/// stopped.
TEST_F(MirrorTest, TheHostHasWhatTheGuestHasWhateverHappens) {
  for (u32 seed = 1; seed <= 60; ++seed) {
    std::mt19937 random(seed);
    host_.tree.clear();
    auto inner = *TmpFileSystem::create({.limits = {}, .now = now, .key = {seed, 2}});
    mirror_ = std::make_unique<MirrorFileSystem>(std::move(inner), host_);
    root_ = mirror_->root();
    exec::Executor executor([] { return base::Instant{}; });
    std::vector<NodeId> held;
    auto const directory = [&] {
      NodeId at = root_;
      for (int depth = 0; depth < 3; ++depth) {
        auto const inside = *mirror_->lookup(at, "d" + std::to_string(random() % 3));
        if (!inside || mirror_->type(*inside) != NodeType::Directory || random() % 3 == 0) break;
        at = *inside;
      }
      return at;
    };
    auto const name = [&] { return "f" + std::to_string(random() % 5); };
    auto const file_in = [&](NodeId at) -> std::optional<NodeId> {
      auto const found = *mirror_->lookup(at, name());
      return found && mirror_->type(*found) == NodeType::File ? found : std::nullopt;
    };
    auto const any_file = [&]() -> std::optional<NodeId> {
      if (!held.empty() && random() % 2 == 0) return held[random() % held.size()];
      return file_in(directory());
    };
    std::optional<exec::JoinHandle<Result<void>>> syncing;
    for (int step = 0; step < 400; ++step) {
      NodeId const at = directory();
      switch (random() % 14) {
        case 0:
          static_cast<void>(
              mirror_->create(at, "d" + std::to_string(random() % 3), NodeType::Directory));
          break;
        case 1:
        case 2: static_cast<void>(mirror_->create(at, name(), NodeType::File)); break;
        case 3: static_cast<void>(mirror_->create_symlink(at, name(), "to " + name())); break;
        case 4: static_cast<void>(mirror_->remove(at, name(), NodeType::File)); break;
        case 5:
          static_cast<void>(
              mirror_->remove(at, "d" + std::to_string(random() % 3), NodeType::Directory));
          break;
        case 6: static_cast<void>(mirror_->rename(at, name(), directory(), name())); break;
        case 7: {
          // Not to below itself, which is for the user of file systems to see.
          NodeId const to = at;
          static_cast<void>(mirror_->rename(at, "d" + std::to_string(random() % 3), to,
                                            "d" + std::to_string(random() % 3)));
          break;
        }
        case 8:
          if (auto const file = any_file()) static_cast<void>(mirror_->link(at, name(), *file));
          break;
        case 9:
          if (auto const file = file_in(at); file && held.size() < 5) {
            mirror_->hold(*file);
            held.push_back(*file);
          } else if (!held.empty()) {
            mirror_->release(held.back());
            held.pop_back();
          }
          break;
        case 10:
          if (auto const file = any_file())
            static_cast<void>(mirror_->resize(*file, random() % 40'000));
          break;
        case 11: {
          host_.make_room(random() % 4);
          syncing = *executor.spawn("sync", mirror_->sync_all());
          executor.run_until_idle();
          break;
        }
        case 12:
          host_.make_room(random() % 3 == 0 ? SIZE_MAX : random() % 10);
          executor.run_until_idle();
          if (random() % 2 == 0) syncing.reset();
          break;
        default:
          if (auto const file = any_file())
            write(*file, random() % 30'000,
                  std::string(1 + random() % 9'000, static_cast<char>('a' + random() % 26)));
      }
    }
    syncing.reset();
    host_.make_room(SIZE_MAX);
    EXPECT_TRUE(sync());
    ASSERT_NO_FATAL_FAILURE(expect_same()) << "seed " << seed;
    for (NodeId const node : held) mirror_->release(node);
  }
}

TEST_F(MirrorTest, EveryAllocationMayFail) {
  int round = 0;
  ::nacre::test::fail_each_allocation([&] {
    Host host;
    auto inner = TmpFileSystem::create({.limits = {}, .now = now, .key = {1, 2}});
    if (!inner) return false;
    auto mirror = base::try_make<MirrorFileSystem>(std::move(*inner), host);
    if (!mirror) return false;
    ++round;
    MirrorFileSystem& fs = **mirror;
    NodeId const root = fs.root();
    auto const directory = fs.create(root, "d", NodeType::Directory);
    if (!directory) return false;
    auto const file = fs.create(*directory, "f", NodeType::File);
    if (!file) return false;
    fs.hold(*file);
    bool const done =
        run(fs.write(*file, 0, bytes_of("text"))).has_value() &&
        fs.rename(*directory, "f", root, "g").has_value() &&
        fs.link(*directory, "h", *file).has_value() &&
        fs.remove(root, "g", NodeType::File).has_value() && fs.resize(*file, 100).has_value() &&
        fs.create_symlink(root, "l", "to").has_value() && run(fs.sync_all()).has_value();
    fs.release(*file);
    return done;
  });
  EXPECT_GT(round, 20);
}

TEST(ByteRangesTest, AreInOrderAndDoNotTouch) {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    ByteRanges ranges;
    std::vector<bool> wanted(400);
    for (int i = 0; i < 30; ++i) {
      u64 const start = random() % 380;
      u64 const end = start + random() % 20;
      ASSERT_TRUE(ranges.add({start, end}));
      for (u64 at = start; at < end; ++at) wanted[at] = true;
    }
    std::vector<bool> found(400);
    u64 before = 0;
    for (auto const& [start, end] : ranges) {
      ASSERT_LT(start, end);
      ASSERT_TRUE(&start == &ranges.begin()->start || start > before);
      before = end;
      for (u64 at = start; at < end; ++at) found[at] = true;
    }
    ASSERT_EQ(found, wanted);
  }
}

TEST(ByteRangesTest, AreNotManyAndCoverAll) {
  ByteRanges ranges;
  for (u64 i = 0; i < 1000; ++i) ASSERT_TRUE(ranges.add({i * 10, i * 10 + 1 + i % 3}));
  EXPECT_LE(ranges.count(), ByteRanges::most);
  for (u64 i = 0; i < 1000; ++i) {
    EXPECT_TRUE(std::ranges::any_of(ranges, [&](ByteRange range) {
      return range.start <= i * 10 && range.end > i * 10 + i % 3;
    }));
  }
}

TEST(NodeMapTest, FindsWhatIsThere) {
  NodeMap<int> map;
  std::map<u64, int> wanted;
  std::mt19937 random(9);
  for (int i = 0; i < 20'000; ++i) {
    u64 const node = random() % 3000;
    if (random() % 3 == 0) {
      map.erase({node});
      wanted.erase(node);
    } else {
      **map.find_or_add({node}) = i;
      wanted[node] = i;
    }
  }
  EXPECT_EQ(map.size(), wanted.size());
  for (u64 node = 0; node < 3000; ++node) {
    int const* const found = map.find({node});
    ASSERT_EQ(found != nullptr, wanted.contains(node));
    if (found != nullptr) {
      ASSERT_EQ(*found, wanted[node]);
    }
  }
}

}  // namespace
}  // namespace nacre::fs
