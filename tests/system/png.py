"""Pictures as PNG files: as small as the standard library makes them. Read are only those that are written here."""

from __future__ import annotations

import struct
import zlib

from screen import Screen

SIGNATURE = b"\x89PNG\r\n\x1a\n"
TRUE_COLOR, PALETTE = 2, 3


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def encode(screen: Screen) -> bytes:
    """With a palette where there are few colours."""
    colors = sorted(screen.colors())
    if len(colors) <= 256:
        index = {color: number for number, color in enumerate(colors)}
        pixels = bytes(index[screen.pixels[at:at + 3]] for at in range(0, len(screen.pixels), 3))
        kind, size = PALETTE, 1
    else:
        kind, size, pixels = TRUE_COLOR, 3, screen.pixels
    stride = screen.width * size
    rows = b"".join(b"\0" + pixels[at:at + stride] for at in range(0, len(pixels), stride))
    palette = _chunk(b"PLTE", b"".join(colors)) if kind == PALETTE else b""
    header = struct.pack(">IIBBBBB", screen.width, screen.height, 8, kind, 0, 0, 0)
    return (SIGNATURE + _chunk(b"IHDR", header) + palette + _chunk(b"IDAT", zlib.compress(rows, 9))
            + _chunk(b"IEND", b""))


def decode(data: bytes) -> Screen:
    if not data.startswith(SIGNATURE):
        raise ValueError("no PNG picture")
    chunks: dict[bytes, bytes] = {}
    at = len(SIGNATURE)
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        chunks[kind] = chunks.get(kind, b"") + data[at + 8:at + 8 + size]
        at += size + 12
    width, height, depth, kind, *rest = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    if depth != 8 or kind not in (TRUE_COLOR, PALETTE) or any(rest):
        raise ValueError("a PNG picture of another kind than those that are made here")
    stride = width * (3 if kind == TRUE_COLOR else 1) + 1
    rows = zlib.decompress(chunks[b"IDAT"])
    if any(rows[at] for at in range(0, len(rows), stride)):
        raise ValueError("a PNG picture with filters, which those that are made here have not")
    pixels = b"".join(rows[at + 1:at + stride] for at in range(0, len(rows), stride))
    if kind == PALETTE:
        palette = chunks[b"PLTE"]
        colors = [palette[at:at + 3] for at in range(0, len(palette), 3)]
        pixels = b"".join(colors[pixel] for pixel in pixels)
    return Screen(width, height, pixels)
