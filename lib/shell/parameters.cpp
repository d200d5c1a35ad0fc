#include "lib/shell/parameters.hpp"

namespace nacre::shell {

std::expected<Parameters, base::OutOfMemory> Parameters::try_copy() const {
  Parameters copy{.options = options,
                  .last_status = last_status,
                  .process_id = process_id,
                  .last_background = last_background,
                  .line = line};
  TRY(copy.variables, variables.try_copy());
  TRY(copy.shell_name, shell_name.try_copy());
  TRY(copy.arguments.try_reserve(arguments.size()));
  for (const base::String& argument : arguments) {
    TRY(base::String copied, argument.try_copy());
    copy.arguments.push_back_reserved(std::move(copied));
  }
  return copy;
}

bool* option_of(ShellOptions& options, char letter) {
  switch (letter) {
    case 'a': return &options.all_export;
    case 'b': return &options.notify;
    case 'C': return &options.no_clobber;
    case 'e': return &options.exit_on_error;
    case 'f': return &options.no_glob;
    case 'h': return &options.hash_all;
    case 'm': return &options.monitor;
    case 'n': return &options.no_execute;
    case 'u': return &options.no_unset;
    case 'v': return &options.verbose;
    case 'x': return &options.trace;
    default: return nullptr;
  }
}

std::string_view option_name(char letter) {
  switch (letter) {
    case 'a': return "allexport";
    case 'b': return "notify";
    case 'C': return "noclobber";
    case 'e': return "errexit";
    case 'f': return "noglob";
    case 'h': return "hashall";
    case 'm': return "monitor";
    case 'n': return "noexec";
    case 'u': return "nounset";
    case 'v': return "verbose";
    case 'x': return "xtrace";
    default: return {};
  }
}

}  // namespace nacre::shell
