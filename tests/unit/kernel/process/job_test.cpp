#include "kernel/process/job.hpp"

#include <gmock/gmock.h>

#include "kernel/fs/tmp_file_system.hpp"
#include "kernel/process/file_bytes.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/support/module_builder.hpp"
#include "tests/unit/kernel/process/fakes.hpp"

namespace nacre::process {
namespace {

using namespace nacre::test::module;
using testing::HasSubstr;

std::string as_text(const Bytes& bytes) {
  auto const span = bytes.span();
  return {span.begin(), span.end()};
}

/// Exits with the size of its arguments and environment in bytes.
Bytes sizes() {
  ModuleBuilder module;
  constexpr std::string_view wasi = "wasi_snapshot_preview1";
  u32 const exit = module.import_function(wasi, "proc_exit", {i32_type}, {});
  u32 const arguments =
      module.import_function(wasi, "args_sizes_get", {i32_type, i32_type}, {i32_type});
  u32 const environment =
      module.import_function(wasi, "environ_sizes_get", {i32_type, i32_type}, {i32_type});
  module.memory(1);
  module.entry(i32_const(0) + i32_const(4) + call(arguments) + drop + i32_const(0) + i32_const(8) +
               call(environment) + drop + i32_const(4) + i32_load + i32_const(8) + i32_load +
               i32_add + call(exit));
  return module.build();
}

class JobTest : public testing::Test {
 protected:
  JobTest() {
    large.resize(200'000);
    for (usize i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 31 >> 4);
    auto const run = *files->create(files->root(), "run", fs::NodeType::Directory);
    static_cast<void>(files->create(run, "folder", fs::NodeType::Directory));
    put(run, "app.wasm", as_text(sizes()));
    put(files->root(), "large", large);
  }
  void put(fs::NodeId directory, std::string_view name, std::string_view text) {
    auto const file = *files->create(directory, name, fs::NodeType::File);
    auto const* const bytes = static_cast<const u8*>(static_cast<const void*>(text.data()));
    EXPECT_TRUE(*files->write_now(file, 0, {bytes, text.size()}));
  }
  int run_job_text(std::string_view text) {
    auto const job = hostlink::parse_job(text);
    EXPECT_TRUE(job);
    StandardStreams const streams{&machine.input, &machine.output, &machine.error};
    auto const result = machine.finish(run_job(machine.services, vfs, *job, streams));
    return result && *result ? (*result)->code : -1;
  }

  std::string large;
  fs::TmpFileSystem* files = fs::TmpFileSystem::create({})->release();
  fs::Vfs vfs = *fs::Vfs::create(base::Box<fs::FileSystem>(files));
  test::Machine machine;
};

TEST_F(JobTest, RunsItsProgramWithItsArguments) {
  using namespace std::string_view_literals;
  EXPECT_EQ(run_job_text("program=/run/app.wasm\0arg=app.wasm\0arg=x y\0env=A=B\0cwd=/\0"sv),
            9 + 4 + 4);
}

TEST_F(JobTest, FilesThatCannotBeRunAreTold) {
  using namespace std::string_view_literals;
  EXPECT_EQ(run_job_text("program=/run/none.wasm\0arg=none\0"sv), 127);
  EXPECT_EQ(machine.error.text, "none: no such file or directory\n");
  machine.error.text.clear();
  EXPECT_EQ(run_job_text("program=/run/folder\0"sv), 126);
  EXPECT_THAT(machine.error.text, HasSubstr("folder: is a directory\n"));
  machine.error.text.clear();
  EXPECT_EQ(run_job_text("program=/large\0"sv), 126);
  EXPECT_THAT(machine.error.text, HasSubstr("large: not a WebAssembly module: "));
}

/// What a program can be changed by is never run where it lies.
TEST_F(JobTest, ReadsWholeFilesAsACopy) {
  auto const read = machine.finish(FileBytes::read(vfs, vfs.root(), "/large"));
  ASSERT_TRUE(read && *read);
  EXPECT_EQ((*read)->text(), large);
}

TEST_F(JobTest, EveryFailedAllocationIsAValue) {
  using namespace std::string_view_literals;
  auto const job = hostlink::parse_job("program=/run/app.wasm\0arg=app.wasm\0"sv);
  int succeeded = 0;
  nacre::test::fail_each_allocation([&] {
    auto const result = machine.finish(
        run_job(machine.services, vfs, *job, {&machine.input, &machine.output, &machine.error}));
    succeeded += result && *result && (*result)->code == 9;
    EXPECT_TRUE(machine.processes.empty());
  });
  EXPECT_GE(succeeded, 1);
}

}  // namespace
}  // namespace nacre::process
