#pragma once

#include "kernel/boot/devices.hpp"
#include "kernel/console/console.hpp"

/// What of the kernel's log is shown while it is written. All of it stays in `base::log()`, for
/// `dmesg` and for a panic. There is one boot log.
namespace nacre::boot {

/// From the first line on, on the first serial port, polled.
void show_log_on_serial();
/// The port is interrupt driven from here on.
void show_log_on_serial(Devices::Port& port);
/// On the screen too, with what was logged so far.
void show_log_on_screen(console::Console& console);
/// No more: somebody works at the terminal.
void stop_showing_log();

/// Makes a panic appear on the screen. The console must stay.
void show_panic_on_screen(console::Console& console);

}  // namespace nacre::boot
