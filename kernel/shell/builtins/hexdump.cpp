#include <algorithm>
#include <array>
#include <optional>

#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/builtins/inputs.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell::builtin {
namespace {

void format_row(base::Sink& sink, u64 offset, std::span<const u8> bytes) {
  base::format_to(sink, "{:08x} ", offset);
  for (usize i = 0; i < 16; ++i) {
    if (i % 8 == 0) sink.write(" ");
    if (i < bytes.size()) {
      base::format_to(sink, "{:02x} ", bytes[i]);
    } else {
      sink.write("   ");
    }
  }
  sink.write(" |");
  for (u8 const byte : bytes)
    base::format_to(sink, "{}", byte >= 0x20 && byte < 0x7f ? static_cast<char>(byte) : '.');
  sink.write("|\n");
}

exec::Task<fs::Result<InputProblem>> dump(Invocation& call, fs::Stream& from, u64 offset,
                                          u64 limit) {
  std::array<u8, 512> buffer;
  for (u64 left = offset; left > 0;) {
    auto const wanted = static_cast<usize>(std::min<u64>(buffer.size(), left));
    auto const count = co_await from.read(std::span(buffer).first(wanted));
    if (!count) co_return count.error();
    if (*count == 0) break;
    left -= *count;
  }
  for (bool at_end = false; !at_end && limit > 0;) {
    // Rows are full but for the last one, however the bytes come.
    usize filled = 0;
    auto const wanted = static_cast<usize>(std::min<u64>(buffer.size(), limit));
    while (filled < wanted) {
      auto const count = co_await from.read(std::span(buffer).subspan(filled, wanted - filled));
      if (!count) co_return count.error();
      if (*count == 0) {
        at_end = true;
        break;
      }
      filled += *count;
    }
    base::String rows;
    base::StringSink sink(rows);
    for (usize at = 0; at < filled; at += 16)
      format_row(sink, offset + at,
                 std::span(buffer).subspan(at, std::min<usize>(16, filled - at)));
    CO_TRY(sink.result());
    co_await call.pace();
    CO_TRY(co_await write_text(*call.streams.out, std::move(rows)));
    offset += filled;
    limit -= filled;
  }
  CO_TRY(co_await print(*call.streams.out, "{:08x}\n", offset));
  co_return std::nullopt;
}

}  // namespace

exec::Task<fs::Result<int>> hexdump(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  CO_TRY(auto const limit, co_await number_option(call, *options, 'n', UINT64_MAX));
  CO_TRY(auto const skipped, co_await number_option(call, *options, 's', 0));
  if (!limit || !skipped) co_return status::usage;
  co_return co_await for_each_input(
      call, options->operands(),
      [&](fs::Stream& from, std::string_view) -> exec::Task<fs::Result<InputProblem>> {
        co_return co_await dump(call, from, *skipped, *limit);
      });
}

}  // namespace nacre::shell::builtin
