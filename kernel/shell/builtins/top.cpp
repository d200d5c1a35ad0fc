#include <algorithm>
#include <array>

#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/builtins/inputs.hpp"
#include "lib/base/try.hpp"
#include "lib/exec/wait.hpp"
#include "lib/text/printable.hpp"

namespace nacre::shell::builtin {
namespace {

using base::i64;

constexpr i64 ns_per_second = 1'000'000'000;
constexpr base::Duration usual_pause{2 * ns_per_second};
/// How many programs are shown, those that use most.
constexpr usize most_rows = 20;

/// How long a program had run when it was last looked at.
struct Sample {
  process::ProcessId id;
  base::Duration cpu_time;
};
using Samples = base::Vector<Sample>;

struct Row {
  const process::Process* process;
  base::Duration used;  // since the last look
};

base::Duration used_since(const Samples& before, const process::Process& process) {
  auto const found = std::ranges::find(before, process.id(), &Sample::id);
  return found == before.end() ? process.cpu_time : process.cpu_time - found->cpu_time;
}

/// Tenths of a percent of `whole`.
u64 share(base::Duration part, base::Duration whole) {
  if (whole.ns <= 0 || part.ns <= 0) return 0;
  return static_cast<u64>(part.ns / (whole.ns / 1000 + 1));
}

void write_heading(base::Sink& sink, System& system, usize programs) {
  MemoryStatistics const memory = system.memory();
  base::format_to(sink, "up {} s, {} programs, {} of {} KiB of memory used\n",
                  system.uptime().ns / ns_per_second, programs, (memory.total - memory.free) >> 10,
                  memory.total >> 10);
  sink.write("   PID    %CPU        TIME  MEMORY KiB  COMMAND\n");
}

void write_row(base::Sink& sink, const Row& row, base::Duration elapsed) {
  const process::Process& process = *row.process;
  u64 const percent = share(row.used, elapsed);
  auto const ms = static_cast<u64>(std::max<i64>(process.cpu_time.ns, 0)) / 1'000'000;
  base::format_to(sink, "{:>6}{:>6}.{}{:>8}.{:03}{:>12}  {}\n", process.id().value, percent / 10,
                  percent % 10, ms / 1000, ms % 1000, process.memory_size >> 10,
                  text::Printable{process.name()});
}

/// One look at all programs; `before` becomes what this one saw.
std::expected<base::String, base::OutOfMemory> look(const Services& services, Samples& before,
                                                    base::Duration elapsed) {
  std::array<Row, most_rows> rows;
  usize shown = 0;
  usize count = 0;
  Samples now;
  std::expected<void, base::OutOfMemory> kept;
  services.processes.for_each([&](process::Process& process) {
    ++count;
    if (kept) kept = now.try_push_back({process.id(), process.cpu_time});
    Row const row{&process, used_since(before, process)};
    auto const place =
        std::ranges::upper_bound(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(shown),
                                 row.used, std::ranges::greater{}, &Row::used);
    if (place == rows.end()) return;
    if (shown < rows.size()) ++shown;
    std::move_backward(place, rows.begin() + static_cast<std::ptrdiff_t>(shown) - 1,
                       rows.begin() + static_cast<std::ptrdiff_t>(shown));
    *place = row;
  });
  TRY(kept);
  before = std::move(now);
  base::String text;
  base::StringSink sink(text);
  write_heading(sink, services.system, count);
  for (Row const& row : std::span(rows).first(shown)) write_row(sink, row, elapsed);
  TRY(sink.result());
  return text;
}

}  // namespace

exec::Task<fs::Result<int>> top(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  auto const count = options->value('n') ? parse_number(*options->value('n')) : UINT64_MAX;
  if (!count || !options->operands().empty()) {
    CO_TRY(co_await complain(call, "a number of looks is wanted; see top --help"));
    co_return status::usage;
  }
  CO_TRY(auto const pause, co_await duration_option(call, *options, 'd', usual_pause));
  if (!pause) co_return status::usage;
  bool const is_terminal = call.streams.out->is_terminal();
  Samples samples;
  base::Duration elapsed = call.services.system.uptime();
  for (u64 i = 0; i < *count; ++i) {
    if (i != 0) {
      base::Instant const slept = call.services.executor.now();
      co_await exec::sleep_for(*pause);
      co_await call.pace();
      elapsed = call.services.executor.now() - slept;
    }
    CO_TRY(base::String const text, look(call.services, samples, elapsed));
    CO_TRY(
        co_await print(*call.streams.out, "{}{}", is_terminal ? "\x1b[H\x1b[J" : "", text.view()));
  }
  co_return status::success;
}

}  // namespace nacre::shell::builtin
