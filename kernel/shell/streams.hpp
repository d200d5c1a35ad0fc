#pragma once

#include "kernel/console/tty.hpp"
#include "kernel/fs/stream.hpp"
#include "lib/base/string.hpp"

namespace nacre::shell {

/// The tty as a stream. What is written is text: line feeds return to the start of the row.
class TtyStream final : public fs::Stream {
 public:
  explicit TtyStream(console::Tty& tty) : tty_(tty) {}
  exec::Task<fs::Result<base::usize>> read(std::span<base::u8> buffer) override;
  exec::Task<fs::Result<base::usize>> write(std::span<const base::u8> bytes) override;
  fs::Readiness readiness(fs::Direction direction) const override;
  exec::WaitList* readiness_changed(fs::Direction direction) override;
  bool is_terminal() const override { return true; }

 private:
  console::Tty& tty_;
};

/// Nothing comes out of it, and all that goes in is gone.
class NullStream final : public fs::Stream {
 public:
  exec::Task<fs::Result<base::usize>> read(std::span<base::u8> buffer) override;
  exec::Task<fs::Result<base::usize>> write(std::span<const base::u8> bytes) override;
};

/// A descriptor that is not open.
class ClosedStream final : public fs::Stream {
 public:
  exec::Task<fs::Result<base::usize>> read(std::span<base::u8> buffer) override;
  exec::Task<fs::Result<base::usize>> write(std::span<const base::u8> bytes) override;
};

/// A text to read: what stands in a here-document.
class TextStream final : public fs::Stream {
 public:
  explicit TextStream(base::String text) : text_(std::move(text)) {}
  exec::Task<fs::Result<base::usize>> read(std::span<base::u8> buffer) override;
  exec::Task<fs::Result<base::usize>> write(std::span<const base::u8> bytes) override;
  std::optional<fs::Result<base::usize>> read_now(std::span<base::u8> buffer) override;

 private:
  base::String text_;
  base::usize at_ = 0;
};

/// Keeps what is written, without NULs, for who asked for it.
class CollectingStream final : public fs::Stream {
 public:
  exec::Task<fs::Result<base::usize>> read(std::span<base::u8> buffer) override;
  exec::Task<fs::Result<base::usize>> write(std::span<const base::u8> bytes) override;
  std::optional<fs::Result<base::usize>> write_now(std::span<const base::u8> bytes) override;
  base::String take() { return std::move(text_); }

 private:
  base::String text_;
};

}  // namespace nacre::shell
