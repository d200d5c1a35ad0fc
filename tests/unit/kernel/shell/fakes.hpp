#pragma once

#include <cstring>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kernel/fs/tar_file_system.hpp"
#include "kernel/fs/tmp_file_system.hpp"
#include "kernel/fs/vfs.hpp"
#include "kernel/shell/shell.hpp"
#include "lib/exec/executor.hpp"
#include "tests/support/tar_builder.hpp"

namespace nacre::shell::test {

/// Gives what it was made with, a few bytes at a time, and keeps what is written.
class FakeStream final : public fs::Stream {
 public:
  exec::Task<fs::Result<usize>> read(std::span<u8> buffer) override {
    usize const count = std::min({buffer.size(), input.size(), usize{5}});
    std::memcpy(buffer.data(), input.data(), count);
    input.erase(0, count);
    co_return count;
  }
  exec::Task<fs::Result<usize>> write(std::span<const u8> bytes) override {
    if (failure) co_return fs::fail(*failure);
    output.append(bytes.begin(), bytes.end());
    co_return bytes.size();
  }
  bool is_terminal() const override { return terminal; }

  std::string input;
  std::string output;
  std::optional<fs::ErrorKind> failure;
  bool terminal = false;
};

/// A program that ran.
struct ProgramRun {
  std::string path;
  std::string directory;
  std::vector<std::string> arguments;
  bool background;
  std::vector<std::string> environment{};
};

class FakeSystem final : public System {
 public:
  explicit FakeSystem(exec::WaitList& never) : never_(never) {}

  MemoryStatistics memory() const override {
    return {.total = 64 << 20, .free = 48 << 20, .heap_reserved = 4 << 20, .heap_used = 1 << 20};
  }
  void for_each_task(base::FunctionRef<void(const TaskInformation&)> visit) const override {
    visit(
        {.id = 1, .name = "shell", .state = "running", .resumed = 12, .run_time = {2'345'000'000}});
    visit({.id = 17, .name = "display", .state = "waiting", .resumed = 3, .run_time = {}});
  }
  base::Duration uptime() const override { return up; }
  base::UnixTime now() const override { return {1'700'000'000}; }
  void for_each_log_record(base::FunctionRef<void(const base::LogRecord&)> visit) const override {
    visit({{1'234'567'890}, base::LogLevel::Info, "memory", "64 MiB"});
    visit({{12'000'000'000}, base::LogLevel::Error, "ps2", "no keyboard"});
  }
  void for_each_pci_device(
      base::FunctionRef<void(const PciDeviceInformation&)> visit) const override {
    visit({0, 2, 0, 0x1234, 0x1111, 0x03, 0x00, 0});
    visit({0, 31, 3, 0xabcd, 0x0001, 0x7f, 0x80, 0});
  }
  void with_processor(base::FunctionRef<void(const ProcessorInformation&)> visit) const override {
    visit({"NacreFakeCPU", "Fake Processor 1", 6, 42, 7});
  }
  void for_each_processor_feature(
      base::FunctionRef<void(const ProcessorFeature&)> visit) const override {
    visit({"tsc", true, true});
    visit({"avx", true, false});
    visit({"nx", false, true});
    visit({"ace2", false, false});
  }
  void for_each_cpuid_leaf(base::FunctionRef<void(const CpuidInformation&)> visit) const override {
    visit({0, 0, 1, 2, 3, 0xff});
    visit({0x8000'0000, 0, 4, 5, 6, 7});
  }
  void for_each_acpi_table(
      base::FunctionRef<void(const AcpiTableInformation&)> visit) const override {
    if (!has_acpi) return;
    static constexpr std::array<u8, 20> bytes{'A', 'P', 'I', 'C', 20};
    visit({"APIC", "FAKE  ", std::string_view("TABLE\0\x1b", 7), 0x7fe0000, 3, true, bytes});
    visit({"SSDT", "FAKE  ", "OTHER   ", 0x7fe1000, 1, false, std::span(bytes).first(16)});
  }
  void describe_acpi_use(base::Sink& sink) const override {
    if (has_acpi) sink.write("PM timer: port 0x608, 24 bits\n");
  }
  void reboot() override { ++reboots; }
  void power_off(int status) override { power_off_status = status; }

  /// `/bin/loop.wasm` never ends, `/bin/bad.wasm` is no program, others exit with the number of
  /// their arguments. `cat.wasm` copies its input.
  exec::Task<std::expected<int, ProgramError>> run(ProgramRequest request) override {
    ProgramRun run{std::string(request.path),
                   std::string(request.directory_path),
                   {},
                   !request.group.is_foreground()};
    for (const base::String& argument : request.arguments)
      run.arguments.emplace_back(argument.view());
    for (const base::String& variable : request.environment)
      run.environment.emplace_back(variable.view());
    runs.push_back(run);
    limits = request.limits;
    traced = request.traced;
    if (run.path.ends_with("bad.wasm")) {
      CO_TRY(auto message, base::String::create("not a WebAssembly module"));
      co_return std::unexpected(ProgramError(std::move(message)));
    }
    if (run.path.ends_with("loop.wasm")) {
      ++running;
      struct Leave {
        int& count;
        ~Leave() { --count; }
      } const leave{running};
      process::RunControl control(&request.group);
      for (;;) co_await never_.wait();
    }
    if (run.path.ends_with("wait-and-say.wasm")) {
      for (;;) {
        co_await said_.wait();
        auto const bytes = std::as_bytes(std::span(to_say_));
        static_cast<void>(co_await fs::write_all(
            *request.streams.out,
            {static_cast<const u8*>(static_cast<const void*>(bytes.data())), bytes.size()}));
      }
    }
    if (run.path.ends_with("take.wasm")) {
      if (!to_say_.empty() && request.streams.out->is_terminal()) {
        std::string_view const text = to_say_;
        static_cast<void>(co_await fs::write_all(
            *request.streams.out,
            {static_cast<const u8*>(static_cast<const void*>(text.data())), text.size()}));
      }
      std::vector<u8> buffer(100);
      auto const count = co_await request.streams.in->read(buffer);
      if (count) read.assign(buffer.begin(), buffer.begin() + std::ptrdiff_t(*count));
    }
    co_return static_cast<int>(request.arguments.size() - 1);
  }

  /// What `/bin/wait-and-say.wasm` writes.
  void say(std::string text) {
    to_say_ = std::move(text);
    said_.wake_all();
  }

  base::Duration up{};
  bool has_acpi = true;
  int reboots = 0;
  std::optional<int> power_off_status;
  std::vector<ProgramRun> runs;
  process::Limits limits;  // of the last
  bool traced = false;
  int running = 0;
  std::string read;

 private:
  exec::WaitList& never_;
  exec::WaitList said_;
  std::string to_say_;
};

inline base::Instant fake_now{};
/// How much later it is each time that somebody looks.
inline base::Duration fake_tick{};

/// A machine of fakes around a ramdisk, with a clock that goes when a test says so.
class Machine {
 public:
  Machine() {
    fake_now = {};
    fake_tick = {};
    archive.directory("bin").file("bin/snake.wasm", "wasm").file("bin/loop.wasm", "");
    archive.file("bin/wait-and-say.wasm", "");
    archive.file("bin/bad.wasm", "x").file("bin/take.wasm", "").file("bin/plain", "");
    archive.directory("empty").file("hello.txt", "hello world\n").file("docs/a.txt", "A");
    archive.file("docs/.hidden", "").file("docs/b", std::string(1000, 'b'));
    archive.symlink("link", "docs").symlink("broken", "nowhere");
    archive.directory("tmp").file("docs/bad\n\x1b[31mname", "").end();
    auto const ignore = [](const archive::Problem&) {};
    files.emplace(std::move(
        *fs::Vfs::create(std::move(*fs::TarFileSystem::create(archive.bytes(), ignore)))));
    auto writable =
        std::move(*fs::TmpFileSystem::create({.limits = {.bytes = u64{4} << 20, .nodes = 100}}));
    temporary = writable.get();
    EXPECT_TRUE(files->mount("/tmp", std::move(writable)).has_value());
  }

  Streams streams() { return {&in, &out, &err}; }
  Services services(console::Tty* tty = nullptr) {
    return {executor, *files, system, processes, tty};
  }

  /// What a file in `/tmp` holds; nothing if it is not there.
  std::optional<std::string> contents(const std::string& name) const {
    auto const file = temporary->lookup(temporary->root(), name);
    if (!file || !*file) return std::nullopt;
    std::vector<u8> bytes(temporary->stat(**file).size);
    auto const count = temporary->read_now(**file, 0, bytes);
    EXPECT_TRUE(count && *count && **count == bytes.size());
    return std::string(bytes.begin(), bytes.end());
  }

  nacre::test::TarBuilder archive;
  fs::TmpFileSystem* temporary = nullptr;
  process::ProcessTable processes;
  exec::WaitList never;
  FakeSystem system{never};
  exec::Executor executor{[] { return fake_now = fake_now + fake_tick; }};
  std::optional<fs::Vfs> files;
  FakeStream in;
  FakeStream out;
  FakeStream err;
};

}  // namespace nacre::shell::test
