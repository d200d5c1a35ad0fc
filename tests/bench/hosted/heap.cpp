// The kernel's heap beside the C library's `malloc`, on the same calls: what loading a module takes
// and gives back, and what ten thousand files do. Prints `bench: heap/WHAT VALUE x malloc`.
#include "kernel/memory/heap.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include "lib/wasm/binary/module.hpp"
#include "lib/wasm/validate/validator.hpp"
#include "tests/bench/hosted/files.hpp"
#include "tests/bench/hosted/modules.hpp"
#include "tests/bench/hosted/recording_allocator.hpp"
#include "tests/support/physical_arena.hpp"

namespace nacre::bench {
namespace {

using base::u64;
using base::u8;
using base::usize;

constexpr u64 arena_size = u64{1} << 30;
constexpr usize files_made = 10'000;
constexpr int rounds = 9;

double processor_time() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Does the calls again; what was not given back is in the end. The time that it takes.
template <class Allocate, class Free>
double replay(std::span<const HeapCall> trace, std::vector<void*>& objects, Allocate allocate,
              Free free) {
  std::ranges::fill(objects, nullptr);
  double const start = processor_time();
  for (HeapCall const call : trace) {
    void*& object = objects[call.object];
    if (call.size == 0) {
      free(object);
      object = nullptr;
    } else {
      object = allocate(call.size);
      if (object == nullptr) std::abort();
      *static_cast<volatile u8*>(object) = 1;
    }
  }
  for (void* const object : objects) free(object);
  return processor_time() - start;
}

/// The median of the rounds' ratios: each allocates with both, one after the other.
void compare(const char* what, std::span<const HeapCall> recorded) {
  std::vector<HeapCall> const trace(recorded.begin(), recorded.end());
  usize count = 0;
  for (HeapCall const call : trace) count = std::max<usize>(count, usize{call.object} + 1);
  std::vector<void*> objects(count);
  test::ArenaFrames memory(arena_size);
  memory::Heap heap(memory.frames);
  std::vector<double> ratios;
  for (int round = 0; round < rounds; ++round) {
    double const theirs = replay(
        trace, objects, [](usize size) { return std::malloc(size); },
        [](void* object) { std::free(object); });
    double const ours = replay(
        trace, objects, [&](usize size) { return heap.allocate(size, alignof(std::max_align_t)); },
        [&](void* object) { heap.free(object); });
    // In the first, both take their memory from the system.
    if (round > 0) ratios.push_back(ours / theirs);
  }
  std::ranges::sort(ratios);
  std::printf("bench: heap/%s %.3f x malloc\n", what, ratios[ratios.size() / 2]);
}

}  // namespace
}  // namespace nacre::bench

int main() {
  using namespace nacre;
  using namespace nacre::bench;
  auto const modules = modules_of_at_least(1'000'000);
  begin_recording();
  static_cast<void>(wasm::load(modules.front().bytes).has_value());
  compare("module", end_recording());
  begin_recording();
  files::make();
  files::create_files(files_made);
  files::remove_files(files_made, 7919);
  compare("files", end_recording());
  return 0;
}
