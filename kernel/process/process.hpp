#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string_view>

#include "kernel/fs/vfs.hpp"
#include "kernel/process/limits.hpp"
#include "kernel/process/run_control.hpp"
#include "kernel/process/standard_streams.hpp"
#include "lib/base/function_ref.hpp"
#include "lib/base/intrusive_list.hpp"
#include "lib/base/string.hpp"
#include "lib/base/time.hpp"
#include "lib/base/vector.hpp"
#include "lib/wasm/runtime/store.hpp"
#include "lib/wasm/runtime/tier.hpp"

namespace nacre::process {

using base::i32;
using base::i64;
using base::u16;
using base::u32;
using base::u64;
using base::u8;
using base::usize;

using ProcessId = base::Id<struct ProcessTag, u32>;

/// What a program ended with, as a shell and `./nacre run` show it.
struct ExitStatus {
  u8 code = 0;

  constexpr bool success() const { return code == 0; }
  friend constexpr bool operator==(ExitStatus, ExitStatus) = default;
};
/// The codes that do not come from the program itself. Those of signals are what POSIX shells show
/// for them.
namespace status {
inline constexpr ExitStatus failed{1};
inline constexpr ExitStatus out_of_time{124};
/// What it was to get is not there.
inline constexpr ExitStatus no_directory{125};
inline constexpr ExitStatus not_executable{126};
inline constexpr ExitStatus not_found{127};
inline constexpr ExitStatus interrupted{130};
inline constexpr ExitStatus trapped{134};
inline constexpr ExitStatus out_of_memory{137};
/// The program ended with a number that no status can be.
inline constexpr ExitStatus out_of_range{255};
/// It went on writing where nobody reads any more.
inline constexpr ExitStatus unread{141};
inline constexpr ExitStatus out_of_file_space{153};
}  // namespace status

/// A directory that a process starts with, and the name that it has for the program.
struct Preopened {
  std::string_view name;
  fs::Location directory;
};

/// Everything that a process starts with, borrowed for the call that takes it.
struct ProcessRequest {
  /// For messages and listings: what the user called it.
  std::string_view name;
  /// Who started it: a shell, for example; 0 for the machine itself.
  ProcessId parent{};
  /// Argument 0, the program's own name, included.
  std::span<const std::string_view> arguments;
  /// `NAME=VALUE` each.
  std::span<const std::string_view> environment;
  std::string_view working_directory = "/";
  /// They outlive the process, except pipes' ends, of which it gets its own.
  StandardStreams streams;
  /// Called once it has them: whoever gave it a pipe's end may close his then, so that the pipe
  /// ends when the program closes it.
  std::optional<base::FunctionRef<void()>> on_started{};
  /// What the program can reach of the file system, and nothing else. `files`, where they are,
  /// outlives the process; it may be null if there are none.
  std::span<const Preopened> directories{};
  fs::Vfs* files = nullptr;
  Limits limits;
  /// With what it is stopped and continued; null if with nothing. It outlives the process.
  Group* group = nullptr;
  /// Whether what it calls of its hosts is told where messages go.
  bool traced = false;
};

/// What a process does at the moment.
enum class Activity : u8 { Loading, Running, Waiting };
std::string_view name_of(Activity activity);

/// How a process is ended from outside: its task is cancelled.
using Ender = base::FunctionRef<void()>;

class ProcessTable;

/// A program in execution, or about to be. It stands in the table from its creation until it is
/// destroyed, and owns copies of what it was started with.
class Process : public base::ListNode<Process> {
 public:
  /// Copies what `request` refers to. Errors: OutOfMemory.
  static std::expected<base::Box<Process>, base::OutOfMemory> create(ProcessTable& table,
                                                                     base::Instant now,
                                                                     const ProcessRequest& request);
  Process(ProcessTable& table, base::Instant now, const ProcessRequest& request);

  ProcessId id() const { return id_; }
  ProcessId parent() const { return parent_; }
  std::string_view name() const { return name_; }
  std::span<const base::String> arguments() const { return {arguments_.data(), arguments_.size()}; }
  std::span<const base::String> environment() const {
    return {environment_.data(), environment_.size()};
  }
  std::string_view working_directory() const { return working_directory_; }
  base::Instant started() const { return started_; }
  const Limits& limits() const { return limits_; }
  bool is_traced() const { return traced_; }

  /// What it was started with. Not good any more once it has started.
  const StandardStreams& streams() const { return streams_; }
  /// It has ends of its own of the pipes that it was started with.
  void tell_started();
  /// A directory that the program starts with.
  struct StartDirectory {
    base::String name;
    fs::HeldNode node;
  };
  std::span<const StartDirectory> directories() const {
    return {directories_.data(), directories_.size()};
  }
  /// Not null if there are directories.
  fs::Vfs* files() const { return files_; }
  /// Where messages about the process go; null when there is no such place. What the program does
  /// to its descriptors does not change it.
  fs::Stream* messages() const {
    return own_messages_ == nullptr ? streams_.error : own_messages_.get();
  }

  /// Stops it for a while.
  RunControl& control() { return control_; }
  /// Ends it wherever it is, with a status that is not its own. What it had is given back when this
  /// returns, unless it is its own task that calls.
  void end(ExitStatus status);
  /// What it was ended with, if it was.
  std::optional<ExitStatus> ended_with() const { return ended_with_; }
  /// Its owner says how to end it, and outlives it.
  void set_ender(Ender ender) { ender_ = ender; }

  /// What its owner keeps up to date, for listings.
  Activity activity = Activity::Loading;
  /// How long the program itself has run.
  base::Duration cpu_time{};
  /// Bytes of linear memory.
  u64 memory_size = 0;
  /// What it has taken in files.
  fs::SpaceMeter file_space;

 private:
  ProcessId id_;
  ProcessId parent_;
  base::Instant started_;
  base::String name_;
  base::Vector<base::String> arguments_;
  base::Vector<base::String> environment_;
  base::String working_directory_;
  StandardStreams streams_;
  base::Box<fs::Stream> own_messages_;  // if they go into a pipe
  std::optional<base::FunctionRef<void()>> on_started_;
  base::Vector<StartDirectory> directories_;
  fs::Vfs* files_;
  Limits limits_;
  bool traced_;
  RunControl control_;
  std::optional<Ender> ender_;
  std::optional<ExitStatus> ended_with_;
};

/// What has a number as programs have, is listed with them and can be sent signals, but is no
/// program: a shell, or what one does in the background. It stands in the table for as long as it
/// lives. Task context.
class Work : public base::ListNode<Work> {
 public:
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  ProcessId id() const { return id_; }
  ProcessId parent() const { return parent_; }
  /// For listings: as it was entered. Borrowed.
  virtual std::string_view text() const = 0;
  virtual bool is_stopped() = 0;
  /// Of the programs in it, as far as that is known.
  virtual base::Duration cpu_time() const = 0;
  /// Takes a signal, by its number. What that means is its own business.
  virtual void signal(int number) = 0;

 protected:
  /// `id` is one that was reserved.
  Work(ProcessTable& table, ProcessId id, ProcessId parent);
  ~Work() = default;

 private:
  ProcessId id_;
  ProcessId parent_;
};

/// All processes, in the order in which they were started. Task context.
class ProcessTable {
 public:
  void for_each(base::FunctionRef<void(Process&)> visit);
  /// What has a number and is no process.
  void for_each_work(base::FunctionRef<void(Work&)> visit);
  /// Null if there is none.
  Work* find_work(ProcessId id);
  /// Null if there is none.
  Process* find(ProcessId id);
  bool empty() const { return processes_.empty(); }
  /// A number for somebody who starts processes and is none. No process has it or will have it.
  ProcessId reserve_id() { return {next_id_++}; }

 private:
  friend class Process;
  friend class Work;
  base::IntrusiveList<Process> processes_;
  base::IntrusiveList<Work> works_;
  u32 next_id_ = 1;
};

}  // namespace nacre::process
