#pragma once

#include "lib/wasm/interpret/operations.hpp"
#include "lib/wasm/runtime/instance.hpp"
#include "lib/wasm/runtime/tier.hpp"

namespace nacre::wasm {
class Observer;
}

namespace nacre::wasm::interpret {

/// One active call: whose it is, and what to go on with when it returns.
struct Frame {
  FunctionInstance* function;
  const Word* return_to;
  Slot* caller_slots;
  Instance* caller_instance;
};

enum class Stop : u8 { Finished, Trapped, EndOfSlice, HostCall };

/// The registers of an execution while it stands still, and what its operations reach through one
/// pointer while it runs.
struct Machine {
  u64 fuel = 0;
  /// The innermost call; `frames_begin`, which is none, if nothing is called.
  Frame* top = nullptr;
  Frame* frames_begin = nullptr;
  /// Of the frames that have memory.
  Frame* frames_end = nullptr;
  Slot* slots_begin = nullptr;
  /// Of the slots that have memory.
  Slot* slots_end = nullptr;

  const Word* position = nullptr;
  Slot* slots = nullptr;
  Instance* instance = nullptr;
  Stop stop = Stop::Finished;
  Trap trap = Trap::Unreachable;
  /// Bytes that the operation at `position` has done already.
  u64 done = 0;
  /// Whose calls the code holds, or null.
  Observer* observer = nullptr;

  /// Gives memory to the stacks up to these ends. False where a limit or the host stands against
  /// it.
  virtual bool extend_slots(Slot* end) = 0;
  virtual bool extend_frames() = 0;
  /// Makes code of `function`, whose call has begun, as far as the fuel suffices; false if that is
  /// not to its end. Errors: as `Translator` has them.
  virtual std::expected<bool, Trap> translate(FunctionInstance& function) = 0;

 protected:
  ~Machine() = default;
};

/// Runs from the machine's position until it stops.
void execute(Machine& machine);

/// Code that stands for functions without any of their own, and where the outermost call ends.
extern const Word translate_stub[1];
extern const Word host_stub[1];
extern const Word waiting_stub[1];
extern const Word finish_stub[1];

}  // namespace nacre::wasm::interpret
