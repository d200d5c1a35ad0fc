// WASI's requests and immediate functions on hostile arguments and memory. Linear memory ends where
// nothing is mapped, so an access outside of it is a crash.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include "lib/wasi/preview1.hpp"
#include "lib/wasi/requests.hpp"
#include "lib/wasm/interpret/interpreter.hpp"
#include "lib/wasm/validate/validator.hpp"
#include "tools/hosted_platform/hosted_platform.hpp"

namespace nacre {
namespace {

using base::i64;
using base::u32;
using base::u64;
using base::u8;
using base::usize;

class FixedHost final : public wasi::Host {
 public:
  static constexpr std::array<std::string_view, 3> texts{"program", "", "a longer argument"};
  u32 argument_count() const override { return texts.size(); }
  std::string_view argument(u32 index) const override { return texts[index]; }
  u32 variable_count() const override { return texts.size(); }
  std::string_view variable(u32 index) const override { return texts[index]; }
  wasi::Result<u64> clock_time(wasi::ClockId clock) const override {
    if (clock > wasi::ClockId::ThreadCpuTime) return std::unexpected(wasi::Errno::Invalid);
    return u64{1} << 40;
  }
  wasi::Result<u64> clock_resolution(wasi::ClockId) const override { return 1; }
  wasi::Result<wasi::DescriptorStat> stat(u32) const override { return wasi::DescriptorStat{}; }
  wasi::Result<void> close(u32) override { return {}; }
  wasi::Result<u64> seek(u32, i64 offset, wasi::Whence) override {
    return static_cast<u64>(offset);
  }
  wasi::Result<std::string_view> preopened_path(u32) const override { return texts[2]; }
};

/// A program with one page of memory that can call everything.
struct Guest {
  static constexpr std::array<u8, 8> no_module{0, 'a', 's', 'm', 1, 0, 0, 0};

  tools::HostedPlatform platform;
  wasm::Interpreter interpreter;
  FixedHost host;
  wasm::Module module = *wasm::load(no_module);
  wasm::Store store{platform, interpreter};
  wasm::Linker linker{store};
  wasm::Instance* instance = *store.instantiate(module, linker);

  Guest() {
    bool const made = instance->memories.try_push_back(*store.add_memory({{1, 1}})).has_value() &&
                      wasi::define_preview1(linker, host).has_value();
    if (!made) std::abort();
  }

  void call(std::string_view name, std::span<const wasm::Slot> arguments) {
    auto& function = *std::get<wasm::FunctionInstance*>(*linker.find(wasi::preview1_module, name));
    std::array<wasm::Slot, 4> slots{};
    std::ranges::copy(arguments.first(function.parameter_slots), slots.begin());
    wasm::Caller caller(instance);
    if (!function.code(function.context, caller, slots.data())) std::abort();
  }
  void move_bytes(const wasm::exit::HostCall& call) {
    auto request = wasi::TransferRequest::decode(call);
    if (!request) return;
    u64 moved = 0;
    while (auto const buffer = request->buffers().next()) {
      std::ranges::fill(*buffer, static_cast<u8>(moved));
      moved += buffer->size();
    }
    request->finish(moved);
  }
  void wait(const wasm::exit::HostCall& call) {
    auto const request = wasi::PollRequest::decode(call, host);
    if (!request) return;
    request->wait_ns(host);
    request->finish(host);
  }
  void fill(const wasm::exit::HostCall& call) {
    if (auto const request = wasi::RandomRequest::decode(call))
      std::ranges::fill(request->buffer, 0xaa);
  }
};

constexpr std::array<std::string_view, 11> immediate{
    "args_get",           "args_sizes_get", "environ_get", "environ_sizes_get", "clock_res_get",
    "clock_time_get",     "fd_seek",        "fd_tell",     "fd_prestat_get",    "fd_fdstat_get",
    "fd_prestat_dir_name"};

}  // namespace
}  // namespace nacre

/// Which function, four arguments of 32 bits, and what lies at both ends of memory.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace nacre;
  static Guest guest;
  if (size < 17) return 0;
  std::span<const u8> const input(data, size);
  std::array<wasm::Slot, 4> arguments{};
  for (usize i = 0; i < 16; ++i) arguments[i / 4] |= wasm::Slot{input[1 + i]} << (8 * (i % 4));
  auto const memory = *guest.instance->memory().span(0, 65536);
  std::ranges::fill(memory, u8{0});
  auto const content = input.subspan(17, std::min<usize>(size - 17, 1024));
  std::ranges::copy(content, memory.begin());
  std::ranges::copy(content, memory.end() - static_cast<std::ptrdiff_t>(content.size()));

  wasm::exit::HostCall const call{{}, arguments, guest.instance};
  switch (u8 const which = input[0] % 14) {
    case 0: guest.move_bytes(call); break;
    case 1: guest.wait(call); break;
    case 2: guest.fill(call); break;
    default: guest.call(immediate[which - 3u], arguments);
  }
  return 0;
}
