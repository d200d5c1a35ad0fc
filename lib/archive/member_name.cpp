#include "lib/archive/member_name.hpp"

namespace nacre::archive {
namespace {

/// Escapes what a terminal or a log line would not survive, and drops the middle of what is long.
class PrintableSink final : public base::Sink {
 public:
  PrintableSink(base::Sink& out, usize total) : out_(out), total_(total) {}
  void write(std::string_view text) override {
    for (char const c : text) {
      usize const at = at_++;
      if (total_ > longest && at >= kept && at < total_ - kept) {
        if (at == kept) out_.write("...");
        continue;
      }
      if (c < ' ' || c > '~' || c == '\\' || c == '\'')
        base::format_to(out_, "\\x{:02x}", static_cast<u8>(c));
      else
        out_.write({&c, 1});
    }
  }

 private:
  static constexpr usize longest = 80;
  static constexpr usize kept = 36;
  base::Sink& out_;
  usize total_;
  usize at_ = 0;
};

template <class Write>
void write_joined(const MemberName& name, Write&& write) {
  bool first = true;
  for (std::string_view const component : name) {
    if (!first) write("/");
    write(component);
    first = false;
  }
}

}  // namespace

std::expected<base::String, base::OutOfMemory> MemberName::to_string() const {
  base::String text;
  base::StringSink sink(text);
  write_joined(*this, [&](std::string_view part) { sink.write(part); });
  TRY(sink.result());
  return text;
}

bool operator==(const MemberName& left, std::string_view right) {
  bool equal = true;
  write_joined(left, [&](std::string_view part) {
    equal = equal && right.starts_with(part);
    if (equal) right.remove_prefix(part.size());
  });
  return equal && right.empty();
}

void format_value(base::Sink& sink, const MemberName& name) {
  usize total = 0;
  write_joined(name, [&](std::string_view part) { total += part.size(); });
  PrintableSink printable(sink, total);
  write_joined(name, [&](std::string_view part) { printable.write(part); });
}

}  // namespace nacre::archive
