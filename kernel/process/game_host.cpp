#include "kernel/process/game_host.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "kernel/console/draw_text.hpp"
#include "kernel/drivers/speaker.hpp"
#include "lib/base/try.hpp"

namespace nacre::process {
namespace {

using drivers::Rect;
using wasm::Caller;
using wasm::Trap;

/// The low eight bits of each count.
constexpr drivers::Rgb colour_of(i32 red, i32 green, i32 blue) {
  return {static_cast<u8>(red), static_cast<u8>(green), static_cast<u8>(blue)};
}

/// The arguments of a call, one after the other.
class Arguments {
 public:
  explicit Arguments(const wasm::exit::HostCall& call) : call_(call) {}
  i32 number() { return call_.argument<i32>(next_++); }
  u32 address() { return call_.argument<u32>(next_++); }
  Rect area() { return Rect{number(), number(), number(), number()}; }
  drivers::Rgb colour() {
    i32 const red = number();
    i32 const green = number();
    return colour_of(red, green, number());
  }

 private:
  const wasm::exit::HostCall& call_;
  usize next_ = 0;
};

/// As in nacre.h.
u32 bits_of(text::Modifiers modifiers) {
  return u32{modifiers.shift} | u32{modifiers.control} << 1 | u32{modifiers.alt} << 2 |
         u32{modifiers.alt_gr} << 3 | u32{modifiers.super} << 4 | u32{modifiers.caps_lock} << 5 |
         u32{modifiers.num_lock} << 6;
}

}  // namespace

GameHost::~GameHost() {
  if (beeped_) services_.speaker->silence();
}

void GameHost::suspend() {
  if (!lease_) return;
  suspended_ = true;
  lease_.reset();
  if (beeped_) services_.speaker->silence();
}

std::expected<void, base::OutOfMemory> GameHost::define_for(const wasm::Module& module,
                                                            wasm::Linker& linker) {
  auto const is_ours = [](const wasm::Import& import) { return import.module == module_name; };
  if (std::ranges::none_of(module.imports, is_ours)) return {};
  TRY(define_screen(linker));
  TRY(define_input(linker));
  return define_machine(linker);
}

std::expected<void, base::OutOfMemory> GameHost::define_screen(wasm::Linker& linker) {
  auto const define = [&](std::string_view name, auto function) {
    return linker.define(module_name, name, function);
  };
  TRY(define("screen_width", [this](Caller&) -> std::expected<i32, Trap> {
    TRY(auto* const lease, screen());
    return lease->framebuffer().width();
  }));
  TRY(define("screen_height", [this](Caller&) -> std::expected<i32, Trap> {
    TRY(auto* const lease, screen());
    return lease->framebuffer().height();
  }));
  TRY(define("character_width", [this](Caller&) -> std::expected<u32, Trap> {
    TRY(auto* const lease, screen());
    return lease->font().width();
  }));
  TRY(define("character_height", [this](Caller&) -> std::expected<u32, Trap> {
    TRY(auto* const lease, screen());
    return lease->font().height();
  }));
  TRY(define("put_pixel", [this](Caller&, i32 x, i32 y, i32 r, i32 g, i32 b) {
    return put_pixel(x, y, colour_of(r, g, b));
  }));
  auto const define_answered = [&]<class Function>(std::string_view name, Call call, Function*) {
    return linker.define_waiting<Function>(module_name, name, id_of(call));
  };
  using Clear = void(i32, i32, i32);
  using Fill = void(i32, i32, i32, i32, i32, i32, i32);
  using Blit = void(i32, i32, i32, i32, u32, i32);
  using BlitScaled = void(i32, i32, i32, i32, u32, i32, i32);
  using DrawText = void(i32, i32, u32, u32, i32, i32, i32, i32);
  using NextFrame = i32();
  TRY(define_answered("clear_screen", Call::ClearScreen, static_cast<Clear*>(nullptr)));
  TRY(define_answered("fill_rect", Call::FillRect, static_cast<Fill*>(nullptr)));
  TRY(define_answered("blit", Call::Blit, static_cast<Blit*>(nullptr)));
  TRY(define_answered("blit_scaled", Call::BlitScaled, static_cast<BlitScaled*>(nullptr)));
  TRY(define_answered("draw_text", Call::DrawText, static_cast<DrawText*>(nullptr)));
  return define_answered("next_frame", Call::NextFrame, static_cast<NextFrame*>(nullptr));
}

std::expected<void, base::OutOfMemory> GameHost::define_input(wasm::Linker& linker) {
  TRY(linker.define(module_name, "key_state", [this](Caller&, u32 key) -> std::expected<u32, Trap> {
    TRY(screen());
    return keys_.state(key);
  }));
  return linker.define(module_name, "next_key", [this](Caller& caller, u32 address) {
    return next_key(caller.memory(), address);
  });
}

std::expected<void, base::OutOfMemory> GameHost::define_machine(wasm::Linker& linker) {
  TRY(linker.define(module_name, "time_ns", [this](Caller&) -> std::expected<i64, Trap> {
    TRY(screen());
    return services_.executor.now().ns;
  }));
  TRY(linker.define(module_name, "random", [this](Caller&) -> std::expected<u32, Trap> {
    TRY(screen());
    return services_.random.next_u32();
  }));
  return linker.define(module_name, "beep",
                       [this](Caller&, i32 hz, i32 ms) -> std::expected<void, Trap> {
                         TRY(screen());
                         beep(hz < 0 ? 0 : static_cast<u32>(hz), ms);
                         return {};
                       });
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
  suspended_ = false;
  drivers::Framebuffer& framebuffer = lease_->framebuffer();
  fill(framebuffer, framebuffer.bounds(), {});
  keys_.begin_frame(*lease_);
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

std::expected<void, Trap> GameHost::draw(Call call, const wasm::exit::HostCall& host_call) {
  TRY(auto* const lease, screen());
  drivers::Framebuffer& framebuffer = lease->framebuffer();
  Arguments arguments(host_call);
  switch (call) {
    case Call::ClearScreen: fill(framebuffer, framebuffer.bounds(), arguments.colour()); break;
    case Call::FillRect: {
      Rect const area = arguments.area();
      fill(framebuffer, area, arguments.colour());
      break;
    }
    case Call::Blit:
    case Call::BlitScaled: {
      Image const image{arguments.area(), arguments.address(), arguments.number()};
      i32 const scale = call == Call::BlitScaled ? arguments.number() : 1;
      return blit(framebuffer, host_call.memory(), image, scale);
    }
    case Call::DrawText: return draw_text(*lease, host_call);
    case Call::NextFrame: break;  // waits, and so is answered elsewhere
  }
  return {};
}

void GameHost::fill(drivers::Framebuffer& framebuffer, Rect area, drivers::Rgb colour) {
  Rect const visible = drivers::intersection(area, framebuffer.bounds());
  framebuffer.fill(visible, colour);
  drawn_ = drivers::bounding_box(drawn_, visible);
}

std::expected<void, Trap> GameHost::blit(drivers::Framebuffer& framebuffer,
                                         const wasm::GuestMemory& memory, const Image& image,
                                         i32 scale) {
  auto const& [area, address, stride] = image;
  if (area.empty() || scale < 1) return {};
  if (stride < area.width)
    return complain(Trap::HostRefused, "blit: the stride is smaller than the width");
  if (address % alignof(u32) != 0)
    return complain(Trap::HostRefused, "blit: the pixels are not at a multiple of four");
  // All three are below 2^31, and so this is below 2^62, and in bytes below 2^64.
  u64 const count = static_cast<u64>(i64{area.height - 1} * stride + area.width);
  auto const bytes = memory.span(address, count * sizeof(u32));
  if (!bytes) return complain(bytes.error(), "blit: not all pixels lie in the program's memory");
  auto const* const first = static_cast<const u32*>(static_cast<const void*>(bytes->data()));
  std::span const pixels(first, count);
  if (scale == 1)
    framebuffer.blit(area, pixels, static_cast<usize>(stride));
  else
    framebuffer.blit_scaled(area, pixels, static_cast<usize>(stride), scale);
  drawn_ = drivers::bounding_box(drawn_, framebuffer.scaled_area(area, scale));
  return {};
}

std::expected<void, Trap> GameHost::draw_text(console::ScreenLease& lease,
                                              const wasm::exit::HostCall& call) {
  Arguments arguments(call);
  i32 const x = arguments.number();
  i32 const y = arguments.number();
  u32 const address = arguments.address();
  u32 const length = arguments.address();
  i32 const scale = arguments.number();
  if (length > longest_text)
    return complain(Trap::HostRefused, "draw_text: the text is longer than 65536 bytes");
  auto const text = call.memory().text(address, length);
  if (!text) return complain(text.error(), "draw_text: the text is not in the program's memory");
  Rect const drawn =
      console::draw_text(lease.framebuffer(), lease.font(), x, y, *text, scale, arguments.colour());
  drawn_ = drivers::bounding_box(drawn_, drawn);
  return {};
}

std::expected<u32, Trap> GameHost::next_key(const wasm::GuestMemory& memory, u32 address) {
  TRY(auto* const lease, screen());
  std::array<u32, 4> fields{};  // `struct key_event` of nacre.h
  auto const place = memory.span(address, sizeof fields);
  if (!place) return complain(place.error(), "next_key: the event is not in the program's memory");
  auto const event = keys_.next_event(*lease);
  if (event) {
    fields = {static_cast<u32>(event->key),
              !event->pressed   ? GameKeys::released
              : event->repeated ? GameKeys::held
                                : GameKeys::pressed,
              bits_of(event->modifiers), u32{lease->character_of(*event)}};
  }
  std::memcpy(place->data(), fields.data(), sizeof fields);
  return event.has_value();
}

void GameHost::beep(u32 frequency_hz, i32 duration_ms) {
  if (services_.speaker == nullptr) return;
  beeped_ = true;
  if (frequency_hz == 0 || duration_ms <= 0) return services_.speaker->silence();
  services_.speaker->play(frequency_hz, base::Duration{i64{duration_ms} * 1'000'000});
}

std::unexpected<Trap> GameHost::complain(Trap trap, std::string_view text) {
  complaint_ = text;
  return std::unexpected(trap);
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
  // It may have been stopped meanwhile.
  if (lease_) keys_.begin_frame(*lease_);
  co_return static_cast<u32>(frame);
}

}  // namespace nacre::process
