#pragma once

#include <expected>
#include <span>
#include <string_view>

#include "kernel/drivers/framebuffer.hpp"
#include "kernel/drivers/pci.hpp"
#include "kernel/hw/bochs_display.hpp"

namespace nacre::drivers {

/// `NoDisplay`: the machine has none. `NoDriver`: one that needs a driver of its own.
/// `NotResponding`: it is not what its identity says, or has no memory assigned. `BadMode`: it
/// cannot show that size. `OutOfMemory`: to map its memory.
enum class DisplayError : base::u8 { NoDisplay, NoDriver, NotResponding, BadMode, OutOfMemory };

/// The name of a display device that emulators offer, "unknown display" for others.
std::string_view display_name(base::u16 vendor, base::u16 device);

/// The best display among `devices`: one that there is a driver for, else any, else null.
const PciDevice* find_display(std::span<const PciDevice> devices);

/// The registers of Bochs' display as `Io` reaches them.
template <class Io>
concept DispiAccess = hw::RegisterIo<Io, hw::bochs_display::Enable>;

/// Through the two ports, where the device has no BAR 2.
template <hw::PortAccess Io = hw::PortIo>
class DispiPorts {
 public:
  explicit DispiPorts(Io io = {}) : io_(io) {}
  template <class R>
  R read() {
    io_.out16(hw::bochs_display::index_port, R::index);
    return R::from(io_.in16(hw::bochs_display::data_port));
  }
  template <class R>
  void write(R value) {
    io_.out16(hw::bochs_display::index_port, R::index);
    io_.out16(hw::bochs_display::data_port, value.bits);
  }

 private:
  [[no_unique_address]] Io io_;
};

/// Sets a mode of 32 bits for each pixel whose rows follow one another without gaps; the device
/// clears its memory. Errors: NotResponding, BadMode.
template <DispiAccess Io>
std::expected<FramebufferMode, DisplayError> set_mode(Io io, base::u16 width, base::u16 height) {
  using namespace hw::bochs_display;
  auto const id = io.template read<Id>().bits;
  if (id < Id::first || id > Id::last) return std::unexpected(DisplayError::NotResponding);
  io.write(Enable{});
  io.write(Width::from(width));
  io.write(Height::from(height));
  io.write(BitsPerPixel::from(32));
  io.write(Enable{}.with<Enable::On>(true).template with<Enable::LinearFramebuffer>(true));
  io.write(VirtualWidth::from(width));
  io.write(OffsetX{});
  io.write(OffsetY{});
  if (io.template read<Width>().bits != width || io.template read<Height>().bits != height ||
      io.template read<BitsPerPixel>().bits != 32 || io.template read<VirtualWidth>().bits != width)
    return std::unexpected(DisplayError::BadMode);
  return FramebufferMode{width, height, width * 4u, PixelFormat::xrgb8888()};
}

/// Finds the display among `devices`, sets `width` by `height` pixels and maps its memory. What is
/// missing is said in one line of the log. Boot context.
std::expected<Framebuffer, DisplayError> create_display(std::span<const PciDevice> devices,
                                                        base::u16 width, base::u16 height);

}  // namespace nacre::drivers
