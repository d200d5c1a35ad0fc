#include "kernel/shell/builtins/builtins.hpp"
#include "lib/base/try.hpp"

/// Paths as texts, and where programs are.
namespace nacre::shell::builtin {
namespace {

/// Without slashes at the end, but for the root.
std::string_view trimmed(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path;
}

/// [posix/xcu: "basename"]
std::string_view base_of(std::string_view path, std::string_view suffix) {
  path = trimmed(path);
  if (path == "/") return path;
  std::string_view name = path.substr(path.rfind('/') + 1);
  if (name != suffix && name.ends_with(suffix)) name.remove_suffix(suffix.size());
  return name;
}

/// [posix/xcu: "dirname"]
std::string_view directory_of(std::string_view path) {
  path = trimmed(path);
  usize const slash = path.rfind('/');
  if (slash == path.npos) return ".";
  return trimmed(path.substr(0, slash == 0 ? 1 : slash));
}

}  // namespace

exec::Task<fs::Result<int>> basename(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  std::span<const base::String> const operands = options->operands();
  if (operands.empty() || operands.size() > 2) {
    CO_TRY(co_await complain(call, "a path is wanted; see basename --help"));
    co_return status::usage;
  }
  CO_TRY(co_await print(*call.streams.out, "{}\n",
                        base_of(operands[0], operands.size() > 1 ? operands[1].view() : "")));
  co_return status::success;
}

exec::Task<fs::Result<int>> dirname(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  if (options->operands().empty()) {
    CO_TRY(co_await complain(call, "a path is wanted; see dirname --help"));
    co_return status::usage;
  }
  for (const base::String& path : options->operands()) {
    CO_TRY(co_await print(*call.streams.out, "{}\n", directory_of(path)));
  }
  co_return status::success;
}

exec::Task<fs::Result<int>> which(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  int result = status::success;
  for (const base::String& name : options->operands()) {
    auto const path = co_await find_program(call, name);
    bool const is_there =
        path && (co_await call.services.files.stat(call.directory(), *path)).has_value();
    if (!is_there) {
      result = status::failure;
      continue;
    }
    CO_TRY(co_await print(*call.streams.out, "{}\n", path->view()));
  }
  co_return result;
}

}  // namespace nacre::shell::builtin
