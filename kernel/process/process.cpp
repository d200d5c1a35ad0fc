#include "kernel/process/process.hpp"

#include <utility>

#include "lib/base/try.hpp"

namespace nacre::process {
namespace {

std::expected<void, base::OutOfMemory> copy_all(base::Vector<base::String>& to,
                                                std::span<const std::string_view> from) {
  TRY(to.try_reserve(from.size()));
  for (std::string_view const text : from) {
    // A NUL would end the text early for the program, whatever its count says.
    TRY(auto copy, base::String::create(text.substr(0, text.find('\0'))));
    to.push_back_reserved(std::move(copy));
  }
  return {};
}

}  // namespace

std::string_view name_of(Activity activity) {
  switch (activity) {
    case Activity::Loading: return "loading";
    case Activity::Running: return "running";
    case Activity::Waiting: return "waiting";
  }
  return "?";
}

Process::Process(ProcessTable& table, base::Instant now, const ProcessRequest& request)
    : id_(table.reserve_id()),
      parent_(request.parent),
      started_(now),
      streams_(request.streams),
      on_started_(request.on_started),
      files_(request.files),
      limits_(request.limits),
      traced_(request.traced),
      control_(request.group) {
  table.processes_.push_back(*this);
}

std::expected<base::Box<Process>, base::OutOfMemory> Process::create(
    ProcessTable& table, base::Instant now, const ProcessRequest& request) {
  TRY(auto process, base::try_make<Process>(table, now, request));
  if (request.streams.error != nullptr) {
    TRY(process->own_messages_, request.streams.error->duplicate());
  }
  TRY(process->name_, base::String::create(request.name));
  TRY(process->working_directory_, base::String::create(request.working_directory));
  TRY(copy_all(process->arguments_, request.arguments));
  TRY(copy_all(process->environment_, request.environment));
  TRY(process->directories_.try_reserve(request.directories.size()));
  for (const Preopened& directory : request.directories) {
    TRY(auto name, base::String::create(directory.name));
    process->directories_.push_back_reserved({std::move(name), fs::HeldNode(directory.directory)});
  }
  return process;
}

void Process::tell_started() {
  if (auto const told = std::exchange(on_started_, std::nullopt)) (*told)();
}

void Process::end(ExitStatus status) {
  if (ended_with_) return;
  ended_with_ = status;
  if (ender_) (*ender_)();
}

Work::Work(ProcessTable& table, ProcessId id, ProcessId parent) : id_(id), parent_(parent) {
  table.works_.push_back(*this);
}

void ProcessTable::for_each_work(base::FunctionRef<void(Work&)> visit) {
  for (Work& work : works_) visit(work);
}

Work* ProcessTable::find_work(ProcessId id) {
  for (Work& work : works_)
    if (work.id() == id) return &work;
  return nullptr;
}

void ProcessTable::for_each(base::FunctionRef<void(Process&)> visit) {
  for (Process& process : processes_) visit(process);
}

Process* ProcessTable::find(ProcessId id) {
  for (Process& process : processes_)
    if (process.id() == id) return &process;
  return nullptr;
}

}  // namespace nacre::process
