#pragma once

#include "kernel/hw/address.hpp"

/// Interrupts, as the CPU offers them. Defined in kernel/arch.
namespace nacre::hw {

/// An entry of the interrupt descriptor table; 0 to 31 are the CPU's exceptions.
struct Vector {
  u8 value;
  friend constexpr auto operator<=>(Vector, Vector) = default;
};

/// The legacy interrupt lines 0 to 15, whichever controller delivers them, stand at these vectors.
inline constexpr Vector first_line_vector{0x20};
inline constexpr Vector local_timer_vector{0x30};
/// From here up to the spurious one: inputs of I/O APICs that are no such lines.
inline constexpr Vector first_input_vector{0x40};
inline constexpr Vector spurious_vector{0xff};

/// A device's interrupt handler: reads the device, pushes to a lock-free queue, returns. Interrupt
/// context: never allocates, locks, prints or resumes. `context` is what was registered with it.
/// The interrupt's entry code saves and restores the SSE state.
using InterruptHandler = void (*)(void* context);

/// Sets who handles `vector` (32 to 255). The dispatcher calls the handler, then
/// `end_of_interrupt`. Null takes the handler away; an interrupt without a handler is counted and
/// acknowledged.
void set_interrupt_handler(Vector vector, InterruptHandler handler, void* context);
/// Sets how the interrupt controller in use is told that `vector` was handled. Called after each
/// handler.
void set_end_of_interrupt(void (*acknowledge)(Vector vector));
/// How many interrupts came at `vector`.
u64 interrupt_count(Vector vector);

bool interrupts_enabled();
void enable_interrupts();
void disable_interrupts();
/// Enables interrupts and halts until one comes, with no gap between the two.
void enable_interrupts_and_halt();

/// Interrupts off for as long as it lives; then as they were before.
class InterruptsOff {
 public:
  InterruptsOff() : were_enabled_(interrupts_enabled()) { disable_interrupts(); }
  InterruptsOff(const InterruptsOff&) = delete;
  InterruptsOff& operator=(const InterruptsOff&) = delete;
  ~InterruptsOff() {
    if (were_enabled_) enable_interrupts();
  }

 private:
  bool were_enabled_;
};

}  // namespace nacre::hw
