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
///     limit=NAME=VALUE        what programs may use of something; NAME is not looked at here
///     cwd=/PATH               where it starts; `/` if not said
///     mirror=/PATH            a directory whose changes the host wants: folder 0, 1, 2 ...
///     dir=/PATH               a directory that the program gets, with everything below it
///     as=NAME                 the program's name for it, if not its path
///
/// All texts are borrowed from the file.
struct Job {
  struct Directory {
    std::string_view path;
    std::string_view name;
  };
  std::optional<std::string_view> program;
  std::optional<std::string_view> shell;
  base::Vector<std::string_view> arguments;
  base::Vector<std::string_view> environment;
  struct Limit {
    std::string_view name;
    std::string_view value;
  };
  base::Vector<Limit> limits;
  base::Vector<std::string_view> mirrors;
  base::Vector<Directory> directories;
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
    RelativePath,    // of the program, the working directory, a mirror or a directory
    TooManyMirrors,  // more than a change's folder can name
    NoDirectory,     // a name without a directory before it
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
