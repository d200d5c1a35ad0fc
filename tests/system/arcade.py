"""The games of apps/: what they share on the screen, for their tests.

They draw on a canvas of 320 by 240 pixels, which stands enlarged in the middle of the screen, and text over it.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from harness import Machine
from screen import FONT_FOLDER, FONTS, Glyph, Screen, read_psf1

Color = tuple[int, int, int]
WIDTH, HEIGHT = 320, 240
# apps/common/colour.hpp
TEXT: Color = (0xDC, 0xE1, 0xE6)
FAINT: Color = (0x84, 0x94, 0xA8)
GOLD: Color = (0xF4, 0xC9, 0x5D)
RED: Color = (0xEB, 0x50, 0x50)
GREEN: Color = (0x5A, 0xC8, 0x78)
CYAN: Color = (0x4E, 0xCB, 0xD6)


def scale_of(screen: Screen) -> int:
    return min(screen.width // WIDTH, screen.height // HEIGHT)


def pixel(screen: Screen, x: int, y: int) -> Color:
    """A pixel of the canvas."""
    scale = scale_of(screen)
    return screen.pixel((screen.width - WIDTH * scale) // 2 + x * scale + scale // 2,
                        (screen.height - HEIGHT * scale) // 2 + y * scale + scale // 2)


def mask_of(screen: Screen, color: Color) -> bytes:
    """A byte for each pixel: 1 where it has that colour."""
    channels = (screen.pixels[channel::3].translate(bytes(value == wanted for value in range(256)))
                for channel, wanted in enumerate(color))
    together = -1
    for channel in channels:
        together &= int.from_bytes(channel, "big")
    return together.to_bytes(screen.width * screen.height, "big")


def canvas_rows(screen: Screen, color: Color) -> list[bytes]:
    """A byte for each pixel of the canvas, row by row: 1 where it has that colour."""
    mask, scale = mask_of(screen, color), scale_of(screen)
    left = (screen.width - WIDTH * scale) // 2 + scale // 2
    top = (screen.height - HEIGHT * scale) // 2 + scale // 2
    starts = ((top + y * scale) * screen.width + left for y in range(HEIGHT))
    return [mask[start:start + WIDTH * scale:scale][:WIDTH] for start in starts]


def places_of(screen: Screen, color: Color) -> Iterator[tuple[int, int]]:
    """Where on the canvas pixels of that colour are."""
    for y, row in enumerate(canvas_rows(screen, color)):
        x = -1
        while (x := row.find(1, x + 1)) >= 0:
            yield x, y


@cache
def glyphs() -> dict[str, Glyph]:
    font = gzip.decompress((FONT_FOLDER / f"{FONTS[0]}.psf.gz").read_bytes())
    return {character: glyph for glyph, character in read_psf1(font).items()}


def shows(screen: Screen, text: str, color: Color) -> bool:
    """Whether the text stands somewhere, at any scale."""
    mask = mask_of(screen, color)
    for scale in range(1, 7):
        rows = [b"".join(bytes([row >> bit & 1]) * scale for character in text
                         for row in (glyphs()[character][line],) for bit in range(7, -1, -1))
                for line in range(16)]
        first = next(line for line, row in enumerate(rows) if any(row))
        at = -1
        while (at := mask.find(rows[first], at + 1)) >= 0:
            if all(mask[start:start + len(row)] == row for line, row in enumerate(rows)
                   for start in (at + (line - first) * scale * screen.width,)):
                return True
    return False


@contextmanager
def playing(name: str, title: str) -> Iterator[Machine]:
    """A machine in which that game has been started from the shell and has left its title; afterwards Esc must give
    the shell back, with what stood there before."""
    with Machine() as machine:
        machine.until_text(r"\$$")
        machine.type("echo before\n")
        machine.until_text("^before$")
        machine.type(f"{name}\n")
        machine.until_screen(lambda screen: shows(screen, title, GOLD) and shows(screen, "Enter starts", GOLD))
        machine.press("ret")
        machine.until_screen(lambda screen: not shows(screen, title, GOLD))
        yield machine
        machine.press("esc")
        machine.until_text("^before$")
        machine.type("echo after\n")
        machine.until_text("^after$")


def pauses_and_goes_on(machine: Machine) -> None:
    machine.press("p")
    machine.until_screen(lambda screen: shows(screen, "Pause", GOLD))
    machine.press("p")
    machine.until_screen(lambda screen: not shows(screen, "Pause", GOLD))
