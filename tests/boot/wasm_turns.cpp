#include "kernel/hw/cpu.hpp"
#include "kernel/process/run.hpp"
#include "lib/base/try.hpp"
#include "tests/support/boot_test.hpp"
#include "tests/support/module_builder.hpp"
#include "tests/support/program_machine.hpp"

// No program keeps others from their turn, whatever its module is like and whatever it does. The
// clock is the time stamp counter, which counts instructions where QEMU does (-icount shift=0), so
// that the figures are the same on every machine.
namespace nacre::test {
namespace {

using base::i32;
using base::u32;
using base::u8;
using process::RunResult;

/// A turn is a million instructions here, a millisecond. What is done in one piece at its end may
/// take some more; a key that waits for twenty times a turn is still answered at once.
constexpr u64 longest_wait = 20'000'000;

/// A module of any size.
class LargeModule {
 public:
  bool failed() const { return failed_; }
  std::span<const u8> bytes() const { return {bytes_.data(), bytes_.size()}; }

  LargeModule& add(std::span<const u8> bytes) {
    if (!bytes_.try_append(bytes)) failed_ = true;
    return *this;
  }
  LargeModule& add(const module::Bytes& bytes) { return add(bytes.span()); }
  LargeModule& add_number(u64 value) { return add(module::leb(value)); }
  template <class Content>
  void section(u8 id, Content content) {
    add(module::Bytes{id});
    sized(content);
  }
  /// With the size of what `content` adds in front, in five bytes.
  template <class Content>
  void sized(Content content) {
    usize const at = bytes_.size();
    add(module::Bytes{0, 0, 0, 0, 0});
    content();
    if (failed_) return;
    usize size = bytes_.size() - at - 5;
    for (usize i = 0; i < 5; ++i, size >>= 7)
      bytes_[at + i] = static_cast<u8>((size & 0x7f) | (i == 4 ? 0 : 0x80));
  }

 private:
  base::Vector<u8> bytes_;
  bool failed_ = false;
};

/// What a module has, and how much of it.
struct Shape {
  u32 functions = 1;
  /// Of each function but the first, of eight bytes each.
  u32 statements = 0;
  u32 elements = 0;
  u32 data_size = 0;
  u32 memory_pages = 1;
  u32 imports = 0;
  u32 globals = 0;
  u32 exports = 0;
  /// The code of `_start`, the first function, which has one local.
  module::Bytes entry{};
};

LargeModule make(const Shape& shape) {
  using namespace module;
  LargeModule out;
  out.add(Bytes{0, 'a', 's', 'm', 1, 0, 0, 0});
  out.section(1, [&] { out.add(Bytes{2, 0x60, 0, 0, 0x60, 1, i32_type, 0}); });
  if (shape.imports != 0) {
    Bytes const import = name("wasi_snapshot_preview1") + name("proc_exit") + Bytes{0, 1};
    out.section(2, [&] {
      out.add_number(shape.imports);
      for (u32 i = 0; i < shape.imports; ++i) out.add(import);
    });
  }
  out.section(3, [&] {
    out.add_number(shape.functions);
    for (u32 i = 0; i < shape.functions; ++i) out.add(Bytes{0});
  });
  out.section(4, [&] { out.add(Bytes{1, 0x70, 0} + leb(shape.elements)); });
  out.section(5, [&] { out.add(Bytes{1, 0} + leb(shape.memory_pages)); });
  if (shape.globals != 0) {
    out.section(6, [&] {
      out.add_number(shape.globals);
      for (u32 i = 0; i < shape.globals; ++i) out.add(Bytes{i32_type, 1} + i32_const(7) + end);
    });
  }
  out.section(7, [&] {
    out.add_number(shape.exports + 1);
    out.add(name("_start") + Bytes{0} + leb(shape.imports));
    for (u32 i = 0; i < shape.exports; ++i)
      out.add(name(base::FixedText<16>("{}", i * 7919 % shape.exports)) + Bytes{0} +
              leb(shape.imports));
  });
  if (shape.elements != 0) {
    out.section(9, [&] {
      out.add(Bytes{1, 0} + i32_const(0) + end + leb(shape.elements));
      for (u32 i = 0; i < shape.elements; ++i) out.add_number(shape.imports + i % shape.functions);
    });
  }
  out.section(10, [&] {
    out.add_number(shape.functions);
    Bytes const statement = i32_const(1000) + i32_const(2000) + i32_add + drop;
    out.sized([&] { out.add(Bytes{1, 1, i32_type} + shape.entry + end); });
    for (u32 i = 1; i < shape.functions; ++i) {
      out.sized([&] {
        out.add(Bytes{0});
        for (u32 s = 0; s < shape.statements; ++s) out.add(statement);
        out.add(end);
      });
    }
  });
  if (shape.data_size != 0) {
    out.section(11, [&] {
      out.add(Bytes{1, 0} + i32_const(0) + end + leb(shape.data_size));
      std::array<u8, 4096> page{};
      for (u32 left = shape.data_size; left != 0;) {
        u32 const count = std::min<u32>(left, page.size());
        out.add(std::span<const u8>(page).first(count));
        left -= count;
      }
    });
  }
  return out;
}

class Silent final : public fs::Stream {
 public:
  exec::Task<fs::Result<usize>> read(std::span<u8>) override { co_return usize{0}; }
  exec::Task<fs::Result<usize>> write(std::span<const u8> bytes) override {
    for (u8 const byte : bytes)
      if (size_ < text_.size()) text_[size_++] = static_cast<char>(byte);
    co_return bytes.size();
  }
  std::string_view text() const { return {text_.data(), size_}; }

 private:
  std::array<char, 150> text_{};
  usize size_ = 0;
};

struct Waits {
  u64 turns = 0;
  u64 longest = 0;
};

exec::Task<void> watch(Waits& waits) {
  u64 last = hw::read_timestamp();
  for (;;) {
    co_await exec::yield();
    u64 const then = std::exchange(last, hw::read_timestamp());
    waits.longest = std::max(waits.longest, last - then);
    ++waits.turns;
  }
}

/// Runs a program to its end while another task watches; what it waited for at the longest.
void check(std::string_view name, std::span<const u8> module) {
  ProgramMachine machine;
  exec::Executor& executor = machine.executor;
  Silent stream;
  Waits waits;
  auto const watcher = executor.spawn("watch", watch(waits));
  u64 const start = hw::read_timestamp();
  auto program = executor.spawn("program", process::run(machine.services, module,
                                                        {.name = "prog",
                                                         .arguments = {},
                                                         .environment = {},
                                                         .streams = {&stream, &stream, &stream},
                                                         .limits = {}}));
  ASSERT_TRUE(watcher && program);
  while (!program->is_finished()) executor.run_round();
  executor.run_round();  // What its end took counts, too.
  u64 const spent = hw::read_timestamp() - start;
  note("  {}: {} KiB, {} thousand instructions, {} turns beside it, the longest after {} thousand",
       name, module.size() >> 10, spent / 1000, waits.turns, waits.longest / 1000);
  EXPECT_EQ(stream.text(), std::string_view());
  EXPECT_TRUE(waits.turns > 0);
  EXPECT_TRUE(waits.longest < longest_wait);
}

void check(std::string_view name, const Shape& shape) {
  LargeModule const module = make(shape);
  ASSERT_TRUE(!module.failed());
  check(name, module.bytes());
}

BOOT_TEST("a module of 50 MB") {
  check("all", {.functions = 100'000,
                .statements = 15,
                .elements = 2'000'000,
                .data_size = 32 << 20,
                .memory_pages = 600});
}
BOOT_TEST("a large memory") { check("memory", {.memory_pages = 4000}); }
BOOT_TEST("many imports") { check("imports", {.imports = 100'000}); }
BOOT_TEST("many globals") { check("globals", {.globals = 500'000}); }
BOOT_TEST("many exports") { check("exports", {.exports = 200'000}); }

constexpr module::Bytes i32_less{0x49};
constexpr module::Bytes memory_fill{0xfc, 0x0b, 0};

/// An operation on two addresses or a number, and a size.
constexpr module::Bytes on_pages(u32 count, const module::Bytes& operation) {
  using namespace module;
  return i32_const(1) + i32_const(0) + i32_const(static_cast<i32>(count << 16) - 1) + operation;
}
/// Does it with numbers below `count` in the local.
constexpr module::Bytes count_to(i32 count, const module::Bytes& body) {
  using namespace module;
  return loop(body + local_get(0) + i32_const(1) + i32_add + local_tee(0) + i32_const(count) +
              i32_less + branch_if(0));
}

BOOT_TEST("filling, copying and growing a large memory") {
  check("fill", {.memory_pages = 3000, .entry = on_pages(3000, memory_fill)});
  check("copy", {.memory_pages = 3000, .entry = on_pages(3000, module::memory_copy)});
  check("grow", {.entry = module::i32_const(3000) + module::memory_grow + module::drop});
}
BOOT_TEST("calling a large function") {
  check("once", {.functions = 2, .statements = 600'000, .entry = module::call(1)});
  check("often", {.functions = 2, .statements = 60'000, .entry = count_to(200, module::call(1))});
}
BOOT_TEST("calling many functions for the first time") {
  using namespace module;
  Bytes const next = local_get(0) + i32_const(1) + i32_add + call_indirect(0);
  check(
      "many",
      {.functions = 50'001, .statements = 2, .elements = 50'001, .entry = count_to(50'000, next)});
}

}  // namespace
}  // namespace nacre::test
