#include <algorithm>

#include "kernel/shell/builtin.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell {
namespace {

constexpr std::string_view program_suffix = ".wasm";

/// What programs get: the variables that are exported.
std::expected<base::Vector<base::String>, base::OutOfMemory> environment_of(
    const ShellState& state) {
  base::Vector<base::String> environment;
  for (const auto& [name, variable] : state.parameters.variables.all()) {
    if (!variable.is_exported || !variable.value) continue;
    TRY(base::String entry, base::format("{}={}", name.view(), variable.value->view()));
    TRY(environment.try_push_back(std::move(entry)));
  }
  return environment;
}

}  // namespace

exec::Task<fs::Result<base::String>> find_program(const Invocation& call, std::string_view name) {
  if (name.contains('/')) {
    CO_TRY(base::String path, base::String::create(name));
    co_return path;
  }
  CO_TRY(base::String const search,
         base::String::create(call.state.parameters.variables.value_or("PATH", default_path)));
  for (std::string_view rest = search; !name.empty();) {
    std::string_view const directory = rest.substr(0, rest.find(':'));
    for (std::string_view const suffix : {std::string_view(), program_suffix}) {
      CO_TRY(base::String path,
             base::format("{}{}{}{}", directory, directory.empty() ? "" : "/", name, suffix));
      auto const stat = co_await call.services.files.stat(call.directory(), path);
      if (stat && stat->type == fs::NodeType::File) co_return path;
      if (!stat && stat.error().kind == fs::ErrorKind::OutOfMemory)
        co_return std::unexpected(stat.error());
    }
    if (directory.size() == rest.size()) break;
    rest.remove_prefix(directory.size() + 1);
  }
  co_return fs::fail(fs::ErrorKind::NotFound);
}

exec::Task<fs::Result<int>> run_by_name(const Invocation& call,
                                        std::span<const base::String> arguments) {
  auto const path = co_await find_program(call, arguments[0]);
  if (path) co_return co_await run_program(call, *path, arguments);
  if (path.error().kind != fs::ErrorKind::NotFound) co_return std::unexpected(path.error());
  CO_TRY(base::String const shown, printable(arguments[0]));
  CO_TRY(co_await print(*call.streams.err, "nacre: {}: command not found\n", shown.view()));
  co_return status::not_found;
}

exec::Task<fs::Result<int>> run_program(const Invocation& call, std::string_view path,
                                        std::span<const base::String> arguments) {
  CO_TRY(base::String const shown, printable(path));
  auto const stat = co_await call.services.files.stat(call.directory(), path);
  if (!stat || stat->type == fs::NodeType::Directory) {
    fs::Error const error = stat ? fs::Error(fs::ErrorKind::IsADirectory) : stat.error();
    if (error.kind == fs::ErrorKind::OutOfMemory) co_return std::unexpected(error);
    CO_TRY(co_await print(*call.streams.err, "nacre: {}: {}\n", shown.view(),
                          fs::describe(error.kind)));
    co_return stat ? status::cannot_execute : status::not_found;
  }
  CO_TRY(auto const environment, environment_of(call.state));
  auto const result =
      co_await call.services.system.run({.path = path,
                                         .directory = call.directory(),
                                         .directory_path = call.state.directory_path,
                                         .arguments = arguments,
                                         .environment = {environment.data(), environment.size()},
                                         .streams = call.streams,
                                         .on_started = call.on_program_started,
                                         .group = call.group,
                                         .limits = call.state.limits,
                                         .parent = call.state.id,
                                         .traced = call.traced});
  if (result) co_return *result;
  if (result.error().message.empty()) co_return std::unexpected(base::OutOfMemory{});
  CO_TRY(co_await print(*call.streams.err, "nacre: {}: {}\n", shown.view(),
                        result.error().message.view()));
  co_return status::cannot_execute;
}

}  // namespace nacre::shell
