#include "tests/bench/hosted/files.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "kernel/fs/tmp_file_system.hpp"
#include "lib/base/assert.hpp"

namespace nacre::bench::files {
namespace {

using namespace nacre::fs;

base::Box<TmpFileSystem> file_system;
NodeId file;
std::vector<u8> memory;
std::vector<u8> copy;

/// The name of file number `index`.
class Name {
 public:
  explicit Name(std::size_t index) {
    end_ = std::to_chars(text_.data() + 4, text_.data() + text_.size(), index).ptr;
  }
  std::string_view view() const { return {text_.data(), end_}; }

 private:
  std::array<char, 24> text_{'f', 'i', 'l', 'e'};
  const char* end_;
};

}  // namespace

void make() {
  file_system = std::move(*TmpFileSystem::create({.key = {1, 2}}));
  file = *file_system->create(file_system->root(), "file", NodeType::File);
}

void write_file(std::size_t size, std::size_t piece, bool fresh) {
  memory.resize(std::max(memory.size(), size), 1);
  if (fresh) NACRE_ASSERT(file_system->resize(file, 0).has_value());
  for (std::size_t at = 0; at < size; at += piece) {
    auto const part = std::span(memory).subspan(at, std::min(piece, size - at));
    auto const written = *file_system->write_now(file, at, part);
    NACRE_ASSERT(written && *written == part.size());
  }
}

void read_file(std::size_t size, std::size_t piece) {
  copy.resize(std::max(copy.size(), size));
  for (std::size_t at = 0; at < size; at += piece) {
    auto const part = std::span(copy).subspan(at, std::min(piece, size - at));
    auto const count = *file_system->read_now(file, at, part);
    NACRE_ASSERT(count && *count == part.size());
  }
}

void copy_memory(std::size_t size, std::size_t piece) {
  memory.resize(std::max(memory.size(), size), 1);
  copy.resize(std::max(copy.size(), size));
  for (std::size_t at = 0; at < size; at += piece)
    __builtin_memcpy(copy.data() + at, memory.data() + at, std::min(piece, size - at));
}

void create_files(std::size_t count) {
  std::array<u8, 1> const byte{1};
  for (std::size_t i = 0; i < count; ++i) {
    auto const made = file_system->create(file_system->root(), Name(i).view(), NodeType::File);
    NACRE_ASSERT(made && *file_system->write_now(*made, 0, byte));
  }
}

std::size_t list_files() {
  std::array<DirectoryEntry, 64> some;
  std::size_t all = 0;
  for (u64 cookie = 0;;) {
    auto const count = file_system->read_directory(file_system->root(), cookie, some);
    NACRE_ASSERT(count.has_value());
    if (*count == 0) return all;
    all += *count;
    cookie = some[*count - 1].next;
  }
}

void look_up_files(std::size_t count, std::size_t lookups, std::size_t stride) {
  for (std::size_t i = 0; i < lookups; ++i) {
    auto const found = file_system->lookup(file_system->root(), Name(i * stride % count).view());
    NACRE_ASSERT(found && *found);
  }
}

void remove_files(std::size_t count, std::size_t stride) {
  for (std::size_t i = 0; i < count; ++i) {
    auto const removed =
        file_system->remove(file_system->root(), Name(i * stride % count).view(), NodeType::File);
    NACRE_ASSERT(removed.has_value());
  }
}

void fill_file(std::size_t size) {
  constexpr std::size_t piece = TmpFileSystem::max_transfer;
  memory.resize(std::max(memory.size(), piece), 1);
  for (std::size_t at = 0; at < size; at += piece)
    NACRE_ASSERT(*file_system->write_now(file, at, std::span(memory).first(piece)));
}

void free_file() { NACRE_ASSERT(file_system->resize(file, 0).has_value()); }

}  // namespace nacre::bench::files
