#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/builtins/inputs.hpp"
#include "kernel/shell/builtins/new_file.hpp"
#include "lib/base/try.hpp"
#include "lib/exec/wait.hpp"
#include "lib/image/png_encoder.hpp"

namespace nacre::shell::builtin {
namespace {

/// Names that are tried.
constexpr u32 most_names = 10'000;

/// The first such name that is free.
exec::Task<fs::Result<base::String>> free_name(const Invocation& call) {
  for (u32 number = 1; number <= most_names; ++number) {
    CO_TRY(base::String name, base::format("screenshot-{}.png", number));
    auto const there =
        co_await call.services.files.stat(call.directory(), name, {.follow_last = false});
    if (!there && there.error().kind == fs::ErrorKind::NotFound) co_return name;
  }
  co_return fs::fail(fs::ErrorKind::AlreadyExists);
}

/// What is on the screen at one moment: the encoder takes longer.
std::expected<image::Image, base::OutOfMemory> copy_of(const drivers::Framebuffer& screen) {
  TRY(auto copy,
      image::Image::create(static_cast<u32>(screen.width()), static_cast<u32>(screen.height())));
  for (u32 y = 0; y < copy.height; ++y) {
    std::span<image::Argb> const row = copy.row(y);
    for (u32 x = 0; x < copy.width; ++x)
      row[x] = 0xff00'0000 | screen.pixel(static_cast<int>(x), static_cast<int>(y)).to_u32();
  }
  return copy;
}

exec::Task<fs::Result<void>> write_png(Invocation& call, const image::Image& image,
                                       std::string_view path) {
  CO_TRY(auto file, co_await NewFile::create(call.services.files, call.directory(), path));
  CO_TRY(auto encoder,
         image::PngEncoder::create(image.width, image.height, image::PngEncoder::Alpha::Dropped));
  for (u32 y = 0; y <= image.height; ++y) {
    if (y < image.height) {
      CO_TRY(encoder.add_row(image.row(y)));
    } else {
      CO_TRY(encoder.finish());
    }
    base::Vector<u8>& output = encoder.output();
    CO_TRY(co_await fs::write_all(file.file(), {output.data(), output.size()}));
    output.clear();
    co_await call.pace();
  }
  co_return co_await file.commit();
}

}  // namespace

exec::Task<fs::Result<int>> screenshot(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  std::span<const base::String> const operands = options->operands();
  if (operands.size() > 1) {
    CO_TRY(co_await complain(call, "too many arguments"));
    co_return status::usage;
  }
  CO_TRY(auto const delay, co_await duration_option(call, *options, 'd', {}));
  if (!delay) co_return status::usage;
  console::Tty* const tty = call.services.tty;
  if (tty == nullptr || !tty->has_screen()) {
    CO_TRY(co_await complain(call, "there is no screen"));
    co_return status::failure;
  }
  if (*delay > base::Duration{}) co_await exec::sleep_for(*delay);
  tty->draw();
  CO_TRY(auto const image, copy_of(*tty->screen()));

  base::String path;
  if (operands.empty()) {
    CO_TRY(path, co_await free_name(call));
  } else {
    CO_TRY(path, operands[0].try_copy());
  }
  if (auto const written = co_await write_png(call, image, path); !written) {
    if (written.error().kind == fs::ErrorKind::OutOfMemory)
      co_return std::unexpected(written.error());
    CO_TRY(co_await complain_about(call, path, fs::Error(written.error().kind)));
    co_return status::failure;
  }
  CO_TRY(base::String const shown, printable(path));
  CO_TRY(co_await print(*call.streams.out, "{}: {}x{}\n", shown.view(), image.width, image.height));
  co_return status::success;
}

}  // namespace nacre::shell::builtin
