#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/builtins/sizes.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell::builtin {
namespace {

/// Writes a row for each mounted file system, and `header` above them.
template <class WriteRow>
exec::Task<fs::Result<int>> list_mounts(Invocation& call, std::string_view header,
                                        WriteRow write_row) {
  CO_TRY(auto const options, co_await options_alone(call));
  if (!options) co_return status::usage;
  base::String text;
  base::StringSink sink(text);
  sink.write(header);
  fs::Vfs& files = call.services.files;
  for (base::usize i = 0; i < files.mounts().size(); ++i) {
    fs::FileSystem& file_system = *files.mounts()[i].file_system;
    CO_TRY(base::String const path, co_await files.path_of({&file_system, file_system.root()}));
    CO_TRY(base::String const shown, printable(path));
    write_row(sink, file_system, shown);
  }
  CO_TRY(sink.result());
  CO_TRY(co_await write_text(*call.streams.out, std::move(text)));
  co_return status::success;
}

}  // namespace

[[clang::coro_wrapper]] exec::Task<fs::Result<int>> mount(Invocation& call) {
  return list_mounts(
      call, "", [](base::Sink& sink, const fs::FileSystem& file_system, std::string_view path) {
        base::format_to(sink, "{} on {} ({})\n", file_system.kind(), path,
                        file_system.is_read_only() ? "ro" : "rw");
      });
}

exec::Task<fs::Result<int>> df(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  if (options->has('h')) {
    auto const write_row = [](base::Sink& sink, const fs::FileSystem& file_system,
                              std::string_view path) {
      fs::Space const space = file_system.space();
      base::format_to(sink, "{:<6}", file_system.kind());
      for (u64 const bytes :
           {space.total_bytes, space.total_bytes - space.free_bytes, space.free_bytes}) {
        base::FixedText<24> const text("{}", HumanSize{bytes});
        base::format_to(sink, "{:>9}", text.view());
      }
      base::format_to(sink, "  {}\n", path);
    };
    co_return co_await list_mounts(call, "KIND      TOTAL     USED     FREE\n", write_row);
  }
  co_return co_await list_mounts(
      call, "KIND         TOTAL       USED       FREE  KiB     NODES       FREE\n",
      [](base::Sink& sink, const fs::FileSystem& file_system, std::string_view path) {
        fs::Space const space = file_system.space();
        base::format_to(sink, "{:<6}{:>12}{:>11}{:>11}     {:>9}{:>11}  {}\n", file_system.kind(),
                        space.total_bytes >> 10, (space.total_bytes - space.free_bytes) >> 10,
                        space.free_bytes >> 10, space.total_nodes, space.free_nodes, path);
      });
}

}  // namespace nacre::shell::builtin
