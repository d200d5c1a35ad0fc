#include "lib/wasi/calls.hpp"

namespace nacre::wasi::calls {
namespace {

/// A path as the calls take it.
struct Place {
  Directory* directory;
  std::string_view path;
};

Result<Place> find_place(const Call& call, u32 descriptor, u32 path, u32 path_size, Rights wanted) {
  TRY(std::string_view const text, call.text(path, path_size));
  TRY(Descriptor* const found, call.descriptors().find_directory(descriptor, wanted));
  return Place{found->file->as_directory(), text};
}

Result<bool> follows(u32 lookup) {
  if ((lookup & ~lookup_flags::all) != 0) return fail(Errno::Invalid);
  return (lookup & lookup_flags::follow_symlinks) != 0;
}

}  // namespace

Answer path_create_directory(Call call, u32 descriptor, u32 path, u32 path_size) {
  CO_TRY(Place const place,
         find_place(call, descriptor, path, path_size, rights::path_create_directory));
  co_return co_await place.directory->create_directory(place.path);
}

Answer path_filestat_get(Call call, u32 descriptor, u32 lookup, u32 path, u32 path_size,
                         u32 result) {
  CO_TRY(call.check(result, size_of_stat(call.version)));
  CO_TRY(Place const place, find_place(call, descriptor, path, path_size, rights::path_stat));
  CO_TRY(bool const follow, follows(lookup));
  CO_TRY(FileStat const stat, co_await place.directory->stat_at(place.path, follow));
  co_return store_stat(call.version, call.memory, result, stat);
}

Answer path_filestat_set_times(Call call, u32 descriptor, u32 lookup, u32 path, u32 path_size,
                               u64 accessed, u64 modified, u32 flags) {
  CO_TRY(Place const place, find_place(call, descriptor, path, path_size, rights::path_set_times));
  CO_TRY(bool const follow, follows(lookup));
  CO_TRY(auto const times, new_times(call, accessed, modified, flags));
  co_return co_await place.directory->set_times_at(place.path, follow, times.accessed,
                                                   times.modified);
}

Answer path_link(Call call, u32 descriptor, u32 lookup, u32 path, u32 path_size, u32 new_descriptor,
                 u32 new_path, u32 new_path_size) {
  CO_TRY(Place const from, find_place(call, descriptor, path, path_size, rights::path_link_source));
  CO_TRY(Place const to,
         find_place(call, new_descriptor, new_path, new_path_size, rights::path_link_target));
  CO_TRY(bool const follow, follows(lookup));
  co_return co_await from.directory->link(from.path, follow, *to.directory, to.path);
}

Answer path_readlink(Call call, u32 descriptor, u32 path, u32 path_size, u32 buffer, u32 size,
                     u32 result) {
  CO_TRY(call.check(result, sizeof(u32)));
  CO_TRY(auto const target, call.memory.span(buffer, size));
  CO_TRY(Place const place, find_place(call, descriptor, path, path_size, rights::path_read_link));
  CO_TRY(usize const used, co_await place.directory->read_link(place.path, target));
  co_return store(call.memory, result, static_cast<u32>(used));
}

Answer path_remove_directory(Call call, u32 descriptor, u32 path, u32 path_size) {
  CO_TRY(Place const place,
         find_place(call, descriptor, path, path_size, rights::path_remove_directory));
  co_return co_await place.directory->remove_directory(place.path);
}

Answer path_rename(Call call, u32 descriptor, u32 path, u32 path_size, u32 new_descriptor,
                   u32 new_path, u32 new_path_size) {
  CO_TRY(Place const from,
         find_place(call, descriptor, path, path_size, rights::path_rename_source));
  CO_TRY(Place const to,
         find_place(call, new_descriptor, new_path, new_path_size, rights::path_rename_target));
  co_return co_await from.directory->rename(from.path, *to.directory, to.path);
}

Answer path_symlink(Call call, u32 text, u32 text_size, u32 descriptor, u32 path, u32 path_size) {
  CO_TRY(std::string_view const target, call.text(text, text_size));
  CO_TRY(Place const place, find_place(call, descriptor, path, path_size, rights::path_symlink));
  // No program could follow it, and whoever else does would be led out of the directory.
  if (target.starts_with('/')) co_return fail(Errno::NotCapable);
  co_return co_await place.directory->create_symlink(target, place.path);
}

Answer path_unlink_file(Call call, u32 descriptor, u32 path, u32 path_size) {
  CO_TRY(Place const place,
         find_place(call, descriptor, path, path_size, rights::path_unlink_file));
  co_return co_await place.directory->remove_file(place.path);
}

}  // namespace nacre::wasi::calls
