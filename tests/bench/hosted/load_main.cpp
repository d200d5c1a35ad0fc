// How fast modules are copied, decoded and validated. The names are `copy/MODULE` and so on; see
// `bench_load --help` for what Google Benchmark takes.
#include <benchmark/benchmark.h>
#include <string>

#include "tests/bench/hosted/load.hpp"

namespace nacre::bench {
namespace {

void measure_copy(benchmark::State& state, std::size_t module) {
  for (auto iteration : state) {
    static_cast<void>(iteration);
    copy_module(module);
    benchmark::ClobberMemory();
  }
}

void measure_decode(benchmark::State& state, std::size_t module) {
  for (auto iteration : state) {
    static_cast<void>(iteration);
    decode_module(module);
    state.PauseTiming();
    drop_decoded();
    state.ResumeTiming();
  }
}

void measure_validate(benchmark::State& state, std::size_t module) {
  bool valid = true;
  for (auto iteration : state) {
    static_cast<void>(iteration);
    state.PauseTiming();
    decode_module(module);
    state.ResumeTiming();
    valid = validate_decoded() && valid;
  }
  drop_decoded();
  if (!valid) state.SkipWithError("refused");
}

using Measure = void (*)(benchmark::State&, std::size_t);

void register_benchmark(const char* work, Measure measure, std::size_t module) {
  std::string const name = std::string(work) + '/' + module_name(module);
  auto const run = [measure, module](benchmark::State& state) {
    measure(state, module);
    state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(module_size(module)));
  };
  benchmark::RegisterBenchmark(name.c_str(), run)->Unit(benchmark::kMillisecond);
}

}  // namespace
}  // namespace nacre::bench

int main(int count, char** arguments) {
  using namespace nacre::bench;
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 2;
  std::size_t const modules = read_modules();
  for (std::size_t module = 0; module < modules; ++module) {
    register_benchmark("copy", measure_copy, module);
    register_benchmark("decode", measure_decode, module);
    register_benchmark("validate", measure_validate, module);
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
