#include "lib/base/format.hpp"

#include <array>
#include <charconv>

#include "lib/base/assert.hpp"

namespace nacre::base {
namespace {

void write_fill(Sink& sink, char fill, usize count) {
  for (; count > 0; --count) sink.write({&fill, 1});
}

/// Writes `text` in the width of `spec`; `align` is used where the specification names none.
void write_padded(Sink& sink, std::string_view text, const FormatSpec& spec, char align) {
  if (spec.align != 0) align = spec.align;
  usize const padding = spec.width > text.size() ? spec.width - text.size() : 0;
  usize const before = align == '>' ? padding : align == '^' ? padding / 2 : 0;
  write_fill(sink, spec.fill, before);
  sink.write(text);
  write_fill(sink, spec.fill, padding - before);
}

struct Base {
  int radix;
  std::string_view prefix;
};

Base base_of(char type) {
  switch (type) {
    case 'x':
    case 'X':
    case 'p': return {16, "0x"};
    case 'b': return {2, "0b"};
    case 'o': return {8, "0"};
    default: return {10, ""};
  }
}

}  // namespace

void FormatArgument::write_integer(Sink& sink, const FormatSpec& spec) const {
  auto const base = base_of(spec.type);
  bool const negative = kind_ == Kind::Signed && static_cast<i64>(unsigned_) < 0;
  std::array<char, 3> sign_and_prefix;
  usize lead = 0;
  if (negative) sign_and_prefix[lead++] = '-';
  if (spec.prefix || spec.type == 'p')
    lead += base.prefix.copy(sign_and_prefix.data() + lead, base.prefix.size());

  std::array<char, 64> digits;
  u64 const magnitude = negative ? 0 - unsigned_ : unsigned_;
  auto const end =
      std::to_chars(digits.data(), digits.data() + digits.size(), magnitude, base.radix).ptr;
  usize const count = static_cast<usize>(end - digits.data());
  if (spec.type == 'X') {
    for (char& c : std::span(digits).first(count)) {
      if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
    }
  }

  std::array<char, 68> text;
  usize const zeros =
      spec.zero && spec.align == 0 && spec.width > lead + count ? spec.width - lead - count : 0;
  if (zeros > 0) {
    sink.write({sign_and_prefix.data(), lead});
    write_fill(sink, '0', zeros);
    sink.write({digits.data(), count});
    return;
  }
  std::string_view(sign_and_prefix.data(), lead).copy(text.data(), lead);
  std::string_view(digits.data(), count).copy(text.data() + lead, count);
  write_padded(sink, {text.data(), lead + count}, spec, '>');
}

void FormatArgument::write(Sink& sink, const FormatSpec& spec) const {
  switch (kind_) {
    case Kind::Bool:
      if (spec.type != 0 && spec.type != 's') return write_integer(sink, spec);
      return write_padded(sink, unsigned_ != 0 ? "true" : "false", spec, '<');
    case Kind::Char: {
      if (spec.type != 0 && spec.type != 'c') return write_integer(sink, spec);
      char const c = static_cast<char>(unsigned_);
      return write_padded(sink, {&c, 1}, spec, '<');
    }
    case Kind::Signed:
    case Kind::Unsigned: {
      if (spec.type != 'c') return write_integer(sink, spec);
      char const c = static_cast<char>(unsigned_);
      return write_padded(sink, {&c, 1}, spec, '<');
    }
    case Kind::Text: return write_padded(sink, text_, spec, '<');
    case Kind::Pointer: {
      FormatSpec pointer = spec;
      pointer.type = 'p';
      auto const address = std::bit_cast<u64>(pointer_);
      return FormatArgument(address).write_integer(sink, pointer);
    }
    case Kind::Custom: {
      if (spec.width == 0) return custom_(sink, pointer_);
      std::array<char, 128> buffer;
      BufferSink text(buffer);
      custom_(text, pointer_);
      return write_padded(sink, text.view(), spec, '<');
    }
  }
}

void format_arguments(Sink& sink, std::string_view text,
                      std::span<const FormatArgument> arguments) {
  usize next = 0;
  usize plain = 0;
  for (usize at = 0; at < text.size();) {
    char const c = text[at];
    if (c != '{' && c != '}') {
      ++at;
      continue;
    }
    sink.write(text.substr(plain, at - plain));
    ++at;
    if (at < text.size() && text[at] == c) {
      plain = at++;
      continue;
    }
    FormatSpec const spec = detail::parse_format_spec(text, at);
    NACRE_ASSERT(next < arguments.size());
    arguments[next++].write(sink, spec);
    plain = at;
  }
  sink.write(text.substr(plain));
}

}  // namespace nacre::base
