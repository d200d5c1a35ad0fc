#pragma once

#include <algorithm>

#include "kernel/fs/file_system.hpp"

namespace nacre::fs {

/// The bytes that a file system takes for what is in it; 0 where nobody knows.
inline u64 used_space(const FileSystem& file_system) {
  Space const space = file_system.space();
  return space.total_bytes - space.free_bytes;
}

/// How much file space one user of file systems has taken: by how many bytes what it did there made
/// them fuller, less what it gave back, for example by removing a file. Task context.
class SpaceMeter {
 public:
  u64 taken() const { return taken_; }

  /// One step of the user, from its construction to its destruction, in a file system or in all
  /// that are mounted (`Vfs`). What others do in between would count, too.
  template <class Place>
  class Step {
   public:
    /// Nothing is counted without a meter.
    Step(SpaceMeter* meter, const Place& place)
        : meter_(meter), place_(place), before_(meter == nullptr ? 0 : used_space(place)) {}
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;
    ~Step() {
      if (meter_ == nullptr) return;
      u64 const after = used_space(place_);
      if (after >= before_)
        meter_->taken_ += after - before_;
      else
        meter_->taken_ -= std::min(meter_->taken_, before_ - after);
    }

   private:
    SpaceMeter* meter_;
    const Place& place_;
    u64 before_;
  };

 private:
  u64 taken_ = 0;
};

}  // namespace nacre::fs
