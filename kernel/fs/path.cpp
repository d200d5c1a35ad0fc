#include "kernel/fs/path.hpp"

namespace nacre::fs {

Result<base::String> normalise(std::string_view directory, std::string_view path) {
  if (path.contains('\0')) return fail(ErrorKind::InvalidPath);
  base::String result;
  auto const walk = [&](std::string_view rest) -> Result<void> {
    while (true) {
      std::string_view const component = take_component(rest);
      if (component.empty()) return {};
      if (component == ".") continue;
      if (component == "..") {
        usize const slash = result.view().rfind('/');
        if (slash != std::string_view::npos) result.truncate(slash);
        continue;
      }
      TRY(result.append('/'));
      TRY(result.append(component));
      if (component.size() > max_name || result.size() > max_path)
        return fail(ErrorKind::NameTooLong);
    }
  };
  if (!path.starts_with('/')) {
    TRY(walk(directory));
  }
  TRY(walk(path));
  if (result.empty()) {
    TRY(result.append('/'));
  }
  return result;
}

}  // namespace nacre::fs
