#pragma once

#include "kernel/hw/trap_frame.hpp"

namespace nacre::arch {

/// What handles one exception. Returning resumes what was interrupted, as the frame then says.
/// Exception context: it may have struck anywhere, so it takes no lock and does not allocate.
using ExceptionHandler = void (*)(hw::TrapFrame& frame);

/// Sets who handles `exception`; null gives it back to the default, which is a panic that names the
/// exception and, for a page fault, the address and what was tried.
void set_exception_handler(hw::Exception exception, ExceptionHandler handler);

/// Called when an unmapped address is at fault, to say what it is ("guard page of stack main"), or
/// null.
using AddressDescriber = std::string_view (*)(hw::VirtAddr address);
void set_address_describer(AddressDescriber describer);

}  // namespace nacre::arch
