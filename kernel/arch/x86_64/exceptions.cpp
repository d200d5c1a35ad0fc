#include "kernel/arch/x86_64/exceptions.hpp"

#include <array>

#include "kernel/arch/x86_64/cpu.hpp"
#include "kernel/hw/interrupts.hpp"
#include "kernel/hw/panic.hpp"

extern "C" {
extern const char catch_landing[];
void dispatch_interrupt(nacre::hw::TrapFrame* frame);
}

namespace nacre {
namespace {

constinit std::array<arch::ExceptionHandler, hw::exception_count> exception_handlers{};
constinit arch::AddressDescriber describe_address = nullptr;

struct InterruptEntry {
  hw::InterruptHandler handler = nullptr;
  void* context = nullptr;
  base::u64 count = 0;
};
constinit std::array<InterruptEntry, 256> interrupt_entries{};
constinit void (*acknowledge_interrupt)(hw::Vector) = nullptr;

std::string_view description_of(hw::VirtAddr address) {
  return describe_address != nullptr ? describe_address(address) : std::string_view{};
}

[[noreturn]] void page_fault_panic(const hw::TrapFrame& frame) {
  auto const code = hw::PageFaultCode::from(frame.error_code);
  hw::VirtAddr const address{arch::read_fault_address()};
  using Code = hw::PageFaultCode;
  std::string_view const action = code.get<Code::Fetch>()   ? "executing"
                                  : code.get<Code::Write>() ? "writing"
                                                            : "reading";
  std::string_view const reason = code.get<Code::ReservedBit>() ? "a corrupt page table entry"
                                  : code.get<Code::Present>()   ? "a protected page"
                                                                : "an unmapped page";
  base::FixedText<256> const message("#PF page fault {} {} at {} {}", action, reason, address,
                                     description_of(address));
  hw::panic_with(message, &frame);
}

[[noreturn]] void double_fault_panic(const hw::TrapFrame& frame) {
  // The usual cause: a push met the guard page below the stack, and the page fault had no stack
  // either. CR2 may tell of an older fault; where the next push would go is what counts.
  hw::VirtAddr const pushed{frame.rsp - sizeof(base::u64)};
  std::string_view const description = description_of(pushed);
  base::FixedText<256> const message(
      "#DF double fault{} at {} {}",
      description.contains("guard page") ? ": kernel stack overflow" : ", stack", pushed,
      description);
  hw::panic_with(message, &frame);
}

/// Whether what runs is at fault, rather than just interrupted.
bool is_caused_by_code(hw::Exception exception) {
  return exception != hw::Exception::NonMaskable && exception != hw::Exception::MachineCheck;
}

void handle_exception(hw::TrapFrame& frame) {
  arch::Cpu& cpu = arch::this_cpu();
  if (cpu.catch_stack != 0 && is_caused_by_code(frame.exception())) {
    cpu.caught = frame;
    cpu.caught_address = arch::read_fault_address();
    frame.rsp = cpu.catch_stack;  // The landing puts back what an outer call had there.
    frame.rip = reinterpret_cast<base::u64>(catch_landing);
    // What was abandoned may have been copying backwards, or touching user memory.
    frame.rflags &= ~(hw::flag_direction | hw::flag_alignment_check | hw::flag_trap);
    return;
  }
  if (auto const handler = exception_handlers[frame.vector]) return handler(frame);
  switch (frame.exception()) {
    case hw::Exception::PageFault: page_fault_panic(frame);
    case hw::Exception::DoubleFault: double_fault_panic(frame);
    default: {
      base::FixedText<128> const message("{}, error code {:#x}",
                                         hw::exception_name(frame.exception()), frame.error_code);
      hw::panic_with(message, &frame);
    }
  }
}

}  // namespace

namespace arch {

void set_exception_handler(hw::Exception exception, ExceptionHandler handler) {
  exception_handlers[static_cast<base::usize>(exception)] = handler;
}
void set_address_describer(AddressDescriber describer) { describe_address = describer; }

}  // namespace arch

namespace hw {

void set_interrupt_handler(Vector vector, InterruptHandler handler, void* context) {
  InterruptsOff const off;
  interrupt_entries[vector.value].handler = handler;
  interrupt_entries[vector.value].context = context;
}
void set_end_of_interrupt(void (*acknowledge)(Vector)) {
  InterruptsOff const off;
  acknowledge_interrupt = acknowledge;
}
u64 interrupt_count(Vector vector) { return interrupt_entries[vector.value].count; }

}  // namespace hw
}  // namespace nacre

void dispatch_interrupt(nacre::hw::TrapFrame* frame) {
  using namespace nacre;
  if (frame->vector < hw::exception_count) return handle_exception(*frame);
  InterruptEntry& entry = interrupt_entries[frame->vector];
  ++entry.count;
  if (entry.handler != nullptr) entry.handler(entry.context);
  if (acknowledge_interrupt != nullptr)
    acknowledge_interrupt({static_cast<base::u8>(frame->vector)});
}
