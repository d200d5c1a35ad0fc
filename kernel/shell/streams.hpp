#pragma once

#include "kernel/console/tty.hpp"
#include "kernel/fs/stream.hpp"

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

}  // namespace nacre::shell
