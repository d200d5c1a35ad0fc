#pragma once

#include "lib/archive/member_name.hpp"
#include "lib/base/format.hpp"
#include "lib/base/function_ref.hpp"

namespace nacre::archive {

enum class ProblemKind : u8 {
  NotTar,             // nothing in these bytes is a tar header
  BadHeader,          // a block that is no header where one must be
  TrailingGarbage,    // bytes behind the end of the archive that are no further archive
  PartialBlock,       // the archive ends within a block
  BadSize,            // the size field is no number, or negative
  PastEnd,            // the member's data go on behind the end of the archive
  DanglingExtension,  // a long name or pax header with no member behind it
  OutsideRoot,        // `..` in the name
  EmptyName,
  NameTooLong,
  EmptyLinkTarget,
  LinkTooLong,
  HardLinkOutsideRoot,
  DamagedSparseMap,
  ContinuedMember,  // a part of a file from a multi-volume archive
  BadNumber,        // an owner, mode, time or device field
  BadPaxRecord,
  NulInPaxValue,
  AbsoluteName,
  NameNotUtf8,
  SymlinkOutsideRoot,
  UnknownType,
  DeviceMember,
  // These say those who build a tree of the members.
  MissingLinkTarget,  // of a hard link
  LinkToDirectory,    // a hard link
  NotADirectory,      // a file stands where the name needs a directory
  DirectoryInTheWay,  // a directory with something in it stands where the member belongs
  TooManyCollisions,  // names that were chosen to fall together
};

/// Error: a member, or a part of it, is not there. Warning: it was read, in the way that the text
/// says.
enum class Severity : u8 { Warning, Error };

/// Something in an archive that is not as it should be. The archive is read on after each.
struct Problem {
  ProblemKind kind;
  /// Of the header or record, from the start of the archive.
  u64 offset;
  /// Of the member, as far as it is known. Borrowed from the archive.
  MemberName name{};
  /// How many bytes were skipped, or are there.
  u64 bytes = 0;
  /// How many bytes the header promises.
  u64 promised = 0;
  /// The field, the record's keyword, or what the bytes rather look like. Borrowed.
  std::string_view detail{};

  Severity severity() const {
    switch (kind) {
      case ProblemKind::TrailingGarbage:
      case ProblemKind::BadNumber:
      case ProblemKind::BadPaxRecord:
      case ProblemKind::NulInPaxValue:
      case ProblemKind::AbsoluteName:
      case ProblemKind::NameNotUtf8:
      case ProblemKind::SymlinkOutsideRoot:
      case ProblemKind::UnknownType:
      case ProblemKind::DeviceMember: return Severity::Warning;
      default: return Severity::Error;
    }
  }
};

/// One line without its end: what is wrong, where, and what was done about it. Printable whatever
/// the archive holds.
void format_value(base::Sink& sink, const Problem& problem);

/// Is told each problem in the order of the archive. A borrowed callable.
using ProblemListener = base::FunctionRef<void(const Problem&)>;

}  // namespace nacre::archive
