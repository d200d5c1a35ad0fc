#include "lib/archive/tar.hpp"

#include <algorithm>
#include <cstring>

#include "lib/base/utf8.hpp"

namespace nacre::archive {
namespace {

/// What a file that is no tar archive looks like instead, for the message.
std::string_view known_signature(std::string_view bytes) {
  struct Signature {
    std::string_view start;
    std::string_view what;
  };
  using namespace std::string_view_literals;
  static constexpr std::array<Signature, 11> signatures{{
      {"\x1f\x8b"sv, "looks compressed with gzip; decompress it first"},
      {"\xfd"
       "7zXZ"sv,
       "looks compressed with xz; decompress it first"},
      {"\x28\xb5\x2f\xfd"sv, "looks compressed with zstd; decompress it first"},
      {"BZh"sv, "looks compressed with bzip2; decompress it first"},
      {"\x04\x22\x4d\x18"sv, "looks compressed with lz4; decompress it first"},
      {"LZIP"sv, "looks compressed with lzip; decompress it first"},
      {"\x1f\x9d"sv, "looks compressed with compress; decompress it first"},
      {"07070"sv, "looks like a cpio archive"},
      {"!<arch>\n"sv, "looks like an ar archive"},
      {"PK\x03\x04"sv, "looks like a zip archive"},
      {"\0asm"sv, "looks like a WebAssembly module"},
  }};
  for (const Signature& signature : signatures)
    if (bytes.starts_with(signature.start)) return signature.what;
  return {};
}

MemberName name_in(const TarHeader& header) {
  std::string_view const prefix = header.prefix();
  return prefix.empty() ? MemberName(header.name()) : MemberName(prefix, header.name());
}

bool has_parent_component(const MemberName& name) {
  for (std::string_view const component : name)
    if (component == "..") return true;
  return false;
}

bool is_too_long(const MemberName& name) {
  for (std::string_view const component : name)
    if (component.size() > TarReader::max_component) return true;
  return name.size() > TarReader::max_path;
}

/// Whether following `target` from the directory of `link` leaves the root, were all directories
/// real ones.
bool leaves_root(const MemberName& link, std::string_view target) {
  MemberName const path(target);
  usize depth = 0;
  if (!path.is_absolute())
    for (auto it = link.begin(); it != link.end(); ++it) ++depth;
  if (depth > 0) --depth;
  for (std::string_view const component : path) {
    if (component != "..") {
      ++depth;
    } else if (depth-- == 0) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<Member> TarReader::next() {
  std::optional<Member> member;
  while (advance_to_header()) {
    any_header_ = true;
    ended_ = false;
    TarHeader const header = header_at(offset_);
    switch (header.type()) {
      case 'x':
      case 'X':
      case 'g':
      case 'L':
      case 'K': read_extension(header); break;
      default:
        if (skip_special(header)) break;
        if (read_member(header, member.emplace())) return member;
        member.reset();
    }
  }
  drop_dangling_extensions();
  return member;
}

// ---- Where headers are

TarHeader TarReader::header_at(usize offset) const {
  return TarHeader(archive_.subspan(offset).first<block_size>());
}

bool TarReader::is_header_at(usize offset) const {
  return offset <= archive_.size() && archive_.size() - offset >= block_size &&
         header_at(offset).is_valid();
}

bool TarReader::is_end_or_header_at(usize offset) const {
  if (offset >= archive_.size() || is_header_at(offset)) return true;
  usize const end = std::min(archive_.size(), offset + block_size);
  return skip_zeros(offset) >= end;
}

/// The offset of the first byte from `offset` on that is not zero, or the archive's end.
usize TarReader::skip_zeros(usize offset) const {
  while (archive_.size() - offset >= sizeof(u64)) {
    u64 word = 0;
    std::memcpy(&word, archive_.data() + offset, sizeof word);
    if (word != 0) break;
    offset += sizeof word;
  }
  while (offset < archive_.size() && archive_[offset] == 0) ++offset;
  return offset;
}

/// The first header from `from` on, or the archive's end. Where blocks are expected every kind of
/// header counts, elsewhere only those with a magic: another archive may begin there.
usize TarReader::find_header(usize from) const {
  constexpr usize magic_offset = 257;
  for (usize block = from; archive_.size() - block >= block_size; block += block_size) {
    if (is_header_at(block)) return block;
    usize at = block + 1 + magic_offset;
    usize const end = std::min(block + block_size + magic_offset, archive_.size());
    while (at < end) {
      const void* const found = std::memchr(archive_.data() + at, 'u', end - at);
      if (found == nullptr) break;
      at = static_cast<usize>(static_cast<const u8*>(found) - archive_.data());
      usize const candidate = at - magic_offset;
      if (is_header_at(candidate) && header_at(candidate).has_magic()) return candidate;
      ++at;
    }
  }
  return archive_.size();
}

/// Makes `offset_` that of the next header, past zero blocks and damage. False at the end.
bool TarReader::advance_to_header() {
  while (offset_ < archive_.size()) {
    if (is_header_at(offset_)) return true;
    usize const content = skip_zeros(offset_);
    usize const zero_blocks = (content - offset_) / block_size;
    if (zero_blocks > 0) {
      ended_ = true;
      drop_dangling_extensions();
      // What a global header says ends with its archive.
      if (zero_blocks > 1) global_.clear();
    }
    if (content == archive_.size()) {
      offset_ = content;
      return false;
    }
    offset_ += zero_blocks * block_size;
    // The next archive may not stand at a multiple of a block's size; a name never begins with
    // zero.
    for (usize const start : {offset_, content}) {
      if (!is_header_at(start)) continue;
      offset_ = start;
      return true;
    }
    // Nor need the last member's data have been padded to a whole block.
    if (zero_blocks == 0 && data_end_ < offset_) {
      usize const start = skip_zeros(data_end_);
      if (start < offset_ && is_header_at(start)) {
        offset_ = start;
        return true;
      }
    }

    usize const found = find_header(offset_);
    Problem problem{.kind = ProblemKind::BadHeader, .offset = offset_, .bytes = found - offset_};
    if (ended_) {
      problem.kind = ProblemKind::TrailingGarbage;
    } else if (archive_.size() - offset_ < block_size) {
      problem.kind = any_header_ ? ProblemKind::PartialBlock : ProblemKind::NotTar;
    } else if (TarHeader const damaged = header_at(offset_); damaged.has_magic()) {
      problem.name = name_in(damaged);
      problem.detail = "the checksum of its header is wrong";
    } else if (!any_header_ && found == archive_.size()) {
      problem.kind = ProblemKind::NotTar;
    } else {
      problem.detail = "no header where one must be";
    }
    if (problem.kind == ProblemKind::NotTar) problem.detail = known_signature(text_of(archive_));
    report(problem);
    forget_extensions();
    offset_ = data_end_ = found;
  }
  return false;
}

// ---- Data

TarReader::Extent TarReader::extent_of(u64 size, const MemberName& name) {
  usize const begin = offset_ + block_size;
  usize const available = archive_.size() - begin;
  if (size <= available) {
    usize const padded = (static_cast<usize>(size) + block_size - 1) & ~(block_size - 1);
    return {archive_.subspan(begin, static_cast<usize>(size)), begin + std::min(padded, available),
            false};
  }
  // Either the archive was cut off, or the size is wrong and there are members behind.
  usize const next = find_header(begin);
  report({.kind = ProblemKind::PastEnd,
          .offset = offset_,
          .name = name,
          .bytes = next - begin,
          .promised = size});
  return {archive_.subspan(begin, next - begin), next, true};
}

/// Whether a member of a kind that should have no data is followed by `size` bytes all the same.
/// Writers differ; what stands in both places tells.
bool TarReader::has_body(u64 size) const {
  usize const begin = offset_ + block_size;
  if (size == 0 || size > archive_.size() - begin || is_end_or_header_at(begin)) return false;
  return is_end_or_header_at(begin + static_cast<usize>(base::align_up(size, block_size)));
}

void TarReader::move_on(const Extent& extent) {
  data_end_ = offset_ + block_size + extent.data.size();
  offset_ = extent.next;
}

// ---- Headers that say something about the next member

void TarReader::read_extension(const TarHeader& header) {
  if (!local_.any() && !long_name_ && !long_link_) extension_offset_ = offset_;
  auto const size = header.size();
  if (!size || *size < 0) {
    report({.kind = ProblemKind::BadSize, .offset = offset_, .name = name_in(header)});
    forget_extensions();
    offset_ = data_end_ = find_header(offset_ + block_size);
    return;
  }
  Extent const extent = extent_of(static_cast<u64>(*size), name_in(header));
  if (extent.truncated) {
    forget_extensions();
  } else if (header.type() == 'L' || header.type() == 'K') {
    std::string_view const text = text_of(extent.data);
    (header.type() == 'L' ? long_name_ : long_link_) = text.substr(0, text.find('\0'));
  } else {
    if (header.type() != 'g') local_records_ = extent.data;
    read_pax_records(extent.data, header.type() == 'g' ? global_ : local_);
  }
  move_on(extent);
}

void TarReader::read_pax_records(std::span<const u8> data, PaxFields& fields) {
  PaxRecords records(text_of(data));
  for (;;) {
    auto const record = records.next();
    if (!record) {
      return report({.kind = ProblemKind::BadPaxRecord,
                     .offset = offset_ + block_size + record.error().offset});
    }
    if (!*record) return;
    auto [keyword, value] = **record;
    auto const known = PaxFields::find(keyword);
    if (!known) continue;
    if (value.contains('\0')) {
      report({.kind = ProblemKind::NulInPaxValue, .offset = offset_of(value), .detail = keyword});
      value = value.substr(0, value.find('\0'));
    }
    fields.set(*known, value);
  }
}

/// What the innermost header that has the keyword says; empty when none has, or when it says to
/// take the member's own field.
std::optional<std::string_view> TarReader::pax_value(Keyword keyword) const {
  auto value = local_.get(keyword);
  if (!value) value = global_.get(keyword);
  if (value && value->empty()) return std::nullopt;
  return value;
}

void TarReader::forget_extensions() {
  local_.clear();
  long_name_.reset();
  long_link_.reset();
}

void TarReader::drop_dangling_extensions() {
  if (local_.any() || long_name_ || long_link_) {
    report({.kind = ProblemKind::DanglingExtension,
            .offset = extension_offset_,
            .detail = long_name_   ? "long name"
                      : long_link_ ? "long link target"
                                   : "pax header"});
  }
  forget_extensions();
}

// ---- Members

/// Skips what is in an archive but is no member: volume labels and the like. False for members.
bool TarReader::skip_special(const TarHeader& header) {
  char const type = header.type();
  if (type != 'V' && type != 'M' && type != 'N') return false;
  if (type != 'V') {
    report({.kind = type == 'M' ? ProblemKind::ContinuedMember : ProblemKind::UnknownType,
            .offset = offset_,
            .name = name_in(header),
            .bytes = static_cast<u8>(type)});
  }
  i64 const size = header.size().value_or(0);
  move_on(extent_of(static_cast<u64>(std::max(size, i64{0})), name_in(header)));
  forget_extensions();
  return true;
}

/// Finds the map of a sparse member, takes it off the data, and gives the member its real size.
/// False when there is no such map or it does not fit. Other members are left as they are.
bool TarReader::read_sparse_map(const TarHeader& header, Member& member) {
  using Form = SparseMap::Form;
  std::optional<i64> size;
  if (header.type() == 'S') {
    usize const begin = static_cast<usize>(member.offset);
    if (header.dialect() != TarHeader::Dialect::Star) {
      member.sparse_map =
          SparseMap(Form::GnuHeader, archive_.subspan(begin, offset_ + block_size - begin));
    }
    size = header.sparse_size();
  } else {
    if (!local_.any()) return true;
    auto const list = local_.get(Keyword::SparseMap);
    auto const major = local_.get(Keyword::SparseMajor);
    auto const text = local_.get(Keyword::SparseSize);
    if (list) {
      auto const begin = static_cast<usize>(offset_of(*list));
      member.sparse_map = SparseMap(Form::PaxList, archive_.subspan(begin, list->size()));
    } else if (major == "1") {
      member.sparse_map = SparseMap(Form::PaxData, member.data);
      SparseMap::Cursor cursor(*member.sparse_map);
      while (cursor.next()) {
      }
      u64 const map_size = base::align_up(cursor.offset(), block_size);
      if (cursor.is_damaged() || map_size > member.data.size()) return false;
      member.data = member.data.subspan(static_cast<usize>(map_size));
    } else if (local_.get(Keyword::SparseOffset) || (text && !major)) {
      // A file that is nothing but a hole has a size and no segments.
      member.sparse_map = SparseMap(Form::PaxRecords, local_records_);
    } else if (!major && !local_.get(Keyword::SparseName) && !local_.get(Keyword::SunHoles)) {
      return true;
    }
    if (text) size = parse_pax_integer(*text);
  }
  if (!member.sparse_map || !size || *size < 0 || member.truncated) return false;
  member.size = static_cast<u64>(*size);
  return member.sparse_map->is_valid(member.size, member.data.size());
}

bool TarReader::read_member(const TarHeader& header, Member& member) {
  member.offset = offset_;
  if (auto const path = pax_value(Keyword::Path))
    member.name = MemberName(*path);
  else if (long_name_)
    member.name = MemberName(*long_name_);
  else
    member.name = name_in(header);

  auto size = header.size();
  if (auto const text = pax_value(Keyword::Size)) {
    auto const number = parse_pax_integer(*text);
    if (number && *number >= 0) {
      size = number;
    } else {
      report({.kind = ProblemKind::BadNumber,
              .offset = offset_of(*text),
              .name = member.name,
              .detail = "pax size"});
    }
  }
  if (!size || *size < 0) {
    report({.kind = ProblemKind::BadSize, .offset = offset_, .name = member.name});
    forget_extensions();
    offset_ = data_end_ = find_header(offset_ + block_size);
    return false;
  }

  switch (header.type()) {
    case '0':
    case '7':
    case 'S':
    case '\0': break;
    case '1': member.type = MemberType::HardLink; break;
    case '2': member.type = MemberType::Symlink; break;
    case '3': member.type = MemberType::CharacterDevice; break;
    case '4': member.type = MemberType::BlockDevice; break;
    case '5':
    case 'D': member.type = MemberType::Directory; break;
    case '6': member.type = MemberType::Fifo; break;
    default:
      report({.kind = ProblemKind::UnknownType,
              .offset = offset_,
              .name = member.name,
              .bytes = static_cast<u8>(header.type())});
  }
  // Older formats have no type for directories.
  if (member.type == MemberType::File && member.name.ends_with_slash())
    member.type = MemberType::Directory;

  u64 body = static_cast<u64>(*size);
  if (member.type != MemberType::File && !has_body(body)) body = 0;

  // The name in the header of such a member is made up.
  if (auto const name = local_.get(Keyword::SparseName)) member.name = MemberName(*name);
  bool more = false;
  if (header.type() == 'S') {
    // Its map may go on in blocks behind the header.
    more = header.has_sparse_extension();
    while (more && archive_.size() - offset_ >= 2 * block_size &&
           !is_header_at(offset_ + block_size)) {
      offset_ += block_size;
      more = archive_[offset_ + 504] != 0;
    }
  }
  Extent const extent = extent_of(body, member.name);
  member.truncated = extent.truncated;
  if (member.type == MemberType::File) member.data = extent.data;
  member.size = member.data.size();
  bool const whole = !more && (member.type != MemberType::File || read_sparse_map(header, member));
  if (!whole) {
    report({.kind = ProblemKind::DamagedSparseMap, .offset = member.offset, .name = member.name});
  }
  if (member.type == MemberType::HardLink || member.type == MemberType::Symlink) {
    if (auto const path = pax_value(Keyword::LinkPath))
      member.link_target = *path;
    else
      member.link_target = long_link_ ? *long_link_ : header.link_name();
  }

  bool const fit = whole && names_are_fit(member);
  if (fit) read_owner(header, member);
  move_on(extent);
  forget_extensions();
  return fit;
}

/// Reports what is strange about the member's names. False when it must be left out for it.
bool TarReader::names_are_fit(Member& member) {
  auto const say = [&](ProblemKind kind) {
    report({.kind = kind, .offset = member.offset, .name = member.name});
  };
  // Few names have two dots in a row anywhere or are long, and the others need no closer look.
  if (member.name.first().contains("..") || member.name.second().contains("..")) {
    if (has_parent_component(member.name)) {
      say(ProblemKind::OutsideRoot);
      return false;
    }
  }
  if (member.name.size() > max_component && is_too_long(member.name)) {
    say(ProblemKind::NameTooLong);
    return false;
  }
  bool const any = !member.name.is_root();
  if (!any && member.type != MemberType::Directory) {
    say(ProblemKind::EmptyName);
    return false;
  }
  if (any && member.name.is_absolute()) say(ProblemKind::AbsoluteName);
  if (!base::is_utf8(member.name.first()) || !base::is_utf8(member.name.second()))
    say(ProblemKind::NameNotUtf8);

  switch (member.type) {
    case MemberType::HardLink:
    case MemberType::Symlink:
      if (member.link_target.empty()) {
        say(ProblemKind::EmptyLinkTarget);
        return false;
      }
      if (member.link_target.size() > max_path) {
        say(ProblemKind::LinkTooLong);
        return false;
      }
      if (member.type == MemberType::HardLink) {
        if (!has_parent_component(MemberName(member.link_target))) return true;
        say(ProblemKind::HardLinkOutsideRoot);
        return false;
      }
      if (leaves_root(member.name, member.link_target)) say(ProblemKind::SymlinkOutsideRoot);
      return true;
    case MemberType::CharacterDevice:
    case MemberType::BlockDevice:
    case MemberType::Fifo: say(ProblemKind::DeviceMember); return true;
    case MemberType::File:
    case MemberType::Directory: return true;
  }
  return true;
}

void TarReader::read_owner(const TarHeader& header, Member& member) {
  auto const ignore = [&](std::string_view field) {
    report({.kind = ProblemKind::BadNumber,
            .offset = member.offset,
            .name = member.name,
            .detail = field});
  };
  auto const number = [&](std::optional<i64> field, std::string_view what, i64 otherwise = 0) {
    if (!field) ignore(what);
    return field.value_or(otherwise);
  };
  auto const overridden = [&](Keyword keyword, std::optional<i64> field) {
    auto const text = pax_value(keyword);
    return text ? parse_pax_integer(*text) : field;
  };
  i64 const default_mode = member.type == MemberType::Directory ? 0755 : 0644;
  member.mode = static_cast<u32>(number(header.mode(), "mode", default_mode) & 07777);
  member.user_id = number(overridden(Keyword::UserId, header.user_id()), "owner");
  member.group_id = number(overridden(Keyword::GroupId, header.group_id()), "group");
  if (auto const text = pax_value(Keyword::ModificationTime)) {
    auto const time = parse_pax_time(*text);
    if (!time) ignore("modification time");
    member.modified = time.value_or(base::UnixTime{});
  } else {
    member.modified.seconds = number(header.modification_time(), "modification time");
  }
  member.user_name = pax_value(Keyword::UserName).value_or(header.user_name());
  member.group_name = pax_value(Keyword::GroupName).value_or(header.group_name());
  if (member.type == MemberType::CharacterDevice || member.type == MemberType::BlockDevice) {
    member.device_major = number(header.device_major(), "device number");
    member.device_minor = number(header.device_minor(), "device number");
  }
}

std::string_view TarReader::text_of(std::span<const u8> bytes) const {
  return {static_cast<const char*>(static_cast<const void*>(bytes.data())), bytes.size()};
}

u64 TarReader::offset_of(std::string_view borrowed) const {
  return static_cast<u64>(borrowed.data() - text_of(archive_).data());
}

}  // namespace nacre::archive
