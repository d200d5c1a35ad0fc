#pragma once

#include <span>

#include "lib/wasm/binary/error.hpp"

namespace nacre::test {

/// Does with the bytes whatever a user could: loads them, lists their code, gives them what they
/// want to import, and runs everything that they export, alone and two at a time, with small
/// limits. Nothing of it may crash, hang or take memory without bound; both paces of validation
/// have to agree, and what is valid can be translated. Returns why the module was refused, if it
/// was.
wasm::Loaded<void> survive(std::span<const base::u8> bytes);

}  // namespace nacre::test
