#include <gmock/gmock.h>

#include "tests/unit/lib/wasi/fakes.hpp"

namespace nacre::wasi {
namespace {

/// One pointer of one call: the call's arguments, of which `which` points to `size` bytes.
struct Pointer {
  std::string_view call;
  std::vector<wasm::Slot> arguments;
  usize which;
  u32 size;
  /// What the call says where everything is as it should be.
  Errno otherwise = Errno::Success;
};

// Descriptors of the test, and places that its calls may use.
constexpr u32 stream = 0;
constexpr u32 file = 1;
constexpr u32 directory = 2;
constexpr u32 given = 3;
constexpr u32 here = 1024;
constexpr u32 there = 2048;

class Pointers : public test::WasiTest {
 protected:
  void SetUp() override {
    WasiTest::SetUp();
    add_stream();
    add_file();
    directory_ = &add_directory();
    ASSERT_TRUE(system_.add_preopened(std::make_unique<test::FakeDirectory>(log_), "/dir"));
  }

  Errno call_at(const Pointer& pointer, u32 address) {
    directory_->next_opened = std::make_unique<test::FakeFile>();
    auto const all = *memory().span(0, memory_size);
    std::ranges::fill(all, 0);
    auto arguments = pointer.arguments;
    arguments[pointer.which] = address;
    Errno const answer = call_with(Version::Preview1, pointer.call, arguments);
    static_cast<void>(system_.descriptors.close(given + 1));  // What was opened.
    return answer;
  }

  test::FakeDirectory* directory_ = nullptr;
};

/// Every pointer of every call that has one. Lists of buffers and subscriptions are of zeros: two
/// empty buffers, and clocks that have come to their time.
std::vector<Pointer> all_pointers() {
  return {
      {"args_get", {0, there}, 0, 12},
      {"args_get", {here, 0}, 1, 16},
      {"args_sizes_get", {0, there}, 0, 4},
      {"args_sizes_get", {here, 0}, 1, 4},
      {"environ_get", {0, there}, 0, 4},
      {"environ_get", {here, 0}, 1, 4},
      {"environ_sizes_get", {0, there}, 0, 4},
      {"environ_sizes_get", {here, 0}, 1, 4},
      {"clock_res_get", {0, 0}, 1, 8},
      {"clock_time_get", {0, 0, 0}, 2, 8},
      {"fd_fdstat_get", {file, 0}, 1, 24},
      {"fd_filestat_get", {file, 0}, 1, 64},
      {"fd_pread", {file, 0, 2, 0, there}, 1, 16},
      {"fd_pread", {file, here, 2, 0, 0}, 4, 4},
      {"fd_prestat_get", {given, 0}, 1, 8},
      {"fd_prestat_dir_name", {given, 0, 4}, 1, 4},
      {"fd_pwrite", {file, 0, 2, 0, there}, 1, 16},
      {"fd_pwrite", {file, here, 2, 0, 0}, 4, 4},
      {"fd_read", {file, 0, 2, there}, 1, 16},
      {"fd_read", {file, here, 2, 0}, 3, 4},
      {"fd_readdir", {directory, 0, 100, 0, there}, 1, 100},
      {"fd_readdir", {directory, here, 100, 0, 0}, 4, 4},
      {"fd_seek", {file, 0, 0, 0}, 3, 8},
      {"fd_tell", {file, 0}, 1, 8},
      {"fd_write", {stream, 0, 2, there}, 1, 16},
      {"fd_write", {stream, here, 2, 0}, 3, 4},
      {"path_create_directory", {directory, 0, 10}, 1, 10},
      {"path_filestat_get", {directory, 0, 0, 10, there}, 2, 10},
      {"path_filestat_get", {directory, 0, here, 10, 0}, 4, 64},
      {"path_filestat_set_times", {directory, 0, 0, 10, 0, 0, 0}, 2, 10},
      {"path_link", {directory, 0, 0, 10, directory, there, 10}, 2, 10},
      {"path_link", {directory, 0, here, 10, directory, 0, 10}, 5, 10},
      {"path_open", {directory, 0, 0, 10, 0, 0, 0, 0, there}, 2, 10},
      {"path_open", {directory, 0, here, 10, 0, 0, 0, 0, 0}, 8, 4},
      {"path_readlink", {directory, 0, 10, there, 16, 3000}, 1, 10},
      {"path_readlink", {directory, here, 10, 0, 16, 3000}, 3, 16},
      {"path_readlink", {directory, here, 10, there, 16, 0}, 5, 4},
      {"path_remove_directory", {directory, 0, 10}, 1, 10},
      {"path_rename", {directory, 0, 10, directory, there, 10}, 1, 10},
      {"path_rename", {directory, here, 10, directory, 0, 10}, 4, 10},
      {"path_symlink", {0, 10, directory, there, 10}, 0, 10},
      {"path_symlink", {here, 10, directory, 0, 10}, 3, 10},
      {"path_unlink_file", {directory, 0, 10}, 1, 10},
      {"poll_oneoff", {0, 4096, 2, there}, 0, 96},
      {"poll_oneoff", {4096, 0, 2, there}, 1, 64},
      {"poll_oneoff", {4096, here, 2, 0}, 3, 4},
      {"random_get", {0, 32}, 0, 32},
  };
}

/// Pointers of calls that never look at them: nothing is a socket.
std::vector<Pointer> unused_pointers() {
  return {
      {"sock_accept", {stream, 0, 0}, 2, 4, Errno::NotASocket},
      {"sock_recv", {stream, 0, 2, 0, here, there}, 1, 16, Errno::NotASocket},
      {"sock_recv", {stream, here, 2, 0, 0, there}, 4, 4, Errno::NotASocket},
      {"sock_recv", {stream, here, 2, 0, there, 0}, 5, 2, Errno::NotASocket},
      {"sock_send", {stream, 0, 2, 0, there}, 1, 16, Errno::NotASocket},
      {"sock_send", {stream, here, 2, 0, 0}, 4, 4, Errno::NotASocket},
  };
}

/// At both edges of the memory, just behind it, where the end wraps around, and at the last address
/// that there is. A byte outside of the memory cannot be touched unnoticed: nothing is mapped
/// there.
TEST_F(Pointers, AreAllChecked) {
  for (Pointer const& pointer : all_pointers()) {
    u32 const size = pointer.size;
    auto const where = testing::Message() << pointer.call << " argument " << pointer.which;
    EXPECT_EQ(call_at(pointer, 0), Errno::Success) << where;
    EXPECT_EQ(call_at(pointer, memory_size - size), Errno::Success) << where << ": last that fits";
    for (u32 const bad : {memory_size - size + 1, memory_size - 1, memory_size, u32{1} << 31,
                          UINT32_MAX - size + 1, UINT32_MAX - size + 2, UINT32_MAX})
      EXPECT_EQ(call_at(pointer, bad), Errno::Fault) << where << " at " << bad;
  }
}

TEST_F(Pointers, FailingCallsDoNothingBefore) {
  for (Pointer const& pointer : all_pointers()) {
    log_.clear();
    call_at(pointer, UINT32_MAX);
    EXPECT_TRUE(log_.empty()) << pointer.call << " argument " << pointer.which;
  }
}

TEST_F(Pointers, ThatNobodyUsesMayBeAnything) {
  for (Pointer const& pointer : unused_pointers())
    for (u32 const address : {0u, memory_size - 1, memory_size, UINT32_MAX})
      EXPECT_EQ(call_at(pointer, address), pointer.otherwise) << pointer.call;
}

/// Sizes that reach beyond the memory, or around its end.
TEST_F(Pointers, SizesAreChecked) {
  struct Sized {
    std::string_view call;
    std::vector<wasm::Slot> arguments;
    usize which;
  };
  std::vector<Sized> const all{
      {"fd_prestat_dir_name", {given, memory_size - 4, 4}, 2},
      {"fd_readdir", {directory, here, 0, 0, there}, 2},
      {"path_create_directory", {directory, here, 0}, 2},
      {"path_filestat_get", {directory, 0, here, 0, there}, 3},
      {"path_filestat_set_times", {directory, 0, here, 0, 0, 0, 0}, 3},
      {"path_link", {directory, 0, here, 0, directory, there, 1}, 3},
      {"path_link", {directory, 0, here, 1, directory, there, 0}, 6},
      {"path_open", {directory, 0, here, 0, 0, 0, 0, 0, there}, 3},
      {"path_readlink", {directory, here, 0, there, 1, 3000}, 2},
      {"path_readlink", {directory, here, 1, there, 0, 3000}, 4},
      {"path_remove_directory", {directory, here, 0}, 2},
      {"path_rename", {directory, here, 0, directory, there, 1}, 2},
      {"path_rename", {directory, here, 1, directory, there, 0}, 5},
      {"path_symlink", {here, 0, directory, there, 1}, 1},
      {"path_symlink", {here, 1, directory, there, 0}, 4},
      {"path_unlink_file", {directory, here, 0}, 2},
      {"random_get", {here, 0}, 1},
  };
  for (Sized const& sized : all) {
    // Of a name that fits, no more is written than it has.
    if (sized.call == "fd_prestat_dir_name") {
      EXPECT_EQ(call_with(Version::Preview1, sized.call, {given, memory_size - 4, UINT32_MAX}),
                Errno::Success);
      continue;
    }
    for (u32 const bad : {memory_size - here + 1, memory_size, u32{1} << 31, UINT32_MAX - here,
                          UINT32_MAX - there, UINT32_MAX}) {
      auto arguments = sized.arguments;
      arguments[sized.which] = bad;
      EXPECT_EQ(call_with(Version::Preview1, sized.call, arguments), Errno::Fault)
          << sized.call << " argument " << sized.which << ": " << bad;
    }
  }
}

/// A program without a memory can call everything, too.
TEST_F(Pointers, ToNoMemoryAreFaults) {
  instance_->memories.clear();
  for (Pointer const& pointer : all_pointers())
    EXPECT_EQ(call_with(Version::Preview1, pointer.call, pointer.arguments), Errno::Fault)
        << pointer.call;
}

}  // namespace
}  // namespace nacre::wasi
