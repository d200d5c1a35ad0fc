#include "kernel/process/file_bytes.hpp"

#include "lib/base/try.hpp"
#include "lib/exec/wait.hpp"

namespace nacre::process {
namespace {

constexpr base::usize chunk_size = 65536;
/// A stream that never waits must not keep others from running.
constexpr base::usize chunks_at_once = 16;

}  // namespace

exec::Task<fs::Result<FileBytes>> FileBytes::read(fs::Vfs& vfs, fs::Location start,
                                                  std::string_view path) {
  CO_TRY(auto file, co_await vfs.open(start, path));
  FileBytes result(std::move(file));
  // Code is run where it lies: these bytes stay as they are, whatever is written to the file.
  if (auto const contents = result.file_.contents()) {
    result.bytes_ = *contents;
    co_return result;
  }
  auto& copy = result.copy_;
  CO_TRY(copy.try_reserve(result.file_.stat().size));
  for (base::usize chunks = 1;; ++chunks) {
    base::usize const before = copy.size();
    CO_TRY(copy.try_resize(before + chunk_size));
    auto const count =
        co_await result.file_.read(std::span(copy.begin(), copy.end()).subspan(before));
    if (!count) co_return std::unexpected(count.error());
    copy.truncate(before + *count);
    if (*count == 0) break;
    if (chunks % chunks_at_once == 0) co_await exec::yield();
  }
  result.bytes_ = {copy.data(), copy.size()};
  co_return result;
}

}  // namespace nacre::process
