// What the file system in memory costs: writing and reading beside plain copying, and operations
// on a directory by how much is in it. Times of `create`, `list`, `look_up` and `remove` are for
// each file; they should not depend on how many there are.
#include <benchmark/benchmark.h>
#include <initializer_list>
#include <string>
#include <utility>

#include "tests/bench/hosted/files.hpp"

namespace nacre::bench {
namespace {

constexpr std::size_t file_size = 16 << 20;

void register_transfer(const char* name, void (*transfer)(std::size_t piece)) {
  for (std::size_t const piece : {std::size_t{4096}, std::size_t{65536}, std::size_t{1} << 20}) {
    auto const run = [transfer, piece](benchmark::State& state) {
      files::make();
      files::write_file(file_size, piece, true);
      for (auto iteration : state) {
        static_cast<void>(iteration);
        transfer(piece);
        benchmark::ClobberMemory();
      }
      state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(file_size));
    };
    std::string const full = std::string(name) + '/' + std::to_string(piece);
    benchmark::RegisterBenchmark(full.c_str(), run)->Unit(benchmark::kMillisecond);
  }
}

/// Measures `work` on a directory with `count` files; `before` and `after` are not measured.
template <class Before, class Work, class After>
void register_directory(const char* name, Before before, Work work, After after) {
  for (std::size_t const count : std::initializer_list<std::size_t>{100, 1000, 10000, 100000}) {
    auto const run = [=](benchmark::State& state) {
      files::make();
      std::size_t done = 0;
      for (auto iteration : state) {
        static_cast<void>(iteration);
        state.PauseTiming();
        before(count);
        state.ResumeTiming();
        done += work(count);
        state.PauseTiming();
        after(count);
        state.ResumeTiming();
      }
      state.counters["per_file"] = benchmark::Counter(
          static_cast<double>(done), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    };
    std::string const full = std::string(name) + '/' + std::to_string(count);
    benchmark::RegisterBenchmark(full.c_str(), run)->Unit(benchmark::kMicrosecond);
  }
}

}  // namespace
}  // namespace nacre::bench

int main(int count, char** arguments) {
  using namespace nacre::bench;
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 2;
  register_transfer("copy", [](std::size_t piece) { files::copy_memory(file_size, piece); });
  register_transfer("write", [](std::size_t piece) { files::write_file(file_size, piece, false); });
  register_transfer("write_fresh",
                    [](std::size_t piece) { files::write_file(file_size, piece, true); });
  register_transfer("read", [](std::size_t piece) { files::read_file(file_size, piece); });

  auto const nothing = [](std::size_t) {};
  auto const remove_all = [](std::size_t files) { files::remove_files(files, 1); };
  register_directory(
      "create", nothing,
      [](std::size_t files) {
        files::create_files(files);
        return files;
      },
      remove_all);
  register_directory(
      "list", files::create_files, [](std::size_t) { return files::list_files(); }, remove_all);
  // As a program that goes through a listing does, and all over the place, out of every cache.
  using Order = std::pair<std::string, std::size_t>;
  for (auto const& [order, stride] : {Order("", 1), Order("_anywhere", 7919)}) {
    register_directory(("look_up" + order).c_str(), files::create_files,
                       [stride](std::size_t files) {
                         files::look_up_files(files, 100'000, stride);
                         return std::size_t{100'000};
                       },
                       remove_all);
    register_directory(("remove" + order).c_str(), files::create_files,
                       [stride](std::size_t files) {
                         files::remove_files(files, stride);
                         return files;
                       },
                       nothing);
  }
  benchmark::RegisterBenchmark("free/1GiB",
                               [](benchmark::State& state) {
                                 files::make();
                                 for (auto iteration : state) {
                                   static_cast<void>(iteration);
                                   state.PauseTiming();
                                   files::fill_file(std::size_t{1} << 30);
                                   state.ResumeTiming();
                                   files::free_file();
                                 }
                               })
      ->Unit(benchmark::kMillisecond)
      ->Iterations(3);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
