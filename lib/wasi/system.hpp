#pragma once

#include <optional>
#include <string_view>

#include "lib/wasi/descriptor_table.hpp"
#include "lib/wasi/host.hpp"

namespace nacre::wasi {

/// What one program's calls work on: its descriptors, and the host's answers to everything else.
struct System {
  Host& host;
  DescriptorTable descriptors;
  /// The code of `proc_exit`, or what POSIX shells show for the signal of `proc_raise`: the
  /// program is not to run again.
  std::optional<u32> exit_code;

  System(Host& of, u32 descriptor_limit) : host(of), descriptors(descriptor_limit) {}

  /// Gives the program one of its standard streams, to be read or written as `direction` says: in
  /// the order of their numbers. Errors: those of `DescriptorTable::add`.
  Result<void> add_stream(u32 number, base::Box<File> file, Direction direction);
  /// A directory of the name `as`, with all rights. C libraries look for such from
  /// `first_preopened` on.
  Result<void> add_preopened(base::Box<File> directory, std::string_view as);
  static constexpr u32 first_preopened = 3;
};

}  // namespace nacre::wasi
