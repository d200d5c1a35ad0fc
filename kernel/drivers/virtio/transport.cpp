#include "kernel/drivers/virtio/transport.hpp"

#include "kernel/hw/cpu.hpp"

namespace nacre::drivers {
namespace {

using hw::virtio::Status;

/// A reset is done at once by what has no hardware, and takes milliseconds at most.
constexpr int reset_patience = 100'000;

}  // namespace

std::string_view describe(VirtioProblem problem) {
  switch (problem) {
    case VirtioProblem::NoVersion1: return "speaks only what was before version 1";
    case VirtioProblem::FeaturesRefused: return "does not work with the features of this driver";
    case VirtioProblem::NotResetting: return "cannot be reset";
    case VirtioProblem::NoQueue: return "has not the queues of its kind";
    case VirtioProblem::NoPort: return "has no port to the host";
    case VirtioProblem::OutOfMemory: return "no memory for its queues";
  }
  return "";
}

std::expected<void, VirtioError> reset_virtio(VirtioTransport& transport, base::u32 features) {
  transport.set_status(Status{});
  for (int i = 0; transport.status().bits != 0; ++i) {
    if (i == reset_patience) return std::unexpected(VirtioProblem::NotResetting);
    hw::spin_hint();
  }
  auto status = Status{}.with<Status::Acknowledge>(true);
  transport.set_status(status);
  status = status.with<Status::Driver>(true);
  transport.set_status(status);

  using namespace hw::virtio;
  if ((transport.device_features(version_1_word) & version_1_bit) == 0) {
    fail_virtio(transport);
    return std::unexpected(VirtioProblem::NoVersion1);
  }
  if ((transport.device_features(0) & features) != features) {
    fail_virtio(transport);
    return std::unexpected(VirtioProblem::FeaturesRefused);
  }
  transport.set_driver_features(0, features);
  transport.set_driver_features(version_1_word, version_1_bit);
  transport.set_status(status.with<Status::FeaturesOk>(true));
  if (!transport.status().get<Status::FeaturesOk>()) {
    fail_virtio(transport);
    return std::unexpected(VirtioProblem::FeaturesRefused);
  }
  return {};
}

void start_virtio(VirtioTransport& transport) {
  transport.set_status(transport.status().with<Status::DriverOk>(true));
}

void fail_virtio(VirtioTransport& transport) {
  transport.set_status(transport.status().with<Status::Failed>(true));
}

}  // namespace nacre::drivers
