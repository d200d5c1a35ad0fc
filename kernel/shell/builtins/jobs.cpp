#include "kernel/shell/jobs.hpp"

#include <algorithm>
#include <array>

#include "kernel/shell/builtins/builtins.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell::builtin {
namespace {

/// The job that a call of `fg` or `bg` means; null if it was refused.
struct Choice {
  Job* job = nullptr;
};
exec::Task<fs::Result<Choice>> choose(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) {
    CO_TRY(co_await refuse(call, options.error()));
    co_return Choice{};
  }
  std::span<const base::String> const operands = options->operands();
  if (operands.size() > 1) {
    CO_TRY(co_await complain(call, "too many arguments"));
    co_return Choice{};
  }
  if (!call.jobs.has_terminal() || !call.group.is_foreground()) {
    CO_TRY(co_await complain(call, "there is no terminal to control jobs from"));
    co_return Choice{};
  }
  Job* const job = operands.empty() ? call.jobs.current() : call.jobs.find(operands[0]);
  if (job == nullptr) {
    CO_TRY(base::String const shown, printable(operands.empty() ? "current" : operands[0].view()));
    CO_TRY(co_await complain(call, "{}: no such job", shown.view()));
  }
  co_return Choice{job};
}

}  // namespace

exec::Task<fs::Result<int>> bg(Invocation& call) {
  CO_TRY(auto const [job], co_await choose(call));
  if (job == nullptr) co_return status::failure;
  CO_TRY(base::String const text, printable(job->text()));
  call.jobs.resume(*job);
  CO_TRY(co_await print(*call.streams.out, "[{}] {} &\n", job->number, text.view()));
  co_return status::success;
}

exec::Task<fs::Result<int>> fg(Invocation& call) {
  CO_TRY(auto const [job], co_await choose(call));
  if (job == nullptr) co_return status::failure;
  CO_TRY(base::String const text, printable(job->text()));
  CO_TRY(co_await print(*call.streams.out, "{}\n", text.view()));
  CO_TRY(int const status, co_await call.jobs.wait_for(*job, nullptr));
  co_return status;
}

exec::Task<fs::Result<int>> jobs(Invocation& call) {
  if (call.arguments.size() > 1) {
    CO_TRY(co_await complain(call, "too many arguments"));
    co_return status::usage;
  }
  base::String text;
  base::StringSink sink(text);
  call.jobs.for_each([&](Job& job) {
    if (&job.group != &call.group) call.jobs.describe(sink, job);
  });
  CO_TRY(sink.result());
  CO_TRY(co_await write_text(*call.streams.out, std::move(text)));
  co_return status::success;
}

exec::Task<fs::Result<int>> ulimit(Invocation& call) {
  process::Limits& limits = call.state.limits;
  std::span<const base::String> const words = call.arguments.subspan(1);
  bool const is_known =
      words.empty() || std::ranges::contains(process::limit_names(), words[0].view());
  if (words.size() > 2 || !is_known ||
      (words.size() == 2 && !process::set_limit(limits, words[0], words[1]))) {
    CO_TRY(co_await complain(call, "no such limit, or no value of it; see ulimit --help"));
    co_return status::usage;
  }
  if (words.size() == 2) co_return status::success;
  base::String text;
  base::StringSink sink(text);
  for (std::string_view const name : process::limit_names()) {
    if (!words.empty() && words[0] != name) continue;
    if (words.empty()) base::format_to(sink, "{:<12}", name);
    process::write_limit(sink, limits, name);
    sink.write("\n");
  }
  CO_TRY(sink.result());
  CO_TRY(co_await write_text(*call.streams.out, std::move(text)));
  co_return status::success;
}

}  // namespace nacre::shell::builtin
