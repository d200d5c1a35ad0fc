#pragma once

#include <optional>
#include <string_view>

#include "kernel/console/tty.hpp"
#include "kernel/process/game_keys.hpp"
#include "kernel/process/services.hpp"
#include "kernel/process/turn.hpp"
#include "lib/wasm/runtime/linker.hpp"
#include "lib/wasm/runtime/tier.hpp"

namespace nacre::process {

/// The game interface, module `env` of docs/game-abi.md, for one process. The first call takes the
/// screen; destroying this gives it back, and silences the speaker.
class GameHost {
 public:
  static constexpr std::string_view module_name = "env";

  /// The calls that the process's owner answers: one that waits, and those that may draw so much
  /// that others are to have a turn afterwards.
  enum class Call : u32 { NextFrame = 0x200, ClearScreen, FillRect, Blit, BlitScaled, DrawText };
  static constexpr wasm::HostCallId id_of(Call call) { return {static_cast<u32>(call)}; }
  /// Nothing when it is somebody else's.
  static constexpr std::optional<Call> call_of(wasm::HostCallId id) {
    if (id < id_of(Call::NextFrame) || id > id_of(Call::DrawText)) return std::nullopt;
    return static_cast<Call>(id.value);
  }
  /// The longest text that `draw_text` takes, in bytes: a call's time has an end.
  static constexpr u32 longest_text = 65'536;

  GameHost(Services& services, Turn& turn) : services_(services), turn_(turn) {}
  GameHost(const GameHost&) = delete;
  GameHost& operator=(const GameHost&) = delete;
  ~GameHost();

  /// Defines the interface if `module` imports of it. This outlives the linker's store.
  std::expected<void, base::OutOfMemory> define_for(const wasm::Module& module,
                                                    wasm::Linker& linker);

  /// A call fails with a trap.
  struct FrameError {
    wasm::Trap trap;
    FrameError(wasm::Trap why) : trap(why) {}
    FrameError(base::OutOfMemory) : trap(wasm::Trap::OutOfMemory) {}
  };
  /// Answers `Call::NextFrame`: shows what was drawn, waits for the next frame, and takes in what
  /// happened to the keys.
  exec::Task<std::expected<u32, FrameError>> next_frame();
  /// Answers any other of the calls, all without a result.
  std::expected<void, wasm::Trap> draw(Call call, const wasm::exit::HostCall& arguments);

  /// Gives the screen back while the program is stopped, and silences the speaker; the next call
  /// takes it again, with nothing on it.
  void suspend();
  /// Whether it had the screen when it was stopped, and not since.
  bool is_suspended() const { return suspended_; }

  /// Why the screen was refused, and with it the call that trapped.
  std::optional<console::ScreenError> refusal() const { return refusal_; }
  /// What was wrong with the call that trapped; empty if there is nothing to add to the trap.
  std::string_view complaint() const { return complaint_; }

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

  /// A rectangle of pixels in the guest's memory, where it is to be seen.
  struct Image {
    drivers::Rect area;
    u32 address;
    i32 stride;
  };

  std::expected<void, base::OutOfMemory> define_screen(wasm::Linker& linker);
  std::expected<void, base::OutOfMemory> define_input(wasm::Linker& linker);
  std::expected<void, base::OutOfMemory> define_machine(wasm::Linker& linker);

  std::expected<console::ScreenLease*, wasm::Trap> screen();
  std::expected<void, wasm::Trap> put_pixel(i32 x, i32 y, drivers::Rgb colour);
  void fill(drivers::Framebuffer& framebuffer, drivers::Rect area, drivers::Rgb colour);
  std::expected<void, wasm::Trap> blit(drivers::Framebuffer& framebuffer,
                                       const wasm::GuestMemory& memory, const Image& image,
                                       i32 scale);
  std::expected<void, wasm::Trap> draw_text(console::ScreenLease& lease,
                                            const wasm::exit::HostCall& call);
  std::expected<u32, wasm::Trap> next_key(const wasm::GuestMemory& memory, u32 address);
  void beep(u32 frequency_hz, i32 duration_ms);
  std::unexpected<wasm::Trap> complain(wasm::Trap trap, std::string_view text);

  Services& services_;
  Turn& turn_;
  std::optional<console::ScreenLease> lease_;
  std::optional<console::ScreenError> refusal_;
  std::string_view complaint_;
  /// What was drawn since it was last shown.
  drivers::Rect drawn_;
  std::optional<base::Instant> first_frame_;
  GameKeys keys_;
  bool beeped_ = false;
  bool suspended_ = false;
};
static_assert(GameHost::time_of_frame({0}, 60).ns == 1'000'000'000);
static_assert(GameHost::frame_after({0}, {0}) == 1);
static_assert(GameHost::frame_after({5}, {1'000'000'005}) == 61);
static_assert(GameHost::frame_after({0}, {16'666'666}) == 2);
static_assert(GameHost::frame_after({0}, {16'666'665}) == 1);

}  // namespace nacre::process
