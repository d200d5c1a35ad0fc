#pragma once

#include "kernel/boot/session/session.hpp"
#include "kernel/console/consoles.hpp"

namespace nacre::boot {

/// What consoles need of the machine: a shell at each one that is used for the first time, what
/// their status line tells, and the keyboard's lights.
class Workplaces final : public console::ConsoleStarter,
                         public console::StatusSource,
                         public console::KeyboardLights {
 public:
  /// What the first console's session works with, which others share but for the tty. It outlives
  /// this.
  explicit Workplaces(Session& first) : first_(first) {}

  bool start(console::Console& console, console::Tty& tty, base::usize number) override;
  void describe(base::Sink& sink) override;
  void show(bool caps_lock, bool num_lock) override;

 private:
  /// What belongs to one console. It stays for as long as the machine runs.
  struct Workplace {
    Workplace(Session& first, console::Tty& tty)
        : services(first.services),
          system(first.devices, services, first.files),
          session{first.devices, first.files, services, system, &tty} {
      services.tty = &tty;
    }
    process::Services services;
    MachineSystem system;
    Session session;
  };

  Session& first_;
};

}  // namespace nacre::boot
