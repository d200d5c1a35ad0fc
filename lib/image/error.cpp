#include "lib/image/error.hpp"

namespace nacre::image {

std::string_view describe(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::NoImage: return "neither PNG, BMP nor QOI";
    case ErrorKind::UnexpectedEnd: return "the file ends too early";
    case ErrorKind::BadSize: return "an image without a width or a height";
    case ErrorKind::TooLarge: return "the image is too large";
    case ErrorKind::BadHeader: return "a header that cannot be so";
    case ErrorKind::UnknownVersion: return "a header of an unknown kind";
    case ErrorKind::UnknownFormat: return "pixels in a form that is not read";
    case ErrorKind::BadColorFormat: return "colours in a form that there is not";
    case ErrorKind::BadPalette: return "the palette is missing or too large";
    case ErrorKind::NotInPalette: return "a pixel has a colour that is not in the palette";
    case ErrorKind::WrongChecksum: return "the checksum of a chunk is wrong";
    case ErrorKind::BadChunkName: return "a chunk with a name that is none";
    case ErrorKind::UnknownChunk: return "a chunk that has to be understood and is not";
    case ErrorKind::ChunkOutOfPlace: return "a chunk in the wrong place";
    case ErrorKind::BadChunkSize: return "a chunk of the wrong size";
    case ErrorKind::NoPixels: return "there are no pixels";
    case ErrorKind::BadFilter: return "a row with an unknown filter";
    case ErrorKind::TooFewPixels: return "there are too few pixels";
    case ErrorKind::TooManyPixels: return "there are too many pixels";
    case ErrorKind::OutsideOfImage: return "a run leads out of the image";
    case ErrorKind::BadEnd: return "the end mark is missing";
    case ErrorKind::DamagedData: return "the compressed data are damaged";
    case ErrorKind::OutOfMemory: return "out of memory";
  }
  return "unknown error";
}

void format_value(base::Sink& sink, const Error& error) {
  std::string_view const what = error.kind == ErrorKind::DamagedData
                                    ? compress::describe(error.compression)
                                    : describe(error.kind);
  if (error.kind == ErrorKind::OutOfMemory || error.kind == ErrorKind::NoImage)
    return sink.write(what);
  base::format_to(sink, "at byte {}: {}", error.offset, what);
}

}  // namespace nacre::image
