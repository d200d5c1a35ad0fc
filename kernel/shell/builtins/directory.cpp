#include "kernel/shell/builtins/builtins.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell::builtin {

exec::Task<fs::Result<int>> cd(Invocation& call) {
  auto const options = Options::parse(call.arguments, "");
  if (!options) co_return co_await refuse(call, options.error());
  if (options->operands().size() > 1) {
    CO_TRY(co_await complain(call, "too many arguments"));
    co_return status::usage;
  }
  std::string_view const path = options->operands().empty() ? "/" : options->operands()[0].view();
  auto const directory = co_await call.services.files.open_directory(call.directory(), path);
  if (!directory) {
    CO_TRY(co_await complain_about(call, path, directory.error()));
    co_return status::failure;
  }
  CO_TRY(base::String absolute, co_await call.services.files.path_of(directory->location()));
  call.state.directory = fs::HeldNode(directory->location());
  call.state.directory_path = std::move(absolute);
  co_return status::success;
}

exec::Task<fs::Result<int>> pwd(Invocation& call) {
  CO_TRY(co_await print(*call.streams.out, "{}\n", call.state.directory_path.view()));
  co_return status::success;
}

}  // namespace nacre::shell::builtin
