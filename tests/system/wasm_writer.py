"""Writes WebAssembly modules for tests: what a compiler would not write, as well. [wasm/core: "Binary Format"]"""

from __future__ import annotations

from collections.abc import Sequence

I32, I64, V128, FUNCREF = 0x7F, 0x7E, 0x7B, 0x70
_FUNCTION, _TABLE, _MEMORY = 0, 1, 2

HEADER = b"\0asm\1\0\0\0"
UNREACHABLE, DROP, RETURN, END = b"\x00", b"\x1a", b"\x0f", b"\x0b"
ADD, DIVIDE, EQUAL = b"\x6a", b"\x6e", b"\x46"
LOAD, STORE = b"\x28\0\0", b"\x36\0\0"
MEMORY_GROW, MEMORY_COPY, MEMORY_FILL = b"\x40\0", b"\xfc\x0a\0\0", b"\xfc\x0b\0"


def leb(value: int) -> bytes:
    """Unsigned LEB128."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def signed_leb(value: int) -> bytes:
    out = bytearray()
    while not -0x40 <= value < 0x40:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value & 0x7F)
    return bytes(out)


def sized(content: bytes) -> bytes:
    return leb(len(content)) + content


def name(text: str) -> bytes:
    return sized(text.encode())


def vector(items: Sequence[bytes]) -> bytes:
    return leb(len(items)) + b"".join(items)


def section(number: int, content: bytes) -> bytes:
    return bytes([number]) + sized(content)


def number(value: int) -> bytes:
    """`i32.const`."""
    return b"\x41" + signed_leb(value)


def call(function: int) -> bytes:
    return b"\x10" + leb(function)


def call_indirect(kind: int) -> bytes:
    return b"\x11" + leb(kind) + b"\0"


def return_call(function: int) -> bytes:
    return b"\x12" + leb(function)


def local_get(index: int) -> bytes:
    return b"\x20" + leb(index)


def throw(tag: int) -> bytes:
    return b"\x08" + leb(tag)


def block(body: bytes) -> bytes:
    return b"\x02\x40" + body + END


def loop(body: bytes) -> bytes:
    return b"\x03\x40" + body + END


def when(body: bytes) -> bytes:
    return b"\x04\x40" + body + END


def branch(depth: int) -> bytes:
    return b"\x0c" + leb(depth)


class Module:
    """Everything gets the next index of its kind; imports come first."""

    def __init__(self) -> None:
        self._types: list[bytes] = []
        self._imports: list[bytes] = []
        self._imported = 0
        self._functions: list[bytes] = []
        self._bodies: list[bytes] = []
        self._tables: list[bytes] = []
        self._memories: list[bytes] = []
        self._tags: list[bytes] = []
        self._exports: list[bytes] = []
        self._start: int | None = None
        self._elements: list[bytes] = []
        self._data: list[bytes] = []
        self._names: list[bytes] = []

    def type(self, parameters: Sequence[int] = (), results: Sequence[int] = ()) -> int:
        self._types.append(b"\x60" + sized(bytes(parameters)) + sized(bytes(results)))
        return len(self._types) - 1

    def import_function(self, module: str, item: str, parameters: Sequence[int] = (),
                        results: Sequence[int] = ()) -> int:
        self._imports.append(name(module) + name(item) + bytes([_FUNCTION])
                             + leb(self.type(parameters, results)))
        self._imported += 1
        return self._imported - 1

    def import_memory(self, module: str, item: str) -> None:
        self._imports.append(name(module) + name(item) + bytes([_MEMORY]) + b"\0\1")

    def function(self, body: bytes, parameters: Sequence[int] = (), results: Sequence[int] = (),
                 locals_of_i64: int = 0, export: str = "", called: str = "") -> int:
        """`called` is what the name section calls it."""
        index = self._imported + len(self._functions)
        self._functions.append(leb(self.type(parameters, results)))
        locals_ = vector([leb(locals_of_i64) + bytes([I64])] if locals_of_i64 else [])
        self._bodies.append(sized(locals_ + body + END))
        if export:
            self.export(export, index)
        if export or called:
            self._names.append(leb(index) + name(called or export))
        return index

    def entry(self, body: bytes, **more: int) -> int:
        return self.function(body, export="_start", locals_of_i64=more.get("locals_of_i64", 0))

    def export(self, item: str, index: int, kind: int = _FUNCTION) -> None:
        self._exports.append(name(item) + bytes([kind]) + leb(index))

    def memory(self, pages: int) -> None:
        self._memories.append(b"\0" + leb(pages))
        self.export("memory", 0, _MEMORY)

    def table(self, size: int, functions: Sequence[int] = ()) -> None:
        """Of functions, the first of them given."""
        self._tables.append(bytes([FUNCREF, 0]) + leb(size))
        if functions:
            self._elements.append(b"\0" + number(0) + END + vector([leb(index) for index in functions]))

    def tag(self) -> int:
        self._tags.append(b"\0" + leb(self.type()))
        return len(self._tags) - 1

    def data(self, address: int, content: bytes) -> None:
        self._data.append(b"\0" + number(address) + END + sized(content))

    def start(self, function: int) -> None:
        self._start = function

    def binary(self) -> bytes:
        out = HEADER
        for number_, items in ((1, self._types), (2, self._imports), (3, self._functions), (4, self._tables),
                               (5, self._memories), (13, self._tags), (7, self._exports)):
            if items:
                out += section(number_, vector(items))
        if self._start is not None:
            out += section(8, leb(self._start))
        for number_, items in ((9, self._elements), (10, self._bodies), (11, self._data)):
            if items:
                out += section(number_, vector(items))
        if self._names:
            # The subsection of functions' names. [wasm/core: "Name Section"]
            out += section(0, name("name") + b"\1" + sized(vector(sorted(self._names))))
        return out


def program(body: bytes, **more: int) -> bytes:
    """A module that is nothing but `_start`."""
    module = Module()
    module.entry(body, **more)
    return module.binary()
