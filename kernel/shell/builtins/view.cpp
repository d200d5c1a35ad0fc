#include <algorithm>

#include "kernel/console/consoles.hpp"
#include "kernel/console/draw_text.hpp"
#include "kernel/fs/path.hpp"
#include "kernel/process/file_bytes.hpp"
#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/builtins/viewport.hpp"
#include "lib/base/try.hpp"
#include "lib/image/decoder.hpp"
#include "lib/text/printable.hpp"

namespace nacre::shell::builtin {
namespace {

using base::i32;

constexpr image::Argb argb_of(text::Rgb color) { return 0xff00'0000 | color.packed(); }
constexpr drivers::Rgb rgb_of(text::Rgb color) { return drivers::Rgb::from_u32(color.packed()); }

/// What a key means here.
enum class Wish : u8 {
  Nothing,
  Quit,
  Next,
  Previous,
  ZoomIn,
  ZoomOut,
  Fit,
  AsItIs,
  Left,
  Right,
  Up,
  Down,
  Keys
};

Wish wish_of(const console::ScreenLease& lease, const text::KeyEvent& event) {
  if (!event.pressed) return Wish::Nothing;
  switch (event.key) {
    case text::Key::Escape: return Wish::Quit;
    case text::Key::PageDown:
    case text::Key::Enter: return Wish::Next;
    case text::Key::PageUp:
    case text::Key::Backspace: return Wish::Previous;
    case text::Key::Left: return Wish::Left;
    case text::Key::Right: return Wish::Right;
    case text::Key::Up: return Wish::Up;
    case text::Key::Down: return Wish::Down;
    default: break;
  }
  switch (lease.character_of(event)) {
    case U'q': return Wish::Quit;
    case U'n':
    case U' ': return Wish::Next;
    case U'p': return Wish::Previous;
    case U'+':
    case U'=': return Wish::ZoomIn;
    case U'-': return Wish::ZoomOut;
    case U'0': return Wish::Fit;
    case U'1': return Wish::AsItIs;
    case U'?': return Wish::Keys;
    default: return Wish::Nothing;
  }
}

/// Shows images one at a time, until it is told to stop.
class Gallery {
 public:
  Gallery(Invocation& call, std::span<const base::String> paths)
      : call_(call), paths_(paths), shows_keys_(paths.size() > 1) {
    call_.control.set_on_stop(give_back_);
  }
  Gallery(const Gallery&) = delete;
  Gallery& operator=(const Gallery&) = delete;
  ~Gallery() { call_.control.set_on_stop(std::nullopt); }

  exec::Task<fs::Result<int>> run() {
    CO_TRY(bool const any, co_await load_from(0, true));
    if (!any) co_return status_;
    for (bool goes_on = true; goes_on;) {
      if (!lease_) {
        CO_TRY(goes_on, co_await take_screen());
        continue;
      }
      if (is_stale_) {
        CO_TRY(co_await draw());
        continue;
      }
      if (auto const event = lease_->try_next_key()) {
        CO_TRY(goes_on, co_await answer(wish_of(*lease_, *event)));
        continue;
      }
      co_await lease_->keys_changed();
    }
    co_return status_;
  }

 private:
  /// Loads the image at `index` or else, one after another, those before or behind it; what is none
  /// is told. False where there is none at all; then the one that is shown stays.
  exec::Task<fs::Result<bool>> load_from(usize index, bool forwards) {
    for (usize tried = 0; tried < paths_.size(); ++tried) {
      CO_TRY(auto loaded, co_await load(paths_[index]));
      if (loaded) {
        image_ = std::move(*loaded);
        index_ = index;
        begin();
        co_return true;
      }
      status_ = status::failure;
      index = (forwards ? index + 1 : index + paths_.size() - 1) % paths_.size();
    }
    co_return false;
  }

  exec::Task<fs::Result<std::optional<image::Image>>> load(std::string_view path) {
    auto const file =
        co_await process::FileBytes::read(call_.services.files, call_.directory(), path);
    if (!file) {
      CO_TRY(co_await complain_about(call_, path, file.error()));
      co_return std::nullopt;
    }
    std::expected<bool, image::Error> ended = false;
    auto decoder = image::Decoder::create(file->bytes());
    if (!decoder) ended = std::unexpected(decoder.error());
    while (ended && !*ended) {
      co_await call_.pace();
      ended = decoder->step();
    }
    if (ended) co_return decoder->take();
    CO_TRY(base::String const shown, printable(path));
    CO_TRY(co_await complain(call_, "{}: {}", shown.view(), ended.error()));
    co_return std::nullopt;
  }

  void begin() {
    const drivers::Framebuffer& screen = *call_.services.tty->screen();
    viewport_.emplace(
        image::Size{image_.width, image_.height},
        image::Size{static_cast<u32>(screen.width()), static_cast<u32>(screen.height())});
    is_stale_ = true;
  }

  /// Waits until the job goes on and has the terminal. False if somebody else has the screen then.
  exec::Task<fs::Result<bool>> take_screen() {
    for (;;) {
      co_await call_.pace();
      if (call_.control.is_stopped()) continue;
      if (call_.group.is_foreground()) break;
      co_await call_.group.changed();
    }
    auto taken = call_.services.tty->take_screen();
    if (!taken) {
      CO_TRY(co_await complain(call_, "somebody else has the screen"));
      status_ = status::failure;
      co_return false;
    }
    lease_.emplace(std::move(*taken));
    is_stale_ = true;
    co_return true;
  }

  exec::Task<fs::Result<void>> draw() {
    is_stale_ = false;
    console::Consoles* const consoles = call_.services.tty->consoles();
    const text::Theme& theme = consoles != nullptr ? consoles->theme() : text::nacre_theme;
    drivers::Framebuffer& screen = lease_->framebuffer();
    Viewport::Part const rows = viewport_->rows();
    Viewport::Part const columns = viewport_->columns();
    CO_TRY(auto line, base::Vector<u32>::create(columns.count));
    screen.fill(screen.bounds(), rgb_of(theme.background));
    for (u32 row = 0; row < rows.count; ++row) {
      std::span<u32> const pixels(line.data(), line.size());
      image::scale_row(image_, viewport_->scaled(), rows.from + row, columns.from,
                       argb_of(theme.background), pixels);
      screen.blit({static_cast<i32>(columns.at), static_cast<i32>(rows.at + row),
                   static_cast<i32>(columns.count), 1},
                  pixels);
      co_await call_.pace();
      // It may have been stopped meanwhile.
      if (!lease_) co_return fs::Result<void>{};
    }
    if (shows_keys_) {
      CO_TRY(draw_keys(screen, theme));
    }
    screen.present();
    co_return fs::Result<void>{};
  }

  /// One line below: what is seen, and which keys there are.
  std::expected<void, base::OutOfMemory> draw_keys(drivers::Framebuffer& screen,
                                                   const text::Theme& theme) {
    TRY(base::String const text,
        base::format(" {}/{}  {}  {}x{}  {}%    n next  p previous  + - zoom  0 fit  1 as it is  "
                     "arrows move  q quit",
                     index_ + 1, paths_.size(), text::Printable{fs::last_name(paths_[index_]), 30},
                     image_.width, image_.height, viewport_->percent()));
    const text::Font& font = lease_->font();
    i32 const height = static_cast<i32>(font.height());
    i32 const top = screen.height() - height;
    screen.fill({0, top, screen.width(), height}, rgb_of(theme.base[0]));
    console::draw_text(screen, font, 0, top, text, 1, rgb_of(theme.foreground));
    return {};
  }

  /// False to stop.
  exec::Task<fs::Result<bool>> answer(Wish wish) {
    is_stale_ = wish != Wish::Nothing;
    switch (wish) {
      case Wish::Nothing: break;
      case Wish::Quit: co_return false;
      case Wish::Next:
      case Wish::Previous: {
        bool const forwards = wish == Wish::Next;
        usize const count = paths_.size();
        if (count == 1) break;
        CO_TRY(co_await load_from((index_ + (forwards ? 1 : count - 1)) % count, forwards));
        break;
      }
      case Wish::ZoomIn: viewport_->zoom_in(); break;
      case Wish::ZoomOut: viewport_->zoom_out(); break;
      case Wish::Fit: viewport_->fit(); break;
      case Wish::AsItIs: viewport_->show_as_it_is(); break;
      case Wish::Left: viewport_->move(-1, 0); break;
      case Wish::Right: viewport_->move(1, 0); break;
      case Wish::Up: viewport_->move(0, -1); break;
      case Wish::Down: viewport_->move(0, 1); break;
      case Wish::Keys: shows_keys_ = !shows_keys_; break;
    }
    co_return true;
  }

  struct GiveBack {
    Gallery& gallery;
    void operator()() const { gallery.lease_.reset(); }
  };

  Invocation& call_;
  std::span<const base::String> paths_;
  GiveBack give_back_{*this};
  usize index_ = 0;
  image::Image image_;
  std::optional<Viewport> viewport_;
  std::optional<console::ScreenLease> lease_;  // nothing while it is stopped
  bool shows_keys_;
  bool is_stale_ = true;
  int status_ = status::success;
};

}  // namespace

exec::Task<fs::Result<int>> view(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  if (options->operands().empty()) {
    CO_TRY(co_await complain(call, "a file is missing; see view --help"));
    co_return status::usage;
  }
  if (call.services.tty == nullptr || !call.services.tty->has_screen()) {
    CO_TRY(co_await complain(call, "there is no screen to show it on"));
    co_return status::failure;
  }
  Gallery gallery(call, options->operands());
  co_return co_await gallery.run();
}

}  // namespace nacre::shell::builtin
