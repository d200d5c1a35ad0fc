#pragma once

#include <array>
#include <expected>
#include <optional>

#include "kernel/drivers/acpi.hpp"
#include "kernel/drivers/io_apic.hpp"
#include "kernel/drivers/local_apic.hpp"
#include "kernel/drivers/pic.hpp"
#include "kernel/hw/interrupts.hpp"

namespace nacre::drivers {

/// `NoSuchLine`: no input of a controller stands for the line.
enum class RouteError : base::u8 { NoSuchLine };

/// The interrupt controllers of the machine behind one face: APICs where the firmware describes
/// them and the CPU has one, else the PIC. Line `n` arrives at vector `hw::first_line_vector + n`
/// in both cases. Calls are made in boot or task context; they change the controllers with
/// interrupts off.
class InterruptController {
 public:
  enum class Kind : base::u8 { Apic, Pic, None };
  struct Options {
    /// Uses the PIC even where there is an APIC.
    bool force_pic = false;
  };

  /// Sets the machine's controllers up, all lines masked, and makes them the ones that interrupts
  /// are acknowledged to: there is one, and it stays. With interrupts off; again only in tests.
  static InterruptController& install(const AcpiInterrupts* acpi, Options options);
  InterruptController(const InterruptController&) = delete;
  InterruptController& operator=(const InterruptController&) = delete;

  Kind kind() const { return kind_; }
  /// This CPU's local APIC, if it is in use.
  LocalApic<>* local_apic() { return local_apic_ ? &*local_apic_ : nullptr; }

  /// Calls `handler(context)` for interrupts of `line`, once it is unmasked. Errors: NoSuchLine.
  std::expected<void, RouteError> route_line(base::u8 line, hw::InterruptHandler handler,
                                             void* context);
  /// Calls `handler(context)` for interrupts of an I/O APIC's input that is no ISA line, from now
  /// on, at a vector of its own. Errors: NoSuchLine, also without APICs and where no vector is
  /// left.
  std::expected<void, RouteError> route_input(base::u32 input, Signalling signalling,
                                              hw::InterruptHandler handler, void* context);
  void mask(base::u8 line);
  void unmask(base::u8 line);

  /// Interrupts of the PIC that were none.
  base::u64 spurious_count() const { return pic_ ? pic_->spurious() : 0; }

 private:
  static constexpr base::usize most_io_apics = 16;

  InterruptController() = default;
  void set_up(const AcpiInterrupts* acpi, Options options);
  bool use_apics(const AcpiInterrupts& acpi);
  bool find_local_apic(const AcpiInterrupts& acpi);
  LineOverride input_of(base::u8 line) const;
  IoApic<>* io_apic_of(base::u32 input);
  void end_of_interrupt(hw::Vector vector);

  Kind kind_ = Kind::None;
  std::optional<Pic<>> pic_;
  std::optional<LocalApic<>> local_apic_;
  std::array<std::optional<IoApic<>>, most_io_apics> io_apics_;
  std::array<std::optional<LineOverride>, 16> overrides_{};
  base::u8 destination_ = 0;
  hw::Vector next_vector_ = hw::first_input_vector;
};

}  // namespace nacre::drivers
