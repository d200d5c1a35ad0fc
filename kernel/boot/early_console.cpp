#include "kernel/boot/early_console.hpp"

#include "kernel/hw/port.hpp"

namespace nacre::boot {
namespace {

constexpr base::u16 first_port = 0x3f8;
constexpr base::u16 line_status = first_port + 5;
constexpr base::u8 transmitter_empty = 1 << 5;
constexpr base::u8 no_port = 0xff;
constexpr int patience = 100'000;

void put(char c) {
  for (int i = 0; i < patience; ++i) {
    base::u8 const status = hw::port_read_u8(line_status);
    if (status == no_port) return;
    if ((status & transmitter_empty) != 0) break;
  }
  hw::port_write_u8(first_port, static_cast<base::u8>(c));
}

}  // namespace

void early_print(std::string_view text) {
  for (char const c : text) {
    if (c == '\n') put('\r');
    put(c);
  }
}

}  // namespace nacre::boot
