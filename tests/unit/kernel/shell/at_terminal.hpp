#pragma once

#include <gtest/gtest.h>
#include <string>

#include "kernel/shell/shell.hpp"
#include "tests/unit/kernel/console/fakes.hpp"
#include "tests/unit/kernel/shell/fakes.hpp"

namespace nacre::shell::test {

/// A person at a serial terminal, and at a screen if there is one.
class AtTerminal : public testing::Test {
 protected:
  /// `screen` outlives it.
  explicit AtTerminal(console::Console* screen = nullptr) : tty_(screen, &serial_) { run(); }
  /// Until there is nothing left to do, however long that takes.
  void run() {
    for (;;) {
      machine_.executor.run_until_idle();
      base::Instant const next = machine_.executor.next_deadline();
      if (next == base::Instant::never()) break;
      fake_now = std::max(fake_now, next);
    }
  }
  /// What appears after `keys` were typed.
  std::string type(std::string_view keys) {
    serial_.written.clear();
    for (char const key : keys) {
      port_.arrive({&key, 1});
      run();
    }
    return serial_.written;
  }
  static std::string prompt(std::string const& path = "/") {
    return "\x1b[1;36mnacre:" + path + "$\x1b[0m ";
  }

  Machine machine_;
  console::test::FakeSerial serial_;
  console::test::FakePort port_{machine_.executor};
  console::Tty tty_;
  base::Box<Shell> shell_ = *Shell::create(machine_.services(&tty_), {});
  exec::JoinHandle<void> pump_ =
      *machine_.executor.spawn("pump", console::pump_serial(tty_, port_));
  exec::JoinHandle<int> handle_ = *machine_.executor.spawn("shell", shell_->run());
};

}  // namespace nacre::shell::test
