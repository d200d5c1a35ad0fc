#pragma once

#include <cstddef>

/// Operations of the file system in memory, in plain types: the two sides of this header are built
/// with different standard libraries. Each works on one file system that is made anew by `make`.
namespace nacre::bench::files {

void make();
/// Writes and reads a file of `size` bytes, `piece` bytes in each call. The file is written anew if
/// `fresh`, else over what is there.
void write_file(std::size_t size, std::size_t piece, bool fresh);
void read_file(std::size_t size, std::size_t piece);
/// Copies as many bytes in as many pieces from one place to another.
void copy_memory(std::size_t size, std::size_t piece);

/// In one directory: makes files with a byte in each, lists them all, looks up `lookups` of them,
/// removes them, each `stride` behind the last.
void create_files(std::size_t count);
/// How many there were.
std::size_t list_files();
void look_up_files(std::size_t count, std::size_t lookups, std::size_t stride);
void remove_files(std::size_t count, std::size_t stride);

/// Makes a file of that many bytes, and frees what it takes.
void fill_file(std::size_t size);
void free_file();

}  // namespace nacre::bench::files
