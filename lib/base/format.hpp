#pragma once

#include <array>
#include <concepts>
#include <span>
#include <string_view>
#include <type_traits>

#include "lib/base/memory.hpp"
#include "lib/base/string.hpp"
#include "lib/base/types.hpp"

/// Text from values, with the syntax of `std::format` and no allocation of its own:
///
///     {}  {:x}  {:#x}  {:08x}  {:>10}  {:<10}  {:^10}  {:*>10}  {:c}  {{  }}
///
/// Arguments are integers, `bool`, `char`, text, pointers, enumerations (by number), and every type
/// `T` with a `void format_value(Sink&, const T&)` beside it. Arguments are taken in order. The
/// format string is checked against them when it is compiled. (libc++'s `<format>` needs
/// floating-point conversion and an allocating string from the compiled library, which a
/// freestanding kernel does not have.)
namespace nacre::base {

/// Where formatted text goes.
class Sink {
 public:
  virtual void write(std::string_view text) = 0;

 protected:
  ~Sink() = default;
};

template <class T>
concept HasFormatValue = requires(Sink& sink, const T& value) { format_value(sink, value); };

/// What stands between `{:` and `}`.
struct FormatSpec {
  char fill = ' ';
  char align = 0;  // '<', '>', '^'; 0 is the type's own
  bool prefix = false;
  bool zero = false;
  u16 width = 0;
  char type = 0;  // 'd', 'x', 'X', 'b', 'o', 'c', 's', 'p'; 0 is the type's own
};

class FormatArgument {
 public:
  template <class T>
  constexpr explicit FormatArgument(const T& value) {
    using Value = std::remove_cvref_t<T>;
    if constexpr (HasFormatValue<Value>) {
      kind_ = Kind::Custom;
      pointer_ = std::addressof(value);
      custom_ = [](Sink& sink, const void* object) {
        format_value(sink, *static_cast<const Value*>(object));
      };
    } else if constexpr (std::same_as<Value, bool>) {
      kind_ = Kind::Bool;
      unsigned_ = value;
    } else if constexpr (std::same_as<Value, char>) {
      kind_ = Kind::Char;
      unsigned_ = static_cast<u8>(value);
    } else if constexpr (std::is_enum_v<Value>) {
      *this = FormatArgument(static_cast<std::underlying_type_t<Value>>(value));
    } else if constexpr (std::signed_integral<Value>) {
      kind_ = Kind::Signed;
      unsigned_ = static_cast<u64>(static_cast<i64>(value));
    } else if constexpr (std::unsigned_integral<Value>) {
      kind_ = Kind::Unsigned;
      unsigned_ = value;
    } else if constexpr (std::convertible_to<const Value&, std::string_view>) {
      kind_ = Kind::Text;
      text_ = std::string_view(value);
    } else {
      static_assert(std::is_pointer_v<Value>, "a type without format_value(Sink&, const T&)");
      kind_ = Kind::Pointer;
      pointer_ = value;
    }
  }

  void write(Sink& sink, const FormatSpec& spec) const;

 private:
  enum class Kind : u8 { Bool, Char, Signed, Unsigned, Text, Pointer, Custom };
  void write_integer(Sink& sink, const FormatSpec& spec) const;

  Kind kind_ = Kind::Unsigned;
  u64 unsigned_ = 0;
  std::string_view text_;
  const void* pointer_ = nullptr;
  void (*custom_)(Sink&, const void*) = nullptr;
};

namespace detail {

/// Not constexpr: reaching it while a format string is checked stops the compilation.
inline void invalid_format_string(const char*) {}

/// Parses the specification from `at`, which stands behind `{`; leaves `at` behind `}`.
constexpr FormatSpec parse_format_spec(std::string_view text, usize& at) {
  FormatSpec spec;
  auto const peek = [&](usize ahead = 0) {
    return at + ahead < text.size() ? text[at + ahead] : '\0';
  };
  auto const is_align = [](char c) { return c == '<' || c == '>' || c == '^'; };
  if (peek() == ':') {
    ++at;
    if (is_align(peek(1))) {
      spec.fill = peek();
      spec.align = peek(1);
      at += 2;
    } else if (is_align(peek())) {
      spec.align = peek();
      ++at;
    }
    if (peek() == '#') {
      spec.prefix = true;
      ++at;
    }
    if (peek() == '0') {
      spec.zero = true;
      ++at;
    }
    while (peek() >= '0' && peek() <= '9') {
      spec.width = static_cast<u16>(spec.width * 10 + (peek() - '0'));
      ++at;
    }
    if (std::string_view("dxXbocsp").contains(peek()) && peek() != '\0') {
      spec.type = peek();
      ++at;
    }
  }
  if (peek() != '}') invalid_format_string("a specification that this formatter does not know");
  ++at;
  return spec;
}

}  // namespace detail

/// A format string checked against the types of its arguments.
template <class... Arguments>
struct FormatString {
  template <class Text>
    requires std::convertible_to<const Text&, std::string_view>
  consteval FormatString(const Text& literal) : text(literal) {
    usize used = 0;
    for (usize at = 0; at < text.size();) {
      char const c = text[at++];
      if (c != '{' && c != '}') continue;
      if (at < text.size() && text[at] == c) {
        ++at;
      } else if (c == '}') {
        detail::invalid_format_string("a } without its {");
      } else {
        detail::parse_format_spec(text, at);
        ++used;
      }
    }
    if (used != sizeof...(Arguments))
      detail::invalid_format_string("more or fewer {} than arguments");
  }

  std::string_view text;
};

void format_arguments(Sink& sink, std::string_view text, std::span<const FormatArgument> arguments);

/// Writes the formatted text to `sink`.
template <class... Arguments>
void format_to(Sink& sink, FormatString<std::type_identity_t<Arguments>...> format,
               const Arguments&... arguments) {
  std::array<FormatArgument, sizeof...(Arguments)> const packed{FormatArgument(arguments)...};
  format_arguments(sink, format.text, packed);
}

/// Writes to a borrowed buffer; what does not fit is dropped, and `truncated` says so.
class BufferSink final : public Sink {
 public:
  explicit BufferSink(std::span<char> buffer) : buffer_(buffer) {}
  void write(std::string_view text) override {
    usize const room = buffer_.size() - size_;
    if (text.size() > room) truncated_ = true;
    usize const count = text.size() < room ? text.size() : room;
    text.copy(buffer_.data() + size_, count);
    size_ += count;
  }
  std::string_view view() const { return {buffer_.data(), size_}; }
  bool truncated() const { return truncated_; }

 private:
  std::span<char> buffer_;
  usize size_ = 0;
  bool truncated_ = false;
};

/// A short text on the stack: `FixedText<64> name("task {}", id)`.
template <usize Capacity>
class FixedText {
 public:
  template <class... Arguments>
  explicit FixedText(FormatString<std::type_identity_t<Arguments>...> format,
                     const Arguments&... arguments) {
    BufferSink sink(buffer_);
    format_to(sink, format, arguments...);
    size_ = sink.view().size();
  }
  std::string_view view() const { return {buffer_.data(), size_}; }
  operator std::string_view() const { return view(); }

 private:
  std::array<char, Capacity> buffer_;
  usize size_ = 0;
};

/// Appends to a `String`; remembers that memory ran out, and then writes nothing more.
class StringSink final : public Sink {
 public:
  explicit StringSink(String& target) : target_(target) {}
  void write(std::string_view text) override {
    if (!failed_ && !target_.append(text)) failed_ = true;
  }
  std::expected<void, OutOfMemory> result() const {
    if (failed_) return std::unexpected(OutOfMemory{});
    return {};
  }

 private:
  String& target_;
  bool failed_ = false;
};

/// The formatted text as a `String`.
template <class... Arguments>
std::expected<String, OutOfMemory> format(FormatString<std::type_identity_t<Arguments>...> format,
                                          const Arguments&... arguments) {
  String text;
  StringSink sink(text);
  format_to(sink, format, arguments...);
  TRY(sink.result());
  return text;
}

}  // namespace nacre::base
