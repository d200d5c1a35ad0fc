#include "lib/archive/tar_writer.hpp"

#include <algorithm>
#include <array>

#include "lib/base/format.hpp"
#include "lib/base/try.hpp"

namespace nacre::archive {
namespace {

constexpr usize name_size = 100;
constexpr usize prefix_size = 155;
/// What eleven, and seven, octal digits hold.
constexpr u64 max_long_number = (u64{1} << 33) - 1;
constexpr u64 max_short_number = (u64{1} << 21) - 1;

char type_letter(MemberType type) {
  switch (type) {
    case MemberType::File: return '0';
    case MemberType::HardLink: return '1';
    case MemberType::Symlink: return '2';
    case MemberType::CharacterDevice: return '3';
    case MemberType::BlockDevice: return '4';
    case MemberType::Directory: return '5';
    case MemberType::Fifo: return '6';
  }
  return '0';
}

class HeaderBlock {
 public:
  void put(usize offset, std::string_view text) {
    std::ranges::copy(text, block_.begin() + static_cast<std::ptrdiff_t>(offset));
  }
  /// Octal digits and a NUL; a number that is too large is none, for a pax record says it then.
  void put_number(usize offset, usize size, u64 number) {
    usize const digits = size - 1;
    if (digits * 3 < 64 && number >> (digits * 3) != 0) number = 0;
    for (usize i = digits; i-- > 0; number >>= 3)
      block_[offset + i] = static_cast<u8>('0' + (number & 7));
  }
  /// The last thing to be put.
  std::span<const u8> finish() {
    put(257, std::string_view("ustar\00000", 8));
    put(148, "        ");
    u64 sum = 0;
    for (u8 const byte : block_) sum += byte;
    put_number(148, 7, sum);
    return block_;
  }

 private:
  std::array<u8, block_size> block_{};
};

/// How a name is divided between the two fields that there are for it.
struct Division {
  std::string_view prefix;
  std::string_view name;
  bool fits;
};

Division divide(std::string_view name) {
  if (name.size() <= name_size) return {{}, name, true};
  if (name.size() <= prefix_size + 1 + name_size) {
    // At the first slash behind which the rest fits.
    usize const slash = name.find('/', name.size() - name_size - 1);
    if (slash != std::string_view::npos && slash != 0 && slash <= prefix_size &&
        slash + 1 < name.size())
      return {name.substr(0, slash), name.substr(slash + 1), true};
  }
  return {{}, name.substr(0, name_size), false};
}

/// Adds `LENGTH KEYWORD=VALUE\n`, where the length counts itself, too.
std::expected<void, base::OutOfMemory> add_record(base::String& records, std::string_view keyword,
                                                  std::string_view value) {
  usize const rest = keyword.size() + value.size() + 3;
  usize length = rest + 1;
  for (usize digits = 1, limit = 10; length >= limit; limit *= 10) length = rest + ++digits;
  base::StringSink sink(records);
  base::format_to(sink, "{} {}={}\n", length, keyword, value);
  return sink.result();
}

std::expected<void, base::OutOfMemory> add_number(base::String& records, std::string_view keyword,
                                                  i64 number) {
  return add_record(records, keyword, base::FixedText<24>("{}", number));
}

std::span<const u8> as_bytes(std::string_view text) {
  return {static_cast<const u8*>(static_cast<const void*>(text.data())), text.size()};
}

std::expected<void, base::OutOfMemory> append_records(std::string_view records,
                                                      std::string_view name,
                                                      base::Vector<u8>& output) {
  // Who does not know what this is unpacks it as a file.
  std::string_view const last = MemberName(name).split_last().last;
  HeaderBlock block;
  block.put(0, "PaxHeaders/");
  block.put(11, last.substr(0, name_size - 11));
  block.put_number(100, 8, 0644);
  block.put_number(108, 8, 0);
  block.put_number(116, 8, 0);
  block.put_number(124, 12, records.size());
  block.put_number(136, 12, 0);
  block.put(156, "x");
  TRY(output.try_append(block.finish()));
  TRY(output.try_append(as_bytes(records)));
  return output.try_append(padding_behind(records.size()));
}

constexpr std::array<u8, 2 * block_size> zeros{};

}  // namespace

std::expected<void, base::OutOfMemory> append_header(const NewMember& member,
                                                     base::Vector<u8>& output) {
  base::String directory_name;
  std::string_view name = member.name;
  if (member.type == MemberType::Directory && !name.ends_with('/')) {
    TRY(directory_name, base::format("{}/", name));
    name = directory_name;
  }
  Division const division = divide(name);
  u64 const size = member.type == MemberType::File ? member.size : 0;
  i64 const seconds = member.modified.seconds;

  base::String records;
  if (!division.fits) {
    TRY(add_record(records, "path", name));
  }
  if (member.link_target.size() > name_size) {
    TRY(add_record(records, "linkpath", member.link_target));
  }
  if (size > max_long_number) {
    TRY(add_number(records, "size", static_cast<i64>(size)));
  }
  if (seconds < 0 || static_cast<u64>(seconds) > max_long_number) {
    TRY(add_number(records, "mtime", seconds));
  }
  if (member.user_id > max_short_number) {
    TRY(add_number(records, "uid", member.user_id));
  }
  if (member.group_id > max_short_number) {
    TRY(add_number(records, "gid", member.group_id));
  }
  if (!records.empty()) {
    TRY(append_records(records, name, output));
  }

  HeaderBlock block;
  block.put(0, division.name);
  block.put(345, division.prefix);
  block.put_number(100, 8, member.mode & 07777);
  block.put_number(108, 8, member.user_id);
  block.put_number(116, 8, member.group_id);
  block.put_number(124, 12, size);
  block.put_number(136, 12, seconds < 0 ? 0 : static_cast<u64>(seconds));
  char const type = type_letter(member.type);
  block.put(156, {&type, 1});
  block.put(157, member.link_target.substr(0, name_size));
  return output.try_append(block.finish());
}

std::span<const u8> padding_behind(u64 size) {
  return std::span(zeros).first(static_cast<usize>(base::align_up(size, block_size) - size));
}

std::span<const u8> end_of_archive() { return zeros; }

}  // namespace nacre::archive
