#pragma once

#include <bitset>
#include <optional>

#include "kernel/console/tty.hpp"
#include "kernel/process/services.hpp"
#include "kernel/process/turn.hpp"
#include "lib/wasm/runtime/linker.hpp"
#include "lib/wasm/runtime/tier.hpp"

namespace nacre::process {

/// The game interface, module `env` of apps/include/nacre.h, for one process. The first call takes
/// the screen; destroying this gives it back.
class GameHost {
 public:
  static constexpr std::string_view module_name = "env";
  static constexpr wasm::HostCallId next_frame_call{0x200};

  GameHost(Services& services, Turn& turn) : services_(services), turn_(turn) {}
  GameHost(const GameHost&) = delete;
  GameHost& operator=(const GameHost&) = delete;

  /// Defines what `module` imports of it. This outlives the linker's store.
  std::expected<void, base::OutOfMemory> define_for(const wasm::Module& module,
                                                    wasm::Linker& linker);

  /// A call fails with a trap.
  struct FrameError {
    wasm::Trap trap;
    FrameError(wasm::Trap why) : trap(why) {}
    FrameError(base::OutOfMemory) : trap(wasm::Trap::OutOfMemory) {}
  };
  /// Answers `next_frame_call`: shows what was drawn, waits for the next frame, and takes in what
  /// happened to the keys.
  exec::Task<std::expected<u32, FrameError>> next_frame();

  /// Why a call was refused, and with it the guest trapped.
  std::optional<console::ScreenError> refusal() const { return refusal_; }

  /// When frame number `frame` after `start` begins.
  static constexpr base::Instant time_of_frame(base::Instant start, i64 frame) {
    return start + base::Duration{frame * 1'000'000'000 / frames_per_second};
  }
  /// The first frame that begins after `now`.
  static constexpr i64 frame_after(base::Instant start, base::Instant now) {
    i64 frame = (now - start).ns * frames_per_second / 1'000'000'000;
    while (time_of_frame(start, frame) <= now) ++frame;
    return frame;
  }

 private:
  static constexpr i64 frames_per_second = 60;
  using Keys = std::bitset<256>;

  std::expected<console::ScreenLease*, wasm::Trap> screen();
  std::expected<void, wasm::Trap> put_pixel(i32 x, i32 y, drivers::Rgb colour);
  std::expected<void, wasm::Trap> fill(drivers::Rect area, drivers::Rgb colour);
  u32 key_state(u32 key) const;
  void take_keys(console::ScreenLease& lease);

  Services& services_;
  Turn& turn_;
  std::optional<console::ScreenLease> lease_;
  std::optional<console::ScreenError> refusal_;
  /// What was drawn since it was last shown.
  drivers::Rect drawn_;
  std::optional<base::Instant> first_frame_;
  Keys held_;
  Keys pressed_;
  Keys released_;
};
static_assert(GameHost::time_of_frame({0}, 60).ns == 1'000'000'000);
static_assert(GameHost::frame_after({0}, {0}) == 1);
static_assert(GameHost::frame_after({5}, {1'000'000'005}) == 61);
static_assert(GameHost::frame_after({0}, {16'666'666}) == 2);
static_assert(GameHost::frame_after({0}, {16'666'665}) == 1);

}  // namespace nacre::process
