#pragma once

#include <string_view>

/// Where a panic is printed, and what happens then.
namespace nacre::boot {

/// An output that works whatever state the kernel is in: it neither waits for an interrupt nor
/// allocates.
using PanicOutput = void (*)(std::string_view text);
/// Adds an output; the first ones are there from the start. At most four.
void add_panic_output(PanicOutput output);
/// Called last, instead of halting for good: a boot test ends the machine with its verdict.
void set_panic_end(void (*end)());

}  // namespace nacre::boot
