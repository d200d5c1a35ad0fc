#include "lib/wasi/descriptor_table.hpp"

#include <utility>

namespace nacre::wasi {

Result<Descriptor*> DescriptorTable::find(u32 number) {
  if (number >= entries_.size() || !entries_[number].file) return fail(Errno::BadDescriptor);
  return &entries_[number];
}

Result<Descriptor*> DescriptorTable::find(u32 number, Rights wanted) {
  TRY(Descriptor* const found, find(number));
  if ((found->rights & wanted) != wanted) return fail(Errno::NotCapable);
  return found;
}

Result<Descriptor*> DescriptorTable::find_directory(u32 number, Rights wanted) {
  TRY(Descriptor* const found, find(number));
  if (found->file->as_directory() == nullptr) return fail(Errno::NotADirectory);
  return find(number, wanted);
}

Result<void> DescriptorTable::check_room() const {
  if (open_ >= limit_) return fail(Errno::TooManyDescriptors);
  return {};
}

Result<u32> DescriptorTable::add(Descriptor descriptor, u32 least) {
  TRY(check_room());
  u32 number = least;
  while (number < entries_.size() && entries_[number].file) ++number;
  if (number >= entries_.size()) {
    TRY(entries_.try_resize(number + usize{1}));
  }
  entries_[number] = std::move(descriptor);
  ++open_;
  return number;
}

Result<void> DescriptorTable::close(u32 number) {
  TRY(Descriptor* const found, find(number));
  *found = {};
  --open_;
  return {};
}

Result<void> DescriptorTable::renumber(u32 from, u32 to) {
  TRY(Descriptor* const source, find(from));
  TRY(Descriptor* const target, find(to));
  if (source == target) return {};
  *target = std::exchange(*source, {});
  --open_;
  return {};
}

}  // namespace nacre::wasi
