#pragma once

#include "kernel/fs/stream.hpp"
#include "lib/base/intrusive_list.hpp"

namespace nacre::tools {

using base::u8;
using base::usize;

/// A descriptor of this Linux process as a stream; it stays open. Who waits for it waits in the
/// executor's way: `HostMachine` asks Linux when nothing else can be done.
class HostStream final : public fs::Stream, public base::ListNode<HostStream> {
 public:
  explicit HostStream(int descriptor) : descriptor_(descriptor) {}

  exec::Task<fs::Result<usize>> read(std::span<u8> buffer) override;
  exec::Task<fs::Result<usize>> write(std::span<const u8> bytes) override;
  fs::Readiness readiness(fs::Direction direction) const override;
  exec::WaitList* readiness_changed(fs::Direction direction) override;
  bool is_terminal() const override;

  int descriptor() const { return descriptor_; }
  exec::WaitList& waiting(fs::Direction direction) {
    return direction == fs::Direction::Read ? readable_ : writable_;
  }

 private:
  int descriptor_;
  exec::WaitList readable_;
  exec::WaitList writable_;
};

}  // namespace nacre::tools
