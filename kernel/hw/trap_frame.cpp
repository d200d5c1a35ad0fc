#include "kernel/hw/trap_frame.hpp"

namespace nacre::hw {

std::string_view exception_name(Exception exception) {
  switch (exception) {
    case Exception::DivideError: return "#DE divide error";
    case Exception::Debug: return "#DB debug";
    case Exception::NonMaskable: return "NMI non-maskable interrupt";
    case Exception::Breakpoint: return "#BP breakpoint";
    case Exception::Overflow: return "#OF overflow";
    case Exception::BoundRange: return "#BR bound range exceeded";
    case Exception::InvalidOpcode: return "#UD invalid opcode";
    case Exception::DeviceNotAvailable: return "#NM device not available";
    case Exception::DoubleFault: return "#DF double fault";
    case Exception::InvalidTss: return "#TS invalid TSS";
    case Exception::SegmentNotPresent: return "#NP segment not present";
    case Exception::StackSegment: return "#SS stack-segment fault";
    case Exception::GeneralProtection: return "#GP general protection";
    case Exception::PageFault: return "#PF page fault";
    case Exception::X87FloatingPoint: return "#MF x87 floating point";
    case Exception::AlignmentCheck: return "#AC alignment check";
    case Exception::MachineCheck: return "#MC machine check";
    case Exception::SimdFloatingPoint: return "#XM SIMD floating point";
    case Exception::Virtualization: return "#VE virtualization";
    case Exception::ControlProtection: return "#CP control protection";
  }
  return "reserved exception";
}

}  // namespace nacre::hw
