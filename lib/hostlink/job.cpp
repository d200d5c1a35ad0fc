#include "lib/hostlink/job.hpp"

#include "lib/base/try.hpp"

namespace nacre::hostlink {
namespace {

using Kind = JobError::Kind;

/// Control characters from the file must not reach a terminal.
void write_printable(base::Sink& sink, std::string_view text) {
  for (char const c : text.substr(0, 80)) {
    if (c < ' ' || c == 0x7f)
      base::format_to(sink, "\\x{:02x}", static_cast<u8>(c));
    else
      sink.write({&c, 1});
  }
}

}  // namespace

void format_value(base::Sink& sink, const JobError& error) {
  auto const about = [&](std::string_view before, std::string_view behind) {
    base::format_to(sink, "byte {}: ", error.offset);
    sink.write(before);
    sink.write("'");
    write_printable(sink, error.record);
    sink.write("'");
    sink.write(behind);
  };
  switch (error.kind) {
    case Kind::OutOfMemory: return sink.write("out of memory");
    case Kind::NoSuchKey: return about("unknown key ", "");
    case Kind::NoValue: return about("", " has no =");
    case Kind::Repeated: return about("a second ", "");
    case Kind::BadEnvironment: return about("", " is no NAME=VALUE");
    case Kind::NothingToRun: return sink.write("neither a program nor a line for the shell");
    case Kind::TwoThingsToRun: return sink.write("both a program and a line for the shell");
    case Kind::TooManyMirrors: return sink.write("more than 256 mirrors");
    case Kind::RelativePath: return about("", " does not begin with /");
  }
}

std::expected<Job, JobError> parse_job(std::string_view file) {
  Job job;
  bool has_working_directory = false;
  for (usize at = 0; at < file.size();) {
    usize const offset = at;
    std::string_view record = file.substr(at);
    record = record.substr(0, record.find('\0'));
    at += record.size() + 1;
    if (record.empty()) continue;

    auto const fail = [&](Kind kind, std::string_view text) {
      return std::unexpected(JobError(kind, text, offset));
    };
    usize const equals = record.find('=');
    if (equals == std::string_view::npos) return fail(Kind::NoValue, record);
    std::string_view const key = record.substr(0, equals);
    std::string_view const value = record.substr(equals + 1);
    if (key == "program") {
      if (job.program) return fail(Kind::Repeated, key);
      if (!value.starts_with('/')) return fail(Kind::RelativePath, value);
      job.program = value;
    } else if (key == "shell") {
      if (job.shell) return fail(Kind::Repeated, key);
      job.shell = value;
    } else if (key == "arg") {
      TRY(job.arguments.try_push_back(value));
    } else if (key == "env") {
      usize const name = value.find('=');
      if (name == std::string_view::npos || name == 0) return fail(Kind::BadEnvironment, value);
      TRY(job.environment.try_push_back(value));
    } else if (key == "mirror") {
      if (!value.starts_with('/')) return fail(Kind::RelativePath, value);
      if (job.mirrors.size() > UINT8_MAX) return fail(Kind::TooManyMirrors, key);
      TRY(job.mirrors.try_push_back(value));
    } else if (key == "cwd") {
      if (has_working_directory) return fail(Kind::Repeated, key);
      if (!value.starts_with('/')) return fail(Kind::RelativePath, value);
      job.working_directory = value;
      has_working_directory = true;
    } else {
      return fail(Kind::NoSuchKey, key);
    }
  }
  if (!job.program && !job.shell) return std::unexpected(JobError(Kind::NothingToRun));
  if (job.program && job.shell) return std::unexpected(JobError(Kind::TwoThingsToRun));
  return job;
}

}  // namespace nacre::hostlink
