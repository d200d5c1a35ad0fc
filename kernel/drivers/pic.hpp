#pragma once

#include "kernel/hw/interrupts.hpp"
#include "kernel/hw/pic8259.hpp"
#include "kernel/hw/register_io.hpp"

namespace nacre::drivers {

/// The 8259 pair. Boot or task context except where it says otherwise; calls that change masks are
/// made with interrupts off.
template <hw::PortAccess Io = hw::PortIo>
class Pic {
 public:
  /// Puts the lines at `hw::first_line_vector` and masks all of them. Firmware leaves them at
  /// vectors of exceptions, so this is done even where another controller is used.
  explicit Pic(Io io = {}) : first_(io, hw::pic::first_port), second_(io, hw::pic::second_port) {
    using namespace hw::pic;
    start(first_, hw::first_line_vector.value, base::u8{1} << cascade_line);
    start(second_, hw::first_line_vector.value + 8, cascade_line);
    mask_ = 0xffff;
    write_masks();
  }

  /// Whether there is one: its mask register keeps what is written to it.
  bool present() {
    using hw::pic::Mask;
    bool kept = true;
    for (base::u8 const pattern : {base::u8{0xfb}, base::u8{0xff}}) {
      first_.write(Mask::from(pattern));
      kept = kept && first_.template read<Mask>().bits == pattern;
    }
    write_masks();
    // All ones are also what is read where there is nothing.
    return kept;
  }

  void mask(base::u8 line) {
    mask_ = static_cast<base::u16>(mask_ | bit(line));
    write_masks();
  }
  void unmask(base::u8 line) {
    mask_ = static_cast<base::u16>(mask_ & ~bit(line));
    if (line >= 8) mask_ = static_cast<base::u16>(mask_ & ~bit(hw::pic::cascade_line));
    write_masks();
  }

  /// Says that `line` was handled. A spurious interrupt, which comes as the lowest line of either
  /// controller without being in service there, is not acknowledged where it did not happen.
  /// Interrupt context. [8259a: "Edge and level triggered modes"]
  void end_of_interrupt(base::u8 line) {
    using namespace hw::pic;
    if (line >= 8) {
      if (line != 15 || in_service(second_, 7)) {
        second_.write(hw::pic::end_of_interrupt(line - 8));
      } else {
        ++spurious_;
      }
      first_.write(hw::pic::end_of_interrupt(cascade_line));
    } else if (line != 7 || in_service(first_, 7)) {
      first_.write(hw::pic::end_of_interrupt(line));
    } else {
      ++spurious_;
    }
  }
  base::u64 spurious() const { return spurious_; }

 private:
  using Registers = hw::PortRegisters<Io>;

  static base::u16 bit(base::u8 line) { return static_cast<base::u16>(1u << (line & 15)); }
  static void start(Registers& registers, int first_vector, int cascade) {
    using namespace hw::pic;
    registers.write(initialise);
    registers.write(Mask::from(static_cast<base::u8>(first_vector)));
    registers.write(Mask::from(static_cast<base::u8>(cascade)));
    registers.write(Mask::from(mode_8086));
  }
  static bool in_service(Registers& registers, unsigned line) {
    registers.write(hw::pic::select_in_service);
    return (registers.template read<hw::pic::Status>().bits >> line & 1) != 0;
  }
  void write_masks() {
    first_.write(hw::pic::Mask::from(static_cast<base::u8>(mask_)));
    second_.write(hw::pic::Mask::from(static_cast<base::u8>(mask_ >> 8)));
  }

  Registers first_;
  Registers second_;
  base::u16 mask_ = 0xffff;
  base::u64 spurious_ = 0;
};

}  // namespace nacre::drivers
