#include "lib/wasi/system.hpp"

#include <utility>

namespace nacre::wasi {

Result<void> System::add_stream(u32 number, base::Box<File> file, Direction direction) {
  Rights const moves =
      direction == Direction::Read ? rights::descriptor_read : rights::descriptor_write;
  // Without the rights to seek and tell, a character device is a terminal to C libraries.
  Rights const possible = file->is_seekable() ? rights::of_files : rights::of_streams;
  Rights const other = rights::descriptor_read | rights::descriptor_write;
  TRY(descriptors.add({.file = std::move(file), .rights = (possible & ~other) | moves}, number));
  return {};
}

Result<void> System::add_preopened(base::Box<File> directory, std::string_view as) {
  TRY(auto name, base::String::create(as));
  TRY(descriptors.add({.file = std::move(directory),
                       .rights = rights::of_directories,
                       .inheriting_rights = rights::all,
                       .preopened_as = std::move(name)},
                      first_preopened));
  return {};
}

}  // namespace nacre::wasi
