#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "lib/base/memory.hpp"
#include "lib/base/string.hpp"
#include "lib/base/vector.hpp"
#include "lib/wasi/file.hpp"

namespace nacre::wasi {

/// What stands behind the number of a descriptor.
struct Descriptor {
  base::Box<File> file;
  Rights rights = 0;
  /// What descriptors that are opened through this one may have.
  Rights inheriting_rights = 0;
  DescriptorFlags flags = 0;
  /// The name under which the program was given the directory; nothing for all others.
  std::optional<base::String> preopened_as{};
};

/// The descriptors of one program. Numbers are given out lowest first. Task context.
class DescriptorTable {
 public:
  /// At most `limit` are open at a time.
  explicit DescriptorTable(u32 limit) : limit_(limit) {}

  /// Errors: BadDescriptor when there is none of that number.
  Result<Descriptor*> find(u32 number);
  /// The same; NotCapable when it has not all of `wanted`.
  Result<Descriptor*> find(u32 number, Rights wanted);
  /// A directory. Errors: NotADirectory, too; it counts for more than the rights.
  Result<Descriptor*> find_directory(u32 number, Rights wanted);

  /// Gives it the lowest free number, but no lower one than `least`. Errors: TooManyDescriptors,
  /// NoMemory; then it is closed.
  Result<u32> add(Descriptor descriptor, u32 least = 0);
  /// What `add` would say.
  Result<void> check_room() const;
  /// Errors: BadDescriptor.
  Result<void> close(u32 number);
  /// Closes `to`, and lets `from` have its number. Errors: BadDescriptor when one is not open.
  Result<void> renumber(u32 from, u32 to);

  usize size() const { return open_; }

 private:
  base::Vector<Descriptor> entries_;  // without a file where a number is free
  usize open_ = 0;
  u32 limit_;
};

}  // namespace nacre::wasi
