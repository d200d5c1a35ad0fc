// Random operations on a file system in memory, as a program makes them through `Vfs`, side by side
// with a plain model: both answer the same, hold the same in the end, and leave nothing behind.
#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kernel/fs/tmp_file_system.hpp"
#include "kernel/fs/vfs.hpp"
#include "lib/base/assert.hpp"
#include "lib/exec/executor.hpp"

namespace {

using namespace nacre::fs;
using nacre::base::u64;
using nacre::base::u8;
using nacre::base::usize;

/// What is read from the input: zeros at its end.
class Choices {
 public:
  Choices(const u8* data, usize size) : data_(data, size) {}
  bool done() const { return data_.empty(); }
  u8 byte() {
    if (data_.empty()) return 0;
    u8 const value = data_.front();
    data_ = data_.subspan(1);
    return value;
  }
  usize below(usize end) { return byte() % end; }

 private:
  std::span<const u8> data_;
};

// ---- The model

struct File {
  NodeType type = NodeType::File;
  std::string data{};  // or the text of a symbolic link
  std::map<std::string, std::shared_ptr<File>> names{};
  std::weak_ptr<File> parent{};
  nacre::base::u32 links = 0;
};
using FilePointer = std::shared_ptr<File>;

constexpr std::array<const char*, 6> all_names{"a", "b", "c", "d", "e", "a-longer-name"};
constexpr u64 largest_file = 300'000;

struct Place {
  FilePointer directory;
  std::string name;
  FilePointer node;  // null when there is none
};

struct Model {
  FilePointer root = std::make_shared<File>(File{.type = NodeType::Directory, .links = 1});
  /// Names in the root that have been there since a listing of it began.
  std::set<std::string> stayed;

  void erase(const Place& place) {
    place.directory->names.erase(place.name);
    if (place.directory == root) stayed.erase(place.name);
  }

  Result<Place> find(const std::vector<std::string>& path) {
    FilePointer at = root;
    for (usize i = 0; i + 1 < path.size(); ++i) {
      auto const found = at->names.find(path[i]);
      if (found == at->names.end()) return fail(ErrorKind::NotFound);
      at = found->second;
      // Links lead nowhere here: what stands in one is no name in the tree.
      if (at->type == NodeType::Symlink) return fail(ErrorKind::NotFound);
      if (at->type != NodeType::Directory) return fail(ErrorKind::NotADirectory);
    }
    auto const found = at->names.find(path.back());
    return Place{at, path.back(), found == at->names.end() ? nullptr : found->second};
  }
  Result<FilePointer> add(const std::vector<std::string>& path, NodeType type) {
    auto const place = find(path);
    if (!place) return std::unexpected(place.error());
    if (place->node) return fail(ErrorKind::AlreadyExists);
    auto const made = std::make_shared<File>(File{.type = type, .links = 1});
    made->parent = place->directory;
    place->directory->names[place->name] = made;
    return made;
  }
  Result<void> remove(const std::vector<std::string>& path, bool directory) {
    auto const place = find(path);
    if (!place) return std::unexpected(place.error());
    if (!place->node) return fail(ErrorKind::NotFound);
    bool const is_directory = place->node->type == NodeType::Directory;
    if (directory && !is_directory) return fail(ErrorKind::NotADirectory);
    if (!directory && is_directory) return fail(ErrorKind::IsADirectory);
    if (!place->node->names.empty()) return fail(ErrorKind::NotEmpty);
    --place->node->links;
    erase(*place);
    return {};
  }
  Result<void> link(const std::vector<std::string>& path, const std::vector<std::string>& target) {
    auto const from = find(path);
    if (!from) return std::unexpected(from.error());
    if (!from->node) return fail(ErrorKind::NotFound);
    if (from->node->type == NodeType::Directory) return fail(ErrorKind::NotPermitted);
    auto const to = find(target);
    if (!to) return std::unexpected(to.error());
    if (to->node) return fail(ErrorKind::AlreadyExists);
    ++from->node->links;
    to->directory->names[to->name] = from->node;
    return {};
  }
  Result<void> rename(const std::vector<std::string>& path,
                      const std::vector<std::string>& target) {
    auto const from = find(path);
    if (!from) return std::unexpected(from.error());
    if (!from->node) return fail(ErrorKind::NotFound);
    auto const to = find(target);
    if (!to) return std::unexpected(to.error());
    FilePointer const node = from->node;
    bool const is_directory = node->type == NodeType::Directory;
    for (FilePointer at = to->directory; is_directory && at; at = at->parent.lock())
      if (at == node) return fail(ErrorKind::IntoItself);
    if (to->node == node) return {};
    if (to->node) {
      bool const over_directory = to->node->type == NodeType::Directory;
      if (over_directory && !is_directory) return fail(ErrorKind::IsADirectory);
      if (!over_directory && is_directory) return fail(ErrorKind::NotADirectory);
      if (!to->node->names.empty()) return fail(ErrorKind::NotEmpty);
      --to->node->links;
    }
    erase(*from);
    to->directory->names[to->name] = node;
    node->parent = to->directory;
    return {};
  }
};

// ---- Both side by side

struct Opened {
  OpenFile file;
  FilePointer model;
};

class Comparison {
 public:
  explicit Comparison(Choices& choices) : choices_(choices) {
    auto made = TmpFileSystem::create({.key = {1, 2}});
    NACRE_ASSERT(made.has_value());
    files_ = made->get();
    empty_ = files_->space();
    vfs_.emplace(std::move(*Vfs::create(std::move(*made))));
  }

  nacre::exec::Task<void> run() {
    while (!choices_.done()) {
      switch (choices_.below(12)) {
        case 0: co_await create(); break;
        case 1: co_await make_directory(); break;
        case 2: co_await make_symlink(); break;
        case 3: co_await remove(); break;
        case 4: co_await link(); break;
        case 5: co_await rename(); break;
        case 6: co_await open(); break;
        case 7: close(); break;
        case 8: co_await write(); break;
        case 9: resize(); break;
        case 10: co_await read(); break;
        case 11: co_await list(); break;
      }
    }
    opened_.clear();
    listing_.reset();
    check_directory(files_->root(), *model_.root);
    remove_all(files_->root());
    NACRE_ASSERT(files_->space().free_bytes == empty_.free_bytes);
    NACRE_ASSERT(files_->space().free_nodes == empty_.free_nodes);
  }

 private:
  using Step = nacre::exec::Task<Result<void>>;

  std::vector<std::string> path() {
    std::vector<std::string> names;
    for (usize depth = choices_.below(3) + 1; depth > 0; --depth)
      names.emplace_back(all_names[choices_.below(all_names.size())]);
    return names;
  }
  static std::string join(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : "/") + name;
    return text;
  }
  template <class Left, class Right>
  static void same(const Left& left, const Right& right) {
    NACRE_ASSERT(left.has_value() == right.has_value());
    if (!left) NACRE_ASSERT(left.error().kind == right.error().kind);
  }

  Step create() {
    auto const names = path();
    std::string const text = join(names);
    auto const made = co_await vfs_->open(vfs_->root(), text, {.create = true, .exclusive = true});
    same(made, model_.add(names, NodeType::File));
    co_return Result<void>();
  }
  Step make_directory() {
    auto const names = path();
    std::string const text = join(names);
    auto const made = co_await vfs_->create_directory(vfs_->root(), text);
    same(made, model_.add(names, NodeType::Directory));
    co_return Result<void>();
  }
  Step make_symlink() {
    auto const names = path();
    std::string const text = join(names);
    auto const made = co_await vfs_->create_symlink("nowhere", vfs_->root(), text);
    auto const model = model_.add(names, NodeType::Symlink);
    same(made, model);
    if (model) (*model)->data = "nowhere";
    co_return Result<void>();
  }
  Step remove() {
    bool const directory = choices_.below(2) == 0;
    auto const names = path();
    std::string const text = join(names);
    same(directory ? co_await vfs_->remove_directory(vfs_->root(), text)
                   : co_await vfs_->remove_file(vfs_->root(), text),
         model_.remove(names, directory));
    co_return Result<void>();
  }
  Step link() {
    auto const from = path();
    auto const to = path();
    std::string const from_text = join(from);
    std::string const to_text = join(to);
    same(
        co_await vfs_->link(vfs_->root(), from_text, vfs_->root(), to_text, {.follow_last = false}),
        model_.link(from, to));
    co_return Result<void>();
  }
  Step rename() {
    auto const from = path();
    auto const to = path();
    std::string const from_text = join(from);
    std::string const to_text = join(to);
    same(co_await vfs_->rename(vfs_->root(), from_text, vfs_->root(), to_text),
         model_.rename(from, to));
    co_return Result<void>();
  }
  Step open() {
    auto const names = path();
    std::string const text = join(names);
    auto file = co_await vfs_->open(vfs_->root(), text, {.access = {.write = true}});
    auto const place = model_.find(names);
    if (!file) {
      NACRE_ASSERT(!place || !place->node || place->node->type != NodeType::File);
    } else {
      NACRE_ASSERT(place && place->node && place->node->type == NodeType::File);
      if (opened_.size() < 8) opened_.push_back({std::move(*file), place->node});
    }
    co_return Result<void>();
  }
  Opened* pick() { return opened_.empty() ? nullptr : &opened_[choices_.below(opened_.size())]; }
  void close() {
    if (Opened* const one = pick()) {
      std::swap(*one, opened_.back());
      opened_.pop_back();
    }
  }
  u64 offset() {
    // Around the borders of chunks, too.
    return u64{choices_.byte()} * (choices_.below(2) == 0 ? 1 : 1021) +
           (choices_.below(4) == 0 ? FileData::chunk_size - 16 : 0);
  }
  Step write() {
    Opened* const one = pick();
    if (one == nullptr) co_return Result<void>();
    u64 const at = offset();
    std::string text(choices_.byte() * (choices_.below(8) == 0 ? 301u : 1u), '\0');
    u8 const seed = choices_.byte();
    for (usize i = 0; i < text.size(); ++i) text[i] = static_cast<char>(seed + i);
    if (at + text.size() > largest_file) co_return Result<void>();
    auto const count = co_await one->file.write_at(at, bytes_of(text));
    NACRE_ASSERT(count && *count == text.size());
    std::string& data = one->model->data;
    if (!text.empty() && data.size() < at + text.size()) data.resize(at + text.size());
    std::ranges::copy(text, data.begin() + static_cast<std::ptrdiff_t>(text.empty() ? 0 : at));
    co_return Result<void>();
  }
  void resize() {
    Opened* const one = pick();
    if (one == nullptr) return;
    u64 const size = std::min(offset(), largest_file);
    NACRE_ASSERT(one->file.resize(size).has_value());
    one->model->data.resize(size);
  }
  Step read() {
    Opened* const one = pick();
    if (one == nullptr) co_return Result<void>();
    u64 const at = offset();
    std::string text(choices_.byte() * 257u, '?');
    auto const count = co_await one->file.read_at(
        at, {static_cast<u8*>(static_cast<void*>(text.data())), text.size()});
    NACRE_ASSERT(count.has_value());
    text.resize(*count);
    const std::string& data = one->model->data;
    NACRE_ASSERT(text == (at < data.size() ? data.substr(at, 257u * 255).substr(0, text.size())
                                           : std::string()));
    NACRE_ASSERT(one->file.stat().size == data.size());
    NACRE_ASSERT(one->file.stat().links == one->model->links);
    co_return Result<void>();
  }
  /// Goes on with a listing, a few entries at a time, over all that happens in between.
  Step list() {
    if (!listing_) {
      listing_.emplace(*vfs_, HeldNode(vfs_->root()));
      seen_.clear();
      for (auto const& [name, node] : model_.root->names) model_.stayed.insert(name);
    }
    std::array<DirectoryEntry, 2> some;
    auto const count = listing_->read(some);
    NACRE_ASSERT(count.has_value());
    for (const DirectoryEntry& entry : std::span(some).first(*count)) {
      NACRE_ASSERT(model_.root->names.contains(std::string(entry.name)));
      ++seen_[std::string(entry.name)];
    }
    if (*count > 0) co_return Result<void>();
    for (const std::string& name : model_.stayed) NACRE_ASSERT(seen_[name] == 1);
    model_.stayed.clear();
    listing_.reset();
    co_return Result<void>();
  }

  static std::span<const u8> bytes_of(const std::string& text) {
    return {static_cast<const u8*>(static_cast<const void*>(text.data())), text.size()};
  }
  void check_directory(NodeId directory, const File& model) {
    NACRE_ASSERT(files_->stat(directory).size == model.names.size());
    for (auto const& [name, node] : model.names) {
      auto const found = files_->lookup(directory, name);
      NACRE_ASSERT(found && *found && files_->type(**found) == node->type);
      NACRE_ASSERT(files_->stat(**found).links == node->links);
      if (node->type == NodeType::Directory) {
        NACRE_ASSERT(files_->parent(**found) == directory && files_->name(**found) == name);
        check_directory(**found, *node);
      } else {
        NACRE_ASSERT(files_->stat(**found).size == node->data.size());
        if (node->type == NodeType::Symlink) NACRE_ASSERT(files_->link_text(**found) == node->data);
      }
    }
  }
  void remove_all(NodeId directory) {
    std::array<DirectoryEntry, 1> one;
    while (*files_->read_directory(directory, 0, one) > 0) {
      std::string const name(one[0].name);
      if (one[0].type == NodeType::Directory) remove_all(**files_->lookup(directory, name));
      NACRE_ASSERT(files_->remove(directory, name, one[0].type).has_value());
    }
  }

  Choices& choices_;
  Model model_;
  std::optional<Vfs> vfs_;
  TmpFileSystem* files_ = nullptr;
  Space empty_;
  std::vector<Opened> opened_;
  std::optional<Directory> listing_;
  std::map<std::string, int> seen_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Choices choices(data, size);
  Comparison comparison(choices);
  nacre::exec::Executor executor([] { return nacre::base::Instant{}; });
  NACRE_ASSERT(executor.spawn_detached("operations", comparison.run()).has_value());
  executor.run_until_idle();
  return 0;
}
