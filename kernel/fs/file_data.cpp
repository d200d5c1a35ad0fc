#include "kernel/fs/file_data.hpp"

#include <algorithm>
#include <bit>

#include "lib/base/try.hpp"

namespace nacre::fs {
namespace {

constexpr usize smallest_capacity = 64;

constexpr u64 number_of(u64 offset) { return offset / FileData::chunk_size; }
constexpr usize place_in_chunk(u64 offset) {
  return static_cast<usize>(offset % FileData::chunk_size);
}

}  // namespace

// ---- Reading

usize FileData::read(u64 offset, std::span<u8> buffer) const {
  if (offset >= size_) return 0;
  auto rest = buffer.first(static_cast<usize>(std::min<u64>(buffer.size(), size_ - offset)));
  usize const count = rest.size();
  while (!rest.empty()) {
    usize const place = place_in_chunk(offset);
    auto const part = rest.first(std::min(rest.size(), chunk_size - place));
    const Chunk* const chunk = chunks_.find(number_of(offset));
    if (chunk == nullptr || chunk->bytes == nullptr) {
      read_borrowed(offset, part);
    } else {
      usize const there = place < chunk->capacity ? chunk->capacity - place : 0;
      auto const copied = part.first(std::min(part.size(), there));
      std::copy_n(chunk->bytes + place, copied.size(), copied.begin());
      std::ranges::fill(part.subspan(copied.size()), u8{0});
    }
    offset += part.size();
    rest = rest.subspan(part.size());
  }
  return count;
}

/// Zeros behind the end of what is borrowed.
void FileData::read_borrowed(u64 offset, std::span<u8> buffer) const {
  usize const there = offset < borrowed_end_
                          ? static_cast<usize>(std::min<u64>(buffer.size(), borrowed_end_ - offset))
                          : 0;
  auto const part = buffer.first(there);
  if (there != 0 && borrowed_.map) {
    archive::read_sparse(*borrowed_.map, borrowed_.bytes, borrowed_.size, offset, part);
  } else if (there != 0) {
    std::ranges::copy(borrowed_.bytes.subspan(static_cast<usize>(offset), there), part.begin());
  }
  std::ranges::fill(buffer.subspan(there), u8{0});
}

usize FileData::borrowed_in(u64 number) const {
  u64 const begin = number * chunk_size;
  return begin < borrowed_end_
             ? static_cast<usize>(std::min<u64>(chunk_size, borrowed_end_ - begin))
             : 0;
}

std::optional<std::span<const u8>> FileData::unchanged() const {
  if (borrowed_.map || !chunks_.empty() || size_ != borrowed_end_ ||
      size_ != borrowed_.bytes.size())
    return std::nullopt;
  return borrowed_.bytes;
}

// ---- Writing

Result<Chunk*> FileData::chunk_for(u64 number, usize needed, usize from, usize to, Budget& budget) {
  Chunk* chunk = chunks_.find(number);
  bool const is_new = chunk == nullptr || chunk->bytes == nullptr;
  usize const borrowed = is_new ? borrowed_in(number) : 0;
  usize const kept = is_new ? borrowed : chunk->capacity;
  if (!is_new && chunk->capacity >= needed) return chunk;

  usize const capacity = std::bit_ceil(std::max({needed, kept, smallest_capacity}));
  usize const had = is_new ? 0 : chunk->capacity;
  TRY(budget.take(capacity - had));
  auto* const bytes = static_cast<u8*>(base::allocate(capacity, 1));
  if (bytes == nullptr) {
    budget.give_back(capacity - had);
    return fail(ErrorKind::OutOfMemory);
  }
  if (is_new) {
    auto const place = chunks_.place(number, budget);
    if (!place) {
      base::deallocate(bytes, capacity, 1);
      budget.give_back(capacity);
      return std::unexpected(place.error());
    }
    chunk = *place;
    // What is written over need not be copied.
    if (from > 0 || to < borrowed) read_borrowed(number * chunk_size, std::span(bytes, borrowed));
  } else {
    std::copy_n(chunk->bytes, had, bytes);
    base::deallocate(chunk->bytes, had, 1);
  }
  if (from > kept) std::fill(bytes + kept, bytes + from, u8{0});
  usize const rest = std::max(kept, to);
  std::fill(bytes + rest, bytes + capacity, u8{0});
  *chunk = {bytes, static_cast<u32>(capacity)};
  return chunk;
}

Result<usize> FileData::write(u64 offset, std::span<const u8> bytes, Budget& budget) {
  if (offset > max_size || bytes.size() > max_size - offset) return fail(ErrorKind::FileTooLarge);
  usize written = 0;
  while (written < bytes.size()) {
    usize const place = place_in_chunk(offset + written);
    auto const part = bytes.subspan(written, std::min(bytes.size() - written, chunk_size - place));
    auto const chunk = chunk_for(number_of(offset + written), place + part.size(), place,
                                 place + part.size(), budget);
    if (!chunk && written == 0) return std::unexpected(chunk.error());
    if (!chunk) break;
    std::ranges::copy(part, (*chunk)->bytes + place);
    written += part.size();
  }
  if (written > 0) size_ = std::max(size_, offset + written);
  return written;
}

Result<u64> FileData::allocate_part(u64 offset, u64 end, Budget& budget) {
  usize const place = place_in_chunk(offset);
  auto const count = static_cast<usize>(std::min<u64>(end - offset, chunk_size - place));
  TRY(chunk_for(number_of(offset), place + count, place + count, place + count, budget));
  return offset + count;
}

Result<void> FileData::resize(u64 size, Budget& budget) {
  if (size > max_size) return fail(ErrorKind::FileTooLarge);
  if (size < size_) cut(size, budget);
  size_ = size;
  return {};
}

/// What is behind `size` is a hole from here on.
void FileData::cut(u64 size, Budget& budget) {
  borrowed_end_ = std::min(borrowed_end_, size);
  usize const kept = place_in_chunk(size);
  chunks_.drop_from(number_of(size) + (kept != 0 ? 1 : 0), budget);
  if (kept == 0) return;
  Chunk* const chunk = chunks_.find(number_of(size));
  if (chunk == nullptr || chunk->capacity <= kept) return;
  usize const capacity = std::bit_ceil(std::max(kept, smallest_capacity));
  if (capacity < chunk->capacity) {
    // A smaller piece of memory, if there is one.
    if (auto* const bytes = static_cast<u8*>(base::allocate(capacity, 1))) {
      std::copy_n(chunk->bytes, kept, bytes);
      base::deallocate(chunk->bytes, chunk->capacity, 1);
      budget.give_back(chunk->capacity - capacity);
      *chunk = {bytes, static_cast<u32>(capacity)};
    }
  }
  std::fill(chunk->bytes + kept, chunk->bytes + chunk->capacity, u8{0});
}

void FileData::clear(Budget& budget) {
  chunks_.drop_from(0, budget);
  borrowed_ = {};
  size_ = borrowed_end_ = 0;
}

}  // namespace nacre::fs
