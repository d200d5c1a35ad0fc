#include <algorithm>
#include <array>

#include "kernel/shell/builtins/builtins.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell::builtin {
namespace {

/// With something wrong. [posix/xcu: "cmp"]
constexpr int went_wrong = 2;

/// An input of `cmp`, block by block.
class Input {
 public:
  std::string_view path() const { return path_; }
  exec::Task<fs::Result<void>> open(Invocation& call, std::string_view path) {
    path_ = path;
    if (path == "-") {
      stream_ = call.streams.in;
      co_return fs::Result<void>{};
    }
    CO_TRY(file_, co_await call.services.files.open(call.directory(), path));
    stream_ = &*file_;
    co_return fs::Result<void>{};
  }
  /// Makes sure that there is something left, unless it is over.
  exec::Task<fs::Result<void>> fill() {
    if (at_ < end_) co_return fs::Result<void>{};
    CO_TRY(end_, co_await stream_->read(buffer_));
    at_ = 0;
    co_return fs::Result<void>{};
  }
  std::span<const u8> left() const { return std::span(buffer_).first(end_).subspan(at_); }
  void take(usize count) { at_ += count; }

 private:
  std::string_view path_;
  std::optional<fs::OpenFile> file_;
  fs::Stream* stream_ = nullptr;
  std::array<u8, 2048> buffer_;
  usize at_ = 0;
  usize end_ = 0;
};

exec::Task<fs::Result<int>> tell(Invocation& call, const Input& input, fs::Error error) {
  if (error.kind == fs::ErrorKind::OutOfMemory) co_return std::unexpected(error);
  CO_TRY(co_await complain_about(call, input.path(), error));
  co_return went_wrong;
}

}  // namespace

exec::Task<fs::Result<int>> cmp(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  std::span<const base::String> const paths = options->operands();
  if (paths.size() != 2) {
    CO_TRY(co_await complain(call, "two files are wanted; see cmp --help"));
    co_return went_wrong;
  }
  std::array<Input, 2> inputs;
  for (usize i = 0; i < inputs.size(); ++i) {
    auto const opened = co_await inputs[i].open(call, paths[i]);
    if (!opened) co_return co_await tell(call, inputs[i], opened.error());
  }
  u64 offset = 0;
  u64 line = 1;
  int result = status::success;
  for (;;) {
    co_await call.pace();
    for (Input& input : inputs) {
      auto const filled = co_await input.fill();
      if (!filled) co_return co_await tell(call, input, filled.error());
    }
    auto const a = inputs[0].left();
    auto const b = inputs[1].left();
    if (a.empty() && b.empty()) co_return result;
    if (a.empty() || b.empty()) {
      if (!options->has('s')) {
        CO_TRY(base::String const shown, printable(paths[a.empty() ? 0 : 1]));
        CO_TRY(co_await complain(call, "{} ends after byte {}", shown.view(), offset));
      }
      co_return status::failure;
    }
    usize const count = std::min(a.size(), b.size());
    for (usize i = 0; i < count; ++i) {
      if (a[i] == b[i]) {
        line += a[i] == '\n' ? 1 : 0;
        continue;
      }
      result = status::failure;
      if (options->has('l')) {
        CO_TRY(co_await print(*call.streams.out, "{} {:o} {:o}\n", offset + i + 1, a[i], b[i]));
        continue;
      }
      if (!options->has('s')) {
        CO_TRY(base::String const first, printable(paths[0]));
        CO_TRY(base::String const second, printable(paths[1]));
        CO_TRY(co_await print(*call.streams.out, "{} {} differ: char {}, line {}\n", first.view(),
                              second.view(), offset + i + 1, line));
      }
      co_return result;
    }
    offset += count;
    inputs[0].take(count);
    inputs[1].take(count);
  }
}

}  // namespace nacre::shell::builtin
