#include "lib/wasi/calls.hpp"

namespace nacre::wasi::calls {

Result<void> clock_res_get(Call call, u32 clock, u32 result) {
  TRY(u64 const resolution, call.host().clock_resolution(ClockId{clock}));
  return store(call.memory, result, resolution);
}

/// The precision that the guest asks for is what it always gets.
Result<void> clock_time_get(Call call, u32 clock, u64 /*precision*/, u32 result) {
  TRY(u64 const time, call.host().clock_time(ClockId{clock}));
  return store(call.memory, result, time);
}

}  // namespace nacre::wasi::calls
