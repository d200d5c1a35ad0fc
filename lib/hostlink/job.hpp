#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string_view>

#include "lib/base/format.hpp"
#include "lib/base/memory.hpp"
#include "lib/base/types.hpp"
#include "lib/base/vector.hpp"

namespace nacre::hostlink {

using base::u8;
using base::usize;

/// What the machine was started to do: the contents of the file that the host puts in front of the
/// kernel, `run/job`. It holds records that each end with a NUL, `KEY=VALUE`:
///
///     program=/run/app.wasm   the module to run; or
///     shell=LINE              the line for the shell to run
///     arg=TEXT                argument 0, 1, 2 ... of the program
///     env=NAME=VALUE          a variable of its environment
///     cwd=/PATH               where it starts; `/` if not said
///     mirror=/PATH            a directory whose changes the host wants: folder 0, 1, 2 ...
///
/// All texts are borrowed from the file.
struct Job {
  std::optional<std::string_view> program;
  std::optional<std::string_view> shell;
  base::Vector<std::string_view> arguments;
  base::Vector<std::string_view> environment;
  base::Vector<std::string_view> mirrors;
  std::string_view working_directory = "/";
};

struct JobError {
  enum class Kind : u8 {
    OutOfMemory,
    NoSuchKey,
    NoValue,         // a record without `=`
    Repeated,        // a second record of a key that there may be one of
    BadEnvironment,  // no name, or no `=` behind it
    NothingToRun,    // neither a program nor a line for the shell
    TwoThingsToRun,  // both
    RelativePath,    // of the program, the working directory or a mirror
    TooManyMirrors,  // more than a change's folder can name
  };
  Kind kind;
  /// The record's or its key's text, borrowed from the file.
  std::string_view record{};
  /// Where it stands in the file.
  usize offset = 0;

  JobError(Kind what, std::string_view text = {}, usize where = 0)
      : kind(what), record(text), offset(where) {}
  JobError(base::OutOfMemory) : JobError(Kind::OutOfMemory) {}
};

/// One line without its end.
void format_value(base::Sink& sink, const JobError& error);

std::expected<Job, JobError> parse_job(std::string_view file);

}  // namespace nacre::hostlink
