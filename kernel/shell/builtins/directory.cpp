#include "kernel/fs/path.hpp"
#include "kernel/shell/builtins/builtins.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell::builtin {
namespace {

std::expected<void, VariableError> set_exported(Variables& variables, std::string_view name,
                                                std::string_view value) {
  TRY(variables.set(name, value));
  TRY(variables.mark_exported(name, true));
  return {};
}

/// Goes to a directory. By the text of the path, `..` behind a symbolic link is where that stands.
exec::Task<fs::Result<void>> enter(Invocation& call, std::string_view path, bool physical) {
  base::String absolute;
  if (!physical) {
    CO_TRY(absolute, fs::normalise(call.state.directory_path, path));
  }
  auto const directory =
      co_await (physical ? call.services.files.open_directory(call.directory(), path)
                         : call.services.files.open_directory(call.directory(), absolute));
  if (!directory) {
    // What fails is told as it was given.
    fs::Error const error(directory.error().kind, physical ? directory.error().path_end : 0);
    co_return std::unexpected(error);
  }
  if (physical) {
    CO_TRY(absolute, co_await call.services.files.path_of(directory->location()));
  }
  Variables& variables = call.state.parameters.variables;
  bool const is_told = set_exported(variables, "OLDPWD", call.state.directory_path) &&
                       set_exported(variables, "PWD", absolute);
  if (!is_told && !variables.value("PWD")) co_return fs::fail(fs::ErrorKind::OutOfMemory);
  call.state.directory = fs::HeldNode(directory->location());
  call.state.directory_path = std::move(absolute);
  co_return fs::Result<void>{};
}

}  // namespace

exec::Task<fs::Result<int>> cd(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  bool const is_back = !options->operands().empty() && options->operands()[0] == "-";
  if (options->operands().size() > 1) {
    CO_TRY(co_await complain(call, "too many arguments"));
    co_return status::usage;
  }
  const Variables& variables = call.state.parameters.variables;
  std::string_view const given = is_back                       ? variables.value_or("OLDPWD", "")
                                 : options->operands().empty() ? variables.value_or("HOME", "/")
                                                               : options->operands()[0].view();
  CO_TRY(base::String const path, base::String::create(given.empty() ? "." : given));
  auto const entered = co_await enter(call, path, options->has('P'));
  if (!entered) {
    if (entered.error().kind == fs::ErrorKind::OutOfMemory)
      co_return std::unexpected(entered.error());
    CO_TRY(co_await complain_about(call, path, entered.error()));
    co_return status::failure;
  }
  if (is_back) {
    CO_TRY(co_await print(*call.streams.out, "{}\n", call.state.directory_path.view()));
  }
  co_return status::success;
}

exec::Task<fs::Result<int>> pwd(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  if (!options->has('P')) {
    CO_TRY(co_await print(*call.streams.out, "{}\n", call.state.directory_path.view()));
    co_return status::success;
  }
  auto const path = co_await call.services.files.path_of(call.directory());
  if (!path) {
    if (path.error().kind == fs::ErrorKind::OutOfMemory) co_return std::unexpected(path.error());
    CO_TRY(co_await complain_about(call, call.state.directory_path, path.error()));
    co_return status::failure;
  }
  CO_TRY(co_await print(*call.streams.out, "{}\n", path->view()));
  co_return status::success;
}

}  // namespace nacre::shell::builtin
