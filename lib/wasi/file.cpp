#include "lib/wasi/file.hpp"

namespace nacre::wasi {

exec::Task<Result<usize>> File::read(std::span<u8>) { co_return fail(Errno::BadDescriptor); }
exec::Task<Result<usize>> File::write(std::span<const u8>) { co_return fail(Errno::BadDescriptor); }
exec::Task<Result<usize>> File::read_at(u64, std::span<u8>) { co_return fail(Errno::NotSeekable); }
exec::Task<Result<usize>> File::write_at(u64, std::span<const u8>) {
  co_return fail(Errno::NotSeekable);
}
Result<u64> File::seek(i64, Whence) { return fail(Errno::NotSeekable); }
exec::Task<Result<void>> File::set_size(u64) { co_return fail(Errno::Invalid); }
exec::Task<Result<void>> File::allocate(u64, u64) { co_return fail(Errno::NotSeekable); }
exec::Task<Result<void>> File::sync(bool) { co_return fail(Errno::Invalid); }
exec::Task<Result<void>> File::set_times(NewTime, NewTime) { co_return fail(Errno::Invalid); }

}  // namespace nacre::wasi
