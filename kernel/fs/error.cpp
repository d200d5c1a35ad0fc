#include "kernel/fs/error.hpp"

namespace nacre::fs {

std::string_view describe(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::NotFound: return "no such file or directory";
    case ErrorKind::NotADirectory: return "not a directory";
    case ErrorKind::IsADirectory: return "is a directory";
    case ErrorKind::NotASymlink: return "not a symbolic link";
    case ErrorKind::AlreadyExists: return "already exists";
    case ErrorKind::NotEmpty: return "directory not empty";
    case ErrorKind::ReadOnly: return "read-only file system";
    case ErrorKind::TooManyLinks: return "too many symbolic links";
    case ErrorKind::NameTooLong: return "name too long";
    case ErrorKind::InvalidPath: return "invalid path";
    case ErrorKind::NoName: return "names no place";
    case ErrorKind::OutsideDirectory: return "leads out of its directory";
    case ErrorKind::AcrossFileSystems: return "on different file systems";
    case ErrorKind::IntoItself: return "cannot be moved into itself";
    case ErrorKind::Busy: return "something is mounted there";
    case ErrorKind::NotPermitted: return "not permitted";
    case ErrorKind::TooManyNames: return "has too many names";
    case ErrorKind::NotOpenForReading: return "not open for reading";
    case ErrorKind::NotOpenForWriting: return "not open for writing";
    case ErrorKind::NotSeekable: return "has no positions";
    case ErrorKind::InvalidOffset: return "invalid position";
    case ErrorKind::InvalidOptions: return "options exclude each other";
    case ErrorKind::FileTooLarge: return "file too large";
    case ErrorKind::NoSpace: return "no space left";
    case ErrorKind::WouldBlock: return "would have to wait";
    case ErrorKind::NoDevice: return "no such device";
    case ErrorKind::Closed: return "closed at the other end";
    case ErrorKind::Interrupted: return "interrupted";
    case ErrorKind::DeviceFailed: return "device failed";
    case ErrorKind::NotSupported: return "not supported";
    case ErrorKind::OutOfMemory: return "out of memory";
  }
  return "unknown error";
}

}  // namespace nacre::fs
