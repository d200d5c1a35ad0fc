#include "kernel/drivers/interrupt_controller.hpp"

#include "kernel/hw/cpu.hpp"
#include "kernel/memory/mmio.hpp"
#include "lib/base/log.hpp"

namespace nacre::drivers {
namespace {

using base::u32;
using base::u8;

constexpr base::u64 io_apic_size = 0x20;
constexpr u32 highest_short_id = 254;

hw::Vector vector_of(u8 line) { return {static_cast<u8>(hw::first_line_vector.value + line)}; }
/// The line whose vector this is, if it is one.
std::optional<u8> line_of(hw::Vector vector) {
  if (vector < hw::first_line_vector || vector >= vector_of(hw::pic::line_count))
    return std::nullopt;
  return static_cast<u8>(vector.value - hw::first_line_vector.value);
}

}  // namespace

InterruptController& InterruptController::install(const AcpiInterrupts* acpi, Options options) {
  static constinit InterruptController installed;
  installed.set_up(acpi, options);
  hw::set_end_of_interrupt([](hw::Vector vector) { installed.end_of_interrupt(vector); });
  return installed;
}

void InterruptController::set_up(const AcpiInterrupts* acpi, Options options) {
  local_apic_.reset();
  io_apics_.fill(std::nullopt);
  overrides_.fill(std::nullopt);
  next_vector_ = hw::first_input_vector;
  pic_.emplace();
  if (acpi != nullptr && !options.force_pic && use_apics(*acpi)) {
    kind_ = Kind::Apic;
  } else if (pic_->present()) {
    kind_ = Kind::Pic;
    base::log_info("interrupts", "8259 PIC");
  } else {
    kind_ = Kind::None;
    base::log_error("interrupts", "neither APIC nor PIC: no device will interrupt");
  }
}

bool InterruptController::find_local_apic(const AcpiInterrupts& acpi) {
  using hw::apic::Base;
  auto const features = hw::apic::FeaturesEdx::from(hw::cpuid(1).edx);
  if (!features.get<hw::apic::FeaturesEdx::LocalApic>()) return false;
  auto base = Base::from(hw::read_model_register(Base::model_register));
  if (!base.get<Base::Enabled>()) {
    base =
        base.with<Base::Enabled>(true).with<Base::Page>(acpi.local_address.value / hw::page_size);
    hw::write_model_register(Base::model_register, base.bits);
  }
  if (base.get<Base::X2Apic>()) {
    local_apic_.emplace(LocalApicRegisters({}, true));
    return true;
  }
  auto const mapped = memory::map_device({base.get<Base::Page>() * hw::page_size}, hw::page_size,
                                         memory::Caching::Uncached);
  if (!mapped) {
    base::log_warning("interrupts", "no memory to map the local APIC");
    return false;
  }
  local_apic_.emplace(LocalApicRegisters(*mapped, false));
  return true;
}

bool InterruptController::use_apics(const AcpiInterrupts& acpi) {
  base::usize count = 0;
  for (auto const& described : acpi.io_apics) {
    if (count == most_io_apics) {
      base::log_warning("interrupts", "more than {} I/O APICs: the rest is ignored", count);
      break;
    }
    auto const mapped =
        memory::map_device(described.address, io_apic_size, memory::Caching::Uncached);
    if (!mapped) {
      base::log_warning("interrupts", "no memory to map the I/O APIC at {}", described.address);
      continue;
    }
    io_apics_[count++].emplace(hw::MmioRegisters(*mapped), described.first_input);
  }
  if (count == 0 || !find_local_apic(acpi)) return false;
  u32 const id = local_apic_->id();
  if (id > highest_short_id) {
    base::log_warning("interrupts", "local APIC {}: an I/O APIC cannot reach it", id);
    local_apic_.reset();
    return false;
  }
  destination_ = static_cast<u8>(id);
  overrides_ = acpi.overrides;
  base::log_info("interrupts", "local APIC {}, {} I/O APIC{}", id, count, count == 1 ? "" : "s");
  return true;
}

LineOverride InterruptController::input_of(u8 line) const {
  if (line < overrides_.size() && overrides_[line]) return *overrides_[line];
  return {line, {}};
}

IoApic<>* InterruptController::io_apic_of(u32 input) {
  for (auto& io_apic : io_apics_)
    if (io_apic && io_apic->has_input(input)) return &*io_apic;
  return nullptr;
}

std::expected<void, RouteError> InterruptController::route_line(u8 line,
                                                                hw::InterruptHandler handler,
                                                                void* context) {
  if (line >= hw::pic::line_count || kind_ == Kind::None)
    return std::unexpected(RouteError::NoSuchLine);
  hw::InterruptsOff const off;
  if (kind_ == Kind::Apic) {
    auto const [input, signalling] = input_of(line);
    IoApic<>* const io_apic = io_apic_of(input);
    if (io_apic == nullptr) return std::unexpected(RouteError::NoSuchLine);
    io_apic->route(input, vector_of(line).value, signalling, destination_);
  } else {
    pic_->mask(line);
  }
  hw::set_interrupt_handler(vector_of(line), handler, context);
  return {};
}

std::expected<void, RouteError> InterruptController::route_input(u32 input, Signalling signalling,
                                                                 hw::InterruptHandler handler,
                                                                 void* context) {
  hw::InterruptsOff const off;
  IoApic<>* const io_apic = kind_ == Kind::Apic ? io_apic_of(input) : nullptr;
  if (io_apic == nullptr || next_vector_ == hw::spurious_vector)
    return std::unexpected(RouteError::NoSuchLine);
  hw::Vector const vector = next_vector_;
  ++next_vector_.value;
  hw::set_interrupt_handler(vector, handler, context);
  io_apic->route(input, vector.value, signalling, destination_);
  io_apic->unmask(input);
  return {};
}

void InterruptController::mask(u8 line) {
  hw::InterruptsOff const off;
  if (kind_ == Kind::Pic) pic_->mask(line);
  if (kind_ == Kind::Apic)
    if (IoApic<>* const io_apic = io_apic_of(input_of(line).input))
      io_apic->mask(input_of(line).input);
}

void InterruptController::unmask(u8 line) {
  hw::InterruptsOff const off;
  if (kind_ == Kind::Pic) pic_->unmask(line);
  if (kind_ == Kind::Apic)
    if (IoApic<>* const io_apic = io_apic_of(input_of(line).input))
      io_apic->unmask(input_of(line).input);
}

void InterruptController::end_of_interrupt(hw::Vector vector) {
  if (kind_ == Kind::Apic) {
    if (vector != hw::spurious_vector) local_apic_->end_of_interrupt();
  } else if (kind_ == Kind::Pic) {
    if (auto const line = line_of(vector)) pic_->end_of_interrupt(*line);
  }
}

}  // namespace nacre::drivers
