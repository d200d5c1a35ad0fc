#include "kernel/boot/boot_log.hpp"

#include <algorithm>

#include "kernel/boot/early_console.hpp"
#include "kernel/boot/panic.hpp"
#include "lib/base/log.hpp"

namespace nacre::boot {
namespace {

constinit bool on_serial = false;
constinit Devices::Port* serial = nullptr;
constinit console::Console* screen = nullptr;
constinit console::Console* panic_screen = nullptr;

base::FixedText<320> line_of(const base::LogRecord& record) {
  constexpr base::i64 microsecond = 1'000;
  constexpr base::i64 second = 1'000'000'000;
  std::string_view const mark = record.level == base::LogLevel::Error     ? "error: "
                                : record.level == base::LogLevel::Warning ? "warning: "
                                                                          : "";
  return base::FixedText<320>("[{:>4}.{:06}] {}: {}{}\n", record.time.ns / second,
                              record.time.ns % second / microsecond, record.area, mark,
                              record.text);
}

void write_to_screen(console::Console& console, const base::LogRecord& record,
                     std::string_view line) {
  std::string_view const colour = record.level == base::LogLevel::Error     ? "\x1b[31m"
                                  : record.level == base::LogLevel::Warning ? "\x1b[33m"
                                                                            : "\x1b[90m";
  console.write(colour);
  console.write(line.substr(0, line.size() - 1));
  console.write("\x1b[0m\r\n");
}

void write_to_serial(std::string_view line) {
  if (serial == nullptr) return early_print(line);
  auto const bytes = [](std::string_view text) {
    return std::span(static_cast<const u8*>(static_cast<const void*>(text.data())), text.size());
  };
  serial->write_now(bytes(line.substr(0, line.size() - 1)));
  serial->write_now(bytes("\r\n"));
}

void show(const base::LogRecord& record) {
  auto const line = line_of(record);
  if (on_serial) write_to_serial(line);
  if (screen != nullptr) {
    write_to_screen(*screen, record, line);
    screen->flush();
  }
}

}  // namespace

void show_log_on_serial() {
  // What is wrong with the options was logged before they could tell whether to show it.
  base::log().for_each([](const base::LogRecord& record) { write_to_serial(line_of(record)); });
  on_serial = true;
  base::log().set_listener(show);
}
void show_log_on_serial(Devices::Port& port) {
  if (on_serial) serial = &port;
}
void show_log_on_screen(console::Console& console) {
  base::log().for_each(
      [&](const base::LogRecord& record) { write_to_screen(console, record, line_of(record)); });
  console.flush();
  screen = &console;
  base::log().set_listener(show);
}
void stop_showing_log() {
  base::log().set_listener(nullptr);
  screen = nullptr;
}

void show_panic_on_screen(console::Console& console) {
  panic_screen = &console;
  add_panic_output([](std::string_view text) {
    if (panic_screen->is_lent()) panic_screen->take_screen_back();
    if (!panic_screen->is_in_front()) panic_screen->bring_to_front();
    for (usize start = 0; start < text.size();) {
      usize const end = std::min(text.find('\n', start), text.size());
      panic_screen->write(text.substr(start, end - start));
      if (end < text.size()) panic_screen->write("\r\n");
      start = end + 1;
    }
    panic_screen->flush();
  });
}

}  // namespace nacre::boot
