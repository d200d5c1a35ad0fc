#pragma once

#include <optional>
#include <span>

#include "kernel/fs/borrowed_bytes.hpp"
#include "kernel/fs/chunk_table.hpp"

namespace nacre::fs {

/// The bytes of a file in memory. They begin as borrowed ones, or as none; what is written lies in
/// chunks, each of which is copied from the borrowed bytes when it is first written to. What was
/// never written is a hole, which reads as zeros and takes no memory.
class FileData {
 public:
  static constexpr usize chunk_size = 65536;
  /// Positions are signed where they are moved.
  static constexpr u64 max_size = static_cast<u64>(INT64_MAX);

  FileData() = default;
  explicit FileData(BorrowedBytes borrowed)
      : size_(borrowed.size), borrowed_end_(borrowed.size), borrowed_(std::move(borrowed)) {}

  u64 size() const { return size_; }
  /// How many bytes were read, as many as there are.
  usize read(u64 offset, std::span<u8> buffer) const;
  /// How many bytes were written, less than all where no more fit. Nothing else was changed then.
  /// Errors: FileTooLarge, NoSpace, OutOfMemory; then nothing was written.
  Result<usize> write(u64 offset, std::span<const u8> bytes, Budget& budget);
  /// Errors: FileTooLarge.
  Result<void> resize(u64 size, Budget& budget);
  /// Gives memory to the part of one chunk that begins at `offset`, at most up to `end`; where the
  /// next part begins. Errors: NoSpace, OutOfMemory.
  Result<u64> allocate_part(u64 offset, u64 end, Budget& budget);
  /// Gives back what lies behind the end of the file.
  void trim(Budget& budget) { cut(size_, budget); }
  /// Forgets everything.
  void clear(Budget& budget);

  /// All bytes where they lie, if none was changed ever. They stay.
  std::optional<std::span<const u8>> unchanged() const;

 private:
  /// Bytes of a chunk that are borrowed.
  usize borrowed_in(u64 number) const;
  void read_borrowed(u64 offset, std::span<u8> buffer) const;
  /// The chunk with memory for its first `needed` bytes. Those from `from` to `to` will be written:
  /// they have no value yet if the memory is new.
  Result<Chunk*> chunk_for(u64 number, usize needed, usize from, usize to, Budget& budget);
  void cut(u64 size, Budget& budget);

  u64 size_ = 0;
  u64 borrowed_end_ = 0;  // what was cut off once is not borrowed any more
  BorrowedBytes borrowed_;
  ChunkTable chunks_;
};

}  // namespace nacre::fs
