#pragma once

#include <gmock/gmock.h>
#include <optional>
#include <string>
#include <vector>

#include "lib/exec/executor.hpp"
#include "lib/wasi/functions.hpp"
#include "lib/wasm/interpret/interpreter.hpp"
#include "lib/wasm/validate/validator.hpp"
#include "tools/hosted_platform/hosted_platform.hpp"

namespace nacre::wasi::test {

/// Bytes with a position, or without one: then what is read comes as the test puts it in.
class FakeFile final : public File {
 public:
  std::string data;
  u64 position = 0;
  bool seekable = true;
  bool terminal = false;
  bool ready = true;
  bool hung_up = false;
  std::optional<Errno> error;
  usize most_at_once = SIZE_MAX;
  /// How many parts it still moves without waiting.
  usize parts_now = 0;
  DescriptorFlags flags = 0;
  std::vector<std::string> log;
  exec::WaitList changed;

  FileType type() const override {
    return terminal   ? FileType::CharacterDevice
           : seekable ? FileType::RegularFile
                      : FileType::Unknown;
  }
  bool is_terminal() const override { return terminal; }
  bool is_seekable() const override { return seekable; }
  exec::Task<Result<usize>> read(std::span<u8> buffer) override {
    auto const count = co_await read_at(position, buffer);
    if (count) position += *count;
    co_return count;
  }
  exec::Task<Result<usize>> write(std::span<const u8> bytes) override {
    auto const count = co_await write_at(position, bytes);
    if (count) position += *count;
    co_return count;
  }
  std::optional<Result<usize>> read_now(std::span<u8> buffer) override {
    auto const count = read_now_at(position, buffer);
    if (count && *count) position += **count;
    return count;
  }
  std::optional<Result<usize>> write_now(std::span<const u8> bytes) override {
    auto const count = write_now_at(position, bytes);
    if (count && *count) position += **count;
    return count;
  }
  std::optional<Result<usize>> read_now_at(u64 offset, std::span<u8> buffer) override {
    if (parts_now == 0) return std::nullopt;
    --parts_now;
    return take(offset, buffer);
  }
  std::optional<Result<usize>> write_now_at(u64 offset, std::span<const u8> bytes) override {
    if (parts_now == 0) return std::nullopt;
    --parts_now;
    return put(offset, bytes);
  }
  Readiness readiness(Direction) const override {
    return {.ready = ready, .bytes = data.size() - position, .hung_up = hung_up};
  }
  exec::WaitList* readiness_changed(Direction) override { return &changed; }
  exec::Task<Result<usize>> read_at(u64 offset, std::span<u8> buffer) override {
    co_return take(offset, buffer);
  }
  exec::Task<Result<usize>> write_at(u64 offset, std::span<const u8> bytes) override {
    co_return put(offset, bytes);
  }
  Result<u64> seek(i64 offset, Whence whence) override {
    i64 const base = whence == Whence::Start     ? 0
                     : whence == Whence::Current ? static_cast<i64>(position)
                                                 : static_cast<i64>(data.size());
    if (base + offset < 0) return fail(Errno::Invalid);
    return position = static_cast<u64>(base + offset);
  }
  void set_flags(DescriptorFlags set) override { flags = set; }
  exec::Task<Result<void>> set_size(u64 size) override {
    data.resize(size);
    co_return Result<void>();
  }
  exec::Task<Result<void>> allocate(u64 offset, u64 size) override {
    data.resize(std::max<usize>(data.size(), offset + size));
    co_return Result<void>();
  }
  exec::Task<Result<void>> sync(bool data_only) override {
    log.push_back(data_only ? "datasync" : "sync");
    co_return Result<void>();
  }
  exec::Task<Result<FileStat>> stat() override {
    co_return FileStat{.device = 3,
                       .inode = 77,
                       .type = type(),
                       .links = 1,
                       .size = data.size(),
                       .accessed = 10,
                       .modified = 20,
                       .changed = 30};
  }
  exec::Task<Result<void>> set_times(NewTime accessed, NewTime modified) override {
    log.push_back("times " + text_of(accessed) + " " + text_of(modified));
    co_return Result<void>();
  }

  static std::string text_of(NewTime time) { return time ? std::to_string(*time) : "-"; }

 private:
  Result<usize> take(u64 offset, std::span<u8> buffer) const {
    if (error) return fail(*error);
    auto const part =
        data.substr(std::min<u64>(offset, data.size()), std::min(buffer.size(), most_at_once));
    std::ranges::copy(part, buffer.begin());
    return part.size();
  }
  Result<usize> put(u64 offset, std::span<const u8> bytes) {
    if (error) return fail(*error);
    usize const count = std::min(bytes.size(), most_at_once);
    data.resize(std::max<usize>(data.size(), offset + count));
    std::copy_n(bytes.begin(), count, data.begin() + static_cast<std::ptrdiff_t>(offset));
    return count;
  }
};

/// Tells what it is asked to do, and does nothing else.
class FakeDirectory final : public Directory {
 public:
  struct Entry {
    std::string name;
    FileType type;
    u64 inode;
    u64 next;
  };
  std::vector<Entry> entries;
  std::vector<std::string>& log;
  std::optional<Errno> error;
  /// What `open` gives next.
  base::Box<File> next_opened;
  OpenRequest request;

  explicit FakeDirectory(std::vector<std::string>& to) : log(to) {}

  exec::Task<Result<usize>> read_entries(u64 cookie, std::span<DirectoryEntry> out) override {
    if (error) co_return fail(*error);
    usize count = 0;
    bool found = cookie == 0;
    for (Entry const& entry : entries) {
      if (found && count < out.size())
        out[count++] = {entry.name, entry.type, entry.inode, entry.next};
      if (entry.next == cookie) found = true;
    }
    co_return count;
  }
  u64 parent_inode() const override { return 1; }
  exec::Task<Result<FileStat>> stat() override {
    co_return FileStat{.inode = 2, .type = FileType::Directory};
  }
  exec::Task<Result<base::Box<File>>> open(std::string_view path, OpenRequest how) override {
    request = how;
    log.push_back("open " + std::string(path));
    if (error) co_return fail(*error);
    co_return std::move(next_opened);
  }
  exec::Task<Result<FileStat>> stat_at(std::string_view path, bool follow) override {
    log.push_back("stat " + std::string(path) + (follow ? " follow" : ""));
    if (error) co_return fail(*error);
    co_return FileStat{.inode = 5, .type = FileType::RegularFile, .size = 9};
  }
  exec::Task<Result<void>> set_times_at(std::string_view path, bool follow, NewTime accessed,
                                        NewTime modified) override {
    co_return co_await logged("times " + std::string(path) + (follow ? " follow " : " ") +
                              FakeFile::text_of(accessed) + " " + FakeFile::text_of(modified));
  }
  exec::Task<Result<void>> create_directory(std::string_view path) override {
    co_return co_await logged("create_directory " + std::string(path));
  }
  exec::Task<Result<void>> remove_directory(std::string_view path) override {
    co_return co_await logged("remove_directory " + std::string(path));
  }
  exec::Task<Result<void>> remove_file(std::string_view path) override {
    co_return co_await logged("remove_file " + std::string(path));
  }
  exec::Task<Result<void>> create_symlink(std::string_view text, std::string_view path) override {
    co_return co_await logged("symlink " + std::string(text) + " at " + std::string(path));
  }
  exec::Task<Result<usize>> read_link(std::string_view path, std::span<u8> buffer) override {
    log.push_back("read_link " + std::string(path));
    if (error) co_return fail(*error);
    std::string_view const text = "target";
    co_return text.copy(std::bit_cast<char*>(buffer.data()), buffer.size());
  }
  exec::Task<Result<void>> link(std::string_view path, bool follow, Directory& to,
                                std::string_view new_path) override {
    co_return co_await logged("link " + std::string(path) + (follow ? " follow" : "") +
                              (&to == this ? " here as " : " there as ") + std::string(new_path));
  }
  exec::Task<Result<void>> rename(std::string_view path, Directory& to,
                                  std::string_view new_path) override {
    co_return co_await logged("rename " + std::string(path) +
                              (&to == this ? " here as " : " there as ") + std::string(new_path));
  }

 private:
  exec::Task<Result<void>> logged(std::string text) {
    log.push_back(std::move(text));
    if (error) co_return fail(*error);
    co_return Result<void>();
  }
};

inline base::Instant fake_now{};

/// A clock that goes as the test says, and memory of one page that calls work on.
class WasiTest : public testing::Test, public Host {
 protected:
  static constexpr u32 memory_size = 65536;

  void SetUp() override {
    fake_now = {1'000};
    static const std::vector<u8> no_module{0, 'a', 's', 'm', 1, 0, 0, 0};
    module_ = *wasm::load(no_module);
    instance_ = *store_.instantiate(module_, linker_);
    ASSERT_TRUE(instance_->memories.try_push_back(*store_.add_memory({{1, 1}})));
    ASSERT_TRUE(define_all(linker_, system_, Version::Preview1));
    ASSERT_TRUE(define_all(linker_, system_, Version::Unstable));
  }

  /// Calls a function as a program does. `Pending` when it waits.
  template <class... Arguments>
  Errno call(std::string_view name, Arguments... arguments) {
    return call_of(Version::Preview1, name, arguments...);
  }
  template <class... Arguments>
  Errno call_of(Version version, std::string_view name, Arguments... arguments) {
    return call_with(version, name, {static_cast<wasm::Slot>(arguments)...});
  }
  Errno call_with(Version version, std::string_view name, std::vector<wasm::Slot> arguments) {
    auto const found = linker_.find(module_of(version), name);
    EXPECT_TRUE(found) << name;
    if (!found) return Errno::NotImplemented;
    auto& function = *std::get<wasm::FunctionInstance*>(*found);
    EXPECT_EQ(function.parameter_slots, arguments.size()) << name;
    arguments.push_back(0);
    slots_ = std::move(arguments);
    if (function.kind == wasm::FunctionInstance::Kind::Host) {
      wasm::Caller caller(instance_);
      EXPECT_TRUE(function.code(function.context, caller, slots_.data()));
      return static_cast<Errno>(slots_[0]);
    }
    host_call_ = {id_of(version, name), slots_, instance_};
    answered_.reset();
    handle_ = std::move(*executor_.spawn("call", keep()));
    executor_.run_until_idle();
    return answered_.value_or(pending);
  }
  /// The answer of a call that waited.
  Errno later() {
    executor_.run_until_idle();
    return answered_.value_or(pending);
  }
  static constexpr Errno pending{0xffff};

  static wasm::HostCallId id_of(Version version, std::string_view name) {
    for (u32 id = first_host_call; called({id}).function != nullptr; ++id)
      if (called({id}).version == version && called({id}).function->name == name) return {id};
    return {0};
  }

  GuestMemory memory() { return instance_->memory(); }
  template <class T>
  T at(u32 address) {
    return *load<T>(memory(), address);
  }
  template <class T>
  void put(u32 address, const T& value) {
    ASSERT_TRUE(store(memory(), address, value));
  }
  std::string text_at(u32 address, u32 size) { return std::string(*memory().text(address, size)); }
  std::string text_at(u32 address) {
    std::string text;
    while (u8 const c = at<u8>(address++)) text += static_cast<char>(c);
    return text;
  }
  /// Puts a path where `path` points; its size.
  static constexpr u32 path = 4096;
  u32 put_path(std::string_view text) {
    for (u32 i = 0; i < text.size(); ++i) put(path + i, static_cast<u8>(text[i]));
    return static_cast<u32>(text.size());
  }

  /// Adds a descriptor; the table owns what is returned.
  FakeFile& add_file(Rights rights = rights::of_files) {
    auto file = std::make_unique<FakeFile>();
    FakeFile& added = *file;
    EXPECT_TRUE(system_.descriptors.add({.file = std::move(file), .rights = rights}));
    return added;
  }
  FakeFile& add_stream(Rights rights = rights::of_streams) {
    FakeFile& added = add_file(rights);
    added.seekable = false;
    return added;
  }
  FakeDirectory& add_directory(Rights rights = rights::of_directories,
                               Rights inheriting = rights::all) {
    auto directory = std::make_unique<FakeDirectory>(log_);
    FakeDirectory& added = *directory;
    EXPECT_TRUE(system_.descriptors.add(
        {.file = std::move(directory), .rights = rights, .inheriting_rights = inheriting}));
    return added;
  }

  // What is asked of the host.
  std::vector<std::string> arguments_{"prog", "", "two words"};
  std::vector<std::string> variables_{"A=1"};
  u32 argument_count() const override { return static_cast<u32>(arguments_.size()); }
  std::string_view argument(u32 index) const override { return arguments_[index]; }
  u32 variable_count() const override { return static_cast<u32>(variables_.size()); }
  std::string_view variable(u32 index) const override { return variables_[index]; }
  Result<u64> clock_time(ClockId clock) const override {
    if (clock > ClockId::ThreadCpuTime) return fail(Errno::Invalid);
    return static_cast<u64>(fake_now.ns) + static_cast<u64>(clock) * 1'000'000;
  }
  Result<u64> clock_resolution(ClockId clock) const override {
    if (clock > ClockId::ThreadCpuTime) return fail(Errno::Invalid);
    return 7;
  }
  exec::Task<Result<void>> random(std::span<u8> bytes) override {
    std::ranges::fill(bytes, u8{0xaa});
    co_return Result<void>();
  }
  exec::Task<Result<void>> yield() override {
    log_.push_back("yield");
    co_await exec::yield();
    co_return Result<void>();
  }
  exec::Task<Result<void>> wait(std::span<const Interest> interests, u64 timeout_ns) override {
    waited_ns_ = timeout_ns;
    exec::WaitSet set;
    for (Interest const& interest : interests) {
      CO_TRY(set.add(*interest.file->readiness_changed(interest.direction)));
    }
    bool const for_ever = timeout_ns > u64{1} << 62;
    co_await set.wait_until(for_ever ? base::Instant::never()
                                     : fake_now + base::Duration{static_cast<i64>(timeout_ns)});
    co_return Result<void>();
  }

  /// Whether the last call would be answered at once if it were made again.
  bool is_answered_at_once() {
    return std::holds_alternative<Result<void>>(begin(system_, host_call_));
  }

  exec::Task<void> keep() {
    auto const result = co_await answer(system_, host_call_);
    answered_ = static_cast<Errno>(number_of(result));
  }

  tools::HostedPlatform platform_;
  wasm::Interpreter interpreter_;
  wasm::Module module_;
  System system_{*this, 64};
  wasm::Store store_{platform_, interpreter_};
  wasm::Linker linker_{store_};
  wasm::Instance* instance_ = nullptr;
  exec::Executor executor_{[] { return fake_now; }};
  std::vector<wasm::Slot> slots_;
  wasm::exit::HostCall host_call_{};
  std::optional<Errno> answered_;
  exec::JoinHandle<void> handle_;
  std::vector<std::string> log_;
  u64 waited_ns_ = 0;
};

}  // namespace nacre::wasi::test
