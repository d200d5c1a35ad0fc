#include <gmock/gmock.h>

#include "tests/unit/lib/wasi/fakes.hpp"

/// What `wasi_unstable` has otherwise, at the addresses that its documentation says.
/// [wasi/snapshot0: "Types"]
namespace nacre::wasi {
namespace {

class Unstable : public test::WasiTest {
 protected:
  template <class... Arguments>
  Errno old_call(std::string_view name, Arguments... arguments) {
    return call_of(Version::Unstable, name, arguments...);
  }
};

TEST_F(Unstable, SeeksFromOtherNumbers) {
  test::FakeFile& file = add_file();
  file.data = "0123456789";
  file.position = 4;
  EXPECT_EQ(old_call("fd_seek", 0, 1, 0, 8), Errno::Success);
  EXPECT_EQ(at<u64>(8), 5u) << "0 is where it stands";
  EXPECT_EQ(old_call("fd_seek", 0, 1, 1, 8), Errno::Success);
  EXPECT_EQ(at<u64>(8), 11u) << "1 is the end";
  EXPECT_EQ(old_call("fd_seek", 0, 1, 2, 8), Errno::Success);
  EXPECT_EQ(at<u64>(8), 1u) << "2 is the start";
  EXPECT_EQ(old_call("fd_seek", 0, 1, 3, 8), Errno::Invalid);
  EXPECT_EQ(old_call("fd_tell", 0, 8), Errno::Success);
  EXPECT_EQ(at<u64>(8), 1u);
}

TEST_F(Unstable, CountsLinksIn32Bits) {
  add_file().data = "12345";
  put(64, u64{0x1122334455667788});
  EXPECT_EQ(old_call("fd_filestat_get", 0, 8), Errno::Success);
  EXPECT_EQ(at<u64>(8), 3u);
  EXPECT_EQ(at<u64>(16), 77u);
  EXPECT_EQ(at<u32>(24), 4u);
  EXPECT_EQ(at<u32>(28), 1u) << "links";
  EXPECT_EQ(at<u64>(32), 5u) << "size";
  EXPECT_EQ(at<u64>(40), 10u);
  EXPECT_EQ(at<u64>(48), 20u);
  EXPECT_EQ(at<u64>(56), 30u);
  EXPECT_EQ(at<u64>(64), 0x1122334455667788u) << "it ends before";
  EXPECT_EQ(old_call("fd_filestat_get", 0, memory_size - 56), Errno::Success);
  EXPECT_EQ(old_call("fd_filestat_get", 0, memory_size - 55), Errno::Fault);
  EXPECT_EQ(call("fd_filestat_get", 0, memory_size - 63), Errno::Fault);

  add_directory();
  EXPECT_EQ(old_call("path_filestat_get", 1, 0, path, put_path("a"), 8), Errno::Success);
  EXPECT_EQ(at<u64>(32), 9u);
}

TEST_F(Unstable, ClocksHaveANumberInFrontOfTheirId) {
  add_stream();
  // A clock.
  put(0, u64{11});
  put(8, u8{0});
  put(16, u64{99});
  put(24, u32{1});
  put(32, u64{500});
  put(48, u16{0});
  // A descriptor.
  put(56, u64{22});
  put(64, u8{2});
  put(72, u32{0});
  EXPECT_EQ(old_call("poll_oneoff", 0, 1000, 1, 900), test::WasiTest::pending);
  EXPECT_EQ(waited_ns_, 500u);
  EXPECT_EQ(old_call("poll_oneoff", 0, 1000, 2, 900), Errno::Success);
  EXPECT_EQ(at<u32>(900), 1u);
  EXPECT_EQ(at<Event>(1000).user_data, 22u);
  EXPECT_EQ(at<Event>(1000).type, EventType::DescriptorWrite);
  EXPECT_EQ(old_call("poll_oneoff", memory_size - 56, 1000, 1, 900), Errno::Success);
  EXPECT_EQ(old_call("poll_oneoff", memory_size - 55, 1000, 1, 900), Errno::Fault);
}

}  // namespace
}  // namespace nacre::wasi
