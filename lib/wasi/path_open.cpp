#include <utility>

#include "lib/wasi/calls.hpp"

namespace nacre::wasi::calls {
namespace {

/// What the directory must allow for the flags of a `path_open`, besides the rights that the new
/// descriptor is to have.
Rights rights_for(u32 flags) {
  Rights wanted = rights::path_open;
  if ((flags & open_flags::create) != 0) wanted |= rights::path_create_file;
  if ((flags & open_flags::truncate) != 0) wanted |= rights::path_set_size;
  return wanted;
}

/// What must be inherited for the flags of the new descriptor.
Rights inherited_for(u32 descriptor_flags) {
  Rights wanted = 0;
  if ((descriptor_flags & descriptor_flags::data_sync) != 0) wanted |= rights::descriptor_datasync;
  if ((descriptor_flags & (descriptor_flags::sync | descriptor_flags::read_sync)) != 0)
    wanted |= rights::descriptor_sync;
  return wanted;
}

/// Those of the asked rights that apply to what was opened.
Rights applicable(const File& file, Rights asked) {
  if (file.type() == FileType::Directory) return asked & rights::of_directories;
  return asked & (file.is_seekable() ? rights::of_files : rights::of_streams);
}

}  // namespace

Answer path_open(Call call, u32 descriptor, u32 lookup, u32 path, u32 path_size, u32 flags,
                 u64 rights, u64 inheriting_rights, u32 descriptor_flags, u32 result) {
  CO_TRY(std::string_view const name, call.text(path, path_size));
  CO_TRY(call.check(result, sizeof(u32)));
  CO_TRY(Descriptor* const found, call.descriptors().find_directory(descriptor, rights_for(flags)));
  if ((lookup & ~lookup_flags::all) != 0 || (flags & ~open_flags::all) != 0 ||
      (descriptor_flags & ~u32{descriptor_flags::all}) != 0)
    co_return fail(Errno::Invalid);
  // Programs ask for rights that there are none of yet.
  rights &= rights::all;
  inheriting_rights &= rights::all;
  Rights const inherited = rights | inheriting_rights | inherited_for(descriptor_flags);
  if ((inherited & ~found->inheriting_rights) != 0) co_return fail(Errno::NotCapable);
  CO_TRY(call.descriptors().check_room());

  constexpr Rights writing =
      rights::descriptor_write | rights::descriptor_allocate | rights::descriptor_set_size;
  OpenRequest const request{.read = (rights & rights::descriptor_read) != 0,
                            .write = (rights & writing) != 0,
                            .create = (flags & open_flags::create) != 0,
                            .exclusive = (flags & open_flags::exclusive) != 0,
                            .truncate = (flags & open_flags::truncate) != 0,
                            .directory = (flags & open_flags::directory) != 0,
                            .follow = (lookup & lookup_flags::follow_symlinks) != 0,
                            .flags = static_cast<DescriptorFlags>(descriptor_flags)};
  CO_TRY(auto file, co_await found->file->as_directory()->open(name, request));
  Rights const own = applicable(*file, rights);
  Rights const passed_on = file->as_directory() != nullptr ? inheriting_rights : 0;
  CO_TRY(u32 const number, call.descriptors().add({.file = std::move(file),
                                                   .rights = own,
                                                   .inheriting_rights = passed_on,
                                                   .flags = request.flags}));
  co_return store(call.memory, result, number);
}

}  // namespace nacre::wasi::calls
