#pragma once

#include "lib/base/try.hpp"
#include "lib/base/vector.hpp"

namespace nacre::base {

/// A table that only grows, by chunks: elements keep their places, and growing needs no room for a
/// second copy.
template <class T, usize ChunkSize = 128>
class ChunkedTable {
 public:
  T& operator[](usize index) {
    NACRE_ASSERT(index < size_);
    return chunks_[index / ChunkSize][index % ChunkSize];
  }
  const T& operator[](usize index) const {
    NACRE_ASSERT(index < size_);
    return chunks_[index / ChunkSize][index % ChunkSize];
  }
  usize size() const { return size_; }
  T& back() { return (*this)[size_ - 1]; }

  /// Errors: OutOfMemory; then nothing was changed.
  std::expected<void, OutOfMemory> try_push_back(const T& value) {
    if (size_ == chunks_.size() * ChunkSize) {
      Chunk chunk;
      TRY(chunk.try_reserve(ChunkSize));
      TRY(chunks_.try_push_back(std::move(chunk)));
    }
    chunks_.back().push_back_reserved(value);
    ++size_;
    return {};
  }

 private:
  using Chunk = Vector<T>;
  Vector<Chunk> chunks_;  // all full but the last
  usize size_ = 0;
};

}  // namespace nacre::base
