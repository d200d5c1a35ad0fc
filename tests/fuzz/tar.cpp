// Any bytes are an archive: reading ends, stays within them, and no name leaves the root.
#include "lib/archive/tar.hpp"

#include <array>
#include <cstdint>
#include <span>

#include "lib/base/assert.hpp"

namespace {

using nacre::base::u64;
using nacre::base::u8;
using nacre::base::usize;

class CheckingSink final : public nacre::base::Sink {
 public:
  void write(std::string_view text) override {
    for (char const c : text) NACRE_ASSERT(c >= ' ' && c <= '~');
    size_ += text.size();
    NACRE_ASSERT(size_ < 1000);
  }

 private:
  usize size_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::span<const u8> const archive(data, size);
  usize problems = 0;
  auto const listener = [&](const nacre::archive::Problem& problem) {
    ++problems;
    NACRE_ASSERT(problem.offset <= size);
    CheckingSink sink;
    format_value(sink, problem);
  };
  nacre::archive::TarReader reader(archive, listener);
  usize members = 0;
  u64 last = 0;
  while (auto const member = reader.next()) {
    ++members;
    NACRE_ASSERT(members == 1 || member->offset > last);
    last = member->offset;
    NACRE_ASSERT(member->data.empty() ||
                 (member->data.data() >= data + member->offset + 512 &&
                  member->data.data() + member->data.size() <= data + size));
    if (member->sparse_map) {
      NACRE_ASSERT(member->sparse_map->is_valid(member->size, member->data.size()));
      std::array<u8, 64> buffer{};
      for (u64 const offset : {u64{0}, member->size / 2, member->size}) {
        usize const count = nacre::archive::read_sparse(*member->sparse_map, member->data,
                                                        member->size, offset, buffer);
        NACRE_ASSERT(count <= buffer.size() && count <= member->size - offset);
      }
    } else {
      NACRE_ASSERT(member->size == member->data.size());
    }
    usize components = 0;
    for (std::string_view const component : member->name) {
      ++components;
      NACRE_ASSERT(!component.empty() && component != "." && component != ".." &&
                   !component.contains('/') && !component.contains('\0'));
    }
    NACRE_ASSERT(components > 0 || member->type == nacre::archive::MemberType::Directory);
    NACRE_ASSERT(member->name.is_root() == (components == 0));
  }
  NACRE_ASSERT(members <= size / 512);
  // A header gives a few problems, and each of its pax records at most one.
  NACRE_ASSERT(problems <= 16 + size / 5);
  return 0;
}
