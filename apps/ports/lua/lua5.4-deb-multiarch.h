/* Debian's change to Lua's search path includes this; there are no binary modules here. */
#pragma once

#define DEB_HOST_MULTIARCH "wasm32-wasi"
