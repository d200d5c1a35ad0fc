#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string_view>

#include "kernel/fs/open_file.hpp"
#include "kernel/fs/stream.hpp"
#include "kernel/process/limits.hpp"
#include "kernel/process/process.hpp"
#include "kernel/process/run_control.hpp"
#include "lib/base/format.hpp"
#include "lib/base/function_ref.hpp"
#include "lib/base/log.hpp"
#include "lib/base/string.hpp"
#include "lib/base/time.hpp"
#include "lib/exec/task.hpp"

namespace nacre::shell {

using base::u16;
using base::u32;
using base::u64;
using base::u8;
using base::usize;

/// In bytes.
struct MemoryStatistics {
  u64 total = 0;          // that the kernel manages
  u64 free = 0;           // of it
  u64 heap_reserved = 0;  // taken by the kernel's heap
  u64 heap_used = 0;      // of that, handed out
};

struct TaskInformation {
  u64 id = 0;
  std::string_view name;
  std::string_view state;  // "running", "ready", "waiting"
  u64 resumed = 0;         // how often it was
  base::Duration run_time{};
};

struct PciDeviceInformation {
  u8 bus = 0;
  u8 device = 0;
  u8 function = 0;
  u16 vendor_id = 0;
  u16 device_id = 0;
  u8 class_code = 0;
  u8 subclass = 0;
  u8 interface = 0;
};

/// What the processor says of itself. Texts are borrowed from it, without blanks around them.
struct ProcessorInformation {
  std::string_view vendor;
  std::string_view brand;  // empty where it has none
  u32 family = 0;
  u32 model = 0;
  u32 stepping = 0;
};

/// Something that processors of its kind may have.
struct ProcessorFeature {
  std::string_view name;
  bool is_there = false;
  /// Whether the kernel makes use of it where it is there.
  bool is_of_use = false;
};

/// What the instruction `cpuid` gives.
struct CpuidInformation {
  u32 leaf = 0;
  u32 subleaf = 0;
  u32 eax = 0;
  u32 ebx = 0;
  u32 ecx = 0;
  u32 edx = 0;
};

/// A table of the firmware. All is as it stands there.
struct AcpiTableInformation {
  std::string_view signature;
  std::string_view oem;
  std::string_view oem_table;
  u64 address = 0;
  u32 revision = 0;
  bool has_right_checksum = false;
  std::span<const u8> bytes;
};

/// The three streams of a command.
struct Streams {
  fs::Stream* in;
  fs::Stream* out;
  fs::Stream* err;
};

/// A program to run. Everything is borrowed and outlives the task that runs it.
struct ProgramRequest {
  /// From `directory`, or absolute.
  std::string_view path;
  /// The program's working directory, and its absolute path.
  fs::Location directory;
  std::string_view directory_path;
  /// The first is the name by which it was called.
  std::span<const base::String> arguments;
  /// `NAME=VALUE` each.
  std::span<const base::String> environment;
  Streams streams;
  /// Called once the program has ends of its own of the pipes in `streams`.
  std::optional<base::FunctionRef<void()>> on_started{};
  /// The job that it is part of. What starts in the background may not take the screen.
  process::Group& group;
  process::Limits limits;
  /// The shell that starts it.
  process::ProcessId parent{};
  /// Whether what it calls of its hosts is told on its error stream.
  bool traced = false;
};

/// Why a program could not be started, in words that follow its name: "not a WebAssembly module".
/// No words mean that memory ran out.
struct ProgramError {
  base::String message;

  explicit ProgramError(base::String text) : message(std::move(text)) {}
  ProgramError(base::OutOfMemory) {}
};

/// What the shell asks of the machine that it runs on. Task context. Texts that visitors get are
/// borrowed for the visit.
class System {
 public:
  virtual MemoryStatistics memory() const = 0;
  virtual void for_each_task(base::FunctionRef<void(const TaskInformation&)> visit) const = 0;
  virtual base::Duration uptime() const = 0;
  /// The time of day.
  virtual base::UnixTime now() const = 0;
  /// The kernel's log, oldest first.
  virtual void for_each_log_record(base::FunctionRef<void(const base::LogRecord&)> visit) const = 0;
  virtual void for_each_pci_device(
      base::FunctionRef<void(const PciDeviceInformation&)> visit) const = 0;
  virtual void with_processor(base::FunctionRef<void(const ProcessorInformation&)> visit) const = 0;
  virtual void for_each_processor_feature(
      base::FunctionRef<void(const ProcessorFeature&)> visit) const = 0;
  virtual void for_each_cpuid_leaf(
      base::FunctionRef<void(const CpuidInformation&)> visit) const = 0;
  /// None on a machine without ACPI.
  virtual void for_each_acpi_table(
      base::FunctionRef<void(const AcpiTableInformation&)> visit) const = 0;
  /// What the kernel has taken from them, in lines.
  virtual void describe_acpi_use(base::Sink& sink) const = 0;
  /// Either may return: what was asked for happens as soon as possible, or cannot be done.
  virtual void reboot() = 0;
  virtual void power_off(int status) = 0;
  /// Runs a program to its end and gives its exit status. What a program that was stopped died of
  /// is written to its error stream. Dropping the task stops the program.
  virtual exec::Task<std::expected<int, ProgramError>> run(ProgramRequest request) = 0;

 protected:
  ~System() = default;
};

}  // namespace nacre::shell
