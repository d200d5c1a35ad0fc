"""Compressed files for the unit tests of lib/compress, as zlib writes them, each beside what it holds; and the check that
zlib reads what those wrote.

    deflate_files.py write FOLDER    makes NAME.KIND.deflate, NAME.zlib and NAME.gz, and NAME.bytes for all of them
    deflate_files.py check FOLDER    reads FOLDER/written, and compares
"""

from __future__ import annotations

import gzip
import random
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

READERS = {".deflate": lambda data: zlib.decompress(data, -15), ".zlib": zlib.decompress, ".gz": gzip.decompress}


def samples() -> Iterator[tuple[str, bytes]]:
    chance = random.Random(9)
    yield "empty", b""
    yield "one", b"x"
    yield "zeros", bytes(300_000)
    yield "noise", chance.randbytes(100_000)
    words = [bytes(chance.choices(b"etaoinshrdlu", k=chance.randint(1, 9))) for _ in range(500)]
    yield "text", b" ".join(chance.choice(words) for _ in range(30_000))
    yield "skewed", bytes(min(int(chance.expovariate(0.3)), 255) for _ in range(150_000))
    # Matches from as far back as may be, and one further.
    far = chance.randbytes(32_768)
    yield "far", far + far[:300] + b"!" + far[:300]
    # So uneven that the best code would have codes that are too long.
    numbers = [1, 1]
    while len(numbers) < 24:
        numbers.append(numbers[-1] + numbers[-2])
    uneven = [byte for byte, count in enumerate(numbers) for _ in range(count)]
    chance.shuffle(uneven)
    yield "uneven", bytes(uneven)


def deflated(data: bytes, level: int, strategy: int, form: int) -> bytes:
    compressor = zlib.compressobj(level, zlib.DEFLATED, form, 9, strategy)
    return compressor.compress(data) + compressor.flush()


def write(folder: Path) -> None:
    (folder / "written").mkdir(parents=True, exist_ok=True)
    for name, data in samples():
        (folder / f"{name}.bytes").write_bytes(data)
        for level, strategy in ((0, 0), (1, 0), (9, 0), (9, zlib.Z_FIXED), (9, zlib.Z_HUFFMAN_ONLY), (9, zlib.Z_RLE)):
            (folder / f"{name}.{level}{strategy}.deflate").write_bytes(deflated(data, level, strategy, -15))
        (folder / f"{name}.zlib").write_bytes(deflated(data, 6, 0, 15))
        half = len(data) // 2
        (folder / f"{name}.gz").write_bytes(gzip.compress(data[:half]) + gzip.compress(data[half:]))


def check(folder: Path) -> None:
    """What was written holds what it should, for zlib."""
    written = sorted((folder / "written").iterdir())
    for path in written:
        if READERS[path.suffix](path.read_bytes()) != (folder / f"{path.stem}.bytes").read_bytes():
            sys.exit(f"{path.name}: other bytes")
    if {path.suffix for path in written} != set(READERS):
        sys.exit("too little was written")


if __name__ == "__main__":
    {"write": write, "check": check}[sys.argv[1]](Path(sys.argv[2]))
