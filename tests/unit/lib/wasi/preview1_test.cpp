#include "lib/wasi/preview1.hpp"

#include <functional>
#include <gmock/gmock.h>
#include <string>
#include <vector>

#include "lib/wasi/requests.hpp"
#include "lib/wasm/interpret/interpreter.hpp"
#include "lib/wasm/runtime/guest.hpp"
#include "lib/wasm/validate/validator.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tools/hosted_platform/hosted_platform.hpp"

namespace nacre::wasi {
namespace {

using testing::ElementsAre;

class FakeHost final : public Host {
 public:
  std::vector<std::string> arguments{"prog", "", "two words"};
  std::vector<std::string> variables{"A=1"};
  u64 now = 1'000;
  std::vector<u32> closed;

  u32 argument_count() const override { return static_cast<u32>(arguments.size()); }
  std::string_view argument(u32 index) const override { return arguments[index]; }
  u32 variable_count() const override { return static_cast<u32>(variables.size()); }
  std::string_view variable(u32 index) const override { return variables[index]; }
  Result<u64> clock_time(ClockId clock) const override {
    if (clock > ClockId::ThreadCpuTime) return std::unexpected(Errno::Invalid);
    return now + static_cast<u64>(clock) * 1'000'000;
  }
  Result<u64> clock_resolution(ClockId clock) const override {
    if (clock > ClockId::ThreadCpuTime) return std::unexpected(Errno::Invalid);
    return 7;
  }
  Result<DescriptorStat> stat(u32 descriptor) const override {
    if (descriptor > 2) return std::unexpected(Errno::BadDescriptor);
    return DescriptorStat{.type = FileType::CharacterDevice, .rights = rights::write};
  }
  Result<void> close(u32 descriptor) override {
    if (descriptor > 2) return std::unexpected(Errno::BadDescriptor);
    closed.push_back(descriptor);
    return {};
  }
  Result<u64> seek(u32 descriptor, i64 offset, Whence) override {
    if (descriptor != 1) return std::unexpected(Errno::NotSeekable);
    return static_cast<u64>(offset);
  }
  Result<std::string_view> preopened_path(u32 descriptor) const override {
    if (descriptor != 3) return std::unexpected(Errno::BadDescriptor);
    return "/dir";
  }
};

/// A memory of one page, and what a guest can call.
class Preview1 : public testing::Test {
 protected:
  static constexpr u32 memory_size = 65536;

  void SetUp() override {
    auto* const added = *store_.add_memory({{1, 1}});
    static const std::vector<u8> no_module{0, 'a', 's', 'm', 1, 0, 0, 0};
    module_ = *wasm::load(no_module);
    instance_ = *store_.instantiate(module_, linker_);
    ASSERT_TRUE(instance_->memories.try_push_back(added));
    ASSERT_TRUE(define_preview1(linker_, host_));
  }

  GuestMemory memory() { return instance_->memory(); }
  wasm::FunctionInstance& function(std::string_view name) {
    auto const found = linker_.find(preview1_module, name);
    EXPECT_TRUE(found) << name;
    return *std::get<wasm::FunctionInstance*>(*found);
  }
  /// Calls a function that answers at once.
  template <class... Arguments>
  Errno call(std::string_view name, Arguments... arguments) {
    auto& called = function(name);
    EXPECT_EQ(called.kind, wasm::FunctionInstance::Kind::Host) << name;
    EXPECT_EQ(called.parameter_slots, sizeof...(Arguments)) << name;
    wasm::Caller caller(instance_);
    std::array<wasm::Slot, sizeof...(Arguments) + 1> slots{static_cast<wasm::Slot>(arguments)...};
    EXPECT_TRUE(called.code(called.context, caller, slots.data()));
    return static_cast<Errno>(slots[0]);
  }
  /// What the owner of a guest sees of a call that may wait.
  wasm::exit::HostCall waiting(std::initializer_list<wasm::Slot> arguments) {
    slots_ = arguments;
    return {host_call_id(WaitingCall::Read), slots_, instance_};
  }
  template <class T>
  T at(u32 address) {
    return *load<T>(memory(), address);
  }
  std::string text_at(u32 address) {
    std::string text;
    while (u8 const c = at<u8>(address++)) text += static_cast<char>(c);
    return text;
  }

  tools::HostedPlatform platform_;
  wasm::Interpreter interpreter_;
  wasm::Module module_;
  FakeHost host_;
  wasm::Store store_{platform_, interpreter_};
  wasm::Linker linker_{store_};
  wasm::Instance* instance_ = nullptr;
  std::vector<wasm::Slot> slots_;
};

TEST_F(Preview1, GivesArgumentsAndVariables) {
  EXPECT_EQ(call("args_sizes_get", 8, 12), Errno::Success);
  EXPECT_EQ(at<u32>(8), 3u);
  EXPECT_EQ(at<u32>(12), 5u + 1 + 10);
  EXPECT_EQ(call("args_get", 16, 100), Errno::Success);
  EXPECT_EQ(text_at(at<u32>(16)), "prog");
  EXPECT_EQ(text_at(at<u32>(20)), "");
  EXPECT_EQ(text_at(at<u32>(24)), "two words");

  EXPECT_EQ(call("environ_sizes_get", 8, 12), Errno::Success);
  EXPECT_EQ(at<u32>(8), 1u);
  EXPECT_EQ(at<u32>(12), 4u);
  EXPECT_EQ(call("environ_get", 16, memory_size - 4), Errno::Success);
  EXPECT_EQ(at<u32>(16), memory_size - 4);
  EXPECT_EQ(at<u8>(memory_size - 1), 0);
  EXPECT_EQ(call("environ_get", 16, memory_size - 3), Errno::Fault);
}

TEST_F(Preview1, HasAllFunctionsWithTheirSignatures) {
  // [wasi/preview1: "Functions"], by the number of parameters of each.
  std::pair<std::string_view, u16> const functions[] = {{"args_get", 2},
                                                        {"args_sizes_get", 2},
                                                        {"environ_get", 2},
                                                        {"environ_sizes_get", 2},
                                                        {"clock_res_get", 2},
                                                        {"clock_time_get", 3},
                                                        {"fd_advise", 4},
                                                        {"fd_allocate", 3},
                                                        {"fd_close", 1},
                                                        {"fd_datasync", 1},
                                                        {"fd_fdstat_get", 2},
                                                        {"fd_fdstat_set_flags", 2},
                                                        {"fd_fdstat_set_rights", 3},
                                                        {"fd_filestat_get", 2},
                                                        {"fd_filestat_set_size", 2},
                                                        {"fd_filestat_set_times", 4},
                                                        {"fd_pread", 5},
                                                        {"fd_prestat_get", 2},
                                                        {"fd_prestat_dir_name", 3},
                                                        {"fd_pwrite", 5},
                                                        {"fd_read", 4},
                                                        {"fd_readdir", 5},
                                                        {"fd_renumber", 2},
                                                        {"fd_seek", 4},
                                                        {"fd_sync", 1},
                                                        {"fd_tell", 2},
                                                        {"fd_write", 4},
                                                        {"path_create_directory", 3},
                                                        {"path_filestat_get", 5},
                                                        {"path_filestat_set_times", 7},
                                                        {"path_link", 7},
                                                        {"path_open", 9},
                                                        {"path_readlink", 6},
                                                        {"path_remove_directory", 3},
                                                        {"path_rename", 6},
                                                        {"path_symlink", 5},
                                                        {"path_unlink_file", 3},
                                                        {"poll_oneoff", 4},
                                                        {"proc_exit", 1},
                                                        {"proc_raise", 1},
                                                        {"random_get", 2},
                                                        {"sched_yield", 0},
                                                        {"sock_accept", 3},
                                                        {"sock_recv", 6},
                                                        {"sock_send", 5},
                                                        {"sock_shutdown", 2}};
  EXPECT_EQ(std::size(functions), preview1_functions);
  for (auto const& [name, parameters] : functions) {
    EXPECT_EQ(function(name).parameter_slots, parameters) << name;
    EXPECT_EQ(function(name).result_slots, name == "proc_exit" ? 0 : 1) << name;
  }
}

TEST_F(Preview1, WhatIsNotThereYetSaysSo) {
  EXPECT_EQ(call("fd_sync", 1), Errno::NotImplemented);
  EXPECT_EQ(call("path_open", 3, 0, 0, 0, 0, 0, 0, 0, 0), Errno::NotImplemented);
}

TEST_F(Preview1, NothingIsASocket) {
  EXPECT_EQ(call("sock_shutdown", 1, 0), Errno::NotASocket);
  EXPECT_EQ(call("sock_shutdown", 9, 0), Errno::BadDescriptor);
  EXPECT_EQ(call("sock_accept", 0, 0, 8), Errno::NotASocket);
  EXPECT_EQ(call("sock_recv", 0, 0, 0, 0, 8, 12), Errno::NotASocket);
  EXPECT_EQ(call("sock_send", 0, 0, 0, 0, 8), Errno::NotASocket);
}

TEST_F(Preview1, TellsTheTime) {
  EXPECT_EQ(call("clock_time_get", 1, 0, 8), Errno::Success);
  EXPECT_EQ(at<u64>(8), 1'001'000u);
  EXPECT_EQ(call("clock_res_get", 0, 8), Errno::Success);
  EXPECT_EQ(at<u64>(8), 7u);
  EXPECT_EQ(call("clock_time_get", 4, 0, 8), Errno::Invalid);
  EXPECT_EQ(call("clock_time_get", UINT32_MAX, 0, 8), Errno::Invalid);
}

TEST_F(Preview1, DescriptorCalls) {
  EXPECT_EQ(call("fd_fdstat_get", 0, 8), Errno::Success);
  EXPECT_EQ(at<u8>(8), 2u);
  EXPECT_EQ(at<u64>(16), rights::write);
  EXPECT_EQ(call("fd_fdstat_get", 3, 8), Errno::BadDescriptor);
  EXPECT_EQ(call("fd_close", 2), Errno::Success);
  EXPECT_EQ(call("fd_close", 9), Errno::BadDescriptor);
  EXPECT_THAT(host_.closed, ElementsAre(2));
  EXPECT_EQ(call("fd_seek", 1, 42, 0, 8), Errno::Success);
  EXPECT_EQ(at<u64>(8), 42u);
  EXPECT_EQ(call("fd_seek", 1, 42, 3, 8), Errno::Invalid);
  EXPECT_EQ(call("fd_seek", 0, 42, 0, 8), Errno::NotSeekable);
  EXPECT_EQ(call("fd_tell", 1, 8), Errno::Success);
  EXPECT_EQ(at<u64>(8), 0u);
}

TEST_F(Preview1, TellsTheGivenDirectories) {
  EXPECT_EQ(call("fd_prestat_get", 3, 8), Errno::Success);
  EXPECT_EQ(at<u8>(8), 0u);
  EXPECT_EQ(at<u32>(12), 4u);
  EXPECT_EQ(call("fd_prestat_dir_name", 3, 100, 4), Errno::Success);
  EXPECT_EQ(text_at(100), "/dir");
  EXPECT_EQ(call("fd_prestat_dir_name", 3, 100, 3), Errno::NameTooLong);
  EXPECT_EQ(call("fd_prestat_get", 4, 8), Errno::BadDescriptor);
  EXPECT_EQ(call("fd_prestat_dir_name", 4, 8, 8), Errno::BadDescriptor);
}

/// Each pointer of each call: at the edges of the memory, just behind it, and where the end wraps.
TEST_F(Preview1, EveryPointerIsChecked) {
  struct Pointer {
    std::string_view what;
    u32 size;  // of what it points to
    std::function<Errno(u32)> call;
  };
  auto const transfer = [&](u32 list, u32 count, u32 result) {
    auto const request = TransferRequest::decode(waiting({1, list, count, result}));
    return request ? request->finish(0) : request.error();
  };
  auto const poll = [&](u32 in, u32 out, u32 count, u32 result) {
    auto const request = PollRequest::decode(waiting({in, out, count, result}), host_);
    return request ? Errno::Success : request.error();
  };
  Pointer const pointers[] = {
      {"args_get pointers", 12, [&](u32 at) { return call("args_get", at, 100); }},
      {"args_get buffer", 16, [&](u32 at) { return call("args_get", 100, at); }},
      {"args_sizes_get count", 4, [&](u32 at) { return call("args_sizes_get", at, 100); }},
      {"args_sizes_get size", 4, [&](u32 at) { return call("args_sizes_get", 100, at); }},
      {"environ_get pointers", 4, [&](u32 at) { return call("environ_get", at, 100); }},
      {"environ_get buffer", 4, [&](u32 at) { return call("environ_get", 100, at); }},
      {"environ_sizes_get count", 4, [&](u32 at) { return call("environ_sizes_get", at, 100); }},
      {"environ_sizes_get size", 4, [&](u32 at) { return call("environ_sizes_get", 100, at); }},
      {"clock_res_get", 8, [&](u32 at) { return call("clock_res_get", 0, at); }},
      {"clock_time_get", 8, [&](u32 at) { return call("clock_time_get", 0, 0, at); }},
      {"fd_fdstat_get", 24, [&](u32 at) { return call("fd_fdstat_get", 0, at); }},
      {"fd_seek", 8, [&](u32 at) { return call("fd_seek", 1, 0, 0, at); }},
      {"fd_tell", 8, [&](u32 at) { return call("fd_tell", 1, at); }},
      {"fd_prestat_get", 8, [&](u32 at) { return call("fd_prestat_get", 3, at); }},
      {"fd_prestat_dir_name", 4, [&](u32 at) { return call("fd_prestat_dir_name", 3, at, 4); }},
      {"fd_write list", 16, [&](u32 at) { return transfer(at, 2, 100); }},
      {"fd_write result", 4, [&](u32 at) { return transfer(0, 0, at); }},
      {"random_get", 32,
       [&](u32 at) {
         auto const request = RandomRequest::decode(waiting({at, 32}));
         return request ? Errno::Success : request.error();
       }},
      {"poll_oneoff in", 96, [&](u32 at) { return poll(at, 1000, 2, 100); }},
      {"poll_oneoff out", 64, [&](u32 at) { return poll(1000, at, 2, 100); }},
      {"poll_oneoff result", 4, [&](u32 at) { return poll(1000, 2000, 1, at); }},
  };
  auto const clear = [&] {
    auto const all = *memory().span(0, memory_size);
    std::ranges::fill(all, 0);
  };
  for (auto const& [what, size, call_with] : pointers) {
    clear();
    EXPECT_EQ(call_with(0), Errno::Success) << what;
    clear();
    EXPECT_EQ(call_with(memory_size - size), Errno::Success) << what << ": last that fits";
    clear();
    for (u32 const bad : {memory_size - size + 1, memory_size - 1, memory_size, u32{1} << 31,
                          UINT32_MAX - size + 1, UINT32_MAX - size + 2, UINT32_MAX})
      EXPECT_EQ(call_with(bad), Errno::Fault) << what << " at " << bad;
  }
}

TEST_F(Preview1, BuffersAreCheckedOneByOne) {
  auto const put = [&](u32 index, Iovec iovec) { ASSERT_TRUE(store(memory(), index * 8, iovec)); };
  auto const decode = [&](u32 count) {
    auto const request = TransferRequest::decode(waiting({1, 0, count, 100}));
    return request ? Errno::Success : request.error();
  };
  put(0, {1000, 10});
  put(1, {0, 0});
  put(2, {memory_size - 5, 5});
  EXPECT_EQ(decode(3), Errno::Success);
  for (Iovec const bad :
       {Iovec{memory_size - 5, 6}, Iovec{memory_size, 1}, Iovec{UINT32_MAX, 1},
        Iovec{UINT32_MAX, UINT32_MAX}, Iovec{1, UINT32_MAX}, Iovec{memory_size + 1, 0}}) {
    put(2, bad);
    EXPECT_EQ(decode(3), Errno::Fault) << bad.address << " " << bad.size;
  }
  EXPECT_EQ(decode(Buffers::max_count + 1), Errno::Invalid);
  EXPECT_EQ(decode(UINT32_MAX), Errno::Invalid);
}

TEST_F(Preview1, BuffersComeInOrderWithoutTheEmptyOnes) {
  for (u32 i = 0; i < 4; ++i)
    ASSERT_TRUE(store(memory(), i * 8, Iovec{1000 + i * 100, i % 2 == 0 ? 0 : i * 10}));
  auto request = TransferRequest::decode(waiting({7, 0, 4, 100}));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->descriptor(), 7u);
  auto const first = request->buffers().next();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->data(), memory().span(1100, 10)->data());
  EXPECT_EQ(first->size(), 10u);
  EXPECT_EQ(request->buffers().next()->size(), 30u);
  EXPECT_FALSE(request->buffers().next());
  EXPECT_EQ(request->finish(40), Errno::Success);
  EXPECT_EQ(at<u32>(100), 40u);
}

/// A guest reads into its own list of buffers: what is written there is checked like the rest.
TEST_F(Preview1, AListThatChangesMeanwhileGivesNothingOutside) {
  ASSERT_TRUE(store(memory(), 0, Iovec{8, 8}));
  ASSERT_TRUE(store(memory(), 8, Iovec{1000, 8}));
  auto request = TransferRequest::decode(waiting({0, 0, 2, 100}));
  ASSERT_TRUE(request);
  auto const first = request->buffers().next();
  ASSERT_TRUE(first);
  std::ranges::fill(*first, 0xff);
  EXPECT_FALSE(request->buffers().next());
}

TEST_F(Preview1, BuffersMayNotAddUpToMoreThanASizeCanCount) {
  auto* const large = *store_.add_memory({{1024, 1024}});
  instance_->memories[0] = large;
  for (u32 i = 0; i < 65; ++i) ASSERT_TRUE(store(memory(), i * 8, Iovec{0, 64u << 20}));
  EXPECT_TRUE(TransferRequest::decode(waiting({1, 0, 63, 1000})));
  EXPECT_EQ(TransferRequest::decode(waiting({1, 0, 65, 1000})).error(), Errno::Invalid);
}

class Poll : public Preview1 {
 protected:
  static constexpr u32 events = 8192;
  void subscribe(u32 index, Subscription subscription) {
    ASSERT_TRUE(store(memory(), index * u32{sizeof(Subscription)}, subscription));
  }
  Result<PollRequest> decode(u32 count) {
    return PollRequest::decode(waiting({0, events, count, 8000}), host_);
  }
  Event event(u32 index) { return at<Event>(events + index * u32{sizeof(Event)}); }
};

TEST_F(Poll, WaitsForTheFirstClock) {
  subscribe(0, {.user_data = 11, .clock = 1, .timeout = 500});
  subscribe(1, {.user_data = 22, .clock = 1, .timeout = 300});
  auto const request = decode(2);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->wait_ns(host_), 300u);
  host_.now += 299;
  EXPECT_EQ(request->wait_ns(host_), 1u);
  host_.now += 1;
  EXPECT_EQ(request->wait_ns(host_), 0u);
  EXPECT_EQ(request->finish(host_), Errno::Success);
  EXPECT_EQ(at<u32>(8000), 1u);
  EXPECT_EQ(event(0).user_data, 22u);
  EXPECT_EQ(event(0).error, Errno::Success);
}

TEST_F(Poll, KnowsTimesOfAClock) {
  subscribe(0, {.clock = 0, .timeout = 5000, .flags = Subscription::absolute});
  EXPECT_EQ(decode(1)->wait_ns(host_), 4000u);
  subscribe(0, {.clock = 0, .timeout = 10, .flags = Subscription::absolute});
  EXPECT_EQ(decode(1)->wait_ns(host_), 0u);
  subscribe(0, {.clock = 0, .timeout = UINT64_MAX});
  EXPECT_EQ(decode(1)->wait_ns(host_), UINT64_MAX);
}

TEST_F(Poll, DescriptorsAreReadyAndErrorsAreEvents) {
  subscribe(0, {.user_data = 1, .clock = 1, .timeout = 1000});
  subscribe(1, {.user_data = 2, .type = EventType::DescriptorRead, .clock = 0});
  subscribe(2, {.user_data = 3, .type = EventType::DescriptorWrite, .clock = 77});
  subscribe(3, {.user_data = 4, .clock = 2});
  subscribe(4, {.user_data = 5, .clock = 9});
  subscribe(5, {.user_data = 6, .type = EventType{200}});
  auto const request = decode(6);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->wait_ns(host_), 0u);
  EXPECT_EQ(request->finish(host_), Errno::Success);
  EXPECT_EQ(at<u32>(8000), 5u);
  std::vector<std::pair<u64, Errno>> seen;
  for (u32 i = 0; i < 5; ++i) seen.emplace_back(event(i).user_data, event(i).error);
  EXPECT_THAT(seen, ElementsAre(std::pair(2u, Errno::Success), std::pair(3u, Errno::BadDescriptor),
                                std::pair(4u, Errno::NotSupported), std::pair(5u, Errno::Invalid),
                                std::pair(6u, Errno::Invalid)));
}

TEST_F(Poll, NothingOrTooMuchIsInvalid) {
  EXPECT_EQ(decode(0).error(), Errno::Invalid);
  EXPECT_EQ(decode(PollRequest::max_subscriptions + 1).error(), Errno::Invalid);
  EXPECT_EQ(decode(UINT32_MAX).error(), Errno::Invalid);
}

TEST_F(Poll, EventsOverSubscriptionsStayInside) {
  for (u32 i = 0; i < 8; ++i) subscribe(i, {.user_data = i, .clock = 1});
  auto const request = PollRequest::decode(waiting({0, 0, 8, 8000}), host_);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->finish(host_), Errno::Success);
}

TEST_F(Preview1, DefinesOnlyWhatIsImported) {
  // (import "wasi_snapshot_preview1" "fd_close" (func (param i32) (result i32))), twice, and of
  // another module.
  std::vector<u8> bytes{0, 'a', 's', 'm', 1, 0, 0, 0, 1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f};
  std::vector<u8> imports{3};
  for (std::string_view const from :
       {preview1_module, preview1_module, std::string_view("other")}) {
    imports.push_back(static_cast<u8>(from.size()));
    imports.insert(imports.end(), from.begin(), from.end());
    std::string_view const name = "fd_close";
    imports.push_back(static_cast<u8>(name.size()));
    imports.insert(imports.end(), name.begin(), name.end());
    imports.insert(imports.end(), {0, 0});
  }
  bytes.push_back(2);
  bytes.push_back(static_cast<u8>(imports.size()));
  bytes.insert(bytes.end(), imports.begin(), imports.end());
  auto const module = wasm::load(bytes);
  ASSERT_TRUE(module);
  wasm::Linker linker(store_);
  ASSERT_TRUE(define_preview1_for({module->imports.data(), module->imports.size()}, linker, host_));
  EXPECT_TRUE(linker.find(preview1_module, "fd_close"));
  EXPECT_FALSE(linker.find(preview1_module, "fd_read"));
  EXPECT_FALSE(linker.find("other", "fd_close"));
}

TEST(Preview1Memory, EveryFailedAllocationIsAValue) {
  FakeHost host;
  tools::HostedPlatform platform;
  wasm::Interpreter interpreter;
  int failures = 0;
  auto const tried = test::fail_each_allocation([&] {
    wasm::Store store(platform, interpreter);
    wasm::Linker linker(store);
    if (!define_preview1(linker, host)) ++failures;
  });
  EXPECT_EQ(static_cast<base::u64>(failures), tried);
  EXPECT_GT(tried, preview1_functions);
}

TEST(WaitingCalls, HaveIdsOfTheirOwn) {
  for (auto const call : {WaitingCall::Read, WaitingCall::Write, WaitingCall::Poll,
                          WaitingCall::Yield, WaitingCall::Random, WaitingCall::Exit})
    EXPECT_EQ(waiting_call_of(host_call_id(call)), call);
  EXPECT_FALSE(waiting_call_of({first_host_call - 1}));
  EXPECT_FALSE(waiting_call_of({host_call_id(WaitingCall::Exit).value + 1}));
}

}  // namespace
}  // namespace nacre::wasi
