#pragma once

#include "kernel/fs/mirror_peer.hpp"
#include "kernel/process/host_channel.hpp"

namespace nacre::process {

/// A folder of the host, as the peer of a file system that mirrors it.
class HostFolder final : public fs::MirrorPeer {
 public:
  /// The channel outlives this. `number` is which of the job's mirrors it is.
  HostFolder(HostChannel& channel, u8 number) : channel_(channel), number_(number) {}

  [[clang::coro_wrapper]] exec::Task<fs::Result<void>> room() override {
    return channel_.room_for_change();
  }
  void put(const fs::MirrorChange& change) override;
  [[clang::coro_wrapper]] exec::Task<fs::Result<void>> sync(bool durable) override {
    return channel_.sync(durable);
  }

 private:
  HostChannel& channel_;
  u8 number_;
};

}  // namespace nacre::process
