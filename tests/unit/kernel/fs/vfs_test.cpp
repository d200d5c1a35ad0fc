#include "kernel/fs/vfs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "kernel/fs/tar_file_system.hpp"
#include "kernel/fs/tmp_file_system.hpp"
#include "tests/support/bytes_of.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/support/tar_builder.hpp"
#include "tests/unit/kernel/fs/run_task.hpp"

namespace nacre::fs {
namespace {

using nacre::test::bytes_of;
using nacre::test::TarBuilder;
using test::run;
using testing::ElementsAre;

/// A read-only root with a changeable file system at /tmp, which has no place of its own in it, and
/// another one inside that.
class VfsTest : public testing::Test {
 protected:
  void SetUp() override {
    archive_.directory("bin").file("bin/ls", "list").file("hello.txt", "hello world");
    archive_.directory("home/me").symlink("home/me/up", "../..").symlink("abs", "/bin/ls");
    archive_.symlink("loop1", "loop2").symlink("loop2", "loop1").symlink("dangling", "tmp/new");
    archive_.symlink("bin/here", ".")
        .symlink("dirlink", "bin")
        .symlink("out", "../../../hello.txt");
    archive_.symlink("slashed", "bin/").file("zz", "").end();
    auto const ignore = [](const archive::Problem&) {};
    auto vfs = Vfs::create(std::move(*TarFileSystem::create(archive_.bytes(), ignore)));
    ASSERT_TRUE(vfs);
    vfs_.emplace(std::move(*vfs));
    tmp_ = mount("/tmp");
    inner_ = mount("/tmp/inner");
  }

  TmpFileSystem* mount(std::string_view path) {
    auto fs = TmpFileSystem::create({});
    auto* const raw = fs->get();
    EXPECT_TRUE(vfs_->mount(path, std::move(*fs))) << path;
    return raw;
  }
  Location root() const { return vfs_->root(); }

  /// The whole of a file, or how it failed and where.
  std::string cat(std::string_view path, WalkOptions options = {}, Location start = {}) {
    auto file =
        run(vfs_->open(start.file_system == nullptr ? root() : start, path, {.walk = options}));
    if (!file) return problem(file.error(), path);
    std::string text;
    std::array<u8, 3> buffer{};
    while (true) {
      auto const count = run(file->read(buffer));
      if (!count) return problem(count.error(), path);
      if (*count == 0) return text;
      text.append(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*count));
    }
  }
  static std::string problem(Error error, std::string_view path) {
    return std::string(error.part_of(path)) + ": " + std::string(describe(error.kind));
  }
  std::string show(const Result<void>& result, std::string_view path) {
    return result ? "ok" : problem(result.error(), path);
  }
  std::vector<std::string> list(std::string_view path) {
    auto directory = run(vfs_->open_directory(root(), path));
    if (!directory) return {problem(directory.error(), path)};
    return read_all(*directory);
  }
  static std::vector<std::string> read_all(Directory& directory) {
    std::vector<std::string> names;
    std::array<DirectoryEntry, 2> some;
    while (true) {
      auto const count = directory.read(some);
      if (!count || *count == 0) return names;
      for (const DirectoryEntry& entry : std::span(some).first(*count))
        names.push_back(std::string(entry.name) + (entry.type == NodeType::Directory ? "/" : ""));
      EXPECT_EQ(directory.cookie(), some[*count - 1].next);
    }
  }
  std::string write(std::string_view path, std::string_view text, OpenOptions options = {}) {
    options.access.write = true;
    auto file = run(vfs_->open(root(), path, options));
    if (!file) return problem(file.error(), path);
    return show(run(write_all(*file, bytes_of(text))), path);
  }

  TarBuilder archive_;
  std::optional<Vfs> vfs_;
  TmpFileSystem* tmp_ = nullptr;
  TmpFileSystem* inner_ = nullptr;
};

// ---- Paths

TEST_F(VfsTest, FollowsPaths) {
  EXPECT_EQ(cat("/hello.txt"), "hello world");
  EXPECT_EQ(cat("hello.txt"), "hello world");
  EXPECT_EQ(cat("//bin/.//../bin/ls"), "list");
  EXPECT_EQ(cat("../../hello.txt"), "hello world") << "the root's parent is the root";
  EXPECT_EQ(cat("abs"), "list");
  EXPECT_EQ(cat("out"), "hello world");
  EXPECT_EQ(cat("bin/here/here/ls"), "list");
  EXPECT_EQ(cat("slashed/ls"), "list");
  EXPECT_EQ(cat("home/me/up/hello.txt"), "hello world");
  EXPECT_EQ(cat("home/me/up/../bin/ls"), "list") << "the parent of where the link leads";
  Location const bin = *run(vfs_->locate(root(), "bin"));
  EXPECT_EQ(cat("ls", {}, bin), "list");
  EXPECT_EQ(cat("../hello.txt", {}, bin), "hello world");
  EXPECT_EQ(cat("/hello.txt", {}, bin), "hello world");
}

TEST_F(VfsTest, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(cat(""), ": no such file or directory");
  EXPECT_EQ(cat("nowhere"), "nowhere: no such file or directory");
  EXPECT_EQ(cat("/bin/no/where"), "/bin/no: no such file or directory");
  EXPECT_EQ(cat("hello.txt/x"), "hello.txt: not a directory");
  EXPECT_EQ(cat("bin/ls/.."), "bin/ls: not a directory");
  EXPECT_EQ(cat("hello.txt/"), "hello.txt: not a directory");
  EXPECT_EQ(cat("hello.txt/."), "hello.txt: not a directory");
  EXPECT_EQ(cat("abs/"), "abs: not a directory");
  EXPECT_EQ(cat("bin"), "bin: is a directory");
  EXPECT_EQ(cat("/"), "/: is a directory");
  EXPECT_EQ(cat("loop1/x"), "loop1: too many symbolic links");
  EXPECT_EQ(cat("bin/" + std::string(256, 'x') + "/y").substr(260), ": name too long");
  EXPECT_EQ(cat(std::string(4097, '/')).substr(4097), ": name too long");
  EXPECT_EQ(cat(std::string_view("a\0b", 3)).substr(3), ": invalid path");
  EXPECT_EQ(cat("dangling"), "dangling: no such file or directory");
  EXPECT_EQ(cat("dangling/x"), "dangling: no such file or directory");
  EXPECT_EQ(cat("abs", {.follow_last = false}), "abs: too many symbolic links");
}

TEST_F(VfsTest, KeepsPathsBeneathADirectory) {
  WalkOptions const beneath{.beneath = true};
  Location const home = *run(vfs_->locate(root(), "home"));
  EXPECT_EQ(cat("/hello.txt", beneath), "/: leads out of its directory");
  EXPECT_EQ(cat("../hello.txt", beneath, home), "..: leads out of its directory");
  EXPECT_EQ(cat("me/../../hello.txt", beneath, home), "me/../..: leads out of its directory");
  EXPECT_EQ(cat("me/up/hello.txt", beneath, home), "me/up: leads out of its directory");
  EXPECT_EQ(cat("abs", beneath), "abs: leads out of its directory");
  EXPECT_EQ(cat("home/me/up/hello.txt", beneath), "hello world");
  EXPECT_EQ(cat("bin/../bin/ls", beneath), "list");
}

/// Whatever stands in the tree, no path leads out of it: through links to links, upwards, from the
/// root, at the end of a path or in its middle.
TEST_F(VfsTest, NoChainOfLinksLeadsOut) {
  WalkOptions const beneath{.beneath = true};
  auto const link = [&](std::string_view text, std::string_view path) {
    ASSERT_TRUE(run(vfs_->create_symlink(text, root(), path))) << path;
  };
  ASSERT_TRUE(run(vfs_->create_directory(root(), "tmp/box")));
  ASSERT_TRUE(run(vfs_->create_directory(root(), "tmp/box/d")));
  ASSERT_EQ(write("tmp/secret", "secret", {.create = true}), "ok");
  ASSERT_EQ(write("tmp/box/d/f", "inside", {.create = true}), "ok");
  link("../secret", "tmp/box/up");
  link("up", "tmp/box/chain");
  link("chain", "tmp/box/chain2");
  link("d/../../secret", "tmp/box/through");
  link("/tmp/secret", "tmp/box/root");
  link("..", "tmp/box/d/parent");
  link("d/parent/d/parent/..", "tmp/box/parents");
  link("d/parent/d/f", "tmp/box/fine");
  link("self", "tmp/box/self");
  link("ring2/x", "tmp/box/ring1");
  link("ring1/x", "tmp/box/ring2");
  Location const box = *run(vfs_->locate(root(), "tmp/box"));
  for (std::string const path :
       {"up", "chain", "chain2", "through", "root", "parents", "parents/secret", "d/parent/..",
        "d/parent/../secret", "../secret", "/tmp/secret", "d/../../secret", "chain2/x"}) {
    auto const outside = [&](auto const& result) {
      EXPECT_FALSE(result) << path;
      if (!result) EXPECT_EQ(result.error().kind, ErrorKind::OutsideDirectory) << path;
    };
    outside(run(vfs_->open_node(box, path, {.walk = beneath})));
    outside(run(
        vfs_->open_node(box, path, {.access = {.write = true}, .create = true, .walk = beneath})));
    outside(run(vfs_->stat(box, path, beneath)));
    outside(run(vfs_->set_times(box, path, {}, base::UnixTime{}, beneath)));
    outside(run(vfs_->link(box, path, box, "new", beneath)));
    outside(run(vfs_->remove_file(box, path + "/", beneath)));
    outside(run(vfs_->create_directory(box, path + "/y", beneath)));
    outside(run(vfs_->rename(box, "d/f", box, path + "/y", beneath)));
  }
  EXPECT_EQ(cat("fine", beneath, box), "inside");
  EXPECT_EQ(cat("d/parent/d/f", beneath, box), "inside");
  EXPECT_EQ(cat("d/parent/up", beneath, box), "d/parent/up: leads out of its directory");
  for (std::string_view const path : {"self", "ring1", "ring2/y"})
    EXPECT_EQ(run(vfs_->stat(box, path, beneath)).error().kind, ErrorKind::TooManyLinks) << path;
  EXPECT_EQ(cat("tmp/secret"), "secret");
}

TEST_F(VfsTest, LinksAreFollowedOrMeant) {
  ASSERT_EQ(write("tmp/f", "x", {.create = true}), "ok");
  ASSERT_TRUE(run(vfs_->create_symlink("f", root(), "tmp/s")));
  ASSERT_TRUE(run(vfs_->link(root(), "tmp/s", root(), "tmp/of_file")));
  ASSERT_TRUE(run(vfs_->link(root(), "tmp/s", root(), "tmp/of_link", {.follow_last = false})));
  WalkOptions const meant{.follow_last = false};
  EXPECT_EQ(run(vfs_->stat(root(), "tmp/of_file", meant))->type, NodeType::File);
  EXPECT_EQ(run(vfs_->stat(root(), "tmp/of_link", meant))->type, NodeType::Symlink);
  ASSERT_TRUE(run(vfs_->set_times(root(), "tmp/s", {}, base::UnixTime{5, 0}, meant)));
  EXPECT_EQ(run(vfs_->stat(root(), "tmp/s", meant))->modified.seconds, 5);
  EXPECT_EQ(run(vfs_->stat(root(), "tmp/s"))->modified.seconds, 0);
  EXPECT_EQ(run(vfs_->stat(root(), "tmp/f"))->links, 2u);
}

TEST_F(VfsTest, AnswersStatAndLinks) {
  auto const stat = run(vfs_->stat(root(), "abs"));
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->size, 4u);
  EXPECT_EQ(run(vfs_->stat(root(), "abs", {.follow_last = false}))->type, NodeType::Symlink);
  EXPECT_EQ(run(vfs_->stat(root(), "dirlink/", {.follow_last = false}))->type, NodeType::Directory);
  EXPECT_EQ(stat->file_system, 0u);
  EXPECT_EQ(run(vfs_->stat(root(), "tmp/inner"))->file_system, 2u);
  EXPECT_EQ(run(vfs_->open_directory(root(), "tmp/inner"))->stat().file_system, 2u);
  EXPECT_EQ(*run(vfs_->read_link(root(), "abs")), "/bin/ls");
  EXPECT_EQ(run(vfs_->read_link(root(), "bin")).error().kind, ErrorKind::NotASymlink);
}

TEST_F(VfsTest, NamesDirectories) {
  auto const path_of = [&](std::string_view path) {
    return std::string(run(vfs_->path_of(*run(vfs_->locate(root(), path))))->view());
  };
  EXPECT_EQ(path_of("/"), "/");
  EXPECT_EQ(path_of("home/me"), "/home/me");
  EXPECT_EQ(path_of("tmp"), "/tmp");
  EXPECT_EQ(path_of("tmp/inner"), "/tmp/inner");
  ASSERT_TRUE(run(vfs_->create_directory(root(), "tmp/inner/d")));
  EXPECT_EQ(path_of("home/me/up/tmp/inner/d"), "/tmp/inner/d");
}

// ---- Mounts

TEST_F(VfsTest, ListsWhatIsMounted) {
  EXPECT_THAT(list("/"), ElementsAre("tmp/", "abs", "bin/", "dangling", "dirlink", "hello.txt",
                                     "home/", "loop1", "loop2", "out", "slashed", "zz"));
  ASSERT_EQ(write("tmp/file", "x", {.create = true}), "ok");
  EXPECT_THAT(list("tmp"), ElementsAre("inner/", "file"));
  EXPECT_THAT(list("bin/ls"), ElementsAre("bin/ls: not a directory"));
}

TEST_F(VfsTest, AMountHidesWhatHasItsName) {
  mount("/bin");
  EXPECT_EQ(cat("bin/ls"), "bin/ls: no such file or directory");
  EXPECT_THAT(list("/"), ElementsAre("tmp/", "bin/", "abs", "dangling", "dirlink", "hello.txt",
                                     "home/", "loop1", "loop2", "out", "slashed", "zz"));
}

TEST_F(VfsTest, ParentsLeadOutOfMounts) {
  EXPECT_EQ(cat("tmp/inner/../../hello.txt"), "hello world");
  ASSERT_TRUE(run(vfs_->create_symlink("../../bin/ls", root(), "tmp/inner/ls")));
  EXPECT_EQ(cat("tmp/inner/ls"), "list");
}

TEST_F(VfsTest, RefusesMountsThatCannotBe) {
  auto const attempt = [&](std::string_view path) {
    return show(vfs_->mount(path, std::move(*TmpFileSystem::create({}))), path);
  };
  EXPECT_EQ(attempt("/"), "/: something is mounted there");
  EXPECT_EQ(attempt("/tmp"), "/tmp: something is mounted there");
  EXPECT_EQ(attempt("/hello.txt"), "/hello.txt: not a directory");
  EXPECT_EQ(attempt("/no/where"), "/no: no such file or directory");
  EXPECT_EQ(attempt("/bin/.."), "/bin/..: something is mounted there");
  EXPECT_EQ(attempt("/home/me/.."), "/home/me/..: names no place");
}

TEST_F(VfsTest, DirectoriesCanBeReadFromAnywhere) {
  mount("/bin");
  for (const char* path : {"/", "home", "tmp"}) {
    auto directory = run(vfs_->open_directory(root(), path));
    ASSERT_TRUE(directory);
    std::vector<u64> cookies{0};
    std::array<DirectoryEntry, 1> one;
    while (*directory->read(one) > 0) cookies.push_back(one[0].next);
    directory->seek(0);
    auto const all = read_all(*directory);
    ASSERT_EQ(cookies.size(), all.size() + 1);
    for (usize position = 0; position < cookies.size(); ++position) {
      directory->seek(cookies[position]);
      EXPECT_EQ(directory->cookie(), cookies[position]);
      auto const rest = read_all(*directory);
      EXPECT_EQ(rest, std::vector(all.begin() + static_cast<std::ptrdiff_t>(position), all.end()));
    }
    directory->seek(UINT64_MAX);
    read_all(*directory);
    EXPECT_EQ(*directory->read({}), 0u);
  }
}

// ---- Open files

TEST_F(VfsTest, FilesHavePositions) {
  auto file = run(vfs_->open(root(), "hello.txt"));
  ASSERT_TRUE(file);
  std::array<u8, 5> buffer{};
  EXPECT_EQ(*run(file->read(buffer)), 5u);
  EXPECT_EQ(file->position(), 5u);
  EXPECT_EQ(*run(file->read_at(6, buffer)), 5u);
  EXPECT_EQ(buffer[0], 'w');
  EXPECT_EQ(file->position(), 5u);
  EXPECT_EQ(*file->seek(-1, OpenFile::Whence::End), 10u);
  EXPECT_EQ(*run(file->read(buffer)), 1u);
  EXPECT_EQ(*file->seek(-4, OpenFile::Whence::Current), 7u);
  EXPECT_EQ(*file->seek(100, OpenFile::Whence::Start), 100u);
  EXPECT_EQ(*run(file->read(buffer)), 0u);
  EXPECT_EQ(file->seek(-101, OpenFile::Whence::Current).error().kind, ErrorKind::InvalidOffset);
  EXPECT_EQ(file->seek(INT64_MAX, OpenFile::Whence::Current).error().kind,
            ErrorKind::InvalidOffset);
  EXPECT_EQ(file->position(), 100u);
  EXPECT_EQ(run(file->write(bytes_of("x"))).error().kind, ErrorKind::NotOpenForWriting);
  EXPECT_EQ(file->resize(0).error().kind, ErrorKind::NotOpenForWriting);
  EXPECT_EQ(file->as_file(), &*file);
  EXPECT_FALSE(file->is_terminal());
  EXPECT_EQ(file->stat().size, 11u);
  EXPECT_EQ(file->contents()->size(), 11u);
}

TEST_F(VfsTest, OpensWhateverIsThere) {
  auto const open = [&](std::string_view path, OpenOptions options = {}) -> std::string {
    auto const opened = run(vfs_->open_node(root(), path, options));
    if (!opened) return problem(opened.error(), path);
    return std::holds_alternative<Directory>(*opened) ? "directory" : "file";
  };
  EXPECT_EQ(open("bin"), "directory");
  EXPECT_EQ(open("/"), "directory");
  EXPECT_EQ(open("tmp/."), "directory");
  EXPECT_EQ(open("abs"), "file");
  EXPECT_EQ(open("dirlink"), "directory");
  EXPECT_EQ(open("bin", {.directory = true}), "directory");
  EXPECT_EQ(open("hello.txt", {.directory = true}), "hello.txt: not a directory");
  EXPECT_EQ(open("dirlink", {.directory = true, .walk = {.follow_last = false}}),
            "dirlink: not a directory");
  EXPECT_EQ(open("dirlink", {.walk = {.follow_last = false}}), "dirlink: too many symbolic links");
  EXPECT_EQ(open("tmp", {.access = {.write = true}}), "tmp: is a directory");
  EXPECT_EQ(open("tmp", {.truncate = true}), "tmp: is a directory");
  EXPECT_EQ(open("tmp", {.create = true}), "tmp: is a directory");
  EXPECT_EQ(open("tmp/x", {.create = true, .directory = true}),
            "tmp/x: options exclude each other");
  EXPECT_EQ(open("tmp/x", {.directory = true}), "tmp/x: no such file or directory");
  EXPECT_EQ(open("tmp/x", {.create = true, .exclusive = true}), "file");
  EXPECT_EQ(open("tmp/x", {.create = true, .exclusive = true}), "tmp/x: already exists");
  EXPECT_EQ(open("dangling", {.create = true, .exclusive = true}), "dangling: already exists");
}

TEST_F(VfsTest, TheFlagsOfAnOpenFileCanBeChanged) {
  ASSERT_EQ(write("tmp/f", "abc", {.create = true}), "ok");
  auto file = run(vfs_->open(root(), "tmp/f", {.access = {.write = true}}));
  ASSERT_TRUE(run(file->write(bytes_of("1"))));
  file->set_flags({.append = true, .sync = true});
  EXPECT_EQ(file->flags(), (FileFlags{.append = true, .sync = true}));
  ASSERT_TRUE(run(file->write(bytes_of("2"))));
  EXPECT_EQ(file->position(), 4u);
  EXPECT_EQ(cat("tmp/f"), "1bc2");
}

TEST_F(VfsTest, TheArchiveCannotBeChanged) {
  EXPECT_EQ(write("hello.txt", "x"), "hello.txt: read-only file system");
  EXPECT_EQ(write("new", "x", {.create = true}), "new: read-only file system");
  EXPECT_EQ(run(vfs_->open(root(), "hello.txt", {.truncate = true})).error().kind,
            ErrorKind::ReadOnly);
  auto const name = "bin/new";
  EXPECT_EQ(show(run(vfs_->create_directory(root(), name)), name),
            "bin/new: read-only file system");
  EXPECT_EQ(show(run(vfs_->remove_file(root(), "bin/ls")), "bin/ls"),
            "bin/ls: read-only file system");
  EXPECT_EQ(run(vfs_->rename(root(), "bin", root(), "bin2")).error().kind, ErrorKind::ReadOnly);
  EXPECT_EQ(run(vfs_->link(root(), "zz", root(), "zzz")).error().kind, ErrorKind::ReadOnly);
  EXPECT_EQ(run(vfs_->set_times(root(), "zz", {}, {})).error().kind, ErrorKind::ReadOnly);
  EXPECT_EQ(run(vfs_->set_mode(root(), "zz", 0600)).error().kind, ErrorKind::ReadOnly);
  auto file = run(vfs_->open(root(), "zz"));
  EXPECT_EQ(file->set_times({}, {}).error().kind, ErrorKind::ReadOnly);
  EXPECT_EQ(run(file->allocate(0, 1)).error().kind, ErrorKind::NotOpenForWriting);
  EXPECT_TRUE(run(file->sync(SyncScope::Everything))) << "there is nothing to wait for";
  EXPECT_TRUE(run(vfs_->sync_all()));
}

TEST_F(VfsTest, FilesAreMadeWrittenAndEmptied) {
  EXPECT_EQ(write("tmp/f", "0123456789", {.create = true}), "ok");
  EXPECT_EQ(cat("tmp/f"), "0123456789");
  EXPECT_EQ(write("tmp/f", "abc"), "ok");
  EXPECT_EQ(cat("tmp/f"), "abc3456789");
  EXPECT_EQ(write("tmp/f", "!", {.flags = {.append = true}}), "ok");
  EXPECT_EQ(cat("tmp/f"), "abc3456789!");
  EXPECT_EQ(write("tmp/f", "new", {.truncate = true}), "ok");
  EXPECT_EQ(cat("tmp/f"), "new");
  EXPECT_EQ(write("tmp/f", "", {.create = true, .exclusive = true}), "tmp/f: already exists");
  EXPECT_EQ(write("tmp/g/", "", {.create = true}), "tmp/g/: is a directory");
  EXPECT_EQ(write("tmp/no/g", "", {.create = true}), "tmp/no: no such file or directory");
  EXPECT_EQ(write("dangling", "through the link", {.create = true}), "ok");
  EXPECT_EQ(cat("tmp/new"), "through the link");
  EXPECT_EQ(write("abs", "", {.create = true, .exclusive = true}), "abs: already exists");
  auto write_only = run(vfs_->open(root(), "tmp/f", {.access = {.read = false, .write = true}}));
  std::array<u8, 1> byte{};
  EXPECT_EQ(run(write_only->read(byte)).error().kind, ErrorKind::NotOpenForReading);
}

TEST_F(VfsTest, OpenFilesAreHeld) {
  u64 const empty = tmp_->space().free_nodes;
  ASSERT_EQ(write("tmp/f", "x", {.create = true}), "ok");
  {
    auto const file = run(vfs_->open(root(), "tmp/f"));
    auto const second = run(vfs_->open(root(), "tmp/f"));
    ASSERT_TRUE(run(vfs_->remove_file(root(), "tmp/f")));
    EXPECT_EQ(cat("tmp/f"), "tmp/f: no such file or directory");
    EXPECT_EQ(second->stat().links, 0u);
    EXPECT_EQ(second->stat().size, 1u);
    EXPECT_EQ(tmp_->space().free_nodes, empty - 1);
  }
  EXPECT_EQ(tmp_->space().free_nodes, empty);
}

TEST_F(VfsTest, NothingIsFoundInARemovedDirectory) {
  ASSERT_TRUE(run(vfs_->create_directory(root(), "tmp/d")));
  auto const directory = run(vfs_->open_directory(root(), "tmp/d"));
  Location const start = directory->location();
  ASSERT_TRUE(run(vfs_->remove_directory(root(), "tmp/d")));
  EXPECT_EQ(cat("f", {}, start), "f: no such file or directory");
  EXPECT_EQ(cat("../f", {}, start), "../f: no such file or directory");
  EXPECT_EQ(cat("../f", {.beneath = true}, start), "..: leads out of its directory");
  EXPECT_EQ(run(vfs_->path_of(start)).error().kind, ErrorKind::NotFound);
  EXPECT_EQ(run(vfs_->create_directory(start, "x")).error().kind, ErrorKind::NotFound);
  EXPECT_EQ(run(vfs_->open(start, "x", {.create = true})).error().kind, ErrorKind::NotFound);
}

TEST_F(VfsTest, NamesAreMadeMovedAndRemoved) {
  auto const ok = [](const auto& result) { return result.has_value(); };
  auto const why = [](const auto& result) { return result ? "ok" : describe(result.error().kind); };
  ASSERT_TRUE(ok(run(vfs_->create_directory(root(), "tmp/d/"))));
  EXPECT_EQ(why(run(vfs_->create_directory(root(), "tmp/d"))), "already exists");
  EXPECT_EQ(why(run(vfs_->create_directory(root(), "/"))), "already exists");
  ASSERT_EQ(write("tmp/d/f", "x", {.create = true}), "ok");
  EXPECT_EQ(why(run(vfs_->remove_directory(root(), "tmp/d"))), "directory not empty");
  EXPECT_EQ(why(run(vfs_->remove_directory(root(), "tmp/d/f"))), "not a directory");
  EXPECT_EQ(why(run(vfs_->remove_file(root(), "tmp/d"))), "is a directory");
  EXPECT_EQ(why(run(vfs_->remove_file(root(), "tmp/none"))), "no such file or directory");
  EXPECT_EQ(why(run(vfs_->remove_directory(root(), "tmp/inner"))), "something is mounted there");
  EXPECT_EQ(why(run(vfs_->remove_directory(root(), "tmp/d/."))), "names no place");
  EXPECT_EQ(why(run(vfs_->rename(root(), "tmp/d", root(), "tmp/d/e"))),
            "cannot be moved into itself");
  EXPECT_EQ(why(run(vfs_->rename(root(), "tmp/d/f", root(), "tmp/inner/f"))),
            "on different file systems");
  EXPECT_EQ(why(run(vfs_->rename(root(), "tmp/d/f", root(), "tmp/g/"))), "not a directory");
  EXPECT_EQ(why(run(vfs_->rename(root(), "tmp/inner", root(), "tmp/g"))),
            "something is mounted there");
  ASSERT_TRUE(ok(run(vfs_->rename(root(), "tmp/d/f", root(), "tmp/g"))));
  EXPECT_EQ(cat("tmp/g"), "x");
  EXPECT_EQ(why(run(vfs_->link(root(), "tmp/d", root(), "tmp/h"))), "not permitted");
  EXPECT_EQ(why(run(vfs_->link(root(), "tmp/g", root(), "tmp/d"))), "already exists");
  EXPECT_EQ(why(run(vfs_->link(root(), "hello.txt", root(), "tmp/h"))),
            "on different file systems");
  ASSERT_TRUE(ok(run(vfs_->link(root(), "tmp/g", root(), "tmp/h"))));
  ASSERT_TRUE(ok(run(vfs_->remove_file(root(), "tmp/g"))));
  EXPECT_EQ(cat("tmp/h"), "x");
  ASSERT_TRUE(ok(run(vfs_->remove_directory(root(), "tmp/d"))));
  EXPECT_EQ(why(run(vfs_->create_symlink("", root(), "tmp/s"))), "invalid path");
  EXPECT_THAT(list("tmp"), ElementsAre("inner/", "h"));
}

// ---- Memory

TEST_F(VfsTest, EveryFailedAllocationIsAValue) {
  usize failures = 0;
  auto const check = [&](const auto& result) {
    if (result) return true;
    EXPECT_EQ(result.error().kind, ErrorKind::OutOfMemory);
    ++failures;
    return false;
  };
  auto const fails = [&](auto&& attempt) {
    failures = 0;
    nacre::test::fail_each_allocation(attempt);
    return failures;
  };
  EXPECT_GT(fails([&] { check(run(vfs_->stat(root(), "home/me"))); }), 1u);
  EXPECT_GT(fails([&] { check(run(vfs_->read_link(root(), "abs"))); }), 1u);
  EXPECT_GT(fails([&] {
              std::array<u8, 4> buffer{};
              auto file = run(vfs_->open(root(), "hello.txt"));
              if (check(file)) check(run(file->read(buffer)));
            }),
            3u);
  EXPECT_GT(fails([&] {
              std::array<DirectoryEntry, 4> some;
              auto directory = run(vfs_->open_directory(root(), "/"));
              if (check(directory)) check(directory->read(some));
            }),
            1u);
  Location const home = *run(vfs_->locate(root(), "home/me"));
  EXPECT_GT(fails([&] { check(run(vfs_->path_of(home))); }), 3u);
}

TEST(Vfs, MountingReportsThatMemoryRanOut) {
  auto const ignore = [](const archive::Problem&) {};
  usize failures = 0;
  nacre::test::fail_each_allocation([&] {
    auto root = TarFileSystem::create({}, ignore);
    auto other = TarFileSystem::create({}, ignore);
    if (!root || !other) return void(++failures);
    auto vfs = Vfs::create(std::move(*root));
    if (!vfs || !vfs->mount("/m", std::move(*other))) ++failures;
  });
  EXPECT_GT(failures, 8u);
}

TEST(Stream, WritingAllStopsAtTheFirstError) {
  struct Failing final : Stream {
    usize taken = 0;
    exec::Task<Result<usize>> read(std::span<u8>) override { co_return usize{0}; }
    exec::Task<Result<usize>> write(std::span<const u8>) override {
      if (taken == 6) co_return fail(ErrorKind::Closed);
      taken += 2;
      co_return usize{2};
    }
  } stream;
  EXPECT_EQ(run(write_all(stream, bytes_of("0123456789"))).error().kind, ErrorKind::Closed);
  EXPECT_EQ(stream.taken, 6u);
  EXPECT_EQ(stream.as_file(), nullptr);
}

}  // namespace
}  // namespace nacre::fs
