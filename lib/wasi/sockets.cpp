#include "lib/wasi/calls.hpp"

/// Programs get sockets from their host alone, and this one has none: whatever is open is no
/// socket.
namespace nacre::wasi::calls {
namespace {

Result<void> no_socket(const Call& call, u32 descriptor) {
  TRY(call.descriptors().find(descriptor));
  return fail(Errno::NotASocket);
}

}  // namespace

Result<void> sock_accept(Call call, u32 descriptor, u32, u32) {
  return no_socket(call, descriptor);
}
Result<void> sock_recv(Call call, u32 descriptor, u32, u32, u32, u32, u32) {
  return no_socket(call, descriptor);
}
Result<void> sock_send(Call call, u32 descriptor, u32, u32, u32, u32) {
  return no_socket(call, descriptor);
}
Result<void> sock_shutdown(Call call, u32 descriptor, u32) { return no_socket(call, descriptor); }

}  // namespace nacre::wasi::calls
