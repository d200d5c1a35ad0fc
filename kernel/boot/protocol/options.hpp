#pragma once

#include <string_view>

#include "lib/base/function_ref.hpp"
#include "lib/base/types.hpp"

namespace nacre::boot {

/// What the kernel's command line can say: words, `name` or `name=value`, separated by blanks.
/// `docs/ARCHITECTURE.md` lists them. Texts are borrowed from the command line.
struct Options {
  /// `job=PATH`: run what that file of the ramdisk describes, report through the host channel,
  /// power off.
  std::string_view job;
  /// `hold`: after the job, wait for the host instead of powering off.
  bool hold = false;
  /// `verbose`: the log goes to the first serial port even when a job runs.
  bool verbose = false;
  /// `bench`: report what it took to come up, and power off.
  bool bench = false;
  /// `pic`: use the 8259 interrupt controllers even where there is an APIC.
  bool force_pic = false;
  /// `screen=WIDTHxHEIGHT`: the mode to set where the kernel sets it itself; `screen=none`: no
  /// screen.
  base::u32 screen_width = 1024;
  base::u32 screen_height = 768;
  bool no_screen = false;
  /// `status=none`: no status line on the screen until somebody asks for it.
  bool status_line = true;
};

/// Reads the command line. `warn` is called with each word that is unknown or has a value that
/// cannot be read, and why; the others hold.
Options parse_options(
    std::string_view command_line,
    base::FunctionRef<void(std::string_view word, std::string_view problem)> warn);

}  // namespace nacre::boot
