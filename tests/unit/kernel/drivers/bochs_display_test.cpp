#include "kernel/drivers/bochs_display.hpp"

#include <gtest/gtest.h>

#include "tests/unit/kernel/drivers/fake_pci.hpp"

namespace nacre::drivers {
namespace {

using base::u16;
using base::u32;
using base::u64;
using test::FakeMachine;

/// The registers, which take effect when the display is enabled and refuse what it cannot show.
struct FakeDispi final : test::FakeDevice {
  std::array<u16, 16> registers{0xb0c5};
  u16 index = 0;
  u16 highest_width = 2048;
  bool in_ports = false;

  u16 select(u64 address) const { return static_cast<u16>((address - 0x500) / 2); }
  u32 read(u64 address, unsigned size) override {
    EXPECT_EQ(size, 2u);
    if (address == hw::bochs_display::index_port) return index;
    u16 const which = in_ports ? index : select(address);
    return which < 16 ? registers[which] : 0;
  }
  void write(u64 address, u32 value, unsigned size) override {
    EXPECT_EQ(size, 2u);
    if (in_ports && address == hw::bochs_display::index_port) {
      index = static_cast<u16>(value);
      return;
    }
    u16 const which = in_ports ? index : select(address);
    if (which >= 16 || which == 0) return;
    // Size and depth cannot change while it is on.
    if (which >= 1 && which <= 3 && (registers[4] & 1) != 0) return;
    if (which == 1 && value > highest_width) return;
    registers[which] = static_cast<u16>(value);
  }
};

struct Display : testing::Test {
  FakeMachine machine;
  test::FakePci pci{machine};
  FakeDispi dispi;
  Display() {
    pci.at(0, 2)
        .identity(0x1234, 0x1111, 3, 0)
        .bar(0, 0xfd00'0008, 0xff00'0000)
        .bar(2, 0xfebf'0000, 0xffff'f000);
    machine.add_memory(0xfebf'0000, 0x1000, dispi);
  }
  auto create(u16 width, u16 height) {
    devices_ = std::move(*PciScan<>::run());
    return create_display(devices_, width, height);
  }

 private:
  base::Vector<PciDevice> devices_;
};

TEST_F(Display, SetsItsModeThroughMemory) {
  dispi.registers[4] = 0x41;  // firmware has left it on
  dispi.registers[8] = 7;
  pci.at(0, 2).registers[4] = 0;
  auto const framebuffer = create(1024, 768);
  ASSERT_TRUE(framebuffer);
  EXPECT_EQ(framebuffer->width(), 1024);
  EXPECT_EQ(framebuffer->height(), 768);
  EXPECT_EQ(framebuffer->mode().stride, 4096u);
  EXPECT_EQ(framebuffer->mode().format, PixelFormat::xrgb8888());
  EXPECT_EQ(dispi.registers[1], 1024);
  EXPECT_EQ(dispi.registers[2], 768);
  EXPECT_EQ(dispi.registers[3], 32);
  EXPECT_EQ(dispi.registers[4], 0x41);
  EXPECT_EQ(dispi.registers[8], 0);
  EXPECT_EQ(pci.at(0, 2).registers[4] & 3, 3u) << "it must answer at its ranges";
}

TEST_F(Display, SetsItsModeThroughPortsWithoutASecondRange) {
  pci.at(0, 2).bar(2, 0, 0);
  dispi.in_ports = true;
  machine.add_ports(0x1ce, 2, dispi);
  ASSERT_TRUE(create(800, 600));
  EXPECT_EQ(dispi.registers[1], 800);
}

TEST_F(Display, WhatItCannotShowIsAnError) {
  EXPECT_EQ(create(4000, 768).error(), DisplayError::BadMode);
  EXPECT_EQ(create(2048, 2049).error(), DisplayError::BadMode) << "more than its memory";
  EXPECT_EQ(create(0, 0).error(), DisplayError::BadMode);
  machine.mapping_fails = true;
  EXPECT_EQ(create(1024, 768).error(), DisplayError::OutOfMemory);
  machine.mapping_fails = false;
  dispi.registers[0] = 0xffff;
  EXPECT_EQ(create(1024, 768).error(), DisplayError::NotResponding);
  dispi.registers[0] = 0xb0c0;
  EXPECT_TRUE(create(1024, 768));
  pci.at(0, 2).bar(0, 0x0000'0008, 0xff00'0000);
  EXPECT_EQ(create(1024, 768).error(), DisplayError::NotResponding) << "no address assigned";
}

TEST(DisplayChoice, OtherDisplaysHaveNames) {
  FakeMachine machine;
  test::FakePci pci(machine);
  pci.at(0, 0).identity(0x8086, 0x1237, 6, 0);
  auto devices = *PciScan<>::run();
  EXPECT_EQ(find_display(devices), nullptr);
  EXPECT_EQ(create_display(devices, 1024, 768).error(), DisplayError::NoDisplay);

  pci.at(0, 3).identity(0x1b36, 0x0100, 3, 0);
  devices = std::move(*PciScan<>::run());
  ASSERT_NE(find_display(devices), nullptr);
  EXPECT_EQ(create_display(devices, 1024, 768).error(), DisplayError::NoDriver);
  EXPECT_EQ(display_name(0x1b36, 0x0100), "QXL");
  EXPECT_EQ(display_name(1, 2), "unknown display");

  // One with a driver comes first.
  pci.at(0, 4).identity(0x1234, 0x1111, 3, 0x80);
  devices = std::move(*PciScan<>::run());
  EXPECT_EQ(find_display(devices)->vendor, 0x1234);
}

}  // namespace
}  // namespace nacre::drivers
