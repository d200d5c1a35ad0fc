#include "lib/hostlink/change.hpp"

#include <algorithm>

#include "lib/base/byte_cursor.hpp"
#include "lib/base/try.hpp"

namespace nacre::hostlink {
namespace {

using Kind = Change::Kind;

constexpr usize max_name = 255;

std::string_view text_of(std::span<const u8> bytes) {
  return {std::bit_cast<const char*>(bytes.data()), bytes.size()};
}
std::span<const u8> bytes_of(std::string_view text) {
  return {std::bit_cast<const u8*>(text.data()), text.size()};
}

bool has_other_path(Kind kind) { return kind == Kind::AddName || kind == Kind::Rename; }

/// The whole payload's fields as they stand there.
std::expected<Change, base::UnexpectedEnd> read_fields(std::span<const u8> payload) {
  base::ByteCursor cursor(payload);
  TRY(u8 const kind, cursor.next());
  TRY(u8 const folder, cursor.next());
  TRY(u16 const path_size, cursor.little_endian<u16>());
  TRY(u16 const other_size, cursor.little_endian<u16>());
  TRY(u64 const first, cursor.little_endian<u64>());
  TRY(u64 const second, cursor.little_endian<u64>());
  TRY(auto const path, cursor.take(path_size));
  TRY(auto const other, cursor.take(other_size));
  TRY(auto const bytes, cursor.take(cursor.remaining()));
  return Change{
      static_cast<Kind>(kind), folder, text_of(path), text_of(other), first, second, bytes};
}

}  // namespace

void format_value(base::Sink& sink, ChangeError error) {
  switch (error) {
    case ChangeError::Truncated: return sink.write("a change that is cut off");
    case ChangeError::UnknownKind: return sink.write("a change of an unknown kind");
    case ChangeError::BadPath: return sink.write("a change with a path that is none");
    case ChangeError::Surplus: return sink.write("a change with more in it than its kind has");
  }
}

bool is_plain_path(std::string_view path) {
  if (path.empty() || path.size() > max_change_path || path.contains('\0')) return false;
  for (usize at = 0; at <= path.size();) {
    std::string_view const name = path.substr(at, path.find('/', at) - at);
    if (name.empty() || name == "." || name == ".." || name.size() > max_name) return false;
    at += name.size() + 1;
  }
  return true;
}

std::expected<std::span<const u8>, EncodeError> encode_change(const Change& change,
                                                              std::span<u8> out) {
  usize const size =
      change_header_size + change.path.size() + change.other.size() + change.bytes.size();
  if (change.path.size() > max_change_path || change.other.size() > max_change_path ||
      size > max_payload)
    return std::unexpected(EncodeError::PayloadTooLong);
  if (out.size() < size) return std::unexpected(EncodeError::NoRoom);
  auto at = out.begin();
  auto const put = [&](u64 value, int bytes) {
    for (int i = 0; i < bytes; ++i) *at++ = static_cast<u8>(value >> (8 * i));
  };
  put(static_cast<u64>(change.kind), 1);
  put(change.folder, 1);
  put(change.path.size(), 2);
  put(change.other.size(), 2);
  put(change.first, 8);
  put(change.second, 8);
  for (auto const part : {bytes_of(change.path), bytes_of(change.other), change.bytes})
    at = std::ranges::copy(part, at).out;
  return out.first(size);
}

std::expected<Change, ChangeError> decode_change(std::span<const u8> payload) {
  auto const read = read_fields(payload);
  if (!read) return std::unexpected(ChangeError::Truncated);
  Change const change = *read;
  if (change.kind < Kind::MakeDirectory || change.kind > Kind::SetTimes)
    return std::unexpected(ChangeError::UnknownKind);
  if (!is_plain_path(change.path)) return std::unexpected(ChangeError::BadPath);
  if (has_other_path(change.kind) && !is_plain_path(change.other))
    return std::unexpected(ChangeError::BadPath);
  bool const is_link = change.kind == Kind::MakeLink;
  if (is_link && (change.other.empty() || change.other.size() > max_change_path ||
                  change.other.contains('\0')))
    return std::unexpected(ChangeError::BadPath);

  bool const times = change.kind == Kind::SetTimes;
  bool const numbered = times || change.kind == Kind::Write || change.kind == Kind::Resize;
  if ((!has_other_path(change.kind) && !is_link && !change.other.empty()) ||
      (change.kind != Kind::Write && !change.bytes.empty()) || (!numbered && change.first != 0) ||
      (!times && change.second != 0))
    return std::unexpected(ChangeError::Surplus);
  return change;
}

}  // namespace nacre::hostlink
