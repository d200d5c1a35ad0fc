#include "kernel/console/consoles.hpp"

#include "kernel/process/file_bytes.hpp"
#include "kernel/shell/builtins/builtins.hpp"
#include "lib/base/try.hpp"
#include "lib/text/layout_file.hpp"

namespace nacre::shell::builtin {
namespace {

console::Consoles* consoles_of(const Invocation& call) {
  return call.services.tty != nullptr ? call.services.tty->consoles() : nullptr;
}

/// The line about a machine, or a job for a host, that has no screen for this.
exec::Task<fs::Result<int>> lack_consoles(const Invocation& call) {
  CO_TRY(co_await complain(call, "there is no console"));
  co_return status::failure;
}

/// A sample of each of the sixteen colours, in the colours of now.
exec::Task<fs::Result<void>> show_colors(fs::Stream& out) {
  for (unsigned color = 0; color < 16; ++color) {
    std::string_view const end = color % 8 == 7 ? "\x1b[0m\n" : "";
    CO_TRY(co_await print(out, "\x1b[48;5;{}m   {}", color, end));
  }
  co_return fs::Result<void>{};
}

}  // namespace

exec::Task<fs::Result<int>> theme(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  console::Consoles* const consoles = consoles_of(call);
  if (consoles == nullptr) co_return co_await lack_consoles(call);
  auto const operands = options->operands();
  if (operands.size() > 1) co_return co_await refuse(call, {.argument = operands[1]});
  if (operands.empty()) {
    for (const text::Theme& theme : text::themes()) {
      char const mark = theme.name == consoles->theme().name ? '*' : ' ';
      CO_TRY(co_await print(*call.streams.out, "{} {}\n", mark, theme.name));
    }
    CO_TRY(co_await show_colors(*call.streams.out));
    co_return status::success;
  }
  const text::Theme* const wanted = text::find_theme(operands[0]);
  if (wanted == nullptr) {
    CO_TRY(auto const name, printable(operands[0]));
    CO_TRY(co_await complain(call, "there is no theme {}", name));
    co_return status::failure;
  }
  consoles->set_theme(*wanted);
  co_return status::success;
}

exec::Task<fs::Result<int>> keymap(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  console::Consoles* const consoles = consoles_of(call);
  if (consoles == nullptr) co_return co_await lack_consoles(call);
  auto const operands = options->operands();
  if (operands.size() > 1) co_return co_await refuse(call, {.argument = operands[1]});
  if (operands.empty()) {
    std::string_view const current = consoles->layout().name();
    bool is_listed = false;
    for (const text::LayoutFile& file : text::layout_files()) {
      is_listed |= file.name == current;
      CO_TRY(co_await print(*call.streams.out, "{} {}\n", file.name == current ? '*' : ' ',
                            file.name));
    }
    if (!is_listed) {
      CO_TRY(co_await print(*call.streams.out, "* {}\n", current));
    }
    co_return status::success;
  }
  std::string_view const wanted = operands[0];
  if (auto const layout = text::find_layout(wanted)) {
    consoles->set_layout(*layout);
    co_return status::success;
  }
  CO_TRY(auto const name, printable(wanted));
  if (!wanted.contains('/')) {
    CO_TRY(co_await complain(call, "there is no layout {}", name));
    co_return status::failure;
  }
  auto const file =
      co_await process::FileBytes::read(call.services.files, call.directory(), wanted);
  if (!file) {
    CO_TRY(co_await complain_about(call, wanted, file.error()));
    co_return status::failure;
  }
  auto const layout = text::parse_layout(file->text());
  if (!layout) {
    CO_TRY(co_await complain(call, "{}: line {}: {}", name, layout.error().line,
                             text::describe(layout.error().kind)));
    co_return status::failure;
  }
  consoles->set_layout(*layout);
  co_return status::success;
}

exec::Task<fs::Result<int>> status_line(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  console::Consoles* const consoles = consoles_of(call);
  if (consoles == nullptr) co_return co_await lack_consoles(call);
  auto const operands = options->operands();
  if (operands.empty()) {
    CO_TRY(co_await print(*call.streams.out, "{}\n",
                          std::string_view(consoles->has_status_line() ? "on" : "off")));
    co_return status::success;
  }
  bool const on = operands[0] == "on";
  if (operands.size() > 1 || (!on && operands[0] != "off"))
    co_return co_await refuse(call, {.argument = operands[operands.size() - 1]});
  CO_TRY(consoles->show_status_line(on));
  co_return status::success;
}

}  // namespace nacre::shell::builtin
