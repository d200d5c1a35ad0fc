// All calls of both versions of WASI on hostile arguments and memory. Linear memory ends where
// nothing is mapped, so an access outside of it is a crash.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "lib/exec/executor.hpp"
#include "lib/wasi/functions.hpp"
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
using wasi::Errno;
using wasi::Result;

/// Touches every byte that it is given, and has as many of its own as anybody wants.
class EndlessFile final : public wasi::File {
 public:
  wasi::FileType type() const override { return wasi::FileType::RegularFile; }
  bool is_seekable() const override { return true; }
  exec::Task<Result<usize>> read(std::span<u8> buffer) override {
    std::ranges::fill(buffer, u8{0x11});
    co_return buffer.size();
  }
  exec::Task<Result<usize>> write(std::span<const u8> bytes) override {
    u64 sum = 0;
    for (u8 const byte : bytes) sum += byte;
    co_return sum == UINT64_MAX ? 0 : bytes.size();
  }
  exec::Task<Result<usize>> read_at(u64, std::span<u8> buffer) override {
    co_return co_await read(buffer);
  }
  exec::Task<Result<usize>> write_at(u64, std::span<const u8> bytes) override {
    co_return co_await write(bytes);
  }
  Result<u64> seek(i64 offset, wasi::Whence) override { return static_cast<u64>(offset); }
  exec::Task<Result<wasi::FileStat>> stat() override { co_return wasi::FileStat{}; }
};

class EndlessDirectory final : public wasi::Directory {
 public:
  exec::Task<Result<usize>> read_entries(u64 cookie, std::span<wasi::DirectoryEntry> out) override {
    for (auto& entry : out) entry = {"a name", wasi::FileType::RegularFile, cookie, cookie + 1};
    co_return out.size();
  }
  u64 parent_inode() const override { return 1; }
  exec::Task<Result<wasi::FileStat>> stat() override { co_return wasi::FileStat{}; }
  exec::Task<Result<base::Box<wasi::File>>> open(std::string_view path,
                                                 wasi::OpenRequest) override {
    CO_TRY(co_await look_at(path));
    co_return base::Box<wasi::File>(std::make_unique<EndlessFile>());
  }
  exec::Task<Result<wasi::FileStat>> stat_at(std::string_view path, bool) override {
    CO_TRY(co_await look_at(path));
    co_return wasi::FileStat{};
  }
  exec::Task<Result<void>> set_times_at(std::string_view path, bool, wasi::NewTime,
                                        wasi::NewTime) override {
    co_return co_await look_at(path);
  }
  exec::Task<Result<void>> create_directory(std::string_view path) override {
    co_return co_await look_at(path);
  }
  exec::Task<Result<void>> remove_directory(std::string_view path) override {
    co_return co_await look_at(path);
  }
  exec::Task<Result<void>> remove_file(std::string_view path) override {
    co_return co_await look_at(path);
  }
  exec::Task<Result<void>> create_symlink(std::string_view text, std::string_view path) override {
    CO_TRY(co_await look_at(text));
    co_return co_await look_at(path);
  }
  exec::Task<Result<usize>> read_link(std::string_view path, std::span<u8> buffer) override {
    CO_TRY(co_await look_at(path));
    std::ranges::fill(buffer, u8{0x22});
    co_return buffer.size();
  }
  exec::Task<Result<void>> link(std::string_view path, bool, wasi::Directory&,
                                std::string_view new_path) override {
    CO_TRY(co_await look_at(path));
    co_return co_await look_at(new_path);
  }
  exec::Task<Result<void>> rename(std::string_view path, wasi::Directory&,
                                  std::string_view new_path) override {
    CO_TRY(co_await look_at(path));
    co_return co_await look_at(new_path);
  }

 private:
  exec::Task<Result<void>> look_at(std::string_view text) {
    if (std::ranges::count(text, 'x') > 1000) co_return wasi::fail(Errno::NameTooLong);
    co_return Result<void>();
  }
};

class FixedHost final : public wasi::Host {
 public:
  static constexpr std::array<std::string_view, 3> texts{"program", "", "a longer argument"};
  u32 argument_count() const override { return texts.size(); }
  std::string_view argument(u32 index) const override { return texts[index]; }
  u32 variable_count() const override { return texts.size(); }
  std::string_view variable(u32 index) const override { return texts[index]; }
  Result<u64> clock_time(wasi::ClockId clock) const override {
    if (clock > wasi::ClockId::ThreadCpuTime) return wasi::fail(Errno::Invalid);
    return u64{1} << 40;
  }
  Result<u64> clock_resolution(wasi::ClockId) const override { return 1; }
  exec::Task<Result<void>> random(std::span<u8> bytes) override {
    std::ranges::fill(bytes, u8{0x33});
    co_return Result<void>();
  }
  exec::Task<Result<void>> yield() override { co_return Result<void>(); }
  /// Time does not go on here.
  exec::Task<Result<void>> wait(std::span<const Interest>, u64) override {
    co_return wasi::fail(Errno::TimedOut);
  }
};

/// A program with one page of memory that can call everything.
struct Guest {
  static constexpr std::array<u8, 8> no_module{0, 'a', 's', 'm', 1, 0, 0, 0};

  tools::HostedPlatform platform;
  wasm::Interpreter interpreter;
  exec::Executor executor{[] { return base::Instant{}; }};
  FixedHost host;
  wasi::System system{host, 16};
  wasm::Module module = *wasm::load(no_module);
  wasm::Store store{platform, interpreter};
  wasm::Linker linker{store};
  wasm::Instance* instance = *store.instantiate(module, linker);

  Guest() {
    bool const made = instance->memories.try_push_back(*store.add_memory({{1, 1}})).has_value() &&
                      wasi::define_all(linker, system, wasi::Version::Preview1).has_value() &&
                      wasi::define_all(linker, system, wasi::Version::Unstable).has_value();
    if (!made) std::abort();
  }

  /// The same descriptors for each input.
  void open_descriptors() {
    for (u32 number = 0; number < 16; ++number) static_cast<void>(system.descriptors.close(number));
    bool const opened =
        system.add_stream(0, std::make_unique<EndlessFile>(), wasi::Direction::Read) &&
        system.add_stream(1, std::make_unique<EndlessFile>(), wasi::Direction::Write) &&
        system.add_preopened(std::make_unique<EndlessDirectory>(), "/given");
    if (!opened) std::abort();
  }

  void call(wasm::HostCallId id, std::span<wasm::Slot> arguments) {
    auto const [called, version] = wasi::called(id);
    auto const found = linker.find(wasi::module_of(version), called->name);
    if (!found) return;
    auto& function = *std::get<wasm::FunctionInstance*>(*found);
    if (function.kind == wasm::FunctionInstance::Kind::Host) {
      wasm::Caller caller(instance);
      if (!function.code(function.context, caller, arguments.data())) std::abort();
      return;
    }
    wasm::exit::HostCall const host_call{id, arguments, instance};
    auto const answer = [](wasi::System& of, const wasm::exit::HostCall& to) -> exec::Task<void> {
      static_cast<void>(co_await wasi::answer(of, to));
    };
    auto handle = executor.spawn("call", answer(system, host_call));
    if (!handle) std::abort();
    executor.run_until_idle();
    if (!handle->is_finished()) std::abort();
  }
};

/// Of each call: which one, and nine arguments of 32 bits.
constexpr usize most_arguments = 9;
constexpr usize call_size = 1 + 4 * most_arguments;
constexpr usize most_calls = 4;

}  // namespace
}  // namespace nacre

/// Some calls, one after another, and what lies at both ends of memory.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace nacre;
  static Guest guest;
  if (size < 1 + call_size) return 0;
  usize const calls = 1 + data[0] % most_calls;
  if (size < 1 + calls * call_size) return 0;
  std::span<const u8> input(data + 1, size - 1);
  auto const content = input.subspan(calls * call_size);
  auto const memory = *guest.instance->memory().span(0, 65536);
  std::ranges::fill(memory, u8{0});
  auto const part = content.first(std::min<usize>(content.size(), 1024));
  std::ranges::copy(part, memory.begin());
  std::ranges::copy(part, memory.end() - static_cast<std::ptrdiff_t>(part.size()));

  guest.open_descriptors();
  for (usize i = 0; i < calls; ++i) {
    std::array<wasm::Slot, most_arguments + 1> arguments{};
    for (usize byte = 0; byte < 4 * most_arguments; ++byte)
      arguments[byte / 4] |= wasm::Slot{input[1 + byte]} << (8 * (byte % 4));
    u32 const which = input[0] % (2 * u32{wasi::preview1_functions});
    guest.call({wasi::first_host_call + which}, arguments);
    input = input.subspan(call_size);
  }
  return 0;
}
