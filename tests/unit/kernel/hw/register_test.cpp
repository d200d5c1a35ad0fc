#include "kernel/hw/register.hpp"

#include <gtest/gtest.h>

#include "kernel/hw/descriptors.hpp"
#include "kernel/hw/page_entry.hpp"
#include "kernel/hw/trap_frame.hpp"

namespace nacre::hw {
namespace {

enum class Mode : u8 { Off, Slow, Fast };

struct Control : Register<Control, u16> {
  using Enabled = Field<0, 0, bool>;
  using Speed = Field<3, 2, Mode>;
  using Count = Field<15, 8, u8>;
  using All = Field<15, 0, u16>;
};

TEST(Register, SetsAFieldAndNothingElse) {
  auto const control = Control::from(0xffff).with<Control::Speed>(Mode::Slow);
  EXPECT_EQ(control.bits, 0xfff7);
  EXPECT_EQ(control.get<Control::Speed>(), Mode::Slow);
  EXPECT_TRUE(control.get<Control::Enabled>());
  EXPECT_EQ(control.get<Control::Count>(), 0xff);
}

TEST(Register, ReadsBackEveryValueOfEveryField) {
  for (unsigned value = 0; value < 256; ++value) {
    for (u16 const before : {u16{0}, u16{0xffff}, u16{0xa5a5}}) {
      auto const control = Control::from(before).with<Control::Count>(static_cast<u8>(value));
      EXPECT_EQ(control.get<Control::Count>(), value);
      EXPECT_EQ(control.bits & 0xff, before & 0xff);
    }
  }
}

TEST(Register, DropsBitsBeyondTheField) {
  EXPECT_EQ(Control{}.with<Control::Speed>(static_cast<Mode>(0xff)).bits, 0x000c);
}

TEST(Register, AFieldMayBeTheWholeRegister) {
  auto const control = Control::from(0x1234).with<Control::All>(0xfedc);
  EXPECT_EQ(control.bits, 0xfedc);
  EXPECT_EQ(control.get<Control::All>(), 0xfedc);
}

TEST(PageEntry, KeepsTheAddressApartFromTheFlags) {
  auto const entry =
      PageEntry{}.with<PageEntry::Present>(true).with<PageEntry::NoExecute>(true).with_address(
          {physical_end.value - page_size});
  EXPECT_EQ(entry.address(), PhysAddr{0x000f'ffff'ffff'f000});
  EXPECT_TRUE(entry.get<PageEntry::NoExecute>());
  EXPECT_FALSE(entry.get<PageEntry::Writable>());
}

TEST(PageEntry, IndexesOfAnAddress) {
  VirtAddr const at{0xffff'ffff'8020'1000};
  EXPECT_EQ(table_index(at, 4), 511u);
  EXPECT_EQ(table_index(at, 3), 510u);
  EXPECT_EQ(table_index(at, 2), 1u);
  EXPECT_EQ(table_index(at, 1), 1u);
}

TEST(PageEntry, CanonicalAddresses) {
  EXPECT_TRUE(is_canonical({0x0000'7fff'ffff'ffff}));
  EXPECT_FALSE(is_canonical({0x0000'8000'0000'0000}));
  EXPECT_FALSE(is_canonical({0xffff'7fff'ffff'ffff}));
  EXPECT_TRUE(is_canonical({0xffff'8000'0000'0000}));
}

TEST(TrapFrame, NamesEveryException) {
  EXPECT_EQ(exception_name(Exception::PageFault), "#PF page fault");
  EXPECT_EQ(exception_name(static_cast<Exception>(15)), "reserved exception");
  for (u8 vector = 0; vector <= 21; ++vector) {
    if (vector == 9 || vector == 15) continue;
    EXPECT_NE(exception_name(static_cast<Exception>(vector)), "reserved exception") << int{vector};
  }
}

}  // namespace
}  // namespace nacre::hw
