#include <gtest/gtest.h>

#include "tests/unit/kernel/shell/scripted.hpp"

namespace nacre::shell {
namespace {

class HardwareTest : public test::Scripted {};

TEST_F(HardwareTest, CpuidTellsWhatThereIsAndWhatOfThatIsOfUse) {
  EXPECT_EQ(output("cpuid"),
            "vendor:   NacreFakeCPU\n"
            "brand:    Fake Processor 1\n"
            "family:   6  model 42  stepping 7\n"
            "features: tsc* avx (nx)\n");
  EXPECT_EQ(output("cpuid -r"),
            "    LEAF  SUBLEAF       EAX       EBX       ECX       EDX\n"
            "00000000        0  00000001  00000002  00000003  000000ff\n"
            "80000000        0  00000004  00000005  00000006  00000007\n");
  expect_failure("cpuid x", 2, "cpuid: too many arguments\n");
}

TEST_F(HardwareTest, AcpiListsTablesAndDumpsThem) {
  EXPECT_EQ(output("acpi"),
            "NAME     ADDRESS  LENGTH  REVISION  OEM     TABLE     CHECKSUM\n"
            "APIC     7fe0000      20         3  FAKE    TABLE??  good\n"
            "SSDT     7fe1000      16         1  FAKE    OTHER     bad\n"
            "\n"
            "PM timer: port 0x608, 24 bits\n");
  EXPECT_EQ(output("acpi APIC"),
            "00000000  41 50 49 43 14 00 00 00  00 00 00 00 00 00 00 00  |APIC............|\n"
            "00000010  00 00 00 00                                       |....|\n");
  expect_failure("acpi NONE", 1, "acpi: NONE: there is no such table\n");
}

TEST_F(HardwareTest, WithoutAcpiThereIsOneLine) {
  machine_.system.has_acpi = false;
  expect_failure("acpi", 1, "acpi: this machine has no ACPI\n");
  expect_failure("acpi APIC", 1, "acpi: this machine has no ACPI\n");
}

}  // namespace
}  // namespace nacre::shell
