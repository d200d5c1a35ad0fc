#include "lib/compress/error.hpp"

namespace nacre::compress {

std::string_view describe(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::UnexpectedEnd: return "the compressed data end too early";
    case ErrorKind::BadBlockType: return "a compressed block of an unknown type";
    case ErrorKind::BadStoredLength: return "the length of a stored block is damaged";
    case ErrorKind::BadCodeLengths: return "a Huffman code that cannot be";
    case ErrorKind::BadSymbol: return "compressed data that mean nothing";
    case ErrorKind::DistanceTooFar: return "a match from before the first byte";
    case ErrorKind::TooLarge: return "the data are larger than they may be";
    case ErrorKind::BadHeader: return "no compressed data";
    case ErrorKind::UnknownMethod: return "compressed in a way that is not known";
    case ErrorKind::NeedsDictionary: return "compressed with a dictionary that is not there";
    case ErrorKind::WrongChecksum: return "the checksum of the data is wrong";
    case ErrorKind::WrongSize: return "the data have not the size that they should have";
    case ErrorKind::OutOfMemory: return "out of memory";
  }
  return "unknown error";
}

}  // namespace nacre::compress
