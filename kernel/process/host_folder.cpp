#include "kernel/process/host_folder.hpp"

#include "lib/hostlink/change.hpp"

namespace nacre::process {
namespace {

static_assert(fs::MirrorChange::max_path <= hostlink::max_change_path);
// A rename has two paths, and no bytes.
static_assert(hostlink::change_header_size + 2 * fs::MirrorChange::max_path <=
              hostlink::max_payload);
static_assert(fs::MirrorChange::max_bytes <= hostlink::max_change_bytes);

hostlink::Change::Kind kind_of(fs::MirrorChange::Kind kind) {
  using From = fs::MirrorChange::Kind;
  using To = hostlink::Change::Kind;
  switch (kind) {
    case From::MakeDirectory: return To::MakeDirectory;
    case From::MakeFile: return To::MakeFile;
    case From::MakeLink: return To::MakeLink;
    case From::AddName: return To::AddName;
    case From::RemoveFile: return To::RemoveFile;
    case From::RemoveDirectory: return To::RemoveDirectory;
    case From::Rename: return To::Rename;
    case From::Write: return To::Write;
    case From::Resize: return To::Resize;
    case From::SetTimes: return To::SetTimes;
  }
  return To::SetTimes;
}

}  // namespace

void HostFolder::put(const fs::MirrorChange& change) {
  bool const times = change.kind == fs::MirrorChange::Kind::SetTimes;
  channel_.put_change({.kind = kind_of(change.kind),
                       .folder = number_,
                       .path = change.path,
                       .other = change.other,
                       .first = times ? static_cast<u64>(change.accessed_ns) : change.offset,
                       .second = times ? static_cast<u64>(change.modified_ns) : 0,
                       .bytes = change.bytes});
}

}  // namespace nacre::process
