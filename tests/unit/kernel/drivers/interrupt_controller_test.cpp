#include "kernel/drivers/interrupt_controller.hpp"

#include <gtest/gtest.h>

#include "tests/unit/kernel/drivers/fake_interrupt_controllers.hpp"

namespace nacre::drivers {
namespace {

using base::u32;
using base::u64;
using base::u8;
using test::FakeIoApic;
using test::FakeLocalApic;
using test::FakeMachine;
using test::FakePic;

using Kind = InterruptController::Kind;

AcpiInterrupts pc_interrupts() {
  AcpiInterrupts acpi;
  acpi.local_address = {0xfee0'0000};
  EXPECT_TRUE(acpi.io_apics.try_push_back({{0xfec0'0000}, 0}));
  acpi.overrides[0] = LineOverride{2, {}};
  acpi.overrides[9] = LineOverride{9, {false, true}};
  acpi.overrides[11] = LineOverride{26, {true, true}};
  return acpi;
}

void count(void* counter) { ++*static_cast<int*>(counter); }

struct WithPic : testing::Test {
  FakeMachine machine;
  FakePic pic{machine};
  /// The CPU takes what the pair has to deliver. Returns the vectors.
  std::vector<u8> deliver() {
    std::vector<u8> vectors;
    machine.interrupts_enabled = true;
    while (auto const vector = pic.acknowledge()) {
      vectors.push_back(*vector);
      machine.interrupt({*vector});
      if (vectors.size() > 100) break;
    }
    return vectors;
  }
};

TEST_F(WithPic, IsRemappedAndMasked) {
  auto& controller = InterruptController::install(nullptr, {});
  EXPECT_EQ(controller.kind(), Kind::Pic);
  EXPECT_EQ(controller.local_apic(), nullptr);
  EXPECT_TRUE(pic.initialised());
  EXPECT_EQ(pic.mask(), 0xffff);
  for (u8 line = 0; line < 16; ++line) pic.raise(line);
  EXPECT_TRUE(deliver().empty());
}

TEST_F(WithPic, EachLineArrivesAtItsVectorAndIsAcknowledged) {
  auto& controller = InterruptController::install(nullptr, {});
  int counts[16] = {};
  for (u8 line = 0; line < 16; ++line) {
    if (line == 2) continue;
    ASSERT_TRUE(controller.route_line(line, count, &counts[line]));
    controller.unmask(line);
  }
  for (int round = 1; round <= 3; ++round) {
    for (u8 line = 0; line < 16; ++line)
      if (line != 2) pic.raise(line);
    EXPECT_EQ(deliver().size(), 15u);
    EXPECT_TRUE(pic.idle());
    for (int line = 0; line < 16; ++line) EXPECT_EQ(counts[line], line == 2 ? 0 : round);
  }
  controller.mask(4);
  controller.mask(12);
  pic.raise(4);
  pic.raise(12);
  pic.raise(1);
  EXPECT_EQ(deliver(), std::vector<u8>{0x21});
  EXPECT_EQ(controller.route_line(16, count, counts).error(), RouteError::NoSuchLine);
}

TEST_F(WithPic, SpuriousInterruptsDoNotAcknowledgeWhatIsInService) {
  auto& controller = InterruptController::install(nullptr, {});
  controller.unmask(3);
  pic.raise(3);
  ASSERT_EQ(pic.acknowledge(), 0x23);
  machine.interrupts_enabled = true;
  machine.interrupt({pic.spurious_first()});
  EXPECT_TRUE(pic.in_service(3));
  EXPECT_EQ(controller.spurious_count(), 1u);
  machine.interrupt({0x23});
  EXPECT_TRUE(pic.idle());

  // The second controller's reaches the first one's cascade, which is acknowledged.
  machine.interrupt({pic.spurious_second()});
  EXPECT_TRUE(pic.idle());
  EXPECT_EQ(controller.spurious_count(), 2u);

  // Real ones at the same lines are.
  int seen = 0;
  for (u8 const line : {u8{7}, u8{15}}) {
    ASSERT_TRUE(controller.route_line(line, count, &seen));
    controller.unmask(line);
    pic.raise(line);
  }
  EXPECT_EQ(deliver().size(), 2u);
  EXPECT_EQ(seen, 2);
  EXPECT_TRUE(pic.idle());
}

struct WithApic : WithPic {
  FakeLocalApic apic{machine};
  FakeIoApic first{machine, 0xfec0'0000, 24};
  FakeIoApic second{machine, 0xfec1'0000, 8};
  AcpiInterrupts acpi = pc_interrupts();
  WithApic() {
    machine.cpuid[1].edx = 1u << 9;
    machine.model_registers[0x1b] = 0xfee0'0900;
    EXPECT_TRUE(acpi.io_apics.try_push_back({{0xfec1'0000}, 24}));
    apic.registers[0x20] = 3u << 24;
  }
};

TEST_F(WithApic, IsUsedWhereItIsDescribed) {
  auto& controller = InterruptController::install(&acpi, {});
  EXPECT_EQ(controller.kind(), Kind::Apic);
  ASSERT_NE(controller.local_apic(), nullptr);
  EXPECT_EQ(controller.local_apic()->id(), 3u);
  EXPECT_EQ(apic.registers[0x0f0], 0x1ffu);
  EXPECT_EQ(apic.registers[0x080], 0u);
  for (u64 const entry : {0x320u, 0x330u, 0x340u, 0x350u, 0x370u})
    EXPECT_NE(apic.registers[entry] & 1u << 16, 0u) << entry;
  EXPECT_EQ(apic.registers[0x360], 0x400u);
  for (u32 input = 0; input < 24; ++input) EXPECT_NE(first.entry(input) & 1u << 16, 0u);
  EXPECT_EQ(pic.mask(), 0xffff) << "the PIC must be silent";
}

TEST_F(WithApic, LinesAreRoutedWithTheirOverrides) {
  auto& controller = InterruptController::install(&acpi, {});
  int seen = 0;
  for (u8 const line : {u8{0}, u8{1}, u8{9}, u8{11}})
    ASSERT_TRUE(controller.route_line(line, count, &seen));
  EXPECT_EQ(first.entry(2), 0x0300'0000'0001'0020u);
  EXPECT_EQ(first.entry(1), 0x0300'0000'0001'0021u);
  EXPECT_EQ(first.entry(9), 0x0300'0000'0001'8029u);
  EXPECT_EQ(second.entry(2), 0x0300'0000'0001'a02bu);
  controller.unmask(0);
  controller.unmask(11);
  EXPECT_EQ(first.entry(2), 0x0300'0000'0000'0020u);
  EXPECT_EQ(second.entry(2), 0x0300'0000'0000'a02bu);
  controller.mask(11);
  EXPECT_EQ(second.entry(2), 0x0300'0000'0001'a02bu);

  int const before = apic.acknowledged;
  machine.interrupts_enabled = true;
  EXPECT_TRUE(machine.interrupt({0x20}));
  EXPECT_EQ(seen, 1);
  EXPECT_EQ(apic.acknowledged, before + 1);
  machine.interrupt(hw::spurious_vector);
  EXPECT_EQ(apic.acknowledged, before + 1) << "the spurious vector is not acknowledged";
}

TEST_F(WithApic, InputsGetVectorsOfTheirOwn) {
  auto& controller = InterruptController::install(&acpi, {});
  int seen = 0;
  ASSERT_TRUE(controller.route_input(30, {false, true}, count, &seen));
  ASSERT_TRUE(controller.route_input(20, {true, false}, count, nullptr));
  EXPECT_EQ(second.entry(6), 0x0300'0000'0000'8040u);
  EXPECT_EQ(first.entry(20), 0x0300'0000'0000'2041u);
  machine.interrupts_enabled = true;
  EXPECT_TRUE(machine.interrupt({0x40}));
  EXPECT_EQ(seen, 1);

  EXPECT_EQ(controller.route_input(32, {}, count, nullptr).error(), RouteError::NoSuchLine);
  for (int vector = 0x42; vector < 0xff; ++vector)
    ASSERT_TRUE(controller.route_input(20, {}, count, nullptr)) << vector;
  EXPECT_EQ(controller.route_input(20, {}, count, nullptr).error(), RouteError::NoSuchLine);

  auto& other = InterruptController::install(&acpi, {.force_pic = true});
  EXPECT_EQ(other.route_input(20, {}, count, nullptr).error(), RouteError::NoSuchLine);
}

TEST_F(WithApic, ALineWithoutAnInputIsAnError) {
  acpi.overrides[5] = LineOverride{99, {}};
  auto& controller = InterruptController::install(&acpi, {});
  EXPECT_EQ(controller.route_line(5, count, nullptr).error(), RouteError::NoSuchLine);
  controller.unmask(5);
  controller.mask(5);
}

TEST_F(WithApic, ThePicIsTheFallback) {
  EXPECT_EQ(InterruptController::install(&acpi, {.force_pic = true}).kind(), Kind::Pic);
  machine.mapping_fails = true;
  EXPECT_EQ(InterruptController::install(&acpi, {}).kind(), Kind::Pic);
  machine.mapping_fails = false;
  machine.cpuid[1].edx = 0;
  EXPECT_EQ(InterruptController::install(&acpi, {}).kind(), Kind::Pic);
  machine.cpuid[1].edx = 1u << 9;
  EXPECT_EQ(InterruptController::install(&acpi, {}).kind(), Kind::Apic);
  acpi.io_apics.clear();
  EXPECT_EQ(InterruptController::install(&acpi, {}).kind(), Kind::Pic);
}

TEST_F(WithApic, ADisabledApicIsSwitchedOn) {
  machine.model_registers[0x1b] = 0x100;
  EXPECT_EQ(InterruptController::install(&acpi, {}).kind(), Kind::Apic);
  EXPECT_EQ(machine.model_registers[0x1b], 0xfee0'0900u);
}

TEST_F(WithApic, X2ApicModeIsKept) {
  machine.model_registers[0x1b] = 0xfee0'0d00;
  machine.model_registers[0x802] = 0x42;
  auto& controller = InterruptController::install(&acpi, {});
  EXPECT_EQ(controller.kind(), Kind::Apic);
  EXPECT_EQ(controller.local_apic()->id(), 0x42u);
  EXPECT_EQ(machine.model_registers[0x80f], 0x1ffu);
  ASSERT_TRUE(controller.route_line(1, count, nullptr));
  EXPECT_EQ(first.entry(1) >> 56, 0x42u);

  machine.model_registers[0x802] = 0x100;
  EXPECT_EQ(InterruptController::install(&acpi, {}).kind(), Kind::Pic);
}

TEST(NoController, IsSaid) {
  FakeMachine machine;
  auto& controller = InterruptController::install(nullptr, {});
  EXPECT_EQ(controller.kind(), Kind::None);
  EXPECT_FALSE(controller.route_line(1, count, nullptr));
  controller.unmask(1);
}

}  // namespace
}  // namespace nacre::drivers
