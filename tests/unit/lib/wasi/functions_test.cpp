#include "lib/wasi/functions.hpp"

#include <gmock/gmock.h>

#include "tests/support/failing_allocator.hpp"
#include "tests/unit/lib/wasi/fakes.hpp"

namespace nacre::wasi {
namespace {

using testing::ElementsAre;

using Functions = test::WasiTest;

TEST_F(Functions, AreAllThereWithTheirSignatures) {
  // [wasi/preview1: "Functions"], with the types of the parameters: i is of 32 bits, I of 64.
  std::pair<std::string_view, std::string_view> const expected[] = {
      {"args_get", "ii"},
      {"args_sizes_get", "ii"},
      {"environ_get", "ii"},
      {"environ_sizes_get", "ii"},
      {"clock_res_get", "ii"},
      {"clock_time_get", "iIi"},
      {"fd_advise", "iIIi"},
      {"fd_allocate", "iII"},
      {"fd_close", "i"},
      {"fd_datasync", "i"},
      {"fd_fdstat_get", "ii"},
      {"fd_fdstat_set_flags", "ii"},
      {"fd_fdstat_set_rights", "iII"},
      {"fd_filestat_get", "ii"},
      {"fd_filestat_set_size", "iI"},
      {"fd_filestat_set_times", "iIIi"},
      {"fd_pread", "iiiIi"},
      {"fd_prestat_get", "ii"},
      {"fd_prestat_dir_name", "iii"},
      {"fd_pwrite", "iiiIi"},
      {"fd_read", "iiii"},
      {"fd_readdir", "iiiIi"},
      {"fd_renumber", "ii"},
      {"fd_seek", "iIii"},
      {"fd_sync", "i"},
      {"fd_tell", "ii"},
      {"fd_write", "iiii"},
      {"path_create_directory", "iii"},
      {"path_filestat_get", "iiiii"},
      {"path_filestat_set_times", "iiiiIIi"},
      {"path_link", "iiiiiii"},
      {"path_open", "iiiiiIIii"},
      {"path_readlink", "iiiiii"},
      {"path_remove_directory", "iii"},
      {"path_rename", "iiiiii"},
      {"path_symlink", "iiiii"},
      {"path_unlink_file", "iii"},
      {"poll_oneoff", "iiii"},
      {"proc_exit", "i"},
      {"proc_raise", "i"},
      {"random_get", "ii"},
      {"sched_yield", ""},
      {"sock_accept", "iii"},
      {"sock_recv", "iiiiii"},
      {"sock_send", "iiiii"},
      {"sock_shutdown", "ii"}};
  ASSERT_EQ(std::size(expected), preview1_functions);
  for (usize i = 0; i < preview1_functions; ++i) {
    auto const& [name, types] = expected[i];
    EXPECT_EQ(functions()[i].name, name);
    std::string seen;
    for (wasm::ValueType const type : functions()[i].parameters)
      seen += type == wasm::ValueType::I32 ? 'i' : 'I';
    EXPECT_EQ(seen, types) << name;
    for (Version const version : {Version::Preview1, Version::Unstable}) {
      auto const found = linker_.find(module_of(version), name);
      if (version == Version::Unstable && name == "sock_accept") {
        EXPECT_FALSE(found);
        continue;
      }
      ASSERT_TRUE(found) << name;
      auto const& function = *std::get<wasm::FunctionInstance*>(*found);
      EXPECT_EQ(function.parameter_slots, types.size()) << name;
      EXPECT_EQ(function.result_slots, name == "proc_exit" ? 0 : 1) << name;
    }
  }
}

TEST_F(Functions, HaveIdsOfTheirOwn) {
  EXPECT_EQ(called({first_host_call - 1}).function, nullptr);
  EXPECT_EQ(called({first_host_call}).function, &functions()[0]);
  EXPECT_EQ(called({first_host_call + 45}).version, Version::Preview1);
  EXPECT_EQ(called({first_host_call + 46}).function, &functions()[0]);
  EXPECT_EQ(called({first_host_call + 91}).version, Version::Unstable);
  EXPECT_EQ(called({first_host_call + 92}).function, nullptr);
  EXPECT_EQ(called({UINT32_MAX}).function, nullptr);
}

TEST_F(Functions, OnlyWhatIsImportedIsDefined) {
  // (import MODULE "fd_close" (func (param i32) (result i32))) for each of four modules, of which
  // the first comes twice.
  std::vector<u8> bytes{0, 'a', 's', 'm', 1, 0, 0, 0, 1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f};
  std::vector<u8> imports{4};
  for (std::string_view const from :
       {"wasi_snapshot_preview1", "wasi_snapshot_preview1", "wasi_unstable", "other"}) {
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
  ASSERT_TRUE(define_for({module->imports.data(), module->imports.size()}, linker, system_));
  EXPECT_TRUE(linker.find("wasi_snapshot_preview1", "fd_close"));
  EXPECT_TRUE(linker.find("wasi_unstable", "fd_close"));
  EXPECT_FALSE(linker.find("wasi_snapshot_preview1", "fd_read"));
  EXPECT_FALSE(linker.find("other", "fd_close"));
}

TEST_F(Functions, EveryFailedAllocationIsAValue) {
  int failures = 0;
  auto const tried = nacre::test::fail_each_allocation([&] {
    wasm::Store store(platform_, interpreter_);
    wasm::Linker linker(store);
    if (!define_all(linker, system_)) ++failures;
  });
  EXPECT_EQ(static_cast<u64>(failures), tried);
  EXPECT_GT(tried, preview1_functions);
}

}  // namespace
}  // namespace nacre::wasi
