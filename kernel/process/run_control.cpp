#include "kernel/process/run_control.hpp"

#include <algorithm>

namespace nacre::process {

RunControl::RunControl(Group* group)
    : group_(group), stopped_(group != nullptr && group->stopped_) {
  if (group_ != nullptr) group_->members_.push_back(*this);
}

RunControl::~RunControl() {
  unlink();
  // Those that are left may all be stopped.
  if (group_ != nullptr) group_->tell_changed();
}

void RunControl::set_stopped(bool stopped) {
  if (std::exchange(stopped_, stopped) == stopped) return;
  if (!stopped) resumed_.wake_all();
  if (stopped && on_stop_) (*on_stop_)();
  if (group_ != nullptr) group_->tell_changed();
}

bool Group::is_stopped() {
  if (stopped_) return true;
  return !members_.empty() && std::ranges::all_of(members_, &RunControl::is_stopped);
}

void Group::stop() {
  stopped_ = true;
  for (RunControl& member : members_) member.stop();
  tell_changed();
}

void Group::resume() {
  stopped_ = false;
  for (RunControl& member : members_) member.resume();
  tell_changed();
}

}  // namespace nacre::process
