#pragma once

#include <optional>

#include "lib/shell/variables.hpp"

namespace nacre::shell {

using base::u64;
using base::u8;

/// What `set` switches. [posix/xcu: "set"]
struct ShellOptions {
  bool all_export = false;     // -a
  bool exit_on_error = false;  // -e
  bool no_glob = false;        // -f
  bool no_execute = false;     // -n
  bool no_unset = false;       // -u
  bool verbose = false;        // -v
  bool trace = false;          // -x
  bool no_clobber = false;     // -C
  bool notify = false;         // -b
  bool hash_all = false;       // -h
  bool monitor = false;        // -m
};

/// What a shell's words are expanded with. [posix/xcu: "Parameters and Variables"]
struct Parameters {
  Variables variables{};
  base::String shell_name{};               // $0
  base::Vector<base::String> arguments{};  // $1, $2, ...
  ShellOptions options{};
  int last_status = 0;                   // $?
  u64 process_id = 1;                    // $$
  std::optional<u64> last_background{};  // $!
  /// Where the command stands that is run, in its script or function: `LINENO`, unless that is
  /// assigned.
  usize line = 1;

  std::expected<Parameters, base::OutOfMemory> try_copy() const;
};

/// One option by its letter; null if there is none.
bool* option_of(ShellOptions& options, char letter);
inline constexpr std::string_view option_letters = "abCefhmnuvx";
/// The long name that `set -o` knows it by.
std::string_view option_name(char letter);

}  // namespace nacre::shell
