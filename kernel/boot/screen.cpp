#include "kernel/boot/screen.hpp"

#include "kernel/drivers/bochs_display.hpp"
#include "kernel/memory/mmio.hpp"
#include "lib/base/log.hpp"

namespace nacre::boot {
namespace {

drivers::Channel channel(ColourChannel from) { return {from.position, from.size}; }

std::optional<drivers::Framebuffer> screen_of_loader(const BootFramebuffer& found) {
  auto const format = drivers::PixelFormat::create(found.bits_per_pixel, channel(found.red),
                                                   channel(found.green), channel(found.blue));
  if (!format) {
    base::log_warning("screen", "the loader's {} bits per pixel cannot be drawn on",
                      found.bits_per_pixel);
    return std::nullopt;
  }
  u64 const size = u64{found.pitch} * found.height;
  auto const mapped = memory::map_device(found.start, size, memory::Caching::WriteCombining);
  if (!mapped) {
    base::log_warning("screen", "the framebuffer at {} cannot be mapped", found.start);
    return std::nullopt;
  }
  auto screen = drivers::Framebuffer::create(memory::device_bytes(*mapped, size),
                                             {found.width, found.height, found.pitch, *format});
  if (!screen) {
    base::log_warning("screen", "the loader's mode {}x{} with {} bytes a row is none", found.width,
                      found.height, found.pitch);
    return std::nullopt;
  }
  return std::move(*screen);
}

std::optional<drivers::Framebuffer> screen_over_pci(const Options& options,
                                                    std::span<const drivers::PciDevice> devices) {
  auto screen = drivers::create_display(devices, static_cast<u16>(options.screen_width),
                                        static_cast<u16>(options.screen_height));
  // The driver has said what is missing.
  if (!screen) return std::nullopt;
  return std::move(*screen);
}

}  // namespace

std::optional<drivers::Framebuffer> find_screen(const BootInfo& info, const Options& options,
                                                std::span<const drivers::PciDevice> devices) {
  if (options.no_screen) return std::nullopt;
  auto screen =
      info.framebuffer ? screen_of_loader(*info.framebuffer) : screen_over_pci(options, devices);
  if (!screen) return std::nullopt;
  bool const buffered = screen->add_back_buffer().has_value();
  base::log_info("screen", "{}x{}{}", screen->width(), screen->height(),
                 buffered ? "" : ", without a back buffer");
  return screen;
}

}  // namespace nacre::boot
