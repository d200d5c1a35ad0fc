#include "kernel/boot/panic.hpp"

#include <array>

#include "kernel/arch/x86_64/cpu.hpp"
#include "kernel/arch/x86_64/image.hpp"
#include "kernel/hw/cpu.hpp"
#include "kernel/hw/interrupts.hpp"
#include "kernel/hw/panic.hpp"
#include "lib/base/log.hpp"

namespace nacre::boot {
namespace {

constexpr base::usize log_lines = 12;

constinit std::array<PanicOutput, 4> outputs{};
constinit base::usize output_count = 0;
constinit void (*end_of_panic)() = nullptr;
constinit bool panicking = false;

/// Writes to every output.
class Report final : public base::Sink {
 public:
  void write(std::string_view text) override {
    for (base::usize i = 0; i < output_count; ++i) outputs[i](text);
  }
  template <class... Arguments>
  void line(base::FormatString<std::type_identity_t<Arguments>...> format,
            const Arguments&... arguments) {
    base::format_to(*this, format, arguments...);
    write("\n");
  }
};

void print_registers(Report& report, const hw::TrapFrame& f) {
  report.line("rip {:016x}  rflags {:08x}  cs {:02x}  ss {:02x}  error {:x}", f.rip, f.rflags, f.cs,
              f.ss, f.error_code);
  report.line("rax {:016x}  rbx {:016x}  rcx {:016x}  rdx {:016x}", f.rax, f.rbx, f.rcx, f.rdx);
  report.line("rsi {:016x}  rdi {:016x}  rbp {:016x}  rsp {:016x}", f.rsi, f.rdi, f.rbp, f.rsp);
  report.line("r8  {:016x}  r9  {:016x}  r10 {:016x}  r11 {:016x}", f.r8, f.r9, f.r10, f.r11);
  report.line("r12 {:016x}  r13 {:016x}  r14 {:016x}  r15 {:016x}", f.r12, f.r13, f.r14, f.r15);
  report.line("cr0 {:016x}  cr2 {:016x}  cr3 {:016x}  cr4 {:016x}", arch::read_cr0(),
              arch::read_fault_address(), arch::read_cr3(), arch::read_cr4());
}

void print_location(Report& report, base::u64 address) {
  auto const symbol = arch::image::find_symbol({address});
  if (symbol.name.empty()) {
    report.line("  {:016x}", address);
  } else {
    report.line("  {:016x}  {} + {:#x}", address, symbol.name, symbol.distance);
  }
}

void print_backtrace(Report& report, const hw::TrapFrame* frame) {
  std::array<base::u64, 24> addresses;
  base::usize const count =
      arch::backtrace(frame != nullptr ? frame->rbp : arch::frame_pointer(), addresses);
  report.line("backtrace:");
  if (frame != nullptr) print_location(report, frame->rip);
  // A return address is the instruction behind the call: one byte back lies in the caller for sure.
  for (base::usize i = 0; i < count; ++i) print_location(report, addresses[i] - 1);
}

void print_log(Report& report) {
  base::usize total = 0;
  base::log().for_each([&](const base::LogRecord&) { ++total; });
  report.line("last log lines:");
  base::usize index = 0;
  base::log().for_each([&](const base::LogRecord& record) {
    if (index++ + log_lines >= total) report.line("  {}: {}", record.area, record.text);
  });
}

}  // namespace

void add_panic_output(PanicOutput output) {
  if (output_count < outputs.size()) outputs[output_count++] = output;
}
void set_panic_end(void (*end)()) { end_of_panic = end; }

}  // namespace nacre::boot

namespace nacre::hw {

void panic_with(std::string_view message, const TrapFrame* frame) {
  using namespace boot;
  disable_interrupts();
  Report report;
  if (panicking) {
    // The report itself failed: say what can be said in one line.
    report.line("\npanic while panicking: {}", message);
    halt_forever();
  }
  panicking = true;
  report.line("\nkernel panic: {}", message);
  if (frame != nullptr) print_registers(report, *frame);
  print_backtrace(report, frame);
  print_log(report);
  if (end_of_panic != nullptr) end_of_panic();
  halt_forever();
}

}  // namespace nacre::hw
