#include "lib/archive/problem.hpp"

namespace nacre::archive {
namespace {

void write_what(base::Sink& sink, const Problem& problem) {
  auto const say = [&](std::string_view text) { sink.write(text); };
  switch (problem.kind) {
    case ProblemKind::NotTar:
      say("this is no tar archive");
      if (!problem.detail.empty()) base::format_to(sink, ", but {}", problem.detail);
      return;
    case ProblemKind::BadHeader:
      say(problem.detail);
      return base::format_to(sink, "; {} bytes were skipped", problem.bytes);
    case ProblemKind::TrailingGarbage:
      return base::format_to(sink, "{} bytes behind the end of the archive are no archive",
                             problem.bytes);
    case ProblemKind::PartialBlock:
      return base::format_to(sink, "the archive ends within a block: {} bytes of 512",
                             problem.bytes);
    case ProblemKind::BadSize: return say("its size is no valid number; it was left out");
    case ProblemKind::PastEnd:
      return base::format_to(sink, "the archive ends after {} of its {} bytes", problem.bytes,
                             problem.promised);
    case ProblemKind::DanglingExtension:
      return base::format_to(sink, "a {} with no member behind it", problem.detail);
    case ProblemKind::OutsideRoot: return say("its name has `..` in it; it was left out");
    case ProblemKind::EmptyName: return say("a member without a name was left out");
    case ProblemKind::NameTooLong: return say("its name is too long; it was left out");
    case ProblemKind::EmptyLinkTarget: return say("a link to nothing was left out");
    case ProblemKind::LinkTooLong: return say("the link's target is too long; it was left out");
    case ProblemKind::HardLinkOutsideRoot:
      return say("a hard link whose target has `..` in it was left out");
    case ProblemKind::DamagedSparseMap:
      return say(
          "a sparse file whose map of holes is damaged or of an unknown kind; it was left out");
    case ProblemKind::ContinuedMember:
      return say("the rest of a file from an earlier volume was left out");
    case ProblemKind::BadNumber:
      return base::format_to(sink, "its {} is no valid number and was ignored", problem.detail);
    case ProblemKind::BadPaxRecord:
      return say("a malformed pax record; it and those behind it were ignored");
    case ProblemKind::NulInPaxValue:
      return base::format_to(sink, "the pax record '{}' was cut off at its NUL",
                             MemberName(problem.detail));
    case ProblemKind::AbsoluteName: return say("an absolute name, read as below the root");
    case ProblemKind::NameNotUtf8: return say("its name is not UTF-8");
    case ProblemKind::SymlinkOutsideRoot:
      return say("the link's target lies outside the root and will end at the root");
    case ProblemKind::UnknownType:
      return base::format_to(sink, "of the unknown type 0x{:02x}, read as a file", problem.bytes);
    case ProblemKind::DeviceMember: return say("a device or FIFO, which nothing here can open");
    case ProblemKind::MissingLinkTarget:
      return base::format_to(sink, "a hard link to '{}', which is not there; it was left out",
                             MemberName(problem.detail));
    case ProblemKind::LinkToDirectory:
      return base::format_to(sink, "a hard link to '{}', a directory; it was left out",
                             MemberName(problem.detail));
    case ProblemKind::NotADirectory:
      return say("a part of its name is no directory; it was left out");
    case ProblemKind::DirectoryInTheWay:
      return say("a directory that is not empty has its name; it was left out");
    case ProblemKind::TooManyCollisions: return say("too many names that collide; it was left out");
  }
}

}  // namespace

void format_value(base::Sink& sink, const Problem& problem) {
  base::format_to(sink, "byte {}: ", problem.offset);
  if (!problem.name.is_root()) base::format_to(sink, "'{}': ", problem.name);
  write_what(sink, problem);
}

}  // namespace nacre::archive
