#include "kernel/boot/protocol/options.hpp"

#include <charconv>

namespace nacre::boot {
namespace {

bool parse_number(std::string_view text, base::u32& number) {
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

/// "1024x768", both at least what a terminal needs and at most what a display has.
bool parse_screen(std::string_view value, Options& options) {
  auto const cross = value.find('x');
  base::u32 width = 0;
  base::u32 height = 0;
  if (cross == value.npos || !parse_number(value.substr(0, cross), width) ||
      !parse_number(value.substr(cross + 1), height)) {
    return false;
  }
  if (width < 320 || height < 200 || width > 8192 || height > 8192) return false;
  options.screen_width = width;
  options.screen_height = height;
  return true;
}

}  // namespace

Options parse_options(std::string_view command_line,
                      base::FunctionRef<void(std::string_view, std::string_view)> warn) {
  Options options;
  while (!command_line.empty()) {
    auto const end = command_line.find_first_of(" \t\n");
    auto const word = command_line.substr(0, end);
    command_line.remove_prefix(end == command_line.npos ? command_line.size() : end + 1);
    if (word.empty()) continue;

    auto const equals = word.find('=');
    auto const name = word.substr(0, equals);
    bool const has_value = equals != word.npos;
    auto const value = has_value ? word.substr(equals + 1) : std::string_view{};
    auto const set_flag = [&](bool& flag) {
      if (has_value) return warn(word, "takes no value");
      flag = true;
    };
    if (name == "job") {
      if (!value.starts_with('/')) {
        warn(word, "is not job=PATH with an absolute path");
      } else {
        options.job = value;
      }
    } else if (name == "hold") {
      set_flag(options.hold);
    } else if (name == "verbose") {
      set_flag(options.verbose);
    } else if (name == "bench") {
      set_flag(options.bench);
    } else if (name == "pic") {
      set_flag(options.force_pic);
    } else if (name == "screen") {
      if (value == "none") {
        options.no_screen = true;
      } else if (!parse_screen(value, options)) {
        warn(word, "is not screen=WIDTHxHEIGHT from 320x200 to 8192x8192, or screen=none");
      }
    } else if (name == "status") {
      if (value == "none") {
        options.status_line = false;
      } else {
        warn(word, "is not status=none");
      }
    } else {
      warn(word, "is unknown");
    }
  }
  return options;
}

}  // namespace nacre::boot
