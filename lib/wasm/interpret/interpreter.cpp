#include "lib/wasm/interpret/interpreter.hpp"

#include <algorithm>

#include "lib/base/try.hpp"
#include "lib/wasm/interpret/function_code.hpp"
#include "lib/wasm/interpret/machine.hpp"
#include "lib/wasm/interpret/translator.hpp"

namespace nacre::wasm {
namespace interpret {
namespace {

/// How much memory a stack gets at a time.
constexpr usize stack_step = 65536;

usize round_to_pages(usize size) { return base::align_up(size, Platform::page_size); }

/// Two stacks in reserved address space, so that nothing that points into them ever moves.
class InterpreterExecution final : public Execution, private Machine {
 public:
  InterpreterExecution(Reservation slots_memory, Reservation frames_memory, u32 call_depth,
                       Observer* watching)
      : slots_memory_(std::move(slots_memory)),
        frames_memory_(std::move(frames_memory)),
        call_depth_(call_depth) {
    slots_begin = slots_end = std::bit_cast<Slot*>(slots_memory_.data());
    frames_begin = frames_end = std::bit_cast<Frame*>(frames_memory_.data());
    top = frames_begin;
    slots = slots_begin;
    observer = watching;
  }

  void visit_slots(base::FunctionRef<void(std::span<const Slot>)> visit) const override {
    // Whatever has run stands in front of the end of the innermost frame.
    visit({slots_begin, static_cast<usize>(end_of_innermost_frame() - slots_begin)});
  }

  std::expected<void, base::OutOfMemory> begin(FunctionInstance& function,
                                               std::span<const Slot> arguments) override {
    top = frames_begin;
    slots = slots_begin;
    instance = nullptr;
    position = nullptr;
    done = 0;
    translation_.reset();
    result_slots_ = function.result_slots;
    usize const needed = std::max<usize>(arguments.size(), result_slots_);
    if (!extend_slots(slots_begin + needed) || !extend_frames())
      return std::unexpected(base::OutOfMemory{});
    std::ranges::copy(arguments, slots_begin);
    *++top = Frame{&function, finish_stub, slots_begin, nullptr};
    position = static_cast<const Word*>(function.entry);
    return {};
  }

  Exit run(u64& fuel_left) override {
    NACRE_ASSERT(position != nullptr);  // Something has to have begun, and not ended.
    fuel = fuel_left;
    execute(*this);
    fuel_left = fuel;
    switch (stop) {
      case Stop::Finished: {
        position = nullptr;
        return exit::Finished{{slots_begin, result_slots_}};
      }
      case Stop::Trapped: {
        trapped_at_ = position;
        position = nullptr;
        return exit::Trapped{trap};
      }
      case Stop::EndOfSlice: return exit::EndOfSlice{};
      case Stop::HostCall: break;
    }
    FunctionInstance const& function = *top->function;
    return exit::HostCall{function.waiting, {slots, function.parameter_slots}, instance};
  }

  void finish_host_call(std::span<const Slot> results) override {
    NACRE_ASSERT(waits_for_host() && results.size() == top->function->result_slots);
    std::ranges::copy(results, slots);
    leave_host_call();
  }

  void fail_host_call(Trap why) override {
    NACRE_ASSERT(waits_for_host());
    leave_host_call();
    failing_ = static_cast<Word>(why);
    // The next run executes this in place of what comes next; the backtrace wants the latter.
    resume_for_backtrace_ = position;
    failure_code_ = {static_cast<Word>(Operation::Trap), failing_};
    position = failure_code_.data();
  }

  usize active_calls() const override {
    auto count = static_cast<usize>(top - frames_begin);
    // A function of the host is none of the program's.
    if (count != 0 && top->function->instance == nullptr) --count;
    return count;
  }

  ActiveCall active_call(usize index) const override {
    NACRE_ASSERT(index < active_calls());
    Frame* const innermost = frames_begin + active_calls();
    Frame const& frame = innermost[-static_cast<std::ptrdiff_t>(index)];
    // Of a call that waits for another one, the instruction ends where that one returns to.
    const Word* at = position != nullptr ? position : trapped_at_;
    if (at == failure_code_.data()) at = resume_for_backtrace_ - 1;
    if (&frame != top) at = (&frame)[1].return_to - 1;
    FunctionInstance const& function = *frame.function;
    Module const& module = function.instance->module();
    usize offset = module.bodies[function.index - module.imported_functions].code.offset;
    if (function.entry != translate_stub) {
      auto const distance = at - static_cast<const Word*>(function.entry);
      offset = Translator::find_offset(module, function.index, static_cast<usize>(distance),
                                       observer != nullptr);
    }
    return {&function, offset};
  }

 private:
  const Slot* end_of_innermost_frame() const {
    if (top == frames_begin) return slots_begin + result_slots_;
    FunctionInstance const& function = *top->function;
    auto const* const entry = static_cast<const Word*>(function.entry);
    auto const first = static_cast<Operation>(*entry);
    bool const is_translated = first == Operation::Enter || first == Operation::EnterLarge;
    usize const size = is_translated ? usize{entry[frame_size_of_enter]}
                                     : std::max(function.parameter_slots, function.result_slots);
    return std::min(slots + size, slots_end);
  }
  bool waits_for_host() const {
    return top != frames_begin && top->function->kind == FunctionInstance::Kind::Waiting;
  }
  void leave_host_call() {
    position = top->return_to;
    slots = top->caller_slots;
    instance = top->caller_instance;
    --top;
  }

  std::expected<bool, Trap> translate(FunctionInstance& function) override {
    auto const is_done = translate_with_fuel(function);
    if (!is_done || *is_done) translation_.reset();
    return is_done;
  }
  std::expected<bool, Trap> translate_with_fuel(FunctionInstance& function) {
    constexpr u32 instructions_per_fuel = 8;
    bool is_done = false;
    // A small function takes none, and a large one as much in however many slices.
    if (!translation_) {
      translation_.emplace(function.instance->module(), function.index, observer != nullptr);
      TRY(translation_->begin());
      TRY(is_done, translation_->proceed(instructions_per_fuel));
    }
    while (!is_done) {
      if (fuel == 0) return false;
      --fuel;
      TRY(is_done, translation_->proceed(instructions_per_fuel));
    }
    // Meanwhile another execution may have come to its end with it.
    if (function.entry == translate_stub && !install(function, translation_->code()))
      return std::unexpected(Trap::OutOfMemory);
    return true;
  }
  bool extend_slots(Slot* end) override {
    auto const needed = static_cast<usize>(end - slots_begin) * sizeof(Slot);
    if (needed > slots_memory_.size()) return false;
    if (!extend(slots_memory_, needed)) return false;
    slots_end = slots_begin + slots_memory_.committed() / sizeof(Slot);
    return true;
  }
  bool extend_frames() override {
    auto const used = static_cast<usize>(top + 1 - frames_begin);
    if (used > call_depth_) return false;
    if (!extend(frames_memory_, (used + 1) * sizeof(Frame))) return false;
    auto const committed = frames_memory_.committed() / sizeof(Frame);
    frames_end = frames_begin + std::min<usize>(committed, usize{call_depth_} + 1);
    return true;
  }
  static bool extend(Reservation& memory, usize needed) {
    usize const wanted = std::min(base::align_up(needed, stack_step), memory.size());
    return memory.commit_to(wanted).has_value();
  }

  /// Of the innermost call's function, as long as it has no code.
  std::optional<Translator> translation_;
  Reservation slots_memory_;
  Reservation frames_memory_;
  u32 call_depth_;
  u16 result_slots_ = 0;
  Word failing_ = 0;
  std::array<Word, 2> failure_code_{};
  const Word* trapped_at_ = nullptr;
  const Word* resume_for_backtrace_ = nullptr;
};

}  // namespace

}  // namespace interpret

std::expected<base::Box<Execution>, base::OutOfMemory> Interpreter::create_execution(
    Platform& platform, const GuestLimits& limits) {
  using interpret::round_to_pages;
  TRY(auto slots, Reservation::create(platform, round_to_pages(limits.stack_size)));
  usize const frame_count = usize{limits.call_depth} + 1;
  TRY(auto frames,
      Reservation::create(platform, round_to_pages(frame_count * sizeof(interpret::Frame))));
  TRY(auto execution, base::try_make<interpret::InterpreterExecution>(
                          std::move(slots), std::move(frames), limits.call_depth, observer_));
  return base::Box<Execution>(std::move(execution));
}

void Interpreter::prepare(FunctionInstance& function) {
  switch (function.kind) {
    case FunctionInstance::Kind::Module: function.entry = interpret::translate_stub; return;
    case FunctionInstance::Kind::Host: function.entry = interpret::host_stub; return;
    case FunctionInstance::Kind::Waiting: function.entry = interpret::waiting_stub; return;
  }
}

void Interpreter::release(Instance& instance) {
  for (auto& function : instance.own_functions)
    if (function.entry != interpret::translate_stub) interpret::uninstall(function);
}

}  // namespace nacre::wasm
