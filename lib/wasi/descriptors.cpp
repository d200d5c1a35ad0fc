#include "lib/wasi/calls.hpp"

namespace nacre::wasi::calls {
namespace {

/// Something with a position. What has none says so, whatever its rights.
Result<Descriptor*> find_seekable(const Call& call, u32 number, Rights wanted) {
  TRY(Descriptor* const found, call.descriptors().find(number));
  if (found->file->as_directory() != nullptr) return fail(Errno::BadDescriptor);
  if (!found->file->is_seekable()) return fail(Errno::NotSeekable);
  return call.descriptors().find(number, wanted);
}

Result<std::string_view> preopened_name(const Call& call, u32 number) {
  TRY(Descriptor* const found, call.descriptors().find(number));
  if (!found->preopened_as) return fail(Errno::BadDescriptor);
  return found->preopened_as->view();
}

}  // namespace

/// Nothing is made of the advice, but it must be one.
Result<void> fd_advise(Call call, u32 descriptor, u64 offset, u64 size, u32 advice) {
  TRY(find_seekable(call, descriptor, rights::descriptor_advise));
  if (advice >= kinds_of_advice) return fail(Errno::Invalid);
  if (offset > static_cast<u64>(INT64_MAX) || size > static_cast<u64>(INT64_MAX))
    return fail(Errno::Invalid);
  return {};
}

Result<void> fd_close(Call call, u32 descriptor) { return call.descriptors().close(descriptor); }

Result<void> fd_fdstat_get(Call call, u32 descriptor, u32 result) {
  TRY(Descriptor* const found, call.descriptors().find(descriptor));
  return store(call.memory, result,
               DescriptorStat{.type = found->file->type(),
                              .flags = found->flags,
                              .rights = found->rights,
                              .inheriting_rights = found->inheriting_rights});
}

Result<void> fd_fdstat_set_flags(Call call, u32 descriptor, u32 flags) {
  TRY(Descriptor* const found, call.descriptors().find(descriptor, rights::descriptor_set_flags));
  if ((flags & ~u32{descriptor_flags::all}) != 0) return fail(Errno::Invalid);
  found->flags = static_cast<DescriptorFlags>(flags);
  found->file->set_flags(found->flags);
  return {};
}

/// Rights can only be given up.
Result<void> fd_fdstat_set_rights(Call call, u32 descriptor, u64 rights, u64 inheriting_rights) {
  TRY(Descriptor* const found, call.descriptors().find(descriptor));
  if ((rights & ~found->rights) != 0 || (inheriting_rights & ~found->inheriting_rights) != 0)
    return fail(Errno::NotCapable);
  found->rights = rights;
  found->inheriting_rights = inheriting_rights;
  return {};
}

Result<void> fd_prestat_get(Call call, u32 descriptor, u32 result) {
  TRY(std::string_view const name, preopened_name(call, descriptor));
  return store(call.memory, result, Prestat{.name_size = static_cast<u32>(name.size())});
}

Result<void> fd_prestat_dir_name(Call call, u32 descriptor, u32 buffer, u32 size) {
  TRY(std::string_view const name, preopened_name(call, descriptor));
  if (name.size() > size) return fail(Errno::NameTooLong);
  TRY(auto const target, call.memory.span(buffer, name.size()));
  name.copy(std::bit_cast<char*>(target.data()), name.size());
  return {};
}

Result<void> fd_renumber(Call call, u32 from, u32 to) {
  return call.descriptors().renumber(from, to);
}

Result<void> fd_seek(Call call, u32 descriptor, i64 offset, u32 whence, u32 result) {
  TRY(call.check(result, sizeof(u64)));
  TRY(Whence const from, whence_of(call.version, whence));
  bool const moves = offset != 0 || from != Whence::Current;
  TRY(Descriptor* const found,
      find_seekable(call, descriptor, moves ? rights::descriptor_seek : rights::descriptor_tell));
  TRY(u64 const position, found->file->seek(offset, from));
  return store(call.memory, result, position);
}

Result<void> fd_tell(Call call, u32 descriptor, u32 result) {
  TRY(call.check(result, sizeof(u64)));
  TRY(Descriptor* const found, find_seekable(call, descriptor, rights::descriptor_tell));
  TRY(u64 const position, found->file->seek(0, Whence::Current));
  return store(call.memory, result, position);
}

}  // namespace nacre::wasi::calls
