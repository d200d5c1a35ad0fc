"""Writes the kernel's symbol table for backtraces.

The table's form, little endian: the number of entries as 32 bits; then for each, sorted by address, its
offset from `kernel_text_begin` and the offset of its name, 32 bits each; then the names, each with a NUL.
`kernel/arch/x86_64/image.cpp` reads it.
"""

import argparse
import re
import struct
import subprocess
from pathlib import Path


def short_name(name: str) -> str:
    """The demangled name without parameters, return type and template arguments."""
    while True:
        shorter = re.sub(r"<[^<>]*>", "", name)
        if shorter == name:
            break
        name = shorter
    name = name.replace("(anonymous namespace)::", "").replace("std::__1::", "std::")
    return re.sub(r"\(.*", "", name).split(" ")[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nm", required=True, help="llvm-nm")
    parser.add_argument("image", type=Path)
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args()

    listing = subprocess.run(
        [arguments.nm, "--numeric-sort", "--demangle", "--defined-only", arguments.image],
        check=True, capture_output=True, text=True).stdout
    text_begin = 0
    functions: dict[int, str] = {}
    for line in listing.splitlines():
        address, kind, name = line.split(" ", 2)
        if name == "kernel_text_begin":
            text_begin = int(address, 16)
        elif kind in "tTwW":
            functions[int(address, 16)] = short_name(name)

    entries = bytearray()
    names = bytearray()
    placed: dict[str, int] = {}
    functions = {address: name for address, name in functions.items() if address >= text_begin and name}
    for address, name in functions.items():
        if name not in placed:
            placed[name] = len(names)
            names += name.encode() + b"\0"
        entries += struct.pack("<II", address - text_begin, placed[name])
    arguments.output.write_bytes(struct.pack("<I", len(functions)) + entries + names)


if __name__ == "__main__":
    main()
