#include "kernel/process/game_host.hpp"

#include "lib/base/try.hpp"

namespace nacre::process {
namespace {

using drivers::Rect;
using wasm::Caller;
using wasm::Trap;

/// What `key_state` answers, as in nacre.h.
constexpr u32 held_bit = 1;
constexpr u32 pressed_bit = 2;
constexpr u32 released_bit = 4;

/// The low eight bits of each count.
constexpr drivers::Rgb colour_of(i32 red, i32 green, i32 blue) {
  return {static_cast<u8>(red), static_cast<u8>(green), static_cast<u8>(blue)};
}

}  // namespace

std::expected<void, base::OutOfMemory> GameHost::define_for(const wasm::Module& module,
                                                            wasm::Linker& linker) {
  for (wasm::Import const& import : module.imports) {
    if (import.module != module_name || linker.find(module_name, import.name)) continue;
    auto const define = [&](auto function) {
      return linker.define(module_name, import.name, function);
    };
    if (import.name == "put_pixel") {
      TRY(define([this](Caller&, i32 x, i32 y, i32 r, i32 g, i32 b) {
        return put_pixel(x, y, colour_of(r, g, b));
      }));
    } else if (import.name == "fill_rect") {
      TRY(define([this](Caller&, i32 x, i32 y, i32 width, i32 height, i32 r, i32 g, i32 b) {
        return fill({x, y, width, height}, colour_of(r, g, b));
      }));
    } else if (import.name == "screen_width") {
      TRY(define([this](Caller&) -> std::expected<i32, Trap> {
        TRY(auto* const lease, screen());
        return lease->framebuffer().width();
      }));
    } else if (import.name == "screen_height") {
      TRY(define([this](Caller&) -> std::expected<i32, Trap> {
        TRY(auto* const lease, screen());
        return lease->framebuffer().height();
      }));
    } else if (import.name == "key_state") {
      TRY(define([this](Caller&, u32 key) -> std::expected<u32, Trap> {
        TRY(screen());
        return key_state(key);
      }));
    } else if (import.name == "random") {
      TRY(define([this](Caller&) -> std::expected<u32, Trap> {
        TRY(screen());
        return services_.random.next_u32();
      }));
    } else if (import.name == "next_frame") {
      TRY(linker.define_waiting<i32()>(module_name, import.name, next_frame_call));
    }
  }
  return {};
}

std::expected<console::ScreenLease*, Trap> GameHost::screen() {
  if (lease_) return &*lease_;
  auto taken = services_.tty == nullptr ? std::unexpected(console::ScreenError::NoScreen)
                                        : services_.tty->take_screen();
  if (!taken) {
    refusal_ = taken.error();
    return std::unexpected(Trap::HostRefused);
  }
  lease_.emplace(std::move(*taken));
  drivers::Framebuffer& framebuffer = lease_->framebuffer();
  framebuffer.fill(framebuffer.bounds(), {});
  drawn_ = framebuffer.bounds();
  take_keys(*lease_);
  return &*lease_;
}

std::expected<void, Trap> GameHost::put_pixel(i32 x, i32 y, drivers::Rgb colour) {
  TRY(auto* const lease, screen());
  drivers::Framebuffer& framebuffer = lease->framebuffer();
  if (x < 0 || y < 0 || x >= framebuffer.width() || y >= framebuffer.height()) return {};
  framebuffer.put_pixel(x, y, colour);
  drawn_ = drivers::bounding_box(drawn_, {x, y, 1, 1});
  return {};
}

std::expected<void, Trap> GameHost::fill(Rect area, drivers::Rgb colour) {
  TRY(auto* const lease, screen());
  drivers::Framebuffer& framebuffer = lease->framebuffer();
  Rect const visible = drivers::intersection(area, framebuffer.bounds());
  framebuffer.fill(visible, colour);
  drawn_ = drivers::bounding_box(drawn_, visible);
  return {};
}

u32 GameHost::key_state(u32 key) const {
  if (key >= held_.size()) return 0;
  return (held_[key] ? held_bit : 0) | (pressed_[key] ? pressed_bit : 0) |
         (released_[key] ? released_bit : 0);
}

void GameHost::take_keys(console::ScreenLease& lease) {
  pressed_.reset();
  released_.reset();
  while (auto const event = lease.try_next_key()) {
    auto const key = static_cast<u8>(event->key);
    if (!event->pressed)
      released_.set(key);
    else if (!event->repeated)
      pressed_.set(key);
  }
  for (usize key = 0; key < held_.size(); ++key)
    held_[key] = lease.is_down(static_cast<text::Key>(key));
}

exec::Task<std::expected<u32, GameHost::FrameError>> GameHost::next_frame() {
  CO_TRY(auto* const lease, screen());
  lease->framebuffer().present(drawn_);
  drawn_ = {};
  base::Instant const now = services_.executor.now();
  if (!first_frame_) first_frame_ = now;
  i64 const frame = frame_after(*first_frame_, now);
  co_await exec::sleep_until(time_of_frame(*first_frame_, frame));
  turn_.begin();
  take_keys(*lease);
  co_return static_cast<u32>(frame);
}

}  // namespace nacre::process
