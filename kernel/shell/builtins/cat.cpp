#include <array>

#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/builtins/copy.hpp"
#include "kernel/shell/builtins/inputs.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell::builtin {
namespace {

/// What `cat` adds to the bytes that it shows.
struct Additions {
  bool numbers = false;         // of lines
  bool only_of_text = false;    // none of empty lines
  bool squeezes = false;        // of empty lines behind each other, the first
  bool marks_ends = false;      // of lines, by a dollar
  bool shows_tabs = false;      // as ^I
  bool shows_controls = false;  // as ^X, and what is no ASCII as M-X

  bool any() const { return numbers || squeezes || marks_ends || shows_tabs || shows_controls; }
};

/// Takes bytes as they come; lines go on from one input to the next.
class Annotator {
 public:
  explicit Annotator(Additions additions) : additions_(additions) {}

  void write(std::span<const u8> bytes, base::Sink& sink) {
    for (u8 const byte : bytes) {
      if (byte == '\n')
        end_line(sink);
      else
        add(byte, sink);
    }
  }

 private:
  void begin_line(base::Sink& sink) {
    if (additions_.numbers) base::format_to(sink, "{:>6}\t", ++number_);
  }
  void end_line(base::Sink& sink) {
    if (at_start_) {
      if (additions_.squeezes && after_empty_) return;
      after_empty_ = true;
      if (!additions_.only_of_text) begin_line(sink);
    }
    at_start_ = true;
    sink.write(additions_.marks_ends ? "$\n" : "\n");
  }
  void add(u8 byte, base::Sink& sink) {
    if (at_start_) begin_line(sink);
    at_start_ = after_empty_ = false;
    char character = static_cast<char>(byte);
    if (byte == '\t' ? additions_.shows_tabs : additions_.shows_controls) {
      if (byte >= 0x80) sink.write("M-");
      byte &= 0x7f;
      bool const is_control = byte < 0x20 || byte == 0x7f;
      if (is_control) sink.write("^");
      character = static_cast<char>(is_control ? byte ^ 0x40 : byte);
    }
    sink.write({&character, 1});
  }

  Additions additions_;
  u64 number_ = 0;
  bool at_start_ = true;
  bool after_empty_ = false;
};

exec::Task<fs::Result<InputProblem>> annotate(Invocation& call, fs::Stream& from,
                                              Annotator& annotator) {
  std::array<u8, 4096> buffer;
  for (;;) {
    auto const count = co_await from.read(buffer);
    if (!count) co_return count.error();
    if (*count == 0) co_return std::nullopt;
    co_await call.pace();
    base::String text;
    base::StringSink sink(text);
    annotator.write(std::span(buffer).first(*count), sink);
    CO_TRY(sink.result());
    CO_TRY(co_await write_text(*call.streams.out, std::move(text)));
  }
}

}  // namespace

exec::Task<fs::Result<int>> cat(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  auto const has = [&](std::string_view letters) {
    return std::ranges::any_of(letters, [&](char letter) { return options->has(letter); });
  };
  Additions const additions{.numbers = has("nb"),
                            .only_of_text = has("b"),
                            .squeezes = has("s"),
                            .marks_ends = has("AEe"),
                            .shows_tabs = has("ATt"),
                            .shows_controls = has("Aetv")};
  Annotator annotator(additions);
  co_return co_await for_each_input(
      call, options->operands(),
      [&](fs::Stream& from, std::string_view) -> exec::Task<fs::Result<InputProblem>> {
        if (!additions.any()) co_return co_await copy(call, from);
        co_return co_await annotate(call, from, annotator);
      });
}

}  // namespace nacre::shell::builtin
