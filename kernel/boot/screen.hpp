#pragma once

#include <optional>

#include "kernel/boot/protocol/boot_info.hpp"
#include "kernel/boot/protocol/options.hpp"
#include "kernel/drivers/framebuffer.hpp"
#include "kernel/drivers/pci.hpp"

namespace nacre::boot {

/// The screen: the one that the loader set up, else a display found over PCI whose mode is set
/// here. With a back buffer where there is memory for it. Nothing, and a line in the log, where
/// there is none. Context: boot.
std::optional<drivers::Framebuffer> find_screen(const BootInfo& info, const Options& options,
                                                std::span<const drivers::PciDevice> devices);

}  // namespace nacre::boot
