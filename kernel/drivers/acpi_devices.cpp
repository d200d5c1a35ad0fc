#include <algorithm>

#include "kernel/drivers/acpi.hpp"
#include "kernel/drivers/acpi_bytes.hpp"
#include "lib/base/try.hpp"

namespace nacre::drivers {
namespace {

using base::u8;
using base::usize;
using namespace hw::acpi;
using Bytes = std::span<const u8>;

constexpr usize most_devices = 64;
/// How far behind a device's name its resources may end.
constexpr usize most_description = 256;

/// The first resource of its kind in the bytes. What follows a tag by chance is told from one by
/// the length that must stand behind it.
template <class Resource, class IsIt>
std::optional<Resource> find_resource(Bytes bytes, IsIt is_it) {
  for (usize at = 0; at < bytes.size(); ++at) {
    if (bytes[at] != Resource::expected_tag) continue;
    auto const resource = copy_at<Resource>(bytes, at);
    if (resource && is_it(*resource)) return resource;
  }
  return std::nullopt;
}

}  // namespace

std::expected<void, base::OutOfMemory> find_virtio_devices(
    Bytes table, base::Vector<AcpiVirtioDevice>& devices) {
  auto const name_from = [&](usize at) {
    auto const found = std::ranges::search(
        table.subspan(at), virtio_mmio_name,
        [](u8 byte, char character) { return byte == static_cast<u8>(character); });
    return static_cast<usize>(found.begin() - table.begin());
  };
  for (usize at = name_from(0); at < table.size() && devices.size() < most_devices;) {
    at += virtio_mmio_name.size();
    usize const next = name_from(at);
    Bytes const description = table.subspan(at, std::min(next - at, most_description));
    at = next;
    auto const memory = find_resource<MemoryResource>(description, [](const auto& resource) {
      return resource.length == MemoryResource::expected_length;
    });
    auto const interrupt = find_resource<InterruptResource>(description, [](const auto& resource) {
      return resource.length >= InterruptResource::least_length &&
             resource.length < most_description && resource.count != 0;
    });
    if (!memory || !interrupt) continue;
    TRY(devices.try_push_back(
        {.address = {memory->address},
         .size = memory->size,
         .input = interrupt->input,
         .signalling = {
             .active_low = (interrupt->flags & InterruptResource::active_low_flag) != 0,
             .level_triggered = (interrupt->flags & InterruptResource::edge_flag) == 0}}));
  }
  return {};
}

}  // namespace nacre::drivers
