"""A picture of the guest's screen, and the text on it, read by comparing cells with the glyphs of the font."""

from __future__ import annotations

import gzip
import struct
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

FONT_FOLDER = Path("/usr/share/consolefonts")
# What the console draws with.
FONTS = ("Uni2-Terminus16", "Uni2-TerminusBold16")
CELL_WIDTH, CELL_HEIGHT = 8, 16

Glyph = tuple[int, ...]  # A row of pixels each, the leftmost in the highest bit.


def read_psf1(data: bytes) -> dict[Glyph, str]:
    """The characters of a PSF 1 font with 8x16 glyphs; of those that look alike, the first of Unicode."""
    magic, mode, height = struct.unpack_from("<HBB", data)
    if magic != 0x0436 or height != CELL_HEIGHT or not mode & 2:
        raise ValueError("no PSF 1 font of 16 rows with a Unicode table")
    count = 512 if mode & 1 else 256
    at = 4 + count * height
    glyphs: dict[Glyph, str] = {}
    for index in range(count):
        glyph = tuple(data[4 + index * height:4 + (index + 1) * height])
        while (code := struct.unpack_from("<H", data, at)[0]) != 0xFFFF:
            at += 2
            if code != 0xFFFE and not 0xD800 <= code < 0xE000:
                glyphs[glyph] = min(chr(code), glyphs.get(glyph, "\U0010ffff"))
        at += 2
    return glyphs


@cache
def console_glyphs() -> dict[Glyph, str]:
    glyphs: dict[Glyph, str] = {}
    for name in reversed(FONTS):
        glyphs |= read_psf1(gzip.decompress((FONT_FOLDER / f"{name}.psf.gz").read_bytes()))
    return glyphs


@dataclass(frozen=True)
class Screen:
    """Pixels as QEMU gives them: three bytes each, red first."""

    width: int
    height: int
    pixels: bytes

    @classmethod
    def from_ppm(cls, data: bytes) -> Screen:
        kind, width, height, depth, *_ = data[:64].split(maxsplit=4)
        if kind != b"P6" or depth != b"255":
            raise ValueError("no PPM picture")
        count = int(width) * int(height) * 3
        return cls(int(width), int(height), data[len(data) - count:])

    def pixel(self, x: int, y: int) -> tuple[int, int, int]:
        at = (y * self.width + x) * 3
        red, green, blue = self.pixels[at:at + 3]
        return red, green, blue

    def colors(self) -> set[bytes]:
        return {self.pixels[at:at + 3] for at in range(0, len(self.pixels), 3)}

    @cached_property
    def lines(self) -> list[str]:
        """The text, line by line; where there is none, spaces, and � for what is no glyph."""
        columns, rows = self.width // CELL_WIDTH, self.height // CELL_HEIGHT
        # The console stands in the middle of a screen that its cells do not fill.
        left, top = (self.width - columns * CELL_WIDTH) // 2, (self.height - rows * CELL_HEIGHT) // 2
        size = CELL_HEIGHT * self.width * 3
        starts = (top * self.width * 3 + row * size for row in range(rows))
        return [_row_text(self.pixels[start:start + size], self.width, left, columns) for start in starts]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


# Most rows are what they were when the screen was looked at before.
@lru_cache(maxsize=1000)
def _row_text(pixels: bytes, width: int, left: int, columns: int) -> str:
    """The text of a row of cells, of which the first begins at the pixel `left`."""
    return "".join(_character(pixels, width, left + column * CELL_WIDTH) for column in range(columns)).rstrip()


def _character(pixels: bytes, width: int, x: int) -> str:
    rows = [pixels[at:at + CELL_WIDTH * 3] for at in range(x * 3, len(pixels), width * 3)]
    background = rows[0][:3]
    if all(row == background * CELL_WIDTH for row in rows):
        return " "
    glyph = tuple(_bits(row, background) for row in rows)
    inverse = tuple(bits ^ 0xFF for bits in glyph)
    glyphs = console_glyphs()
    return glyphs.get(glyph) or glyphs.get(inverse) or "\N{REPLACEMENT CHARACTER}"


def _bits(row: bytes, background: bytes) -> int:
    bits = 0
    for at in range(0, len(row), 3):
        bits = bits << 1 | (row[at:at + 3] != background)
    return bits
