#include "lib/exec/task.hpp"

namespace nacre::exec {

void TaskBase::destroy() {
  PromiseBase* const outermost = std::exchange(promise_, nullptr);
  PromiseBase* one = outermost;
  while (one->awaited_ != nullptr) one = one->awaited_->promise_;
  while (one != outermost) {
    PromiseBase* const parent = one->parent_;
    std::exchange(parent->awaited_, nullptr)->promise_ = nullptr;
    one->self_.destroy();
    one = parent;
  }
  outermost->self_.destroy();
}

}  // namespace nacre::exec
