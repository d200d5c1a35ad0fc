"""The modules that a WebAssembly file imports from; just enough reading to know what machine it wants.

[wasm/core: "Import Section"]
"""

from __future__ import annotations

MAGIC = b"\0asm\x01\0\0\0"
IMPORT_SECTION = 2


def imported_modules(binary: bytes) -> set[str]:
    """Empty for what is no well-formed module: telling what is wrong with it is left to the guest."""
    try:
        return _imported_modules(binary)
    except (IndexError, ValueError):
        return set()


def draws(binary: bytes) -> bool:
    """Whether a program wants a screen: the game interface is imported from `env`."""
    return "env" in imported_modules(binary)


def _imported_modules(binary: bytes) -> set[str]:
    if not binary.startswith(MAGIC):
        return set()
    at = len(MAGIC)
    while at < len(binary):
        section = binary[at]
        length, at = _unsigned(binary, at + 1)
        if section == IMPORT_SECTION:
            return _module_names(binary, at)
        at += length
    return set()


def _module_names(binary: bytes, at: int) -> set[str]:
    names = set()
    count, at = _unsigned(binary, at)
    for _ in range(count):
        name, at = _name(binary, at)
        names.add(name)
        _, at = _name(binary, at)
        at = _skip_description(binary, at)
    return names


def _skip_description(binary: bytes, at: int) -> int:
    kind = binary[at]
    if kind == 0:  # A function: its type's index.
        return _unsigned(binary, at + 1)[1]
    if kind == 1:  # A table: a reference type of one byte, then limits.
        return _skip_limits(binary, at + 2)
    if kind == 2:
        return _skip_limits(binary, at + 1)
    if kind == 3:  # A global: a value type of one byte, and whether it is mutable.
        return at + 3
    raise ValueError("an unknown kind of import")


def _skip_limits(binary: bytes, at: int) -> int:
    has_maximum = binary[at] & 1
    _, at = _unsigned(binary, at + 1)
    return _unsigned(binary, at)[1] if has_maximum else at


def _name(binary: bytes, at: int) -> tuple[str, int]:
    length, at = _unsigned(binary, at)
    return binary[at:at + length].decode(), at + length


def _unsigned(binary: bytes, at: int) -> tuple[int, int]:
    """LEB128."""
    value = shift = 0
    while True:
        byte = binary[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
