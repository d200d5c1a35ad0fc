#include "kernel/boot/session/workplaces.hpp"

#include <array>

#include "lib/base/log.hpp"

namespace nacre::boot {
namespace {

// Tasks borrow their names.
constexpr std::array<std::string_view, console::Consoles::most> session_names{
    "session", "session 2", "session 3", "session 4", "session 5", "session 6"};

}  // namespace

bool Workplaces::start(console::Console&, console::Tty& tty, base::usize number) {
  auto made = base::try_make<Workplace>(first_, tty);
  if (!made) return false;
  exec::Executor& executor = first_.devices.executor();
  if (!executor.spawn_detached("display", tty.run_display())) return false;
  // Without memory for it, nothing blinks.
  static_cast<void>(executor.spawn_detached("blinking", tty.run_blinking()));
  // The display's task has the tty from here on, so that both stay even if there is no shell.
  Workplace* const workplace = made->release();
  if (!executor.spawn_detached(session_names[number - 1], run_further(workplace->session)))
    base::log_error("console", "no memory for a shell at console {}", number);
  return true;
}

void Workplaces::describe(base::Sink& sink) {
  auto const memory = first_.system.memory();
  auto const seconds = first_.services.wall_clock().seconds;
  constexpr base::i64 day = 24 * 60 * 60;
  auto const of_day = (seconds % day + day) % day;
  base::format_to(sink, "{} of {} MiB free   {:02}:{:02}", memory.free >> 20, memory.total >> 20,
                  of_day / 3600, of_day / 60 % 60);
}

void Workplaces::show(bool caps_lock, bool num_lock) {
  using hw::ps2::Leds;
  if (auto* const ps2 = first_.devices.ps2())
    ps2->controller().set_leds(
        Leds{}.with<Leds::CapsLock>(caps_lock).with<Leds::NumLock>(num_lock));
}

}  // namespace nacre::boot
